"""Rows of a roster: each is taken, mended and taken, refused with its reasons, or double.

What a person would mend at sight is mended, and said: full-width digits, a lower-case x, spaces, characters
of no width. A digit is never guessed: an ID number that Excel kept as a number has lost its last digits.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from contracts.masking import masked_name
from contracts.refusals import Invalid
from contracts.values import Reason, WorkerId, because
from order_intake.rosters import id_number
from order_intake.rosters.cells import Cells

MOST_ROWS = 10_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS: Mapping[str, frozenset[str]] = {
    "name": _words("姓名 名字 员工姓名 学员姓名 name fullname"),
    "id_number": _words(
        "身份证号 身份证号码 身份证 公民身份号码 居民身份证号码 居民身份证号 证件号码 证件号 "
        "idnumber id idno residentid"
    ),
    "crew": _words("班组 班次 班别 轮班 crew shift team"),
    "years": _words("从业年限 工龄 工作年限 本工种年限 yearsintrade years yearsinthetrade"),
    "level": _words("现有等级 等级 技能等级 现有技能等级 holdslevel level levelheld"),
}
"""Headings by field, without spaces, signs and brackets, in lower case."""


class RowState(StrEnum):
    """What becomes of a row."""

    TAKEN = "taken"
    MENDED = "mended"
    REFUSED = "refused"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class Person:
    """A worker as a roster names them."""

    worker_id: WorkerId
    crew: str
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    birth_date: date = field(repr=False)
    years_in_trade: int | None = None
    holds_level: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file and what becomes of it. `masked` shows no more than the last four characters."""

    row: int
    state: RowState
    reasons: tuple[Reason, ...] = ()
    masked: str | None = None
    masked_name: str | None = None
    person: Person | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What rows are read against."""

    crews: Collection[str]
    levels: Mapping[str, str]
    """Level codes by every name they go by, in lower case."""
    index_key: bytes = field(repr=False)
    today: date


def find_heading(rows: Sequence[Sequence[object]], within: int) -> tuple[int, dict[str, int]] | None:
    """Where the heading stands, below any titles, and the column of each field."""
    for at, row in enumerate(rows[:within]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            heading = re.sub(r"\(.*?\)|[\W_]", "", unicodedata.normalize("NFKC", str(cell)).lower())
            for name, words in HEADINGS.items():
                if heading in words:
                    columns.setdefault(name, column)
        if "name" in columns and "id_number" in columns:
            return at, columns
    return None


Named = tuple[int, Mapping[str, object]]
"""A row's number as Excel counts, and its cells by field; a field whose cell is not there is left out."""


def read_rows(
    rows: Sequence[Sequence[object]], first: int, columns: Mapping[str, int], reading: Reading
) -> list[Row]:
    """Every row that holds something, judged by itself and against the rows above it."""
    return judge(named(rows, first, columns), reading)


def named(rows: Sequence[Sequence[object]], first: int, columns: Mapping[str, int]) -> list[Named]:
    """The rows that hold something, their cells by what stands in their column."""
    return [
        (number, _by_name(cells, columns))
        for number, cells in enumerate(rows, start=first)
        if any(str(cell).strip() for cell in cells if cell is not None)
    ]


def judge(rows: Sequence[Named], reading: Reading) -> list[Row]:
    """What becomes of each row, by itself and against the rows above it."""
    if not rows:
        raise Invalid("roster.no_rows", field="file")
    if len(rows) > MOST_ROWS:
        raise Invalid("roster.too_many_rows", field="file", most=MOST_ROWS)
    seen: dict[WorkerId, int] = {}
    read: list[Row] = []
    for number, cells in rows:
        row = _read_row(number, cells, reading)
        if row.person is not None:
            above = seen.setdefault(row.person.worker_id, number)
            if above != number:
                row = double(row, because("roster.double_in_file", row=above))
        read.append(row)
    return read


def double(row: Row, reason: Reason) -> Row:
    """The same person once more: not taken."""
    return replace(row, state=RowState.DOUBLE, reasons=(*row.reasons, reason), person=None)


def _by_name(cells: Sequence[object], columns: Mapping[str, int]) -> Mapping[str, object]:
    """The cells that have a heading; a short row simply lacks the rest."""
    return {name: cells[column] for name, column in columns.items() if column < len(cells)}


def _read_row(number: int, named: Mapping[str, object], reading: Reading) -> Row:
    """One row; every cell is looked at, so that all reasons are told at once."""
    cells = Cells()
    name = cells.name(named.get("name"))
    id_ = cells.id_number(named.get("id_number"), reading.today)
    crew = cells.crew(named.get("crew"), reading.crews)
    years = cells.years(named.get("years"))
    level = cells.level(named.get("level"), reading.levels)
    born = id_number.birth_date(id_)
    shown = id_number.masked(id_) if id_ else None
    shown_name = masked_name(name) if name else None
    if cells.wrong or born is None:  # what was mended beside is no reason: it is told once the row is good
        return Row(number, RowState.REFUSED, (*cells.wrong, *cells.told), shown, shown_name)
    worker = id_number.worker_id(id_, reading.index_key)
    person = Person(worker, crew, name, id_, born, years, level)
    state = RowState.MENDED if cells.mends else RowState.TAKEN
    return Row(number, state, (*cells.mends, *cells.told), shown, shown_name, person)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same thing ordered for some of the same people, in another open order."""

    workers: Collection[WorkerId]
    number: str | None
    """The order's number; `None` when the one who asks may not see that order."""


def against_others(rows: Sequence[Row], others: Sequence[Elsewhere]) -> list[Row]:
    """Whoever is to learn the same in another open order already is double."""
    return [_against(row, others) for row in rows]


def _against(row: Row, others: Sequence[Elsewhere]) -> Row:
    if row.person is None:
        return row
    for other in others:
        if row.person.worker_id in other.workers:
            if other.number is None:
                return double(row, because("roster.double_elsewhere"))
            return double(row, because("roster.double_in_order", number=other.number))
    return row
