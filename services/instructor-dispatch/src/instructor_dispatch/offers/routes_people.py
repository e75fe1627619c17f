"""What happens to people and frees sessions with it: times away, retirement."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.instructor_dispatch import Away
from contracts.refusals import NotFound
from contracts.values import AssignmentId, PersonId
from instructor_dispatch.instructors.routes import AwayAsked, own
from instructor_dispatch.offers.commands import absences
from instructor_dispatch.offers.routes import person_of
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["instructors"])
Teller = Annotated[Actor, Depends(actor_with("college", "union", "instructor", "assessor"))]
Office = Annotated[Actor, Depends(actor_with("college", "union"))]


class Freed(BaseModel):
    """Assignments that somebody else is asked for now."""

    freed: list[AssignmentId]


@router.post(
    "/instructors/{person_id}/absences",
    status_code=201,
    responses=refusals(
        "person.unknown",
        "person.retired",
        "absence.ends_before_it_begins",
        "absence.over",
        "absence.too_many",
        "division.unknown",
    ),
)
async def register_absence(person_id: PersonId, asked: AwayAsked, tx: Transaction, by: Teller) -> Freed:
    """Illness, own lessons, time off: what does not go with it is freed, and the next best are asked."""
    if by.may("college", "union"):
        college = own(by)
    elif person_of(by) == person_id:
        college = None
    else:
        raise NotFound("person.unknown", person_id=str(person_id))
    away = Away(**asked.model_dump())
    return Freed(freed=await absences.register_absence(tx, person_id, away, college_id=college, by=by))


@router.post(
    "/instructors/{person_id}/retire", status_code=201, responses=refusals("person.unknown", "person.retired")
)
async def retire(person_id: PersonId, tx: Transaction, by: Office) -> Freed:
    """The person is no longer sent; what was promised goes to others."""
    return Freed(freed=await absences.retire(tx, person_id, college_id=own(by), by=by))
