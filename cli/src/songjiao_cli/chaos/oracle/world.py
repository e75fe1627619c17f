"""Everything the oracle looks at, read once when the system is quiet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import asyncpg
import orjson

from servicekit.from_beginning import read_to_end
from songjiao_cli.chaos.answers import Command

CONSUMERS = {
    "order-intake": "order-intake", "scheduling": "scheduling", "instructor-dispatch": "instructor-dispatch",
    "evaluation": "evaluation", "portal": "portal-boards",
}  # fmt: skip
"""The consumer of each service."""
ROGUE = "chaos"
"""Sender of what a fault puts on the topics."""
Fact = dict[str, Any]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Record:
    """A record of a topic. `fact` is nothing when it is no fact."""

    topic: str
    partition: int
    offset: int
    raw: bytes
    fact: Fact | None


@dataclass(frozen=True)
class Effect:
    """A consumer gave a fact its effect."""

    seq: int
    sender: str
    subject: str
    sequence: int
    id: str


@dataclass(frozen=True)
class Books:
    """What one service's database says."""

    events: Mapping[str, bytes]
    """Body by fact id."""
    unsent: int
    effects: list[Effect]
    heads: Mapping[Pair, int]
    parked: list[tuple[str, str]]
    """Subject and error."""
    skipped: frozenset[str]
    answered: Mapping[str, tuple[int, str]]
    """Status and headers by command key."""


@dataclass(frozen=True)
class World:
    """Topics, databases and what the clients were told."""

    records: list[Record]
    books: Mapping[str, Books]
    story: Mapping[str, int]
    """How often the portal's story has a fact, by id."""
    reservations: list[tuple[str, Any, Any, str]]
    """Person, from, to, kind."""
    commands: list[Command]
    unnoted: frozenset[str] = frozenset()
    """Services that took facts without noting their effects, for a while."""

    forgotten: tuple[tuple[str, float, float], ...] = ()
    """Service, from and to: kept answers of that time are lost, its database was restored."""

    def is_forgotten(self, command: Command) -> bool:
        """Whether its kept answer went with a restore."""
        return any(command.service == of and since <= command.at <= to for of, since, to in self.forgotten)

    @cached_property
    def facts(self) -> list[Fact]:
        """Each fact of the services once, at its first place."""
        return once(self.records)


def name(fact: Fact) -> str:
    """Its type without the version."""
    return str(fact["type"]).rsplit(".", 1)[0]


def once(records: Iterable[Record]) -> list[Fact]:
    """Without repeats, rogue ones left out."""
    seen: dict[str, Fact] = {}
    for record in records:
        if record.fact is not None and record.fact["source"] != ROGUE:
            seen.setdefault(record.fact["id"], record.fact)
    return list(seen.values())


async def read(
    kafka: str,
    databases: Mapping[str, str],
    commands: list[Command],
    unnoted: Iterable[str] = (),
    forgotten: Iterable[tuple[str, float, float]] = (),
) -> World:
    """All of it. `databases` by service."""
    records = [
        Record(each.topic, each.partition, each.offset, each.value or b"", _fact(each.value))
        for each in await read_to_end(kafka)
    ]
    books = {service: await _books(url, CONSUMERS[service]) for service, url in databases.items()}
    return World(
        records, books, await _story(databases["portal"]), await _reservations(databases["instructor-dispatch"]),
        commands, frozenset(unnoted), tuple(forgotten),
    )  # fmt: skip


def _fact(value: bytes | None) -> Fact | None:
    try:
        fact = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return None
    needed = {"id", "source", "subject", "sequence", "type", "data"}
    return fact if isinstance(fact, dict) and fact.keys() >= needed else None


async def _books(url: str, consumer: str) -> Books:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "select seq, sender, subject, sequence, id from effect where consumer = $1", consumer
        )
        heads = await connection.fetch(
            "select sender, subject, sequence from head where consumer = $1", consumer
        )
        answered = await connection.fetch("select key, status, headers::text as headers from answered")
        return Books(
            {str(row["id"]): row["body"] for row in await connection.fetch("select id, body from event")},
            await connection.fetchval("select count(*) from unsent"),
            [Effect(row["seq"], row["sender"], row["subject"], row["sequence"], str(row["id"])) for row in rows],
            {(row["sender"], row["subject"]): row["sequence"] for row in heads},
            [(row["subject"], row["error"]) for row in await connection.fetch("select subject, error from parked")],
            frozenset(str(row["id"]) for row in await connection.fetch("select id from skipped")),
            {row["key"]: (row["status"], row["headers"]) for row in answered},
        )  # fmt: skip
    finally:
        await connection.close()


async def _story(url: str) -> Mapping[str, int]:
    connection = await asyncpg.connect(url)
    try:
        counted: dict[str, int] = defaultdict(int)
        for row in await connection.fetch("select id from story_fact"):
            counted[str(row["id"])] += 1
        return counted
    finally:
        await connection.close()


async def _reservations(url: str) -> list[tuple[str, Any, Any, str]]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "select person_id, lower(during) as starts, upper(during) as ends, kind from reservation "
            "order by person_id, lower(during)"
        )
        return [(str(row["person_id"]), row["starts"], row["ends"], row["kind"]) for row in rows]
    finally:
        await connection.close()
