"""Reasons as they are shown over HTTP."""

from datetime import date

from pydantic import BaseModel

from contracts.values import (
    BandCode,
    PersonId,
    Reason,
    SessionId,
    because,
)
from scheduling.planner.keeping import KeptReasons, asked_of
from scheduling.planner.ledger import Ledger
from scheduling.planner.weighing import Weighed
from scheduling.planner.why_then import Then
from scheduling.planner.why_this import PersonBeside, Why
from scheduling.schemes.asking import Question


class WeighedView(BaseModel):
    """The components by which one is chosen, each better when it is smaller; or by how much more they are."""

    leaves_unit: int
    avoids: int
    assessor: int
    driving: int
    """Minutes from home and back home."""
    unfair: int
    """Sessions beyond the fair share."""
    added: int
    """Minutes of driving that it adds to the day as it is."""

    @classmethod
    def of(cls, weighed: Weighed | None) -> "WeighedView | None":
        """All components."""
        return cls(**weighed._asdict()) if weighed else None


class StandingView(BaseModel):
    """One person and the session."""

    person_id: PersonId
    can_come: bool
    first: Reason | None
    """The first rule that bars the person."""
    against: tuple[Reason, ...]
    """All of them, in the order in which they are asked for."""
    weighed: WeighedView | None
    more: WeighedView | None
    """By how much more than whoever is proposed, or than the best where nobody is."""
    beside: tuple[Reason, ...]
    """The same in words: possible, and what would differ."""

    @classmethod
    def of(cls, one: PersonBeside) -> "StandingView":
        """As it was found."""
        return cls(
            person_id=one.person_id,
            can_come=not one.against,
            first=next(iter(one.against), None),
            against=one.against,
            weighed=WeighedView.of(one.weighed),
            more=WeighedView.of(one.more),
            beside=one.beside,
        )


class WhyNotView(StandingView):
    """One person at one time."""

    day: date
    band: BandCode


class PeopleView(BaseModel):
    """Everybody at one time."""

    day: date
    band: BandCode
    people: tuple[StandingView, ...]

    @classmethod
    def of(cls, day: date, band: BandCode, people: tuple[PersonBeside, ...]) -> "PeopleView":
        """In their order."""
        return cls(day=day, band=band, people=tuple(map(StandingView.of, people)))


class ChoiceView(BaseModel):
    """Whoever is proposed beside the others."""

    day: date
    band: BandCode
    person_id: PersonId | None
    qualified: int
    free: int
    chosen: StandingView | None
    """With rules against, where the world has moved since."""
    next: tuple[StandingView, ...]
    """The best three of the others."""
    barred: tuple[Reason, ...]
    """How many others the first rule against each of them bars."""

    @classmethod
    def of(cls, why: Why) -> "ChoiceView":
        """The summary."""
        return cls(
            day=why.day,
            band=why.band,
            person_id=why.person_id,
            qualified=why.qualified,
            free=why.free,
            chosen=StandingView.of(why.chosen) if why.chosen else None,
            next=tuple(map(StandingView.of, why.next)),
            barred=tuple(because("others.barred", rule=rule, people=n) for rule, n in why.barred.items()),
        )


class KeptView(BaseModel):
    """The published choice as it was when it was made."""

    made_on: date
    choice: ChoiceView
    manner: str | None
    """In which manner its time was chosen; nothing when by hand."""
    planner: str
    """Which search chose."""
    seed: int | None
    """Nothing, where the search draws no lots."""
    weights: dict[str, int]
    """Minutes of driving that one session beyond the fair share is worth."""

    @classmethod
    def of(cls, kept: KeptReasons) -> "KeptView":
        """As it was kept."""
        return cls(
            made_on=kept.made_on,
            choice=ChoiceView.of(kept.why),
            manner=kept.manner,
            planner=kept.planner,
            seed=kept.seed,
            weights=dict(kept.weights),
        )


class WhyView(BaseModel):
    """Why a session stands as it does: as it was when it was chosen, and beside it as it is today."""

    session_id: SessionId
    reasons: tuple[Reason, ...]
    """As they were published; without a time, what was tried."""
    kept: KeptView | None
    """Nothing without a time, and where `lost` says so."""
    lost: Reason | None
    """Why nothing is kept but the published reasons."""
    as_of: date
    today: ChoiceView | None
    """With whoever is asked or comes today."""

    @classmethod
    def of(cls, question: Question, kept: KeptReasons | None) -> "WhyView":
        """Of the version on the desk, or of the scheme in force."""
        world, placed = question.world, question.placed
        return cls(
            session_id=question.session.session_id,
            reasons=question.reasons,
            kept=KeptView.of(kept) if kept else None,
            lost=because("reasons.not_kept") if placed and not kept else None,
            as_of=world.today,
            today=ChoiceView.of(asked_of(Ledger(world), placed)) if placed else None,
        )


class ThenView(BaseModel):
    """A slot, and what stands against it."""

    day: date
    band: BandCode
    free: int
    """Who could come then."""
    release: int
    """Minutes of work that it takes from the crew that loses most."""
    unwished: bool
    """Not among the bands that the cohort wishes for."""
    against: tuple[Reason, ...]
    """In the order in which they are asked for; none = it could be held then."""

    @classmethod
    def of(cls, then: Then) -> "ThenView":
        """As it was found."""
        return cls(
            day=then.day,
            band=then.band,
            free=then.free,
            release=then.release,
            unwished=then.unwished,
            against=then.against,
        )


class WhyThenView(BaseModel):
    """One slot, or all between the sessions before and after it."""

    day: date | None
    """Where the session stands."""
    band: BandCode | None
    slots: tuple[ThenView, ...]
