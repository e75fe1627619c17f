"""What instructor-dispatch says.

Key on `songjiao.supply`: the college or the person; on `songjiao.orders`: the order.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from contracts.base import ORDERS, SUPPLY, Fact, Value
from contracts.values import (
    AssignmentId,
    BandCode,
    BatchId,
    Code,
    CollegeId,
    Count,
    DivisionCode,
    OrderId,
    Ordinal,
    OrganisationName,
    PersonId,
    Qualification,
    Reason,
    Role,
    SessionId,
    Slot,
    UnionId,
    UnitCode,
)


class CollegeFact(Fact):
    """Said about a partner college; carries its whole current state."""

    source = "instructor-dispatch"
    topic = SUPPLY
    about = "college_id"
    college_id: CollegeId
    name: OrganisationName
    name_en: OrganisationName | None = None
    division: DivisionCode
    kind: Code


class CollegeJoined(CollegeFact):
    """A college sends teachers from now on, once it has an agreement."""

    type = "college.joined.v1"


class CollegeChanged(CollegeFact):
    """Something about the college is different: its whole new state."""

    type = "college.changed.v1"


class AgreementSigned(Fact):
    """Federation and college agree on how much the college sends (合作框架协议)."""

    source = "instructor-dispatch"
    topic = SUPPLY
    about = "college_id"
    type = "agreement.signed.v1"
    college_id: CollegeId
    union_id: UnionId
    valid_from: date
    valid_until: date
    sessions_total: Count
    """Most sessions in the agreement's time."""
    sessions_week: Count
    """Most sessions in a week (Monday to Sunday)."""
    target: Count
    """Agreed fair number of sessions."""


class AgreementEnded(Fact):
    """The agreement ends early."""

    source = "instructor-dispatch"
    topic = SUPPLY
    about = "college_id"
    type = "agreement.ended.v1"
    college_id: CollegeId
    ended_on: date


class Away(Value):
    """A time in which somebody cannot come: own lessons (with their place) or an absence (without)."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    division: DivisionCode | None = None
    """Where the own lessons are; none = away, no drive is counted."""
    reason: Code = "absence"
    calendar: Code | None = None
    """The calendar of the person that said so, by a short code; told anew, all of it is replaced."""


class PersonFact(Fact):
    """Said about somebody who is sent, instructor or assessor; carries the whole current state, no name."""

    source = "instructor-dispatch"
    topic = SUPPLY
    about = "person_id"
    person_id: PersonId
    college_id: CollegeId
    home: DivisionCode
    qualifications: tuple[Qualification, ...]
    most_sessions_day: Ordinal = 2
    most_sessions_week: Ordinal = 6
    fair_load: Count = 0
    """Sessions a season that are this person's fair share; 0 = not set."""
    avoids: tuple[BandCode, ...] = ()
    prefers_divisions: tuple[DivisionCode, ...] = ()
    """Where the person would rather teach; none = anywhere. A wish, no bar, like `avoids`."""
    prefers_units: tuple[UnitCode, ...] = ()
    """What the person would rather teach; none = anything."""
    most_evenings_week: Count | None = None
    """Evenings in a week that are enough; none = no wish."""
    away: tuple[Away, ...] = ()


class InstructorListed(PersonFact):
    """A college puts a person on the list of those it sends."""

    type = "instructor.listed.v1"


class InstructorChanged(PersonFact):
    """Something about the person is different: the whole new state."""

    type = "instructor.changed.v1"


class InstructorUnavailable(PersonFact):
    """The person cannot come for a time (illness, own duty); the new absence is the last of `away`."""

    type = "instructor.unavailable.v1"


class InstructorTimetabled(PersonFact):
    """A calendar of the person was told anew: `away` has its times instead of those it said before."""

    type = "instructor.timetabled.v1"
    calendar: Code


class InstructorAvailable(PersonFact):
    """The person can come again from `starts_at` to `ends_at`: a time away ended early, or was a mistake."""

    type = "instructor.available.v1"
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    """Half-open; `away` holds what is left of the time away, if anything."""


class QualificationFact(Fact):
    """Said about a qualification or an assessor's card that somebody who is sent holds."""

    source = "instructor-dispatch"
    topic = SUPPLY
    about = "person_id"
    person_id: PersonId
    college_id: CollegeId
    held: Qualification


class QualificationExpiring(QualificationFact):
    """It ends soon: the college renews it, or promises after its end go to others."""

    type = "instructor.qualification_expiring.v1"


class QualificationExpired(QualificationFact):
    """It has ended, and nothing else the person holds includes it."""

    type = "instructor.qualification_expired.v1"


class InstructorRetired(PersonFact):
    """The person is no longer sent."""

    type = "instructor.retired.v1"


class AssignmentFact(Fact):
    """Said about an offer to send somebody, and the assignment it becomes: for one session or one batch."""

    source = "instructor-dispatch"
    topic = ORDERS
    about = "order_id"
    order_id: OrderId
    assignment_id: AssignmentId
    session_id: SessionId | None = None
    batch_id: BatchId | None = None
    role: Role = Role.LEAD

    @model_validator(mode="after")
    def _for_one_thing(self) -> "AssignmentFact":
        if (self.session_id is None) == (self.batch_id is None):
            raise ValueError("an assignment is for one session or one batch")
        return self


