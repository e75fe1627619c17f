"""What is done about certificates: issued for a batch, revoked one by one or all of an evaluation, printed."""

import asyncio
import secrets
from collections.abc import Sequence

from contracts.evaluation import CertificateIssued, CertificateRevoked
from contracts.programme import Programme
from contracts.refusals import Refused
from contracts.values import BatchId, CertificateId, EvaluationId, OrderId, Reason, WorkerId
from evaluation import directory
from evaluation.certificates import numbering, rules, store
from evaluation.certificates.rules import Certificate, Issue, Passed
from evaluation.examinations.commands import results as examinations
from evaluation.known import known
from evaluation.neighbours import Worker
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from evaluation.paper import Sheet
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.facts import record_all
from servicekit.identity import Actor
from servicekit.ids import new_id


async def issue(tx: Tx, batch_id: BatchId, *, by: Actor) -> list[CertificateIssued]:
    """Certificates for everybody of the batch who passed; with that the batch is at its end."""
    batch = await examinations.held_for_certificates(tx, batch_id)
    order = await orders.known(tx, batch.order_id)
    programme = programme_of(tx, order)
    day = await today(tx)
    passed = [Passed(each.evaluation_id, each.worker_id, each.parts) for each in batch.passed]
    kinds = [kind for _ in passed for kind in programme.certificates.kinds]
    before = await store.ending(tx, [each.worker_id for each in passed], batch.occupation, batch.level)
    facts = rules.issue(
        Issue(
            order_id=order.order_id,
            occupation=batch.occupation,
            level=batch.level,
            federation=_federation(tx, order),
            enterprise=order.enterprise_name,
            issued_on=day,
        ),
        passed,
        programme.certificates,
        numbers=await numbering.numbers(tx, order, batch.level, kinds, day),
        renews={of: each.certificate_id for of, each in before.items()},
        check_of=known(tx).check_of,
        new_code=new_code,
        new_id=new_id,
    )
    await store.add(tx, [rules.evolve(None, fact) for fact in facts])
    await record_all(tx, facts, by=by)
    await examinations.complete(tx, batch, certificates=len(facts), by=by)
    return facts


async def revoke(tx: Tx, certificate_id: CertificateId, reason: Reason, *, by: Actor) -> None:
    """One certificate no longer holds, for a cause of the issuer's own; its sisters with it where the cause says so."""
    certificate = await store.lock(tx, certificate_id)
    order = await orders.known(tx, certificate.order_id)
    causes = programme_of(tx, order).revocation_causes
    of_evaluation = await store.of_evaluation(tx, certificate.evaluation_id)
    facts = rules.revoke(certificate, of_evaluation, reason, causes, today=await today(tx))
    await _save(tx, of_evaluation, facts, by=by)


async def void(tx: Tx, evaluation_id: EvaluationId, reason: Reason, *, by: Actor) -> int:
    """The result is void: all certificates of the evaluation, one fact each; how many."""
    batch = await examinations.batch_of(tx, evaluation_id)
    order = await orders.known(tx, batch.order_id)
    certificates = await store.of_evaluation(tx, evaluation_id)
    causes = programme_of(tx, order).revocation_causes
    facts = rules.void(certificates, reason, causes, today=await today(tx))
    await _save(tx, certificates, facts, by=by)
    return len(facts)


async def certificates_of(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> list[Certificate]:
    """All certificates of an order; `order.unknown` for an order that is not theirs."""
    await orders.known(tx, order_id, seen_by=seen_by)
    own = await orders.whose(tx, order_id, seen_by=seen_by)
    return [each for each in await store.of_order(tx, order_id) if own is None or each.worker_id in own]


async def of_every_order(tx: Tx) -> list[Certificate]:
    """Every certificate of every order, by number."""
    return await store.every(tx)


async def holders_of(tx: Tx, order_id: OrderId) -> frozenset[WorkerId]:
    """Who holds a certificate of the order."""
    return frozenset(each.worker_id for each in await store.of_order(tx, order_id) if each.valid)


async def sheet_of(tx: Tx, certificate_id: CertificateId, *, seen_by: Actor) -> Sheet:
    """What is printed; one that does not hold is not (`certificate.revoked_already`, `certificate.suspended_now`)."""
    certificate = await store.read(tx, certificate_id)
    order = await orders.find(tx, certificate.order_id)
    own = await orders.whose(tx, certificate.order_id, seen_by=seen_by)
    if order is None or not order.seen_by(seen_by) or not (own is None or certificate.worker_id in own):
        raise rules.unknown(certificate_id)
    rules.check_valid(certificate)
    (sheet,) = await sheets_of(tx, [certificate])
    if lacks := await asyncio.to_thread(known(tx).paper.lacks, sheet.words):
        raise Refused("certificate.unprintable", characters=" ".join(lacks))
    return sheet


async def all_of(tx: Tx, order_id: OrderId) -> list[Certificate]:
    """All certificates of an order, whoever asks: for what this service does itself."""
    return await store.of_order(tx, order_id)


async def page_of(tx: Tx, order_id: OrderId, *, after: str, most: int) -> list[Certificate]:
    """The next certificates of an order behind this number: those that hold, and those that do not."""
    return await store.page_of(tx, order_id, after, most)


async def sheets_of(tx: Tx, certificates: Sequence[Certificate]) -> list[Sheet]:
    """What is printed of each, whether it can be or not."""
    people = await directory.kept_workers(tx, {each.worker_id for each in certificates})
    of = {each: await orders.known(tx, each) for each in {one.order_id for one in certificates}}
    return [_sheet(tx, each, of[each.order_id], people.get(each.worker_id)) for each in certificates]


def _sheet(tx: Tx, certificate: Certificate, order: Order, holder: Worker | None) -> Sheet:
    programmes = known(tx).programmes
    level, occupation = (
        programmes.levels[certificate.level],
        programmes.occupations.get(certificate.occupation),
    )
    return Sheet(
        number=certificate.number,
        check=certificate.proof,
        demo=certificate.demo,
        kind=certificate.kind,
        holder=holder.name if holder else directory.number_of(certificate.worker_id),
        id_masked=holder.id_masked if holder else "",
        occupation_code=certificate.occupation,
        occupation=(occupation.name_zh, occupation.name_en) if occupation else ("", ""),
        level=(level.name_zh, level.name_en),
        marks=tuple((part.part, f"{part.mark:.1f}", f"{part.pass_mark:.1f}") for part in certificate.parts),
        issuer=certificate.issuer,
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        title=_title(tx, certificate, order),
    )


def _title(tx: Tx, certificate: Certificate, order: Order) -> tuple[str, str] | None:
    """As the programme calls this kind; none = as the paper does."""
    of = programme_of(tx, order).certificates.of(certificate.kind)
    return (of.title_zh, of.title_en or "") if of.title_zh else None


async def _save(
    tx: Tx, certificates: list[Certificate], facts: list[CertificateRevoked], *, by: Actor
) -> None:
    by_id = {each.certificate_id: each for each in certificates}
    for fact in facts:
        await store.save(tx, rules.evolve(by_id[fact.certificate_id], fact))
    await record_all(tx, facts, by=by)


def new_code() -> str:
    """128 random bits for the QR code: who has only a number cannot guess them."""
    return secrets.token_hex(16)


def programme_of(tx: Tx, order: Order) -> Programme:
    """The programme of an order."""
    return known(tx).programmes.programmes[order.programme]


def _federation(tx: Tx, order: Order) -> str:
    """The federation as it writes itself; its id when the programme folder does not know it."""
    union = known(tx).programmes.demo.unions.get(order.union_id)
    return union.name_zh if union else order.union_id
