"""Qualifications and licences that end, for the college that renews them and the union."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from contracts.values import AssignmentId, CollegeId, LevelCode, OccupationCode, PersonId
from instructor_dispatch.instructors.ending import Terms
from instructor_dispatch.instructors.routes import Office, own
from instructor_dispatch.offers.commands.load import ending_of
from servicekit.clock import today
from servicekit.http import Request, Router, Transaction

router = Router(tags=["instructors"])


class Within(Request):
    """Which are asked for."""

    within: Annotated[int, Field(ge=0, le=366)] | None = None
    """Days from today in which they end, and days back in which they did; none = as far ahead as it is said."""


class ExpiringSeen(BaseModel):
    """A qualification that ends soon or has ended, and that nothing else the person holds includes for longer."""

    person_id: PersonId
    college_id: CollegeId
    occupation: OccupationCode
    level: LevelCode
    assessor: bool
    """An assessor's card."""
    valid_until: date
    expired: bool
    replaced_from: date
    """On this day promises after the end go to others, unless it is renewed (`PUT /instructors/{person_id}`)."""
    firm_after: list[AssignmentId]
    """Firm assignments after the end for which the person holds nothing else."""


@router.get("/expiring")
async def expiring(tx: Transaction, by: Office, asked: Annotated[Within, Query()]) -> list[ExpiringSeen]:
    """What ends, the earliest first: a college its own people's, the union everybody's."""
    terms, day = Terms.of(tx.known), await today(tx)
    within = timedelta(days=terms.warn if asked.within is None else asked.within)
    return [
        ExpiringSeen(
            person_id=ends.person_id,
            college_id=ends.college_id,
            occupation=ends.occupation,
            level=ends.level,
            assessor=ends.assessor,
            valid_until=ends.valid_until,
            expired=ends.valid_until < day,
            replaced_from=ends.valid_until - timedelta(days=terms.replace),
            firm_after=[each.assignment_id for each in falling],
        )
        for ends, falling in await ending_of(tx, day - within, day + within, own(by))
    ]
