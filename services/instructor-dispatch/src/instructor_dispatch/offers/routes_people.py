"""What is told of people who are sent, and changes who is asked: listed, times away, retirement."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import AwareDatetime, BaseModel

from contracts.instructor_dispatch import Away, InstructorChanged, InstructorListed
from contracts.refusals import NotAllowed, NotFound
from contracts.values import AssignmentId, CollegeId, PersonId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.routes import AwayAsked, NewPerson, Office, PersonAsked, own
from instructor_dispatch.offers.commands import absences, listing, reads
from instructor_dispatch.offers.routes import OfferSeen, person_of, seen
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
AWAY = (
    "person.unknown",
    "person.retired",
    "absence.ends_before_it_begins",
    "absence.over",
    "absence.too_many",
    "division.unknown",
)
Teller = Annotated[Actor, Depends(actor_with("college", "union", "instructor", "assessor"))]


class Listed(BaseModel):
    """Who was listed."""

    person_id: PersonId


class Touches(BaseModel):
    """What would be freed, earliest first."""

    touched: list[OfferSeen]


class Freed(BaseModel):
    """Assignments that somebody else is asked for now."""

    freed: list[AssignmentId]


class EndOfAbsence(Request):
    """A time away as it was told, and when it really ended; without an end it was a mistake from the beginning."""

    away: AwayAsked
    ended_at: AwareDatetime | None = None


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
    await listing.list_person(tx, listed, asked.name, by=by)
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
    person = await listing.held(tx, person_id, college_id=own(by))
    check_version(if_match, await instructors.version_of(tx, person_id))
    changed = InstructorChanged(
        person_id=person_id, college_id=person.college_id, **asked.model_dump(exclude={"name"})
    )
    await listing.change_person(tx, changed, name=asked.name, by=by)
    set_version(response, await instructors.version_of(tx, person_id))


@router.post(
    "/instructors/{person_id}/absences",
    status_code=201,
    responses=refusals(*AWAY),
)
async def register_absence(person_id: PersonId, asked: AwayAsked, tx: Transaction, by: Teller) -> Freed:
    """Illness, own lessons, time off: what does not go with it is freed, and the next best are asked."""
    college = _college_of(person_id, by)
    away = Away(**asked.model_dump())
    return Freed(freed=await absences.register_absence(tx, person_id, away, college_id=college, by=by))


@router.post("/instructors/{person_id}/absences/preview", responses=refusals(*AWAY))
@without_key
async def preview_absence(person_id: PersonId, asked: AwayAsked, tx: Transaction, by: Teller) -> Touches:
    """Which assignments and offers would go to others; nothing is changed."""
    away = Away(**asked.model_dump())
    touched = await absences.touched_by(tx, person_id, away, college_id=_college_of(person_id, by))
    return Touches(touched=[seen(await reads.offer(tx, each, college_id=None)) for each in touched])


@router.post(
    "/instructors/{person_id}/absences/end",
    status_code=204,
    responses=refusals(
        "person.unknown", "person.retired", "absence.unknown", "absence.over", "absence.not_shorter"
    ),
)
async def end_absence(person_id: PersonId, asked: EndOfAbsence, tx: Transaction, by: Office) -> None:
    """Well again, or never away: the time is free, and what nobody could come to is tried again."""
    away = Away(**asked.away.model_dump())
    await absences.end_absence(tx, person_id, away, asked.ended_at, college_id=own(by), by=by)


@router.post(
    "/instructors/{person_id}/retire", status_code=201, responses=refusals("person.unknown", "person.retired")
)
async def retire(person_id: PersonId, tx: Transaction, by: Office) -> Freed:
    """The person is no longer sent; what was promised goes to others."""
    return Freed(freed=await absences.retire(tx, person_id, college_id=own(by), by=by))


def _college_of(person_id: PersonId, by: Actor) -> CollegeId | None:
    """The college whose person it must be; none = the union, or the person."""
    if by.may("college", "union"):
        return own(by)
    if person_of(by) != person_id:
        raise NotFound("person.unknown", person_id=str(person_id))
    return None
