"""Addresses of batches, marks and objections."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response

from contracts.values import BatchId, EvaluationId, OrderId, WorkerId
from evaluation import directory
from evaluation.examinations.arranging_views import ArrangedView
from evaluation.examinations.batch import Batch, BatchState
from evaluation.examinations.commands import arranging, evidence, marking, planning, reads, results
from evaluation.examinations.evidence_views import AskedAgain, EvidenceNoted
from evaluation.examinations.marking import Progress
from evaluation.examinations.views import (
    BatchSummary,
    BatchView,
    Cancelled,
    Excuse,
    Marks,
    Moved,
    NewBatch,
    Objection,
    Planned,
    Posted,
    SeenAgain,
    Settlement,
    StarredView,
    Unprintable,
    candidate_view,
    panel_view,
)
from evaluation.known import known
from servicekit.http import IfMatch, Router, Transaction, check_version, refusals, set_version
from servicekit.identity import Actor, actor_with

router = Router(tags=["batches"])
Union = Annotated[Actor, Depends(actor_with("union"))]
Assessor = Annotated[Actor, Depends(actor_with("assessor"))]
Marker = Annotated[Actor, Depends(actor_with("assessor", "union"))]
Owner = Annotated[Actor, Depends(actor_with("union", "enterprise"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise", "assessor"))]


async def _as_read(batch_id: BatchId, tx: Transaction, by: Reader, if_match: IfMatch = None) -> None:
    if if_match is not None:
        check_version(if_match, await reads.version_of(tx, batch_id, seen_by=by))


AsRead = Annotated[None, Depends(_as_read, scope="function")]
"""The batch is still as the asker has read it, when they say how (`If-Match`); who may not read it learns nothing."""


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
        "batch.public_holiday",
        "batch.nobody_left",
        "batch.training_unfinished",
        "batch.evidence_unknown",
        "batch.nobody_eligible",
    ),
)
async def plan(order_id: OrderId, given: Planned, tx: Transaction, by: Union) -> NewBatch:
    """Plan a batch: every trainee of the line is admitted, or refused with every reason."""
    batch_id = await planning.plan(tx, order_id, line=given.line, day=given.day, band=given.band, by=by)
    return NewBatch(batch_id=batch_id)


@router.post(
    "/batches/{batch_id}/move",
    status_code=204,
    responses=refusals(
        "batch.unknown",
        "batch.not_open",
        "batch.marked_already",
        "batch.no_such_band",
        "batch.in_the_past",
        "batch.public_holiday",
        "batch.not_moved",
        "batch.no_longer_admitted",
        "batch.training_unfinished",
        "batch.evidence_unknown",
        "version.stale",
    ),
)
async def move(batch_id: BatchId, given: Moved, tx: Transaction, by: Union, _: AsRead) -> None:
    """Hold the batch at another time, before its first mark; assessors are asked for anew."""
    await planning.move(tx, batch_id, day=given.day, band=given.band, by=by)


@router.post(
    "/batches/{batch_id}/cancel",
    status_code=204,
    responses=refusals("batch.unknown", "batch.not_open", "batch.objections_open", "version.stale"),
)
async def cancel(batch_id: BatchId, given: Cancelled, tx: Transaction, by: Union, _: AsRead) -> None:
    """Do not hold the batch, before its results are posted; its candidates can be planned again."""
    await planning.cancel(tx, batch_id, given.reason, by=by)


def _results(batch: Batch, by: Actor) -> bool:
    """The union and the assessors see results as they come, the enterprise once they are posted."""
    return by.may("union", "assessor") or batch.state in {BatchState.POSTED, BatchState.COMPLETED}


@router.get("/orders/{order_id}/batches", responses=refusals("order.unknown"))
async def list_batches(order_id: OrderId, tx: Transaction, by: Owner) -> list[BatchSummary]:
    """The order's batches by time."""
    found = await reads.batches_of(tx, order_id, seen_by=by)
    return [BatchSummary.of(each, results=_results(each, by)) for each in found]


@router.get("/batches")
async def list_own(
    tx: Transaction,
    by: Assessor,
    since: Annotated[
        date | None, Query(description="Of those at their end, the ones held on this day or later.")
    ] = None,
) -> list[BatchSummary]:
    """The batches that the asker is to assess, by time."""
    found = await reads.batches_assessed_by(tx, by=by, since=since)
    return [BatchSummary.of(each, results=True) for each in found]


