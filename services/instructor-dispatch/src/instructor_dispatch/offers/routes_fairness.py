"""Fairness over the year: hours, trips, evenings, weekends against the agreed shares. A college sees its own people."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.values import CollegeId, OccupationCode, PersonId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.routes import Office, own
from instructor_dispatch.offers import burdens
from instructor_dispatch.offers.shares import Burden, Share, shares
from servicekit.clock import today
from servicekit.http import Request, Router, Transaction
from staffing.moments import season_of

router = Router(tags=["load"])


class OfYear(Request):
    """Which year; none = this one. Of whom; none = everybody."""

    year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    occupation: OccupationCode | None = None
    """Shares among those who teach this, as an offer weighs them, instead of among everybody who is sent."""


class Figure(BaseModel):
    """Something that somebody has much or little of."""

    has: int
    fair: int | None
    """By the agreed share of what all together have; none = no share is agreed."""
    percent: int | None
    """What is had of what is fair."""


class Fairness(BaseModel):
    """What somebody has in the year against the agreed share."""

    agreed_percent: int | None
    """The agreed share of the whole; none = no share is agreed, and nothing to compare with."""
    sessions: Figure
    minutes: Figure
    trips: Figure
    """Days with a drive to a works."""
    evenings: Figure
    weekends: Figure


class CollegeFairness(Fairness):
    """A college, its share by the target of its agreements."""

    college_id: CollegeId


class PersonFairness(Fairness):
    """A person, the share by the fair load among all who have one; the name by `POST /people`."""

    person_id: PersonId
    college_id: CollegeId


class FairnessSeen(BaseModel):
    """A year, and the years that can be asked for."""

    year: int
    years: list[int]
    occupation: OccupationCode | None
    """Among whose people the shares are; none = among everybody."""
    occupations: list[OccupationCode]
    """Those that can be asked for."""
    colleges: list[CollegeFairness]
    people: list[PersonFairness]


@router.get("/fairness")
async def fairness(tx: Transaction, by: Office, asked: Annotated[OfYear, Query()]) -> FairnessSeen:
    """Of a year: asked for or promised, as a lead. Shares are of everybody, or of all who teach the occupation, also
    where a college sees itself only; those of the colleges are of everybody always.
    """
    year = asked.year or (await today(tx)).year
    season = season_of(date(year, 1, 1))
    everybody = await burdens.of_all(tx, season)
    targets = await burdens.targets(tx, season)
    among = everybody
    if asked.occupation is not None:
        teach = {p.person_id for p in await instructors.with_occupation(tx, asked.occupation, assessor=False)}
        among = [each for each in everybody if each.person_id in teach]
    people = shares({each.person_id: (each.has, each.fair_load) for each in among})
    by_college = {
        college: sum((each.has for each in everybody if each.college_id == college), Burden())
        for college in sorted({*targets, *(each.college_id for each in everybody)})
    }
    colleges = shares({college: (has, targets.get(college, 0)) for college, has in by_college.items()})
    ours = own(by)
    return FairnessSeen(
        year=year,
        years=await burdens.years(tx),
        occupation=asked.occupation,
        occupations=sorted({code for each in by_college for code in await instructors.occupations(tx, each)}),
        colleges=[
            CollegeFairness(college_id=college, **_figures(has, colleges.get(college)))
            for college, has in by_college.items()
            if ours in (None, college)
        ],
        people=[
            PersonFairness(
                person_id=each.person_id,
                college_id=each.college_id,
                **_figures(each.has, people.get(each.person_id)),
            )
            for each in among
            if ours in (None, each.college_id)
        ],
    )


def _figures(has: Burden, share: Share | None) -> dict[str, Any]:
    names: Iterable[str] = Burden.__slots__
    found: dict[str, Any] = {
        name: Figure(
            has=getattr(has, name),
            fair=getattr(share.fair, name) if share else None,
            percent=share.percent_of(name) if share else None,
        )
        for name in names
    }
    return found | {"agreed_percent": share.percent if share else None}
