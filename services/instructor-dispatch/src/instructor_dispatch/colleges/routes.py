"""Colleges and agreements: the union writes, colleges read their own."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.instructor_dispatch import CollegeJoined
from contracts.refusals import NotFound
from contracts.values import Code, CollegeId, DivisionCode, OrganisationName, UnionId
from instructor_dispatch.colleges import commands
from instructor_dispatch.colleges.rules import College
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["colleges"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Reader = Annotated[Actor, Depends(actor_with("union", "college"))]


class NewCollege(Request):
    """A college that joins, or what is different about one."""

    college_id: CollegeId
    name: OrganisationName
    name_en: OrganisationName | None = None
    division: DivisionCode
    kind: Code


class EndOfAgreement(Request):
    """The last day on which the college still sends."""

    ended_on: date


class AgreementSeen(BaseModel, from_attributes=True):
    """An agreement as it stands."""

    union_id: UnionId
    valid_from: date
    valid_until: date
    sessions_total: int
    sessions_week: int
    target: int


class CollegeSeen(BaseModel, from_attributes=True):
    """A college with its agreements."""

    college_id: CollegeId
    name: str
    name_en: str | None
    division: DivisionCode
    kind: str
    agreements: list[AgreementSeen]


@router.post("/colleges", status_code=201, responses=refusals("division.unknown"))
async def join(asked: NewCollege, tx: Transaction, by: Coordinator) -> CollegeSeen:
    """A college becomes a partner; told again, it is changed."""
    await commands.join(tx, CollegeJoined(**asked.model_dump()), by=by)
    return seen(await commands.known(tx, asked.college_id))


@router.post(
    "/colleges/{college_id}/agreements/end",
    status_code=204,
    responses=refusals("college.unknown", "agreement.none"),
)
async def end(college_id: CollegeId, asked: EndOfAgreement, tx: Transaction, by: Coordinator) -> None:
    """The agreement ends early; what is promised stays promised."""
    await commands.end_agreement(tx, college_id, asked.ended_on, by=by)


@router.get("/colleges")
async def colleges(tx: Transaction, by: Reader) -> list[CollegeSeen]:
    """All colleges; a college sees itself."""
    own = None if by.may("union") else [by.organisation or ""]
    return [seen(each) for each in await commands.colleges(tx, own)]


@router.get("/colleges/{college_id}", responses=refusals("college.unknown"))
async def college(college_id: CollegeId, tx: Transaction, by: Reader) -> CollegeSeen:
    """One college; a college sees itself."""
    found = await commands.colleges(tx, [college_id])
    if not found or not (by.may("union") or by.organisation == college_id):
        raise NotFound("college.unknown", college_id=college_id)
    return seen(found[0])


def seen(college: College) -> CollegeSeen:
    """As the union and the college read it."""
    return CollegeSeen.model_validate(college)
