"""What an order learns from the facts of others: it starts with its first session and ends with its stages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from contracts.order_intake import OrderFact
from contracts.values import LineNumber, OrderId, Stage
from order_intake.orders import rules, store
from order_intake.orders.rules import Order, Progress
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.facts import record


async def start_order(tx: Tx, order_id: OrderId, *, because: Cause) -> None:
    """The first session was opened; later ones change nothing."""
    await _learn(
        tx, order_id, lambda known: known, lambda order, _, day: rules.start(order, today=day), because
    )


async def take_stages(
    tx: Tx, order_id: OrderId, stages: frozenset[Stage], by_hand: frozenset[LineNumber], *, because: Cause
) -> None:
    """A scheme was confirmed: what it has is what must be done; a newer scheme is to be delivered anew."""
    await _learn(
        tx,
        order_id,
        lambda known: replace(known, stages=stages, by_hand=by_hand, delivered=False),
        _fulfil,
        because,
    )


async def forget_stages(tx: Tx, order_id: OrderId, *, because: Cause) -> None:
    """The scheme was withdrawn, also one that was confirmed while the order was being amended."""
    await _learn(tx, order_id, Progress.without_scheme, _fulfil, because)


async def note_delivered(tx: Tx, order_id: OrderId, *, because: Cause) -> None:
    """Every session was held and confirmed."""
    await _learn(tx, order_id, lambda known: replace(known, delivered=True), _fulfil, because)


async def note_evaluated(tx: Tx, order_id: OrderId, line: int, *, because: Cause) -> None:
    """Every candidate of the line has an end."""
    await _learn(
        tx, order_id, lambda known: replace(known, evaluated=known.evaluated | {line}), _fulfil, because
    )


def _fulfil(order: Order, progress: Progress, day: date) -> OrderFact | None:
    return rules.fulfil(order, progress, today=day)


async def _learn(
    tx: Tx,
    order_id: OrderId,
    learn: Callable[[Progress], Progress],
    decide: Callable[[Order, Progress, date], OrderFact | None],
    because: Cause,
) -> None:
    """Hold the order, note what was learnt, and say what follows from it."""
    stored = await store.lock(tx, order_id, of=None)
    progress = learn(stored.progress)
    fact = decide(stored.order, progress, await today(tx))
    if fact is None and progress == stored.progress:
        return
    order = rules.evolve(stored.order, fact) if fact else stored.order
    # progress alone is nobody's edit: a version that somebody holds stays good
    version = stored.version + 1 if fact else stored.version
    await store.save(
        tx, replace(stored, order=order, progress=progress, version=version, changed_at=await now(tx))
    )
    if fact:
        await record(tx, fact, because=because)
