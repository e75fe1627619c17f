"""What scheduling tells of a change by hand, and of what differs between two versions of a scheme."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from portal.desks.signed import ReasonSeen, SessionSeen


class LineSeen(BaseModel):
    """A session before or after."""

    unit: str
    day: date | None
    band: str | None
    person_id: UUID | None
    pinned: bool


class StepSeen(BaseModel):
    """What becomes of one session."""

    cohort: str
    position: int
    before: LineSeen | None
    after: LineSeen | None


class OtherSeen(BaseModel):
    """A session that stands in the way."""

    order_id: UUID
    cohort: str
    position: int
    day: date
    band: str


class BreakSeen(BaseModel):
    """A rule that would be broken."""

    reason: ReasonSeen
    others: list[OtherSeen]


class FollowsSeen(BaseModel):
    """What else follows."""

    effect: str
    points: int
    cost: Decimal
    release_minutes: int
    clauses: list[str]
    offers: int
    promises: int


class RepairSeen(BaseModel):
    """What could be done instead."""

    changes: list[dict[str, Any]]
    points: int
    sessions: list[StepSeen]


class LookedSeen(BaseModel):
    """What a change breaks and what follows."""

    sessions: list[StepSeen]
    breaks: list[BreakSeen]
    follows: FollowsSeen
    repairs: list[RepairSeen]


class OfCohort(BaseModel):
    """A cohort that something can be added to."""

    cohort_id: UUID
    letter: str


class HandSession(SessionSeen):
    """A session that can be changed."""

    session_id: UUID
    pinned: bool = False


class HandSeen(BaseModel):
    """The newest version, as far as it can be changed."""

    state: str
    version: int
    row_version: int
    cohorts: list[OfCohort]
    sessions: list[HandSession]


class DifferingSeen(BaseModel):
    """A session that is another in the newer version."""

    cohort: str
    position: int
    ways: list[str]
    one: LineSeen | None
    other: LineSeen | None
    why: list[ReasonSeen]


class DifferencesSeen(BaseModel):
    """What differs between two versions."""

    clauses: list[str]
    sessions: list[DifferingSeen]