@router.get("/batches/{batch_id}", responses=refusals("batch.unknown"))
async def read_batch(batch_id: BatchId, tx: Transaction, by: Reader, response: Response) -> BatchView:
    """The batch with its candidates. Nobody sees a first entry; the enterprise sees posted results only."""
    batch = await reads.batch_for(tx, batch_id, seen_by=by)
    progress = await reads.progress_of(tx, batch, seen_by=by)
    names = await directory.names(tx, [each.worker_id for each in batch.candidates])
    results = _results(batch, by)
    asked = await evidence.asked(tx, batch) if by.may("union") else {}
    set_version(response, batch.version)
    return BatchView(
        **BatchSummary.of(batch, results=results).model_dump(),
        **panel_view(await reads.panel_of(tx, batch)),
        wanted=batch.assessors,
        groups=reads.groups_of(tx, batch),
        arranged=ArrangedView.of(batch, await arranging.arranged(tx, batch)) if by.may("union") else None,
        starred=[StarredView.of(each) for each in reads.starred_of(tx, batch)],
        candidates=[
            candidate_view(
                each,
                names[each.worker_id],
                progress.get(each.evaluation_id, Progress()),
                asked.get(each.evaluation_id),
                results=results,
            )
            for each in batch.candidates
        ],
        unprintable=await _unprintable(tx, batch, names) if results and by.may("union") else [],
    )


async def _unprintable(tx: Transaction, batch: Batch, names: Mapping[WorkerId, str]) -> list[Unprintable]:
    """Reads the fonts at the first call: not on the loop."""
    paper, passed = known(tx).paper, [names[each.worker_id] for each in batch.passed]
    lacking = await asyncio.to_thread(lambda: [(name, paper.lacks(name)) for name in passed])
    return [Unprintable(name=name, characters=lacks) for name, lacks in lacking if lacks]


MARKS = (
    "batch.unknown",
    "batch.not_marking",
    "batch.not_begun",
    "batch.assessors_missing",
    "assessor.taught_the_cohort",
    "assessor.not_of_this_batch",
    "marks.no_such_part",
    "marks.candidate_refused",
    "marks.confirmed_already",
    "marks.part_carried",
    "marks.no_such_item",
    "marks.absent_failed",
    "evaluation.unknown",
    "version.stale",
)


@router.post("/batches/{batch_id}/marks", status_code=204, responses=refusals(*MARKS))
async def enter_marks(batch_id: BatchId, given: Marks, tx: Transaction, by: Assessor, _: AsRead) -> None:
    """First entry of a part's marks, by an assessor of the batch; anew where two people differed."""
    await marking.enter_marks(tx, batch_id, given.part, given.by_evaluation(), given.failed(), by=by)


@router.post(
    "/batches/{batch_id}/marks/confirm",
    responses=refusals(*MARKS, "marks.not_entered", "marks.same_person", "marks.differ"),
)
async def confirm_marks(batch_id: BatchId, given: Marks, tx: Transaction, by: Marker, _: AsRead) -> SeenAgain:
    """Second entry, by another assessor or the union. Who differs is told, not by how much; neither value is taken."""
    seen = await marking.confirm_marks(tx, batch_id, given.part, given.by_evaluation(), given.failed(), by=by)
    return SeenAgain(
        confirmed=[each.evaluation_id for each in seen if each.confirmed],
        differing=[each.evaluation_id for each in seen if each.differs],
    )


@router.post(
    "/batches/{batch_id}/post",
    responses=refusals(
        "batch.unknown", "batch.not_marking", "batch.marks_missing", "batch.not_over", "version.stale"
    ),
)
async def post_results(batch_id: BatchId, tx: Transaction, by: Union, _: AsRead) -> Posted:
    """Post the results for objections."""
    posted = await results.post(tx, batch_id, by=by)
    return Posted(
        posted_on=posted.posted_on,
        objections_until=posted.objections_until,
        candidates=posted.candidates,
        passed=posted.passed,
    )


@router.post(
    "/evaluations/{evaluation_id}/evidence",
    responses=refusals(
        "evaluation.unknown",
        "batch.not_open",
        "batch.training_unfinished",
        "batch.evidence_unknown",
        "evidence.admitted_already",
        "evidence.too_late",
        "evidence.in_another_batch",
        "evidence.says_nothing",
        "evidence.ahead",
        "level.unknown",
    ),
)
async def note_evidence(
    evaluation_id: EvaluationId, given: EvidenceNoted, tx: Transaction, by: Union
) -> AskedAgain:
    """Note a paper about whoever was refused; the routes are asked again at once."""
    admitted = await evidence.note(tx, evaluation_id, given.told, given.paper, given.seen_on, by=by)
    return AskedAgain(admitted=admitted)


@router.post(
    "/evaluations/{evaluation_id}/excuse",
    status_code=204,
    responses=refusals("evaluation.unknown", "batch.not_open", "absence.none", "absence.excused_already"),
)
async def excuse_absence(evaluation_id: EvaluationId, given: Excuse, tx: Transaction, by: Union) -> None:
    """Accept why somebody was absent: the next examination is the same attempt."""
    await results.excuse(tx, evaluation_id, given.reason, by=by)


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
    await results.raise_objection(tx, evaluation_id, given.reason, given.text, by=by)


@router.post(
    "/evaluations/{evaluation_id}/objections/settle",
    status_code=204,
    responses=refusals("evaluation.unknown", "objection.none_open"),
)
async def settle_objection(
    evaluation_id: EvaluationId, given: Settlement, tx: Transaction, by: Union
) -> None:
    """Answer an objection; upheld, the candidate is marked again and the results are posted anew."""
    await results.settle_objection(tx, evaluation_id, given.reason, given.text, upheld=given.upheld, by=by)
