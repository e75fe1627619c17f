"""The address by which rooms and invigilators of a batch are arranged."""

from typing import Annotated

from fastapi import Depends
from pydantic import Field, StringConstraints

from contracts.values import BatchId, PersonId
from evaluation.examinations.commands import arranging
from evaluation.examinations.commands.arranging import Watching
from evaluation.examinations.routes import AsRead
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["batches"])
Union = Annotated[Actor, Depends(actor_with("union"))]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
"""It stays in this service, encrypted."""


class Room(Request):
    """What it is called, and how many sit in it."""

    name: Name
    seats: Annotated[int, Field(ge=1, le=500)]


class Watches(Request):
    """Somebody sent, or somebody of the enterprise by name, in the first room, the second, …"""

    room: Annotated[int, Field(ge=1, le=99)]
    person_id: PersonId | None = None
    name: Name | None = None


class Arrangement(Request):
    """All rooms and all who watch over them."""

    rooms: Annotated[list[Room], Field(max_length=40)]
    invigilators: Annotated[tuple[Watches, ...], Field(max_length=200)] = ()


@router.post(
    "/batches/{batch_id}/rooms",
    status_code=204,
    responses=refusals(
        "batch.unknown",
        "batch.not_open",
        "room.twice",
        "invigilator.no_such_room",
        "invigilator.twice",
        "invigilator.nobody",
        "invigilator.taught_the_cohort",
        "invigilator.assesses",
        "invigilator.same_enterprise",
        "version.stale",
    ),
)
async def arrange(batch_id: BatchId, given: Arrangement, tx: Transaction, by: Union, _: AsRead) -> None:
    """Say in which rooms the batch is held and who watches over them, all of it anew."""
    watching = [Watching(each.room, each.person_id, each.name) for each in given.invigilators]
    await arranging.arrange(tx, batch_id, [(each.name, each.seats) for each in given.rooms], watching, by=by)
