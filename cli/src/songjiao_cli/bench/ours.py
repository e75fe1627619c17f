"""The product's own parts, each alone in its process: relay, consumer, commands, HTTP."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from servicekit import http, memory, telemetry
from servicekit.identity import Actor
from servicekit.service import Service
from servicekit.settings import Settings
from songjiao_cli.bench import services
from songjiao_cli.bench.shared import DAY, READER, REQUEST, SENDER, answers, reached
from songjiao_cli.bench.talk import Talk


def settings_of(told: dict[str, Any], *does: str) -> Settings:
    """As the environment would tell them."""
    given: dict[str, Any] = {
        "kafka": told["kafka"], "topic_prefix": told.get("prefix", ""), "does": does, "log_level": "WARNING",
        "port": told.get("port", 0), "keys": Path(told["keys"]) if "keys" in told else None,
        "practice": False,
    }  # fmt: skip
    return Settings(**given)


@asynccontextmanager
async def service_at(
    build: Callable[[Settings], Service], name: str, told: dict[str, Any], *does: str
) -> AsyncIterator[Service]:
    """The service on its database, made ready; nothing runs yet."""
    os.environ[f"SONGJIAO_DATABASE_{name.replace('-', '_').upper()}"] = told["database"]
    service = build(settings_of(told, *does))
    memory.settle()
    await service.prepare()
    try:
        yield service
    finally:
        await service.stop()


async def relay(talk: Talk, told: dict[str, Any]) -> None:
    """Sends what is unsent: from the lock in hand to the last acknowledgement."""
    async with service_at(services.sender, SENDER, told, "relay") as service:
        talk.say(ready=True)
        while (word := await talk.heard()) is not None:
            service.start()
            began = await reached(lambda: service.relay.working, goal=1)
            if "facts" in word:
                ended = await reached(telemetry.RELAY_SENT._value.get, word["facts"])  # noqa: SLF001
                talk.say(began=began, ended=ended)
            else:
                talk.say(working=True)


def _taken() -> float:
    counts = (telemetry.FACTS.labels(READER, word) for word in ("applied", "passed_over"))
    return float(sum(each._value.get() for each in counts))  # noqa: SLF001


async def consumer(talk: Talk, told: dict[str, Any]) -> None:
    """Takes facts: from the partitions in hand to the last commit."""
    async with service_at(services.reader, READER, told, "consumers") as service:
        talk.say(ready=True)
        service.start()
        own = service.consumers[READER]
        began = await reached(lambda: len(own.assignment()), goal=1)
        goal = 0
        while (word := await talk.heard()) is not None:
            if "facts" not in word:
                talk.say(began=began)
                continue
            goal += word["facts"]
            talk.say(began=began, ended=await reached(_taken, goal))


async def writer(talk: Talk, told: dict[str, Any]) -> None:
    """The command path without HTTP: key, lock, state, fact, answer, commit; so many writers at once."""
    async with service_at(services.sender, SENDER, told) as service:
        orders = [UUID(order) for order in told["orders"]]
        actor = Actor("u-1", frozenset({"union"}))
        await asyncio.gather(*(_look(service) for _ in range(told["writers"])))
        talk.say(ready=True)
        while (word := await talk.heard()) is not None:
            began = time.monotonic()
            each = word["commands"] // told["writers"]

            async def work(at: int) -> None:
                for n in range(each):  # noqa: B023
                    await _command(service, orders[(at + n * told["writers"]) % len(orders)], actor)

            await asyncio.gather(*map(work, range(told["writers"])))
            talk.say(began=began, ended=time.monotonic(), commands=each * told["writers"])


async def _look(service: Service) -> None:
    """Open a connection of the pool and keep it until all are open."""
    async with service.transactions.begin() as tx:
        await tx.driver.fetchval("select pg_sleep(0.2)")


async def _command(service: Service, order: UUID, actor: Actor) -> None:
    key = str(uuid4())
    async with service.transactions.begin() as tx:
        tx.correlation = key
        if await tx.driver.fetchrow(http.GIVEN, actor.user, key) is None:
            steps = await services.take_step(tx, order, DAY, actor)
            body = b'{"steps":%d}' % steps
            await tx.said.write_with_answer(tx.driver, actor.user, key, REQUEST, 201, "{}", body)


async def serve(talk: Talk, told: dict[str, Any]) -> None:
    """The service as a process serves it."""
    os.environ["SONGJIAO_DATABASE_ORDER_INTAKE"] = told["database"]
    service = services.sender(settings_of(told, *told["does"]))
    memory.settle()
    serving = asyncio.create_task(service.serve())
    await answers(told["port"])
    talk.say(ready=True)
    while await talk.heard() is not None:
        talk.say(serving=True)
    service.stop_process()
    await serving
