"""What the facts of an enterprise do to its row, when they are all that is left of it: each is the whole state."""

from contracts.order_intake import EnterpriseChanged, EnterpriseRegistered
from order_intake.enterprises import store
from servicekit.db import Cause, Tx


async def registered(tx: Tx, fact: EnterpriseRegistered, _cause: Cause) -> None:
    """A new row."""
    await store.add(tx, fact)


async def changed(tx: Tx, fact: EnterpriseChanged, _cause: Cause) -> None:
    """The whole new state, as the next version."""
    _, version = await store.read(tx, fact.enterprise_id, of=None)
    await store.save(tx, fact, version + 1)
