"""Times in which somebody cannot come: as they were typed, what they touch, and what a calendar would take. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from portal.desks.college.offers import Told, what_of
from portal.desks.college.seen import AwaySeen, OfferSeen, PersonSeen
from portal.desks.signed import ReasonSeen
from portal.web.names import Names
from portal.web.text import Text

WHY = ("illness", "own_lessons", "time_off", "training", "absence")
"""What can be said on the page; a code, no free text."""
SHOWN = 12
"""Times of a calendar that are written out."""


class TouchesSeen(BaseModel):
    """What a time away would free."""

    touched: list[OfferSeen]


class FreedSeen(BaseModel):
    """Whose offers ended by a time away; others are asked."""

    freed: list[UUID]


class TimeSeen(BaseModel):
    """A time in which somebody is not free."""

    starts_at: datetime
    ends_at: datetime


class PassedSeen(BaseModel):
    """An event that takes no time."""

    line: int
    reason: ReasonSeen


class CalendarSeen(BaseModel):
    """What a calendar would do."""

    taken: list[TimeSeen]
    given_back: list[TimeSeen]
    passed_over: list[PassedSeen]
    collides: list[UUID]


@dataclass(frozen=True)
class Asked:
    """A time off as it was typed, local."""

    starts: str
    ends: str
    why: str = "illness"
    place: str = ""


@dataclass(frozen=True)
class CalendarView:
    """The same in words."""

    taken: int
    given_back: int
    collides: int
    times: tuple[str, ...]
    passed: tuple[tuple[int, str], ...]


def asked_of(asked: Asked, zone: tzinfo) -> dict[str, Any] | None:
    """As instructor-dispatch is told it; nothing when it is no time."""
    try:
        starts, ends = (
            datetime.fromisoformat(one).replace(tzinfo=zone) for one in (asked.starts, asked.ends)
        )
    except ValueError:
        return None
    told: dict[str, Any] = {"starts_at": starts.isoformat(), "ends_at": ends.isoformat(), "reason": asked.why}
    return told | ({"division": asked.place} if asked.place else {})


def touched_of(offers: Sequence[OfferSeen], told: Told) -> list[str]:
    """A line for every session that somebody else is asked for then."""
    text = told.names.text
    return [
        text(
            "off.touches", when=text.span(each.slot.starts_at, each.slot.ends_at), what=what_of(each, told),
            where=told.names.division(each.division) if each.division else text("offers.online"),
            state=text("rota.firm") if each.state == "firm" else text(f"offer_state.{each.state}"),
        )
        for each in offers
    ]  # fmt: skip


def ahead(person: PersonSeen, now: datetime) -> list[AwaySeen]:
    """The times away that are not over, earliest first."""
    return sorted((each for each in person.away if each.ends_at > now), key=lambda each: each.starts_at)


def calendar_told(seen: CalendarSeen, names: Names) -> CalendarView:
    """What a calendar would do, in words."""
    text = names.text
    return CalendarView(
        taken=len(seen.taken),
        given_back=len(seen.given_back),
        collides=len(seen.collides),
        times=tuple(text("off.time", starts=text.moment(each.starts_at), ends=text.moment(each.ends_at))
                    for each in seen.taken[:SHOWN]),
        passed=tuple((each.line, names.reason(each.reason.code, each.reason.figures))
                     for each in seen.passed_over[:SHOWN]),
    )  # fmt: skip


def times_of(person: PersonSeen, text: Text, now: datetime) -> list[tuple[int, str, str, str, str]]:
    """Which of the times ahead, when, why, its calendar, and the earliest moment at which it can have ended."""
    return [
        (
            which,
            text("off.time", starts=text.moment(each.starts_at), ends=text.moment(each.ends_at)),
            text.or_code("rota.why", each.reason),
            each.calendar or "",
            text.field(max(now, each.starts_at)),
        )
        for which, each in enumerate(ahead(person, now))
    ]
