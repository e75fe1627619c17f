"""Shift patterns: when a crew works, when it rests after a night, and what a session takes from its work.

The crews of a pattern go through one cycle, each a part of it later: of `EEMMNN--` with four crews one is on
early, one on middle, one on night shift and one is off. A pattern with one crew goes by the days of the week
and follows public holidays and make-up days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from contracts.programme import ShiftPattern
from contracts.refusals import Invalid
from contracts.values import CrewCode
from staffing.calendar import Calendar
from staffing.moments import DAY, Span, at, day_of, overlap

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def crews(pattern: ShiftPattern) -> tuple[CrewCode, ...]:
    """The crews that share the pattern: A, B, C…"""
    return tuple(_LETTERS[: pattern.crews])


@dataclass(frozen=True)
class CrewCalendar:
    """When one crew of a works is at work and when it must not be called.

    `anchor` is a day on which crew A is at the beginning of the cycle; somebody at work before the minute
    `night_ends` of a day has worked the night, and is not called in the `night_rest` minutes after it.
    """

    pattern: ShiftPattern
    crew: CrewCode
    calendar: Calendar
    anchor: date
    night_ends: int
    night_rest: int

    def __post_init__(self) -> None:
        if self.crew not in crews(self.pattern):
            raise Invalid("shift.crew_unknown", crew=self.crew, pattern=self.pattern.id)

    def letter(self, day: date) -> str:
        """The letter of the cycle on which the crew's shift of this day begins; `-` is a day off."""
        cycle = self.pattern.cycle
        if self.pattern.crews > 1:
            shifted = _LETTERS.index(self.crew) * len(cycle) // self.pattern.crews
            return cycle[((day - self.anchor).days + shifted) % len(cycle)]
        public = self.calendar.follows_cycle(day)
        if public == "work":
            return cycle.replace("-", "")[0]
        return "-" if public == "off" else cycle[day.weekday()]

    def work(self, first: date, last: date) -> list[Span]:
        """Time at work that touches the days, shifts over midnight whole."""
        days = (first + timedelta(days=d) for d in range(-1, (last - first).days + 1))
        shifts = (
            Span(at(day, s), at(day, e))
            for day in days
            for s, e in self.pattern.hours.get(self.letter(day), ())
        )
        return [s for s in shifts if s.end > at(first)]

    def rest(self, first: date, last: date) -> list[Span]:
        """Time after a night shift in which the crew is not called, touching the days."""
        nights = (w for w in self.work(first - timedelta(days=2), last) if self._ends_a_night(w))
        rests = (Span(w.end, w.end + self.night_rest) for w in nights)
        return [r for r in rests if r.end > at(first)]

    def _ends_a_night(self, shift: Span) -> bool:
        """The shift reaches into the night of the day it ends on."""
        day = (shift.end - 1) // DAY * DAY
        return overlap(shift, Span(day, day + self.night_ends)) > 0

    def release(self, span: Span) -> int | None:
        """Working minutes that the span takes from the crew; nothing when it falls into its rest."""
        first, last = day_of(span.start), day_of(span.end - 1)
        if any(overlap(span, r) for r in self.rest(first, last)):
            return None
        return sum(overlap(span, w) for w in self.work(first, last))


class CrewsRelease:
    """Release of several crews at once, remembered: drafts ask for the same slots again and again."""

    def __init__(self, calendars: Iterable[CrewCalendar]) -> None:
        self._calendars = tuple(calendars)
        self.minutes = lru_cache(maxsize=None)(self._minutes)

    def _minutes(self, span: Span) -> int | None:
        """The most that any of the crews loses; nothing when one of them rests."""
        taken = [c.release(span) for c in self._calendars]
        known = [t for t in taken if t is not None]
        return max(known, default=0) if len(known) == len(taken) else None
