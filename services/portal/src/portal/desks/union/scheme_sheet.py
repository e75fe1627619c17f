"""A scheme as an Excel file: a sheet for each cohort."""

from collections.abc import Sequence
from datetime import date

from portal.boards.cards import OrderCard
from portal.desks.asking import SCHEDULING, Missing
from portal.desks.at import AtDesk
from portal.desks.union.timetable import WeekSeen
from portal.desks.union.week import WeekSession, hours_of
from portal.web.names import Names, names_for
from portal.web.sheets import Cell, Sheet


async def sheets_of(at: AtDesk, card: OrderCard) -> list[Sheet] | Missing:
    """The newest version, in time."""
    seen = await at.read(SCHEDULING, f"/orders/{card.order_id}/scheme", WeekSeen)
    if not isinstance(seen, WeekSeen):
        return seen
    if not seen.sessions:
        return "none"
    people = {one.person_id for one in seen.sessions if one.person_id}
    names = await names_for(at.tx, at.text, at.viewer.scope, people)
    letters = sorted({one.cohort for one in seen.sessions})
    return [
        _sheet(letter, [one for one in seen.sessions if one.cohort == letter], names) for letter in letters
    ]


def _sheet(letter: str, sessions: Sequence[WeekSession], names: Names) -> Sheet:
    text = names.text
    keys = (
        "hand.column",
        "sheet.day",
        "column.when",
        "column.unit",
        "side.place",
        "column.person",
        "sheet.hours",
    )
    in_time = sorted(sessions, key=lambda one: (one.day or date.max, hours_of(one.band, names), one.position))
    return Sheet(
        text("then.cohort", letter=letter), [text(key) for key in keys], [_row(one, names) for one in in_time]
    )


def _row(one: WeekSession, names: Names) -> list[Cell]:
    when = hours_of(one.band, names) if one.day else names.text("session_state.unplaced")
    unit, place = names.unit(one.unit), names.division(one.division)
    return [one.position, one.day, when, unit, place, names.person(one.person_id), one.class_hours]
