"""What a session puts on the person who is asked for it: the drive it adds, and the week it falls into. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import DivisionCode, Slot
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import DAY, WEEK_DAYS, Span, at
from staffing.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Bearing:
    """Of one session and one person."""

    minutes: int
    """Driving that it adds to the person's day, from home and back home; 0 = online, or there already."""
    week: int
    """Sessions of the person in its week (Monday to Sunday), this one counted."""


def bearing(slot: Slot, place: Place | None, home: DivisionCode, others: Diary, book: Rulebook) -> Bearing:
    """`others`: what binds the person in that week besides this session."""
    new = Fixed(book.span_of(slot), Kind.SESSION, place)
    return Bearing(book.travel.added(new, Place(home), others), others.sessions_in(week_span(slot.day)) + 1)


def week_span(day: date) -> Span:
    """The day's week in minutes."""
    monday = day - timedelta(days=day.weekday())
    return Span(at(monday), at(monday) + WEEK_DAYS * DAY)
