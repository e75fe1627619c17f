"""The life of an order: draft → submitted → accepted | returned | rejected; withdrawn, amended, cancelled;
started by its first session and fulfilled by every stage of its scheme.

Rules return the published fact or refuse; `evolve` is the order after a fact. What lies on the enterprise's
desk (`draft`) is its own: changing it says nothing to anybody until it is submitted or amended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from contracts.order_intake import (
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderFact,
    OrderFulfilled,
    OrderLineClosed,
    OrderPoolAsked,
    OrderPoolConsented,
    OrderPoolDeclined,
    OrderPooled,
    OrderPoolLeft,
    OrderPoolProposed,
    OrderPoolWithdrawn,
    OrderRejected,
    OrderReturned,
    OrderStarted,
    OrderSubmitted,
    OrderWithdrawn,
    RosterDisclosed,
    RosterRevealed,
)
from contracts.refusals import Conflict, Invalid, NotFound, Refused
from contracts.values import (
    EnterpriseId,
    LineNumber,
    OrderId,
    OrderLine,
    OrderNumber,
    PoolMember,
    ProgrammeCode,
    Reason,
    ServiceLine,
    Stage,
    SurveyId,
    UnionId,
)
from order_intake.orders.lines import DraftLine, Offered, check_not_past, drafted, ready

MOST_BYTES = 510 * 1024
"""Largest content of a fact; with its envelope it stays below 512 KB."""


class State(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    STARTED = "started"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    POOLING = "pooling"
    """A joint order that waits for its members' consent."""
    DISSOLVED = "dissolved"
    """A joint order that did not come about."""
    POOLED = "pooled"
    """Part of a joint order, and fulfilled by it."""


OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.STARTED, State.POOLED})
ON_THE_DESK = frozenset({State.DRAFT, State.RETURNED})
TAKEN = frozenset({State.ACCEPTED, State.STARTED})


class Site(NamedTuple):
    """The works where sessions are to be held, as it was when the order was submitted."""

    enterprise_name: str
    division: str
    shift_pattern: str
    shift_anchor: date
    rooms: int


