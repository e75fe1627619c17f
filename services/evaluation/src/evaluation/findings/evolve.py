"""What the facts of findings do to their rows, when they are all that is left; an answer's words are in no fact."""

from contracts.findings import FindingAnswered, FindingClosed, FindingRaised
from evaluation.findings import rules, store
from servicekit.db import Cause, Tx


async def raised(tx: Tx, fact: FindingRaised, _cause: Cause) -> None:
    """It was told."""
    await store.add(tx, rules.raised(fact))


async def changed(tx: Tx, fact: FindingAnswered | FindingClosed, cause: Cause) -> None:
    """It was answered or closed, by whoever said so."""
    await store.save(tx, rules.evolve(await store.lock(tx, fact.finding_id), fact, cause.actor))
