"""The week as the crews work it: which crews a session in a band would take from no shift and from no rest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.programme import Programmes
from portal.desks.enterprise.asked import WorksSeen
from staffing.rulebook import Rulebook
from staffing.shifts import crews

DAYS = 7


@dataclass(frozen=True)
class WeekRow:
    """A band of the day, and on each day the crews that are free then; empty = nobody is."""

    band: str
    free: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Week:
    """Seven days from the first."""

    days: tuple[date, ...]
    rows: tuple[WeekRow, ...]
    crews: tuple[str, ...]


def week_of(rules: Rulebook, works: WorksSeen, first: date) -> Week:
    """Who is free when, in the seven days from `first`."""
    pattern = rules.programmes.shifts[works.shift_pattern]
    days = tuple(first + timedelta(days=each) for each in range(DAYS))
    calendars = [rules.crew(works.shift_pattern, crew, works.shift_anchor) for crew in crews(pattern)]
    rows = []
    for band in rules.programmes.bands:
        spans = [rules.span(day, band) for day in days]
        free = tuple(tuple(c.crew for c in calendars if c.release(span) == 0) for span in spans)
        rows.append(WeekRow(band, free))
    return Week(days, tuple(rows), crews(pattern))


def first_day(wanted: Sequence[str], today: date) -> date:
    """The first day that a line names, if it is still ahead; else the next Monday."""
    ahead = [day for told in wanted if (day := _day(told)) and day > today]
    return min(ahead, default=today + timedelta(days=DAYS - today.weekday()))


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def answer_day(rules: Rulebook, programmes: Programmes, programme: str, today: date) -> date | None:
    """Until when the union answers an order that is submitted today; nothing where its programme is not known."""
    found = programmes.programmes.get(programme)
    return rules.calendar.add_working_days(today, found.order_answer_working_days.value) if found else None
