"""The sheet as an Excel file that was filled in: its rows as entries, however people write yes, no and a time. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise

from contracts.refusals import Invalid
from evaluation.sheets.rules import Entry

HEADS = {
    "no": {"序号", "编号", "no.", "no", "number"},
    "name": {"姓名", "name"},
    "here": {"是否到场", "到场", "是/否", "here", "present"},
    "came": {"签到时间", "签到", "time in", "in"},
    "left": {"签退时间", "签退", "time out", "out"},
}
YES = {"是", "到", "√", "✓", "y", "yes", "1", "true", "v"}
NO = {"", "否", "缺", "×", "n", "no", "0", "false", "x"}
TITLE_ROWS = 10
DIGITS = 4
"""Of a number on the list."""
DAY_MINUTES = 24 * 60
CLOCK = re.compile(r"^(\d{1,2})[:：.时](\d{2})分?$")
MARK = re.compile(r"[a-z2-7]{10}")
MARK_HEADS = {"校验码", "sheet mark"}
SESSION_HEADS = {"场次编号", "session"}
Cell = object


def entries_in(rows: Sequence[Sequence[Cell]], first: int = 1) -> list[Entry]:
    """Everybody of whom a row says that they were there, or says it unclearly; `paper.columns_wrong`."""
    for at, row in enumerate(rows[:TITLE_ROWS]):
        columns = _columns(row)
        if {"no", "here"} <= columns.keys():
            return list(_entries(rows[at + 1 :], columns, first + at + 1))
    raise Invalid("paper.columns_wrong", field="file")


def told_beside(sheets: Iterable[Sequence[Sequence[Cell]]], heads: set[str]) -> str:
    """What stands right of one of these words, on any sheet: the file's session and mark; empty if nothing does."""
    for rows in sheets:
        for row in rows:
            for cell, beside in pairwise(row):
                if _plain(cell) in heads:
                    return _plain(beside)
    return ""


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        for field, words in HEADS.items():
            if _plain(cell) in words:
                found.setdefault(field, at)
    return found


def _entries(rows: Sequence[Sequence[Cell]], columns: dict[str, int], first: int) -> Iterator[Entry]:
    for number, row in enumerate(rows, start=first):
        cells = {field: row[at] for field, at in columns.items() if at < len(row)}
        here = _plain(cells.get("here"))
        no = _number(cells.get("no"))
        if here in NO or no is None:
            continue
        came, left = _clock(cells.get("came")), _clock(cells.get("left"))
        wrong = None if here in YES else "paper.here_unclear"
        if wrong is None and "wrong" in (came, left):
            wrong = "paper.time_unclear"
        yield Entry(
            no=no,
            name=str(cells["name"]).strip() or None if "name" in cells else None,
            came=came if isinstance(came, time) else None,
            left=left if isinstance(left, time) else None,
            row=number,
            wrong=wrong,
        )


def _plain(cell: Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip().lower()


def _number(cell: Cell) -> int | None:
    told = _plain(cell)
    return int(told) if told.isascii() and told.isdigit() and len(told) <= DIGITS else None


def _clock(cell: Cell) -> time | str | None:
    """A time of day, nothing, or `wrong`: Excel keeps times as times, fractions of a day or words."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, float) and 0 < cell < 1:
        hours, minutes = divmod(int(cell * DAY_MINUTES + 0.5) % DAY_MINUTES, 60)
        return time(hours, minutes)
    told = _plain(cell)
    return _written(told) if told else None


def _written(told: str) -> time | str:
    clock = CLOCK.match(told)
    try:
        return time(int(clock[1]), int(clock[2])) if clock else "wrong"
    except ValueError:
        return "wrong"
