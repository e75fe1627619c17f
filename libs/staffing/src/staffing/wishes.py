"""What somebody who is sent wishes: never a bar, but part of the choice, with its reason. Pure."""

from datetime import date, timedelta

from contracts.values import BandCode, Reason, UnitCode, because
from staffing.can import Person
from staffing.diary import Diary, Kind, Place
from staffing.moments import DAY, WEEK_DAYS, Span, at, day_of
from staffing.rulebook import Rulebook

EVENING: BandCode = "eve"


def evenings_in_week(diary: Diary, day: date, book: Rulebook) -> int:
    """Sessions that begin in the evening, in the day's week."""
    monday = at(day - timedelta(days=day.weekday()))
    starts = book.span(day, EVENING).start - at(day)
    week = diary.during(Span(monday, monday + WEEK_DAYS * DAY))
    return sum(
        t.kind is Kind.SESSION
        and t.span.start - at(day_of(t.span.start)) >= starts
        and t.span.start >= monday
        for t in week
    )


def unmet(
    person: Person, band: BandCode, place: Place | None, unit: UnitCode | None, evenings: int
) -> tuple[Reason, ...]:
    """The wishes that a session would go against; `evenings` has the person in that week already."""
    found: list[Reason] = []
    if band in person.avoids:
        found.append(because("wish.band", band=band))
    if place is not None and person.prefers_divisions and place.division not in person.prefers_divisions:
        found.append(because("wish.division", division=place.division))
    if unit is not None and person.prefers_units and unit not in person.prefers_units:
        found.append(because("wish.unit", unit=unit))
    most = person.most_evenings_week
    if band == EVENING and most is not None and evenings >= most:
        found.append(because("wish.evenings", most=most))
    return tuple(found)
