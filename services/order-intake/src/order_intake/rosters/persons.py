"""One person across all orders: what is held here, given out as one file, and erased."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.refusals import NotFound
from contracts.values import OrderId, OrderLine, Reason, WorkerId
from contracts.workers import WorkerErased, WorkerExported
from order_intake.known import known
from order_intake.orders import before
from order_intake.orders import commands as orders
from order_intake.orders.ended import ROSTER_ENDS, UNDER_WAY, class_of, kept_until, set_end
from order_intake.orders.lines import DraftLine
from order_intake.orders.rules import Order
from order_intake.rosters import person_rules as rules
from order_intake.rosters import store
from order_intake.rosters.imports import PEOPLE
from servicekit.clock import today
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject, read_story, record, record_all
from servicekit.identity import Actor
from servicekit.removals import note_removal, removals

Kept = store.Kept
WAITING = """
select data ->> 'of' as of, min(due) as due, count(*) as waiting from due where kind = $1 group by 1"""
Disclosed = store.Disclosed


@dataclass(frozen=True, slots=True)
class Stands:
    """An order with the person on it, and how they are named there; nothing once that is gone."""

    order: Order
    kept: Kept | None
    kept_until: date | None
    """The last day on which the name is kept; none while the order is under way, or without a name."""


@dataclass(frozen=True, slots=True)
class Told:
    """That the data were given out or erased: what, why and when, and by whom."""

    fact: WorkerExported | WorkerErased
    by: str

    def is_for(self, reader: Actor) -> bool:
        """What an enterprise reads: its end, and what they did themselves; not who else has the person on an order."""
        return isinstance(self.fact, WorkerErased) or self.by == reader.user


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held of a person here, as far as somebody may see it."""

    worker_id: WorkerId
    stands: Sequence[Stands]
    disclosed: Sequence[Disclosed]
    told: Sequence[Told]


async def held_of(tx: Tx, worker_id: WorkerId, *, by: Actor) -> Held:
    """What is held; an enterprise sees what its own orders hold. `worker.unknown` where that is nothing."""
    kept = {each.order_id: each for each in await store.of_workers(tx, [worker_id])}
    ids = list(dict.fromkeys([*kept, *await store.naming(tx, worker_id)]))
    stored = await orders.read_stored(tx, ids)
    found = [each.order for each in stored]
    ended = {each.order.id: each.changed_at.astimezone(tx.zone).date() for each in stored}
    personal = known(tx).programmes.rules.personal
    seen = {each.id: each for each in found if by.may("union") or _own(each, worker_id, by)}
    if not seen:
        raise NotFound("worker.unknown")
    return Held(
        worker_id,
        [
            Stands(
                seen[id_],
                kept.get(id_),
                kept_until(seen[id_], ended[id_], personal) if id_ in kept else None,
            )
            for id_ in ids
            if id_ in seen
        ],
        [each for each in await store.disclosures_of(tx, worker_id) if each.order_id in seen],
        [each for each in await _told(tx, worker_id) if by.may("union") or each.is_for(by)],
    )


def _own(order: Order, worker_id: WorkerId, by: Actor) -> bool:
    """The enterprise's own order; a joint one only where its own people stand on it."""
    if order.enterprise_id != by.organisation:
        return False
    lines: list[OrderLine | DraftLine] = [*order.lines, *order.draft]
    return not order.members or any(
        each.worker_id == worker_id and rules.are_theirs(order, each, by)
        for line in lines
        for each in line.trainees
    )


async def export(tx: Tx, worker_id: WorkerId, reason: Reason, *, by: Actor) -> Held:
    """Everything, given out; that it was is a fact of the person, without the data."""
    await hold_subject(tx, worker_id)
    held = await held_of(tx, worker_id, by=by)
    reasons = known(tx).programmes.rules.personal.export_reasons
    await record(tx, rules.export(worker_id, reason, reasons, today=await today(tx)), by=by)
    return held


