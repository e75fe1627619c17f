"""What order-intake says.

Key on `songjiao.demand`: the enterprise or the survey; on `songjiao.orders`: the order.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from contracts.base import DEMAND, ORDERS, Fact, Value
from contracts.values import (
    Code,
    Count,
    CreditCode,
    DivisionCode,
    EnterpriseId,
    LevelCode,
    LineNumber,
    OccupationCode,
    OrderId,
    OrderLine,
    OrderNumber,
    Ordinal,
    OrganisationName,
    PoolMember,
    ProgrammeCode,
    Reason,
    ServiceLine,
    ShiftPatternCode,
    SurveyId,
    UnionId,
    WorkerId,
)


class EnterpriseFact(Fact):
    """Said about an enterprise; carries its whole current state."""

    source = "order-intake"
    topic = DEMAND
    about = "enterprise_id"
    enterprise_id: EnterpriseId
    credit_code: CreditCode
    name: OrganisationName
    name_en: OrganisationName | None = None
    division: DivisionCode
    industry: Code
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    """First day of crew A's cycle; the other crews follow by their offset."""
    rooms: Annotated[int, Field(ge=1, le=50)] = 1
    """Sessions it can host at one time."""
    pilot: bool = False
    """One of the federation's pilot enterprises of cooperative education."""


class EnterpriseRegistered(EnterpriseFact):
    """The federation knows this enterprise from now on."""

    type = "enterprise.registered.v1"


class EnterpriseChanged(EnterpriseFact):
    """Something about the enterprise is different: its whole new state."""

    type = "enterprise.changed.v1"


class SurveyFact(Fact):
    """Said about one round of a survey."""

    source = "order-intake"
    topic = DEMAND
    about = "survey_id"
    survey_id: SurveyId


class SurveyOpened(SurveyFact):
    """A round of asking enterprises and workers what they need begins."""

    type = "survey.opened.v1"
    programme: ProgrammeCode
    round: Ordinal
    channel: Code
    """Visit, seminar, e-mail, stationed cadre, questionnaire: a code of the programme."""
    opened_on: date
    closes_on: date | None = None
    """Last day on which enterprises answer themselves; none = until the round is closed."""
    enterprises: Annotated[tuple[EnterpriseId, ...], Field(max_length=5000)] = ()
    """Who is asked; none = every enterprise."""


class Need(Value):
    """What an enterprise says it needs."""

    service: ServiceLine
    occupation: OccupationCode
    heads: Count
    problem: Code | None = None
    """What hurts today (`no_long_off_job_training`, …): a code of the programme."""
    level: LevelCode | None = None
    """The level that the people should reach."""
    shift_pattern: ShiftPatternCode | None = None
    """How these people work; none = as the works do."""


class SurveyAnswered(SurveyFact):
    """An enterprise was visited or has answered."""

    type = "survey.answered.v1"
    enterprise_id: EnterpriseId
    person_times: Count
    """People spoken to in this visit (人次 of contact)."""
    needs: tuple[Need, ...] = ()
    answered_on: date
    noted_by_union: bool = False
    """The union wrote it down, as on a visit: the enterprise corrects it, and cannot take it back."""


class SurveyCorrected(SurveyFact):
    """An enterprise mends its answer: its whole needs as they are now. The people spoken to stay as counted."""

    type = "survey.corrected.v1"
    enterprise_id: EnterpriseId
    needs: tuple[Need, ...] = ()
    corrected_on: date


class SurveyWithdrawn(SurveyFact):
    """An enterprise takes its answer back while the round is open; it may answer again."""

    type = "survey.withdrawn.v1"
    enterprise_id: EnterpriseId
    person_times: Count
    """Counted with the answer until now."""
    withdrawn_on: date


class SurveyReminded(SurveyFact):
    """Enterprises that were asked and have not answered are told once more."""

    type = "survey.reminded.v1"
    enterprises: Annotated[tuple[EnterpriseId, ...], Field(min_length=1, max_length=5000)]
    reminded_on: date


class SurveyClosed(SurveyFact):
    """The round is over."""

    type = "survey.closed.v1"
    closed_on: date


class OrderFact(Fact):
    """Said about an order."""

    source = "order-intake"
    topic = ORDERS
    about = "order_id"
    order_id: OrderId


