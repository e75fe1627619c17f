"""What the facts of certificates do to their rows and the counters of numbers, when they are all that is left."""

from contracts.evaluation import (
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
)
from evaluation.certificates import rules, store
from evaluation.certificates.rules import Series
from servicekit.db import Cause, Tx


async def issued(tx: Tx, fact: CertificateIssued, _cause: Cause) -> None:
    """A certificate, whose number nobody else gets."""
    await store.given(tx, *Series.of(fact))
    await store.add(tx, [rules.evolve(None, fact)])


async def changed(
    tx: Tx,
    fact: CertificateRevoked | CertificateSuspended | CertificateReinstated | CertificateReissued,
    _cause: Cause,
) -> None:
    """Whether it holds."""
    await store.save(tx, rules.evolve(await store.lock(tx, fact.certificate_id), fact))
