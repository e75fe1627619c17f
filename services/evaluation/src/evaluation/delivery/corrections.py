"""An attendance that is set right after the session: proposed by one person, decided by another of the union. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contracts.attendance import CorrectionProposed, CorrectionRefused
from contracts.evaluation import AttendanceCorrected
from contracts.programme_delivery import DeliveryRules
from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import (
    ActId,
    CorrectionId,
    Minutes,
    OrderId,
    Reason,
    SessionId,
    Way,
    WorkerId,
)
from evaluation.delivery.reasons import check_reason
from evaluation.delivery.session import HELD, Session, State


class Decision(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Asked:
    """What somebody says an attendance was: `minutes` 0 = was not there."""

    correction_id: CorrectionId
    worker_id: WorkerId
    minutes: Minutes
    act_id: ActId
    reason: Reason


@dataclass(frozen=True)
class Correction:
    """A proposal with what became of it; `was` is the record that it found, and is never changed."""

    order_id: OrderId
    session_id: SessionId
    asked: Asked
    was: Minutes
    proposed_by: str | None
    """A login, as `decided_by`."""
    proposed_at: datetime
    state: Decision = Decision.PROPOSED
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: Reason | None = None
    """Why it was refused."""


def propose(
    session: Session,
    cohort: Collection[WorkerId],
    waiting: Collection[WorkerId],
    asked: Asked,
    *,
    delivered: bool,
    at: datetime,
    class_hour_minutes: int,
    limits: DeliveryRules,
) -> CorrectionProposed:
    """One worker's attendance was otherwise, for one of the reasons that the rules have.

    One proposal for a worker at a time, until the delivery is completed.
    To a dispute it is the answer, also when the attendance stands as it was reported.
    """
    check_correctable(session, delivered=delivered)
    check_reason(asked.reason, limits.corrections.value, "attendance.correction_why_unknown")
    record = next((each.minutes for each in session.attended if each.worker_id == asked.worker_id), 0)
    if asked.worker_id not in cohort and not record:
        raise Invalid("attendance.another_cohort", field="body.worker_id", worker_id=asked.worker_id)
    most = session.class_hours * class_hour_minutes
    if asked.minutes > most:
        raise Invalid("attendance.too_long", field="body.minutes", minutes=asked.minutes, most=most)
    if asked.worker_id in waiting:
        raise Refused("attendance.correction_waits")
    if record == asked.minutes and session.state is not State.DISPUTED:
        raise Refused("attendance.as_it_is", minutes=record)
    return CorrectionProposed(
        order_id=session.order_id,
        session_id=session.session_id,
        correction_id=asked.correction_id,
        worker_id=asked.worker_id,
        minutes=asked.minutes,
        was=record,
        act_id=asked.act_id,
        reason=asked.reason,
        proposed_at=at,
    )


def confirm(
    session: Session, correction: Correction, *, user: str, delivered: bool, at: datetime, class_hours: int
) -> AttendanceCorrected:
    """Another person of the union says that it was so: from now on the record is the other one.

    `class_hours` = what is credited of it.
    """
    _check_another(correction, user)
    check_correctable(session, delivered=delivered)
    asked = correction.asked
    return AttendanceCorrected(
        order_id=session.order_id,
        session_id=session.session_id,
        worker_id=asked.worker_id,
        minutes=asked.minutes,
        way=Way.ROLL_CALL,
        act_id=asked.act_id,
        reason=asked.reason,
        corrected_at=at,
        correction_id=asked.correction_id,
        was=correction.was,
        class_hours=class_hours,
        proposed_by=correction.proposed_by,
    )


def refuse(
    correction: Correction, *, user: str, reason: Reason, at: datetime, limits: DeliveryRules
) -> CorrectionRefused:
    """Another person of the union says that the record stands, for one of the reasons that the rules have."""
    _check_another(correction, user)
    check_reason(reason, limits.corrections_refused.value, "attendance.refusal_why_unknown")
    return CorrectionRefused(
        order_id=correction.order_id,
        session_id=correction.session_id,
        correction_id=correction.asked.correction_id,
        worker_id=correction.asked.worker_id,
        reason=reason,
        refused_at=at,
    )


def check_correctable(session: Session, *, delivered: bool) -> None:
    """`session.not_closed` before it is over, `delivery.completed_already` once all was held and confirmed."""
    if session.state not in HELD:
        raise Refused("session.not_closed", state=session.state)
    if delivered:
        raise Refused("delivery.completed_already")


def _check_another(correction: Correction, user: str) -> None:
    if correction.state is not Decision.PROPOSED:
        raise Refused("attendance.correction_decided", state=correction.state)
    if user == correction.proposed_by:
        raise NotAllowed("attendance.same_person")


def proposed(fact: CorrectionProposed, by: str | None) -> Correction:
    """A proposal that this login made."""
    return Correction(
        order_id=fact.order_id,
        session_id=fact.session_id,
        asked=Asked(fact.correction_id, fact.worker_id, fact.minutes, fact.act_id, fact.reason),
        was=fact.was,
        proposed_by=by,
        proposed_at=fact.proposed_at,
    )


def decided(
    correction: Correction, fact: AttendanceCorrected | CorrectionRefused, by: str | None
) -> Correction:
    """The proposal after this login has decided."""
    if isinstance(fact, CorrectionRefused):
        return replace(
            correction,
            state=Decision.REFUSED,
            decided_by=by,
            decided_at=fact.refused_at,
            answer=fact.reason,
        )
    return replace(correction, state=Decision.CONFIRMED, decided_by=by, decided_at=fact.corrected_at)