class OrderSubmitted(OrderFact):
    """The enterprise asks (企业点单). The same order may be submitted again after a return."""

    type = "order.submitted.v1"
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: OrganisationName
    programme: ProgrammeCode
    division: DivisionCode
    """County-level place where the sessions are to be held."""
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    rooms: Annotated[int, Field(ge=1, le=50)] = 1
    special_session: bool = False
    """Opens with a special session (专场) at the works; counted apart from sessions."""
    survey_id: SurveyId | None = None
    lines: tuple[OrderLine, ...]
    submitted_on: date


class OrderReturned(OrderFact):
    """The union gives the order back to be mended, with reasons."""

    type = "order.returned.v1"
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]


class OrderRejected(OrderFact):
    """The union does not take the order, with reasons; final."""

    type = "order.rejected.v1"
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]


class OrderAccepted(OrderFact):
    """The union takes the order (工会接单). Planning starts from here."""

    type = "order.accepted.v1"
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: OrganisationName
    programme: ProgrammeCode
    division: DivisionCode
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    rooms: Annotated[int, Field(ge=1, le=50)] = 1
    special_session: bool = False
    union_id: UnionId
    lines: tuple[OrderLine, ...]
    """As accepted, not as first submitted."""
    accepted_on: date


class OrderAmended(OrderFact):
    """An accepted order is different from now on; a scheme of the old lines no longer fits."""

    type = "order.amended.v1"
    revision: Ordinal
    """Counts the amendments of this order."""
    lines: tuple[OrderLine, ...]
    amended_on: date


class OrderWithdrawn(OrderFact):
    """The enterprise takes a submitted order back before it was accepted."""

    type = "order.withdrawn.v1"


class OrderCancelled(OrderFact):
    """An accepted order ends before it is fulfilled; sessions are freed, colleges told."""

    type = "order.cancelled.v1"
    reason: Reason
    cancelled_on: date


class OrderStarted(OrderFact):
    """The first session of the order was opened."""

    type = "order.started.v1"
    started_on: date


class OrderLineClosed(OrderFact):
    """The union closes a line that no stage of the scheme ends: the competition was held, the apprenticeship begun."""

    type = "order.line_closed.v1"
    line: LineNumber
    heads: Annotated[int, Field(ge=0, le=2000)]
    """People who took part."""
    closed_on: date


class OrderFulfilled(OrderFact):
    """Every line of the order is done, through every stage its scheme has."""

    type = "order.fulfilled.v1"
    fulfilled_on: date


class RosterDisclosed(OrderFact):
    """Names of a roster were given out of order-intake to another service or person."""

    type = "roster.disclosed.v1"
    receiver: Code
    """Service or user id that asked."""
    purpose: Code
    people: Count


class RosterRevealed(OrderFact):
    """Somebody looked at one person's whole ID number, for a reason; each look is told."""

    type = "roster.revealed.v1"
    worker_id: WorkerId
    reason: Reason


class OrderPoolProposed(OrderFact):
    """The union proposes a joint order of several small ones; each member is asked on its own order.

    The joint order is the first enterprise's, at whose works it is taught; its people stand on its lines by enterprise.
    """

    type = "order.pool_proposed.v1"
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: OrganisationName
    programme: ProgrammeCode
    division: DivisionCode
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    rooms: Annotated[int, Field(ge=1, le=50)] = 1
    union_id: UnionId
    members: Annotated[tuple[PoolMember, ...], Field(max_length=20)]
    lines: tuple[OrderLine, ...]
    answer_by: AwareDatetime
    proposed_on: date


class OrderPoolWithdrawn(OrderFact):
    """The joint order does not come about: the union took it back, or too few consented."""

    type = "order.pool_withdrawn.v1"
    reason: Reason


class MemberFact(OrderFact):
    """Said about an order that is, or was to be, part of a joint order."""

    joint_id: OrderId


class OrderPoolAsked(MemberFact):
    """The enterprise is asked whether its order may be taught jointly."""

    type = "order.pool_asked.v1"
    answer_by: AwareDatetime


class OrderPoolConsented(MemberFact):
    """The enterprise agrees; the order goes on as it is until the joint order is accepted."""

    type = "order.pool_consented.v1"


class OrderPoolDeclined(MemberFact):
    """The order goes its own way: the enterprise refuses, has not answered, or the joint order came to nothing."""

    type = "order.pool_declined.v1"
    reason: Reason


class OrderPooled(MemberFact):
    """The order is part of the joint order from now on, and fulfilled by its completion."""

    type = "order.pooled.v1"
    joint_number: OrderNumber
    pooled_on: date


class OrderPoolLeft(MemberFact):
    """The order is taken out of the joint order again, or that one was cancelled: it waits for the union anew."""

    type = "order.pool_left.v1"
    reason: Reason
