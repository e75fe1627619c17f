"""How a batch is marked by two people. Pure.

The second entry is blind: what differs is kept beside the first, neither is taken, and only a first entry
anew opens it again. Each part must reach its pass mark; nothing is averaged; absent (`None`) has not
reached it. Parts and marks are rule data and come in as arguments.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from contracts.evaluation import AssessorBarred, CandidateAssessed
from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import Code, EvaluationId, Markers, Part, PartMark, PersonId
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from evaluation.examinations.stars import NO_STARS, MarkOrAbsent, Stars

WHOLE = Decimal(100)
UNTOLD = "untold"
"""Stands for a login where a fact does not say who."""


@dataclass(frozen=True)
class Marker:
    """Who enters or confirms marks: the login, the person sent behind it, and whether it is the union's."""

    user: str
    person: PersonId | None
    examiner: bool = False


@dataclass(frozen=True)
class Entry:
    """One part's mark of one candidate: entered by one, and by another, who agrees or does not."""

    evaluation_id: EvaluationId
    part: Part
    mark: MarkOrAbsent
    entered_by: str
    entered_person: PersonId | None
    confirmed_by: str | None = None
    second_mark: MarkOrAbsent = None
    """What somebody else has seen; counts only while `second_by` says who."""
    second_by: str | None = None
    second_person: PersonId | None = None
    failed: tuple[Code, ...] = ()
    """Safety items of the practical that the first has seen failed."""
    second_failed: tuple[Code, ...] = ()
    """Those that somebody else has; counts only while `second_by` says who."""

    @property
    def confirmed(self) -> bool:
        """It stands."""
        return self.confirmed_by is not None

    @property
    def differs(self) -> bool:
        """Two people differ: neither value is taken."""
        return self.second_by is not None

    def is_by(self, marker: Marker) -> bool:
        """Whether this login, or the person behind it, has given one of the values."""
        users, people = {self.entered_by, self.second_by}, {self.entered_person, self.second_person}
        return marker.user in users or (marker.person is not None and marker.person in people)


@dataclass(frozen=True)
class Panel:
    """Who is sent to assess a batch, and who teaches or has taught its candidates by now."""

    sent: frozenset[PersonId]
    taught: frozenset[PersonId]

    @property
    def firm(self) -> frozenset[PersonId]:
        """Who may assess."""
        return self.sent - self.taught


