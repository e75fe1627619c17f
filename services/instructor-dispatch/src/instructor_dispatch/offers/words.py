"""What a college wrote in its own words when it said no: encrypted, for the union and the college itself."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Column, Index, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert

from contracts.values import AssignmentId, CollegeId, OrderId, PersonId, Slot
from instructor_dispatch.metadata import metadata
from instructor_dispatch.offers.tables import offer
from servicekit.db import EncryptedText, Tx, UtcTime

MOST_SHOWN = 50
words_of_no = Table(
    "words_of_no",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("words", EncryptedText("words_of_no.words"), nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Index("words_of_no_said_ix", "said_at"),
)
KEEP = insert(words_of_no)
FORGET = delete(words_of_no)
ENDS = "words.end"
"""The time for which the words of a no are kept is over."""
NEWEST = (
    select(
        words_of_no,
        *(offer.c[name] for name in ("order_id", "college_id", "person_id", "slot", "reason")),
    )
    .join(offer, offer.c.assignment_id == words_of_no.c.assignment_id)
    .order_by(words_of_no.c.said_at.desc(), words_of_no.c.assignment_id)
    .limit(MOST_SHOWN)
)


class Said(BaseModel):
    """A no with words: of which offer, by whom, why."""

    assignment_id: AssignmentId
    order_id: OrderId
    college_id: CollegeId
    person_id: PersonId | None
    slot: Slot
    reason: str
    words: str
    said_at: datetime


async def keep(tx: Tx, assignment_id: AssignmentId, words: str, at: datetime) -> None:
    """An offer ends once, so it has words once."""
    await tx.execute(KEEP, {"assignment_id": assignment_id, "words": words, "said_at": at})


async def forget(tx: Tx, assignment_id: AssignmentId) -> None:
    """What was decided, and the reason's code, stay in the facts."""
    await tx.execute(FORGET.where(words_of_no.c.assignment_id == assignment_id))


async def newest(tx: Tx, college_id: CollegeId | None) -> list[Said]:
    """Of one college, or all; the newest first, at most `MOST_SHOWN`."""
    asked = NEWEST if college_id is None else NEWEST.where(offer.c.college_id == college_id)
    rows = await tx.execute(asked)
    return [
        Said(
            **{name: getattr(row, name) for name in Said.model_fields if name != "slot"},
            slot=Slot.model_validate(row.slot),
        )
        for row in rows.all()
    ]
