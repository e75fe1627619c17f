"""Addresses of findings, for the union alone."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import AwareDatetime, BaseModel, Field

from contracts.findings import FindingId
from contracts.sentences import sentences_of
from contracts.values import (
    BatchId,
    EnterpriseId,
    OccupationCode,
    OrderId,
    OrderNumber,
    PersonId,
    Reason,
    SessionId,
    Slot,
    WorkerId,
)
from evaluation import directory
from evaluation.delivery import looked
from evaluation.delivery.session import Session
from evaluation.findings import commands
from evaluation.findings.checks import Kind
from evaluation.findings.rules import Answer, Asked, Case, Ending, State
from evaluation.orders import commands as orders
from servicekit.db import Tx
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with
from staffing.counting import person_times

router = Router(tags=["findings"])
Union = Annotated[Actor, Depends(actor_with("union"))]
Words = Annotated[str, Field(max_length=4000)]
"""Free words; they stay in this service, encrypted."""


class Answered(Request):
    """Who was asked, what they answered, and how they put it."""

    asked: Asked
    reason: Answer
    text: Words | None = None


class Closing(Request):
    """How it stands."""

    reason: Ending


class FindingView(BaseModel):
    """A finding: what was seen, in every language, where, of how many, and what became of it."""

    finding_id: FindingId
    order_id: OrderId
    number: OrderNumber | None
    enterprise_id: EnterpriseId | None
    kind: Kind
    reason: Reason
    sentences: dict[str, str]
    sessions: list[SessionId]
    batch_id: BatchId | None
    workers: int
    people: list[PersonId]
    found_at: AwareDatetime
    state: State
    asked: str | None
    answer: Reason | None
    answered_by: str | None
    answered_at: AwareDatetime | None
    ended: Reason | None
    closed_by: str | None
    closed_at: AwareDatetime | None


class WorkerView(BaseModel):
    """Somebody whom it is about."""

    worker_id: WorkerId
    name: str


class LessonView(BaseModel):
    """A session that it is about."""

    session_id: SessionId
    order_id: OrderId
    enterprise_id: EnterpriseId
    occupation: OccupationCode
    slot: Slot
    lead: PersonId | None
    person_times: int

    @classmethod
    def of(cls, session: Session) -> "LessonView":
        """As it was held."""
        return cls(
            session_id=session.session_id,
            order_id=session.order_id,
            enterprise_id=session.enterprise_id,
            occupation=session.occupation,
            slot=session.slot,
            lead=session.opened_by,
            person_times=person_times(session),
        )


class FindingWhole(FindingView):
    """With its evidence and the words of the answer."""

    lessons: list[LessonView]
    whom: list[WorkerView]
    answer_text: str | None


@router.get("/findings")
async def list_findings(
    tx: Transaction,
    _: Union,
    state: Annotated[State | None, Query()] = None,
    kind: Annotated[Kind | None, Query()] = None,
    order_id: Annotated[OrderId | None, Query()] = None,
) -> list[FindingView]:
    """What is worth a second look, the newest first."""
    return [FindingView(**await _told(tx, each)) for each in await commands.listed(tx, state, kind, order_id)]


@router.get("/findings/{finding_id}", responses=refusals("finding.unknown"))
async def read_finding(finding_id: FindingId, tx: Transaction, _: Union) -> FindingWhole:
    """One of them with the sessions and people that show it."""
    case, text = await commands.one(tx, finding_id)
    names = await directory.names(tx, case.finding.workers)
    return FindingWhole(
        **await _told(tx, case),
        lessons=[LessonView.of(each) for each in await looked.several(tx, case.finding.sessions)],
        whom=[WorkerView(worker_id=each, name=names[each]) for each in case.finding.workers],
        answer_text=text,
    )


@router.post(
    "/findings/{finding_id}/answer",
    status_code=204,
    responses=refusals("finding.unknown", "finding.not_open"),
)
async def answer_finding(finding_id: FindingId, given: Answered, tx: Transaction, by: Union) -> None:
    """Write down what the enterprise, the college or the instructor answered."""
    await commands.answer(tx, finding_id, given.asked, given.reason, given.text, by=by)


@router.post(
    "/findings/{finding_id}/close",
    status_code=204,
    responses=refusals("finding.unknown", "finding.not_answered", "finding.same_person"),
)
async def close_finding(finding_id: FindingId, given: Closing, tx: Transaction, by: Union) -> None:
    """Close it: somebody else than whoever wrote the answer down."""
    await commands.close(tx, finding_id, given.reason, by=by)


async def _told(tx: Tx, case: Case) -> dict[str, object]:
    order = await orders.find(tx, case.finding.order_id)
    of = case.finding
    return {
        "finding_id": of.finding_id,
        "order_id": of.order_id,
        "number": order.number if order else None,
        "enterprise_id": order.enterprise_id if order else None,
        "kind": of.kind,
        "reason": of.reason,
        "sentences": sentences_of(of.reason.code, dict(of.reason.figures)),
        "sessions": list(of.sessions),
        "batch_id": of.batch_id,
        "workers": len(of.workers),
        "people": list(of.people),
        **{
            name: getattr(case, name)
            for name in (
                "found_at", "state", "asked", "answer", "answered_by", "answered_at", "ended", "closed_by",
                "closed_at",
            )
        },
    }  # fmt: skip
