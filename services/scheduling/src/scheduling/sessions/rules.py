"""A session of a confirmed scheme: scheduled, moved, held or cancelled; and who is to come, as far as we hear."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contracts.instructor_dispatch import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentFact,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentSubstituted,
    AssignmentTaken,
)
from contracts.refusals import Refused
from contracts.scheduling import (
    SessionCancelled,
    SessionFact,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
    SessionWithPlace,
)
from contracts.values import PersonId, Reason, Slot


class State(StrEnum):
    """Where a session stands."""

    SCHEDULED = "scheduled"
    UNPLACED = "unplaced"
    """Nobody can come at its time, and no other time was found: the coordinator's turn."""
    MISSED = "missed"
    """Nobody opened it in time: the coordinator moves it to a later time or cancels it."""
    HELD = "held"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """How sure it is that the person comes."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    FIRM = "firm"


AHEAD = frozenset({State.SCHEDULED, State.UNPLACED, State.MISSED})
"""Can still be moved or cancelled."""


@dataclass(frozen=True)
class Timetabled:
    """A session as last told, in which version of the scheme it came, and who comes."""

    told: SessionWithPlace
    scheme_version: int
    state: State = State.SCHEDULED
    person_id: PersonId | None = None
    standing: Standing | None = None
    declined: frozenset[PersonId] = frozenset()
    reasons: tuple[Reason, ...] = ()
    """Why it is unplaced or cancelled."""

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not be held at all."""
        return self.state is State.CANCELLED

    @property
    def is_missed(self) -> bool:
        """Whether nobody opened it in time."""
        return self.state is State.MISSED


def scheduled(fact: SessionScheduled, *, version: int) -> Timetabled:
    """A session of a version that was just confirmed."""
    return _proposed(Timetabled(fact, version), fact)


def moved(row: Timetabled, slot: Slot, *, because: Reason, proposed: PersonId | None,
          reasons: Sequence[Reason]) -> SessionMoved:  # fmt: skip
    """The session at another time, with a new proposal. Whoever asks has checked that it may move."""
    told = row.told.model_dump(exclude={"slot", "proposed", "reasons", "revision"})
    return SessionMoved(
        **told,
        slot=slot,
        was=row.told.slot,
        proposed=proposed,
        reasons=tuple(reasons),
        revision=row.told.revision + 1,
        because=because,
    )


def cancel(row: Timetabled, reason: Reason) -> SessionCancelled | None:
    """A session that was held stays; one that was cancelled is not cancelled again."""
    if row.state not in AHEAD:
        return None
    return SessionCancelled(order_id=row.told.order_id, session_id=row.told.session_id, reason=reason)


def cancel_one(row: Timetabled, all_of_order: Sequence[Timetabled], reason: Reason) -> SessionCancelled:
    """The coordinator cancels one session; an order that has no other is cancelled itself, or amended."""
    fact = cancel(row, reason)
    if fact is None:
        raise Refused("session.not_ahead", state=row.state)
    if sum(each.state is not State.CANCELLED for each in all_of_order) == 1:
        raise Refused("session.last_of_order")
    return fact


def unplaced(row: Timetabled, tried: Sequence[Reason]) -> SessionUnplaced:
    """No other time was found, or none that the enterprise allowed beforehand."""
    return SessionUnplaced(order_id=row.told.order_id, session_id=row.told.session_id, tried=tuple(tried))


def may_be_replanned(row: Timetabled, *, now: datetime) -> bool:
    """Ahead, before its time, and nobody asked or firm meanwhile: dispatch may have found somebody after all."""
    asked = row.standing in {Standing.OFFERED, Standing.FIRM}
    return row.state in AHEAD and not asked and row.told.slot.starts_at > now


def evolve(row: Timetabled, fact: SessionFact) -> Timetabled:
    """The session after the fact, for every fact about one that is on the timetable."""
    match fact:
        case SessionScheduled():
            return scheduled(fact, version=row.scheme_version)
        case SessionMoved():
            return _proposed(replace(row, state=State.SCHEDULED, reasons=()), fact)
        case SessionCancelled():
            return replace(row, state=State.CANCELLED, person_id=None, standing=None, reasons=(fact.reason,))
        case SessionUnplaced():
            return replace(row, state=State.UNPLACED, person_id=None, standing=None, reasons=fact.tried)
    raise TypeError(f"{fact.type} says nothing about a session")


def opened(row: Timetabled) -> Timetabled:
    """It takes place: from here on it is never moved or cancelled."""
    return replace(row, state=State.HELD)


def missed(row: Timetabled, slot: Slot) -> Timetabled:
    """Nobody opened it at this time; nothing when it was held, or is moved or cancelled already."""
    if row.state not in AHEAD or row.told.slot != slot:
        return row
    return replace(row, state=State.MISSED, person_id=None, standing=None)


def nobody_comes(row: Timetabled, declined: Sequence[PersonId]) -> Timetabled:
    """Dispatch has found nobody for the session at its time."""
    return replace(row, person_id=None, standing=None, declined=row.declined | frozenset(declined))


def learn(row: Timetabled, fact: AssignmentFact) -> Timetabled:  # noqa: PLR0911  one line per fact
    """What dispatch says about who comes to the session as its lead."""
    match fact:
        case AssignmentOffered(person_id=person_id) if person_id and row.standing is not Standing.FIRM:
            return replace(row, person_id=person_id, standing=Standing.OFFERED)
        case AssignmentAccepted() | AssignmentSubstituted():
            state = State.SCHEDULED if row.state is State.UNPLACED else row.state
            return replace(row, state=state, person_id=fact.person_id, standing=Standing.FIRM, reasons=())
        case AssignmentDeclined():
            declined = row.declined | ({fact.person_id} if fact.person_id else set())
            return replace(_freed(row, fact.person_id), declined=declined)
        case AssignmentReleased() if fact.given_back and fact.person_id:
            return replace(_freed(row, fact.person_id), declined=row.declined | {fact.person_id})
        case AssignmentLapsed() | AssignmentReleased():
            return _freed(row, fact.person_id)
        case AssignmentTaken(person_id=None) if row.standing is Standing.OFFERED:
            return _freed(row, row.person_id)  # the college names somebody else
    return row


def _freed(row: Timetabled, person_id: PersonId | None) -> Timetabled:
    if row.person_id != person_id:
        return row
    return replace(row, person_id=None, standing=None)


def _proposed(row: Timetabled, fact: SessionWithPlace) -> Timetabled:
    return replace(
        row,
        told=SessionWithPlace.model_validate(fact.model_dump()),
        person_id=fact.proposed,
        standing=Standing.PROPOSED if fact.proposed else None,
    )
