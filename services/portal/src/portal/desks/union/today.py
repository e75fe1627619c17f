"""Sessions of a day as the union watches them: who comes, who has signed in, what is late. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from portal.boards.as_time_passes import left_to_the_union
from portal.boards.cards import OrderCard
from portal.boards.sessions import SessionRow
from portal.web.names import Names
from portal.web.text import Text

LATE_AFTER = timedelta(minutes=10)
"""A session that nobody has opened so long after its beginning is shown as late."""
LEFT_OPEN_AFTER = timedelta(minutes=30)
"""One that nobody has closed so long after its end is shown as left open; the union may close it later."""
OVER = frozenset({"closed", "confirmed", "disputed"})
ORDER = ("late", "left_open", "nobody", "opened", "ahead", "over")


class SheetRowSeen(BaseModel):
    """A worker of the cohort."""

    signed_in: bool


class SheetSeen(BaseModel):
    """The attendance sheet."""

    rows: list[SheetRowSeen]
    person_times: int


@dataclass(frozen=True)
class TodayRow:
    """A session."""

    id: str
    order: str
    number: str
    when: str
    unit: str
    enterprise: str
    place: str
    person: str
    college: str
    signed: str
    """27/30; empty before anybody could."""
    standing: str
    state: str
    kind: str
    can_sign: bool
    """Its sign-in sheet may be printed or entered."""
    can_close: bool
    can_call: bool
    replace: str
    """Where another time or person is looked at; empty where it has begun."""


KINDS = {
    "late": "red",
    "left_open": "red",
    "nobody": "amber",
    "opened": "teal",
    "ahead": "blue",
    "over": "green",
}


def of_the_day(sessions: Sequence[SessionRow], day: date) -> list[SessionRow]:
    """Those that are held on this day, or were to be; and those of days before that nobody has closed."""
    return [
        one
        for one in sessions
        if (one.day == day and one.state != "cancelled")
        or (one.state == "opened" and one.day is not None and one.day < day)
    ]


def standing(one: SessionRow, at: datetime) -> str:
    """How it goes at this moment."""
    if one.state in OVER:
        return "over"
    if one.state == "opened":
        return "left_open" if one.ends_at and at > one.ends_at + LEFT_OPEN_AFTER else "opened"
    if one.starts_at and at > one.starts_at + LATE_AFTER:
        return "late"
    return "ahead" if one.person else "nobody"


def rows_of(
    sessions: Sequence[SessionRow],
    cards: Mapping[UUID, OrderCard],
    sheets: Mapping[UUID, SheetSeen],
    names: Names,
    at: datetime,
) -> list[TodayRow]:
    """What needs somebody first, then in time."""
    known = [one for one in sessions if one.order_id in cards]
    in_order = sorted(known, key=lambda one: (ORDER.index(standing(one, at)), one.starts_at or at))
    return [_row(one, cards[one.order_id], sheets.get(one.session_id), names, at) for one in in_order]


def _signed(sheet: SheetSeen | None, text: Text) -> str:
    if sheet is None:  # evaluation does not answer now
        return text("today.not_known")
    there = sum(row.signed_in for row in sheet.rows)
    return f"{max(there, sheet.person_times)}/{len(sheet.rows)}"


def _row(one: SessionRow, card: OrderCard, sheet: SheetSeen | None, names: Names, at: datetime) -> TodayRow:
    text, how = names.text, standing(one, at)
    begun = how in {"opened", "left_open", "over"}
    hours = names.programmes.rules.delivery.open_late_hours.value
    late = text.lasts(at - one.starts_at) if how == "late" and one.starts_at else ""
    return TodayRow(
        id=str(one.session_id),
        order=str(one.order_id),
        number=card.number,
        when=_when(one, names, at),
        unit=names.unit(one.unit),
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        place=names.division(one.division),
        person=names.person(one.person or one.taught_by),
        college=names.organisation(one.college or one.held_by) if one.college or one.held_by else "",
        signed=_signed(sheet, text) if begun else "",
        standing=how,
        state=text(f"today.is.{how}", late=late),
        kind=KINDS[how],
        can_sign=how != "over",
        can_close=one.state == "opened" and left_to_the_union(one.ends_at, at, open_late_hours=hours),
        can_call=how == "nobody",
        replace="" if begun else f"/orders/{one.order_id}/scheme?session={one.session_id}#tt",
    )


def _when(one: SessionRow, names: Names, at: datetime) -> str:
    """The hours; of another day with the day."""
    if one.starts_at is None or one.ends_at is None:
        return "—"
    text = names.text
    if one.day == at.astimezone(text.zone).date():
        return f"{text.clock(one.starts_at)}–{text.clock(one.ends_at)}"
    return text.span(one.starts_at, one.ends_at)
