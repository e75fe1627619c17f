"""In which rooms a batch is held, who watches over them, and what it needs beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.programme_rules import InvigilatorRules
from contracts.refusals import Invalid
from contracts.values import BatchId, ExamRoom, Invigilator, PersonId, Reason
from evaluation.examinations import name_store, needs, store
from evaluation.examinations.batch import Batch
from evaluation.examinations.commands import keeping
from evaluation.examinations.needs import Need
from evaluation.known import known
from evaluation.orders import commands as orders
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.ids import new_id


@dataclass(frozen=True)
class Watching:
    """Somebody in a room: sent, or of the enterprise by name."""

    room: int
    person_id: PersonId | None
    name: str | None


@dataclass(frozen=True)
class Arranged:
    """What a batch needs, why somebody may not invigilate it, and what rooms and people are called."""

    needs: tuple[Need, ...]
    against: tuple[Reason, ...]
    names: Mapping[str, str]


async def arrange(
    tx: Tx, batch_id: BatchId, rooms: Sequence[tuple[str, int]], watching: Sequence[Watching], *, by: Actor
) -> None:
    """All of it anew; whoever of the enterprise has the same name as before is the same person."""
    batch = await store.lock(tx, batch_id)
    called = [name for name, _ in rooms]
    if twice := sorted({name for name in called if called.count(name) > 1}):
        raise Invalid("room.twice", field="body.rooms", name=twice[0])
    people = {str(each.invigilator_id) for each in batch.invigilators}
    before = {text: of for of, text in (await name_store.read(tx, batch_id)).items() if of in people}
    names = {str(room): name for room, name in enumerate(called, start=1)}
    invigilators = []
    for each in watching:
        if (each.person_id is None) == (each.name is None):
            raise Invalid("invigilator.nobody", field="body.invigilators")
        of = str(each.person_id or before.get(each.name or "", new_id()))
        if each.name is not None:
            names[of] = each.name
        invigilators.append(
            Invigilator.model_validate(
                {"invigilator_id": of, "sent": each.person_id is not None, "room": each.room}
            )
        )
    seats = [ExamRoom(room=room, seats=of) for room, (_, of) in enumerate(rooms, start=1)]
    panel = await keeping.panel_of(tx, batch)
    fact = needs.arrange(batch, seats, invigilators, panel, await _rules(tx, batch))
    await keeping.save(tx, batch, [fact], by=by)
    await name_store.save(tx, batch_id, names)


async def arranged(tx: Tx, batch: Batch) -> Arranged:
    """As it stands now: assessors come and go, and somebody may teach these candidates by now."""
    panel = await keeping.panel_of(tx, batch)
    figures = known(tx).programmes.rules.evaluation.figures(batch.occupation, batch.slot.day)
    return Arranged(
        needs.needs(batch, panel, figures),
        needs.against(batch.invigilators, panel, await _rules(tx, batch)),
        await name_store.read(tx, batch.batch_id),
    )


async def _rules(tx: Tx, batch: Batch) -> InvigilatorRules:
    order = await orders.known(tx, batch.order_id)
    programme = known(tx).programmes.programmes.get(order.programme)
    return programme.invigilators if programme else InvigilatorRules()
