"""A service that reacts to OrderStarted with a row and a fact of its own, and folds a board; stands for scheduling."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table

from contracts.base import ORDERS, all_facts
from contracts.order_intake import OrderFulfilled, OrderStarted
from contracts.scheduling import SchemeWithdrawn
from contracts.values import Reason
from servicekit.boards import Board
from servicekit.db import Cause, Tx
from servicekit.evolution import Evolution
from servicekit.facts import hold_subject, record
from servicekit.process import run
from servicekit.reactions import Reactions
from servicekit.service import Service
from servicekit.settings import Settings as KitSettings

metadata = MetaData()
card = Table(
    "card", metadata, Column("order_id", String, primary_key=True), Column("steps", Integer, nullable=False),
    Column("marks", JSON, nullable=False),
)  # fmt: skip


class Settings(KitSettings):
    slow_milliseconds: int = 0


@dataclass(frozen=True)
class Card:
    order_id: str
    steps: int = 0
    marks: list[int] = field(default_factory=list)


reactions = Reactions("scheduling", topics=(ORDERS,))
board = Board("card", card, key=lambda fact: str(fact.order_id), row=Card)
boards = Reactions("scheduling-boards", topics=(ORDERS,), records_facts=False, boards=[board])


async def remember_step(tx: Tx, fact: OrderStarted, cause: Cause) -> None:
    if await tx.driver.fetchval("select true from broken where order_id = $1", cause.subject):
        raise ValueError("this order is broken")
    if tx.known:
        await tx.driver.execute("select pg_sleep($1)", tx.known / 1000)
    await hold_subject(tx, fact.order_id)
    await tx.driver.execute(
        "insert into effect (order_id, sequence, fact_id) values ($1, $2, $3)",
        cause.subject,
        cause.sequence,
        cause.id,
    )


@reactions.on(OrderStarted, remember=remember_step)
async def when_order_started_note_it(tx: Tx, fact: OrderStarted, cause: Cause) -> None:
    await remember_step(tx, fact, cause)
    reason = Reason(code="order.step", figures={"n": cause.sequence})
    await record(tx, SchemeWithdrawn(order_id=UUID(cause.subject), version=1, reason=reason), because=cause)


@board.on(OrderStarted)
def started(row: Card | None, fact: OrderStarted, cause: Cause) -> Card:
    row = row or Card(str(fact.order_id))
    return replace(row, steps=row.steps + 1, marks=[*row.marks, cause.sequence])


@board.on(OrderFulfilled)
def fulfilled(row: Card | None, fact: OrderFulfilled, cause: Cause) -> Any:
    return None


evolution = Evolution("scheduling")
evolution.nothing_for(
    *(fact for fact in all_facts() if fact.source == "scheduling"), because="the effect has its row"
)


def build(settings: Settings) -> Service:
    return Service(
        "scheduling", settings=settings, metadata=metadata, migrations="kit_house.reader_migrations",
        reactions=[reactions, boards], evolution=evolution, known=settings.slow_milliseconds,
    )  # fmt: skip


if __name__ == "__main__":
    run(build, Settings)
