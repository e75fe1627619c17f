"""What evaluation tells of findings."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from contracts.values import Slot
from portal.desks.signed import ReasonSeen


class FindingSeen(BaseModel):
    """A finding, with what became of it."""

    finding_id: UUID
    order_id: UUID
    number: str | None = None
    enterprise_id: str | None = None
    kind: str
    sentences: dict[str, str]
    sessions: list[UUID]
    batch_id: UUID | None = None
    workers: int
    people: list[UUID]
    found_at: datetime
    state: str
    asked: str | None = None
    answer: ReasonSeen | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    ended: ReasonSeen | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None


class LessonSeen(BaseModel):
    """A session that it is about."""

    session_id: UUID
    order_id: UUID
    enterprise_id: str
    occupation: str
    slot: Slot
    lead: UUID | None = None
    person_times: int


class WorkerSeen(BaseModel):
    """Somebody whom it is about."""

    worker_id: UUID
    name: str


class FindingWholeSeen(FindingSeen):
    """With its evidence and the words of the answer."""

    lessons: list[LessonSeen]
    whom: list[WorkerSeen]
    answer_text: str | None = None
