"""The life of an offer, and of what it is for. Plain Python: state and request in, fact or refusal out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.instructor_dispatch import (
    AssignmentAccepted,
    AssignmentAgreed,
    AssignmentDeclined,
    AssignmentFact,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentReminded,
    AssignmentSubstituted,
    AssignmentTaken,
    AssignmentUnconfirmed,
    AssignmentVolunteered,
)
from contracts.refusals import Conflict, Invalid, Refused
from contracts.values import (
    AssignmentId,
    CohortId,
    CollegeId,
    DivisionCode,
    EnterpriseId,
    Needs,
    OrderId,
    PersonId,
    Reason,
    Role,
    Slot,
    UnitCode,
)
from instructor_dispatch.offers.assisting import assistants_of, session_of

DECLINE = "decline."
"""With this a college's reasons begin, which are programme data: for a no, and for a promise given back."""
LAST_MOMENT = timedelta(hours=1)
"""An answer is wanted at least so long before what is asked for begins, where there is that much time."""


class DutyState(StrEnum):
    """What became of a duty."""

    OPEN = "open"
    UNSTAFFABLE = "unstaffable"
    """Told so; waits for another time, or for the coordinator."""
    OFF = "off"
    """Will not be held."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What people are asked for: a session or a batch. A copy of what its owner said last."""

    duty_id: UUID
    """The session's or the batch's id; of a session's assistants, `assistants_of` it."""
    order_id: OrderId
    role: Role
    needs: Needs
    slot: Slot
    division: DivisionCode | None
    """Where; none = online."""
    site: EnterpriseId | None
    wanted: int = 1
    """How many people are asked for."""
    barred: frozenset[PersonId] = frozenset()
    proposed: PersonId | None = None
    cohort_id: CohortId | None = None
    unit: UnitCode | None = None
    revision: int = 1
    state: DutyState = DutyState.OPEN

    @property
    def is_batch(self) -> bool:
        """Whether assessors are asked for, and nobody who teaches."""
        return self.role is Role.ASSESSOR

    @property
    def session_id(self) -> UUID | None:
        """The session that it is for; none = a batch."""
        return session_of(self.duty_id, self.role)

    @property
    def named(self) -> UUID:
        """By what an override names it: the session, its assistants' too, or the batch."""
        return self.session_id or self.duty_id

    def begun(self, now: datetime) -> bool:
        """Whether it is too late to change who comes."""
        return self.slot.starts_at <= now


class OfferState(StrEnum):
    """One state machine: the offer, the answer and the reservation are one thing."""

    OFFERED = "offered"
    TAKEN = "taken"
    """The college sends somebody and says by a second deadline whom."""
    VOLUNTEERED = "volunteered"
    """Answered an open call that is not decided yet; the person is held."""
    AGREED = "agreed"
    """Half of a swap; firm when the other half agrees."""
    FIRM = "firm"
    DECLINED = "declined"
    LAPSED = "lapsed"
    RELEASED = "released"


LIVE = (
    OfferState.OFFERED,
    OfferState.TAKEN,
    OfferState.VOLUNTEERED,
    OfferState.AGREED,
    OfferState.FIRM,
)
WAITS = (OfferState.OFFERED, OfferState.TAKEN, OfferState.AGREED)
"""What lapses when its time is over."""
UNSETTLED = (*WAITS, OfferState.VOLUNTEERED)


@dataclass(frozen=True, slots=True)
class Offer:
    """A session or batch put to a college; once firm, the assignment."""

    assignment_id: AssignmentId
    order_id: OrderId
    duty_id: UUID
    role: Role
    college_id: CollegeId
    person_id: PersonId | None
    """Who is held or firm; none = an open call, which holds nobody, or a place taken whose person cannot come."""
    slot: Slot
    answer_by: datetime
    step: int
    linked: AssignmentId | None
    state: OfferState
    open_call: bool = False
    answered_at: datetime | None = None
    """When somebody was named in answer to an open call that was not decided at once."""
    name_by: datetime | None = None
    """Until when the college says who comes, once it has taken the offer."""
    reason: str | None = None
    """Why it ended, where that was said (code)."""

    @property
    def live(self) -> bool:
        """Whether it still counts: offered, agreed or firm."""
        return self.state in LIVE

    @property
    def until(self) -> datetime:
        """When it lapses if nothing is said: unanswered, or taken and nobody named."""
        return self.answer_by if self.name_by is None else self.name_by

    @property
    def calls(self) -> bool:
        """Whether the college is still asked for anybody who can come."""
        return self.open_call and self.state is OfferState.OFFERED

    @property
    def undecided(self) -> bool:
        """Whether it belongs to an open call that has not found its people yet."""
        return self.calls or self.state is OfferState.VOLUNTEERED

    def about(self) -> dict[str, Any]:
        """The fields that every fact about this offer has."""
        batch = self.role is Role.ASSESSOR
        return {
            "order_id": self.order_id,
            "assignment_id": self.assignment_id,
            "session_id": session_of(self.duty_id, self.role),
            "batch_id": self.duty_id if batch else None,
            "role": self.role,
        }


