"""Sessions of a version in force where they are by now: told moves and cancellations change no version."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, RootModel

from portal.desks.signed import ReasonSeen, SessionSeen

Line = TypeVar("Line", bound=SessionSeen)
OF_THE_PERSON = frozenset(
    {"chosen.among", "chosen.continues_unit", "chosen.drive", "chosen.ahead_of_next", "others.barred"}
)
"""Reasons for whoever was proposed; the others are for the time."""


class SlotSeen(BaseModel):
    """When it is held."""

    day: date
    band: str


OPEN = frozenset({"drafted", "approved", "declined", "confirmed"})
"""States in which a session can be changed by hand."""


def can_undo(state: str, version: int) -> bool:
    """Whether a change by hand can be taken back: a first version has one only once it is in force."""
    return state in OPEN and (version > 1 or state == "confirmed")


class StandingSeen(BaseModel):
    """A session as it stands on the timetable."""

    session_id: UUID
    state: str
    slot: SlotSeen
    person_id: UUID | None
    reasons: list[ReasonSeen] = []
    """Why it is unplaced or cancelled."""


class TimetableSeen(RootModel[list[StandingSeen]]):
    """Those of the order."""


def as_they_stand(lines: Iterable[Line], stands: Iterable[StandingSeen]) -> list[Line]:
    """The lines at their times of today, with the reasons that still hold; those that will not be held are left out."""
    rows = {row.session_id: row for row in stands if row.state != "cancelled"}
    return [
        line.model_copy(
            update={
                "day": row.slot.day,
                "band": row.slot.band,
                "person_id": row.person_id,
                "reasons": _that_hold(line, row),
            }
        )
        for line in lines
        if line.session_id and (row := rows.get(line.session_id))
    ]


def _that_hold(line: SessionSeen, row: StandingSeen) -> list[ReasonSeen]:
    """None at another time; with another person, or nobody, only those for the time."""
    if (line.day, line.band) != (row.slot.day, row.slot.band):
        return []
    same = line.person_id == row.person_id
    return [reason for reason in line.reasons if same or reason.code not in OF_THE_PERSON]
