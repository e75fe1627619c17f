"""The board of order cards: sessions, offers, evaluation and certificates of an order."""

from typing import Any

from contracts.evaluation import (
    AttendanceCorrected,
    BatchCancelled,
    BatchMoved,
    CandidateAdmitted,
    CandidateAssessed,
    CertificateIssued,
    CertificateReissued,
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
    SessionMissed,
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
    AssignmentTaken,
    AssignmentUnconfirmed,
    AssignmentVolunteered,
    BatchUnstaffable,
    SessionUnstaffable,
)
from contracts.scheduling import (
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
    SessionWithPlace,
)
from contracts.values import Role
from portal.boards.cards import (
    Batch,
    Lesson,
    OpenOffer,
    OrderCard,
    changed,
    settled,
)
from portal.boards.orders import Card, board, known
from servicekit.boards import renewed
from servicekit.db import Cause

__all__ = ["board"]


@board.on(SessionScheduled, SessionMoved)
def scheduled(card: Card, fact: SessionWithPlace, cause: Cause) -> OrderCard:
    """A session to hold; after a move somebody must be asked again."""
    card = known(card, fact)
    lesson = Lesson("scheduled", fact.slot.starts_at, fact.slot.ends_at)
    changes = (
        changed(card, "moved", cause.time, fact.session_id)
        if fact.type == SessionMoved.type
        else card.changes
    )
    return settled(card, cause.time, sessions=card.sessions | {str(fact.session_id): lesson}, changes=changes)


STUCK = frozenset({"unstaffable", "unplaced"})
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
    card = known(card, fact)
    key = str(fact.session_id)
    lesson = card.sessions.get(key, Lesson())
    if isinstance(fact, SessionUnstaffable) and lesson.state == "cancelled":
        return settled(card, cause.time)  # dispatch had not heard of it yet
    lesson = renewed(lesson, state=_SESSION[fact.type])
    if isinstance(fact, SessionClosed):
        lesson = renewed(lesson, closed=fact.closed_at)
    sessions = card.sessions | {key: lesson}
    offers = card.offers
    if lesson.state == "cancelled":
        offers = {id_: offer for id_, offer in offers.items() if offer.session != key}
    return settled(card, cause.time, sessions=sessions, offers=offers)


@board.on(SessionMissed)
def missed(card: Card, fact: SessionMissed, cause: Cause) -> OrderCard:
    """Nobody opened it, unless it was moved or cancelled while evaluation said so."""
    card = known(card, fact)
    key = str(fact.session_id)
    lesson = card.sessions.get(key, Lesson(starts=fact.slot.starts_at))
    if lesson.state == "cancelled" or lesson.starts != fact.slot.starts_at:
        return settled(card, cause.time)
    return settled(card, cause.time, sessions=card.sessions | {key: renewed(lesson, state="missed")})


@board.on(AttendanceCorrected)
def corrected(card: Card, fact: AttendanceCorrected, cause: Cause) -> OrderCard:
    """A dispute is answered, or the figures are others: it is the enterprise's turn, and its time runs anew."""
    card = known(card, fact)
    key = str(fact.session_id)
    lesson = card.sessions.get(key)
    if lesson is None or lesson.state not in {"disputed", "closed"}:
        return settled(card, cause.time)
    answered = renewed(lesson, state="closed", closed=fact.corrected_at or cause.time)
    return settled(card, cause.time, sessions=card.sessions | {key: answered})


@board.on(AssignmentOffered)
def offered(card: Card, fact: AssignmentOffered, cause: Cause) -> OrderCard:
    """A college is asked, by dispatch or by the coordinator's open call: nobody is stuck while it may answer."""
    card = known(card, fact)
    session = str(fact.session_id) if fact.session_id else None
    batch = str(fact.batch_id) if fact.batch_id else None
    offer = OpenOffer(fact.college_id, fact.answer_by, session, batch)
    sessions, batches = card.sessions, card.batches
    if fact.role is Role.LEAD and session in sessions and sessions[session].state in STUCK:
        sessions = sessions | {session: renewed(sessions[session], state="scheduled")}
    if batch in batches and batches[batch].state in STUCK:
        batches = batches | {batch: renewed(batches[batch], state="planned")}
    return settled(
        card,
        cause.time,
        offers=card.offers | {str(fact.assignment_id): offer},
        sessions=sessions,
        batches=batches,
    )


