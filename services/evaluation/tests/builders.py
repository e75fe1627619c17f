"""Things of the trade as tests speak of them. People are generated; nobody in here is real."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from contracts import programme
from contracts.instructor_dispatch import AssignmentAccepted
from contracts.order_intake import OrderAccepted
from contracts.scheduling import SchemeConfirmed, SessionScheduled
from contracts.values import (
    Cohort,
    Mode,
    Needs,
    OrderLine,
    Part,
    PartMark,
    Role,
    ServiceLine,
    Slot,
    Stage,
    Trainee,
    Way,
)
from evaluation.delivery.session import Session, SignIn
from evaluation.neighbours import Worker

PROGRAMMES = Path(__file__).parents[3] / "programmes"
SHANGHAI = ZoneInfo("Asia/Shanghai")
ELECTRICIAN = "6-31-01-03"
MONDAY = date(2027, 3, 8)
WORKERS = UUID("01900000-0000-7000-8000-00000000aaaa")


@cache
def the_programmes() -> programme.Programmes:
    return programme.load(PROGRAMMES)


def a_worker(number: int) -> UUID:
    """The same id for the same number."""
    return uuid5(WORKERS, str(number))


def a_slot(day: date = MONDAY, band: str = "am") -> Slot:
    hours = the_programmes().bands[band]
    return Slot(day=day, band=band, starts_at=at(day, hours.starts), ends_at=at(day, hours.ends))


def at(day: date, hour: time | int, minute: int = 0) -> datetime:
    """A local time as a moment."""
    clock = hour if isinstance(hour, time) else time(hour, minute)
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def a_line(number: int, service: ServiceLine, workers: Sequence[UUID], level: str = "L4") -> OrderLine:
    return OrderLine(
        line=number,
        service=service,
        occupation=ELECTRICIAN,
        level=level,
        trainees=tuple(Trainee(worker_id=each, crew="A") for each in workers),
        earliest=date(2027, 3, 1),
        latest=date(2027, 6, 30),
    )


def an_order(order_id: UUID, lines: Sequence[OrderLine], enterprise: str = "jinniu") -> OrderAccepted:
    return OrderAccepted(
        order_id=order_id,
        number="2027-0001",
        enterprise_id=enterprise,
        enterprise_name="福建金牛水泥集团有限公司",
        programme="send-teachers-home",
        division="350428",
        shift_pattern="day",
        shift_anchor=date(2026, 1, 5),
        union_id="smftu",
        lines=tuple(lines),
        accepted_on=date(2027, 3, 1),
    )


def a_scheme(order_id: UUID, cohorts: Sequence[Cohort], sessions: int) -> SchemeConfirmed:
    stages = (Stage.DELIVERY, Stage.EVALUATION) if sessions else (Stage.EVALUATION,)
    return SchemeConfirmed(
        order_id=order_id,
        version=1,
        hash="a" * 64,
        stages=stages,
        cohorts=tuple(cohorts),
        sessions=sessions,
    )


def a_cohort(workers: Sequence[UUID], line: int = 1) -> Cohort:
    return Cohort(cohort_id=uuid4(), letter="A", line=line, crews=("A",), workers=tuple(workers))


def a_scheduled(
    order_id: UUID, cohort: Cohort, *, position: int = 1, slot: Slot | None = None
) -> SessionScheduled:
    return SessionScheduled(
        order_id=order_id,
        session_id=uuid4(),
        cohort_id=cohort.cohort_id,
        line=cohort.line,
        occupation=ELECTRICIAN,
        level="L4",
        position=position,
        unit="el4-control",
        mode=Mode.ONSITE,
        class_hours=4,
        needs=Needs(occupation=ELECTRICIAN, level="L3"),
        enterprise_id="jinniu",
        division="350428",
        slot=slot or a_slot(MONDAY + timedelta(days=position - 1)),
    )


def an_assignment(session: SessionScheduled, person: UUID) -> AssignmentAccepted:
    return AssignmentAccepted(
        order_id=session.order_id,
        assignment_id=uuid4(),
        session_id=session.session_id,
        college_id="smtc",
        person_id=person,
    )


def an_assessor(order_id: UUID, batch_id: UUID, person: UUID) -> AssignmentAccepted:
    return AssignmentAccepted(
        order_id=order_id,
        assignment_id=uuid4(),
        batch_id=batch_id,
        role=Role.ASSESSOR,
        college_id="smtc",
        person_id=person,
    )


def a_session(**given: object) -> Session:
    """A planned session with a firm lead, for rules."""
    told: dict[str, object] = {
        "session_id": uuid4(),
        "order_id": uuid4(),
        "cohort_id": uuid4(),
        "line": 1,
        "occupation": ELECTRICIAN,
        "level": "L4",
        "class_hours": 4,
        "enterprise_id": "jinniu",
        "division": "350428",
        "slot": a_slot(),
        "lead": UUID(int=7),
    }
    return Session(**(told | given))  # type: ignore[arg-type]


def an_act(worker: UUID, moment: datetime | None = None, **given: object) -> SignIn:
    told: dict[str, object] = {"act_id": uuid4(), "way": Way.SCAN}
    return SignIn(worker_id=worker, at=moment or a_slot().starts_at, **(told | given))  # type: ignore[arg-type]


def a_part(mark: str | None, part: Part = Part.THEORY, pass_mark: str = "60") -> PartMark:
    return PartMark(part=part, mark=None if mark is None else Decimal(mark), pass_mark=Decimal(pass_mark))


def a_known(number: int, **given: object) -> Worker:
    """What order-intake tells of a worker."""
    told: dict[str, object] = {
        "worker_id": a_worker(number),
        "name": f"演示{number}",
        "id_masked": "350400********1234",
        "last_four": "1234",
        "birth_date": date(1990, 1, 1),
        "years_in_trade": 12,
        "holds_level": "L5",
    }
    return Worker.model_validate(told | given)
