"""Addresses of batches, marks and objections."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from contracts.values import (
    BandCode,
    BatchId,
    EvaluationId,
    LevelCode,
    Mark,
    OccupationCode,
    OrderId,
    Part,
    PartMark,
    PersonId,
    Reason,
    Slot,
    WorkerId,
)
from evaluation import directory
from evaluation.examinations import commands
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from servicekit.http import Request, Router, Transaction, refusals, set_version
from servicekit.identity import Actor, actor_with

router = Router(tags=["batches"])
Union = Annotated[Actor, Depends(actor_with("union"))]
Marker = Annotated[Actor, Depends(actor_with("assessor", "union"))]
Owner = Annotated[Actor, Depends(actor_with("union", "enterprise"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise", "assessor"))]
Words = Annotated[str, Field(max_length=4000)]


class Planned(Request):
    """A day and a band of it for an evaluation line."""

    line: Annotated[int, Field(ge=1, le=99)]
    day: date
    band: BandCode


class NewBatch(BaseModel):
    """The batch that was planned."""

    batch_id: BatchId


class OneMark(Request):
    """0 to 100 in tenths; null = absent."""

    evaluation_id: EvaluationId
    mark: Mark | None


class Marks(Request):
    """Marks of one part."""

    part: Part
    marks: Annotated[list[OneMark], Field(min_length=1, max_length=2000)]

    def by_evaluation(self) -> dict[EvaluationId, Mark | None]:
        """The last mark of each candidate."""
        return {each.evaluation_id: each.mark for each in self.marks}


class Posted(BaseModel):
    """Until when objections are taken."""

    posted_on: date
    objections_until: date
    candidates: int
    passed: int


class Objection(Request):
    """Why; the words stay in this service."""

    reason: Reason
    text: Words | None = None


class Settlement(Objection):
    """The answer: upheld = the parts are marked again."""

    upheld: bool


class CandidateView(BaseModel):
    """A candidate. Marks show when all parts are confirmed; `entered` parts have a first entry only."""

    evaluation_id: EvaluationId
    worker_id: WorkerId
    name: str
    state: CandidateState
    reasons: tuple[Reason, ...]
    entered: list[Part]
    confirmed: list[Part]
    parts: tuple[PartMark, ...]
    passed: bool | None
    attempt: int
    objection: bool


class BatchSummary(BaseModel):
    """A batch without its candidates."""

    batch_id: BatchId
    order_id: OrderId
    line: int
    occupation: OccupationCode
    level: LevelCode
    slot: Slot
    parts: tuple[Part, ...]
    state: BatchState
    posted_on: date | None
    objections_until: date | None
    admitted: int
    refused: int
    passed: int

    @classmethod
    def of(cls, batch: Batch) -> "BatchSummary":
        """What everybody sees who may see the batch."""
        return cls(
            batch_id=batch.batch_id,
            order_id=batch.order_id,
            line=batch.line,
            occupation=batch.occupation,
            level=batch.level,
            slot=batch.slot,
            parts=batch.parts,
            state=batch.state,
            posted_on=batch.posted_on,
            objections_until=batch.objections_until,
            admitted=len(batch.admitted),
            refused=len(batch.candidates) - len(batch.admitted),
            passed=len(batch.passed),
        )


class BatchView(BatchSummary):
    """A batch with its candidates."""

    assessors: list[PersonId]
    groups: int
    """In how many groups, one after another, the practical is held."""
    candidates: list[CandidateView]


@router.post(
    "/orders/{order_id}/batches",
    status_code=201,
    responses=refusals(
        "order.unknown",
        "order.cancelled_already",
        "batch.no_evaluation_line",
        "batch.level_not_examined",
        "batch.no_such_band",
        "batch.in_the_past",
        "batch.nobody_left",
        "batch.training_unfinished",
        "batch.evidence_unknown",
        "batch.nobody_eligible",
    ),
)
async def plan(order_id: OrderId, given: Planned, tx: Transaction, by: Union) -> NewBatch:
    """Plan a batch: every trainee of the line is admitted, or refused with every reason."""
    batch_id = await commands.plan(tx, order_id, line=given.line, day=given.day, band=given.band, by=by)
    return NewBatch(batch_id=batch_id)


@router.get("/orders/{order_id}/batches", responses=refusals("order.unknown"))
async def list_batches(order_id: OrderId, tx: Transaction, by: Owner) -> list[BatchSummary]:
    """The order's batches by time."""
    return [BatchSummary.of(each) for each in await commands.batches_of(tx, order_id, seen_by=by)]


