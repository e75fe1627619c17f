"""A roster as it was found in a file: which column holds what, with samples, and the cells of every row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.refusals import Invalid
from order_intake.rosters import rules
from order_intake.rosters.hidden import hidden_rows
from order_intake.rosters.rules import HEADINGS, Named
from servicekit.sheets.reading import MOST_COLUMNS, TITLE_ROWS, Sheet, read_sheets

SAMPLES = 3
LOOKED_AT = 50
"""Rows that are looked at to guess what a column without a known heading holds."""
MOST_OF = 0.6
"""Of a column's cells that must look like it."""
ID_LIKE = re.compile(r"\s*'?\d{14,17}[\dXx]\s*|\d(\.\d+)?[eE]\+?\d+")
NAME_LIKE = re.compile(r"\s*[\u3400-\u9fff](\s*[\u3400-\u9fff·]){1,9}\s*")
CREW_LIKE = re.compile(r"[A-Fa-f甲乙丙丁戊己](班组|班|组)?|[1-6一二三四五六](班组|班|组)")
LIKE: Mapping[str, Callable[[str], object]] = {
    "id_number": ID_LIKE.fullmatch,
    "name": NAME_LIKE.fullmatch,
    "crew": CREW_LIKE.fullmatch,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, counted from 0: its heading, some of its cells, and the field that it holds."""

    at: int
    heading: str
    samples: tuple[str, ...]
    field: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The sheet that is the roster. `heading` is the heading's row as Excel counts; none where there is no heading."""

    sheet: str
    heading: int | None
    columns: tuple[Column, ...]
    rows: tuple[Named, ...]
    hidden: frozenset[int]
    """Rows that are not seen in Excel: they are read like the others."""


def find_roster(name: str, content: bytes, chosen: Mapping[str, int] | None = None) -> Found:
    """The first sheet with people, its columns as `chosen` or guessed; `Invalid` when the file is no roster."""
    sheets = list(read_sheets(name, content))
    for sheet in sheets:
        headed = rules.find_heading(sheet.rows, TITLE_ROWS)
        columns = chosen or (headed[1] if headed else _guessed(sheet.rows))
        if not columns.keys() >= {"name", "id_number"}:
            continue
        at = headed[0] if headed else _before_people(sheet.rows, columns["id_number"])
        rows = tuple(rules.named(sheet.rows[at + 1 :], sheet.first + at + 1, columns))
        return Found(
            sheet.name,
            sheet.first + at if at >= 0 else None,
            _columns(sheet, at, columns),
            tuple((number, {name: plain(cell) for name, cell in cells.items()}) for number, cells in rows),
            hidden_rows(content, sheet.name),
        )
    raise Invalid("roster.no_heading", field="file", within=TITLE_ROWS)


def plain(cell: object) -> str | int | float | None:
    """A cell as text or number: a day as it is written, a truth value as its word."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell)
    return cell if isinstance(cell, str | int | float) or cell is None else str(cell)


def chosen_columns(told: str | None) -> Mapping[str, int] | None:
    """`name:0,id_number:3` as columns by field; `roster.columns_wrong`."""
    if not told:
        return None
    pairs = [each.partition(":")[::2] for each in told.split(",")]
    columns = {
        field: int(at)
        for field, at in pairs
        if field in HEADINGS and at.isdecimal() and int(at) < MOST_COLUMNS
    }
    if len(columns) < len(pairs) or not columns.keys() >= {"name", "id_number"}:
        raise Invalid("roster.columns_wrong", field="columns")
    return columns


def _guessed(rows: Sequence[Sequence[object]]) -> dict[str, int]:
    """The columns by what stands in them; each field takes the first column that looks like it."""
    columns: dict[str, int] = {}
    width = max((len(row) for row in rows[:LOOKED_AT]), default=0)
    for at in range(width):
        cells = _told([row[at] for row in rows[:LOOKED_AT] if at < len(row)])
        for field, like in LIKE.items():
            if field not in columns and cells and sum(bool(like(c)) for c in cells) >= MOST_OF * len(cells):
                columns[field] = at
                break
    return columns


def _before_people(rows: Sequence[Sequence[object]], column: int) -> int:
    """The row above the first that has something like an ID number; -1 where that is the first."""
    for at, row in enumerate(rows[: TITLE_ROWS + 1]):
        if column < len(row) and ID_LIKE.fullmatch(_text(row[column])):
            return at - 1
    return -1


def _columns(sheet: Sheet, at: int, columns: Mapping[str, int]) -> tuple[Column, ...]:
    fields = {column: field for field, column in columns.items()}
    heading = sheet.rows[at] if at >= 0 else ()
    below = sheet.rows[at + 1 : at + 1 + LOOKED_AT]
    width = max(len(heading), max((len(row) for row in below), default=0))
    found = []
    for column in range(width):
        cells = _told([row[column] for row in below if column < len(row)])
        head = _text(heading[column]) if column < len(heading) else ""
        if head or cells:
            found.append(Column(column, head, tuple(cells[:SAMPLES]), fields.get(column)))
    return tuple(found)


def _told(cells: Sequence[object]) -> list[str]:
    return [text for cell in cells if (text := _text(cell))]


def _text(cell: object) -> str:
    cell = plain(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
