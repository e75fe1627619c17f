"""The copy of orders is kept by reactions. Other nouns read orders through here."""

from dataclasses import replace

from contracts.order_intake import OrderAccepted
from contracts.values import EnterpriseId, OrderId, OrderLine, WorkerId
from evaluation.orders import store
from evaluation.orders.store import Order, sees
from servicekit.db import Tx
from servicekit.identity import Actor

__all__ = [
    "Order", "find", "held", "is_of_enterprise", "is_of_union", "known", "name_of", "note_accepted",
    "note_amended", "note_cancelled", "note_pooled",
    "sees", "sees_part", "whose",
]  # fmt: skip


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
            shift_pattern=fact.shift_pattern,
            shift_anchor=fact.shift_anchor,
        ),
    )


async def note_amended(tx: Tx, order_id: OrderId, lines: tuple[OrderLine, ...]) -> None:
    """The order has other lines from now on."""
    await store.save(tx, (await store.read(tx, order_id)).with_lines(lines))


async def note_cancelled(tx: Tx, order_id: OrderId) -> None:
    """Nothing more is held for this order."""
    await store.save(tx, replace(await store.read(tx, order_id), cancelled=True))


async def note_pooled(tx: Tx, order_id: OrderId) -> None:
    """Its people are taught and examined by the joint order."""
    if (found := await store.find(tx, order_id)) is not None:
        await store.save(tx, replace(found, cancelled=True))


async def known(tx: Tx, order_id: OrderId, *, seen_by: Actor | None = None) -> Order:
    """The order; `order.unknown`."""
    return await store.read(tx, order_id, seen_by=seen_by)


async def whose(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> frozenset[WorkerId] | None:
    """The people whose names and results somebody may read: an enterprise its own of a joint order, else all (none)."""
    order = await store.find(tx, order_id)
    if order is None or not order.is_joint or not seen_by.may("enterprise") or seen_by.may("union"):
        return None
    return order.people_of(seen_by.organisation)


async def sees_part(tx: Tx, order_id: OrderId, enterprise_id: EnterpriseId, *, seen_by: Actor) -> bool:
    """Whether somebody sees what is held for the order at this enterprise, at least for people of their own."""
    if sees(seen_by, enterprise_id):
        return True
    order = await store.find(tx, order_id)
    return order is not None and order.seen_by(seen_by)


async def name_of(tx: Tx, enterprise_id: EnterpriseId) -> str:
    """An enterprise as it writes itself, from an order of its own; its id when none was accepted."""
    return await store.name_of(tx, enterprise_id) or enterprise_id


async def is_of_enterprise(tx: Tx, organisation: str) -> bool:
    """Whether an order of this enterprise was ever accepted."""
    return await store.is_of_enterprise(tx, organisation)


async def is_of_union(tx: Tx, organisation: str) -> bool:
    """Whether this union has ever accepted an order."""
    return await store.is_of_union(tx, organisation)


async def held(tx: Tx, order_id: OrderId, *, seen_by: Actor | None = None) -> Order:
    """The order, held to the end of the transaction; `order.unknown`."""
    return await store.lock(tx, order_id, seen_by=seen_by)


async def find(tx: Tx, order_id: OrderId) -> Order | None:
    """The order, if it was accepted."""
    return await store.find(tx, order_id)
