"""Everything order-intake does because a fact arrived."""

from contracts.base import ORDERS
from contracts.evaluation import DeliveryCompleted, EvaluationCompleted, SessionOpened
from contracts.scheduling import SchemeConfirmed, SchemeWithdrawn
from order_intake.orders import progress
from order_intake.pools import commands as pools
from servicekit.db import Cause, Tx
from servicekit.reactions import Reactions, nothing_to_remember

reactions = Reactions("order-intake", topics=(ORDERS,), bound=pools.members_bound)


@reactions.on(SchemeConfirmed, remember=progress.remember)
async def when_scheme_confirmed_know_its_stages(tx: Tx, fact: SchemeConfirmed, cause: Cause) -> None:
    """What must be done until the order is fulfilled."""
    await progress.fulfil_order(tx, fact, because=cause)
    await pools.fulfil_members(tx, fact.order_id, because=cause)


@reactions.on(SchemeWithdrawn, remember=progress.remember)
async def when_scheme_withdrawn_know_no_stages(tx: Tx, fact: SchemeWithdrawn, cause: Cause) -> None:
    """Nothing fulfils the order until another scheme is confirmed."""
    await progress.fulfil_order(tx, fact, because=cause)


@reactions.on(SessionOpened, remember=nothing_to_remember)
async def when_session_opened_start_the_order(tx: Tx, fact: SessionOpened, cause: Cause) -> None:
    """The first one starts it."""
    await progress.start_order(tx, fact, because=cause)


@reactions.on(DeliveryCompleted, remember=progress.remember)
async def when_delivery_completed_fulfil_the_order(tx: Tx, fact: DeliveryCompleted, cause: Cause) -> None:
    """If nothing else is left to do."""
    await progress.fulfil_order(tx, fact, because=cause)
    await pools.fulfil_members(tx, fact.order_id, because=cause)


@reactions.on(EvaluationCompleted, remember=progress.remember)
async def when_evaluation_completed_fulfil_the_order(tx: Tx, fact: EvaluationCompleted, cause: Cause) -> None:
    """If no other line and no session is left."""
    await progress.fulfil_order(tx, fact, because=cause)
    await pools.fulfil_members(tx, fact.order_id, because=cause)
