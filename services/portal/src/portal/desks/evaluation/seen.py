"""What evaluation tells of batches, candidates and certificates."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from portal.desks.assessor.seen import StarredSeen
from portal.desks.signed import ReasonSeen


class SlotSeen(BaseModel):
    """When it is held."""

    day: date
    band: str


class MarkSeen(BaseModel):
    """A part's mark; none = absent."""

    part: str
    mark: Decimal | None


class DifferenceSeen(BaseModel):
    """What two people see differently; none = absent."""

    part: str
    first: Decimal | None
    second: Decimal | None
    wide: bool = False
    first_failed: list[str] = []
    second_failed: list[str] = []


class LackSeen(BaseModel):
    """What a route asks for and is not shown, and who can show it."""

    reason: ReasonSeen
    supplied_by: str


class RouteSeen(BaseModel):
    """A route to the examination, by the standard."""

    code: str
    rule_set: str
    zh: str
    en: str
    source: str
    confidence: str
    lacks: list[LackSeen]


class ToldSeen(BaseModel):
    """What a paper says."""

    kind: str
    years: int | None = None
    level: str | None = None
    title: str | None = None
    diploma: str | None = None
    related: bool = True
    since: date | None = None


class PaperSeen(BaseModel):
    """A paper that somebody has seen."""

    told: ToldSeen
    paper: str
    seen_on: date


class CandidateSeen(BaseModel):
    """A worker in the batch."""

    evaluation_id: UUID
    worker_id: UUID
    name: str
    state: str
    reasons: list[ReasonSeen]
    entered: list[str]
    differ: list[str]
    differences: list[DifferenceSeen]
    confirmed: list[str]
    parts: list[MarkSeen]
    passed: bool | None
    attempt: int
    objection: bool
    failed: list[str] = []
    carried: list[MarkSeen] = []
    excused: bool = False
    answer_by: date | None = None
    routes: list[RouteSeen] = []
    evidence: list[PaperSeen] = []


class RoomSeen(BaseModel):
    """A room of the batch."""

    room: int
    name: str
    seats: int


class InvigilatorSeen(BaseModel):
    """Who watches over it: somebody sent, or of the enterprise by name."""

    room: int
    person_id: UUID | None
    name: str | None


class NeedSeen(BaseModel):
    """So many are there, so many are wanted."""

    what: str
    there: int
    wanted: int
    room: int | None


class ArrangedSeen(BaseModel):
    """Rooms and invigilators, what the batch needs, and who may not invigilate."""

    rooms: list[RoomSeen]
    invigilators: list[InvigilatorSeen]
    needs: list[NeedSeen]
    against: list[ReasonSeen]


class UnprintableSeen(BaseModel):
    """Whose name no font of certificates can show, and which characters of it."""

    name: str
    characters: str


class BatchSeen(BaseModel):
    """A batch with everybody in it."""

    batch_id: UUID
    order_id: UUID
    line: int
    occupation: str
    level: str
    slot: SlotSeen
    parts: list[str]
    state: str
    posted_on: date | None
    objections_until: date | None
    assessors: list[UUID]
    wanted: int
    barred: list[UUID]
    candidates: list[CandidateSeen]
    starred: list[StarredSeen] = []
    arranged: ArrangedSeen | None = None
    retake_until: date | None = None
    unprintable: list[UnprintableSeen] = []

    @property
    def passed(self) -> list[CandidateSeen]:
        """Who gets a certificate."""
        return [one for one in self.candidates if one.passed]

    @property
    def admitted(self) -> list[CandidateSeen]:
        """Who may be evaluated."""
        return [one for one in self.candidates if one.state != "refused"]


class CertificateSeen(BaseModel):
    """A certificate and whether it holds."""

    certificate_id: UUID
    evaluation_id: UUID
    name: str
    number: str
    occupation: str
    level: str
    issued_on: date
    valid: bool
    suspended_on: date | None = None
    revoked_on: date | None
    reason: ReasonSeen | None
    replaces: UUID | None = None
    replaced_by: UUID | None = None
    valid_until: date | None = None
    expired: bool = False
    url: str

    @property
    def stands(self) -> bool:
        """It is not at its end: it holds, or is suspended."""
        return self.revoked_on is None
