"""Kafka and PostgreSQL killed, stopped, frozen."""

import asyncio
import os
import signal
from contextlib import suppress

import httpx

from songjiao_cli.chaos.faults import fault
from songjiao_cli.chaos.siege import Siege

FROZEN_SECONDS = (11.0, 16.0)
AWAY_SECONDS = (1.0, 3.0)
CAUGHT_UP_SECONDS = 15.0


@fault("broker killed", row=5)
async def kill_the_broker(siege: Siege) -> bool:
    """Kill -9 under load; commands go on being answered; begun again it has everything."""
    return await _broker_away(siege, signal.SIGKILL)


@fault("broker stopped", row=5)
async def stop_the_broker(siege: Siege) -> bool:
    """SIGTERM under load."""
    return await _broker_away(siege, signal.SIGTERM)


async def _broker_away(siege: Siege, number: int) -> bool:
    kafka = siege.system.servers.kafka
    pid = kafka.pid()
    assert pid is not None
    os.kill(pid, number)
    await siege.until(lambda: _away(kafka), 30)
    before = siege.answered()
    await asyncio.sleep(siege.draw.uniform(*AWAY_SECONDS))
    siege.check(holds=siege.answered() > before, told="no command was answered while the broker was away")
    await asyncio.to_thread(kafka.start)
    await _caught_up(siege)
    siege.seen.append(f"broker away by {signal.Signals(number).name}")
    return True


async def _caught_up(siege: Siege) -> None:
    """The broker is back: what waited is sent and taken soon."""
    after = await siege.caught_up(CAUGHT_UP_SECONDS)
    siege.check(
        holds=after is not None,
        told=f"facts are unsent or untaken {CAUGHT_UP_SECONDS:.0f} s after the broker's return",
    )


async def _away(server: object) -> bool:
    return server.pid() is None  # type: ignore[attr-defined]


@fault("broker frozen", row=5)
async def freeze_the_broker(siege: Siege) -> bool:
    """Longer than the members' session."""
    pid = siege.system.servers.kafka.pid()
    assert pid is not None
    before = siege.answered()
    os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(siege.draw.uniform(*FROZEN_SECONDS))
    os.kill(pid, signal.SIGCONT)
    siege.check(holds=siege.answered() > before, told="no command was answered while the broker was frozen")
    await _caught_up(siege)
    siege.seen.append("broker frozen")
    return True


@fault("database killed", row=6, quick=True)
async def kill_the_database(siege: Siege) -> bool:
    """Kill -9 of the postmaster: services are not ready, but alive; commands fail cleanly; nothing is parked."""
    database = siege.system.servers.database
    pid = database.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await siege.until(lambda: _away(database), 10)
    await asyncio.sleep(siege.draw.uniform(*AWAY_SECONDS))
    await _not_ready_but_alive(siege)
    await asyncio.to_thread(database.start)
    siege.seen.append("database killed")
    return True


async def _not_ready_but_alive(siege: Siege) -> None:
    async with httpx.AsyncClient(timeout=10) as client:
        for service, url in siege.system.urls.items():
            with suppress(httpx.TransportError):  # another fault may have ended it
                live, ready = await client.get(f"{url}/live"), await client.get(f"{url}/ready")
                siege.check(
                    holds=(live.status_code, ready.status_code) == (200, 503),
                    told=f"{service} without a database: live {live.status_code}, ready {ready.status_code}",
                )


@fault("database stopped", row=6)
async def stop_the_database(siege: Siege) -> bool:
    """A restart in order, under load."""
    database = siege.system.servers.database
    await asyncio.to_thread(database.stop)
    await asyncio.sleep(siege.draw.uniform(*AWAY_SECONDS))
    await asyncio.to_thread(database.start)
    siege.seen.append("database restarted")
    return True


@fault("database frozen", row=6)
async def freeze_the_database(siege: Siege) -> bool:
    """Every process of the server stands still for some seconds."""
    pids = siege.backends()
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(siege.draw.uniform(3, 8))
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    siege.seen.append(f"database frozen ({len(pids)} processes)")
    return True