async def erase(tx: Tx, worker_id: WorkerId, reason: Reason, typed: str, *, by: Actor) -> None:
    """Name, ID number and birth date are destroyed in every order that has ended; refused while one has not."""
    # who stood on a line before its import is rewritten below: each of those orders is held, too
    waiting = {order_id for order_id, _, people in await before.everywhere(tx) if str(worker_id) in people}
    await hold_subject(tx, worker_id, *waiting)
    held = await held_of(tx, worker_id, by=by)
    standing = [each.order for each in held.stands]
    reasons = known(tx).programmes.rules.personal.erasure_reasons
    fact = rules.erase(worker_id, standing, reason, reasons, typed=typed, today=await today(tx))
    # an order that came meanwhile keeps its people: it was asked for after this
    await _destroy(tx, worker_id, [each.id for each in standing])
    await record(tx, fact, by=by)


async def erased(tx: Tx, fact: WorkerErased, _cause: Cause) -> None:
    """The fact does again what the command did: a database of before it has the person still."""
    kept = await store.of_workers(tx, [fact.worker_id])
    ended = [
        each.id for each in await orders.read_orders(tx, [one.order_id for one in kept])
        if each.state not in UNDER_WAY
    ]  # fmt: skip
    await _destroy(tx, fact.worker_id, ended)


async def bound_to(tx: Tx, orders_: Collection[str]) -> set[str]:
    """Whom these orders know by name: held with them when the time of a roster is over."""
    return {str(each) for order_id in orders_ for each in await store.of_order(tx, UUID(order_id))}


async def roster_over(tx: Tx, order_id: OrderId, *, because: Cause | None) -> None:
    """An ended order forgets its people's names; whom no order knows any more is erased everywhere.

    If newer rules keep them longer than those by which the deadline was set, it is set anew.
    """
    (stored,) = await orders.read_stored(tx, [order_id])
    day = await today(tx)
    ended_on, personal = stored.changed_at.astimezone(tx.zone).date(), known(tx).programmes.rules.personal
    until = kept_until(stored.order, ended_on, personal)
    if until is None or until >= day:
        await set_end(tx, stored, because)
        return
    workers = sorted(await store.of_order(tx, order_id))
    await store.drop_all_but(tx, order_id, ())
    left = {each.worker_id for each in await store.of_workers(tx, workers)}
    await record_all(
        tx, [rules.over(each, today=day) for each in workers if each not in left], because=because
    )
    await note_removal(tx, class_of(stored.order), len(workers))


@dataclass(frozen=True, slots=True)
class KeptNow:
    """Of a class of data: what was removed last, and what is removed next."""

    of: str
    removed_at: datetime | None
    removed: int
    next_due: datetime | None
    waiting: int


async def kept(tx: Tx) -> list[KeptNow]:
    """Rosters of ended orders, by their class."""
    gone = await removals(tx)
    waits = {row["of"]: row for row in await tx.driver.fetch(WAITING, ROSTER_ENDS)}
    return [
        KeptNow(
            of, gone[of].at if of in gone else None, gone[of].removed if of in gone else 0,
            waits[of]["due"] if of in waits else None, waits[of]["waiting"] if of in waits else 0,
        )
        for of in ("roster", "roster_unused")
    ]  # fmt: skip


async def _destroy(tx: Tx, worker_id: WorkerId, ended: Sequence[OrderId]) -> None:
    await store.erase(tx, worker_id, ended)
    for order_id, line, told in await before.everywhere(tx):
        if str(worker_id) in told:
            staying = [each for each in PEOPLE.validate_json(told) if each.worker_id != worker_id]
            await before.keep(tx, order_id, line, PEOPLE.dump_json(staying).decode())


async def _told(tx: Tx, worker_id: WorkerId) -> list[Told]:
    found = []
    for each in await read_story(tx, worker_id):
        fact = each.envelope.fact()
        if isinstance(fact, WorkerExported | WorkerErased):
            found.append(Told(fact, each.envelope.actor or ""))
    return found
