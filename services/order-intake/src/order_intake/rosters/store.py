"""The people of orders, encrypted, and what was disclosed of them to whom.

A person stands once per order, as the enterprise named them there; lines and crews stand with the order.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from contracts.values import OrderId, WorkerId
from order_intake.metadata import metadata
from order_intake.rosters.rules import Person
from servicekit.db import EncryptedText, Tx, UtcTime
from servicekit.removals import removal_table

roster_person = Table(
    "roster_person",
    metadata,
    Column("order_id", Uuid, ForeignKey("training_order.id"), primary_key=True),
    Column("worker_id", Uuid, primary_key=True, index=True),
    Column("name", EncryptedText("roster_person.name"), nullable=False),
    Column("id_number", EncryptedText("roster_person.id_number"), nullable=False),
    Column("birth_date", EncryptedText("roster_person.birth_date"), nullable=False),
    Column("years_in_trade", Integer),
    Column("holds_level", String),
)
disclosure = Table(
    "disclosure",
    metadata,
    Column("order_id", Uuid, ForeignKey("training_order.id"), primary_key=True),
    Column("receiver", String, primary_key=True),
    Column("worker_id", Uuid, primary_key=True, index=True),
    Column("at", UtcTime),
    Column("purpose", String),
)
"""None in `at` and `purpose` = told before that was kept."""
removal = removal_table(metadata)
_put = insert(roster_person)
PUT = _put.on_conflict_do_update(
    index_elements=["order_id", "worker_id"],
    set_={
        name: _put.excluded[name]
        for name in ("name", "id_number", "birth_date", "years_in_trade", "holds_level")
    },
)
WORKERS = bindparam("workers", type_=ARRAY(Uuid))  # one parameter, however many: PostgreSQL takes 32,767
DROP = delete(roster_person).where(
    roster_person.c.order_id == bindparam("of_order"),
    roster_person.c.worker_id.not_in(select(func.unnest(WORKERS))),
)
OTHERS = select(roster_person.c.order_id, roster_person.c.worker_id).where(
    roster_person.c.worker_id == any_(WORKERS), roster_person.c.order_id != bindparam("but")
)
OF_ORDER = select(roster_person).where(roster_person.c.order_id == bindparam("of_order"))
OF_WORKERS = (
    select(roster_person)
    .where(roster_person.c.worker_id == any_(WORKERS))
    .order_by(roster_person.c.order_id.desc())
)
DISCLOSE = (
    insert(disclosure)
    .from_select(
        ["order_id", "receiver", "worker_id", "at", "purpose"],
        select(
            bindparam("of_order", type_=Uuid),
            bindparam("receiver", type_=String),
            func.unnest(WORKERS),
            bindparam("at", type_=UtcTime),
            bindparam("purpose", type_=String),
        ),
    )
    .on_conflict_do_nothing()
    .returning(disclosure.c.worker_id)
)
DISCLOSED = (
    select(disclosure)
    .where(disclosure.c.worker_id == bindparam("worker"))
    .order_by(disclosure.c.at.nulls_first(), disclosure.c.order_id, disclosure.c.receiver)
)
ERASE = (
    delete(roster_person)
    .where(
        roster_person.c.worker_id == bindparam("worker"),
        roster_person.c.order_id == any_(bindparam("orders", type_=ARRAY(Uuid))),
    )
    .returning(roster_person.c.order_id)
)
NAMING = """
select id from training_order where position($1 in lines::text) > 0 or position($1 in draft::text) > 0
order by id desc"""
"""Reads every order: asked about one person now and then."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A person as kept with an order."""

    order_id: OrderId
    worker_id: WorkerId
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    birth_date: date = field(repr=False)
    years_in_trade: int | None
    holds_level: str | None


def _of(row: Row[tuple[object, ...]]) -> Kept:
    return Kept(
        row.order_id,
        row.worker_id,
        row.name,
        row.id_number,
        date.fromisoformat(row.birth_date),
        row.years_in_trade,
        row.holds_level,
    )