@dataclass(frozen=True)
class Difference:
    """Both values of a part that two people see differently."""

    part: Part
    first: MarkOrAbsent
    second: MarkOrAbsent
    wide: bool = False
    """Further apart than two people who have seen the same should be."""
    first_failed: tuple[Code, ...] = ()
    second_failed: tuple[Code, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a candidate's parts are, each in one list. Values only where two differ, for who may settle it."""

    entered: tuple[Part, ...] = ()
    differs: tuple[Part, ...] = ()
    confirmed: tuple[Part, ...] = ()
    differences: tuple[Difference, ...] = field(default=())
    own: tuple[Part, ...] = ()
    """Parts that do not stand yet and for which the viewer has given a value: somebody else is waited for."""


def check_marker(batch: Batch, marker: Marker, panel: Panel, now: datetime) -> None:
    """Marks are given from the batch's begin on, when all its assessors are firm; never by who taught."""
    if marker.person in panel.taught:
        raise NotAllowed("assessor.taught_the_cohort")
    if not marker.examiner and marker.person not in panel.firm:
        raise NotAllowed("assessor.not_of_this_batch")
    if batch.state is not BatchState.MARKING:
        raise Refused("batch.not_marking", state=batch.state)
    if now < batch.slot.starts_at:
        raise Refused("batch.not_begun", starts_at=batch.slot.starts_at.isoformat())
    if len(panel.firm) < batch.assessors:
        raise Refused("batch.assessors_missing", firm=len(panel.firm), wanted=batch.assessors)


def bar(batch: Batch, panel: Panel) -> list[AssessorBarred]:
    """Who was sent and teaches these candidates by now: dispatch sends somebody else."""
    return [
        AssessorBarred(order_id=batch.order_id, batch_id=batch.batch_id, person_id=each)
        for each in sorted(panel.sent & panel.taught)
    ]


def enter(
    batch: Batch,
    part: Part,
    marks: Mapping[EvaluationId, MarkOrAbsent],
    entries: Mapping[EvaluationId, Entry],
    marker: Marker,
    stars: Stars = NO_STARS,
) -> list[Entry]:
    """The first entry, by an assessor. Entered anew, it takes back whatever differed; once confirmed it stands."""
    if marker.person is None:
        raise NotAllowed("assessor.not_of_this_batch")
    _check_part(batch, part, marks)
    stars.check(part, marks)
    for evaluation_id in marks:
        if (known := entries.get(evaluation_id)) is not None and known.confirmed:
            raise Refused("marks.confirmed_already", evaluation_id=evaluation_id)
    return [
        Entry(each, part, mark, marker.user, marker.person, failed=stars.of(each))
        for each, mark in marks.items()
    ]


def confirm(
    batch: Batch,
    part: Part,
    marks: Mapping[EvaluationId, MarkOrAbsent],
    entries: Mapping[EvaluationId, Entry],
    marker: Marker,
    stars: Stars = NO_STARS,
) -> list[Entry]:
    """The second entry, by another person who has not seen the first: candidate by candidate it stands or differs."""
    _check_part(batch, part, marks)
    stars.check(part, marks)
    for evaluation_id in marks:
        entry = entries.get(evaluation_id)
        if entry is None:
            raise Refused("marks.not_entered", evaluation_id=evaluation_id, part=part)
        if entry.confirmed:
            raise Refused("marks.confirmed_already", evaluation_id=evaluation_id)
        if entry.differs:
            raise Refused("marks.differ", evaluation_id=evaluation_id, part=part)
        if entry.is_by(marker):
            raise NotAllowed("marks.same_person")
    return [_second(entries[each], mark, stars.of(each), marker) for each, mark in marks.items()]


def _second(first: Entry, mark: MarkOrAbsent, failed: tuple[Code, ...], marker: Marker) -> Entry:
    if first.mark == mark and first.failed == failed:
        return replace(first, confirmed_by=marker.user)
    return replace(
        first, second_mark=mark, second_by=marker.user, second_person=marker.person, second_failed=failed
    )


def wide(first: MarkOrAbsent, second: MarkOrAbsent, points: Decimal) -> bool:
    """Two people are further apart than these points, or one of them saw nobody."""
    if first is None or second is None:
        return first is not second
    return abs(first - second) > points


def progress(entries: Iterable[Entry], viewer: Marker, points: Decimal = WHOLE) -> Progress:
    """What the viewer sees of a candidate's entries: where two differ, the union sees both, unless it is one.

    `points`: how far two may be apart before it is said that they are.
    """
    told = sorted(entries, key=lambda each: list(Part).index(each.part))
    return Progress(
        entered=tuple(each.part for each in told if not each.confirmed and not each.differs),
        differs=tuple(each.part for each in told if each.differs),
        confirmed=tuple(each.part for each in told if each.confirmed),
        differences=tuple(
            Difference(
                each.part,
                each.mark,
                each.second_mark,
                wide(each.mark, each.second_mark, points),
                each.failed,
                each.second_failed,
            )
            for each in told
            if each.differs and viewer.examiner and not each.is_by(viewer)
        ),
        own=tuple(each.part for each in told if not each.confirmed and each.is_by(viewer)),
    )


def _check_part(batch: Batch, part: Part, marks: Collection[EvaluationId]) -> None:
    if part not in batch.parts:
        raise Invalid("marks.no_such_part", field="body.part", part=part, level=batch.level)
    for evaluation_id in marks:
        candidate = batch.candidate(evaluation_id)
        if candidate.state is CandidateState.REFUSED:
            raise Refused("marks.candidate_refused", evaluation_id=evaluation_id)
        if any(each.part is part for each in candidate.carried):
            raise Refused("marks.part_carried", evaluation_id=evaluation_id, part=part)
        if candidate.state is CandidateState.ASSESSED:
            raise Refused("marks.confirmed_already", evaluation_id=evaluation_id)


def passes(parts: Collection[PartMark], failed: Collection[Code] = ()) -> bool:
    """Every part has reached its own pass mark. No averaging; absent is not reached.

    A safety item (★) that was failed fails the practical, whatever its mark: the rule of the national standards.
    """
    return not failed and all(each.mark is not None and each.mark >= each.pass_mark for each in parts)


def assess(
    batch: Batch, candidate: Candidate, standing: Mapping[Part, Entry], pass_mark: Decimal
) -> CandidateAssessed | None:
    """The result, once all parts are marked and confirmed, or count from before; nothing before that."""
    before = {each.part: each for each in candidate.carried}
    taken = [part for part in batch.parts if part not in before]
    if candidate.state is not CandidateState.ADMITTED or not set(taken) <= set(standing):
        return None
    marked = {part: PartMark(part=part, mark=standing[part].mark, pass_mark=pass_mark) for part in taken}
    parts = tuple((before | marked)[part] for part in batch.parts)
    failed = tuple(sorted({item for part in taken for item in standing[part].failed}))
    return CandidateAssessed(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        evaluation_id=candidate.evaluation_id,
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        level=batch.level,
        parts=parts,
        passed=passes(parts, failed),
        attempt=candidate.attempt,
        markers=tuple(_markers(standing[part]) for part in taken),
        failed=failed,
    )


def _markers(entry: Entry) -> Markers:
    assert entry.confirmed_by is not None  # it stands
    return Markers(
        part=entry.part,
        entered_by=entry.entered_by,
        entered_person=entry.entered_person,
        confirmed_by=entry.confirmed_by,
    )


def entries_of(fact: CandidateAssessed) -> list[Entry]:
    """The marks that were given here, as they stood when the result was said; older facts do not say who gave them."""
    by = {each.part: each for each in fact.markers}
    given = [each for each in fact.parts if each.part in by] if by else fact.parts
    return [_entry(fact, each, by.get(each.part)) for each in given]


def _entry(fact: CandidateAssessed, of: PartMark, by: Markers | None) -> Entry:
    failed = fact.failed if of.part is Part.PRACTICAL else ()
    if by is None:
        return Entry(fact.evaluation_id, of.part, of.mark, UNTOLD, None, UNTOLD, failed=failed)
    return Entry(
        fact.evaluation_id, of.part, of.mark, by.entered_by, by.entered_person, by.confirmed_by, failed=failed
    )
