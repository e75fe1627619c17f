"""What is done about archives: everything of a batch is gathered, its certificates printed, and packed."""

from contracts.base import Fact, fact_of
from contracts.evaluation import (
    BatchFact,
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
    DeliveryFact,
)
from contracts.values import BatchId, WorkerId
from evaluation import directory
from evaluation.archive import contents
from evaluation.archive.contents import Kept, Said
from evaluation.archive.zipped import Zipped, printed, zipped
from evaluation.certificates import commands as certificates
from evaluation.certificates.rules import Certificate
from evaluation.delivery import commands as delivery
from evaluation.delivery.session import Session, SignIn
from evaluation.examinations.batch import Batch
from evaluation.examinations.commands import arranging, evidence, reads
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from evaluation.photos import commands as photos
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import Recorded, read_story
from servicekit.identity import Actor

OF_A_CERTIFICATE = (
    CertificateIssued, CertificateReissued, CertificateSuspended, CertificateReinstated, CertificateRevoked,
)  # fmt: skip
MADE_OF = (BatchFact, DeliveryFact, *OF_A_CERTIFICATE)


async def archive_of(tx: Tx, batch_id: BatchId, *, seen_by: Actor) -> Zipped:
    """The batch as it stands now; `batch.unknown`. Some 15 ms of one core for each certificate that is printed."""
    batch = await reads.batch_for(tx, batch_id, seen_by=seen_by)
    order = await orders.known(tx, batch.order_id)
    workers = {each.worker_id for each in batch.candidates}
    lessons = await _lessons(tx, batch, order, workers)
    issued = await _certificates(tx, batch, seen_by)
    kept = Kept(
        batch=batch,
        number=order.number,
        enterprise=order.enterprise_name,
        rule_set=known(tx).programmes.rules.evaluation.rule_set(batch.occupation),
        story=_story(await read_story(tx, order.order_id), batch, lessons, issued),
        people=await directory.kept_workers(tx, workers),
        lessons=lessons,
        certificates=issued,
        printed=await printed(tx, issued, seen_by=seen_by),
        programmes=known(tx).programmes,
        photos=await photos.of_sessions(tx, [session for session, _ in lessons]),
        papers=await evidence.papers_of(tx, batch),
        names=(await arranging.arranged(tx, batch)).names,
    )
    made_at = await now(tx)
    about = {
        "订单 order": f"{order.number} {order.enterprise_name}",
        "批次 batch": str(batch_id),
        "制作 made": made_at.isoformat(timespec="seconds"),
    }
    return await zipped(
        tx,
        f"{order.number} {batch.slot.day} {batch_id}.zip",
        about,
        contents.missing_from(kept),
        contents.files_of(kept),
    )


async def _lessons(
    tx: Tx, batch: Batch, order: Order, workers: set[WorkerId]
) -> list[tuple[Session, dict[WorkerId, SignIn]]]:
    """The training for this examination that any of the candidates was to attend, by time."""
    sessions, cohorts = await delivery.taught_to(tx, order.order_id)
    lines = order.training_for(batch.occupation, batch.level)
    wanted = [
        each
        for each in sessions
        if each.line in lines and not workers.isdisjoint(cohorts.get(each.cohort_id, frozenset()))
    ]
    wanted.sort(key=lambda each: (each.slot.starts_at, each.session_id))
    return [(each, await delivery.signed_in(tx, each.session_id)) for each in wanted]


async def _certificates(tx: Tx, batch: Batch, seen_by: Actor) -> list[Certificate]:
    own = {each.evaluation_id for each in batch.candidates}
    found = await certificates.certificates_of(tx, batch.order_id, seen_by=seen_by)
    return [each for each in found if each.evaluation_id in own]


def _story(
    recorded: list[Recorded],
    batch: Batch,
    lessons: list[tuple[Session, dict[WorkerId, SignIn]]],
    issued: list[Certificate],
) -> list[Said]:
    about = {
        batch.batch_id,
        *(each.session_id for each, _ in lessons),
        *(each.certificate_id for each in issued),
    }
    found = []
    for each in recorded:
        kind = fact_of(each.envelope.type)
        if kind is not None and issubclass(kind, MADE_OF):
            fact = kind.model_validate(each.envelope.data)
            if _about(fact) in about:
                said = each.envelope
                found.append(Said(str(said.id), said.time, said.actor or "", fact, said.to_bytes()))
    return found


def _about(fact: Fact) -> object:
    if isinstance(fact, BatchFact):
        return fact.batch_id
    if isinstance(fact, DeliveryFact):
        return fact.session_id
    assert isinstance(fact, OF_A_CERTIFICATE)  # nothing else makes an archive
    return fact.certificate_id
