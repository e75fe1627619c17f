"""The copy of orders is kept by reactions. Other nouns read orders through here."""

from dataclasses import replace

from contracts.order_intake import OrderAccepted
from contracts.values import OrderId, OrderLine
from evaluation.orders import store
from evaluation.orders.store import Order, sees
from servicekit.db import Tx
from servicekit.identity import Actor

__all__ = ["Order", "find", "held", "known", "note_accepted", "note_amended", "note_cancelled", "sees"]


async def note_accepted(tx: Tx, fact: OrderAccepted) -> None:
    """Remember what the union has accepted."""
    await store.save(
        tx,
        Order(
            order_id=fact.order_id,
            number=fact.number,
            enterprise_id=fact.enterprise_id,
            enterprise_name=fact.enterprise_name,
            programme=fact.programme,
            division=fact.division,
            union_id=fact.union_id,
            lines=fact.lines,
        ),
    )


async def note_amended(tx: Tx, order_id: OrderId, lines: tuple[OrderLine, ...]) -> None:
    """The order has other lines from now on."""
    await store.save(tx, (await store.read(tx, order_id)).with_lines(lines))


async def note_cancelled(tx: Tx, order_id: OrderId) -> None:
    """Nothing more is held for this order."""
    await store.save(tx, replace(await store.read(tx, order_id), cancelled=True))


async def known(tx: Tx, order_id: OrderId, *, seen_by: Actor | None = None) -> Order:
    """The order; `order.unknown`."""
    return await store.read(tx, order_id, seen_by=seen_by)


async def held(tx: Tx, order_id: OrderId, *, seen_by: Actor | None = None) -> Order:
    """The order, held to the end of the transaction; `order.unknown`."""
    return await store.lock(tx, order_id, seen_by=seen_by)


async def find(tx: Tx, order_id: OrderId) -> Order | None:
    """The order, if it was accepted."""
    return await store.find(tx, order_id)
