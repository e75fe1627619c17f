"""The life of a joint order until it is one: proposed, consented to, accepted or withdrawn; and who leaves it later.

Rules return the published facts, each on its own order's subject, or refuse.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.order_intake import (
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderFact,
    OrderFulfilled,
    OrderPoolAsked,
    OrderPoolConsented,
    OrderPoolDeclined,
    OrderPooled,
    OrderPoolLeft,
    OrderPoolProposed,
    OrderPoolWithdrawn,
)
from contracts.programme_rules import Programme
from contracts.refusals import Conflict, Refused
from contracts.values import OrderId, OrderNumber, PoolMember, Reason, UnionId, because
from order_intake.orders.rules import Order, Progress, State, check_size
from order_intake.pools.together import Small, Trade, against, alone, joint_lines, without

LEAST = 2
"""Orders that make a joint one, the host's among them."""


@dataclass(frozen=True)
class Opening:
    """The joint order that the union opens."""

    order_id: OrderId
    number: OrderNumber
    union_id: UnionId
    answer_by: datetime


def open_pool(
    members: Sequence[Small], host: Small, opening: Opening, trade: Trade
) -> tuple[OrderPoolProposed, tuple[OrderPoolAsked, ...]]:
    """The proposal, and the question to each member. The first rule against it refuses."""
    if len(members) < LEAST:
        raise Conflict("pool.too_few", field="orders", least=LEAST)
    for each in members:
        if (refused := alone(each, trade)) is not None:
            raise Conflict("pool.order_refused", field="orders", number=each.order.number, rule=refused.code)
    if (refused := against(members, host, trade)) is not None:
        figures: dict[str, Any] = dict(refused.figures)
        raise Conflict(refused.code, field="orders", **figures)
    programme: Programme = trade.programme(host.order)
    site = host.order.site
    assert site is not None  # submitted with it
    ordered = [host, *(each for each in members if each is not host)]
    proposed = OrderPoolProposed(
        order_id=opening.order_id,
        number=opening.number,
        enterprise_id=host.enterprise,
        programme=host.order.programme,
        union_id=opening.union_id,
        members=tuple(_member(each) for each in ordered),
        lines=joint_lines(ordered, programme),
        answer_by=opening.answer_by,
        proposed_on=trade.today,
        **site._asdict(),
    )
    check_size(proposed)
    asked = (
        OrderPoolAsked(order_id=each.order.id, joint_id=opening.order_id, answer_by=opening.answer_by)
        for each in ordered
    )
    return proposed, tuple(asked)


def _member(one: Small) -> PoolMember:
    assert one.order.site is not None
    return PoolMember(
        order_id=one.order.id,
        number=one.order.number,
        enterprise_id=one.enterprise,
        enterprise_name=one.order.site.enterprise_name,
        heads=one.heads,
    )


def joint_of(order: Order) -> OrderId:
    """The joint order that this order is asked for or part of; `pool.not_asked`."""
    if order.pool is None or order.members:
        raise Refused("pool.not_asked")
    return order.pool.joint_id


def consent(order: Order) -> OrderPoolConsented:
    """The enterprise agrees that its order is taught jointly."""
    joint_id = joint_of(order)
    if order.pool is not None and order.pool.consented:
        raise Conflict("pool.consented_already")
    return OrderPoolConsented(order_id=order.id, joint_id=joint_id)


def decline(order: Order, reason: Reason) -> OrderPoolDeclined:
    """The enterprise refuses, or takes its consent back, before the joint order is accepted."""
    joint_id = joint_of(order)
    if order.state not in {State.SUBMITTED, State.ACCEPTED}:
        raise Refused("pool.not_pooled", state=order.state)
    return OrderPoolDeclined(order_id=order.id, joint_id=joint_id, reason=reason)


def settle(
    joint: Order, members: Sequence[tuple[Order, Progress]], *, over: bool, today: date
) -> tuple[OrderFact, ...]:
    """What follows once everybody has answered, or the time is over; nothing while it is open.

    Accepted with those who consented, if the host and somebody else did; a member that was planned alone meanwhile
    goes its own way, as does who kept silent.
    """
    if joint.state is not State.POOLING:
        return ()
    asked = [(order, progress) for order, progress in members if _of(order, joint)]
    planned = [order for order, progress in asked if progress.stages is not None]
    free = [order for order, _ in asked if order not in planned]
    willing = [order for order in free if order.pool is not None and order.pool.consented]
    silent = [] if over else [order for order in free if order not in willing]
    possible = [*willing, *silent]
    host = any(order.enterprise_id == joint.enterprise_id for order in possible)
    if not host or len(possible) < LEAST:
        return _came_to_nothing(joint, [order for order, _ in asked], because("pool.too_few_consented"))
    if silent:
        return ()
    if any(line.latest < today for line in joint.lines):
        return _came_to_nothing(joint, [order for order, _ in asked], because("pool.too_late"))
    others = [
        OrderPoolDeclined(
            order_id=order.id,
            joint_id=joint.id,
            reason=because("pool.planned_already" if order in planned else "pool.silent"),
        )
        for order, _ in asked
        if order not in willing
    ]
    return (_accepted(joint, willing, today), *(_pooled(order, joint, today) for order in willing), *others)


