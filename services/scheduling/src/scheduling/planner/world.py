"""What the planner is told and what it answers: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import StringConstraints

from contracts.programme import Programme
from contracts.values import (
    BandCode,
    ClassHours,
    Cohort,
    CohortId,
    CollegeId,
    CrewCode,
    DivisionCode,
    EnterpriseId,
    LevelCode,
    Minutes,
    Mode,
    Needs,
    OccupationCode,
    OrderId,
    OrderLine,
    Part,
    PersonId,
    ProgrammeCode,
    Reason,
    ReasonCode,
    SessionId,
    ShiftPatternCode,
    Stage,
    UnitCode,
    WorkerId,
)
from staffing.can import Agreement, Person, Task
from staffing.diary import Fixed, Place
from staffing.moments import Span
from staffing.overrides import Waiver, waived
from staffing.rulebook import Rulebook

CohortName = Annotated[str, StringConstraints(pattern=r"^[A-Z][2-9]?$")]
"""What people call a cohort of an order: A to Z, then A2 to Z2, and so on."""


@dataclass(frozen=True)
class Enterprise:
    """Where an order is taught."""

    enterprise_id: EnterpriseId
    division: DivisionCode
    shift: ShiftPatternCode
    rooms: int = 1
    """Sessions it can host at once."""
    anchor: date | None = None
    """A day on which crew A begins its cycle; none = the installation's."""


@dataclass(frozen=True)
class Teacher:
    """Somebody who can be sent, with own lessons and absences (sessions come from the world's sessions)."""

    person: Person
    fixed: tuple[Fixed, ...] = ()


@dataclass(frozen=True)
class CohortPlan:
    """A cohort and what its sessions must keep to."""

    cohort_id: CohortId
    order_id: OrderId
    enterprise_id: EnterpriseId
    line: int
    letter: CohortName
    crews: Mapping[CrewCode, int]
    """Its crews and how many of its workers are in each."""
    workers: frozenset[WorkerId]
    earliest: date
    latest: date
    release_cap: Minutes
    """Most working minutes that its sessions may take from a crew in all."""
    bands: tuple[BandCode, ...] = ()
    """Wished bands; none = any."""

    def fact(self) -> Cohort:
        """As facts carry it."""
        return Cohort(
            cohort_id=self.cohort_id,
            letter=self.letter[0],
            series=int(self.letter[1:] or 1),
            line=self.line,
            crews=tuple(sorted(self.crews)),
            workers=tuple(sorted(self.workers)),
        )

    @staticmethod
    def name_of(cohort: Cohort) -> CohortName:
        """What the fact's cohort is called."""
        return cohort.letter if cohort.series == 1 else f"{cohort.letter}{cohort.series}"


@dataclass(frozen=True)
class Session:
    """A session that is to be held, whenever that is."""

    session_id: SessionId
    cohort_id: CohortId
    position: int
    """1, 2, 3… in the cohort's teaching order."""
    unit: UnitCode
    mode: Mode
    class_hours: ClassHours
    needs: Needs
    enterprise_id: EnterpriseId
    division: DivisionCode
    bands: tuple[BandCode, ...]
    """Bands long enough for it."""
    declined: frozenset[PersonId] = frozenset()

    @property
    def place(self) -> Place | None:
        """Where the teacher has to be; nowhere when it is online."""
        return Place(self.division, self.enterprise_id) if self.mode is Mode.ONSITE else None

    def task(self, span: Span) -> Task:
        """As a question about people."""
        return Task(self.needs, span, self.place, declined=self.declined)


@dataclass(frozen=True)
class Placed:
    """A session with its time and the person proposed (or firm); nobody = not staffed yet."""

    session: Session
    day: date
    band: BandCode
    person_id: PersonId | None
    reasons: tuple[Reason, ...] = ()
    held: bool = False
    """Opened or over: never moved."""
    pinned: bool = False
    """The coordinator keeps it at its time: the planner never moves it."""


@dataclass(frozen=True)
class Unplaced:
    """A session for which no time with a teacher was found, and how many slots each rule barred."""

    session: Session
    tried: tuple[Reason, ...]


