"""How long somebody was there, what is credited of it, and what that is called. Pure; times are UTC.

A class-hour is 45 minutes, and minutes may be added up (common training rules; `class_hour_minutes` of the rules).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.programme_delivery import CreditRules
from contracts.values import Attendance, Minutes, WorkerId
from evaluation.delivery.session import HELD, Session


class Standing(StrEnum):
    """How an attendance stands; somebody late may have left early as well."""

    AWAITED = "awaited"
    """Not signed in, and the session is not over."""
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(frozen=True)
class Taught:
    """From when to when somebody taught: the session's own times, unless who leads it came or went well inside."""

    starts_at: datetime
    ends_at: datetime


def taught(session: Session, departed_at: datetime | None, rule: CreditRules) -> Taught:
    """An instructor within the rule's minutes of begin and end has taught the whole session."""
    allowed = timedelta(minutes=rule.instructor_minutes)
    begins, ends = session.slot.starts_at, session.slot.ends_at
    arrived = session.arrived_at
    late = arrived is not None and begins + allowed < arrived
    early = departed_at is not None and departed_at < ends - allowed
    return Taught(
        starts_at=arrived if late and arrived else begins,
        ends_at=departed_at if early and departed_at else ends,
    )


def minutes_of(
    session: Session, when: Taught, came: datetime, left: datetime | None, class_hour_minutes: int
) -> Minutes:
    """The session's class-hours in minutes, less what was missed at its begin and its end, to the second.

    Whole minutes only; 1 at least, for who signed in was there. Breaks are in no figure: whoever missed one is taken
    to have missed a lesson.
    """
    missed_first = max(came, when.starts_at) - session.slot.starts_at
    missed_last = session.slot.ends_at - min(left or when.ends_at, when.ends_at)
    there = timedelta(minutes=session.class_hours * class_hour_minutes)
    there -= max(missed_first, timedelta()) + max(missed_last, timedelta())
    return max(1, there // timedelta(minutes=1))


def credited(minutes: Minutes, class_hours: int, rule: CreditRules, class_hour_minutes: int) -> int:
    """The class-hours that count of these minutes: each needs all of its minutes but a few; never more than held."""
    return min(class_hours, (minutes + rule.short_minutes) // class_hour_minutes)


def standing_of(
    session: Session,
    worker: WorkerId,
    came: datetime | None,
    left: datetime | None,
    rule: CreditRules,
) -> list[Standing]:
    """What the sheet calls it: by the record once the session is over, by who signed in before."""
    record = next((each for each in session.attended if each.worker_id == worker), None)
    over = session.state in HELD
    if record is None and (over or came is None):
        if any(each.worker_id == worker for each in session.excused):
            return [Standing.EXCUSED]
        return [Standing.ABSENT if over else Standing.AWAITED]
    if record is not None:
        came, left = record.at, record.left_at
    return _on_time(session, came, left, rule)


def standing_of_record(session: Session, record: Attendance, rule: CreditRules) -> list[Standing]:
    """The same of a record; what was set right says no times, and is present."""
    return _on_time(session, record.at, record.left_at, rule)


def _on_time(
    session: Session, came: datetime | None, left: datetime | None, rule: CreditRules
) -> list[Standing]:
    allowed = timedelta(minutes=rule.late_minutes)
    found = []
    if came is not None and came > session.slot.starts_at + allowed:
        found.append(Standing.LATE)
    if left is not None and left < session.slot.ends_at - allowed:
        found.append(Standing.LEFT_EARLY)
    return found or [Standing.PRESENT]
