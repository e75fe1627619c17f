"""What is asked and answered about batches, as JSON."""

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from contracts.programme_tables import Starred
from contracts.values import (
    BandCode,
    BatchId,
    Code,
    EvaluationId,
    LevelCode,
    Mark,
    OccupationCode,
    OrderId,
    Part,
    PartMark,
    PersonId,
    Reason,
    Slot,
    WorkerId,
)
from evaluation.examinations.arranging_views import ArrangedView
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from evaluation.examinations.evidence import Asked
from evaluation.examinations.evidence_views import EvidenceView, RouteView
from evaluation.examinations.marking import Panel, Progress
from servicekit.http import Request

Words = Annotated[str, Field(max_length=4000)]
"""Free words; they stay in this service, encrypted."""


class Moved(Request):
    """Another day, or another band of it."""

    day: date
    band: BandCode


class Planned(Moved):
    """A day and a band of it for an evaluation line."""

    line: Annotated[int, Field(ge=1, le=99)]


class Cancelled(Request):
    """Why the batch is not held."""

    reason: Reason


class NewBatch(BaseModel):
    """The batch that was planned."""

    batch_id: BatchId


PLAIN = re.compile(r"(100(\.0)?|[0-9]{1,2}(\.[0-9])?)")


def _as_it_is_stored(mark: object) -> object:
    """What a number may be read from, 1e1 or a digit of another script, is another text than is stored."""
    if isinstance(mark, str) and not PLAIN.fullmatch(mark):
        raise ValueError("a mark is 0 to 100 in plain digits, one decimal at most")
    return mark


class OneMark(Request):
    """0 to 100 in tenths; null = absent. `failed`: the safety items of the practical that were failed."""

    evaluation_id: EvaluationId
    mark: Annotated[Mark | None, BeforeValidator(_as_it_is_stored)]
    failed: Annotated[tuple[Code, ...], Field(max_length=40)] = ()


class Marks(Request):
    """Marks of one part."""

    part: Part
    marks: Annotated[list[OneMark], Field(min_length=1, max_length=2000)]

    def by_evaluation(self) -> dict[EvaluationId, Mark | None]:
        """The mark of each candidate."""
        return {each.evaluation_id: each.mark for each in self.marks}

    def failed(self) -> dict[EvaluationId, tuple[Code, ...]]:
        """The safety items that each has failed."""
        return {each.evaluation_id: each.failed for each in self.marks}

    @model_validator(mode="after")
    def _each_once(self) -> "Marks":
        if len({each.evaluation_id for each in self.marks}) < len(self.marks):
            raise ValueError("a candidate stands twice in the list")
        return self


class SeenAgain(BaseModel):
    """What became of a second entry. Which candidates differ is all that is told of the first."""

    confirmed: list[EvaluationId]
    differing: list[EvaluationId]
    """Neither value is taken: an assessor enters the part anew, and somebody else sees it again."""


class Posted(BaseModel):
    """Until when objections are taken."""

    posted_on: date
    objections_until: date
    candidates: int
    passed: int


class Objection(Request):
    """Why; the words stay in this service."""

    reason: Reason
    text: Words | None = None


class Settlement(Objection):
    """The answer: upheld = the parts are marked again."""

    upheld: bool


class Excuse(Request):
    """Why the absence is no failed attempt."""

    reason: Reason


class DifferenceView(BaseModel):
    """A part that two people see differently; null = absent."""

    part: Part
    first: Mark | None
    second: Mark | None
    wide: bool
    """Further apart than two who have seen the same should be: somebody looks why."""
    first_failed: list[Code]
    second_failed: list[Code]


class CandidateView(BaseModel):
    """A candidate. Marks show when all parts are confirmed.

    `entered` parts have a first entry only; of those that `differ` the union sees both values in `differences`,
    unless one of them is its own.
    """

    evaluation_id: EvaluationId
    worker_id: WorkerId
    name: str
    state: CandidateState
    reasons: tuple[Reason, ...]
    entered: list[Part]
    differ: list[Part]
    differences: list[DifferenceView]
    own: list[Part]
    """For these parts, which do not stand yet, the asker has given a value: somebody else is waited for."""
    confirmed: list[Part]
    parts: tuple[PartMark, ...]
    passed: bool | None
    attempt: int
    objection: bool
    carried: tuple[PartMark, ...] = ()
    """Parts that were passed before and count: they are not taken again."""
    excused: bool = False
    answer_by: date | None = None
    """The last day for the answer to the objection."""
    failed: tuple[Code, ...] = ()
    """Safety items that were failed: the practical is, whatever its mark."""
    routes: list[RouteView] = []
    """Of whoever was refused, for the union: every route by now."""
    evidence: list[EvidenceView] = []
    """For the union: the papers that were seen of whoever was refused."""


