"""The figures that services decide by (`rules/rules.yaml`), and a programme's own file."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from contracts.programme_aftercare import FollowupRules, SatisfactionRules
from contracts.programme_certificates import CertificateRules
from contracts.programme_dated import begun, check_each_once
from contracts.programme_delivery import DeliveryRules
from contracts.programme_dispatch import DispatchRules
from contracts.programme_evaluation import EvaluationRules
from contracts.programme_findings import FindingRules
from contracts.programme_personal import PersonalRules
from contracts.programme_public import PublicRules
from contracts.programme_subsidy import SubsidyRules
from contracts.programme_tables import Entry, Source, Sourced, Whole, Wording, Words, Yuan
from contracts.values import (
    Clause,
    Code,
    LevelCode,
    Mode,
    ProgrammeCode,
    ReasonCode,
    ServiceLine,
    Signer,
    Stage,
    UnionId,
)

Positive = Annotated[int, Field(ge=1)]


class PlanningRules(Entry):
    """What the planner and dispatch reckon with."""

    zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+/[A-Za-z_]+$")]
    buffer_minutes: Sourced[Whole]
    within_division_minutes: Sourced[Whole]
    day_open: Sourced[time]
    day_close: Sourced[time]
    night_ends: Sourced[time]
    night_rest_hours: Sourced[Whole]
    shift_anchor: Sourced[date]
    weight_unfairness: Sourced[Whole]
    freeze_days: Sourced[Whole]
    price_of_change: Sourced[Whole]


class FundingRules(Entry):
    """What a session costs."""

    lecture_fee_yuan_per_class_hour: Sourced[Yuan]
    travel_yuan_per_onsite_session: Sourced[Yuan]


class PeopleRules(Entry):
    """When it is said that a qualification ends, and when promises after its end go to others."""

    warn_days: Sourced[Positive]
    replace_days: Sourced[Positive]


class OverrideRules(Entry):
    """Why, and for how long, the coordinator may put a rule aside."""

    reasons: Sourced[tuple[Code, ...]]
    in_own_words: Sourced[tuple[Code, ...]]
    """Reasons that say nothing alone: the coordinator writes why. The words stay with the owner, in no fact."""
    most_days: Sourced[Positive]

    @model_validator(mode="after")
    def _only_what_is_known(self) -> "OverrideRules":
        if unknown := sorted(set(self.in_own_words.value) - set(self.reasons.value)):
            raise ValueError(f"{unknown[0]} is no reason for an override")
        return self


class KeptRules(Entry):
    """From a day on: for how many days a person's own words are kept."""

    since: date
    days: Positive
    source: Source
    note: Words | None = None


