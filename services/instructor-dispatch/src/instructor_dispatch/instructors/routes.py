"""People who are sent: what is asked and told of them. Names go to whoever may know them, and no further.

What may free or bind somebody for a session is done in `offers.routes_people`.
"""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, Field

from contracts.instructor_dispatch import Away
from contracts.values import BandCode, CollegeId, Count, DivisionCode, PersonId, Qualification, UnitCode
from instructor_dispatch.instructors import commands
from instructor_dispatch.instructors.rules import MOST_AWAY
from servicekit.http import Request, Router, Transaction, without_key
from servicekit.identity import Actor, actor_with

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
    prefers_divisions: tuple[DivisionCode, ...]
    prefers_units: tuple[UnitCode, ...]
    most_evenings_week: int | None
    """Wishes, told by `PUT /instructors/{person_id}/wishes`."""
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
