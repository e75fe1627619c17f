"""A service that says OrderStarted, once per step of an order; stands for order-intake."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, File, Header, Response, UploadFile
from pydantic import Field
from sqlalchemy import Column, Integer, MetaData, Table, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from contracts.base import all_facts
from contracts.order_intake import OrderFulfilled, OrderStarted
from contracts.refusals import Conflict, NotFound
from servicekit.clock import now
from servicekit.columns import EncryptedText
from servicekit.db import Cause, Tx
from servicekit.evolution import Evolution
from servicekit.facts import hold_subject, record
from servicekit.http import (
    IfMatch,
    Request,
    Router,
    Today,
    Transaction,
    check_version,
    set_version,
    takes_up_to,
    without_key,
)
from servicekit.identity import Actor, actor_with
from servicekit.process import run
from servicekit.service import Service
from servicekit.settings import Settings as KitSettings
from servicekit.timers import Due, Job, Timers, ask_for, drop_deadline, set_deadline

metadata = MetaData()
step = Table(
    "step", metadata, Column("order_id", Uuid, primary_key=True), Column("steps", Integer, nullable=False)
)
secret = Table(
    "secret", metadata, Column("id", Integer, primary_key=True), Column("name", EncryptedText("secret.name"))
)
WRITE = insert(step).values(order_id=bindparam("order"), steps=1)
WRITE = WRITE.on_conflict_do_update(index_elements=["order_id"], set_={"steps": step.c.steps + 1}).returning(
    step.c.steps
)
READ = select(step.c.steps).where(step.c.order_id == bindparam("order"))

router = Router()
timers = Timers("order-intake")
Union = Annotated[Actor, Depends(actor_with("union"))]


class Settings(KitSettings):
    pass


class Step(Request):
    day: date | None = None
    note: str = Field("", max_length=100)


async def take_step(tx: Tx, order: UUID, day: date, **why: Any) -> int:
    await hold_subject(tx, order)
    steps = (await tx.execute(WRITE, {"order": order})).scalar_one()
    await record(tx, OrderStarted(order_id=order, started_on=day), **why)
    return int(steps)


@router.post("/orders/{order}/step", status_code=201)
async def post_step(
    order: UUID,
    body: Step,
    tx: Transaction,
    by: Union,
    today: Today,
    answer: Response,
    if_match: IfMatch = None,
) -> dict[str, int]:
    await hold_subject(tx, order)
    check_version(if_match, await tx.scalar(READ, {"order": order}) or 0)
    if body.note == "refuse":
        raise Conflict("version.stale", yours=1, current=2)
    steps = await take_step(tx, order, body.day or today, by=by)
    if body.note:
        await tx.execute(insert(secret).values(id=len(body.note), name=body.note).on_conflict_do_nothing())
    set_version(answer, steps)
    return {"steps": steps}


@router.post("/pairs", status_code=204)
async def post_pair(
    orders: list[UUID], tx: Transaction, by: Union, today: Today, x_early: Annotated[bool, Header()] = False
) -> None:
    """Two subjects in one command; sometimes with a write before."""
    if x_early:
        await tx.driver.execute("select pg_sleep(0.002)")
    await hold_subject(tx, *orders)
    for order in orders:
        await take_step(tx, order, today, by=by)


@router.get("/orders/{order}")
async def get_steps(order: UUID, tx: Transaction, _: Union) -> dict[str, int]:
    steps = await tx.scalar(READ, {"order": order})
    if steps is None:
        raise NotFound("request.no_such_address")
    return {"steps": steps}


@router.get("/orders/{order}/bug")
async def get_bug(order: UUID) -> None:
    """As wrong as code can be."""
    raise KeyError(order)


@router.get("/orders/{order}/looked", status_code=204)
async def look_at_order(order: UUID, tx: Transaction, by: Union, today: Today) -> None:
    """A question that leaves a fact, as a disclosure does."""
    await take_step(tx, order, today, by=by)


@router.post("/orders/{order}/unkeyed", status_code=204)
@without_key
async def post_unkeyed(order: UUID, tx: Transaction, _: Union) -> None:
    await hold_subject(tx, order)


@router.post("/numbers/{number}", status_code=204)
async def post_number(number: int, tx: Transaction, _: Union, text: str = "") -> None:
    await tx.execute(insert(step).values(order_id=UUID(int=0), steps=number))
    await tx.driver.execute("select $1::text", text)


@router.post("/rosters", status_code=201)
@takes_up_to(3_000_000)
async def post_roster(file: Annotated[UploadFile, File()], tx: Transaction, _: Union) -> dict[str, int]:
    return {"bytes": len(await file.read())}


@router.post("/orders/{order}/deadline", status_code=204)
async def post_deadline(order: UUID, tx: Transaction, _: Union, seconds: float = 60) -> None:
    await hold_subject(tx, order)
    due = await now(tx) + timedelta(seconds=seconds)
    await set_deadline(tx, "step.lapses", key=order, subject=order, due=due, data={"day": "2026-05-06"})


@router.delete("/orders/{order}/deadline", status_code=204)
async def delete_deadline(order: UUID, tx: Transaction, _: Union) -> None:
    await hold_subject(tx, order)
    await drop_deadline(tx, "step.lapses", order)


@router.post("/orders/{order}/job", status_code=202)
async def post_job(order: UUID, tx: Transaction, by: Union, today: Today) -> None:
    steps = await take_step(tx, order, today, by=by)
    await ask_for(tx, "order.count", key=order, subject=order, data={"steps": steps}, because=tx.reached[-1])


@timers.at("step.lapses")
async def when_step_lapses(tx: Tx, deadline: Due) -> None:
    await take_step(tx, UUID(deadline.subject), date.fromisoformat(deadline.data["day"]))


@timers.job("order.count")
class CountOrder(Job[int, int]):
    async def read(self, tx: Tx, due: Due) -> int:
        return int(due.data["steps"])

    def compute(self, given: int) -> int:
        return given * 2

    async def save(self, tx: Tx, due: Due, output: int) -> None:
        if tx.known == {"fail": True}:
            raise ValueError("the job is broken")
        await hold_subject(tx, due.subject)
        await record(tx, OrderFulfilled(order_id=UUID(due.subject), fulfilled_on=date(2026, 1, output)))


@router.post("/orders/{order}/dream", status_code=202)
async def post_dream(order: UUID, tx: Transaction, _: Union, file: str) -> None:
    await ask_for(tx, "order.dream", key=order, subject=order, data={"file": file})


@timers.job("order.dream")
class DreamOfOrder(Job[str, None]):
    """Computes as long as the file is there, and writes into it who does."""

    cpu_bound = True

    async def read(self, tx: Tx, due: Due) -> str:
        return str(due.data["file"])

    def compute(self, given: str) -> None:
        if Path(given).exists():
            Path(given).write_text(str(os.getpid()))
        while Path(given).exists():
            sum(range(10_000))

    async def save(self, tx: Tx, due: Due, output: None) -> None:
        pass


async def stepped(tx: Tx, fact: OrderStarted, _cause: Cause) -> None:
    await tx.execute(WRITE, {"order": fact.order_id})


evolution = Evolution("order-intake")
evolution.on(OrderStarted)(stepped)
evolution.cannot_bring_back("secret.name", because="personal data")
evolution.nothing_for(
    *(fact for fact in all_facts() if fact.source == "order-intake" and fact is not OrderStarted),
    because="no row",
)


def build(settings: Settings) -> Service:
    return Service(
        "order-intake", settings=settings, metadata=metadata, migrations="kit_house.sender_migrations",
        routers=[router], timers=timers, evolution=evolution, known={},
    )  # fmt: skip


if __name__ == "__main__":
    run(build, Settings)