class WordsRules(Entry):
    """What somebody writes in their own words with a no, or about a finding: it is in no fact, and has an end."""

    kept: Annotated[tuple[KeptRules, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> "WordsRules":
        check_each_once(self.kept)
        return self

    def end(self, said: datetime, zone: ZoneInfo) -> datetime:
        """When words of this moment are forgotten; before any rule began the first counts."""
        row = begun(self.kept, said.astimezone(zone).date())
        return said + timedelta(days=(row or min(self.kept, key=lambda each: each.since)).days)


class Rules(Entry):
    """`rules/rules.yaml`."""

    class_hour_minutes: Sourced[Positive]
    planning: PlanningRules
    evaluation: EvaluationRules
    delivery: DeliveryRules
    dispatch: DispatchRules
    overrides: OverrideRules
    words: WordsRules
    personal: PersonalRules
    public: PublicRules
    people: PeopleRules
    findings: Annotated[tuple[FindingRules, ...], Field(min_length=1)]
    subsidy: SubsidyRules
    funding: FundingRules

    @model_validator(mode="after")
    def _each_once(self) -> "Rules":
        check_each_once(self.findings)
        return self

    def finding(self, day: date) -> FindingRules:
        """What is worth a look on this day; before any figures began those that were first."""
        return begun(self.findings, day) or min(self.findings, key=lambda each: each.since)


class Tolerance(Entry):
    """Within it a move is a notice to the enterprise; outside it waits for their confirmation."""

    source: Source
    same_week: bool
    wished_bands: bool
    notice_days: Whole


class PoolingRules(Entry):
    """Small orders of several enterprises taught as one class."""

    consent_hours: Sourced[Positive]
    """How long an enterprise has to consent."""
    drive_minutes: Sourced[Whole]
    """Most that its workers drive to the works of another, one way."""


class Signatures(Entry):
    """Which side signs which clauses of a scheme; what a side does not sign changes without it."""

    source: Source = "invented"
    union: tuple[Clause, ...] = tuple(Clause)
    enterprise: tuple[Clause, ...] = (Clause.CONTENT, Clause.TIMES, Clause.PLACES, Clause.COST)

    @model_validator(mode="after")
    def _every_clause_is_signed(self) -> "Signatures":
        for signer in Signer:
            clauses = self.of(signer)
            if not clauses or len(set(clauses)) < len(clauses):
                raise ValueError(f"the {signer} signs nothing, or a clause twice")
        if unsigned := sorted(set(Clause) - {*self.union, *self.enterprise}):
            raise ValueError(f"nobody signs {', '.join(unsigned)}")
        return self

    def of(self, signer: Signer) -> tuple[Clause, ...]:
        """What this side signs."""
        return self.union if signer is Signer.UNION else self.enterprise


class SigningTime(Entry):
    """How long a side has for a signature, when it is reminded, and who hears that its time is over."""

    source: Source = "invented"
    union_working_days: Positive = 3
    enterprise_working_days: Positive = 3
    remind_working_days: Whole = 1
    """So many working days before the last one."""
    escalates_to: UnionId | None = None
    """Who hears of a union that is late; none = that union. Of a late enterprise its union hears."""

    @model_validator(mode="after")
    def _a_reminder_comes_after_the_question(self) -> "SigningTime":
        if self.remind_working_days >= min(self.working_days(signer) for signer in Signer):
            raise ValueError("the reminder would come before the question")
        return self

    def working_days(self, signer: Signer) -> int:
        """How many this side has."""
        return self.union_working_days if signer is Signer.UNION else self.enterprise_working_days


class EvaluationWindow(Entry):
    """When those who were trained are evaluated: so many days after their last session, at the earliest and latest."""

    source: Source = "invented"
    earliest_days: Positive = 1
    latest_days: Positive = 30

    @model_validator(mode="after")
    def _in_order(self) -> "EvaluationWindow":
        if self.latest_days < self.earliest_days:
            raise ValueError("the latest day is before the earliest")
        return self


class InvigilatorRules(Entry):
    """Who may not watch over an examination."""

    source: Source = "approximate"
    may_have_taught: bool = False
    """The candidates."""
    may_assess: bool = False
    """The same batch."""
    of_the_enterprise: bool = True
    """Whose people are examined."""


class RevocationCauses(Entry):
    """Why certificates end or rest. A void result takes all of the evaluation, the issuer's own cause one."""

    void_result: tuple[Code, ...]
    issuers_own: tuple[Code, ...]
    takes_sister: tuple[Code, ...] = ()
    """Of the issuer's own those that hold for the other certificates of the same evaluation too."""
    suspension: tuple[Code, ...] = ()
    """Why one does not hold for a while."""
    reinstatement: tuple[Code, ...] = ()
    """Why it holds again."""
    reissue: tuple[Code, ...] = ()
    """Why another is issued in its place."""
    renewal: tuple[Code, ...] = ()
    """Why another follows one that ends, without passing again."""

    @model_validator(mode="after")
    def _of_the_issuers_own(self) -> "RevocationCauses":
        if unknown := sorted(set(self.takes_sister) - set(self.issuers_own)):
            raise ValueError(f"{unknown[0]} is no cause of the issuer's own")
        return self


class Programme(Entry):
    """One programme: what can be ordered, and the limits and times it goes by."""

    code: ProgrammeCode
    name_zh: Words
    name_en: Words
    source: Source
    services: Mapping[ServiceLine, Stage | None]
    """What can be ordered, and the stage of a scheme it leads to."""
    levels: tuple[LevelCode, ...]
    modes: tuple[Mode, ...]
    class_size_max: Sourced[Positive]
    sessions_per_week: Sourced[Positive]
    notice_days: Sourced[Whole]
    offer_answer_hours: Sourced[Positive]
    naming_hours: Sourced[Positive]
    """From taking an offer to naming who comes."""
    naming_reminder_hours: Sourced[Whole]
    """So long before that is over the college is reminded; of a shorter time, at its half."""
    call_window_minutes: Sourced[Whole]
    """From the first answer to an open call to the choice between all who answered; 0 = the first has it."""
    dispute_hours: Sourced[Positive]
    order_answer_working_days: Sourced[Positive] = Sourced(value=3, source="invented")
    """From an order's submission to the union's answer, the last day whole: what the enterprise is told."""
    order_return_reasons: Mapping[ReasonCode, Wording] = {}
    """Why the union gives an order back or does not take it."""
    order_cancel_reasons: Mapping[ReasonCode, Wording] = {}
    """Why an enterprise ends an order that was accepted."""
    session_incidents: Mapping[Code, Wording] = {}
    """What an instructor can report that happened at a session."""
    session_materials: Mapping[Code, Wording] = {}
    """What is handed out at a session."""
    survey_channels: Mapping[Code, Wording] = {}
    """By which way a survey asks."""
    survey_problems: Mapping[Code, Wording] = {}
    """What an enterprise can say that hurts today."""
    tolerance: Tolerance
    pooling: PoolingRules
    signatures: Signatures = Signatures()
    signing_time: SigningTime = SigningTime()
    evaluation_window: EvaluationWindow = EvaluationWindow()
    return_reasons: Annotated[Mapping[ReasonCode, Wording], Field(min_length=1)]
    """Why a scheme can be given back."""
    invigilators: InvigilatorRules = InvigilatorRules()
    certificates: CertificateRules
    revocation_causes: RevocationCauses
    claim_cut_reasons: Mapping[ReasonCode, Wording] = {}
    """Why less was paid than a subsidy's claim asked for."""
    reveal_reasons: Mapping[ReasonCode, Wording] = {}
    """What somebody's whole ID number may be looked at for."""
    full_roster_purposes: Mapping[Code, Wording] = {}
    """What an enterprise may have its own people's whole ID numbers for; each time is a fact. None = for nothing."""
    satisfaction: SatisfactionRules | None = None
    """None = nobody is asked how a session was."""
    followup: FollowupRules | None = None
    """None = nobody is asked later."""
    decline_reasons: Annotated[Mapping[Code, Wording], Field(min_length=1)]
    """What a college may say when it does not come."""
    decline_in_own_words: tuple[Code, ...] = ()
    """Of these, what says nothing alone: the college writes why. The words stay with the owner, in no fact."""

    @model_validator(mode="after")
    def _words_beside_a_reason(self) -> "Programme":
        if unknown := sorted(set(self.decline_in_own_words) - set(self.decline_reasons)):
            raise ValueError(f"{unknown[0]} is no reason to decline")
        return self
