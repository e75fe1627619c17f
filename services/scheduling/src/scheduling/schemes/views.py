"""Schemes as they are shown over HTTP."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from contracts.values import (
    BandCode,
    ClassHours,
    CohortId,
    CrewCode,
    DivisionCode,
    EnterpriseId,
    Hash,
    Minutes,
    Mode,
    Needs,
    OrderId,
    OrderNumber,
    PersonId,
    Reason,
    SessionId,
    ShiftPatternCode,
    Stage,
    UnitCode,
    WorkerId,
    Yuan,
)
from scheduling.planner.manner import MannerName
from scheduling.planner.world import Alternative, CohortName, CohortPlan, Cost, Cuts, Draft, Placed, Unplaced
from scheduling.schemes.alternatives import Beside
from scheduling.schemes.content import changed_lines, everything, fingerprint, same_plan
from scheduling.schemes.cut_views import CutsView
from scheduling.schemes.evaluation_views import EvaluationView
from scheduling.schemes.rules import CENT, State
from scheduling.schemes.signing_views import ClauseView
from scheduling.schemes.store import Stored, Version
from servicekit.trying import Trying


class CohortView(BaseModel):
    """Who learns together."""

    cohort_id: CohortId
    letter: CohortName
    line: int
    crews: dict[CrewCode, int]
    """Workers by crew."""
    workers: tuple[WorkerId, ...]
    bands: tuple[BandCode, ...]
    """Wished for; none = any."""

    @classmethod
    def of(cls, cohort: CohortPlan) -> "CohortView":
        """With its workers."""
        return cls(
            cohort_id=cohort.cohort_id,
            letter=cohort.letter,
            line=cohort.line,
            crews=dict(cohort.crews),
            workers=tuple(sorted(cohort.workers)),
            bands=tuple(cohort.bands),
        )


class PlannedSessionView(BaseModel):
    """A session of a version; without day and band no time was found, and the reasons count why."""

    session_id: SessionId
    cohort: CohortName
    position: int
    unit: UnitCode
    mode: Mode
    class_hours: ClassHours
    needs: Needs
    division: DivisionCode
    day: date | None
    band: BandCode | None
    person_id: PersonId | None
    reasons: tuple[Reason, ...]
    pinned: bool
    """It stays at its time whatever is planned again."""
    provisional: bool
    """Of its year no official calendar is known yet: public holidays may still close the day."""

    @classmethod
    def of(
        cls, planned: Placed | Unplaced, letter: CohortName, years: Collection[int]
    ) -> "PlannedSessionView":
        """With its time, or without."""
        session = planned.session
        placed = planned if isinstance(planned, Placed) else None
        return cls(
            session_id=session.session_id,
            cohort=letter,
            position=session.position,
            unit=session.unit,
            mode=session.mode,
            class_hours=session.class_hours,
            needs=session.needs,
            division=session.division,
            day=placed.day if placed else None,
            band=placed.band if placed else None,
            person_id=placed.person_id if placed else None,
            reasons=planned.reasons if isinstance(planned, Placed) else planned.tried,
            pinned=placed is not None and placed.pinned,
            provisional=placed is not None and placed.day.year not in years,
        )


class CostView(BaseModel):
    """What the version costs and brings, in yuan, with where each figure comes from."""

    total: Yuan
    lecture_fees: Yuan
    travel: Yuan
    subsidy_expected: Yuan
    class_hours: ClassHours
    release_minutes: Minutes
    """Working time lost, minutes times people."""
    person_hours_lost: Decimal
    sources: dict[str, str]

    @classmethod
    def of(cls, cost: Cost) -> "CostView":
        """All figures."""
        return cls(
            total=cost.total.quantize(CENT),
            lecture_fees=cost.lecture_fees.quantize(CENT),
            travel=cost.travel.quantize(CENT),
            subsidy_expected=cost.subsidy_expected.quantize(CENT),
            class_hours=cost.class_hours,
            release_minutes=cost.release_minutes,
            person_hours_lost=cost.person_hours_lost,
            sources=dict(cost.sources),
        )


class DraftingView(BaseModel):
    """A draft that is asked for and not made yet. What failed, its process killed too, is tried again by itself."""

    attempt: int
    """1 = it was not tried before."""
    since: datetime
    again_at: datetime | None
    """When the next attempt begins; none = it is due or under way."""

    @classmethod
    def of(cls, job: Trying) -> "DraftingView":
        """Without the job's own names."""
        return cls(attempt=job.attempt, since=job.since, again_at=job.again_at)