class StarredView(BaseModel):
    """A safety item: failing it fails the practical."""

    code: Code
    zh: str
    en: str
    source: str

    @classmethod
    def of(cls, one: Starred) -> "StarredView":
        """As the table has it."""
        return cls(code=one.code, zh=one.zh, en=one.en, source=one.source)


class Unprintable(BaseModel):
    """A candidate whose name has characters that no font of certificates has."""

    name: str
    characters: str


class BatchSummary(BaseModel):
    """A batch without its candidates."""

    batch_id: BatchId
    order_id: OrderId
    line: int
    occupation: OccupationCode
    level: LevelCode
    slot: Slot
    parts: tuple[Part, ...]
    state: BatchState
    posted_on: date | None
    objections_until: date | None
    retake_until: date | None
    """Until then only what was failed is taken again."""
    admitted: int
    refused: int
    assessed: int
    """Of those admitted, who has marks that stand in every part."""
    passed: int | None
    """None until results are posted, for whoever sees posted results only."""

    @classmethod
    def of(cls, batch: Batch, *, results: bool) -> "BatchSummary":
        """What everybody sees who may see the batch; how many passed only with its results."""
        return cls(
            batch_id=batch.batch_id,
            order_id=batch.order_id,
            line=batch.line,
            occupation=batch.occupation,
            level=batch.level,
            slot=batch.slot,
            parts=batch.parts,
            state=batch.state,
            posted_on=batch.posted_on,
            objections_until=batch.objections_until,
            retake_until=batch.retake_until,
            admitted=len(batch.admitted),
            refused=len(batch.candidates) - len(batch.admitted),
            assessed=sum(each.state is CandidateState.ASSESSED for each in batch.admitted),
            passed=len(batch.passed) if results else None,
        )


class BatchView(BatchSummary):
    """A batch with its candidates."""

    assessors: list[PersonId]
    """Who is firm; marks are taken when as many are as are `wanted`."""
    wanted: int
    barred: list[PersonId]
    """Sent, but teaches these candidates by now: gives no marks and does not count."""
    groups: int
    """In how many groups, one after another, the practical is held."""
    arranged: ArrangedView | None
    starred: list[StarredView]
    """The safety items of the practical."""
    candidates: list[CandidateView]
    unprintable: list[Unprintable]
    """Of those who passed: their certificates would not be printed; told before they are issued."""


def panel_view(panel: Panel) -> dict[str, list[PersonId]]:
    """Who may assess, and who of those sent may not."""
    return {"assessors": sorted(panel.firm), "barred": sorted(panel.sent & panel.taught)}


def candidate_view(
    each: Candidate, name: str, progress: Progress, asked: Asked | None, *, results: bool
) -> CandidateView:
    """A candidate; parts with a first entry only show no mark, `results=False` hides confirmed ones too."""
    shown = results and each.state is CandidateState.ASSESSED
    return CandidateView(
        evaluation_id=each.evaluation_id,
        worker_id=each.worker_id,
        name=name,
        state=each.state,
        reasons=each.reasons,
        entered=list(progress.entered),
        differ=list(progress.differs),
        differences=[
            DifferenceView(
                part=one.part,
                first=one.first,
                second=one.second,
                wide=one.wide,
                first_failed=list(one.first_failed),
                second_failed=list(one.second_failed),
            )
            for one in progress.differences
        ],
        own=list(progress.own),
        confirmed=[*progress.confirmed, *(one.part for one in each.carried)],
        parts=each.parts if shown else (),
        passed=each.passed if shown else None,
        attempt=each.attempt,
        objection=each.objection,
        carried=each.carried if results else (),
        excused=each.excused,
        answer_by=each.answer_by,
        failed=each.failed if shown else (),
        routes=[RouteView.of(one) for one in asked.routes] if asked else [],
        evidence=[EvidenceView.of(one) for one in asked.papers] if asked else [],
    )