def _of(order: Order, joint: Order) -> bool:
    return order.pool is not None and order.pool.joint_id == joint.id


def _accepted(joint: Order, willing: Sequence[Order], today: date) -> OrderAccepted:
    staying = {order.enterprise_id for order in willing}
    gone = frozenset(each.enterprise_id for each in joint.members if each.enterprise_id not in staying)
    assert joint.site is not None
    assert joint.union_id is not None
    return OrderAccepted(
        order_id=joint.id,
        number=joint.number,
        enterprise_id=joint.enterprise_id,
        programme=joint.programme,
        union_id=joint.union_id,
        lines=without(joint.lines, gone),
        accepted_on=today,
        **joint.site._asdict(),
    )


def _pooled(order: Order, joint: Order, today: date) -> OrderPooled:
    return OrderPooled(order_id=order.id, joint_id=joint.id, joint_number=joint.number, pooled_on=today)


def withdraw(joint: Order, members: Sequence[Order], reason: Reason) -> tuple[OrderFact, ...]:
    """The union takes the proposal back before it is accepted; every member goes its own way."""
    if joint.state is not State.POOLING:
        raise Refused("pool.not_open_any_more", state=joint.state)
    return _came_to_nothing(joint, [order for order in members if _of(order, joint)], reason)


def _came_to_nothing(joint: Order, members: Sequence[Order], reason: Reason) -> tuple[OrderFact, ...]:
    return (
        OrderPoolWithdrawn(order_id=joint.id, reason=reason),
        *(OrderPoolDeclined(order_id=each.id, joint_id=joint.id, reason=reason) for each in members),
    )


def leave(
    joint: Order, member: Order, members: Sequence[Order], reason: Reason, *, today: date
) -> tuple[OrderFact, ...]:
    """A member's part is taken out before teaching begins: the joint order is amended, the member waits anew.

    The class is held at the host's works: it cannot leave. With nobody but the host left the joint order ends.
    """
    if member.state is not State.POOLED or not _of(member, joint):
        raise Refused("pool.not_pooled", state=member.state)
    if joint.state is not State.ACCEPTED:
        raise Refused("pool.begun")
    if member.enterprise_id == joint.enterprise_id:
        raise Refused("pool.host_stays")
    staying = [each for each in members if each.state is State.POOLED and each.id != member.id]
    left = OrderPoolLeft(order_id=member.id, joint_id=joint.id, reason=reason)
    if len(staying) < LEAST:
        cancelled = OrderCancelled(order_id=joint.id, reason=because("pool.too_few_left"), cancelled_on=today)
        return (cancelled, left, *freed(joint, staying, because("pool.too_few_left")))
    lines = without(joint.lines, frozenset({member.enterprise_id}))
    amended = OrderAmended(order_id=joint.id, revision=joint.revision + 1, lines=lines, amended_on=today)
    return (amended, left)


def check_cancellable(order: Order) -> None:
    """A joint order of which teaching has begun is not taken from all its members at once; `pool.begun`."""
    if order.members and order.state is State.STARTED:
        raise Refused("pool.begun")


def freed(joint: Order, members: Sequence[Order], reason: Reason) -> tuple[OrderPoolLeft, ...]:
    """The joint order was cancelled: its members wait for the union anew."""
    return tuple(
        OrderPoolLeft(order_id=each.id, joint_id=joint.id, reason=reason)
        for each in members
        if each.state is State.POOLED and _of(each, joint)
    )


def fulfilled(joint: Order, members: Collection[Order], *, today: date) -> tuple[OrderFulfilled, ...]:
    """The members that the completed joint order fulfils."""
    return tuple(
        OrderFulfilled(order_id=each.id, fulfilled_on=today)
        for each in members
        if each.state is State.POOLED and _of(each, joint)
    )
