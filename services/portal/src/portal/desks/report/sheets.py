"""The report as an Excel file: a sheet of the whole, one for each cut, and the rows behind the figures."""

from collections.abc import Iterable
from decimal import Decimal

from portal.desks.report.figures import BEHIND, FigureView, Part
from portal.desks.report.rows import Rows
from portal.web.sheets import Cell, Sheet
from portal.web.text import Text


def sheets_of(
    whole: Iterable[FigureView], parts: Iterable[Part], rows: Iterable[Sheet], text: Text
) -> list[Sheet]:
    """All of them, in the order of the page."""
    figures = [text(f"report.unit.{code}") for code in BEHIND]
    return [
        Sheet(text("report.title"), figures, [[_cell(one) for one in whole]]),
        *(
            Sheet(
                part.title,
                [text("report.place"), *figures],
                [[row.name, *map(_cell, row.figures)] for row in part.rows],
            )
            for part in parts
        ),
        *rows,
    ]


def sheet_of(rows: Rows, title: str) -> Sheet:
    """The rows behind a figure."""
    return Sheet(title, [column.title for column in rows.columns], [list(row.values) for row in rows.rows])


def _cell(one: FigureView) -> Cell:
    return float(one.value) if isinstance(one.value, Decimal) else one.value
