"""What evaluation tells of a session that was held, and of corrections that wait."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from contracts.values import Slot
from portal.desks.signed import ReasonSeen


class RecordSeen(BaseModel):
    """One worker's attendance as it stands."""

    minutes: int
    way: str
    at: datetime | None = None
    on_paper: bool = False
    class_hours: int | None = None
    makes_up: UUID | None = None


class RowSeen(BaseModel):
    """A worker of the sheet."""

    worker_id: UUID
    name: str
    signed_at: datetime | None = None
    left_at: datetime | None = None
    way: str | None = None
    standing: list[str] = []
    guest: str | None = None
    excused: ReasonSeen | None = None
    attendance: RecordSeen | None = None


class CorrectionSeen(BaseModel):
    """A correction beside the record that it found."""

    correction_id: UUID
    worker_id: UUID
    was: int
    minutes: int
    reason: ReasonSeen
    state: str
    proposed_by: str | None = None
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: ReasonSeen | None = None


class WaitingSeen(CorrectionSeen):
    """One that nobody has decided yet."""

    session_id: UUID
    order_id: UUID
    enterprise_id: str
    slot: Slot
    name: str


class SessionSeen(BaseModel):
    """A session with its sheet."""

    session_id: UUID
    order_id: UUID
    occupation: str
    class_hours: int
    slot: Slot
    state: str
    confirmed: str | None = None
    answer_until: datetime | None = None
    person_times: int
    absent: int
    rows: list[RowSeen]
    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    corrections: list[CorrectionSeen] = []