@board.on(AssignmentUnconfirmed)
def unconfirmed(card: Card, fact: AssignmentUnconfirmed, cause: Cause) -> OrderCard:
    """The date is near, and nobody is certain yet; nothing when the offer has ended meanwhile."""
    card = known(card, fact)
    key = str(fact.assignment_id)
    if key not in card.offers:
        return settled(card, cause.time)
    return settled(card, cause.time, offers=card.offers | {key: renewed(card.offers[key], near=True)})


@board.on(AssignmentTaken)
def taken(card: Card, fact: AssignmentTaken, cause: Cause) -> OrderCard:
    """A college has taken a place and is waited for to name somebody."""
    card = known(card, fact)
    session = str(fact.session_id) if fact.session_id else None
    batch = str(fact.batch_id) if fact.batch_id else None
    key = str(fact.assignment_id)
    near = key in card.offers and card.offers[key].near
    offer = OpenOffer(fact.college_id, fact.name_by, session, batch, taken=True, near=near)
    return settled(card, cause.time, offers=card.offers | {key: offer})


@board.on(
    AssignmentVolunteered, AssignmentAccepted, AssignmentSubstituted, AssignmentDeclined, AssignmentLapsed,
    AssignmentReleased,
)  # fmt: skip
def answered(card: Card, fact: AssignmentFact, cause: Cause) -> OrderCard:
    """The offer waits for its college no longer; a firm lead comes or goes."""
    card = known(card, fact)
    offers = {key: offer for key, offer in card.offers.items() if key != str(fact.assignment_id)}
    sessions = card.sessions
    key = str(fact.session_id)
    lesson = sessions.get(key) if fact.role is Role.LEAD else None
    if isinstance(fact, AssignmentAccepted | AssignmentSubstituted):
        if lesson is not None:
            sessions = sessions | {key: renewed(lesson, firm=True)}
    elif isinstance(fact, AssignmentReleased) and lesson is not None and fact.was_firm:
        sessions = sessions | {key: renewed(lesson, firm=False)}
    changes = card.changes
    if isinstance(fact, AssignmentSubstituted):
        changes = changed(card, "substituted", cause.time, fact.session_id)
    return settled(card, cause.time, offers=offers, sessions=sessions, changes=changes)


@board.on(BatchUnstaffable)
def batch_unstaffable(card: Card, fact: BatchUnstaffable, cause: Cause) -> OrderCard:
    """Too few assessors: another day is to be planned, unless it was cancelled while dispatch said so."""
    card = known(card, fact)
    key = str(fact.batch_id)
    batch = card.batches.get(key, Batch())
    if batch.state == "cancelled":
        return settled(card, cause.time)
    return settled(card, cause.time, batches=card.batches | {key: renewed(batch, state="unstaffable")})


@board.on(DeliveryCompleted)
def delivered(card: Card, fact: DeliveryCompleted, cause: Cause) -> OrderCard:
    """All was taught and confirmed."""
    return settled(known(card, fact), cause.time, delivered=True)


@board.on(EvaluationPlanned)
def planned(card: Card, fact: EvaluationPlanned, cause: Cause) -> OrderCard:
    """A batch is to be held."""
    card = known(card, fact)
    batch = Batch("planned", fact.candidates, line=fact.line, day=fact.slot.day)
    return settled(card, cause.time, batches=card.batches | {str(fact.batch_id): batch})


@board.on(BatchMoved)
def moved(card: Card, fact: BatchMoved, cause: Cause) -> OrderCard:
    """Another time; its assessors are asked anew."""
    card = known(card, fact)
    batch = Batch("planned", fact.candidates, line=fact.line, day=fact.slot.day)
    changes = changed(card, "moved", cause.time)
    return settled(card, cause.time, batches=card.batches | {str(fact.batch_id): batch}, changes=changes)


