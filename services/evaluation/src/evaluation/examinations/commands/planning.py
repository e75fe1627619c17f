"""A batch is planned, moved to another time, or cancelled."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from contracts.refusals import Invalid
from contracts.values import BandCode, BatchId, OrderId, Reason, Slot
from evaluation.examinations import eligibility, rules, store
from evaluation.examinations.batch import CandidateState
from evaluation.examinations.commands import evidence, keeping
from evaluation.examinations.rules import Asked
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.ids import new_id
from staffing.people import assessors_for


async def plan(tx: Tx, order_id: OrderId, *, line: int, day: date, band: BandCode, by: Actor) -> BatchId:
    """A batch for an evaluation line: every trainee is admitted or refused; dispatch is asked for assessors."""
    order = await orders.held(tx, order_id, seen_by=by)
    programmes = known(tx).programmes
    wanted = rules.check_line(order.line(line), line, programmes.levels, cancelled=order.cancelled)
    slot = _slot(tx, day, band)
    rules.check_slot(slot, await now(tx), known(tx).calendar)
    batches = [each for each in await store.of_order(tx, order_id) if each.line == line]
    attempts = rules.still_to_examine([each.worker_id for each in wanted.trainees], batches)
    lessons = await keeping.lessons(tx, order_id)
    verdicts = eligibility.verdicts(
        wanted,
        tuple(attempts),
        order.training_for(wanted.occupation, wanted.level),
        lessons,
        await evidence.known_of(tx, attempts, wanted.occupation),
        day=day,
        programmes=programmes,
    )
    admitted = [each.worker_id for each in verdicts if not each.reasons]
    asked = Asked(
        batch_id=new_id(),
        order_id=order_id,
        enterprise_id=order.enterprise_id,
        division=order.division,
        line=wanted,
        slot=slot,
        assessors=assessors_for(len(admitted), programmes.rules.evaluation.figures(wanted.occupation, day))[
            0
        ],
    )
    barred = eligibility.barred(lessons, admitted)
    facts = rules.plan(
        asked,
        verdicts,
        attempts,
        level=programmes.levels[wanted.level],
        barred=barred,
        new_id=new_id,
        before=batches,
    )
    await keeping.save(tx, None, facts, by=by)
    return asked.batch_id


async def move(tx: Tx, batch_id: BatchId, *, day: date, band: BandCode, by: Actor) -> None:
    """The batch at another time, its candidates looked at again for that day; assessors are asked for anew."""
    batch = await store.lock(tx, batch_id)
    slot = _slot(tx, day, band)
    marked = bool(await store.entries(tx, batch_id)) or any(
        each.state is CandidateState.ASSESSED for each in batch.candidates
    )
    rules.check_movable(batch, slot, marked=marked, now=await now(tx), calendar=known(tx).calendar)
    order = await orders.known(tx, batch.order_id)
    programmes = known(tx).programmes
    workers = [each.worker_id for each in batch.admitted]
    lessons = await keeping.lessons(tx, batch.order_id)
    verdicts = eligibility.verdicts(
        batch,
        workers,
        order.training_for(batch.occupation, batch.level),
        lessons,
        await evidence.known_of(tx, workers, batch.occupation),
        day=day,
        programmes=programmes,
    )
    moved = rules.move(
        batch,
        slot,
        verdicts,
        assessors=assessors_for(len(workers), programmes.rules.evaluation.figures(batch.occupation, day))[0],
        barred=eligibility.barred(lessons, workers),
    )
    await keeping.save(tx, batch, [moved], by=by)


async def cancel(tx: Tx, batch_id: BatchId, reason: Reason, *, by: Actor) -> None:
    """The batch is not held; its candidates can be planned in another one."""
    batch = await store.lock(tx, batch_id)
    await keeping.save(tx, batch, [rules.cancel(batch, reason)], by=by)


def _slot(tx: Tx, day: date, band: BandCode) -> Slot:
    bands = known(tx).programmes.bands
    hours = bands.get(band)
    if hours is None:
        raise Invalid("batch.no_such_band", field="body.band", band=band, known=", ".join(bands))
    return Slot(
        day=day,
        band=band,
        starts_at=_at(day, hours.starts, tx.zone),
        ends_at=_at(day, hours.ends, tx.zone),
        zone=tx.zone.key,
    )


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(ZoneInfo("UTC"))
