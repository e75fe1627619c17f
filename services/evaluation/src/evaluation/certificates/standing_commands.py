"""What is done about one certificate's standing: suspended, holding again, another issued in its place."""

from contracts.evaluation import CertificateIssued, CertificateReinstated, CertificateSuspended
from contracts.programme_rules import RevocationCauses
from contracts.values import CertificateId, Reason
from evaluation.certificates import numbering, rules, standing, store
from evaluation.certificates.commands import new_code, programme_of
from evaluation.certificates.rules import Certificate
from evaluation.known import known
from evaluation.orders import commands as orders
from evaluation.orders.commands import Order
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.facts import record_all
from servicekit.identity import Actor
from servicekit.ids import new_id


async def suspend(tx: Tx, certificate_id: CertificateId, reason: Reason, *, by: Actor) -> None:
    """It does not hold for a while."""
    certificate, _, causes = await _held(tx, certificate_id)
    await _say(tx, certificate, standing.suspend(certificate, reason, causes, today=await today(tx)), by=by)


async def reinstate(tx: Tx, certificate_id: CertificateId, reason: Reason, *, by: Actor) -> None:
    """It holds again."""
    certificate, _, causes = await _held(tx, certificate_id)
    await _say(tx, certificate, standing.reinstate(certificate, reason, causes, today=await today(tx)), by=by)


async def reissue(tx: Tx, certificate_id: CertificateId, reason: Reason, *, by: Actor) -> CertificateIssued:
    """Another in its place, under the next number of its level and this year; the old one ends."""
    certificate, order, causes = await _held(tx, certificate_id)
    standing.check_reissue(certificate, reason, causes)
    day = await today(tx)
    (drawn,) = await numbering.numbers(tx, order, certificate.level, [certificate.kind], day)
    new, ended, linked = standing.reissue(
        certificate,
        reason,
        new_id=new_id(),
        number=drawn.number,
        demo=drawn.demo,
        check=known(tx).check_of(drawn.number),
        check_code=new_code(),
        today=day,
    )
    await store.add(tx, [rules.evolve(None, new)])
    await store.save(tx, rules.evolve(rules.evolve(certificate, ended), linked))
    await record_all(tx, [new, ended, linked], by=by)
    return new


async def renew(tx: Tx, certificate_id: CertificateId, reason: Reason, *, by: Actor) -> CertificateIssued:
    """Another follows it, because its holder has gone on working: numbered anew, with an end of its own."""
    certificate, order, causes = await _held(tx, certificate_id)
    of, day = programme_of(tx, order).certificates.of(certificate.kind), await today(tx)
    renewed = await store.is_renewed(tx, certificate_id)
    standing.check_renew(certificate, of, reason, causes, renewed=renewed, today=day)
    (drawn,) = await numbering.numbers(tx, order, certificate.level, [certificate.kind], day)
    new = standing.renew(
        certificate,
        of,
        new_id=new_id(),
        drawn=drawn,
        check=known(tx).check_of(drawn.number),
        check_code=new_code(),
        today=day,
    )
    await store.add(tx, [rules.evolve(None, new)])
    await record_all(tx, [new], by=by)
    return new


async def _held(tx: Tx, certificate_id: CertificateId) -> tuple[Certificate, Order, RevocationCauses]:
    certificate = await store.lock(tx, certificate_id)
    order = await orders.known(tx, certificate.order_id)
    return certificate, order, programme_of(tx, order).revocation_causes


async def _say(
    tx: Tx, certificate: Certificate, fact: CertificateSuspended | CertificateReinstated, *, by: Actor
) -> None:
    await store.save(tx, rules.evolve(certificate, fact))
    await record_all(tx, [fact], by=by)