@board.on(BatchCancelled)
def batch_cancelled(card: Card, fact: BatchCancelled, cause: Cause) -> OrderCard:
    """It is not held: another is to be planned, and whoever was asked need not answer."""
    card = known(card, fact)
    key = str(fact.batch_id)
    batch = renewed(card.batches.get(key, Batch(line=fact.line)), state="cancelled")
    offers = {id_: offer for id_, offer in card.offers.items() if offer.batch != key}
    changes = changed(card, "cancelled", cause.time)
    return settled(card, cause.time, batches=card.batches | {key: batch}, offers=offers, changes=changes)


@board.on(CandidateAdmitted)
def admitted(card: Card, fact: CandidateAdmitted, cause: Cause) -> OrderCard:
    """Who is admitted on evidence that has come since is one candidate more than were planned with."""
    card = known(card, fact)
    key = str(fact.batch_id)
    batch = card.batches.get(key)
    if batch is None or not fact.on_evidence:
        return settled(card, cause.time)
    more = renewed(batch, candidates=batch.candidates + 1)
    return settled(card, cause.time, batches=card.batches | {key: more})


@board.on(CandidateAssessed)
def assessed(card: Card, fact: CandidateAssessed, cause: Cause) -> OrderCard:
    """One candidate more has all marks."""
    card = known(card, fact)
    key = str(fact.batch_id)
    batch = card.batches.get(key, Batch())
    return settled(
        card, cause.time, batches=card.batches | {key: renewed(batch, assessed=batch.assessed + 1)}
    )


@board.on(ResultsPosted)
def posted(card: Card, fact: ResultsPosted, cause: Cause) -> OrderCard:
    """The posting days run."""
    card = known(card, fact)
    key = str(fact.batch_id)
    batch = renewed(card.batches.get(key, Batch()), state="posted", until=fact.objections_until)
    return settled(card, cause.time, batches=card.batches | {key: batch})


@board.on(ObjectionRaised)
def objected(card: Card, fact: ObjectionRaised, cause: Cause) -> OrderCard:
    """Somebody objects: to be settled."""
    card = known(card, fact)
    return settled(card, cause.time, objections=card.objections + 1)


@board.on(ObjectionSettled)
def settled_objection(card: Card, fact: ObjectionSettled, cause: Cause) -> OrderCard:
    """One objection less; upheld, the candidate is marked again and the results are posted anew."""
    card = known(card, fact)
    batches = card.batches
    key = str(fact.batch_id)
    if fact.upheld and key in batches:
        again = renewed(batches[key], state="planned", until=None, assessed=max(0, batches[key].assessed - 1))
        batches = batches | {key: again}
    return settled(card, cause.time, objections=max(0, card.objections - 1), batches=batches)


@board.on(CertificateIssued)
def issued(card: Card, fact: CertificateIssued, cause: Cause) -> OrderCard:
    """One certificate more, unless it takes the place of another."""
    card = known(card, fact)
    return settled(card, cause.time, issued=card.issued + (fact.replaces is None))


@board.on(CertificateRevoked)
def revoked(card: Card, fact: CertificateRevoked, cause: Cause) -> OrderCard:
    """One certificate no longer holds."""
    card = known(card, fact)
    return settled(card, cause.time, revoked=card.revoked + 1, changes=changed(card, "revoked", cause.time))


@board.on(CertificateReissued)
def reissued(card: Card, fact: CertificateReissued, cause: Cause) -> OrderCard:
    """The one just revoked was so for another in its place: as many hold as before."""
    card = known(card, fact)
    return settled(card, cause.time, revoked=max(0, card.revoked - 1))


@board.on(EvaluationCompleted)
def completed(card: Card, fact: EvaluationCompleted, cause: Cause) -> OrderCard:
    """The batch is at its end."""
    card = known(card, fact)
    key = str(fact.batch_id)
    batch = renewed(card.batches.get(key, Batch()), state="completed")
    return settled(card, cause.time, batches=card.batches | {key: batch})
