"""What is done about joint orders. Every command holds the joint order and all its members in one statement."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from contracts.order_intake import OrderAccepted, OrderFact, OrderPooled, OrderPoolWithdrawn
from contracts.refusals import Invalid, NotFound, Refused
from contracts.values import EnterpriseId, OrderId, Reason, UnionId
from order_intake.known import known
from order_intake.orders import ended, store
from order_intake.orders import evolve as remembering
from order_intake.orders import rules as orders
from order_intake.orders.commands import Change, read_order
from order_intake.orders.commands import cancel_order as cancel_alone
from order_intake.orders.rules import Order, State
from order_intake.orders.store import Stored
from order_intake.pools import rules
from order_intake.pools.proposals import Proposal, Proposals, proposal_of, propose
from order_intake.pools.rules import Opening
from order_intake.pools.together import Small, Trade
from order_intake.rosters import commands as rosters
from servicekit.clock import now, today
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject, record_all
from servicekit.identity import Actor
from servicekit.ids import new_id
from servicekit.timers import drop_deadline, set_deadline
from staffing.travel import Travel

CONSENT_OVER = remembering.CONSENT_OVER


async def read_proposals(tx: Tx) -> Proposals:
    """What could be pooled now."""
    return propose([_small(each) for each in await store.poolable(tx)], await _trade(tx))


async def open_pool(
    tx: Tx, ids: Collection[OrderId], host: EnterpriseId | None, *, union_id: UnionId, by: Actor
) -> tuple[Order, Proposal]:
    """A joint order of these is proposed; at the first order's works unless another host is named."""
    if len(set(ids)) < len(ids):
        raise Invalid("pool.order_twice", field="orders")
    joint_id, trade = new_id(), await _trade(tx)
    await hold_subject(tx, joint_id, *ids)
    found = {each.order.id: each for each in await store.read_some(tx, ids)}
    missing = next((id_ for id_ in ids if id_ not in found), None)
    if missing is not None:
        raise NotFound("order.unknown", field="orders", order_id=missing)
    members = [_small(found[id_]) for id_ in ids]
    for each in members:
        if each.order.site is None:
            raise NotFound("order.unknown", field="orders", order_id=each.order.id)
    at = next((each for each in members if host in (None, each.enterprise)), None)
    if at is None:
        raise Invalid("pool.host_no_member", field="host", host=host)
    hours = trade.programme(at.order).pooling.consent_hours.value
    moment = await now(tx)
    opening = Opening(
        joint_id, await store.draw_number(tx, trade.today.year), union_id, moment + timedelta(hours=hours)
    )
    proposed, asked = rules.open_pool(members, at, opening, trade)
    joint = Stored(orders.begun_jointly(proposed), 1, orders.Progress(), None, moment)
    await store.add(tx, joint)
    after = await _say(tx, [joint, *found.values()], (proposed, *asked), by=by)
    await set_deadline(tx, CONSENT_OVER, key=joint_id, subject=joint_id, due=opening.answer_by)
    return after[joint_id].order, proposal_of(members, at, trade)


async def read_pool(tx: Tx, joint_id: OrderId, *, of: EnterpriseId | None) -> tuple[Stored, list[Stored]]:
    """A joint order with its members, for the union and for its members; `pool.unknown`."""
    joint = next(iter(await store.read_some(tx, [joint_id])), None)
    if joint is None or not joint.order.members:
        raise NotFound("pool.unknown")
    if of is not None and of not in {each.enterprise_id for each in joint.order.members}:
        raise NotFound("pool.unknown")
    members = {each.order.id: each for each in await store.read_some(tx, _ids(joint.order))}
    return joint, [members[each.order_id] for each in joint.order.members]


async def withdraw_pool(tx: Tx, joint_id: OrderId, reason: Reason, *, by: Actor) -> None:
    """The union takes the proposal back."""
    joint, members = await _hold(tx, joint_id)
    facts = rules.withdraw(joint.order, [each.order for each in members], reason)
    await _settled(tx, [joint, *members], facts, by=by)


async def consent(tx: Tx, order_id: OrderId, *, of: EnterpriseId, by: Actor) -> None:
    """The enterprise agrees; the last answer settles the joint order."""
    joint, members, own = await _hold_of_member(tx, order_id, of)
    await _answered(tx, joint, members, rules.consent(own.order), by=by)


async def leave(tx: Tx, order_id: OrderId, reason: Reason, *, of: EnterpriseId | None, by: Actor) -> None:
    """The enterprise refuses, or takes its order out again; the union may take out who is in."""
    joint, members, own = await _hold_of_member(tx, order_id, of)
    if own.order.state is State.POOLED:
        day = await today(tx)
        each = [one.order for one in members]
        facts = rules.leave(joint.order, own.order, each, reason, today=day)
        after = await _say(tx, [joint, *members], facts, by=by)
        await _forget_who_left(tx, after[joint.order.id].order)
        return
    await _answered(tx, joint, members, rules.decline(own.order, reason), by=by)


async def consent_is_over(tx: Tx, joint_id: OrderId, *, because: Cause | None) -> None:
    """The time to consent has run out: whoever kept silent goes their own way."""
    joint, members = await _hold(tx, joint_id)
    facts = await _follows(tx, joint, members, over=True)
    await _settled(tx, [joint, *members], facts, because=because)