class SchemeView(BaseModel):
    """A version of an order's scheme, and where the scheme stands. Version 0: the first draft is being made.

    `state`, `reason` and `in_force` are the scheme's; what stands on the timetable now is at `/sessions`.
    """

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: str
    shift_pattern: ShiftPatternCode
    shift_anchor: date
    """A day on which crew A begins its cycle."""
    state: State
    reason: Reason | None
    in_force: int | None
    newest: int
    version: int
    hash: Hash | None
    stages: tuple[Stage, ...]
    unplaced: int
    cohorts: tuple[CohortView, ...]
    sessions: tuple[PlannedSessionView, ...]
    cost: CostView | None
    clauses: tuple[ClauseView, ...]
    """Who has signed which clause of this version, and who is still asked; none while there is no version."""
    evaluation: tuple[EvaluationView, ...]
    """What is agreed of the evaluation, and whether enough assessors can be found."""
    drafting: DraftingView | None
    """The draft that is being made now."""
    cuts: CutsView | None
    """Which ways to cut the cohorts were tried; none where only the facts of a version are left."""
    sign_by: datetime | None
    """When the time of whoever's turn it is to sign the newest version is over; none = nobody is waited for."""
    reminded: bool
    escalated: bool
    made_by: str | None
    made_at: datetime | None
    row_version: int
    """For `If-Match`: every change of the scheme makes it another."""

    @classmethod
    def of(
        cls,
        stored: Stored,
        version: Version | None,
        years: Collection[int],
        clauses: tuple[ClauseView, ...] = (),
        cuts: Cuts | None = None,
        drafting: Trying | None = None,
        evaluation: tuple[EvaluationView, ...] = (),
    ) -> "SchemeView":
        """The scheme with this version's content; `years` have an official calendar."""
        ordered, scheme = stored.ordered, stored.scheme
        draft = version.draft if version else None
        return cls(
            order_id=scheme.order_id,
            number=ordered.number,
            enterprise_id=ordered.enterprise_id,
            enterprise_name=ordered.enterprise_name,
            shift_pattern=ordered.shift_pattern,
            shift_anchor=ordered.shift_anchor,
            state=scheme.state,
            reason=scheme.reason,
            in_force=scheme.in_force,
            newest=scheme.version,
            version=version.version if version else scheme.version,
            hash=version.hash if version else None,
            stages=draft.stages if draft else (),
            unplaced=len(draft.unplaced) if draft else 0,
            cohorts=tuple(map(CohortView.of, draft.cohorts)) if draft else (),
            sessions=_sessions(version.draft, years) if version else (),
            cost=CostView.of(draft.cost) if draft else None,
            clauses=clauses,
            evaluation=evaluation,
            drafting=DraftingView.of(drafting) if drafting else None,
            cuts=CutsView.of(cuts) if cuts else None,
            sign_by=scheme.sign_by,
            reminded=scheme.reminded,
            escalated=scheme.escalated,
            made_by=version.made_by if version else None,
            made_at=version.made_at if version else None,
            row_version=stored.row_version,
        )


class AlternativeView(BaseModel):
    """A plan that could be taken, in figures and line by line."""

    name: MannerName
    hash: Hash
    same_as: MannerName | None
    """An alternative before it that is the same in times and people: then it has no lines of its own."""
    on_desk: bool
    """The newest version is this one, in times and people."""
    changed: int
    """Sessions that are at another time or with another person in the newest version."""
    first: date | None
    last: date | None
    driving_minutes: Minutes
    """Driving that it adds to the days of those proposed."""
    unwished: int
    """Sessions outside the wished bands."""
    unplaced: int
    cost: CostView
    sessions: tuple[PlannedSessionView, ...]

    @classmethod
    def of(
        cls, one: Alternative, before: Sequence[Alternative], current: Version | None, years: Collection[int]
    ) -> "AlternativeView":
        """With its figures, beside those that were named before it."""
        draft = one.draft
        same = next((each for each in before if same_plan(each.draft, draft)), None)
        days = [placed.day for placed in draft.placed]
        changed = changed_lines(draft, current.draft) if current else len(everything(draft))
        return cls(
            name=MannerName(one.name),
            hash=fingerprint(draft),
            same_as=MannerName(same.name) if same else None,
            on_desk=current is not None and not changed,
            changed=changed,
            first=min(days, default=None),
            last=max(days, default=None),
            driving_minutes=one.driving,
            unwished=_unwished(draft),
            unplaced=len(draft.unplaced),
            cost=CostView.of(draft.cost),
            sessions=() if same else _sessions(draft, years),
        )


class AlternativesView(BaseModel):
    """What could be taken instead of a draft, itself first; none once it is confirmed or asked for anew."""

    order_id: OrderId
    state: State
    newest: int
    drafted: int
    """The version they were made with; 0 = there is none."""
    alternatives: tuple[AlternativeView, ...]

    @classmethod
    def of(cls, beside: Beside, years: Collection[int]) -> "AlternativesView":
        """Side by side."""
        kept, scheme = beside.alternatives, beside.stored.scheme
        return cls(
            order_id=scheme.order_id,
            state=scheme.state,
            newest=scheme.version,
            drafted=beside.drafted,
            alternatives=tuple(
                AlternativeView.of(one, kept[:n], beside.current, years) for n, one in enumerate(kept)
            ),
        )


def _unwished(draft: Draft) -> int:
    bands = {cohort.cohort_id: cohort.bands for cohort in draft.cohorts}
    wished = ((bands[p.session.cohort_id], p.band) for p in draft.placed)
    return sum(bool(wish) and band not in wish for wish, band in wished)


def _sessions(draft: Draft, years: Collection[int]) -> tuple[PlannedSessionView, ...]:
    letters = {cohort.cohort_id: cohort.letter for cohort in draft.cohorts}
    planned: dict[SessionId, Placed | Unplaced] = {p.session.session_id: p for p in draft.placed}
    planned |= {u.session.session_id: u for u in draft.unplaced}
    return tuple(
        PlannedSessionView.of(planned[session.session_id], letters[session.cohort_id], years)
        for session in everything(draft)
    )
