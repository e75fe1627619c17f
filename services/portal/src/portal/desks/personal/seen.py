"""What the owners tell of one worker: order-intake of rosters, evaluation of training and examinations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from portal.desks.signed import ReasonSeen


class TraineeSeen(BaseModel):
    """Somebody on a line, masked."""

    line: int
    worker_id: UUID
    crew: str
    masked_name: str | None
    masked: str | None


class StandsSeen(BaseModel):
    """An order with the person on it."""

    order_id: UUID
    number: str
    enterprise_id: str
    state: str
    under_way: bool
    masked_name: str | None
    masked: str | None
    kept_until: date | None


class DisclosedSeen(BaseModel):
    """To whom the name was given."""

    number: str
    receiver: str
    at: datetime | None
    purpose: str | None


class ToldSeen(BaseModel):
    """That the data were given out or erased."""

    what: str
    reason: ReasonSeen
    on: date
    by: str


class WorkerSeen(BaseModel):
    """What order-intake holds, masked."""

    worker_id: UUID
    orders: list[StandsSeen]
    disclosed: list[DisclosedSeen]
    told: list[ToldSeen]


class NeededSeen(BaseModel):
    """For which class of data a name would be kept, and until when."""

    of: str
    since: date
    until: date
    source: str
    note: str | None


class HeldSeen(BaseModel):
    """What evaluation holds."""

    known: dict[str, Any] | None
    kept_until: date | None
    needed: list[NeededSeen]
    orders: list[dict[str, Any]]
    parts: dict[str, list[dict[str, Any]]]


class Whole(BaseModel):
    """Everything that an owner tells for the file, as it tells it."""

    model_config = ConfigDict(extra="allow")
