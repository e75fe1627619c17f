"""What an order learns from the facts of others: it starts with its first session and ends with its stages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from contracts.base import Fact
from contracts.evaluation import DeliveryCompleted, EvaluationCompleted, SessionOpened
from contracts.order_intake import OrderFact
from contracts.scheduling import SchemeConfirmed, SchemeWithdrawn
from contracts.values import OrderId
from order_intake.orders import ended, rules, store
from order_intake.orders.rules import Order, Progress
from order_intake.orders.store import Stored
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.facts import record

Heard = SchemeConfirmed | SchemeWithdrawn | SessionOpened | DeliveryCompleted | EvaluationCompleted


def learnt(known: Progress, fact: Fact) -> Progress:
    """What is known of the order after the fact."""
    match fact:
        case SchemeConfirmed():
            # a newer scheme is to be delivered anew
            stages, by_hand = frozenset(fact.stages), frozenset(fact.by_hand)
            return replace(known, stages=stages, by_hand=by_hand, delivered=False)
        case SchemeWithdrawn():
            return known.without_scheme()
        case DeliveryCompleted():
            return replace(known, delivered=True)
        case EvaluationCompleted():
            return replace(known, evaluated=known.evaluated | {fact.line})
    return known


async def start_order(tx: Tx, fact: Heard, *, because: Cause) -> None:
    """The first session was opened; later ones change nothing."""
    await _learn(tx, fact, lambda order, _, day: rules.start(order, today=day), because)


async def fulfil_order(tx: Tx, fact: Heard, *, because: Cause) -> None:
    """Note what the fact says; the order is fulfilled when nothing is left to do."""
    await _learn(tx, fact, lambda order, known, day: rules.fulfil(order, known, today=day), because)


async def remember(tx: Tx, fact: Heard, _cause: Cause) -> None:
    """Note what the fact says, and nothing else."""
    await _note(tx, await _held(tx, fact.order_id), fact)


async def _learn(
    tx: Tx, fact: Heard, decide: Callable[[Order, Progress, date], OrderFact | None], because: Cause
) -> None:
    """Hold the order, note what was learnt, and say what follows from it."""
    stored = await _note(tx, await _held(tx, fact.order_id), fact)
    follows = decide(stored.order, stored.progress, await today(tx))
    if follows:
        await ended.save(tx, store.after(stored, follows, at=await now(tx)), because=because)
        await record(tx, follows, because=because)


async def _held(tx: Tx, order_id: OrderId) -> Stored:
    return await store.lock(tx, order_id, of=None)


async def _note(tx: Tx, stored: Stored, fact: Heard) -> Stored:
    """Progress alone is nobody's edit: a version that somebody holds stays good."""
    progress = learnt(stored.progress, fact)
    if progress == stored.progress:
        return stored
    stored = replace(stored, progress=progress)
    await store.save(tx, stored)
    return stored