class AssignmentOffered(AssignmentFact):
    """A college is asked to send a person by a deadline; a directed offer holds him, an open call nobody."""

    type = "assignment.offered.v1"
    college_id: CollegeId
    person_id: PersonId | None
    """Whom the offer proposes; none = an open call to the college."""
    slot: Slot
    answer_by: AwareDatetime
    step: Annotated[int, Field(ge=0, le=5)] = 0
    """Step of dispatch that led to it: 0 proposal or first choice, 1 substitute, 2 swap, 3 moved."""
    linked: AssignmentId | None = None
    """The other half of a swap."""
    reasons: tuple[Reason, ...] = ()


class AssignmentTaken(AssignmentFact):
    """The college takes the offer and says later who comes: the place is its own until then.

    Said again without a person when the one proposed cannot come any more: the place is still the college's.
    """

    type = "assignment.taken.v1"
    college_id: CollegeId
    person_id: PersonId | None
    """Whom the offer proposed and who is held until somebody is named."""
    name_by: AwareDatetime


class AssignmentReminded(AssignmentFact):
    """The time to name somebody for a place that the college has taken is nearly over."""

    type = "assignment.reminded.v1"
    college_id: CollegeId
    person_id: PersonId | None
    name_by: AwareDatetime


class AssignmentUnconfirmed(AssignmentFact):
    """The date is near, and it is not certain yet who comes: the union may have to call. Said once an offer."""

    type = "assignment.unconfirmed.v1"
    college_id: CollegeId
    person_id: PersonId | None
    """Who is asked; none = an open call, or a place taken for which nobody is named."""
    slot: Slot
    drive_minutes: Count
    """From home of who is asked, or from the college."""
    days: Count
    """So many days before it is to be certain, with such a drive."""


class AssignmentVolunteered(AssignmentFact):
    """In answer to an open call a college would send this person, who is held until the call is decided."""

    type = "assignment.volunteered.v1"
    college_id: CollegeId
    person_id: PersonId
    answered_at: AwareDatetime
    decides_at: AwareDatetime
    """Then it is decided between all who have answered, or sooner when nobody is left who might."""


class AssignmentAccepted(AssignmentFact):
    """The college sends this person: firm."""

    type = "assignment.accepted.v1"
    college_id: CollegeId
    person_id: PersonId
    reasons: tuple[Reason, ...] = ()
    """Why this one, where an open call had to be decided between several."""


class AssignmentAgreed(AssignmentFact):
    """One half of a swap would come; firm when the other half agrees too. Nothing is released before."""

    type = "assignment.agreed.v1"
    college_id: CollegeId
    person_id: PersonId


class AssignmentSubstituted(AssignmentFact):
    """The college sends somebody else than proposed: firm."""

    type = "assignment.substituted.v1"
    college_id: CollegeId
    person_id: PersonId
    instead_of: PersonId | None


class AssignmentDeclined(AssignmentFact):
    """The college says no; the next best is asked at once."""

    type = "assignment.declined.v1"
    college_id: CollegeId
    person_id: PersonId | None
    reason: Reason


class AssignmentLapsed(AssignmentFact):
    """Nobody answered in time; the next best is asked at once."""

    type = "assignment.lapsed.v1"
    college_id: CollegeId
    person_id: PersonId | None
    taken: bool = False
    """The college had taken it, and named nobody in time."""


class AssignmentReleased(AssignmentFact):
    """Somebody who was held or firm is free again: illness, a cancelled or moved session; or, firm and with a
    reason `decline.*`, the college gave its promise back.
    """

    type = "assignment.released.v1"
    college_id: CollegeId
    person_id: PersonId | None
    was_firm: bool
    reason: Reason

    @property
    def given_back(self) -> bool:
        """The college has said no to what it had promised."""
        return self.was_firm and self.reason.code.startswith("decline.")


class OrderStaffed(Fact):
    """Every session of the confirmed scheme has a firm lead. Said again after a gap was closed."""

    source = "instructor-dispatch"
    topic = ORDERS
    about = "order_id"
    type = "order.staffed.v1"
    order_id: OrderId
    sessions: Count


class StepTried(Value):
    """What a step of dispatch found: how many people each rule kept away, or why there is no swap."""

    step: Annotated[int, Field(ge=0, le=5)]
    reasons: tuple[Reason, ...]


class SessionUnstaffable(Fact):
    """Steps 0-2 found nobody for the session as it stands: scheduling tries another time."""

    source = "instructor-dispatch"
    topic = ORDERS
    about = "order_id"
    type = "session.unstaffable.v1"
    order_id: OrderId
    session_id: SessionId
    declined: tuple[PersonId, ...] = ()
    """Whom not to propose again."""
    tried: tuple[Reason, ...] = ()
    steps: tuple[StepTried, ...] = ()
    """The same by step."""
    unlocks: tuple[Reason, ...] = ()
    """Single changes that would each bring somebody, tried one by one, the cheapest first."""


class SessionUnassisted(Fact):
    """Too few can assist at this session: it is held with its lead alone until somebody is free. Nobody moves it."""

    source = "instructor-dispatch"
    topic = ORDERS
    about = "order_id"
    type = "session.unassisted.v1"
    order_id: OrderId
    session_id: SessionId
    missing: Count
    tried: tuple[Reason, ...] = ()
    steps: tuple[StepTried, ...] = ()
    unlocks: tuple[Reason, ...] = ()
    """As of a session without a lead."""


class BatchUnstaffable(Fact):
    """Too few assessors can come to this batch: evaluation's turn to plan another day."""

    source = "instructor-dispatch"
    topic = ORDERS
    about = "order_id"
    type = "batch.unstaffable.v1"
    order_id: OrderId
    batch_id: BatchId
    missing: Count
    tried: tuple[Reason, ...] = ()
    steps: tuple[StepTried, ...] = ()
    unlocks: tuple[Reason, ...] = ()
    """As of a session."""
