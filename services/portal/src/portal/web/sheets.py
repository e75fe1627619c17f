"""Lists as Excel files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from starlette.responses import Response

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | date | None
TITLE, WIDEST, NARROWEST, WIDTH = 31, 60, 8, 1.6
"""Characters: the most in a sheet's name, a column's most and least width; what a Chinese character takes of it."""
NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


@dataclass(frozen=True)
class Sheet:
    """A table with a head."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    typed_as_text: bool = False
    """What somebody types into it stays as typed: an ID number keeps its digits."""


def excel(sheets: Iterable[Sheet], name: str) -> Response:
    """The file, to be kept under this name; words that look like a formula stay words."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold, day, text = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            book.add_format({"num_format": "@"}),
        )
        for sheet in sheets:
            page = book.add_worksheet(sheet.title.translate(NOT_IN_A_NAME)[:TITLE])
            _write(page, sheet, bold, day, text if sheet.typed_as_text else None)
    called = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    headers = {"content-disposition": called, "cache-control": "no-store"}
    return Response(out.getvalue(), media_type=MEDIA, headers=headers)


def _write(page: Any, sheet: Sheet, bold: Any, day: Any, text: Any) -> None:
    for column, words in enumerate(sheet.head):
        page.write_string(0, column, words, bold)
    for at, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(at, column, value, text)
            elif isinstance(value, date):
                page.write_datetime(at, column, value, day)
            elif value is not None:
                page.write_number(at, column, value)
    for column, words in enumerate(sheet.head):
        longest = max(len(words), *(len(str(row[column] or "")) for row in sheet.rows), 0)
        page.set_column(column, column, min(max(longest * WIDTH, NARROWEST), WIDEST), text)
    page.freeze_panes(1, 0)
