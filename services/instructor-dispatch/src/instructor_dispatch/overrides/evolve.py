"""What the facts about overrides do to their rows, when they are all that is left. The words are in no fact."""

from contracts.overrides import OverrideGranted, OverrideWithdrawn
from instructor_dispatch.overrides import rules, store
from servicekit.clock import now
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject


async def granted(tx: Tx, fact: OverrideGranted, cause: Cause) -> None:
    """Put aside."""
    await hold_subject(tx, fact.override_id)
    state = rules.evolve(None, fact, by=cause.actor or "", at=await now(tx))
    await store.add(tx, state, store.NO_NOTE)


async def withdrawn(tx: Tx, fact: OverrideWithdrawn, cause: Cause) -> None:
    """Counts again."""
    before = await store.lock(tx, fact.override_id)
    await store.withdraw(tx, rules.evolve(before, fact, by=cause.actor or "", at=await now(tx)))
