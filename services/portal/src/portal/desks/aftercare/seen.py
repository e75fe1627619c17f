"""What evaluation tells of answers."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from contracts.values import Slot


class WordsSeen(BaseModel):
    """What people read, in both languages."""

    zh: str
    en: str


class ChoiceSeen(BaseModel):
    """An answer to choose; a score has no words."""

    code: str
    words: WordsSeen | None = None


class QuestionSeen(BaseModel):
    """A question with its choices."""

    code: str
    words: WordsSeen
    choices: list[ChoiceSeen]


class AskedSeen(BaseModel):
    """What a link asks."""

    kind: str
    name: str
    questions: list[QuestionSeen]
    answered: Mapping[str, str] | None = None
    occupation: str | None = None
    enterprise_id: str | None = None
    slot: Slot | None = None
    months: int | None = None
    reason: str | None = None
    sentences: Mapping[str, str] = {}


class ToldSeen(BaseModel):
    """A session with the sums of its answers."""

    session_id: UUID
    order_id: UUID
    programme: str
    number: str
    enterprise_id: str
    occupation: str
    day: date
    present: int
    answers: int
    sums: Mapping[str, int]
    least: int


class RoundSeen(BaseModel):
    """An order's people of one enterprise, so many months later."""

    order_id: UUID
    number: str
    programme: str
    enterprise_id: str
    months: int
    due_on: date
    answers_by: date
    due: int
    answered: int
    overdue: int
    reminded_on: date | None = None
    answers: Mapping[str, Mapping[str, int]] = {}


class PersonSeen(BaseModel):
    """One worker who is asked."""

    worker_id: UUID
    name: str
    enterprise_id: str
    months: int
    due_on: date
    answers_by: date
    answers: Mapping[str, str] | None = None
    answered_by: str | None = None
    answered_on: date | None = None
    overdue: bool
    link: str


class FollowupsSeen(BaseModel):
    """An order's people and questions."""

    order_id: UUID
    number: str
    questions: list[QuestionSeen]
    people: list[PersonSeen]
