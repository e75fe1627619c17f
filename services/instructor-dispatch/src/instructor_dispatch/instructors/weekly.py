"""Own lessons by a week's pattern within a term, as times away. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from contracts.instructor_dispatch import Away
from contracts.refusals import Invalid
from contracts.values import Code, DivisionCode
from staffing.moments import at
from staffing.rulebook import Rulebook

MOST_TERM_DAYS = 370
LESSONS: Code = "own_lessons"


class Weeks(StrEnum):
    """In which weeks of the term, counted from the week of its first day."""

    ALL = "all"
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Range:
    """A weekly time, local."""

    weekday: int
    """1 = Monday … 7 = Sunday."""
    starts: time
    ends: time
    weeks: Weeks = Weeks.ALL
    division: DivisionCode | None = None
    """Where; none = no drive is counted."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term: both days included; nothing is taught on public holidays and on the days left out."""

    first: date
    last: date
    ranges: tuple[Range, ...]
    left_out: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Busy:
    """A time in which somebody is not free; half-open, UTC."""

    starts_at: datetime
    ends_at: datetime
    division: DivisionCode | None = None


def busy_by(pattern: Pattern, book: Rulebook) -> list[Busy]:
    """Every single time of the pattern."""
    if pattern.last < pattern.first:
        raise Invalid("calendar.ends_before_it_begins", field="last")
    if (pattern.last - pattern.first).days > MOST_TERM_DAYS:
        raise Invalid("calendar.term_too_long", field="last", most=MOST_TERM_DAYS)
    for each in pattern.ranges:
        if each.ends <= each.starts:
            raise Invalid("calendar.ends_before_it_begins", field="ranges")
    monday = pattern.first - timedelta(days=pattern.first.weekday())
    days = (pattern.first + timedelta(days=n) for n in range((pattern.last - pattern.first).days + 1))
    return [
        Busy(
            book.clock.instant(at(day, _minute(each.starts))),
            book.clock.instant(at(day, _minute(each.ends))),
            each.division,
        )
        for day in days
        if day not in pattern.left_out and not book.calendar.is_closed(day)
        for each in pattern.ranges
        if each.weekday == day.isoweekday() and _held_in(each.weeks, (day - monday).days // 7)
    ]


def merged(times: Iterable[Busy]) -> list[Busy]:
    """The same times, each instant once: what overlaps or follows at once at one place is one."""
    found: list[Busy] = []
    for each in sorted(times, key=lambda busy: (busy.starts_at, busy.ends_at)):
        last = found[-1] if found else None
        if last is None or each.starts_at > last.ends_at:
            found.append(each)
        elif each.division == last.division:
            found[-1] = replace(last, ends_at=max(last.ends_at, each.ends_at))
        elif each.ends_at > last.ends_at:  # at two places at once, as told: the first stands
            found.append(replace(each, starts_at=last.ends_at))
    return found


def as_away(times: Sequence[Busy], calendar: Code, reason: Code) -> tuple[Away, ...]:
    """As facts carry it: times and nothing else of a calendar."""
    return tuple(
        Away(
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            division=each.division,
            reason=reason,
            calendar=calendar,
        )
        for each in times
    )


def _held_in(weeks: Weeks, week: int) -> bool:
    return weeks is Weeks.ALL or (weeks is Weeks.ODD) == (week % 2 == 0)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
