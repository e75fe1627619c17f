"""What is done about claims: looked at from the first day on, filed, taken back, settled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from contracts.claims import ClaimFact, ClaimFiled
from contracts.programme_subsidy import SubsidyRules
from contracts.refusals import Refused
from contracts.values import CertificateId, ClaimId, EnterpriseId, OrderId, Reason, ServiceLine, WorkerId
from evaluation import directory
from evaluation.archive.zipped import Zipped, printed, zipped
from evaluation.certificates import commands as certificates
from evaluation.claims import missing, pack, rules, store
from evaluation.claims.missing import Missing
from evaluation.claims.rules import Claim, Row
from evaluation.claims.what_if import Line, compare
from evaluation.delivery import commands as delivery
from evaluation.examinations.batch import BatchState
from evaluation.examinations.commands import reads
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from evaluation.photos import commands as photos
from servicekit.clock import now, today
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.identity import Actor
from servicekit.ids import new_id


@dataclass(frozen=True)
class Stand:
    """Where an order's claims stand for whoever looks."""

    order: Order
    rows: Sequence[Row]
    claims: Sequence[Claim]
    missing: Sequence[Missing]


async def stand(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> Stand:
    """What can be claimed, what was, and what is missing; of a joint order an enterprise sees its own people's."""
    order = await orders.known(tx, order_id, seen_by=seen_by)
    claims = [each for each in await store.of_order(tx, order_id) if _own(each.enterprise_id, seen_by)]
    return Stand(order, await _rows(tx, order, seen_by), claims, await _missing(tx, order, seen_by))


async def file(
    tx: Tx, order_id: OrderId, chosen: Collection[CertificateId] | None, *, by: Actor
) -> ClaimFiled:
    """The enterprise claims for these certificates of its people, or for all that can be."""
    order = await orders.held(tx, order_id, seen_by=by)
    assert by.organisation is not None  # an enterprise's account has one
    filed = rules.file(
        chosen,
        await _rows(tx, order, by),
        claim_id=new_id(),
        order_id=order_id,
        enterprise_id=by.organisation,
        place=known(tx).programmes.rules.subsidy.place.value,
        today=await today(tx),
    )
    taken = await store.save(tx, rules.evolve(None, filed))
    if len(taken) < len(filed.certificates):
        raise Refused("claim.claimed_meanwhile", count=len(filed.certificates) - len(taken))
    await record(tx, filed, by=by)
    return filed


async def withdraw(tx: Tx, claim_id: ClaimId, *, by: Actor) -> None:
    """The enterprise takes its claim back."""
    claim = await _seen(tx, claim_id, by)
    await _save(tx, claim, rules.withdraw(claim), by)


async def settle(tx: Tx, claim_id: ClaimId, paid_fen: int, reason: Reason | None, *, by: Actor) -> None:
    """The union notes what the labour bureau has paid."""
    claim = await _seen(tx, claim_id, by)
    order = await orders.known(tx, claim.order_id)
    allowed = known(tx).programmes.programmes[order.programme].claim_cut_reasons
    await _save(tx, claim, rules.settle(claim, paid_fen, reason, tuple(allowed), today=await today(tx)), by)


async def _save(tx: Tx, claim: Claim, fact: ClaimFact, by: Actor) -> None:
    await store.save(tx, rules.evolve(claim, fact))
    await record(tx, fact, by=by)


async def _seen(tx: Tx, claim_id: ClaimId, by: Actor) -> Claim:
    claim = await store.lock(tx, claim_id)
    if not _own(claim.enterprise_id, by):
        raise store.unknown(claim_id)
    return claim


def _own(enterprise_id: EnterpriseId, by: Actor) -> bool:
    return by.may("union") or by.organisation == enterprise_id


async def _rows(tx: Tx, order: Order, by: Actor) -> list[Row]:
    held = await certificates.certificates_of(tx, order.order_id, seen_by=by)
    workers, day, programmes = {each.worker_id for each in held}, await today(tx), known(tx).programmes
    claimed = await store.claimed_for(tx, workers)
    limited = programmes.rules.subsidy.a_year(day) is not None
    this_year = await store.claimed_in(tx, workers, day.year) if limited else None
    return rules.rows(held, claimed, programmes, today=day, this_year=this_year)


async def _missing(tx: Tx, order: Order, by: Actor) -> list[Missing]:
    """Of the whole order: a claim of some waits for the sessions of all. Of a cancelled one nothing is.

    Whoever was in a batch is not waited for, also who was refused or failed: a further attempt is a choice.
    """
    if order.cancelled:
        return []
    sessions, _ = await delivery.taught_to(tx, order.order_id)
    batches = await reads.batches_of(tx, order.order_id, seen_by=by)
    wanted = _to_be_examined(order)
    own = await orders.whose(tx, order.order_id, seen_by=by)
    if own is not None:
        wanted = {line: workers & own for line, workers in wanted.items()}
    ended = {
        (batch.line, each.worker_id)
        for batch in batches
        if batch.state is not BatchState.CANCELLED
        for each in batch.candidates
    }
    return missing.missing(
        sessions,
        batches,
        delivery=await delivery.stand_of(tx, order.order_id),
        trains=any(line.service is ServiceLine.THEORY_TRAINING for line in order.lines),
        candidates_unplanned=sum(
            (line, each) not in ended for line, those in wanted.items() for each in those
        ),
        today=await today(tx),
    )


def _to_be_examined(order: Order) -> dict[int, frozenset[WorkerId]]:
    return {
        line.line: frozenset(each.worker_id for each in line.trainees)
        for line in order.lines
        if line.service is ServiceLine.SKILL_EVALUATION
    }


async def what_if(tx: Tx, subsidy: SubsidyRules) -> list[Line]:
    """What all certificates would bring by other rules, beside those of today; nothing is changed."""
    numbers: dict[OrderId, Order] = {}
    held = await certificates.of_every_order(tx)
    for order_id in {each.order_id for each in held}:
        numbers[order_id] = await orders.known(tx, order_id)
    programmes = known(tx).programmes
    claimed: dict[CertificateId, int] = {
        each.certificate_id: each.fen for claim in await store.all_standing(tx) for each in claim.certificates
    }
    other = replace(programmes, rules=programmes.rules.model_copy(update={"subsidy": subsidy}))
    return compare(held, numbers, claimed, programmes, other)


async def pack_of(tx: Tx, claim_id: ClaimId, *, seen_by: Actor) -> Zipped:
    """What goes to the bureau with the claim; `claim.unknown`. Some 15 ms of one core for each certificate in it."""
    claim = await store.read(tx, claim_id)
    if not _own(claim.enterprise_id, seen_by):
        raise store.unknown(claim_id)
    order = await orders.known(tx, claim.order_id)
    claimed = {each.certificate_id for each in claim.certificates}
    rows = [row for row in await _rows(tx, order, seen_by) if row.certificate.certificate_id in claimed]
    of_claim = [row.certificate for row in rows]
    sessions, _ = await delivery.taught_to(tx, claim.order_id)
    kept = pack.Kept(
        claim=claim,
        number=order.number,
        enterprise=await orders.name_of(tx, claim.enterprise_id),
        people=await directory.kept_workers(tx, {each.worker_id for each in of_claim}),
        lessons=sorted(sessions, key=lambda each: (each.slot.starts_at, each.session_id)),
        certificates=of_claim,
        until={row.certificate.certificate_id: row.until for row in rows},
        printed=await printed(tx, of_claim, seen_by=seen_by),
        programmes=known(tx).programmes,
        zone=tx.zone,
        photos=await photos.of_sessions(tx, pack.attended(sessions, of_claim)),
    )
    about = {
        "申领 claim": f"{order.number} {kept.enterprise} {rules.yuan(claim.fen)} 元",
        "制作 made": (await now(tx)).isoformat(timespec="seconds"),
    }
    return await zipped(
        tx,
        f"{order.number} {claim.filed_on} {claim_id}.zip",
        about,
        pack.missing_from(kept),
        pack.files_of(kept),
    )
