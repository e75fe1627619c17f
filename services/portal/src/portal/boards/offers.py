"""The board of offers: every one that was sent, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Uuid

from contracts.instructor_dispatch import (
    AssignmentAccepted,
    AssignmentAgreed,
    AssignmentDeclined,
    AssignmentFact,
    AssignmentLapsed,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentSubstituted,
    AssignmentTaken,
    AssignmentVolunteered,
)
from portal.metadata import metadata
from servicekit.boards import Board, renewed
from servicekit.db import Cause, UtcTime

FIRM = ("accepted", "substituted")
"""States of an offer whose person comes."""
COUNTED = ("sent", "accepted", "declined", "lapsed", "substituted")
offer_row = Table(
    "offer_row",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("session_id", Uuid),
    Column("batch_id", Uuid),
    Column("role", String, nullable=False),
    Column("college_id", String, nullable=False, index=True),
    Column("person_id", Uuid),
    Column("answer_by", UtcTime),
    Column("state", String, nullable=False),
    Column("open", Boolean, nullable=False),
    *(Column(name, Integer, nullable=False) for name in COUNTED),
    *(Index(f"ix_offer_row_{name}", name) for name in ("session_id", "batch_id", "person_id")),
)


@dataclass(frozen=True)
class OfferRow:
    """An offer. The counts stay what they were, whatever comes after: the report is made of them."""

    assignment_id: UUID
    order_id: UUID
    session_id: UUID | None = None
    batch_id: UUID | None = None
    role: str = "lead"
    college_id: str = ""
    person_id: UUID | None = None
    answer_by: datetime | None = None
    state: str = "offered"
    open: bool = False
    sent: int = 0
    accepted: int = 0
    declined: int = 0
    lapsed: int = 0
    substituted: int = 0


board = Board("offer_row", offer_row, key=lambda fact: fact.assignment_id, row=OfferRow)
Row = OfferRow | None


def _row(row: Row, fact: Any) -> OfferRow:
    row = row or OfferRow(fact.assignment_id, fact.order_id, fact.session_id, fact.batch_id, fact.role)
    return renewed(row, college_id=fact.college_id, person_id=fact.person_id)


@board.on(AssignmentOffered)
def offered(row: Row, fact: AssignmentOffered, _: Cause) -> OfferRow:
    """A college is asked."""
    row = _row(row, fact)
    return renewed(row, sent=row.sent + 1, state="offered", open=True, answer_by=fact.answer_by)


_ANSWER = {
    AssignmentAccepted.type: "accepted",
    AssignmentSubstituted.type: "substituted",
    AssignmentDeclined.type: "declined",
    AssignmentLapsed.type: "lapsed",
}


@board.on(AssignmentAccepted, AssignmentSubstituted, AssignmentDeclined, AssignmentLapsed)
def answered(row: Row, fact: AssignmentFact, _: Cause) -> OfferRow:
    """Somebody answered, or nobody in time."""
    row = _row(row, fact)
    answer = _ANSWER[fact.type]
    counts: dict[str, Any] = {answer: getattr(row, answer) + 1}
    return renewed(row, state=answer, open=False, **counts)


@board.on(AssignmentTaken)
def taken(row: Row, fact: AssignmentTaken, _: Cause) -> OfferRow:
    """The college's place; from here on it is waited for a name, by a time of its own."""
    return renewed(_row(row, fact), state="taken", answer_by=fact.name_by)


@board.on(AssignmentVolunteered)
def volunteered(row: Row, fact: AssignmentVolunteered, _: Cause) -> OfferRow:
    """The college has answered an open call; nobody waits for it until the call is decided."""
    return renewed(_row(row, fact), state="volunteered", open=False)


@board.on(AssignmentAgreed)
def agreed(row: Row, fact: AssignmentAgreed, _: Cause) -> OfferRow:
    """Half of a swap would come; it waits for the other half."""
    return renewed(_row(row, fact), state="agreed")


@board.on(AssignmentReleased)
def released(row: Row, fact: AssignmentReleased, _: Cause) -> OfferRow:
    """Nobody is held by it any more."""
    return renewed(_row(row, fact), state="released", open=False)
