"""Addresses of corrections of attendance: proposed by one person, confirmed or refused by another."""

from typing import Annotated

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel

from contracts.sentences import sentences_of
from contracts.values import (
    ActId,
    CorrectionId,
    EnterpriseId,
    Minutes,
    OrderId,
    Reason,
    SessionId,
    Slot,
    WorkerId,
)
from evaluation import directory
from evaluation.delivery import correcting
from evaluation.delivery.as_read import AsRead
from evaluation.delivery.corrections import Correction, Decision
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["sessions"])
InstructorOrUnion = Annotated[Actor, Depends(actor_with("instructor", "union"))]
Union = Annotated[Actor, Depends(actor_with("union"))]


class Proposal(Request):
    """One worker's attendance as it was; minutes 0 = was not there."""

    worker_id: WorkerId
    minutes: Minutes
    act_id: ActId
    reason: Reason


class Proposed(BaseModel):
    """By what number it is decided."""

    correction_id: CorrectionId


class Refusal(Request):
    """Why the record stands."""

    reason: Reason


class CorrectionView(BaseModel):
    """A correction beside the record that it found; who proposed and who decided are logins."""

    correction_id: CorrectionId
    worker_id: WorkerId
    was: Minutes
    minutes: Minutes
    reason: Reason
    sentences: dict[str, str]
    state: Decision
    proposed_by: str | None
    proposed_at: AwareDatetime
    decided_by: str | None
    decided_at: AwareDatetime | None
    answer: Reason | None

    @classmethod
    def of(cls, one: Correction) -> "CorrectionView":
        """As whoever sees the session sees it."""
        return cls(
            correction_id=one.asked.correction_id,
            worker_id=one.asked.worker_id,
            was=one.was,
            minutes=one.asked.minutes,
            reason=one.asked.reason,
            sentences=sentences_of(one.asked.reason.code, dict(one.asked.reason.figures)),
            state=one.state,
            proposed_by=one.proposed_by,
            proposed_at=one.proposed_at,
            decided_by=one.decided_by,
            decided_at=one.decided_at,
            answer=one.answer,
        )


class WaitingView(CorrectionView):
    """A correction that waits, with its session."""

    session_id: SessionId
    order_id: OrderId
    enterprise_id: EnterpriseId
    slot: Slot
    name: str


@router.post(
    "/sessions/{session_id}/attendance",
    status_code=201,
    responses=refusals(
        "session.unknown",
        "session.another_lead",
        "session.not_closed",
        "delivery.completed_already",
        "attendance.another_cohort",
        "attendance.too_long",
        "attendance.correction_waits",
        "attendance.as_it_is",
        "attendance.correction_why_unknown",
        "version.stale",
    ),
)
async def propose_correction(
    session_id: SessionId, given: Proposal, tx: Transaction, by: InstructorOrUnion, _: AsRead
) -> Proposed:
    """Propose to set one worker's attendance right; the record stands until another person confirms."""
    number = await correcting.propose(
        tx,
        session_id,
        given.worker_id,
        minutes=given.minutes,
        act_id=given.act_id,
        reason=given.reason,
        by=by,
    )
    return Proposed(correction_id=number)


@router.post(
    "/sessions/{session_id}/corrections/{correction_id}/confirm",
    status_code=204,
    responses=refusals(
        "session.unknown",
        "session.not_closed",
        "delivery.completed_already",
        "attendance.correction_unknown",
        "attendance.correction_decided",
        "attendance.same_person",
    ),
)
async def confirm_correction(
    session_id: SessionId, correction_id: CorrectionId, tx: Transaction, by: Union
) -> None:
    """Confirm what somebody else has proposed: the attendance is that from now on."""
    await correcting.confirm(tx, session_id, correction_id, by=by)


@router.post(
    "/sessions/{session_id}/corrections/{correction_id}/refuse",
    status_code=204,
    responses=refusals(
        "session.unknown",
        "attendance.correction_unknown",
        "attendance.correction_decided",
        "attendance.same_person",
        "attendance.refusal_why_unknown",
    ),
)
async def refuse_correction(
    session_id: SessionId, correction_id: CorrectionId, given: Refusal, tx: Transaction, by: Union
) -> None:
    """Refuse what somebody else has proposed: the record stands."""
    await correcting.refuse(tx, session_id, correction_id, given.reason, by=by)


@router.get("/corrections")
async def list_corrections(tx: Transaction, _: Union) -> list[WaitingView]:
    """Corrections that nobody has decided yet, the oldest first."""
    found = await correcting.waiting(tx)
    names = await directory.names(tx, {one.asked.worker_id for one, _ in found})
    return [
        WaitingView(
            **CorrectionView.of(one).model_dump(),
            session_id=session.session_id,
            order_id=session.order_id,
            enterprise_id=session.enterprise_id,
            slot=session.slot,
            name=names[one.asked.worker_id],
        )
        for one, session in found
    ]
