"""What the approver of a scheme's version saw: its content, which scheduling keeps, asked for as the one who looks."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from portal.boards.schemes import SchemeVersion
from portal.desks.asking import SCHEDULING, Missing, Seen, read
from servicekit.db import Tx

OWNER = SCHEDULING


class CohortSeen(BaseModel):
    """Who learns together."""

    letter: str
    line: int
    workers: list[UUID]


class ReasonSeen(BaseModel):
    """Why something is so, as a code with its figures."""

    code: str
    figures: dict[str, Any] = {}


class SessionSeen(BaseModel):
    """A session as it was planned; without a day no time was found."""

    session_id: UUID | None = None
    cohort: str
    position: int
    unit: str
    mode: str
    class_hours: int
    day: date | None
    band: str | None
    person_id: UUID | None
    reasons: list[ReasonSeen] = []
    provisional: bool = False
    """No official calendar of its year is known yet."""


class CostSeen(BaseModel):
    """What it costs and brings, in yuan."""

    total: Decimal
    lecture_fees: Decimal
    travel: Decimal
    subsidy_expected: Decimal
    person_hours_lost: Decimal | None = None


class ContentSeen(BaseModel):
    """The content of a version."""

    version: int
    hash: str
    cohorts: list[CohortSeen]
    sessions: list[SessionSeen]
    cost: CostSeen


async def content_of(tx: Tx, token: str | None, order: UUID, version: SchemeVersion) -> ContentSeen | Missing:
    """The content; or that scheduling does not answer, or not to this account."""
    if token is None:
        return "away"
    return await read_as(tx, token, f"/orders/{order}/schemes/{version.version}", ContentSeen)


async def read_as(tx: Tx, token: str, path: str, what: type[Seen]) -> Seen | Missing:
    """What scheduling tells the one who looks."""
    return await read(tx, token, OWNER, path, what)
