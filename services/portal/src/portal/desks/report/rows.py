"""The rows behind a figure, and what they add up to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from urllib.parse import urlencode

from portal.desks.report.counted import Counted, Sums, heads_of, held_at_works, specials_of, sums
from portal.desks.report.figures import BEHIND as FIGURES
from portal.desks.report.figures import said
from portal.web.names import Names
from portal.web.sheets import Cell
from portal.web.text import Text
from staffing.counting import person_times

What = Literal["sessions", "onsite", "planned", "heads", "specials", "certificates"]
Value = str | int | Decimal | date


@dataclass(frozen=True)
class Column:
    """`figure`: the one that it adds up to; `unit`: what its numbers count. Words have neither."""

    title: str
    figure: str = ""
    unit: str = ""
    sum: str = ""
    """In words."""
    total: int | Decimal | None = None


@dataclass(frozen=True)
class Row:
    """Values for a sheet, and in words; `url` leads to the order's story, whose number is the last, `opens` further
    down: a session's sign-ins, the sessions of a worker or of a special session.
    """

    values: tuple[Cell, ...]
    texts: tuple[str, ...]
    url: str
    opens: str = ""


@dataclass(frozen=True)
class Rows:
    """A table of rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def rows_behind(what: What, part: Counted, names: Names, here: str = "") -> Rows:
    """What the figures of this part were counted from; `here` = the part, as its address says it."""
    part = held_at_works(part) if what == "onsite" else part
    columns, rows = BEHIND[what](part, names)
    text, total = names.text, sums(part)

    def in_words(column: Column, value: Value) -> str:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str):
            return value
        return text(f"report.in.{column.unit}", count=said(value)) if column.unit else said(value)

    return Rows(
        tuple(_with_sum(column, total, in_words, text) for column in columns),
        tuple(
            Row(
                tuple(float(value) if isinstance(value, Decimal) else value for value in values),
                tuple(in_words(column, value) for column, value in zip(columns, values, strict=True)),
                url,
                f"/report/{opens}{_amp(here) if '?' in opens else ''}" if opens else "",
            )
            for url, opens, *values in rows
        ),
    )


def _with_sum(column: Column, total: Sums, in_words: Callable[[Column, Value], str], text: Text) -> Column:
    """Its sum with what it counts: the unit of its numbers, or the rows themselves."""
    if not column.figure:
        return column
    found: int | Decimal = getattr(total, column.figure)
    words = in_words(column, found)
    if not column.unit:
        words = text(f"report.rows_lead.{FIGURES[column.figure]}", count=words)
    return Column(column.title, column.figure, column.unit, words, found)


def _amp(here: str) -> str:
    return f"&{here}" if here else ""


Made = tuple[tuple[Column, ...], Iterable[tuple[str, str, *tuple[Value, ...]]]]
"""Columns, and rows: the order's story, what opens further down (within the report), then a value for each column."""


def _sessions(part: Counted, names: Names) -> Made:
    text = names.text
    return (
        Column(text("column.when")), Column(text("column.enterprise")), Column(text("column.place")),
        Column(text("column.unit")), Column(text("column.college")),
        Column(text("report.person_times"), "person_times", "person_times"),
        Column(text("report.class_hours"), "class_hours", "class_hours"), Column(text("report.cost"), "cost", "yuan"),
        Column(text("column.number"), "sessions"),
    ), (
        (
            _story(one.held.order_id), f"sessions/{one.held.session_id}",
            text.span(one.starts, one.ends) if one.starts and one.ends else text.day(one.day),
            names.organisation(one.held.enterprise), names.division(one.held.division), names.unit(one.unit),
            names.organisation(one.held.college), person_times(one.held), one.held.class_hours, one.cost, one.number,
        )
        for one in part.taught
    )  # fmt: skip


def _planned(part: Counted, names: Names) -> Made:
    text = names.text
    return (
        Column(text("column.when")), Column(text("column.enterprise")), Column(text("column.place")),
        Column(text("column.unit")), Column(text("column.college")), Column(text("column.number"), "planned"),
    ), (
        (
            _story(one.order_id), "", text.span(one.starts, one.ends) if one.starts and one.ends else text.day(one.day),
            names.organisation(one.enterprise), names.division(one.division), names.unit(one.unit),
            names.organisation(one.college), one.number,
        )
        for one in part.planned
    )  # fmt: skip


def _heads(part: Counted, names: Names) -> Made:
    """Workers by a short number: who they are stands with their orders, for those for whom it may."""
    text = names.text
    return (
        Column(text("report.worker"), "heads"), Column(text("column.enterprise")),
        Column(text("report.sessions_short"), "person_times", "sessions"),
        Column(text("report.hours_learnt"), unit="class_hours"),
    ), (
        (
            "", f"rows?{urlencode({'what': 'sessions', 'worker': head.worker})}",
            text("report.worker_of", number=str(head.worker)[-6:]),
            text.joined(names.organisation(code) for code in head.enterprises), head.sessions, head.class_hours,
        )
        for head in heads_of(part)
    )  # fmt: skip


def _specials(part: Counted, names: Names) -> Made:
    text = names.text
    return (
        Column(text("report.from")), Column(text("report.to")), Column(text("column.enterprise")),
        Column(text("report.sessions_short"), unit="sessions"),
        Column(text("report.person_times"), unit="person_times"), Column(text("column.number"), "special"),
    ), (
        (
            _story(one.order_id), f"rows?{urlencode({'what': 'sessions', 'order': one.order_id})}",
            one.first, one.last, names.organisation(one.enterprise), one.sessions,
            one.person_times, one.number,
        )
        for one in specials_of(part)
    )  # fmt: skip


def _certificates(part: Counted, names: Names) -> Made:
    text = names.text
    return (
        Column(text("report.certificate"), "certificates"), Column(text("report.issued_on")),
        Column(text("column.enterprise")), Column(text("report.trade_level")), Column(text("report.holds")),
        Column(text("report.subsidy"), "subsidy", "yuan"), Column(text("column.number")),
    ), (
        (
            _story(one.order_id), "", one.number, one.issued_on, names.organisation(one.enterprise),
            f"{names.occupation(one.occupation)} {names.level(one.level)}",
            text("report.revoked_one") if one.revoked else text("report.valid_one"), one.allowance, one.order,
        )
        for one in part.certified
    )  # fmt: skip


def _story(order: object) -> str:
    return f"/orders/{order}/story"


BEHIND: Mapping[What, Callable[[Counted, Names], Made]] = {
    "sessions": _sessions, "onsite": _sessions, "planned": _planned, "heads": _heads, "specials": _specials,
    "certificates": _certificates,
}  # fmt: skip
