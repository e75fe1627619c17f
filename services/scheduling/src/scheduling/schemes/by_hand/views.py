"""Changes by hand as they are shown over HTTP."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from contracts.refusals import Refused
from contracts.values import BandCode, OrderId, PersonId, Reason, SessionId, UnitCode
from scheduling.planner.world import CohortName, Placed
from scheduling.schemes.by_hand.change import Change
from scheduling.schemes.by_hand.desk import Desk
from scheduling.schemes.by_hand.diff import Diff, Line, Step
from scheduling.schemes.by_hand.look import Effect, Follows, Looked
from scheduling.schemes.by_hand.repairs import Repair
from scheduling.schemes.by_hand.worked_out import Break
from scheduling.schemes.rules import CENT


class LineView(BaseModel):
    """A session as the plan has it; without a day it has no time."""

    unit: UnitCode
    day: date | None
    band: BandCode | None
    person_id: PersonId | None
    pinned: bool

    @classmethod
    def of(cls, line: Line | None) -> "LineView | None":
        """Nothing where there is none."""
        if line is None:
            return None
        return cls(
            unit=line.session.unit, day=line.day, band=line.band, person_id=line.person_id, pinned=line.pinned
        )


class StepView(BaseModel):
    """One session before and after: nothing before = added, nothing after = dropped."""

    session_id: SessionId
    cohort: CohortName
    position: int
    before: LineView | None
    after: LineView | None
    reasons: tuple[Reason, ...]
    """Why it is then, and by that person."""

    @classmethod
    def of(cls, step: Step, desk: Desk) -> "StepView":
        """With the name of its cohort."""
        session = step.line.session
        return cls(
            session_id=session.session_id,
            cohort=desk.ledger.cohorts[session.cohort_id].letter,
            position=session.position,
            before=LineView.of(step.before),
            after=LineView.of(step.after),
            reasons=step.after.reasons if step.after else (),
        )


class OtherView(BaseModel):
    """A session that stands in the way; of another order it cannot be changed from here."""

    session_id: SessionId
    order_id: OrderId
    cohort: CohortName
    position: int
    unit: UnitCode
    day: date
    band: BandCode
    person_id: PersonId | None


class BreakView(BaseModel):
    """A rule that would be broken."""

    session_id: SessionId
    reason: Reason
    others: tuple[OtherView, ...]

    @classmethod
    def of(cls, one: Break, desk: Desk, placed: Mapping[SessionId, Placed]) -> "BreakView":
        """With the other sessions in full."""
        others = (placed[id_] for id_ in one.others if id_ in placed)
        return cls(
            session_id=one.session_id,
            reason=one.reason,
            others=tuple(_other(other, desk) for other in others),
        )


class FollowsView(BaseModel):
    """What else it means; money in yuan, working time in minutes times people, both as differences."""

    effect: Effect
    points: int
    cost: Decimal
    subsidy: Decimal
    release_minutes: int
    clauses: tuple[str, ...]
    offers: int
    promises: int

    @classmethod
    def of(cls, follows: Follows) -> "FollowsView":
        """All of it."""
        return cls(
            effect=follows.effect,
            points=follows.points,
            cost=follows.cost.quantize(CENT),
            subsidy=follows.subsidy.quantize(CENT),
            release_minutes=follows.release,
            clauses=follows.clauses,
            offers=follows.offers,
            promises=follows.promises,
        )


class RepairView(BaseModel):
    """What could be asked for instead, and what it gives."""

    changes: tuple[Change, ...]
    points: int
    sessions: tuple[StepView, ...]
    follows: FollowsView

    @classmethod
    def of(cls, repair: Repair, desk: Desk) -> "RepairView":
        """With its sessions."""
        return cls(
            changes=repair.changes,
            points=repair.points,
            sessions=_steps(repair.looked.diff, desk),
            follows=FollowsView.of(repair.looked.follows),
        )


class LookedView(BaseModel):
    """What a change breaks, what follows, and what else could be done where it breaks a rule."""

    version: int
    """The newest of the scheme."""
    sessions: tuple[StepView, ...]
    breaks: tuple[BreakView, ...]
    follows: FollowsView
    repairs: tuple[RepairView, ...]

    @classmethod
    def of(cls, version: int, desk: Desk, looked: Looked, repairs: Iterable[Repair]) -> "LookedView":
        """All of it."""
        return cls(
            version=version,
            sessions=_steps(looked.diff, desk),
            breaks=_breaks(desk, looked),
            follows=FollowsView.of(looked.follows),
            repairs=tuple(RepairView.of(repair, desk) for repair in repairs),
        )


def refused(desk: Desk, looked: Looked, repairs: Iterable[Repair]) -> Refused:
    """The answer to a change that breaks rules: all of them, and the repairs."""
    return Refused(
        "change.breaks_rules",
        reasons=[each.reason.model_dump(mode="json") for each in looked.breaks],
        breaks=[each.model_dump(mode="json") for each in _breaks(desk, looked)],
        repairs=[RepairView.of(each, desk).model_dump(mode="json") for each in repairs],
    )


def _steps(diff: Diff, desk: Desk) -> tuple[StepView, ...]:
    return tuple(StepView.of(step, desk) for step in diff)


def _breaks(desk: Desk, looked: Looked) -> tuple[BreakView, ...]:
    wanted = {id_ for one in looked.breaks for id_ in one.others}
    everything = (p for placed in desk.ledger.by_cohort.values() for p in placed) if wanted else ()
    placed = {p.session.session_id: p for p in everything if p.session.session_id in wanted}
    new = (step.after.placed for step in looked.diff if step.after)
    placed |= {p.session.session_id: p for p in new if p is not None and p.session.session_id in wanted}
    return tuple(BreakView.of(one, desk, placed) for one in looked.breaks)


def _other(placed: Placed, desk: Desk) -> OtherView:
    session = placed.session
    cohort = desk.ledger.cohorts[session.cohort_id]
    return OtherView(
        session_id=session.session_id,
        order_id=cohort.order_id,
        cohort=cohort.letter,
        position=session.position,
        unit=session.unit,
        day=placed.day,
        band=placed.band,
        person_id=placed.person_id,
    )