async def put(tx: Tx, order_id: OrderId, people: Sequence[Person]) -> None:
    """These people are known to this order, as they are named here."""
    rows = [
        {
            "order_id": order_id,
            "worker_id": person.worker_id,
            "name": person.name,
            "id_number": person.id_number,
            "birth_date": person.birth_date.isoformat(),
            "years_in_trade": person.years_in_trade,
            "holds_level": person.holds_level,
        }
        for person in people
    ]
    if rows:
        await tx.execute(PUT, rows)


async def copy_people(tx: Tx, order_id: OrderId, other: OrderId, workers: Collection[WorkerId]) -> None:
    """These people of the order are known to the other one, too, as they are named here."""
    kept = [each for id_, each in (await of_order(tx, order_id)).items() if id_ in workers]
    rows = [
        {
            "order_id": other,
            "worker_id": each.worker_id,
            "name": each.name,
            "id_number": each.id_number,
            "birth_date": each.birth_date.isoformat(),
            "years_in_trade": each.years_in_trade,
            "holds_level": each.holds_level,
        }
        for each in kept
    ]
    if rows:
        await tx.execute(PUT, rows)


async def drop_all_but(tx: Tx, order_id: OrderId, staying: Iterable[WorkerId]) -> None:
    """Forget the people of an order that stand on none of its lines any more."""
    await tx.execute(DROP, {"of_order": order_id, "workers": list(staying)})


async def elsewhere(tx: Tx, workers: Sequence[WorkerId], but: OrderId) -> dict[OrderId, set[WorkerId]]:
    """In which other orders these workers are known."""
    found: dict[OrderId, set[WorkerId]] = {}
    for row in await tx.execute(OTHERS, {"workers": list(workers), "but": but}):
        found.setdefault(row.order_id, set()).add(row.worker_id)
    return found


async def of_order(tx: Tx, order_id: OrderId) -> dict[WorkerId, Kept]:
    """The people of an order."""
    return {row.worker_id: _of(row) for row in await tx.execute(OF_ORDER, {"of_order": order_id})}


async def of_workers(tx: Tx, workers: Sequence[WorkerId]) -> list[Kept]:
    """These workers in every order that knows them, newest order first."""
    return [_of(row) for row in await tx.execute(OF_WORKERS, {"workers": list(workers)})]


async def disclose(
    tx: Tx, order_id: OrderId, receiver: str, workers: Iterable[WorkerId], *, purpose: str, at: datetime
) -> int:
    """Note that the receiver knows these people of the order; how many are new to it."""
    told = {"of_order": order_id, "receiver": receiver, "workers": sorted(workers)}
    return len((await tx.execute(DISCLOSE, told | {"purpose": purpose, "at": at})).all())


@dataclass(frozen=True, slots=True)
class Disclosed:
    """To whom a person of an order was named, when and what for; nothing of the latter where it was not kept."""

    order_id: OrderId
    receiver: str
    at: datetime | None
    purpose: str | None


async def disclosures_of(tx: Tx, worker: WorkerId) -> list[Disclosed]:
    """To whom this person was named, oldest first."""
    rows = await tx.execute(DISCLOSED, {"worker": worker})
    return [Disclosed(row.order_id, row.receiver, row.at, row.purpose) for row in rows]


async def erase(tx: Tx, worker: WorkerId, orders: Iterable[OrderId]) -> int:
    """Destroy what these orders know of the person; how many of them did."""
    return len((await tx.execute(ERASE, {"worker": worker, "orders": list(orders)})).all())


async def naming(tx: Tx, worker: WorkerId) -> list[OrderId]:
    """Orders with this person on a line, as asked for or on the desk, whether the name is still known or not."""
    return [row["id"] for row in await tx.driver.fetch(NAMING, str(worker))]
