"""A database from before, with Kafka ahead of it."""

import asyncio
import time

import asyncpg

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege
from songjiao_cli.installation import PACKAGES, SPEAKERS

WORK_SECONDS = (2.0, 4.0)


@fault("a service's database restored, Kafka ahead of it", row=19)
async def restore_a_database(siege: Siege) -> bool:
    """Copied, worked on, stopped in order, exchanged for the copy: the service reads what it lacks, then opens."""
    service = siege.draw.choice(SPEAKERS)
    await siege.end_load()
    await siege.system.down(service)
    copied = time.time()
    await _on_server(siege, "create database {before} template {now}", service)
    await siege.system.up(service)
    siege.begin_load()
    await asyncio.sleep(siege.draw.uniform(*WORK_SECONDS))
    await siege.end_load()
    await siege.system.down(service)
    await _on_server(siege, "drop database {now} with (force)", service)
    await _on_server(siege, "alter database {before} rename to {now}", service)
    siege.desk.answers.forget(service, copied)
    await siege.system.up(service)
    siege.begin_load()
    siege.seen.append(f"{service} restored from before, Kafka ahead")
    return True


async def _on_server(siege: Siege, statement: str, service: str) -> None:
    now = PACKAGES[service]
    connection = await asyncpg.connect(f"{siege.system.where.database.rstrip('/')}/postgres")
    try:
        others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"
        await connection.execute(others, now)
        await connection.execute(statement.format(now=now, before=f"{now}_before"))
    finally:
        await connection.close()