@dataclass(frozen=True)
class World:
    """All that a plan has to fit into, as far as scheduling knows (a copy: dispatch decides)."""

    book: Rulebook
    today: date
    enterprises: Mapping[EnterpriseId, Enterprise]
    teachers: tuple[Teacher, ...] = ()
    agreements: Mapping[CollegeId, tuple[Agreement, ...]] = field(default_factory=dict)
    """Terms of each college, one after the other; what is held to is counted from `sessions`."""
    sessions: tuple[Placed, ...] = ()
    """Every session of every scheme in force."""
    cohorts: Mapping[CohortId, CohortPlan] = field(default_factory=dict)
    """The cohorts of those sessions."""
    waivers: tuple[Waiver, ...] = ()
    """Rules that the coordinator has put aside by name."""

    def waived(self, session_id: SessionId, day: date, person_id: PersonId | None) -> frozenset[ReasonCode]:
        """The rules that do not count for the session on this day with this person (none = whoever comes)."""
        if not self.waivers:
            return frozenset()
        return waived(self.waivers, session_id, day, person_id)

    def terms(self, college_id: CollegeId, day: date) -> Agreement | None:
        """The agreement under which a session on this day is sent; none = the college may not send."""
        signed = self.agreements.get(college_id, ())
        return next((each for each in signed if each.valid_from <= day <= each.valid_until), None)


@dataclass(frozen=True)
class Pinned:
    """A session that stays at its time when its order is planned again, and who sits in it."""

    placed: Placed
    cohort: CohortPlan


@dataclass(frozen=True)
class OrderToPlan:
    """An accepted order, as far as planning needs it. `version` makes the ids of a new plan new."""

    order_id: OrderId
    version: int
    programme: ProgrammeCode
    enterprise: Enterprise
    lines: tuple[OrderLine, ...]
    pinned: tuple[Pinned, ...] = ()


@dataclass(frozen=True)
class Cost:
    """What a plan costs and brings. Independent of who is sent: the person is a proposal outside the hash."""

    class_hours: ClassHours
    lecture_fees: Decimal
    travel: Decimal
    subsidy_expected: Decimal
    """If every candidate of the order passes."""
    release_minutes: Minutes
    """Working time lost: minutes times people."""
    sources: tuple[tuple[str, str], ...]
    """Rule and where its figure comes from."""

    @property
    def total(self) -> Decimal:
        """Lecture fees and travel."""
        return self.lecture_fees + self.travel

    @property
    def person_hours_lost(self) -> Decimal:
        """Production loss in person-hours."""
        return (Decimal(self.release_minutes) / 60).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class EvaluationPlan:
    """The evaluation that a line of the order asks for, after its training."""

    line: int
    occupation: OccupationCode
    level: LevelCode
    parts: tuple[Part, ...]
    """None: nobody is examined at this level."""
    candidates: int
    assessors: int
    """How many the practical needs."""
    groups: int
    """One after another."""
    earliest: date
    latest: date
    division: DivisionCode
    enterprise_id: EnterpriseId


@dataclass(frozen=True)
class Draft:
    """A plan for one order."""

    cohorts: tuple[CohortPlan, ...]
    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    stages: tuple[Stage, ...]
    cost: Cost
    evaluation: tuple[EvaluationPlan, ...] = ()
    """None: the order asks for none, or the plan is older than this."""


@dataclass(frozen=True)
class TriedCut:
    """A way to cut the cohorts of an order, and the plan that came of it."""

    name: str
    cohorts: int
    sessions: int
    unplaced: int
    last: date | None
    """Of its sessions."""
    release_minutes: Minutes
    cost: Decimal
    taken: bool


@dataclass(frozen=True)
class Cuts:
    """Every cut that was tried, and why the taken one is the best."""

    tried: tuple[TriedCut, ...]
    why: Reason


@dataclass(frozen=True)
class Alternative:
    """A plan for the same order, made in another manner."""

    name: str
    draft: Draft
    driving: Minutes
    """Minutes of driving that it adds to the days of those proposed."""
    cuts: Cuts | None = None
    """How its cohorts came about, where this plan chose them."""


def programme_of(world: World, order: OrderToPlan) -> Programme:
    """The programme the order was placed under."""
    return world.book.programmes.programmes[order.programme]
