"""The board of order cards: which fact changes what on a card."""

from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table, Uuid

from contracts.evaluation import (
    CandidateAssessed,
    CertificateIssued,
    CertificateRevoked,
    DeliveryCompleted,
    EvaluationCompleted,
    EvaluationPlanned,
    ObjectionRaised,
    ObjectionSettled,
    ResultsPosted,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionOpened,
)
from contracts.instructor_dispatch import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentFact,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentSubstituted,
    BatchUnstaffable,
    SessionUnstaffable,
)
from contracts.order_intake import (
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderFact,
    OrderFulfilled,
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
    SchemeRevised,
    SchemeWithContent,
    SchemeWithdrawn,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
    SessionWithPlace,
)
from contracts.values import OrderLine
from portal.boards.cards import Batch, Lesson, Line, OpenOffer, OrderCard, Scheme, changed, settled
from portal.metadata import metadata
from servicekit.boards import Board
from servicekit.db import Cause, UtcTime

order_card = Table(
    "order_card",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    *(Column(name, String, nullable=False) for name in ("number", "enterprise_id", "enterprise_name")),
    *(Column(name, String, nullable=False) for name in ("programme", "division", "state")),
    *(Column(name, JSON, nullable=False) for name in ("lines", "scheme", "stages", "sessions", "offers")),
    *(Column(name, JSON, nullable=False) for name in ("batches", "changes", "figures")),
    *(Column(name, Boolean, nullable=False) for name in ("special", "delivered")),
    *(
        Column(name, Integer, nullable=False)
        for name in ("objections", "issued", "revoked", "stage", "version")
    ),
    *(Column(name, String, nullable=False) for name in ("waits_for", "wait")),
    *(Column(name, UtcTime) for name in ("since", "deadline", "updated")),
)
board = Board("order_card", order_card, key=lambda fact: fact.order_id, row=OrderCard)
Card = OrderCard | None


def _lines(lines: tuple[OrderLine, ...]) -> tuple[Line, ...]:
    return tuple(
        Line(each.line, each.service, each.occupation, each.level, len(each.trainees)) for each in lines
    )


def _card(card: Card, fact: Any) -> OrderCard:
    return card or OrderCard(fact.order_id)


