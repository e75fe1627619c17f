"""Who of a line may be evaluated, with every reason against; pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from contracts.programme import Programmes
from contracts.refusals import Refused
from contracts.values import LevelCode, Minutes, OccupationCode, PersonId, Reason, UnitCode, WorkerId, because
from staffing.admission import Applicant, Shown, reasons_against_admission, whole_years
from staffing.people import Ladder


class Examined(Protocol):
    """What is examined: a line that asks for it, or the batch in which it is."""

    @property
    def occupation(self) -> OccupationCode:
        """In which occupation."""

    @property
    def level(self) -> LevelCode:
        """At which level."""


@dataclass(frozen=True)
class Lesson:
    """A session of the same order, as far as eligibility asks."""

    line: int
    """The order's line it belongs to."""
    workers: frozenset[WorkerId]
    class_hours: int
    held: bool
    lead: PersonId | None
    minutes: Mapping[WorkerId, Minutes]
    """Who attended, and for how long."""
    unit: UnitCode | None = None
    """What it taught; none = told before that was kept."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a worker for the standard's rules."""

    birth_date: date | None
    shown: Shown

    @property
    def holds_level(self) -> tuple[LevelCode, ...]:
        """Every level of which a certificate is known."""
        return tuple(each.level for each in self.shown.held)


@dataclass(frozen=True)
class Verdict:
    """On one worker: no reasons = admitted."""

    worker_id: WorkerId
    attended: Minutes
    required: Minutes
    reasons: tuple[Reason, ...]


def verdicts(
    examined: Examined,
    trainees: Sequence[WorkerId],
    training: Collection[int],
    lessons: Sequence[Lesson],
    evidence: Mapping[WorkerId, Evidence],
    *,
    day: date,
    programmes: Programmes,
) -> list[Verdict]:
    """Attendance over the order's training for it (none = nothing asked), age on the day, the ladder."""
    missing = sum(worker not in evidence for worker in trainees)
    if missing:
        raise Refused("batch.evidence_unknown", missing=missing)
    own = [lesson for lesson in lessons if lesson.line in training]
    unfinished = sum(not lesson.held and not lesson.workers.isdisjoint(trainees) for lesson in own)
    if unfinished:
        raise Refused("batch.training_unfinished", sessions=unfinished)
    return [
        _verdict(examined, worker, own, evidence[worker], day=day, programmes=programmes)
        for worker in trainees
    ]


def _verdict(
    examined: Examined,
    worker: WorkerId,
    lessons: Sequence[Lesson],
    known: Evidence,
    *,
    day: date,
    programmes: Programmes,
) -> Verdict:
    threshold = programmes.rules.evaluation.attending(examined.occupation, day).share
    planned, attended = _attendance(worker, lessons, programmes.rules.class_hour_minutes.value)
    required = int((planned * threshold).to_integral_value(ROUND_CEILING))
    reasons = _against_person(examined, known, day, programmes)
    if not reasons or known.birth_date is not None:
        applicant = Applicant(
            age=whole_years(known.birth_date, day) if known.birth_date else 0,
            shown=known.shown,
            attended_share=Decimal(attended) / planned if planned else None,
        )
        reasons += reasons_against_admission(
            applicant, examined.occupation, examined.level, programmes, on=day
        )
    return Verdict(worker, attended, required, reasons)


def _attendance(worker: WorkerId, lessons: Sequence[Lesson], class_hour: int) -> tuple[int, Minutes]:
    """Minutes planned for the worker, and attended of them.

    A session of another cohort counts for whoever came to it, but a unit only as long as it was planned for them: one
    that was heard twice makes up for no other (house rule).
    """
    planned: defaultdict[UnitCode | None, int] = defaultdict(int)
    came: defaultdict[UnitCode | None, int] = defaultdict(int)
    for lesson in lessons:
        came[lesson.unit] += lesson.minutes.get(worker, 0)
        if worker in lesson.workers:
            planned[lesson.unit] += lesson.class_hours * class_hour
    return sum(planned.values()), sum(min(minutes, came[unit]) for unit, minutes in planned.items())


def _against_person(
    examined: Examined, known: Evidence, day: date, programmes: Programmes
) -> tuple[Reason, ...]:
    reasons: tuple[Reason, ...] = ()
    if known.birth_date is None:
        reasons = (because("admission.birth_date_unknown"),)
    elif known.birth_date > day:
        reasons = (because("admission.birth_date_impossible"),)
    ladder = Ladder.of(programmes)
    held = max(known.holds_level, key=ladder.rank, default=None)
    if held is not None and ladder.reaches(held, examined.level):
        reasons += (because("admission.level_held", held=held),)
    return reasons


def barred(lessons: Sequence[Lesson], candidates: Collection[WorkerId]) -> tuple[PersonId, ...]:
    """Whoever teaches or has taught any of these candidates in this order: never their assessor."""
    wanted = set(candidates)
    return tuple(
        sorted(
            {
                lesson.lead
                for lesson in lessons
                if lesson.lead is not None and not wanted.isdisjoint(lesson.workers | lesson.minutes.keys())
            }
        )
    )
