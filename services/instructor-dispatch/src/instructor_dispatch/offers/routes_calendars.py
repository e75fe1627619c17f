"""When somebody who is sent is not free, told as a whole: a week's pattern of own lessons, or an iCalendar file.

Each calendar of a person has a name and replaces what it said before. Only times are kept of it.
"""

import asyncio
from datetime import date, datetime, time
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field, model_validator

from contracts.instructor_dispatch import Away
from contracts.refusals import NotFound
from contracts.values import AssignmentId, CollegeId, DivisionCode, PersonId, Reason
from instructor_dispatch.instructors import calendars
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.routes import own
from instructor_dispatch.instructors.weekly import LESSONS, Pattern, Range, Weeks, as_away, busy_by, merged
from instructor_dispatch.offers.commands import timetables
from instructor_dispatch.offers.commands.timetables import Change
from instructor_dispatch.offers.routes import person_of
from instructor_dispatch.offers.routes_people import Teller
from servicekit.clock import now
from servicekit.http import Request, Router, Transaction, refusals, without_key
from servicekit.identity import Actor
from staffing.rulebook import Rulebook

router = Router(tags=["instructors"])
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
"""A short code that the teller chooses: `lessons`, `phone`."""
IMPORTED = "calendar"
CODES = (
    "person.unknown",
    "person.retired",
    "division.unknown",
    "absence.too_many",
    "calendar.broken",
    "calendar.too_large",
    "calendar.too_many_events",
    "calendar.too_many_times",
    "calendar.began_too_early",
    "calendar.rule_not_read",
    "calendar.ends_before_it_begins",
    "calendar.term_too_long",
)


class RangeAsked(Request):
    """A weekly time, local."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    """1 = Monday … 7 = Sunday."""
    starts: time
    ends: time
    weeks: Weeks = Weeks.ALL
    division: DivisionCode | None = None
    """Where the lessons are; none = no drive is counted."""


class WeeklyAsked(Request):
    """Own lessons of a term; nothing on public holidays and on the days left out. No range = nothing any more."""

    first: date
    last: date
    ranges: Annotated[tuple[RangeAsked, ...], Field(max_length=60)]
    left_out: Annotated[tuple[date, ...], Field(max_length=370)] = ()


class CalendarAsked(Request):
    """One of the two."""

    weekly: WeeklyAsked | None = None
    ics: Annotated[str, Field(min_length=1, max_length=calendars.MOST_CHARACTERS)] | None = None
    """The text of an iCalendar file (RFC 5545): busy events and free/busy times of the next 400 days."""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "CalendarAsked":
        if (self.weekly is None) == (self.ics is None):
            raise ValueError("weekly or ics")
        return self


class TimeSeen(BaseModel):
    """A time in which somebody is not free."""

    starts_at: datetime
    ends_at: datetime
    division: DivisionCode | None


class PassedOverSeen(BaseModel):
    """An event that takes no time: the line it begins on, and why."""

    line: int
    reason: Reason


class CalendarSeen(BaseModel):
    """What a calendar does, or would do."""

    taken: list[TimeSeen]
    """Times that are taken now and were not before."""
    given_back: list[TimeSeen]
    """Times that the same calendar took before."""
    passed_over: list[PassedOverSeen]
    collides: list[AssignmentId]
    """Promises and offers that do not go with it: others are asked for them."""


@router.post("/instructors/{person_id}/calendars/{calendar}/preview", responses=refusals(*CODES))
@without_key
async def preview(
    person_id: PersonId, calendar: Name, asked: CalendarAsked, tx: Transaction, by: Teller
) -> CalendarSeen:
    """What it would take, pass over and collide with; nothing is changed."""
    person = await instructors.known(tx, person_id, college_id=_college_of(person_id, by))
    told, passed = await _told(tx, calendar, asked)
    return _seen(await timetables.preview(tx, person, calendar, told), passed)


@router.put("/instructors/{person_id}/calendars/{calendar}", responses=refusals(*CODES))
async def tell(
    person_id: PersonId, calendar: Name, asked: CalendarAsked, tx: Transaction, by: Teller
) -> CalendarSeen:
    """Replace what this calendar said before; what does not go with it is freed, and the next best are asked."""
    college = _college_of(person_id, by)
    told, passed = await _told(tx, calendar, asked)
    return _seen(await timetables.tell(tx, person_id, calendar, told, college_id=college, by=by), passed)


def _college_of(person_id: PersonId, by: Actor) -> CollegeId | None:
    """The college whose person it must be; none = the union, or the person."""
    if by.may("college", "union"):
        return own(by)
    if person_of(by) != person_id:
        raise NotFound("person.unknown", person_id=str(person_id))
    return None


async def _told(
    tx: Transaction, calendar: str, asked: CalendarAsked
) -> tuple[tuple[Away, ...], list[PassedOverSeen]]:
    book: Rulebook = tx.known
    if asked.ics is not None:
        moment = await now(tx)
        found = await asyncio.to_thread(calendars.read, asked.ics, now=moment, zone=tx.zone)
        passed = [PassedOverSeen(line=each.line, reason=each.reason) for each in found.passed_over]
        return as_away(merged(found.busy), calendar, IMPORTED), passed
    assert asked.weekly is not None  # the request has one of the two
    weekly = asked.weekly
    pattern = Pattern(
        weekly.first,
        weekly.last,
        tuple(Range(**each.model_dump()) for each in weekly.ranges),
        frozenset(weekly.left_out),
    )
    return as_away(merged(busy_by(pattern, book)), calendar, LESSONS), []


def _seen(change: Change, passed: list[PassedOverSeen]) -> CalendarSeen:
    return CalendarSeen(
        taken=_times(change.taken),
        given_back=_times(change.given_back),
        passed_over=passed,
        collides=change.collides,
    )


def _times(times: tuple[Away, ...]) -> list[TimeSeen]:
    return [
        TimeSeen(starts_at=each.starts_at, ends_at=each.ends_at, division=each.division) for each in times
    ]
