"""People who are sent: a college lists and changes its own. Names go to whoever may know them, and no further."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from contracts.instructor_dispatch import Away, InstructorChanged, InstructorListed
from contracts.refusals import NotAllowed
from contracts.values import BandCode, CollegeId, Count, DivisionCode, PersonId, Qualification
from instructor_dispatch.instructors import commands
from instructor_dispatch.instructors.rules import MOST_AWAY
from servicekit.http import (
    IfMatch,
    Request,
    Router,
    Transaction,
    check_version,
    refusals,
    set_version,
    without_key,
)
from servicekit.identity import Actor, actor_with
from servicekit.ids import new_id

router = Router(tags=["instructors"])
Office = Annotated[Actor, Depends(actor_with("college", "union"))]
"""A college's dispatch office for its own people, or the coordinator for all."""
Asker = Annotated[Actor, Depends(actor_with("service", "union"))]
Name = Annotated[str, Field(min_length=1, max_length=60)]
AtLeastOne = Annotated[int, Field(ge=1, le=50)]


class QualificationAsked(Qualification, Request):
    """As in facts, but what is asked for is checked like every request."""


class AwayAsked(Away, Request):
    """As in facts, but what is asked for is checked like every request."""


class PersonAsked(Request):
    """What a college tells of somebody it sends."""

    name: Name
    home: DivisionCode
    qualifications: Annotated[tuple[QualificationAsked, ...], Field(min_length=1, max_length=50)]
    most_sessions_day: AtLeastOne = 2
    most_sessions_week: AtLeastOne = 6
    fair_load: Count = 0
    avoids: tuple[BandCode, ...] = ()


class NewPerson(PersonAsked):
    """Somebody new; own lessons and other times away can be told at once."""

    college_id: CollegeId
    away: Annotated[tuple[AwayAsked, ...], Field(max_length=MOST_AWAY)] = ()


class Listed(BaseModel):
    """Who was listed."""

    person_id: PersonId


class PersonSeen(BaseModel):
    """Somebody on the list, as the own college and the union see them."""

    person_id: PersonId
    college_id: CollegeId
    name: str
    home: DivisionCode
    qualifications: tuple[Qualification, ...]
    most_sessions_day: int
    most_sessions_week: int
    fair_load: int
    avoids: tuple[BandCode, ...]
    away: tuple[Away, ...]
    retired: bool
    version: int


class Who(Request):
    """Whose names are asked for, and what for (a code)."""

    people: Annotated[tuple[PersonId, ...], Field(max_length=2000)]
    purpose: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")] = "display"


class Named(BaseModel):
    """A person and the name."""

    person_id: PersonId
    name: str


@router.post(
    "/instructors",
    status_code=201,
    responses=refusals("college.unknown", "college.not_yours", "level.unknown", "division.unknown"),
)
async def list_person(asked: NewPerson, tx: Transaction, by: Office) -> Listed:
    """Put somebody on the list of those a college sends, instructor or assessor."""
    if not by.may("union") and by.organisation != asked.college_id:
        raise NotAllowed("college.not_yours", field="college_id")
    told = asked.model_dump(exclude={"name"})
    listed = InstructorListed(person_id=new_id(), **told)
    await commands.list_person(tx, listed, asked.name, by=by)
    return Listed(person_id=listed.person_id)


@router.put(
    "/instructors/{person_id}",
    status_code=204,
    responses=refusals("person.unknown", "person.retired", "version.stale"),
)
async def change_person(
    *,
    person_id: PersonId,
    asked: PersonAsked,
    tx: Transaction,
    by: Office,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Something about the person is different; what is promised stays promised."""
    person = await commands.known(tx, person_id, college_id=own(by))
    check_version(if_match, await commands.version_of(tx, person_id))
    changed = InstructorChanged(
        person_id=person_id, college_id=person.college_id, **asked.model_dump(exclude={"name"})
    )
    await commands.change_person(tx, changed, name=asked.name, by=by)
    set_version(response, await commands.version_of(tx, person_id))


@router.get("/instructors")
async def people(tx: Transaction, by: Office) -> list[PersonSeen]:
    """The list: a college its own people, the union all."""
    return [
        PersonSeen(
            name=name,
            version=version,
            **{
                each: getattr(person, each)
                for each in PersonSeen.model_fields
                if each not in {"name", "version"}
            },
        )
        for person, name, version in await commands.listed(tx, college_id=own(by))
    ]


@router.post("/people")
@without_key
async def names(asked: Who, tx: Transaction, by: Asker) -> list[Named]:  # noqa: ARG001  the role is the condition
    """Names of people sent, for whoever may show them; unknown ids are left out."""
    found = await commands.names(tx, asked.people)
    return [Named(person_id=each, name=found[each]) for each in dict.fromkeys(asked.people) if each in found]


def own(by: Actor) -> CollegeId | None:
    """The college whose people the actor may see; none = all."""
    return None if by.may("union") else by.organisation or ""
