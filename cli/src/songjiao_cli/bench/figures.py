"""The figures of `songjiao bench backbone` that stand beside bare code: relay, consumer, commands, HTTP."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.base import ORDERS
from servicekit.keys import make_keys
from servicekit.local.ports import free_ports
from servicekit.tokens import Issuer
from servicekit.topics import PARTITIONS
from songjiao_cli.bench import shared, work
from songjiao_cli.bench.house import House
from songjiao_cli.bench.rows import Row, paired
from songjiao_cli.bench.sizes import Sizes
from songjiao_cli.bench.work import Say


@dataclass(frozen=True)
class Bench:
    """Where, how much, and whom to tell."""

    house: House
    sizes: Sizes
    say: Say
    programmes: Path


def rate(told: dict[str, Any], facts: int) -> float:
    """So many a second."""
    return float(facts / (told["ended"] - told["began"]))


async def relay(bench: Bench) -> list[Row]:
    """Facts a second from the to-do list to acknowledged, beside the same bytes sent from memory."""
    house, facts = bench.house, bench.sizes.facts // bench.sizes.subjects * bench.sizes.subjects

    async def run(role: str) -> float:
        async with house.database("relay") as database, house.topics() as prefix:
            await work.sender_tables(house, database)
            await work.fill_events(database, facts, work.subjects(bench.sizes.subjects))
            async with house.part(role, database=database, prefix=prefix, facts=facts) as part:
                told = rate(await part.does(facts=facts), facts)
            left = await house.value(database, "select count(*) from unsent")
            assert left == (0 if role == "relay" else facts)
            return told

    runs = await work.in_turns(bench.sizes, lambda: run("relay"), lambda: run("bare_producer"), bench.say)
    return [paired("relay", "facts/s", runs, at_least=0.6)]


async def set_group(house: House, group: str, topic: str, *, end: bool = False) -> None:
    """Let a group that nobody is a member of read from the beginning again, or from the end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=house.kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic, n) for n in range(PARTITIONS)]
        consumer.assign(places)
        await consumer.commit(await consumer.end_offsets(places) if end else dict.fromkeys(places, 0))
    finally:
        await consumer.stop()


async def fill_topic(house: House, prefix: str, facts: int, names: list[str]) -> None:
    """Facts on the topic, as the relay would have sent them."""
    async with house.database("filled") as database:
        await work.sender_tables(house, database)
        await work.fill_events(database, facts, names, unsent=False)
        async with house.part("bare_producer", database=database, prefix=prefix, facts=facts) as part:
            await part.does()


async def consumer(bench: Bench) -> list[Row]:
    """Facts a second from the topic to heads and an effect row each, beside a bare consume and insert."""
    house, facts = bench.house, bench.sizes.facts // bench.sizes.subjects * bench.sizes.subjects
    async with house.topics() as prefix:
        await fill_topic(house, prefix, facts, work.subjects(bench.sizes.subjects))
        topic = f"{prefix}{ORDERS}"

        async def drained(role: str, group: str) -> float:
            await set_group(house, f"{prefix}{group}", topic)
            async with house.database("reader") as database:
                await work.reader_tables(house, database)
                async with house.part(role, database=database, prefix=prefix) as part:
                    told = await part.does(facts=facts)
                assert await house.value(database, "select count(*) from effect") == facts
            return rate(told, facts)

        runs = await work.in_turns(
            bench.sizes,
            lambda: drained("consumer", shared.READER),
            lambda: drained("bare_consumer", "bare"),
            bench.say,
        )
    return [paired("consumer", "facts/s", runs, at_least=0.5)]


async def end_to_end(
    house: House, sizes: Sizes, sender: str, reader: str, prefix: str, **roles: Any
) -> float:
    """Commands a second until the last one's effect is committed: writers, relay and consumer in a process each."""
    names = roles.get("names") or work.subjects(sizes.subjects)
    async with AsyncExitStack() as stack:
        part = stack.enter_async_context
        relay = await part(house.part(roles.get("relay", "relay"), database=sender, prefix=prefix))
        reading = await part(house.part("consumer", database=reader, prefix=prefix))
        writing = await part(
            house.part(roles["writer"], database=sender, prefix=prefix, writers=sizes.writers, orders=names)
        )
        await relay.does(run=True)
        await reading.does(run=True)
        each = sizes.commands // sizes.writers * sizes.writers
        await reading.say(facts=each)
        written = await writing.does(commands=sizes.commands)
        taken = await reading.answer()
        return float(each / (taken["ended"] - written["began"]))


async def commands(bench: Bench) -> list[Row]:
    """The command path with 16 writers, end to end, beside the same rows by hand."""
    house = bench.house

    async def run(writer: str) -> float:
        async with (
            house.database("sender") as sender,
            house.database("reader") as reader,
            house.topics() as prefix,
        ):
            await work.sender_tables(house, sender)
            await work.reader_tables(house, reader)
            return await end_to_end(house, bench.sizes, sender, reader, prefix, writer=writer)

    runs = await work.in_turns(bench.sizes, lambda: run("writer"), lambda: run("bare_writer"), bench.say)
    return [paired("commands", "commands/s", runs, at_least=0.6)]


def identity(house: House) -> dict[str, str]:
    """Keys for the services, and a coordinator's token for the load."""
    folder = house.folder / "keys"
    if not folder.exists():
        make_keys(folder, ("portal",))
    issuer = Issuer.from_file("portal", Path(folder / "portal.pem"))
    return {"keys": str(folder / "keys.json"), "token": issuer.user_token("u-1", ["union"], seconds=36_000)}


async def http(bench: Bench) -> list[Row]:
    """Commands a second by HTTP over 16 kept connections, beside a FastAPI route with the same rows."""
    house, known = bench.house, identity(bench.house)

    async def run(role: str) -> float:
        async with house.database("http") as database:
            await work.sender_tables(house, database)
            at: dict[str, Any] = known | {"database": database, "port": free_ports(1)[0]}
            async with (
                house.part(role, **at, does=["http"]),
                house.part(
                    "load", **at, writers=bench.sizes.writers, orders=work.subjects(bench.sizes.subjects)
                ) as load,
            ):
                await load.does(commands=bench.sizes.commands // 8)
                told = await load.does(commands=bench.sizes.commands)
            return rate(told, told["commands"])

    runs = await work.in_turns(bench.sizes, lambda: run("serve"), lambda: run("bare_serve"), bench.say)
    return [paired("http", "commands/s", runs, at_least=0.75)]