@dataclass(frozen=True, slots=True)
class Pool:
    """What an order has to do with a joint one: it is asked for it, has consented, is part of it, or is it itself."""

    joint_id: OrderId
    answer_by: datetime | None = None
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """An order. `lines` are what was last asked for or agreed, `draft` what lies on the desk."""

    id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    programme: ProgrammeCode
    special_session: bool = False
    survey_id: SurveyId | None = None
    state: State = State.DRAFT
    draft: tuple[DraftLine, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    site: Site | None = None
    union_id: UnionId | None = None
    revision: int = 0
    reasons: tuple[Reason, ...] = ()
    """Why it was returned, rejected or cancelled."""
    closed: frozenset[LineNumber] = frozenset()
    """Lines that were closed by hand."""
    pool: Pool | None = None
    members: tuple[PoolMember, ...] = ()
    """Of a joint order: the orders that its lines are drawn from."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What others have said about an order: the stages of its scheme, and which are done."""

    stages: frozenset[Stage] | None = None
    """None = no scheme is confirmed yet; empty = every line is closed by hand."""
    by_hand: frozenset[LineNumber] = frozenset()
    """Lines that no stage ends."""
    delivered: bool = False
    evaluated: frozenset[LineNumber] = frozenset()
    """Lines whose evaluation is completed."""

    def without_scheme(self) -> "Progress":
        """No scheme is in force: nothing ends the order until another is confirmed."""
        return Progress(evaluated=self.evaluated)


def check_editable(order: Order) -> None:
    """The desk is open while the order can still change: as a draft, returned, or to be amended."""
    if order.state not in ON_THE_DESK | TAKEN:
        raise Refused("order.not_editable", state=order.state)
    check_alone(order)


def check_alone(order: Order) -> None:
    """What is asked for a joint order, or is one, changes by the joint order's own ways only."""
    if order.members:
        raise Refused("order.is_joint")
    if order.pool is not None:
        raise Refused("order.in_pool")


def check_discardable(order: Order) -> None:
    """Only what nobody was ever asked for leaves no trace; anything else is withdrawn or cancelled."""
    if order.state is not State.DRAFT:
        raise Refused("order.not_discardable", state=order.state)


def submit(order: Order, site: Site, offered: Offered, *, today: date) -> OrderSubmitted:
    """The enterprise asks, with every line whole and every person named."""
    if order.state not in ON_THE_DESK:
        raise Refused("order.not_draft", state=order.state)
    submitted = OrderSubmitted(
        order_id=order.id,
        number=order.number,
        enterprise_id=order.enterprise_id,
        programme=order.programme,
        special_session=order.special_session,
        survey_id=order.survey_id,
        lines=ready(order.draft, offered, today=today),
        submitted_on=today,
        **site._asdict(),
    )
    check_size(submitted)
    return submitted


def accept(order: Order, *, union_id: UnionId, today: date) -> OrderAccepted:
    """Only an order that waits for an answer, and can still be planned, is taken (接单)."""
    _check_waits(order)
    check_not_past(order.lines, today=today)
    assert order.site is not None  # submitted with it
    return OrderAccepted(
        order_id=order.id,
        number=order.number,
        enterprise_id=order.enterprise_id,
        programme=order.programme,
        special_session=order.special_session,
        union_id=union_id,
        lines=order.lines,
        accepted_on=today,
        **order.site._asdict(),
    )


def give_back(order: Order, reasons: Sequence[Reason]) -> OrderReturned:
    """The union gives a submitted order back to be mended."""
    _check_waits(order)
    return OrderReturned(order_id=order.id, reasons=tuple(reasons))


def reject(order: Order, reasons: Sequence[Reason]) -> OrderRejected:
    """The union does not take a submitted order."""
    _check_waits(order)
    return OrderRejected(order_id=order.id, reasons=tuple(reasons))


def withdraw(order: Order) -> OrderWithdrawn:
    """The enterprise takes back what was not accepted yet, a returned order too."""
    if order.state not in {State.SUBMITTED, State.RETURNED}:
        raise Refused("order.not_submitted", state=order.state)
    check_alone(order)
    return OrderWithdrawn(order_id=order.id)


def amend(order: Order, offered: Offered, *, today: date) -> OrderAmended:
    """What lies on the desk becomes what is agreed; the scheme is planned anew. What is closed stays as it was."""
    _check_taken(order)
    check_alone(order)
    lines = ready(order.draft, offered, today=today)
    for line in order.lines:
        if line.line in order.closed and line not in lines:
            raise Conflict("order.line_closed_already", field="lines", line=line.line)
    if lines == order.lines:
        raise Conflict("order.amends_nothing", field="lines")
    amended = OrderAmended(order_id=order.id, revision=order.revision + 1, lines=lines, amended_on=today)
    check_size(amended)
    return amended


def cancel(order: Order, reason: Reason, *, today: date) -> OrderCancelled:
    """An accepted order ends before it is fulfilled; a joint one frees its members, too."""
    _check_taken(order)
    if not order.members:
        check_alone(order)
    return OrderCancelled(order_id=order.id, reason=reason, cancelled_on=today)


def start(order: Order, *, today: date) -> OrderStarted | None:
    """The first session makes the order a started one; later ones say nothing new."""
    return OrderStarted(order_id=order.id, started_on=today) if order.state is State.ACCEPTED else None


def close_line(
    order: Order, progress: Progress, line: LineNumber, *, heads: int, today: date
) -> OrderLineClosed:
    """The union says that a competition was held or an apprenticeship begun, and how many people took part."""
    _check_taken(order)
    if line not in {each.line for each in order.lines}:
        raise NotFound("order.line_unknown", field="line", line=line)
    if progress.stages is None:
        raise Refused("order.scheme_not_confirmed")
    if line not in progress.by_hand:
        raise Refused("order.line_has_stages", line=line)
    if line in order.closed:
        raise Conflict("order.line_closed_already", line=line)
    most = next(len(each.trainees) for each in order.lines if each.line == line)
    if heads > most:
        raise Invalid("order.more_than_ordered", field="heads", heads=heads, most=most)
    return OrderLineClosed(order_id=order.id, line=line, heads=heads, closed_on=today)


def fulfil(order: Order, progress: Progress, *, today: date) -> OrderFulfilled | None:
    """Fulfilled when every stage of the scheme is done, the evaluation on each line that asks for it, and every
    line that no stage ends is closed by hand.
    """
    if order.state not in TAKEN or progress.stages is None or not progress.by_hand <= order.closed:
        return None
    if Stage.DELIVERY in progress.stages and not progress.delivered:
        return None
    if Stage.EVALUATION in progress.stages and not progress.evaluated >= _to_evaluate(order.lines):
        return None
    return OrderFulfilled(order_id=order.id, fulfilled_on=today)


def _to_evaluate(lines: Iterable[OrderLine]) -> set[int]:
    return {line.line for line in lines if line.service is ServiceLine.SKILL_EVALUATION}


def _check_waits(order: Order) -> None:
    if order.state is not State.SUBMITTED:
        raise Refused("order.not_submitted", state=order.state)
    check_alone(order)


def _check_taken(order: Order) -> None:
    if order.state not in TAKEN:
        raise Refused("order.not_accepted", state=order.state)


def check_size(fact: OrderFact) -> None:
    """A fact that no topic takes is said by nobody; `order.too_large`."""
    size = len(fact.model_dump_json().encode())
    if size > MOST_BYTES:
        raise Invalid("order.too_large", field="lines", kilobytes=size // 1024, most=MOST_BYTES // 1024)


def begun(fact: OrderSubmitted) -> Order:
    """The order that a first submission makes known; what was before lay on the desk."""
    return Order(
        id=fact.order_id,
        number=fact.number,
        enterprise_id=fact.enterprise_id,
        programme=fact.programme,
        special_session=fact.special_session,
        survey_id=fact.survey_id,
    )


def begun_jointly(fact: OrderPoolProposed) -> Order:
    """The joint order that its proposal makes known."""
    return Order(
        id=fact.order_id,
        number=fact.number,
        enterprise_id=fact.enterprise_id,
        programme=fact.programme,
        union_id=fact.union_id,
    )


def evolve(order: Order, fact: OrderFact) -> Order:  # noqa: C901, PLR0911, PLR0912  one line per fact
    """The order after the fact, for every fact of an order. Nothing else changes it but the desk."""
    match fact:
        case OrderSubmitted():
            site = Site(
                fact.enterprise_name, fact.division, fact.shift_pattern, fact.shift_anchor, fact.rooms
            )
            # a returned order may come back with its particulars mended, too
            return replace(
                _agreed(order, fact.lines),
                state=State.SUBMITTED,
                site=site,
                special_session=fact.special_session,
                reasons=(),
            )
        case OrderReturned():
            return replace(order, state=State.RETURNED, reasons=fact.reasons)
        case OrderRejected():
            return replace(order, state=State.REJECTED, reasons=fact.reasons)
        case OrderAccepted():
            return replace(_agreed(order, fact.lines), state=State.ACCEPTED, union_id=fact.union_id)
        case OrderAmended():
            return replace(_agreed(order, fact.lines), revision=fact.revision)
        case OrderLineClosed():
            return replace(order, closed=order.closed | {fact.line})
        case OrderWithdrawn():
            return replace(order, state=State.WITHDRAWN)
        case OrderCancelled():
            return replace(order, state=State.CANCELLED, reasons=(fact.reason,))
        case OrderStarted():
            return replace(order, state=State.STARTED)
        case OrderFulfilled():
            return replace(order, state=State.FULFILLED)
        case OrderPoolProposed():
            site = Site(
                fact.enterprise_name, fact.division, fact.shift_pattern, fact.shift_anchor, fact.rooms
            )
            pool = Pool(fact.order_id, fact.answer_by)
            joint = replace(_agreed(order, fact.lines), state=State.POOLING, site=site, pool=pool)
            return replace(joint, members=fact.members)
        case OrderPoolWithdrawn():
            return replace(order, state=State.DISSOLVED, reasons=(fact.reason,))
        case OrderPoolAsked():
            return replace(order, pool=Pool(fact.joint_id, fact.answer_by))
        case OrderPoolConsented():
            return replace(order, pool=Pool(fact.joint_id, consented=True))
        case OrderPoolDeclined():
            return replace(order, pool=None)
        case OrderPooled():
            return replace(order, state=State.POOLED, pool=Pool(fact.joint_id, consented=True))
        case OrderPoolLeft():
            return replace(order, state=State.SUBMITTED, pool=None, reasons=(fact.reason,))
        case RosterDisclosed() | RosterRevealed():
            return order
    raise TypeError(f"{fact.type} says nothing about an order")


def _agreed(order: Order, lines: tuple[OrderLine, ...]) -> Order:
    return replace(order, lines=lines, draft=tuple(map(drafted, lines)))
