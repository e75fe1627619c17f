"""What an answer means for people: what an offer puts on whom it proposes, and who could come instead."""

from pydantic import BaseModel

from contracts.values import AssignmentId, PersonId, Reason
from instructor_dispatch.instructors.routes import Office, own
from instructor_dispatch.offers.commands import bears, standing
from servicekit.http import Router, Transaction, refusals

router = Router(tags=["offers"])


class BearingSeen(BaseModel):
    """An open offer and the person it proposes."""

    assignment_id: AssignmentId
    person_id: PersonId
    minutes: int
    """Driving that it adds to the person's day, from home and back home; 0 = online, or there already."""
    week: int
    """Sessions of the person in its week (Monday to Sunday), this one counted."""
    most_week: int


class CouldCome(BaseModel):
    """Somebody and the offer; the name by `POST /people`."""

    person_id: PersonId
    place: int
    """1 = the best, among the college's own; 0 = cannot come."""
    minutes: int
    """Driving that it would add to the day; 0 for whoever cannot come."""
    week: int
    """Sessions in its week, this one counted."""
    most_week: int
    against: tuple[Reason, ...]
    """Every rule that bars the person, in the order in which they are asked for."""


@router.get("/burdens")
async def burdens(tx: Transaction, by: Office) -> list[BearingSeen]:
    """Of every open offer that proposes somebody: a college its own, the union everybody's."""
    return [
        BearingSeen(
            assignment_id=each.assignment_id,
            person_id=each.person_id,
            minutes=each.bearing.minutes,
            week=each.bearing.week,
            most_week=each.most_week,
        )
        for each in await bears.of_open_offers(tx, college_id=own(by))
    ]


@router.get("/offers/{assignment_id}/people", responses=refusals("offer.unknown"))
async def could_come(assignment_id: AssignmentId, tx: Transaction, by: Office) -> list[CouldCome]:
    """Those of its college who could come instead, the best first; then the others, by how few rules bar them."""
    return [
        CouldCome(
            person_id=each.person_id,
            place=each.place,
            minutes=each.minutes,
            week=each.week,
            most_week=each.most_week,
            against=each.against,
        )
        for each in await standing.of_offer(tx, assignment_id, college_id=own(by))
    ]