async def members_bound(tx: Tx, subjects: Collection[str]) -> list[OrderId]:
    """The members of these joint orders: whatever fulfils a joint order fulfils them."""
    ids = [UUID(subject) for subject in subjects]
    return [id_ for each in await store.read_some(tx, ids) for id_ in _ids(each.order)]


async def hold_members(tx: Tx, order_id: OrderId) -> None:
    """An order, and all its members if it is a joint one, held in one statement."""
    found = await store.read_some(tx, [order_id])
    await hold_subject(tx, order_id, *(id_ for each in found for id_ in _ids(each.order)))


async def _hold(tx: Tx, joint_id: OrderId) -> tuple[Stored, list[Stored]]:
    await hold_members(tx, joint_id)
    return await read_pool(tx, joint_id, of=None)


async def _hold_of_member(
    tx: Tx, order_id: OrderId, of: EnterpriseId | None
) -> tuple[Stored, list[Stored], Stored]:
    """The member's joint order, held; `pool.not_asked` where it has none."""
    before = await store.read(tx, order_id, of=of)
    joint_id = rules.joint_of(before.order)
    joint, members = await _hold(tx, joint_id)
    own = next(each for each in members if each.order.id == order_id)
    if rules.joint_of(own.order) != joint_id:
        raise Refused("pool.not_asked")  # it has left meanwhile, and is asked for another
    return joint, members, own


async def _answered(
    tx: Tx, joint: Stored, members: Sequence[Stored], answer: OrderFact, *, by: Actor
) -> None:
    """The answer, and what follows when it was the last that counted."""
    moment = await now(tx)
    after = [
        store.after(each, answer, at=moment) if str(each.order.id) == answer.subject else each
        for each in members
    ]
    facts = (answer, *await _follows(tx, joint, after, over=False))
    await _settled(tx, [joint, *members], facts, by=by)


async def _follows(tx: Tx, joint: Stored, members: Sequence[Stored], *, over: bool) -> tuple[OrderFact, ...]:
    told = [(each.order, each.progress) for each in members]
    return rules.settle(joint.order, told, over=over, today=await today(tx))


async def _settled(
    tx: Tx,
    known_: Sequence[Stored],
    facts: Sequence[OrderFact],
    *,
    by: Actor | None = None,
    because: Cause | None = None,
) -> None:
    """Say it; accepted or withdrawn, nobody is waited for, and the people of who is in are known to the joint order."""
    after = await _say(tx, known_, facts, by=by, because=because)
    for fact in facts:
        if isinstance(fact, OrderAccepted | OrderPoolWithdrawn):
            await drop_deadline(tx, CONSENT_OVER, fact.order_id)
    for fact in facts:
        if isinstance(fact, OrderPooled):
            await rosters.copy_people(tx, fact.order_id, fact.joint_id, _workers(after[fact.order_id].order))


async def _say(
    tx: Tx,
    known_: Iterable[Stored],
    facts: Sequence[OrderFact],
    *,
    by: Actor | None = None,
    because: Cause | None = None,
) -> dict[OrderId, Stored]:
    """The orders after these facts, and the facts."""
    moment = await now(tx)
    rows = {each.order.id: each for each in known_}
    for fact in facts:
        rows[fact.order_id] = store.after(rows[fact.order_id], fact, at=moment)
    for id_ in dict.fromkeys(fact.order_id for fact in facts):
        await ended.save(tx, rows[id_], because=because)
    await record_all(tx, facts, by=by, because=because)
    return rows


async def _forget_who_left(tx: Tx, joint: Order) -> None:
    """Whoever left is known by name to their own order alone; with the joint order ended, everybody."""
    await rosters.forget_all_but(tx, joint.id, set() if joint.state is State.CANCELLED else _workers(joint))


def _small(stored: Stored) -> Small:
    return Small(stored.order, stored.progress)


def _workers(order: Order) -> set[UUID]:
    return {trainee.worker_id for line in order.lines for trainee in line.trainees}


def _ids(joint: Order) -> list[OrderId]:
    return [each.order_id for each in joint.members]


async def _trade(tx: Tx) -> Trade:
    programmes = known(tx).programmes
    return Trade(programmes, Travel.of(programmes), await today(tx))


async def cancel_order(tx: Tx, order_id: OrderId, reason: Reason, change: Change) -> int:
    """End an accepted order. A joint one ends for all its members, so the union ends it; they wait anew."""
    await hold_members(tx, order_id)
    stored = await read_order(tx, order_id, by=change.by)
    if stored.order.members and not change.by.may("union"):
        raise Refused("order.is_joint")
    rules.check_cancellable(stored.order)
    version = await cancel_alone(tx, order_id, reason, change)
    if stored.order.members:
        joint, members = await read_pool(tx, order_id, of=None)
        left = rules.freed(joint.order, [each.order for each in members], Reason(code="pool.joint_cancelled"))
        await _say(tx, members, left, by=change.by)
        await _forget_who_left(tx, joint.order)
    return version


async def fulfil_members(tx: Tx, order_id: OrderId, *, because: Cause) -> None:
    """The members of a joint order are fulfilled by it; the order itself and its members are held."""
    found = next(iter(await store.read_some(tx, [order_id])), None)
    if found is None or found.order.state is not State.FULFILLED or not found.order.members:
        return
    joint, members = await read_pool(tx, order_id, of=None)
    facts = rules.fulfilled(joint.order, [each.order for each in members], today=await today(tx))
    await _say(tx, members, facts, because=because)
