"""The bench's two small services, made of the kit as every service is: one says a fact, one keeps an effect of it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData, String, Table, Uuid, bindparam
from sqlalchemy.dialects.postgresql import insert

from contracts.base import ORDERS, Envelope
from contracts.order_intake import OrderStarted
from servicekit.db import Tx
from servicekit.facts import hold_subject, record
from servicekit.http import Request, Router, Transaction
from servicekit.identity import Actor, actor_with
from servicekit.reactions import Reactions
from servicekit.service import Service
from servicekit.settings import Settings
from songjiao_cli.bench.shared import READER, SENDER

EFFECTS = """
insert into effect (order_id, sequence, fact_id)
select a, b, c from unnest($1::text[], $2::int[], $3::uuid[]) with ordinality u(a, b, c, o) order by o"""

metadata = MetaData()
step = Table(
    "step", metadata, Column("order_id", Uuid, primary_key=True), Column("steps", Integer, nullable=False)
)
effect_metadata = MetaData()
effect = Table(
    "effect", effect_metadata, Column("n", BigInteger, Identity(always=True), primary_key=True),
    Column("order_id", String, nullable=False), Column("sequence", Integer, nullable=False),
    Column("fact_id", Uuid, nullable=False),
)  # fmt: skip
_INSERT = insert(step).values(order_id=bindparam("order"), steps=1)
WRITE = _INSERT.on_conflict_do_update(
    index_elements=["order_id"], set_={"steps": step.c.steps + 1}
).returning(step.c.steps)
router = Router()
Union = Annotated[Actor, Depends(actor_with("union"))]


class Step(Request):
    """What the command is asked with."""

    day: date


async def take_step(tx: Tx, order: UUID, day: date, by: Actor) -> int:
    """The command: lock, state, fact."""
    await hold_subject(tx, order)
    steps = (await tx.execute(WRITE, {"order": order})).scalar_one()
    await record(tx, OrderStarted(order_id=order, started_on=day), by=by)
    return int(steps)


@router.post("/orders/{order}/step", status_code=201)
async def post_step(order: UUID, body: Step, tx: Transaction, by: Union) -> dict[str, int]:
    """The command by HTTP."""
    return {"steps": await take_step(tx, order, body.day, by)}


reactions = Reactions(READER, topics=(ORDERS,), records_facts=False)


@reactions.on_chunk
async def when_facts_arrive_note_each(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """One effect row a fact, as the portal keeps its story."""
    columns = [[e.subject for e in envelopes], [e.sequence for e in envelopes], [e.id for e in envelopes]]
    await tx.driver.execute(EFFECTS, *columns)


def sender(settings: Settings) -> Service:
    """Says facts."""
    return Service(SENDER, settings=settings, metadata=metadata, migrations=None, routers=[router])


def reader(settings: Settings) -> Service:
    """Keeps their effects."""
    return Service(
        READER, settings=settings, metadata=effect_metadata, migrations=None, reactions=[reactions]
    )
