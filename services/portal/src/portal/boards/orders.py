"""The board of order cards: its table, and the facts of orders and schemes. `progress` has the rest."""

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Uuid

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
)
from contracts.scheduling import (
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeDrafted,
    SchemeEscalated,
    SchemeRevised,
    SchemeWithContent,
    SchemeWithdrawn,
)
from contracts.values import (
    OrderLine,
)
from portal.boards.cards import (
    Line,
    OrderCard,
    Scheme,
    changed,
    settled,
)
from portal.boards.schemes import stays_approved
from portal.metadata import metadata
from servicekit.boards import Board, renewed
from servicekit.db import Cause, UtcTime

order_card = Table(
    "order_card",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    *(Column(name, String, nullable=False) for name in ("number", "enterprise_id", "enterprise_name")),
    *(Column(name, String, nullable=False) for name in ("programme", "division", "state")),
    *(Column(name, JSON, nullable=False) for name in ("lines", "scheme", "stages", "sessions", "offers")),
    *(Column(name, JSON, nullable=False) for name in ("by_hand", "closed")),
    *(Column(name, JSON, nullable=False) for name in ("batches", "changes", "figures")),
    *(Column(name, Boolean, nullable=False) for name in ("special", "delivered")),
    *(
        Column(name, Integer, nullable=False)
        for name in ("objections", "issued", "revoked", "stage", "version")
    ),
    *(Column(name, String, nullable=False) for name in ("waits_for", "wait")),
    *(Column(name, UtcTime) for name in ("since", "deadline", "updated", "answer_by")),
    Column("joint", Uuid),
    *(Index(f"ix_order_card_{name}", name) for name in ("enterprise_id", "number")),
)
board = Board("order_card", order_card, key=lambda fact: fact.order_id, row=OrderCard)
Card = OrderCard | None


def _lines(lines: tuple[OrderLine, ...]) -> tuple[Line, ...]:
    return tuple(
        Line(each.line, each.service, each.occupation, each.level, len(each.trainees)) for each in lines
    )


def known(card: Card, fact: Any) -> OrderCard:
    """The card, or a new one: an order may be heard of by any of its facts."""
    return card or OrderCard(fact.order_id)


@board.on(OrderSubmitted)
def submitted(card: Card, fact: OrderSubmitted, cause: Cause) -> OrderCard:
    """A new order, or one that was mended: the union's turn."""
    return settled(
        known(card, fact),
        cause.time,
        number=fact.number,
        enterprise_id=fact.enterprise_id,
        enterprise_name=fact.enterprise_name,
        programme=fact.programme,
        division=fact.division,
        special=fact.special_session,
        lines=_lines(fact.lines),
        state="submitted",
    )


@board.on(OrderAccepted)
def accepted(card: Card, fact: OrderAccepted, cause: Cause) -> OrderCard:
    """The scheme is next; the planner drafts."""
    return settled(
        known(card, fact),
        cause.time,
        number=fact.number,
        enterprise_id=fact.enterprise_id,
        enterprise_name=fact.enterprise_name,
        programme=fact.programme,
        division=fact.division,
        special=fact.special_session,
        lines=_lines(fact.lines),
        state="accepted",
    )


@board.on(OrderAmended)
def amended(card: Card, fact: OrderAmended, cause: Cause) -> OrderCard:
    """The old scheme no longer fits: it is planned again."""
    card = known(card, fact)
    return settled(
        card,
        cause.time,
        lines=_lines(fact.lines),
        scheme=renewed(card.scheme, state="none", in_force=False, sign_by=None, escalated=False),
        delivered=False,
        changes=changed(card, "amended", cause.time),
    )


@board.on(OrderReturned)
def returned(card: Card, fact: OrderReturned, cause: Cause) -> OrderCard:
    """The enterprise is to mend it."""
    return settled(known(card, fact), cause.time, state="returned")


@board.on(OrderPoolProposed)
def pool_proposed(card: Card, fact: OrderPoolProposed, cause: Cause) -> OrderCard:
    """A joint order that waits for its members."""
    return settled(
        known(card, fact),
        cause.time,
        number=fact.number,
        enterprise_id=fact.enterprise_id,
        enterprise_name=fact.enterprise_name,
        programme=fact.programme,
        division=fact.division,
        lines=_lines(fact.lines),
        state="pooling",
        joint=fact.order_id,
        answer_by=fact.answer_by,
    )


@board.on(OrderPoolAsked)
def pool_asked(card: Card, fact: OrderPoolAsked, cause: Cause) -> OrderCard:
    """The enterprise's turn."""
    return settled(known(card, fact), cause.time, joint=fact.joint_id, answer_by=fact.answer_by)


@board.on(OrderPoolConsented)
def pool_consented(card: Card, fact: OrderPoolConsented, cause: Cause) -> OrderCard:
    """The others' turn."""
    return settled(known(card, fact), cause.time, answer_by=None)


@board.on(OrderPoolDeclined)
def pool_declined(card: Card, fact: OrderPoolDeclined, cause: Cause) -> OrderCard:
    """It goes its own way, from where it stood."""
    return settled(known(card, fact), cause.time, joint=None, answer_by=None)


