"""Batches as evaluation tells them to an assessor: nobody's value before two people agree."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from contracts.values import Slot


class BatchLine(BaseModel):
    """A batch in a list."""

    batch_id: UUID
    order_id: UUID
    occupation: str
    level: str
    slot: Slot
    state: str
    admitted: int
    refused: int
    assessed: int = 0


class ReasonSeen(BaseModel):
    """Why somebody was not admitted."""

    code: str
    figures: dict[str, Any] = {}


class PartSeen(BaseModel):
    """A part that stands."""

    part: str
    mark: Decimal | None


class CandidateSeen(BaseModel):
    """A candidate, and how far each part is."""

    evaluation_id: UUID
    worker_id: UUID
    name: str
    state: str
    reasons: list[ReasonSeen] = []
    entered: list[str]
    differ: list[str]
    confirmed: list[str]
    own: list[str] = []
    parts: list[PartSeen] = []
    passed: bool | None = None

    def stands(self, part: str) -> str:
        """Where a part is for the viewer: `confirmed`, `differs`, `waits` for somebody else, `second` or `first`."""
        if self.state == "assessed" or part in self.confirmed:
            return "confirmed"
        if part in self.differ:
            return "differs"
        if part in self.entered:
            return "waits" if part in self.own else "second"
        return "first"

    def result(self, part: str) -> PartSeen | None:
        """The mark of a part, none = absent; nothing before all parts of the candidate are confirmed."""
        return next((each for each in self.parts if each.part == part), None)


class StarredSeen(BaseModel):
    """A safety item of the practical: failing it fails the practical."""

    code: str
    zh: str
    en: str


class BatchSeen(BatchLine):
    """A batch with its candidates."""

    enterprise_id: str = ""
    parts: list[str]
    assessors: list[UUID]
    wanted: int
    barred: list[UUID]
    candidates: list[CandidateSeen]
    starred: list[StarredSeen] = []

    @property
    def admitted_ones(self) -> list[CandidateSeen]:
        """Who is to be assessed."""
        return [each for each in self.candidates if each.state != "refused"]

    @property
    def refused_ones(self) -> list[CandidateSeen]:
        """Who is not."""
        return [each for each in self.candidates if each.state == "refused"]

    @property
    def lead(self) -> str:
        """What is to be done: `second` or `first` entries; others are waited for (`waits`), or nothing: `over`."""
        found = {each.stands(part) for each in self.admitted_ones for part in self.parts}
        if "second" in found:
            return "second"
        if found & {"first", "differs"}:
            return "first"
        return "waits" if "waits" in found else "over"

    def begun(self, now: datetime) -> bool:
        """Whether marks can be given by now."""
        return now >= self.slot.starts_at
