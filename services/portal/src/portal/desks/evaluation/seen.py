"""What evaluation tells of batches, candidates and certificates."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

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
    url: str

    @property
    def stands(self) -> bool:
        """It is not at its end: it holds, or is suspended."""
        return self.revoked_on is None
