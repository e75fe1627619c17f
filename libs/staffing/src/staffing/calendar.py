"""Working days with public holidays and the weekend days worked instead.

A year without a published notice knows weekends only. It is never an error: plans are made into the next year
before the notice is out.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from contracts.programme import Programmes

_SATURDAY = 5


class Calendar:
    """Days of an installation."""

    def __init__(self, *, holidays: Iterable[date], makeup_days: Iterable[date]) -> None:
        self._holidays = frozenset(holidays)
        self._makeup_days = frozenset(makeup_days)

    @classmethod
    def of(cls, programmes: Programmes) -> "Calendar":
        """From `rules/holidays_<year>.csv`."""
        days = programmes.holidays.values()
        return cls(
            holidays=(d.date for d in days if d.kind == "holiday"),
            makeup_days=(d.date for d in days if d.kind == "makeup_workday"),
        )

    def is_closed(self, day: date) -> bool:
        """A public holiday: nothing is held."""
        return day in self._holidays

    def is_working(self, day: date) -> bool:
        """A day on which offices work: a weekday that is no holiday, or a weekend day worked instead."""
        if day in self._makeup_days:
            return True
        return day.weekday() < _SATURDAY and day not in self._holidays

    def follows_cycle(self, day: date) -> str | None:
        """What the public calendar makes of a day for a works of one crew: `work`, `off`, or nothing special."""
        if day in self._makeup_days:
            return "work"
        return "off" if day in self._holidays else None

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that is so many working days after the day; with 0 the day itself."""
        return self._step(day, count, timedelta(days=1))

    def working_days_before(self, day: date, count: int) -> date:
        """The working day that is so many working days before the day; with 0 the day itself."""
        return self._step(day, count, timedelta(days=-1))

    def _step(self, day: date, count: int, step: timedelta) -> date:
        while count > 0:
            day += step
            count -= self.is_working(day)
        return day
