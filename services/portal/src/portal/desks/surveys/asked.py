"""What order-intake tells of surveys."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

RowState = Literal["new", "changed", "meanwhile", "same", "refused"]
"""What would become of a row of a sheet."""


class NeedSeen(BaseModel):
    """What an enterprise says it needs."""

    service: str
    occupation: str
    heads: int
    problem: str | None = None
    level: str | None = None
    shift_pattern: str | None = None


class AnswerSeen(BaseModel):
    """An answer, and what became of it."""

    enterprise_id: str
    person_times: int
    needs: list[NeedSeen]
    answered_on: date
    corrected_on: date | None
    order_id: UUID | None
    order_number: str | None
    order_state: str | None
    noted_by_union: bool = False
    known: str = ""


class SurveySeen(BaseModel):
    """A round with its answers counted."""

    survey_id: UUID
    programme: str
    round: int
    channel: str
    open: bool
    opened_on: date
    closes_on: date | None
    reminded_on: date | None
    asked: list[str]
    """Who is asked; none = every enterprise."""
    enterprises: int
    person_times: int
    drafted: int


class OneSurveySeen(BaseModel):
    """A round with all its answers."""

    survey: SurveySeen
    answers: list[AnswerSeen]


class OwnSurveySeen(BaseModel):
    """A round as an enterprise sees it."""

    survey_id: UUID
    programme: str
    round: int
    open: bool
    opened_on: date
    closes_on: date | None
    reminded: bool
    answer: AnswerSeen | None


class NewSeen(BaseModel):
    """The round that was opened."""

    survey_id: UUID


class DraftSeen(BaseModel):
    """The order that an answer became."""

    order_id: UUID
    number: str


class PaperRowSeen(BaseModel):
    """A row of a file, and what would become of it."""

    row: int
    enterprise_id: str
    person_times: int | None
    need: NeedSeen | None
    state: RowState
    since: date | None = None
    """Of `meanwhile`: when the answer was given that is known now; none = it was withdrawn."""
    sentences: dict[str, str]


class PaperAnswerSeen(BaseModel):
    """An answer that would be taken."""

    enterprise_id: str
    person_times: int
    needs: list[NeedSeen]
    known: str | None = None
    """Which answer was known when the file was looked at."""


class LookedSeen(BaseModel):
    """A file that was looked at."""

    rows: list[PaperRowSeen]
    answers: list[PaperAnswerSeen]


class TakenSeen(BaseModel):
    """How many answers were taken."""

    new: int
    changed: int
    same: int
