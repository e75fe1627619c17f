"""An .xlsx as a package of XML files: looked through before anybody builds a table from it.

A few hundred bytes of XML can name two cells a million rows apart, and whoever lays out the rectangle between
them is out of memory. What is read afterwards is exactly what was looked through here: a package of its own.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from contracts.refusals import Invalid

MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes a package may unpack to: 10 MB of zip can hold gigabytes."""
MOST_CELLS = 3_000_000
"""Cells of a sheet, empty ones between others too: 10,000 rows of 300 columns."""
WORKBOOK = "xl/workbook.xml"
OTHER_KINDS = frozenset({"xl/workbook.bin", "content.xml"})
"""What makes a package a binary or an OpenDocument workbook; these are not read."""
ENCRYPTED = 0x1


def checked(content: bytes) -> bytes:
    """The package with its XML files only; `Invalid` when it is broken, locked, too large, or has macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = {entry.filename: entry for entry in package.infolist()}
            _check_entries(entries)
            plain = io.BytesIO()
            with zipfile.ZipFile(plain, "w") as copy:
                for name, entry in entries.items():
                    if name.lower().endswith((".xml", ".rels")):
                        text = package.read(entry)
                        if "worksheets" in name.lower() and name.lower().endswith(".xml"):
                            _Extent().check(text)
                        copy.writestr(name, text)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, ValueError, EOFError, NotImplementedError):
        raise Invalid("roster.file_broken", field="file") from None
    return plain.getvalue()


def _check_entries(entries: Mapping[str, zipfile.ZipInfo]) -> None:
    names = {name.lower().replace("\\", "/") for name in entries}
    if any(entry.flag_bits & ENCRYPTED for entry in entries.values()):
        raise Invalid("roster.file_locked", field="file")
    if any(name.endswith(("vbaproject.bin", "xlmacrosheet.bin")) or "macrosheets/" in name for name in names):
        raise Invalid("roster.file_macros", field="file")
    if WORKBOOK not in names or names & OTHER_KINDS:
        raise Invalid("roster.file_broken", field="file")
    if sum(entry.file_size for entry in entries.values()) > MOST_UNPACKED:
        raise Invalid("roster.file_too_large", field="file", most=MOST_UNPACKED // 1024 // 1024)


class _Extent:
    """The rectangle around all cells of a sheet that hold something."""

    def __init__(self) -> None:
        self._row = self._column = 0
        self._rows: tuple[int, int] | None = None
        self._columns = (0, 0)

    def check(self, text: bytes) -> None:
        """`Invalid` when the rectangle is too large; `ExpatError` and `ValueError` when this is no sheet."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.EntityDeclHandler = _refuse_entities
        parser.Parse(text, True)  # noqa: FBT003  expat takes no keywords

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif name == "c":
            place = attributes.get("r")
            if place is None:
                self._column += 1
            else:
                letters = place.rstrip("0123456789")
                self._row, self._column = int(place[len(letters) :]), _number(letters)
        elif name in {"v", "is", "f"}:
            self._holds()

    def _holds(self) -> None:
        row, column = self._row, self._column
        first, last = self._rows or (row, row)
        left, right = self._columns if self._rows else (column, column)
        self._rows = (min(first, row), max(last, row))
        self._columns = (min(left, column), max(right, column))
        cells = (self._rows[1] - self._rows[0] + 1) * (self._columns[1] - self._columns[0] + 1)
        if cells > MOST_CELLS:
            raise Invalid("roster.too_many_cells", field="file", most=MOST_CELLS)


def _number(letters: str) -> int:
    """A column's number: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number


def _refuse_entities(*_: object) -> None:
    """Excel declares none; whoever does wants them to grow, or to name a file of the server."""
    raise Invalid("roster.file_broken", field="file")
