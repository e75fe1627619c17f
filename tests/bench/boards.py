"""How fast a board is folded: `.venv/bin/python tests/bench/boards.py [facts] [orders]`, on a server of its own.

Facts of many orders, one after another as on a busy day, go the consumer's real path without Kafka, in chunks of
500: heads, folds of the portal's order cards and of a small board, rows. Best of three, a fresh database each.
On a machine that does other things too, look at the second figure.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

sys.path.insert(0, str(Path(__file__).parents[2] / "libs/servicekit/tests"))

from kit_house import reader

from contracts.base import Fact
from contracts.examples import EXAMPLES
from contracts.order_intake import OrderStarted, OrderSubmitted
from contracts.scheduling import SessionScheduled
from portal.boards import progress  # the folds of sessions
from servicekit.local import LocalServers
from servicekit.reactions import Reactions
from servicekit.service import Service
from servicekit.testing import service_on
from servicekit.testing_servers import database_url

CHUNK = 500


def small(settings: reader.Settings) -> Service:
    boards = Reactions("small", records_facts=False, boards=[reader.board])
    return Service(
        "scheduling", settings=settings, metadata=reader.metadata, migrations="kit_house.reader_migrations",
        reactions=[boards],
    )  # fmt: skip


def cards(settings: reader.Settings) -> Service:
    from portal.metadata import metadata

    boards = Reactions("cards", records_facts=False, boards=[progress.board])
    return Service(
        "portal", settings=settings, metadata=metadata, migrations="portal.migrations", reactions=[boards]
    )


def started(order: UUID, turn: int) -> Fact:
    return OrderStarted(order_id=order, started_on="2026-05-06")


def story(order: UUID, turn: int) -> Fact:
    """Submitted first, then its sessions one after the other."""
    fact = SessionScheduled if turn else OrderSubmitted
    example = json.loads((EXAMPLES / f"{fact.type}.json").read_text(encoding="utf-8"))
    return fact.model_validate(example | {"order_id": order, "session_id": UUID(int=turn)})


async def seconds(server: str, build, fact, facts: int, orders: int) -> tuple[float, float]:
    name = f"bench_{uuid4().hex[:8]}"
    system = await asyncpg.connect(database_url(server, "postgres"))
    await system.execute(f"create database {name}")
    try:
        async with service_on(database_url(server, name), build, reader.Settings) as service:
            ids = [uuid4() for _ in range(orders)]
            said = [service.envelope(fact(ids[n % orders], n // orders)) for n in range(facts)]
            records = [(each.subject.encode(), each.to_bytes()) for each in said]
            began, worked = time.perf_counter(), time.process_time()
            for at in range(0, facts, CHUNK):
                await service.deliver_raw(records[at : at + CHUNK])
            return time.perf_counter() - began, time.process_time() - worked
    finally:
        await system.execute(f"drop database {name} with (force)")
        await system.close()


async def main(server: str, facts: int, orders: int) -> None:
    for word, build, fact in (("a small board", small, started), ("order cards", cards, story)):
        best, own = min([await seconds(server, build, fact, facts, orders) for _ in range(3)])
        print(
            f"{word}: {facts} facts of {orders} orders, {facts / best:,.0f} facts/s,"
            f" {facts / own:,.0f} a second of this process's own time"
        )


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]] + [20_000, 2_000][len(sys.argv) - 1 :]
    if server := os.environ.get("TEST_DATABASE_URL"):
        asyncio.run(main(server, *given))
    else:
        with LocalServers(ephemeral=True) as addresses:
            asyncio.run(main(addresses.database, *given))
