"""A list as an Excel file: texts stay texts, so that no ID number loses its digits and no name becomes a formula."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from urllib.parse import quote

import xlsxwriter
from starlette.responses import Response

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22
"""Characters of a column: an ID number fits."""


def file(name: str, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Response:
    """The file, saved under this name and kept by nobody on the way."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, bold, text = (
            book.add_worksheet(),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "@"}),
        )
        sheet.set_column(0, len(head) - 1, WIDTH, text)
        for at, word in enumerate(head):
            sheet.write_string(0, at, word, bold)
        for line, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, at, cell)
                elif cell:
                    sheet.write_string(line, at, cell, text)
        sheet.freeze_panes(1, 0)
    told = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return Response(
        content.getvalue(),
        media_type=KIND,
        headers={"content-disposition": told, "cache-control": "no-store"},
    )
