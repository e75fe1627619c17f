"""Orders, people and facts of other services, as scheduling hears of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from contracts.evaluation import SessionMissed, SessionOpened
from contracts.instructor_dispatch import (
    AgreementSigned,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentTaken,
    Away,
    InstructorListed,
    SessionUnstaffable,
)
from contracts.order_intake import OrderAccepted, OrderAmended, OrderCancelled
from contracts.scheduling import SessionWithPlace
from contracts.values import OrderLine, Qualification, ServiceLine, Trainee, because

PROGRAMMES = Path(__file__).parents[3] / "programmes"
START = datetime(2026, 8, 31, 1, tzinfo=UTC)
TODAY = date(2026, 8, 31)
"""A Monday."""
ELECTRICIAN = "6-31-01-03"
WELDER = "6-18-02-04"
COLLEGE = "smtc"
WHY = {"code": "times.unsuitable", "figures": {"day": "2026-09-07"}}


def a_line(*, line: int = 1, people: int = 6, crew: str = "A", **given: Any) -> OrderLine:
    """Safe use of electricity: two sessions of three class-hours for one crew that works by day."""
    told: dict[str, Any] = {
        "line": line,
        "service": ServiceLine.THEORY_TRAINING,
        "occupation": ELECTRICIAN,
        "level": "L5",
        "trainees": tuple(Trainee(worker_id=uuid4(), crew=crew) for _ in range(people)),
        "units": ("el5-safety",),
        "bands": ("eve",),
        "earliest": date(2026, 9, 7),
        "latest": date(2026, 10, 30),
        "release_cap_minutes": 480,
    }
    return OrderLine(**(told | given))


def an_evaluation_line(**given: Any) -> OrderLine:
    return a_line(**({"service": ServiceLine.SKILL_EVALUATION, "units": (), "bands": ()} | given))


def an_order_accepted(*lines: OrderLine, enterprise: str = "bgzb", **given: Any) -> OrderAccepted:
    told: dict[str, Any] = {
        "order_id": uuid4(),
        "number": "2026-0137",
        "enterprise_id": enterprise,
        "enterprise_name": "福建兵工装备有限公司",
        "programme": "send-teachers-home",
        "division": "350481",
        "shift_pattern": "day",
        "shift_anchor": date(2026, 1, 5),
        "rooms": 50,
        "union_id": "smftu",
        "lines": lines or (a_line(),),
        "accepted_on": TODAY,
    }
    return OrderAccepted(**(told | given))


def amended(accepted: OrderAccepted, *lines: OrderLine, revision: int = 1) -> OrderAmended:
    return OrderAmended(order_id=accepted.order_id, revision=revision, lines=lines, amended_on=TODAY)


def cancelled(accepted: OrderAccepted) -> OrderCancelled:
    return OrderCancelled(
        order_id=accepted.order_id, reason=because("order.no_longer_needed"), cancelled_on=TODAY
    )


def an_instructor(**given: Any) -> InstructorListed:
    told: dict[str, Any] = {
        "person_id": uuid4(),
        "college_id": COLLEGE,
        "home": "350404",
        "qualifications": (Qualification(occupation=ELECTRICIAN, level="L2"),),
    }
    return InstructorListed(**(told | given))


def an_agreement(**given: Any) -> AgreementSigned:
    told: dict[str, Any] = {
        "college_id": COLLEGE,
        "union_id": "smftu",
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
        "sessions_total": 400,
        "sessions_week": 60,
        "target": 40,
    }
    return AgreementSigned(**(told | given))


def away(starts_at: datetime, ends_at: datetime, division: str | None = None) -> Away:
    return Away(starts_at=starts_at, ends_at=ends_at, division=division)


def offered(session: SessionWithPlace, person: UUID | None, assignment: UUID) -> AssignmentOffered:
    return AssignmentOffered(
        order_id=session.order_id,
        session_id=session.session_id,
        assignment_id=assignment,
        college_id=COLLEGE,
        person_id=person,
        slot=session.slot,
        answer_by=START,
    )


def _told(session: SessionWithPlace, person: UUID | None, assignment: UUID) -> dict[str, Any]:
    return {
        "order_id": session.order_id,
        "session_id": session.session_id,
        "assignment_id": assignment,
        "college_id": COLLEGE,
        "person_id": person,
    }


def accepted_by(session: SessionWithPlace, person: UUID, assignment: UUID) -> AssignmentAccepted:
    return AssignmentAccepted(**_told(session, person, assignment))


def declined_by(session: SessionWithPlace, person: UUID | None, assignment: UUID) -> AssignmentDeclined:
    return AssignmentDeclined(**_told(session, person, assignment), reason=because("decline.too_far"))


def lapsed(session: SessionWithPlace, person: UUID | None, assignment: UUID) -> AssignmentLapsed:
    return AssignmentLapsed(**_told(session, person, assignment))


def taken(session: SessionWithPlace, person: UUID | None, assignment: UUID) -> AssignmentTaken:
    return AssignmentTaken(**_told(session, person, assignment), name_by=START)


def released(session: SessionWithPlace, person: UUID | None, assignment: UUID) -> AssignmentReleased:
    return AssignmentReleased(
        **_told(session, person, assignment), was_firm=True, reason=because("absence.illness")
    )


def unstaffable(session: SessionWithPlace, declined: Sequence[UUID] = ()) -> SessionUnstaffable:
    return SessionUnstaffable(
        order_id=session.order_id, session_id=session.session_id, declined=tuple(declined)
    )


def opened(session: SessionWithPlace) -> SessionOpened:
    return SessionOpened(
        order_id=session.order_id,
        session_id=session.session_id,
        person_id=uuid4(),
        opened_at=session.slot.starts_at,
    )


def missed(session: SessionWithPlace) -> SessionMissed:
    return SessionMissed(
        order_id=session.order_id,
        session_id=session.session_id,
        slot=session.slot,
        opening_until=session.slot.ends_at + timedelta(hours=48),
        person_id=session.proposed,
    )
