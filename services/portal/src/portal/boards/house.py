"""The boards of who takes part: enterprises, colleges, persons sent, survey rounds."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table, Uuid

from contracts.instructor_dispatch import (
    CollegeChanged,
    CollegeFact,
    CollegeJoined,
    InstructorAvailable,
    InstructorChanged,
    InstructorListed,
    InstructorRetired,
    InstructorTimetabled,
    InstructorUnavailable,
    PersonFact,
)
from contracts.order_intake import (
    EnterpriseChanged,
    EnterpriseFact,
    EnterpriseRegistered,
    SurveyAnswered,
    SurveyClosed,
    SurveyFact,
    SurveyOpened,
    SurveyWithdrawn,
)
from portal.metadata import metadata
from servicekit.boards import Board, renewed
from servicekit.db import Cause

enterprise_row = Table(
    "enterprise_row",
    metadata,
    Column("enterprise_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_en", String),
    Column("division", String, nullable=False),
    Column("pilot", Boolean, nullable=False),
)
college_row = Table(
    "college_row",
    metadata,
    Column("college_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_en", String),
    Column("division", String, nullable=False),
)
person_row = Table(
    "person_row",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("college_id", String, nullable=False),
    Column("retired", Boolean, nullable=False),
)
survey_row = Table(
    "survey_row",
    metadata,
    Column("survey_id", Uuid, primary_key=True),
    Column("programme", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("visited", JSON, nullable=False),
    Column("person_times", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
)


@dataclass(frozen=True)
class EnterpriseRow:
    """An enterprise, as far as the screens need it."""

    enterprise_id: str
    name: str
    name_en: str | None
    division: str
    pilot: bool


@dataclass(frozen=True)
class CollegeRow:
    """A partner college."""

    college_id: str
    name: str
    name_en: str | None
    division: str


@dataclass(frozen=True)
class PersonRow:
    """Somebody who is sent; the name stands in the directory."""

    person_id: UUID
    college_id: str
    retired: bool


@dataclass(frozen=True)
class SurveyRow:
    """A round of a survey. `visited` are the enterprises that were asked, each once."""

    survey_id: UUID
    programme: str = ""
    round: int = 0
    channel: str = ""
    opened: int = 0
    visited: tuple[str, ...] = ()
    person_times: int = 0
    closed: bool = False


enterprises = Board("enterprise_row", enterprise_row, key=lambda fact: fact.enterprise_id, row=EnterpriseRow)
colleges = Board("college_row", college_row, key=lambda fact: fact.college_id, row=CollegeRow)
persons = Board("person_row", person_row, key=lambda fact: fact.person_id, row=PersonRow)
surveys = Board("survey_row", survey_row, key=lambda fact: fact.survey_id, row=SurveyRow)


@enterprises.on(EnterpriseRegistered, EnterpriseChanged)
def enterprise(_row: EnterpriseRow | None, fact: EnterpriseFact, _: Cause) -> EnterpriseRow:
    """The fact carries the whole state."""
    return EnterpriseRow(fact.enterprise_id, fact.name, fact.name_en, fact.division, fact.pilot)


@colleges.on(CollegeJoined, CollegeChanged)
def college(_row: CollegeRow | None, fact: CollegeFact, _: Cause) -> CollegeRow:
    """The fact carries the whole state."""
    return CollegeRow(fact.college_id, fact.name, fact.name_en, fact.division)


@persons.on(
    InstructorListed,
    InstructorChanged,
    InstructorUnavailable,
    InstructorAvailable,
    InstructorTimetabled,
    InstructorRetired,
)
def person(_row: PersonRow | None, fact: PersonFact, _: Cause) -> PersonRow:
    """The fact carries the whole state."""
    return PersonRow(fact.person_id, fact.college_id, isinstance(fact, InstructorRetired))


@surveys.on(SurveyOpened)
def opened(row: SurveyRow | None, fact: SurveyOpened, _: Cause) -> SurveyRow:
    """A round begins."""
    row = row or SurveyRow(fact.survey_id)
    return renewed(
        row, programme=fact.programme, round=fact.round, channel=fact.channel, opened=row.opened + 1
    )


@surveys.on(SurveyAnswered)
def answered(row: SurveyRow | None, fact: SurveyAnswered, _: Cause) -> SurveyRow:
    """An enterprise was visited or has answered."""
    row = row or SurveyRow(fact.survey_id)
    visited = tuple(dict.fromkeys((*row.visited, fact.enterprise_id)))
    return renewed(row, visited=visited, person_times=row.person_times + fact.person_times)


@surveys.on(SurveyWithdrawn)
def withdrawn(row: SurveyRow | None, fact: SurveyWithdrawn, _: Cause) -> SurveyRow:
    """An answer was taken back: as if it had not been given."""
    row = row or SurveyRow(fact.survey_id)
    visited = tuple(each for each in row.visited if each != fact.enterprise_id)
    return renewed(row, visited=visited, person_times=row.person_times - fact.person_times)


@surveys.on(SurveyClosed)
def closed(row: SurveyRow | None, fact: SurveyFact, _: Cause) -> SurveyRow:
    """The round is over."""
    return renewed(row or SurveyRow(fact.survey_id), closed=True)