def missing(duty: Duty, offers: Iterable[Offer]) -> int:
    """How many people are still sought: whoever is asked, agreed or firm is not; an undecided call found nobody."""
    return duty.wanted - sum(each.live and not each.undecided for each in offers)


def answer_by(hours: int, *, now: datetime, starts_at: datetime) -> datetime:
    """Until when the college may answer, or name somebody: so many hours, but in time before it begins."""
    return _in_time(now, timedelta(hours=hours), starts_at)


def decides_at(minutes: int, *, first: datetime, starts_at: datetime) -> datetime:
    """When an open call is decided: so many minutes after the first answer, but in time before it begins."""
    return _in_time(first, timedelta(minutes=minutes), starts_at)


def _in_time(since: datetime, wanted: timedelta, starts_at: datetime) -> datetime:
    latest = starts_at - LAST_MOMENT
    if latest <= since:
        latest = since + (starts_at - since) / 2
    return min(since + wanted, latest)


def take(offer: Offer, *, name_by: datetime, now: datetime) -> AssignmentTaken:
    """The college sends somebody and says later whom; whom the offer proposes stays held."""
    if offer.state is OfferState.TAKEN:
        raise Refused("offer.taken_already", name_by=offer.until.isoformat())
    _still_open(offer, now)
    if offer.linked is not None:
        raise Refused("offer.linked")
    if offer.open_call:
        raise Invalid("offer.names_nobody", field="person_id")
    return AssignmentTaken(
        **offer.about(), college_id=offer.college_id, person_id=offer.person_id, name_by=name_by
    )


def without_person(offer: Offer) -> AssignmentTaken:
    """Whom the offer proposed cannot come any more; the place stays taken, and its deadline what it was."""
    return AssignmentTaken(**offer.about(), college_id=offer.college_id, person_id=None, name_by=offer.until)


def remind(offer: Offer) -> AssignmentReminded | None:
    """The college is to name somebody soon; nothing when it has, or the place is its own no more."""
    if offer.state is not OfferState.TAKEN:
        return None
    return AssignmentReminded(
        **offer.about(), college_id=offer.college_id, person_id=offer.person_id, name_by=offer.until
    )


def remind_at(hours: int, *, now: datetime, name_by: datetime) -> datetime:
    """So many hours before somebody is to be named; of a shorter time, at its half."""
    return name_by - min(timedelta(hours=hours), (name_by - now) / 2)


def must_be_taken(offer: Offer) -> None:
    """Somebody is named for a place that was taken; whoever answers at once accepts or substitutes."""
    if offer.state is not OfferState.TAKEN:
        raise Refused("offer.not_taken", state=offer.state.value)


def accept(
    offer: Offer, person_id: PersonId | None, *, now: datetime
) -> AssignmentAccepted | AssignmentAgreed:
    """The college sends the person proposed or, to an open call, one of its own."""
    _still_open(offer, now)
    if offer.open_call and person_id is None:
        raise Invalid("offer.names_nobody", field="person_id")
    if not offer.open_call and person_id not in (None, offer.person_id):
        raise Invalid("offer.for_somebody_else", field="person_id")
    goes = person_id or offer.person_id
    if goes is None:
        raise Invalid("offer.names_nobody", field="person_id")
    if offer.linked is not None:
        return AssignmentAgreed(**offer.about(), college_id=offer.college_id, person_id=goes)
    return AssignmentAccepted(**offer.about(), college_id=offer.college_id, person_id=goes)


def substitute(offer: Offer, person_id: PersonId, *, now: datetime) -> AssignmentSubstituted:
    """The college sends somebody else than proposed or promised, as long as it has not begun."""
    if offer.state is not OfferState.FIRM:
        _still_open(offer, now)
    elif offer.slot.starts_at <= now:
        raise Refused("offer.begun", starts_at=offer.slot.starts_at.isoformat())
    if offer.linked is not None and offer.state is not OfferState.FIRM:
        raise Refused("offer.linked")
    if person_id == offer.person_id:
        raise Invalid("offer.same_person", field="person_id")
    return AssignmentSubstituted(
        **offer.about(), college_id=offer.college_id, person_id=person_id, instead_of=offer.person_id
    )