@router.get("/batches/{batch_id}", responses=refusals("batch.unknown"))
async def read_batch(batch_id: BatchId, tx: Transaction, by: Reader, response: Response) -> BatchView:
    """The batch with its candidates. Whoever confirms marks does not see the first entry here."""
    batch = await commands.batch_for(tx, batch_id, seen_by=by)
    progress = await commands.progress_of(tx, batch_id)
    names = await directory.names(tx, [each.worker_id for each in batch.candidates])
    set_version(response, batch.version)
    return BatchView(
        **BatchSummary.of(batch).model_dump(),
        assessors=sorted(await commands.assessors_of(tx, batch_id)),
        groups=commands.groups_of(tx, batch),
        candidates=[
            _candidate(each, names[each.worker_id], progress.get(each.evaluation_id, {}))
            for each in batch.candidates
        ],
    )


def _candidate(each: Candidate, name: str, progress: dict[Part, bool]) -> CandidateView:
    return CandidateView(
        evaluation_id=each.evaluation_id,
        worker_id=each.worker_id,
        name=name,
        state=each.state,
        reasons=each.reasons,
        entered=[part for part, confirmed in progress.items() if not confirmed],
        confirmed=[part for part, confirmed in progress.items() if confirmed],
        parts=each.parts,
        passed=each.passed if each.state is CandidateState.ASSESSED else None,
        attempt=each.attempt,
        objection=each.objection,
    )


MARKS = (
    "batch.unknown",
    "batch.not_marking",
    "batch.not_begun",
    "assessor.taught_the_cohort",
    "assessor.not_of_this_batch",
    "marks.no_such_part",
    "marks.candidate_refused",
    "marks.confirmed_already",
    "evaluation.unknown",
)


@router.post("/batches/{batch_id}/marks", status_code=204, responses=refusals(*MARKS))
async def enter_marks(batch_id: BatchId, given: Marks, tx: Transaction, by: Marker) -> None:
    """First entry of a part's marks, by an assessor of the batch or the union."""
    await commands.enter_marks(tx, batch_id, given.part, given.by_evaluation(), by=by)


@router.post(
    "/batches/{batch_id}/marks/confirm",
    status_code=204,
    responses=refusals(*MARKS, "marks.not_entered", "marks.same_person", "marks.differ"),
)
async def confirm_marks(batch_id: BatchId, given: Marks, tx: Transaction, by: Marker) -> None:
    """Second entry, by another person. One difference, and none is taken: both values are shown."""
    await commands.confirm_marks(tx, batch_id, given.part, given.by_evaluation(), by=by)


@router.post(
    "/batches/{batch_id}/post",
    responses=refusals("batch.unknown", "batch.not_marking", "batch.marks_missing"),
)
async def post_results(batch_id: BatchId, tx: Transaction, by: Union) -> Posted:
    """Post the results for objections."""
    posted = await commands.post(tx, batch_id, by=by)
    return Posted(
        posted_on=posted.posted_on,
        objections_until=posted.objections_until,
        candidates=posted.candidates,
        passed=posted.passed,
    )


@router.post(
    "/evaluations/{evaluation_id}/objections",
    status_code=204,
    responses=refusals(
        "evaluation.unknown",
        "batch.not_posted",
        "objection.too_late",
        "objection.no_result",
        "objection.open_already",
    ),
)
async def raise_objection(evaluation_id: EvaluationId, given: Objection, tx: Transaction, by: Owner) -> None:
    """Object to a posted result."""
    await commands.raise_objection(tx, evaluation_id, given.reason, given.text, by=by)


@router.post(
    "/evaluations/{evaluation_id}/objections/settle",
    status_code=204,
    responses=refusals("evaluation.unknown", "objection.none_open"),
)
async def settle_objection(
    evaluation_id: EvaluationId, given: Settlement, tx: Transaction, by: Union
) -> None:
    """Answer an objection; upheld, the candidate is marked again and the results are posted anew."""
    await commands.settle_objection(tx, evaluation_id, given.reason, given.text, upheld=given.upheld, by=by)
