"""Throughput where millions of facts are stored already, beside the same on empty tables and topics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from contracts.base import ORDERS
from songjiao_cli.bench import shared, work
from songjiao_cli.bench.figures import Bench, end_to_end, set_group
from songjiao_cli.bench.rows import Row, paired

FACTS_AN_ORDER = 20
STATES = "insert into step (order_id, steps) select x::uuid, $2 from unnest($1::text[]) x"
ANSWERS = """
insert into answered (actor, key, request, status, headers, body)
select 'u-1', gen_random_uuid()::text, sha256(convert_to(position::text, 'UTF8')), 201, '{}', '\\x7b7d' from event"""
HEADS = """
insert into head (consumer, sender, subject, sequence)
select 'scheduling', 'order-intake', x, $2 from unnest($1::text[]) x"""
EFFECTS = """
insert into effect (order_id, sequence, fact_id)
select x, q, gen_random_uuid() from generate_series(1, $2::int) q, unnest($1::text[]) x"""


@dataclass(frozen=True)
class Stored:
    """Both databases and the topics, filled."""

    sender: str
    reader: str
    prefix: str
    names: list[str]


@asynccontextmanager
async def filled(bench: Bench, facts: int) -> AsyncIterator[Stored]:
    """As if so many facts had gone their whole way: said, answered, sent, taken."""
    house = bench.house
    names = work.subjects(max(bench.sizes.writers, facts // FACTS_AN_ORDER))
    async with (
        house.database("full_sender") as sender,
        house.database("full_reader") as reader,
        house.topics() as prefix,
    ):
        bench.say(f"  filling {facts:,} facts of {len(names):,} orders")
        await work.sender_tables(house, sender)
        await work.reader_tables(house, reader)
        await work.fill_events(sender, facts, names)
        each = facts // len(names)
        for database, statement in ((sender, STATES), (reader, HEADS), (reader, EFFECTS)):
            connection = await asyncpg.connect(database, command_timeout=None)
            await connection.execute(statement, names, each)
            await connection.close()
        await house.sql(sender, ANSWERS, "vacuum analyze")
        await house.sql(reader, "vacuum analyze")
        async with house.part("relay", database=sender, prefix=prefix) as part:
            await part.does(facts=each * len(names))
        await set_group(house, f"{prefix}{shared.READER}", f"{prefix}{ORDERS}", end=True)
        yield Stored(sender, reader, prefix, names)


async def on_empty(bench: Bench, names: list[str]) -> float:
    """Commands a second until the last effect, nothing stored."""
    house = bench.house
    async with (
        house.database("sender") as sender,
        house.database("reader") as reader,
        house.topics() as prefix,
    ):
        await work.sender_tables(house, sender)
        await work.reader_tables(house, reader)
        return await end_to_end(house, bench.sizes, sender, reader, prefix, writer="writer", names=names)


async def stored(bench: Bench) -> list[Row]:
    """Commands a second until the last effect, on the filled system and on an empty one."""
    async with filled(bench, bench.sizes.stored) as full:

        async def ours() -> float:
            return await end_to_end(
                bench.house,
                bench.sizes,
                full.sender,
                full.reader,
                full.prefix,
                writer="writer",
                names=full.names,
            )

        runs = await work.in_turns(bench.sizes, ours, lambda: on_empty(bench, full.names), bench.say)
    figure = f"throughput with {bench.sizes.stored:,} facts stored"
    return [paired(figure, "commands/s", runs, at_least=0.9)]