@board.on(OrderSubmitted)
def submitted(card: Card, fact: OrderSubmitted, cause: Cause) -> OrderCard:
    """A new order, or one that was mended: the union's turn."""
    return settled(
        _card(card, fact),
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
        _card(card, fact),
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
    card = _card(card, fact)
    return settled(
        card,
        cause.time,
        lines=_lines(fact.lines),
        scheme=replace(card.scheme, state="none"),
        delivered=False,
        changes=changed(card, "amended", cause.time),
    )


@board.on(OrderReturned)
def returned(card: Card, fact: OrderReturned, cause: Cause) -> OrderCard:
    """The enterprise is to mend it."""
    return settled(_card(card, fact), cause.time, state="returned")


_NEXT = {
    OrderRejected.type: "rejected",
    OrderWithdrawn.type: "withdrawn",
    OrderStarted.type: "started",
    OrderFulfilled.type: "fulfilled",
}


@board.on(OrderRejected, OrderWithdrawn, OrderStarted, OrderFulfilled)
def moved_on(card: Card, fact: OrderFact, cause: Cause) -> OrderCard:
    """Only the order's state is different."""
    return settled(_card(card, fact), cause.time, state=_NEXT[fact.type])


@board.on(OrderCancelled)
def cancelled(card: Card, fact: OrderCancelled, cause: Cause) -> OrderCard:
    """Nobody is waited for any more; what was asked is void."""
    return settled(_card(card, fact), cause.time, state="cancelled", offers={})


@board.on(SchemeDrafted, SchemeRevised)
def drafted(card: Card, fact: SchemeWithContent, cause: Cause) -> OrderCard:
    """A version to approve."""
    card = _card(card, fact)
    state = "revised" if fact.type == SchemeRevised.type else "drafted"
    scheme = Scheme(fact.version, state, fact.sessions, fact.unplaced)
    changes = changed(card, "revised", cause.time) if state == "revised" else card.changes
    return settled(card, cause.time, scheme=scheme, stages=tuple(fact.stages), changes=changes)


@board.on(SchemeApproved)
def approved(card: Card, fact: SchemeApproved, cause: Cause) -> OrderCard:
    """The enterprise's turn."""
    card = _card(card, fact)
    return settled(card, cause.time, scheme=replace(card.scheme, version=fact.version, state="approved"))


@board.on(SchemeDeclined)
def declined_scheme(card: Card, fact: SchemeDeclined, cause: Cause) -> OrderCard:
    """The coordinator's turn again."""
    card = _card(card, fact)
    return settled(card, cause.time, scheme=replace(card.scheme, version=fact.version, state="declined"))


@board.on(SchemeConfirmed)
def confirmed(card: Card, fact: SchemeConfirmed, cause: Cause) -> OrderCard:
    """Dispatch begins."""
    card = _card(card, fact)
    scheme = replace(card.scheme, version=fact.version, state="confirmed", sessions=fact.sessions)
    return settled(card, cause.time, scheme=scheme, stages=tuple(fact.stages))


@board.on(SchemeWithdrawn)
def withdrawn(card: Card, fact: SchemeWithdrawn, cause: Cause) -> OrderCard:
    """No scheme holds; a newer version that is drafted already stays."""
    card = _card(card, fact)
    if fact.version < card.scheme.version:
        return settled(card, cause.time)
    return settled(card, cause.time, scheme=replace(card.scheme, state="withdrawn"))


@board.on(SessionScheduled, SessionMoved)
def scheduled(card: Card, fact: SessionWithPlace, cause: Cause) -> OrderCard:
    """A session to hold; after a move somebody must be asked again."""
    card = _card(card, fact)
    lesson = Lesson("scheduled", fact.slot.starts_at)
    changes = changed(card, "moved", cause.time) if fact.type == SessionMoved.type else card.changes
    return settled(card, cause.time, sessions=card.sessions | {str(fact.session_id): lesson}, changes=changes)


_SESSION = {
    SessionCancelled.type: "cancelled",
    SessionUnplaced.type: "unplaced",
    SessionUnstaffable.type: "unstaffable",
    SessionOpened.type: "opened",
    SessionClosed.type: "closed",
    SessionDisputed.type: "disputed",
    SessionConfirmed.type: "confirmed",
}


@board.on(
    SessionCancelled, SessionUnplaced, SessionUnstaffable, SessionOpened, SessionClosed, SessionDisputed,
    SessionConfirmed,
)  # fmt: skip
def session_went_on(card: Card, fact: Any, cause: Cause) -> OrderCard:
    """A session is in another state."""
    card = _card(card, fact)
    key = str(fact.session_id)
    lesson = replace(card.sessions.get(key, Lesson()), state=_SESSION[fact.type])
    sessions = card.sessions | {key: lesson}
    offers = card.offers
    if lesson.state == "cancelled":
        offers = {id_: offer for id_, offer in offers.items() if offer.session != key}
    return settled(card, cause.time, sessions=sessions, offers=offers)


@board.on(AssignmentOffered)
def offered(card: Card, fact: AssignmentOffered, cause: Cause) -> OrderCard:
    """A college is asked."""
    card = _card(card, fact)
    session = str(fact.session_id) if fact.session_id else None
    offer = OpenOffer(fact.college_id, fact.answer_by, session)
    sessions = card.sessions
    if session in sessions and sessions[session].state == "unstaffable":
        sessions = sessions | {session: replace(sessions[session], state="scheduled")}
    return settled(card, cause.time, offers=card.offers | {str(fact.assignment_id): offer}, sessions=sessions)


@board.on(AssignmentAccepted, AssignmentSubstituted, AssignmentDeclined, AssignmentLapsed, AssignmentReleased)
def answered(card: Card, fact: AssignmentFact, cause: Cause) -> OrderCard:
    """The offer is open no longer; a firm lead comes or goes."""
    card = _card(card, fact)
    offers = {key: offer for key, offer in card.offers.items() if key != str(fact.assignment_id)}
    sessions = card.sessions
    key = str(fact.session_id)
    lesson = sessions.get(key)
    if isinstance(fact, AssignmentAccepted | AssignmentSubstituted):
        if lesson is not None:
            sessions = sessions | {key: replace(lesson, firm=True)}
    elif isinstance(fact, AssignmentReleased) and lesson is not None and fact.was_firm:
        sessions = sessions | {key: replace(lesson, firm=False)}
    changes = card.changes
    if isinstance(fact, AssignmentSubstituted):
        changes = changed(card, "substituted", cause.time)
    return settled(card, cause.time, offers=offers, sessions=sessions, changes=changes)


@board.on(BatchUnstaffable)
def batch_unstaffable(card: Card, fact: BatchUnstaffable, cause: Cause) -> OrderCard:
    """Too few assessors: another day is to be planned."""
    card = _card(card, fact)
    key = str(fact.batch_id)
    batch = replace(card.batches.get(key, Batch()), state="unstaffable")
    return settled(card, cause.time, batches=card.batches | {key: batch})


@board.on(DeliveryCompleted)
def delivered(card: Card, fact: DeliveryCompleted, cause: Cause) -> OrderCard:
    """All was taught and confirmed."""
    return settled(_card(card, fact), cause.time, delivered=True)


@board.on(EvaluationPlanned)
def planned(card: Card, fact: EvaluationPlanned, cause: Cause) -> OrderCard:
    """A batch is to be held."""
    card = _card(card, fact)
    batch = Batch("planned", fact.candidates)
    return settled(card, cause.time, batches=card.batches | {str(fact.batch_id): batch})


@board.on(CandidateAssessed)
def assessed(card: Card, fact: CandidateAssessed, cause: Cause) -> OrderCard:
    """One candidate more has all marks."""
    card = _card(card, fact)
    key = str(fact.batch_id)
    batch = card.batches.get(key, Batch())
    return settled(
        card, cause.time, batches=card.batches | {key: replace(batch, assessed=batch.assessed + 1)}
    )


@board.on(ResultsPosted)
def posted(card: Card, fact: ResultsPosted, cause: Cause) -> OrderCard:
    """The posting days run."""
    card = _card(card, fact)
    key = str(fact.batch_id)
    batch = replace(card.batches.get(key, Batch()), state="posted", until=fact.objections_until)
    return settled(card, cause.time, batches=card.batches | {key: batch})


@board.on(ObjectionRaised)
def objected(card: Card, fact: ObjectionRaised, cause: Cause) -> OrderCard:
    """Somebody objects: to be settled."""
    card = _card(card, fact)
    return settled(card, cause.time, objections=card.objections + 1)


@board.on(ObjectionSettled)
def settled_objection(card: Card, fact: ObjectionSettled, cause: Cause) -> OrderCard:
    """One objection less."""
    card = _card(card, fact)
    return settled(card, cause.time, objections=max(0, card.objections - 1))


@board.on(CertificateIssued)
def issued(card: Card, fact: CertificateIssued, cause: Cause) -> OrderCard:
    """One certificate more."""
    card = _card(card, fact)
    return settled(card, cause.time, issued=card.issued + 1)


@board.on(CertificateRevoked)
def revoked(card: Card, fact: CertificateRevoked, cause: Cause) -> OrderCard:
    """One certificate no longer holds."""
    card = _card(card, fact)
    return settled(card, cause.time, revoked=card.revoked + 1, changes=changed(card, "revoked", cause.time))


@board.on(EvaluationCompleted)
def completed(card: Card, fact: EvaluationCompleted, cause: Cause) -> OrderCard:
    """The batch is at its end."""
    card = _card(card, fact)
    key = str(fact.batch_id)
    batch = replace(card.batches.get(key, Batch()), state="completed")
    return settled(card, cause.time, batches=card.batches | {key: batch})
