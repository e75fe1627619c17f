"""Papers about a worker that somebody of the union has seen, and what they show together. Pure.

What a paper says is personal and in no fact; the fact says that one of this kind was seen, when and by whom.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from contracts.examined import EvidenceSeen
from contracts.refusals import Conflict, Invalid, Refused
from contracts.values import Diploma, EvidenceId, LevelCode, OccupationCode, Title, WorkerId
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from staffing.admission import Held, RouteAnswer, Schooled, Shown, Titled


class Kind(StrEnum):
    """What a paper is about."""

    YEARS = "years"
    CERTIFICATE = "certificate"
    TITLE = "title"
    DIPLOMA = "diploma"
    APPRENTICESHIP = "apprenticeship"


class Paper(StrEnum):
    """What was looked at."""

    ORIGINAL = "original"
    COPY = "copy"
    """Stamped by whoever holds the original."""
    ONLINE = "online"
    """The register of whoever has issued it."""
    STATEMENT = "statement"
    """Of the enterprise, with its stamp."""


class Told(BaseModel):
    """What the paper says; which of these counts its kind decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    years: int | None = None
    level: LevelCode | None = None
    title: Title | None = None
    diploma: Diploma | None = None
    related: bool = True
    """A diploma of this or a related trade."""
    since: date | None = None
    """The day of the certificate or title."""


@dataclass(frozen=True)
class Evidence:
    """A paper about a worker for one occupation."""

    evidence_id: EvidenceId
    worker_id: WorkerId
    occupation: OccupationCode
    told: Told
    paper: Paper
    seen_on: date
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True)
class Asked:
    """What every route says to whoever was refused, and the papers of them that were seen."""

    routes: tuple[RouteAnswer, ...]
    papers: tuple[Evidence, ...]


NEEDS = {
    Kind.YEARS: "years",
    Kind.CERTIFICATE: "level",
    Kind.TITLE: "title",
    Kind.DIPLOMA: "diploma",
}
"""Without which a paper of this kind shows nothing."""


def check_askable(batch: Batch, candidate: Candidate, others: Collection[Batch], now: datetime) -> None:
    """Evidence is taken of whoever was refused and waits nowhere else, until the examination is over."""
    if batch.state is not BatchState.MARKING:
        raise Refused("batch.not_open", state=batch.state)
    if candidate.state is not CandidateState.REFUSED:
        raise Refused("evidence.admitted_already")
    if now >= batch.slot.ends_at:
        raise Refused("evidence.too_late", ends_at=batch.slot.ends_at.isoformat())
    for other in others:
        if other.batch_id == batch.batch_id or other.state is BatchState.CANCELLED:
            continue
        mine = [each for each in other.admitted if each.worker_id == candidate.worker_id]
        if any(each.passed or other.state is not BatchState.COMPLETED for each in mine):
            raise Conflict("evidence.in_another_batch", day=other.slot.day)


def check_told(told: Told, levels: Collection[LevelCode], seen_on: date, today: date) -> None:
    """It says what its kind is about, of a level that exists, and nothing of it lies ahead."""
    needed = NEEDS.get(told.kind)
    if needed is not None and getattr(told, needed) is None:
        raise Invalid("evidence.says_nothing", field=f"body.told.{needed}", kind=told.kind)
    if told.level is not None and told.level not in levels:
        raise Invalid("level.unknown", field="body.told.level", level=told.level)
    for field, day in (("body.told.since", told.since), ("body.seen_on", seen_on)):
        if day is not None and day > today:
            raise Invalid("evidence.ahead", field=field, day=day)


def seen(batch: Batch, candidate: Candidate, evidence: Evidence) -> EvidenceSeen:
    """Somebody has seen a paper."""
    return EvidenceSeen(
        order_id=batch.order_id,
        batch_id=batch.batch_id,
        evaluation_id=candidate.evaluation_id,
        worker_id=candidate.worker_id,
        occupation=batch.occupation,
        level=batch.level,
        evidence_id=evidence.evidence_id,
        kind=evidence.told.kind,
        paper=evidence.paper,
        seen_on=evidence.seen_on,
    )


def together(years: int, held: Iterable[Held], papers: Sequence[Told]) -> Shown:
    """What the enterprise has told, the certificates of ours, and the papers that were seen."""

    def of(kind: Kind) -> list[Told]:
        return [each for each in papers if each.kind is kind]

    return Shown(
        years=max([years, *(each.years or 0 for each in of(Kind.YEARS))]),
        held=(*held, *(Held(each.level, each.since) for each in of(Kind.CERTIFICATE) if each.level)),
        titles=tuple(Titled(each.title, each.since) for each in of(Kind.TITLE) if each.title),
        schooled=tuple(Schooled(each.diploma, each.related) for each in of(Kind.DIPLOMA) if each.diploma),
        apprenticeship=bool(of(Kind.APPRENTICESHIP)),
    )