def decline(offer: Offer, reason: Reason, *, now: datetime) -> AssignmentDeclined:
    """The college says no, gives back what it has taken, or what it answered to a call that is not decided yet."""
    if offer.state is not OfferState.VOLUNTEERED:
        _still_open(offer, now)
    return AssignmentDeclined(
        **offer.about(), college_id=offer.college_id, person_id=offer.person_id, reason=reason
    )


def withdraw(offer: Offer, reason: Reason, *, now: datetime) -> AssignmentReleased:
    """The college gives back what it promised, as long as it has not begun."""
    if offer.state is not OfferState.FIRM:
        raise Refused("offer.not_firm", state=offer.state.value)
    if offer.slot.starts_at <= now:
        raise Refused("offer.begun", starts_at=offer.slot.starts_at.isoformat())
    return release(offer, reason)


def lapse(offer: Offer, *, now: datetime) -> AssignmentLapsed | None:
    """Nobody answered in time; nothing when it was answered, or when there is time left."""
    if offer.state not in WAITS or now < offer.until:
        return None
    return AssignmentLapsed(
        **offer.about(),
        college_id=offer.college_id,
        person_id=offer.person_id,
        taken=offer.state is OfferState.TAKEN,
    )


def release(offer: Offer, reason: Reason) -> AssignmentReleased:
    """Whoever was held or firm is free again."""
    return AssignmentReleased(
        **offer.about(),
        college_id=offer.college_id,
        person_id=offer.person_id,
        was_firm=offer.state is OfferState.FIRM,
        reason=reason,
    )


def make_firm(offer: Offer) -> AssignmentAccepted:
    """Both halves of a swap agree."""
    if offer.state is not OfferState.AGREED or offer.person_id is None:
        raise Conflict("offer.closed", state=offer.state.value)
    return AssignmentAccepted(**offer.about(), college_id=offer.college_id, person_id=offer.person_id)


def _still_open(offer: Offer, now: datetime) -> None:
    if offer.state not in (OfferState.OFFERED, OfferState.TAKEN):
        raise Refused("offer.closed", state=offer.state.value)
    if now >= offer.until:
        raise Refused("offer.too_late", answer_by=offer.until.isoformat())


def evolve(offer: Offer | None, fact: AssignmentFact) -> Offer:
    """The offer after the fact, for every fact about an assignment."""
    if isinstance(fact, AssignmentOffered):
        return _offered(fact)
    if offer is None:
        raise TypeError(f"{fact.type} before the offer")
    if isinstance(fact, AssignmentReminded | AssignmentUnconfirmed):
        return offer
    changes: dict[str, Any] = {"state": _BECOMES[type(fact)]}
    if isinstance(fact, _NAMES):
        changes["person_id"] = fact.person_id
    if isinstance(fact, AssignmentVolunteered):
        changes["answered_at"] = fact.answered_at
    if isinstance(fact, AssignmentTaken):
        changes["name_by"] = fact.name_by
    if isinstance(fact, AssignmentDeclined | AssignmentReleased):
        changes["reason"] = fact.reason.code
    return replace(offer, **changes)


_NAMES = (
    AssignmentTaken,
    AssignmentVolunteered,
    AssignmentAgreed,
    AssignmentAccepted,
    AssignmentSubstituted,
)
_BECOMES: Mapping[type[AssignmentFact], OfferState] = {
    AssignmentTaken: OfferState.TAKEN,
    AssignmentVolunteered: OfferState.VOLUNTEERED,
    AssignmentAgreed: OfferState.AGREED,
    AssignmentAccepted: OfferState.FIRM,
    AssignmentSubstituted: OfferState.FIRM,
    AssignmentDeclined: OfferState.DECLINED,
    AssignmentLapsed: OfferState.LAPSED,
    AssignmentReleased: OfferState.RELEASED,
}


def _offered(fact: AssignmentOffered) -> Offer:
    duty_id = fact.session_id or fact.batch_id
    if duty_id is None:
        raise TypeError("an offer is for one session or one batch")
    if fact.role is Role.ASSISTANT:
        duty_id = assistants_of(duty_id)
    return Offer(
        assignment_id=fact.assignment_id,
        order_id=fact.order_id,
        duty_id=duty_id,
        role=fact.role,
        college_id=fact.college_id,
        person_id=fact.person_id,
        slot=fact.slot,
        answer_by=fact.answer_by,
        step=fact.step,
        linked=fact.linked,
        state=OfferState.OFFERED,
        open_call=fact.person_id is None,
    )
