"""Rooms, invigilators and what a batch needs, as JSON."""

from pydantic import BaseModel

from contracts.values import PersonId, Reason
from evaluation.examinations.batch import Batch
from evaluation.examinations.commands.arranging import Arranged
from evaluation.examinations.needs import What


class RoomView(BaseModel):
    """A room, by its number."""

    room: int
    name: str
    seats: int


class InvigilatorView(BaseModel):
    """Who watches over it: somebody sent, or somebody of the enterprise by name."""

    room: int
    person_id: PersonId | None
    name: str | None


class NeedView(BaseModel):
    """So many are there, so many are wanted; of one room where it is told."""

    what: What
    there: int
    wanted: int
    room: int | None


class ArrangedView(BaseModel):
    """For the union: rooms, invigilators, what the batch needs, and who may not invigilate."""

    rooms: list[RoomView]
    invigilators: list[InvigilatorView]
    needs: list[NeedView]
    against: list[Reason]

    @classmethod
    def of(cls, batch: Batch, told: Arranged) -> "ArrangedView":
        """As it stands now."""
        return cls(
            rooms=[
                RoomView(
                    room=each.room, name=told.names.get(str(each.room), str(each.room)), seats=each.seats
                )
                for each in batch.rooms
            ],
            invigilators=[
                InvigilatorView(
                    room=each.room,
                    person_id=each.invigilator_id if each.sent else None,
                    name=None if each.sent else told.names.get(str(each.invigilator_id)),
                )
                for each in batch.invigilators
            ],
            needs=[
                NeedView(what=each.what, there=each.there, wanted=each.wanted, room=each.room)
                for each in told.needs
            ],
            against=list(told.against),
        )
