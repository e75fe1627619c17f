"""What somebody who is sent wishes: told by the person, the college or the union. Wishes bar nobody."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.refusals import NotFound
from contracts.values import BandCode, CollegeId, DivisionCode, PersonId, UnitCode
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.routes import own
from instructor_dispatch.instructors.rules import Person, Wishes
from instructor_dispatch.offers.routes import person_of
from instructor_dispatch.offers.routes_people import Teller
from servicekit.http import IfMatch, Request, Router, Transaction, check_version, refusals, set_version
from servicekit.identity import Actor

router = Router(tags=["instructors"])
MOST = 40


class WishesAsked(Request):
    """All wishes; what is left out is no wish any more."""

    avoids: Annotated[tuple[BandCode, ...], Field(max_length=MOST)] = ()
    """Bands of the day that the person would rather not teach in."""
    prefers_divisions: Annotated[tuple[DivisionCode, ...], Field(max_length=MOST)] = ()
    """Where the person would rather teach; none = anywhere."""
    prefers_units: Annotated[tuple[UnitCode, ...], Field(max_length=MOST)] = ()
    """What the person would rather teach; none = anything."""
    most_evenings_week: Annotated[int, Field(ge=0, le=7)] | None = None
    """Evenings in a week that are enough; none = no wish."""


class WishesSeen(BaseModel):
    """What somebody wishes."""

    avoids: tuple[BandCode, ...]
    prefers_divisions: tuple[DivisionCode, ...]
    prefers_units: tuple[UnitCode, ...]
    most_evenings_week: int | None


@router.get("/instructors/{person_id}/wishes", responses=refusals("person.unknown"))
async def wishes(person_id: PersonId, tx: Transaction, by: Teller, response: Response) -> WishesSeen:
    """What the person wishes: one's own, the college its own people's, the union everybody's."""
    person = await _theirs(tx, person_id, by)
    set_version(response, await instructors.version_of(tx, person_id))
    return WishesSeen(**{name: getattr(person, name) for name in WishesSeen.model_fields})


@router.put(
    "/instructors/{person_id}/wishes",
    status_code=204,
    responses=refusals(
        "person.unknown",
        "person.retired",
        "person.band_unknown",
        "person.unit_unknown",
        "division.unknown",
        "version.stale",
    ),
)
async def wish(
    *,
    person_id: PersonId,
    asked: WishesAsked,
    tx: Transaction,
    by: Teller,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Other wishes than before. They count for whoever is chosen from now on, and bar nobody."""
    person = await _theirs(tx, person_id, by)
    check_version(if_match, await instructors.version_of(tx, person_id))
    await instructors.wish(tx, person, Wishes(**asked.model_dump()), by=by)
    set_version(response, await instructors.version_of(tx, person_id))


async def _theirs(tx: Transaction, person_id: PersonId, by: Actor) -> Person:
    """The person, if it is the one who asks, or of the college that does."""
    college: CollegeId | None = None
    if by.may("college", "union"):
        college = own(by)
    elif person_of(by) != person_id:
        raise NotFound("person.unknown", person_id=str(person_id))
    return await instructors.known(tx, person_id, college_id=college)
