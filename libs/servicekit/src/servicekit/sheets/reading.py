"""From a file to cells: Excel (.xlsx, .xls) and CSV tables, as people really send them.

Nothing of the file is stored. What cannot be a plain table of at most 10,000 rows is refused as a whole.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from contracts.refusals import Invalid
from servicekit.sheets import package

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 100
TITLE_ROWS = 20
"""Rows that may stand above the heading: merged titles, dates, notes."""
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VBA = "_VBA_PROJECT".encode("utf-16-le")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Cell = object
"""Text, a number, a date, a truth value, or nothing, as the file has it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows, and the number of its first one as Excel counts."""

    name: str
    rows: Sequence[Sequence[Cell]]
    first: int = 1


def read_sheets(name: str, content: bytes) -> Iterator[Sheet]:
    """The file's visible sheets; `Invalid` when it is no such file (empty, broken, too large, macros)."""
    if not content:
        raise Invalid("roster.file_empty", field="file")
    if len(content) > MOST_BYTES:
        raise Invalid("roster.file_too_large", field="file", most=MOST_BYTES // 1024 // 1024)
    ending = name.rpartition(".")[2].lower()
    if ending in {"xlsm", "xltm", "xlsb", "xlam"}:
        raise Invalid("roster.file_macros", field="file")
    if content.startswith(ZIP):
        yield from _workbook(package.checked(content))
    elif content.startswith(OLE):
        if ENCRYPTED in content:
            raise Invalid("roster.file_locked", field="file")
        if VBA in content:
            raise Invalid("roster.file_macros", field="file")
        yield from _workbook(content)
    elif ending in {"csv", "txt"}:
        yield _csv(content)
    elif ending in {"xlsx", "xls"}:
        raise Invalid("roster.file_broken", field="file")
    else:
        raise Invalid("roster.file_kind", field="file")


def _workbook(content: bytes) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for described in book.sheets_metadata:
            if str(described.visible).rpartition(".")[2] != "Visible":
                continue
            sheet = book.get_sheet_by_name(described.name)
            if sheet.total_height > MOST_ROWS + TITLE_ROWS:
                raise Invalid("roster.too_many_rows", field="file", most=MOST_ROWS)
            rows = sheet.to_python(skip_empty_area=True)
            yield Sheet(described.name, [row[:MOST_COLUMNS] for row in rows], 1 + (sheet.start or (0, 0))[0])
    except PasswordError:
        raise Invalid("roster.file_locked", field="file") from None
    except (CalamineError, ZipError, OSError, ValueError, EOFError):
        raise Invalid("roster.file_broken", field="file") from None


def _csv(content: bytes) -> Sheet:
    text = _decoded(content)
    if "\0" in text:
        raise Invalid("roster.file_broken", field="file")
    first = text.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = list(islice(reader, MOST_ROWS + TITLE_ROWS + 1))
    except csv.Error:
        raise Invalid("roster.file_broken", field="file") from None
    if len(rows) > MOST_ROWS + TITLE_ROWS:
        raise Invalid("roster.too_many_rows", field="file", most=MOST_ROWS)
    return Sheet("csv", [row[:MOST_COLUMNS] for row in rows])


def _decoded(content: bytes) -> str:
    """UTF-8, or what Excel in China writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("roster.file_broken", field="file")
