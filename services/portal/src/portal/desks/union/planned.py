"""The lines and figures of a scheme in words: as it was signed, as it lies on the desk, as it could be taken."""

from decimal import Decimal

from pydantic import BaseModel

from portal.desks.signed import CostSeen, SessionSeen
from portal.web.names import Names


class PlannedView(BaseModel):
    """A session of a version."""

    when: str
    cohort: str
    unit: str
    person: str
    class_hours: str
    why: list[str]
    """The reasons for its time and its person, or for having none."""
    provisional: str
    """Set when public holidays may still close the day."""
    asked: str = ""
    """Where the line can be asked about; nothing where it is no line of the plan."""


def planned(one: SessionSeen, names: Names) -> PlannedView:
    """One line."""
    text = names.text
    when = f"{text.day(one.day)} {names.band(one.band or '')}" if one.day else text("session_state.unplaced")
    return PlannedView(
        when=when,
        cohort=text("then.cohort", letter=one.cohort),
        unit=names.unit(one.unit),
        person=names.person(one.person_id),
        class_hours=text("then.hours", n=one.class_hours),
        why=[names.reason(reason.code, reason.figures) for reason in one.reasons],
        provisional=text("plan.provisional", year=one.day.year) if one.provisional and one.day else "",
    )


def lost(cost: CostSeen, names: Names) -> str:
    """Working time lost in person-hours."""
    return "" if cost.person_hours_lost is None else names.text("plan.lost", hours=cost.person_hours_lost)


def person_hours(minutes: int) -> str:
    """Work lost, as everybody reads it."""
    return f"{Decimal(minutes) / 60:,.1f}"


def yuan(amount: Decimal) -> str:
    """1,234.50."""
    return f"{amount:,.2f}"
