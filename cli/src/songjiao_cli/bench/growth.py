"""What one order leaves behind: rows and bytes of every table and topic, and what many orders need of it."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from rich.console import Console

from servicekit.from_beginning import read_to_end
from songjiao_cli.bench.work import Say
from songjiao_cli.installation import SERVICES
from songjiao_cli.season.play import play
from songjiao_cli.season.script import read
from songjiao_cli.shown import SeasonProgress as Progress
from songjiao_cli.system import System

TABLES = """
select c.relname as name, pg_total_relation_size(c.oid) as bytes, pg_indexes_size(c.oid) as index_bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = 'public' order by c.relname"""


@dataclass(frozen=True)
class Grown:
    """A table or topic after a season."""

    place: str
    name: str
    rows: int
    bytes: int

    def per_order(self, orders: int) -> tuple[float, float]:
        """Rows and bytes."""
        return self.rows / orders, self.bytes / orders


@dataclass(frozen=True)
class Growth:
    """All of it."""

    orders: int
    facts: int
    tables: tuple[Grown, ...]
    topics: tuple[Grown, ...]

    @property
    def database_bytes(self) -> float:
        """An order, all databases."""
        return sum(each.bytes for each in self.tables) / self.orders

    @property
    def topic_bytes(self) -> float:
        """An order, all topics, one replica."""
        return sum(each.bytes for each in self.topics) / self.orders

    def told(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


async def tables(server: str) -> tuple[Grown, ...]:
    """Every table of every service's database."""
    found: list[Grown] = []
    for service in SERVICES:
        connection = await asyncpg.connect(_url(server, service), command_timeout=None)
        try:
            await connection.execute("vacuum full")  # what the season's updates have left is no growth
            for row in await connection.fetch(TABLES):
                rows = await connection.fetchval(f'select count(*) from "{row["name"]}"')  # noqa: S608
                if rows:
                    found.append(Grown(service, row["name"], rows, row["bytes"]))
        finally:
            await connection.close()
    return tuple(found)


def topics(data: Path, records: Mapping[str, int]) -> tuple[Grown, ...]:
    """The log segments of every topic, as they lie on the broker's disk."""
    return tuple(
        Grown("kafka", topic, count, sum(_segments(data, topic))) for topic, count in sorted(records.items())
    )


def _segments(data: Path, topic: str) -> Iterator[int]:
    for folder in data.glob(f"{topic}-[0-9]*"):
        yield from (file.stat().st_size for file in folder.glob("*.log"))


def _url(server: str, service: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{service.replace('-', '_')}"))


def after_a_season(programmes: Path, say: Say) -> Growth:
    """Play the season on a system of its own that leaves nothing, and look at what it has stored."""
    script = read(programmes / "seasons" / "send-teachers-home.yaml")
    with tempfile.TemporaryDirectory(prefix="songjiao-growth-") as folder:
        system = System(Path(folder), programmes=programmes, practice=True, ephemeral=True, say=say)
        try:
            system.start()
            with Progress(Console(stderr=True)) as progress:
                asyncio.run(play(system, script, programmes, scale=1, seed=1, progress=progress))
            return asyncio.run(_looked(system))
        finally:
            system.stop()


async def _looked(system: System) -> Growth:
    assert system.addresses is not None
    records = await read_to_end(system.addresses.kafka)
    grown = await tables(system.addresses.database)
    orders = next(each.rows for each in grown if each.name == "order_card")
    counted = Counter(record.topic for record in records)
    return Growth(orders, len(records), grown, topics(system.kafka_data, counted))
