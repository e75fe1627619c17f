"""What is known of candidates for their standard's routes; a paper that was seen is noted, and they are asked again."""

from collections.abc import Collection
from datetime import date

from contracts.evaluation import BatchFact
from contracts.values import EvaluationId, OccupationCode, WorkerId
from evaluation import directory
from evaluation.examinations import eligibility, evidence_store, rules, store
from evaluation.examinations import evidence as papers
from evaluation.examinations.batch import Batch, CandidateState
from evaluation.examinations.commands import arrivals, keeping
from evaluation.examinations.eligibility import Evidence
from evaluation.examinations.evidence import Asked, Paper, Told
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.ids import new_id
from staffing.admission import Held, answers


async def known_of(
    tx: Tx, workers: Collection[WorkerId], occupation: OccupationCode
) -> dict[WorkerId, Evidence]:
    """What their enterprise told of them, the certificates that we know of ourselves, the papers that were seen."""
    levels = known(tx).programmes.levels
    ours = await known(tx).levels_held(tx, workers, occupation)
    seen = await evidence_store.of_workers(tx, workers, occupation)
    found = {}
    for each in (await directory.known_workers(tx, workers)).values():
        told = [Held(each.holds_level)] if each.holds_level is not None and each.holds_level in levels else []
        held = [*told, *ours.get(each.worker_id, ())]
        shown = papers.together(each.years_in_trade, held, [one.told for one in seen.get(each.worker_id, ())])
        found[each.worker_id] = Evidence(each.birth_date, shown)
    return found


async def note(
    tx: Tx, evaluation_id: EvaluationId, told: Told, paper: Paper, seen_on: date, *, by: Actor
) -> bool:
    """A paper about a candidate who was refused; whether they are admitted by now."""
    batch = await store.lock_of(tx, evaluation_id)
    candidate = batch.candidate(evaluation_id)
    moment = await now(tx)
    of_line = [each for each in await store.of_order(tx, batch.order_id) if each.line == batch.line]
    papers.check_askable(batch, candidate, of_line, moment)
    papers.check_told(told, known(tx).programmes.levels, seen_on, await today(tx))
    one = papers.Evidence(
        evidence_id=new_id(),
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        told=told,
        paper=paper,
        seen_on=seen_on,
        noted_by=by.user,
        noted_at=moment,
    )
    await evidence_store.add(tx, one)
    facts: list[BatchFact] = [papers.seen(batch, candidate, one)]
    order = await orders.known(tx, batch.order_id)
    (verdict,) = eligibility.verdicts(
        batch,
        [candidate.worker_id],
        order.training_for(batch.occupation, batch.level),
        await keeping.lessons(tx, batch.order_id),
        await known_of(tx, [candidate.worker_id], batch.occupation),
        day=batch.slot.day,
        programmes=known(tx).programmes,
    )
    if not verdict.reasons:
        facts.append(rules.admit_later(batch, candidate, verdict, of_line))
    await keeping.save(tx, batch, facts, by=by)
    if not verdict.reasons:
        await arrivals.bar_who_teaches(tx, batch.order_id)
    return not verdict.reasons


async def papers_of(tx: Tx, batch: Batch) -> dict[WorkerId, list[papers.Evidence]]:
    """All that was seen of the batch's candidates for its occupation."""
    workers = [each.worker_id for each in batch.candidates]
    return await evidence_store.of_workers(tx, workers, batch.occupation)


async def asked(tx: Tx, batch: Batch) -> dict[EvaluationId, Asked]:
    """What the routes of the standard say by now to everybody of the batch who was refused."""
    refused = [each for each in batch.candidates if each.state is CandidateState.REFUSED]
    workers = [each.worker_id for each in refused]
    if not workers:
        return {}
    evidence = await known_of(tx, workers, batch.occupation)
    seen = await evidence_store.of_workers(tx, workers, batch.occupation)
    programmes = known(tx).programmes
    return {
        each.evaluation_id: Asked(
            answers(
                evidence[each.worker_id].shown, batch.occupation, batch.level, programmes, on=batch.slot.day
            ),
            tuple(seen.get(each.worker_id, ())),
        )
        for each in refused
        if each.worker_id in evidence
    }
