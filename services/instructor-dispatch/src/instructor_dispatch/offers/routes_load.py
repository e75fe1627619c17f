"""Load in view: who is sent how much, against what was agreed and is fair. A college sees itself."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.values import AssignmentId, CollegeId, LevelCode, OccupationCode, PersonId
from instructor_dispatch.instructors.routes import Office, own
from instructor_dispatch.offers.commands.load import load_of
from instructor_dispatch.offers.loads import CollegeRow, PersonRow
from servicekit.http import Request, Router, Transaction, refusals

router = Router(tags=["load"])


class Days(Request):
    """From one day to another, both included; qualifications that end within so many days from today."""

    since: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")]
    ends_within: Annotated[int, Field(ge=0, le=366)] = 60


class Taught(BaseModel):
    """What lies in the days that were asked for."""

    sessions: int
    """As a lead, asked for or promised."""
    firm: int
    """Promised."""
    minutes: int
    """Of these sessions."""
    minutes_driven: int
    """Between two places of one day, buffer included; the ways from and to home are not counted."""
    evenings: int


class CollegeLoad(Taught):
    """A college against its agreements that hold in these days."""

    college_id: CollegeId
    agreed: int
    """Sessions in the agreements' whole time."""
    held: int
    """Asked for or promised of these."""
    left: int
    target: int
    """Agreed fair number of sessions."""
    percent_of_target: int | None
    """What is held; none = no target is agreed."""


class PersonLoad(Taught):
    """A person against a fair load; the name by `POST /people`."""

    person_id: PersonId
    college_id: CollegeId
    fair_load: int
    """Sessions a season; 0 = not set."""
    percent_of_fair_load: int | None


class QualificationEnds(BaseModel):
    """A qualification that ends soon."""

    person_id: PersonId
    college_id: CollegeId
    occupation: OccupationCode
    level: LevelCode
    valid_until: date
    firm_after: list[AssignmentId]
    """Firm assignments after that day for which the person holds nothing else."""


class LoadSeen(BaseModel):
    """Colleges and people with their figures, and qualifications that end, earliest first."""

    colleges: list[CollegeLoad]
    people: list[PersonLoad]
    qualifications_end: list[QualificationEnds]


@router.get("/load", responses=refusals("load.ends_before_it_begins", "load.too_long"))
async def load(tx: Transaction, by: Office, asked: Annotated[Days, Query()]) -> LoadSeen:
    """The load of some days, and the qualifications that end soon."""
    found = await load_of(tx, asked.since, asked.until, ends_within=asked.ends_within, college_id=own(by))
    return LoadSeen(
        colleges=[_college(each, found.people) for each in found.colleges],
        people=[_person(each) for each in found.people],
        qualifications_end=[
            QualificationEnds(
                person_id=ends.person_id,
                college_id=ends.college_id,
                occupation=ends.occupation,
                level=ends.level,
                valid_until=ends.valid_until,
                firm_after=[each.assignment_id for each in falling],
            )
            for ends, falling in found.ending
        ],
    )


def _college(college: CollegeRow, people: Iterable[PersonRow]) -> CollegeLoad:
    own_people = [each for each in people if each.college_id == college.college_id]
    return CollegeLoad(
        college_id=college.college_id,
        agreed=college.agreed,
        held=college.held,
        left=college.agreed - college.held,
        target=college.target,
        percent_of_target=_percent(college.held, college.target),
        **_taught(own_people),
    )


def _person(person: PersonRow) -> PersonLoad:
    return PersonLoad(
        person_id=person.person_id,
        college_id=person.college_id,
        fair_load=person.fair_load,
        percent_of_fair_load=_percent(person.sessions, person.fair_load),
        **_taught([person]),
    )


def _taught(people: Iterable[PersonRow]) -> dict[str, int]:
    rows = list(people)
    return {
        "sessions": sum(each.sessions for each in rows),
        "firm": sum(each.firm for each in rows),
        "minutes": sum(each.minutes for each in rows),
        "minutes_driven": sum(each.driven for each in rows),
        "evenings": sum(each.evenings for each in rows),
    }


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
