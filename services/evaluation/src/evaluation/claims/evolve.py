"""What the facts of claims do to their rows, when they are all that is left."""

from contracts.claims import ClaimFiled, ClaimSettled, ClaimWithdrawn
from evaluation.claims import rules, store
from servicekit.db import Cause, Tx


async def filed(tx: Tx, fact: ClaimFiled, _cause: Cause) -> None:
    """A claim, whose certificates nobody else claims."""
    await store.save(tx, rules.evolve(None, fact))


async def ended(tx: Tx, fact: ClaimWithdrawn | ClaimSettled, _cause: Cause) -> None:
    """It is taken back, or settled."""
    await store.save(tx, rules.evolve(await store.lock(tx, fact.claim_id), fact))
