"""What ours and the bare parts have in common: the same tables, the same command, the same way to look at a count."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import httpx

LOOK_SECONDS = 0.001
DAY = date(2026, 5, 6)
REQUEST = hashlib.sha256(b"bench").digest()
SENDER, READER = "order-intake", "scheduling"
SENDER_TABLES = "create table step (order_id uuid primary key, steps integer not null)"
READER_TABLES = (
    "create table effect (n bigint generated always as identity primary key, order_id text not null, "
    "sequence integer not null, fact_id uuid not null)"
)
KEPT = (
    "create table kept (id uuid primary key, source text not null, subject text not null, sequence int not null, "
    "type text not null, data json not null)"
)


async def reached(counted: Callable[[], float], goal: float) -> float:
    """The moment the count reached the goal."""
    while counted() < goal:  # noqa: ASYNC110  the product's own counters: nobody tells of their change
        await asyncio.sleep(LOOK_SECONDS)
    return time.monotonic()


async def answers(port: int) -> None:
    """Wait until it lets commands in: a service starts closed."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        while True:
            with suppress(httpx.TransportError):
                if (await client.get("/ready")).status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return
            await asyncio.sleep(0.02)
