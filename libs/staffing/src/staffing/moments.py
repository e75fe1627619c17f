"""Local time as whole minutes: a day is 1,440 of them, so a shift over midnight is plain arithmetic.

A *minute* counts from 00:00 local time of 1 January of the year 1 (`date.toordinal() * 1440`). The zone of an
installation keeps no daylight saving (checked by `Clockwork`), so minutes and UTC differ by a constant.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 1440
WEEK_DAYS = 7


class Span(NamedTuple):
    """A half-open stretch of local minutes: back to back is no overlap."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Minutes."""
        return self.end - self.start


def overlap(a: Span, b: Span) -> int:
    """Minutes that both have."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def at(day: date, minute_of_day: int = 0) -> int:
    """The minute of a day; `minute_of_day` may pass midnight."""
    return day.toordinal() * DAY + minute_of_day


def day_of(minute: int) -> date:
    """The local day a minute lies in."""
    return date.fromordinal(minute // DAY)


def week_of(day: date) -> int:
    """Number of the week, Monday to Sunday; weeks that follow each other differ by one."""
    return (day.toordinal() - 1) // WEEK_DAYS


def season_of(day: date) -> tuple[date, date]:
    """The time within which a person's share is fair: the day's calendar year, and the first day of the next."""
    return date(day.year, 1, 1), date(day.year + 1, 1, 1)


class Clockwork:
    """Between instants (UTC) and local minutes of one zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        local = ZoneInfo(zone)
        offsets = {datetime(2026, month, 1, tzinfo=local).utcoffset() for month in range(1, 13)}
        offset = offsets.pop()
        if offsets or offset is None:
            raise ValueError(f"{zone} keeps daylight saving; local minutes would not be unique")
        self._epoch = (
            datetime(1, 1, 2, tzinfo=UTC) - offset
        )  # one day late: 0001-01-01 minus 8 hours is no date

    def minute(self, instant: datetime) -> int:
        """The local minute an instant lies in (rounded down)."""
        return (instant - self._epoch) // timedelta(minutes=1) + 2 * DAY

    def instant(self, minute: int) -> datetime:
        """The instant, in UTC, at which a local minute begins."""
        return self._epoch + timedelta(minutes=minute - 2 * DAY)

    def span(self, starts_at: datetime, ends_at: datetime) -> Span:
        """Local minutes that touch the stretch between two instants."""
        return Span(self.minute(starts_at), -((self._epoch - ends_at) // timedelta(minutes=1)) + 2 * DAY)
