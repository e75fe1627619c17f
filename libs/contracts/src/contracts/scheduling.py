"""What scheduling says. Key on `songjiao.orders`: the order."""

from uuid import UUID

from pydantic import AwareDatetime

from contracts.base import ORDERS, Fact, Value
from contracts.values import (
    ClassHours,
    ClauseSigned,
    ClauseToSign,
    Code,
    Cohort,
    CohortId,
    Count,
    Deputised,
    DivisionCode,
    EnterpriseId,
    Hash,
    LevelCode,
    LineNumber,
    Minutes,
    Mode,
    Needs,
    OccupationCode,
    OrderId,
    Ordinal,
    OrganisationId,
    PersonId,
    Reason,
    SessionId,
    Signer,
    Slot,
    Stage,
    UnionId,
    UnitCode,
    Yuan,
)


class FromRun(Value):
    """The improvement or scenario of the whole plan that something was taken from; its name stays with its owner."""

    run_id: UUID
    kind: Code


class SchemeFact(Fact):
    """Said about an order's scheme. Versions count 1, 2, 3… per order."""

    source = "scheduling"
    topic = ORDERS
    about = "order_id"
    order_id: OrderId
    version: Ordinal


class SchemeWithContent(SchemeFact):
    """A version with its figures; the hash covers content, times, places, needs and cost, not the person."""

    hash: Hash
    cohorts: Count
    sessions: Count
    unplaced: Count
    """Sessions that the planner found no time or nobody for."""
    class_hours: ClassHours
    cost: Yuan
    subsidy_expected: Yuan
    release_minutes: Minutes
    """Working time lost, minutes times people."""
    stages: tuple[Stage, ...]
    clauses: tuple[ClauseToSign, ...] | None = None
    """Each clause by itself, with who is asked for it; none = the fact is older than this field, all is signed anew."""
    sign_by: AwareDatetime | None = None
    """When the time of the side whose turn it is is over."""
    pinned: tuple[SessionId, ...] = ()
    """Sessions that stay at their time whatever is planned again; outside the hash."""
    only_pins: bool = False
    """The version in force, but for its pins: it stays in force and nobody signs it."""
    run: FromRun | None = None
    """None = made for this order alone, or the fact is older than this field."""


class SchemeDrafted(SchemeWithContent):
    """The planner wrote a first draft; the coordinator tailors it."""

    type = "scheme.drafted.v1"


class SchemeRevised(SchemeWithContent):
    """A new version stands beside the old ones: tailored by hand, or planned again after an amendment."""

    type = "scheme.revised.v1"


class SchemeApproved(SchemeFact):
    """The union approves this hash: the enterprise's turn, unless it has signed all that it signs before."""

    type = "scheme.approved.v1"
    hash: Hash
    clauses: tuple[ClauseSigned, ...] | None = None
    """What is signed by this; none = the fact is older than this field, the whole version."""
    sign_by: AwareDatetime | None = None
    """When the enterprise's time is over, if it is asked."""
    deputy: Deputised | None = None
    """None = signed in the user's own name."""


class SchemeConfirmed(SchemeFact):
    """The enterprise confirms this hash: one enterprise, one scheme. Its sessions follow one by one.

    Also said because the union approved a version in which nothing is new that the enterprise signs.
    """

    type = "scheme.confirmed.v1"
    hash: Hash
    stages: tuple[Stage, ...]
    cohorts: tuple[Cohort, ...]
    sessions: Count
    """How many `session.scheduled` follow in the same transaction."""
    by_hand: tuple[LineNumber, ...] = ()
    """The order's lines that no stage ends (a competition, an apprenticeship): the union closes them by hand."""
    clauses: tuple[ClauseSigned, ...] | None = None
    """What the enterprise signs by this: nothing, when it has signed all of it before; none = an older fact, all."""
    deputy: Deputised | None = None
    """None = signed in the user's own name, or by nobody."""


class SchemeDeclined(SchemeFact):
    """The union or the enterprise gives the version back with a reason; it is the coordinator's turn.

    Also said when no plan can be made of the order as it is: then the version was never drafted.
    """

    type = "scheme.declined.v1"
    reason: Reason
    reasons: tuple[Reason, ...] = ()
    """All of them, `reason` the first; none = there is no other."""
    signer: Signer | None = None
    """Which side gave it back; none = the planner, or the fact is older than this field."""


class SchemeReminded(SchemeFact):
    """A side that is asked to sign this version is reminded: its time is nearly over."""

    type = "scheme.reminded.v1"
    signer: Signer
    to: OrganisationId
    sign_by: AwareDatetime


class SchemeEscalated(SchemeFact):
    """A side has let its time for this version pass: somebody above hears of it. It may still sign."""

    type = "scheme.escalated.v1"
    signer: Signer
    to: UnionId
    sign_by: AwareDatetime


class SchemeWithdrawn(SchemeFact):
    """The scheme no longer holds, because its order was cancelled or amended."""

    type = "scheme.withdrawn.v1"
    reason: Reason


class SessionFact(Fact):
    """Said about one session of an order."""

    source = "scheduling"
    topic = ORDERS
    about = "order_id"
    order_id: OrderId
    session_id: SessionId


class SessionWithPlace(SessionFact):
    """The whole of a session as it is now to be held."""

    cohort_id: CohortId
    line: LineNumber
    """The order's line it belongs to, with what that line trains for:"""
    occupation: OccupationCode
    level: LevelCode
    position: Ordinal
    """Place in the cohort's teaching order."""
    unit: UnitCode
    mode: Mode
    class_hours: ClassHours
    needs: Needs
    enterprise_id: EnterpriseId
    division: DivisionCode
    slot: Slot
    proposed: PersonId | None = None
    """Whom the planner would send; dispatch decides."""
    reasons: tuple[Reason, ...] = ()
    revision: Ordinal = 1
    """Counts the moves of this session: 1 as scheduled, +1 by each move."""
    people: Count | None = None
    """How many workers the cohort has; none = the fact is older than this field."""


class SessionScheduled(SessionWithPlace):
    """A session of a confirmed scheme is to be held. It alone causes offers."""

    type = "session.scheduled.v1"


class SessionMoved(SessionWithPlace):
    """The session is held at another time; dispatch offers again."""

    type = "session.moved.v1"
    because: Reason
    was: Slot
    run: FromRun | None = None
    """None = moved for itself, or the fact is older than this field."""


class SessionCancelled(SessionFact):
    """The session will not be held; whoever was to come is free."""

    type = "session.cancelled.v1"
    reason: Reason


class SessionUnplaced(SessionFact):
    """No other time was found where somebody could come: the coordinator's turn."""

    type = "session.unplaced.v1"
    tried: tuple[Reason, ...]