@board.on(OrderPooled)
def pooled(card: Card, fact: OrderPooled, cause: Cause) -> OrderCard:
    """The joint order goes on for it."""
    return settled(known(card, fact), cause.time, state="pooled", joint=fact.joint_id, answer_by=None)


@board.on(OrderPoolLeft)
def pool_left(card: Card, fact: OrderPoolLeft, cause: Cause) -> OrderCard:
    """It waits for the union anew."""
    card = known(card, fact)
    changes = changed(card, "amended", cause.time)
    return settled(card, cause.time, state="submitted", joint=None, answer_by=None, changes=changes)


_NEXT = {
    OrderPoolWithdrawn.type: "dissolved",
    OrderRejected.type: "rejected",
    OrderWithdrawn.type: "withdrawn",
    OrderStarted.type: "started",
    OrderFulfilled.type: "fulfilled",
}


@board.on(OrderRejected, OrderWithdrawn, OrderStarted, OrderFulfilled, OrderPoolWithdrawn)
def moved_on(card: Card, fact: OrderFact, cause: Cause) -> OrderCard:
    """Only the order's state is different."""
    return settled(known(card, fact), cause.time, state=_NEXT[fact.type])


@board.on(OrderCancelled)
def cancelled(card: Card, fact: OrderCancelled, cause: Cause) -> OrderCard:
    """Nobody is waited for any more; what was asked is void."""
    return settled(known(card, fact), cause.time, state="cancelled", offers={})


@board.on(SchemeDrafted, SchemeRevised)
def drafted(card: Card, fact: SchemeWithContent, cause: Cause) -> OrderCard:
    """A version to approve; what was signed already stays so: where the union is asked for nothing, it is approved.

    What is in force stays so with other pins.
    """
    card = known(card, fact)
    revised = fact.type == SchemeRevised.type
    if fact.only_pins and card.scheme.state == "confirmed":
        return settled(card, cause.time, scheme=renewed(card.scheme, version=fact.version))
    newest_approved = card.scheme.state == "approved" and card.scheme.hash == fact.hash
    state = (
        "approved"
        if stays_approved(fact, newest_approved=newest_approved)
        else "revised"
        if revised
        else "drafted"
    )
    goes_on = fact.sign_by is not None and fact.sign_by == card.scheme.sign_by
    scheme = Scheme(
        fact.version, state, fact.sessions, fact.unplaced, card.scheme.in_force, fact.hash, fact.sign_by,
        escalated=goes_on and card.scheme.escalated,
    )  # fmt: skip
    changes = changed(card, "revised", cause.time) if revised else card.changes
    return settled(card, cause.time, scheme=scheme, stages=tuple(fact.stages), changes=changes)


@board.on(SchemeApproved)
def approved(card: Card, fact: SchemeApproved, cause: Cause) -> OrderCard:
    """The enterprise's turn."""
    card = known(card, fact)
    return settled(
        card,
        cause.time,
        scheme=renewed(
            card.scheme, version=fact.version, state="approved", sign_by=fact.sign_by, escalated=False
        ),
    )


@board.on(SchemeDeclined)
def declined_scheme(card: Card, fact: SchemeDeclined, cause: Cause) -> OrderCard:
    """The coordinator's turn again."""
    card = known(card, fact)
    return settled(
        card,
        cause.time,
        scheme=renewed(card.scheme, version=fact.version, state="declined", sign_by=None, escalated=False),
    )


@board.on(SchemeEscalated)
def escalated(card: Card, fact: SchemeEscalated, cause: Cause) -> OrderCard:
    """The same side's turn still, and late."""
    card = known(card, fact)
    return settled(card, cause.time, scheme=renewed(card.scheme, escalated=True))


@board.on(SchemeConfirmed)
def confirmed(card: Card, fact: SchemeConfirmed, cause: Cause) -> OrderCard:
    """Dispatch begins."""
    card = known(card, fact)
    scheme = renewed(
        card.scheme, version=fact.version, state="confirmed", sessions=fact.sessions, in_force=True,
        sign_by=None, escalated=False,
    )  # fmt: skip
    return settled(card, cause.time, scheme=scheme, stages=tuple(fact.stages), by_hand=fact.by_hand)


@board.on(OrderLineClosed)
def line_closed(card: Card, fact: OrderLineClosed, cause: Cause) -> OrderCard:
    """The union has closed a line that no stage ends."""
    card = known(card, fact)
    return settled(card, cause.time, closed=(*card.closed, fact.line))


@board.on(SchemeWithdrawn)
def withdrawn(card: Card, fact: SchemeWithdrawn, cause: Cause) -> OrderCard:
    """No scheme holds; a newer version that is drafted already stays."""
    card = known(card, fact)
    if fact.version < card.scheme.version:
        return settled(card, cause.time, scheme=renewed(card.scheme, in_force=False))
    return settled(
        card,
        cause.time,
        scheme=renewed(card.scheme, state="withdrawn", in_force=False, sign_by=None, escalated=False),
    )
