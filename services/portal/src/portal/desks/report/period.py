"""The days that a report is of. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.refusals import Invalid


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included; nothing at an end leaves it open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return (self.first or day) <= day <= (self.last or day)


def period(first: str, last: str) -> Period:
    """As it was typed; `report.period_day` for what is no day, `report.period_order` for an end before it begins."""
    asked = Period(_day("first", first), _day("last", last))
    if asked.first and asked.last and asked.last < asked.first:
        raise Invalid("report.period_order", field="last", first=asked.first, last=asked.last)
    return asked


def usual(today: date) -> dict[str, Period]:
    """The periods that are asked for most: everything, this year, the last month, this month."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    return {
        "all": Period(),
        "year": Period(today.replace(month=1, day=1), today.replace(month=12, day=31)),
        "last_month": Period(before.replace(day=1), before),
        "month": Period(month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
    }


def _day(field: str, typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed.strip() else None
    except ValueError:
        raise Invalid("report.period_day", field=field, typed=typed[:20]) from None
