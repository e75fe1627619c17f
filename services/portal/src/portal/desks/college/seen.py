"""What instructor-dispatch tells of offers, of the people of a college, and of what they have."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, RootModel

from contracts.values import Needs, Slot
from portal.desks.signed import ReasonSeen


class OfferSeen(BaseModel):
    """An offer, or the assignment it became."""

    assignment_id: UUID
    order_id: UUID
    session_id: UUID | None
    batch_id: UUID | None
    role: str
    college_id: str
    person_id: UUID | None
    slot: Slot
    division: str | None
    enterprise_id: str | None
    needs: Needs
    state: str
    open_call: bool
    answer_by: datetime
    name_by: datetime | None
    step: int
    linked: UUID | None

    @property
    def until(self) -> datetime:
        """When it lapses if nothing is said."""
        return self.name_by or self.answer_by

    @property
    def directed(self) -> bool:
        """Whether it waits for a yes or no and says who would come."""
        return self.state == "offered" and not self.open_call

    def ready(self, now: datetime) -> bool:
        """Whether it can be accepted as it is: its time is not over."""
        return self.directed and now < self.until


class BearingSeen(BaseModel):
    """What an open offer puts on whom it proposes."""

    assignment_id: UUID
    person_id: UUID
    minutes: int
    week: int
    most_week: int


class CouldComeSeen(BaseModel):
    """Somebody of the college, and an offer."""

    person_id: UUID
    place: int
    minutes: int
    week: int
    most_week: int
    against: list[ReasonSeen]


class WordSeen(BaseModel):
    """A reason that a college may give."""

    reason: str
    zh: str
    en: str
    words: bool


class AnsweredSeen(BaseModel):
    """What became of one of several."""

    assignment_id: UUID
    accepted: bool
    code: str | None
    detail: dict[str, str] | None


class AnswersSeen(RootModel[list[AnsweredSeen]]):
    """What became of each."""


class QualificationSeen(BaseModel):
    """What somebody may teach or, with a card, assess."""

    occupation: str
    level: str
    assessor: bool = False
    valid_until: date | None = None


class AwaySeen(BaseModel):
    """A time in which somebody cannot come."""

    starts_at: datetime
    ends_at: datetime
    division: str | None = None
    reason: str = "absence"
    calendar: str | None = None


class PersonSeen(BaseModel):
    """Somebody whom the college sends."""

    person_id: UUID
    college_id: str
    name: str
    home: str
    qualifications: list[QualificationSeen]
    most_sessions_day: int
    most_sessions_week: int
    fair_load: int
    avoids: list[str]
    prefers_divisions: list[str]
    prefers_units: list[str]
    most_evenings_week: int | None
    away: list[AwaySeen]
    retired: bool
    version: int


class LoadSeen(BaseModel):
    """What a person has in some days."""

    person_id: UUID
    sessions: int
    firm: int
    minutes: int
    minutes_driven: int
    evenings: int


class LoadsSeen(BaseModel):
    """Of everybody of the college."""

    people: list[LoadSeen]
