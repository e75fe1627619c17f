"""One process of a service: HTTP, consumers, relay, timers, health, orderly stop.

def build(settings: Settings) -> Service:
return Service("scheduling", settings=settings, metadata=metadata, migrations="scheduling.migrations",
routers=[orders.routes.router], reactions=[reactions], timers=timers, known=programmes)

run(build, Settings)          # __main__.py: python -m scheduling [serve|migrate|replay]
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline
from faststream.kafka import KafkaBroker
from sqlalchemy import MetaData

from servicekit import clock, effects, faults, operations, telemetry
from servicekit.columns import use_data_key
from servicekit.consumer import WHY_PAUSED, Consumer
from servicekit.db import Transactions, make_engine, passing
from servicekit.ends import Ends
from servicekit.evolution import Evolution
from servicekit.migrate import migrate
from servicekit.opening import Closed, Opening
from servicekit.pool import CpuPool
from servicekit.problems import answer_problems
from servicekit.reactions import Reactions
from servicekit.relay import Relay
from servicekit.runner import Runner
from servicekit.seal.routes import seal_routes
from servicekit.settings import Settings
from servicekit.starts import WrongStart
from servicekit.taking import Taking
from servicekit.timers import Timers
from servicekit.tokens import Issuer, Verifier
from servicekit.web import Measured, Patient, Secure, Server, check_routes

STUCK = 70
"""Exit code of a process whose consumer does nothing though facts wait: start it again."""
LOOK_SECONDS = 5.0
KAFKA_PAUSE = 1.0
NOTE_SECONDS = 3.0


class Service:
    """What a service is made of, and the process around it. `known` reaches every command as `tx.known`;
    `evolution` is needed of whoever says facts (`opening`).
    """

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        metadata: MetaData,
        migrations: str | None,
        routers: Sequence[APIRouter] = (),
        reactions: Sequence[Reactions] = (),
        timers: Timers | None = None,
        known: Any = None,
        evolution: Evolution | None = None,
        during: Sequence[Callable[["Service"], contextlib.AbstractAsyncContextManager[None]]] = (),
    ) -> None:
        telemetry.set_up_logging(name, level=settings.log_level, form=settings.log_format)
        faults.arm(settings.fault)
        if settings.data_key.get_secret_value():
            further = [each for each in settings.further_data_keys.get_secret_value().split(",") if each]
            use_data_key(settings.data_key.get_secret_value(), further)
        for each in reactions if faults.watched() else ():
            effects.note(each)
        self.name = name
        self.settings = settings
        self.metadata = metadata
        self.migrations = migrations
        self.reactions = list(reactions)
        self.timers = timers or Timers(name)
        self.evolution = evolution
        if evolution is not None:
            evolution.check()
        self.log = structlog.get_logger(name)
        self.database = settings.database_of(name)
        self.engine = make_engine(self.database, application=name, connections=settings.database_connections)
        self.transactions = Transactions(self.engine, source=name, zone=settings.local, known=known)
        self.consumers = {each.consumer: Consumer(each, self.transactions, settings) for each in reactions}
        self.topics = Ends(settings)
        self.takings: dict[str, Taking] = {name: each.taking for name, each in self.consumers.items()}
        self.verifier = Verifier(settings.keys) if settings.keys else None
        self.issuer = Issuer.from_file(name, settings.private_key) if settings.private_key else None
        poll = settings.poll_milliseconds / 1000
        self.relay = Relay(
            self.database,
            settings.kafka,
            topic=settings.topic,
            recorded=self.transactions.recorded,
            poll=poll,
        )
        cpu = any(job.cpu_bound for job in self.timers.jobs.values())
        self._pool = CpuPool() if cpu else None
        self.runner = Runner(
            self.timers, self.transactions, poll=poll, workers=settings.job_workers, pool=self._pool
        )
        self._during = list(during)
        self.opening = Opening(self)
        self._broker: KafkaBroker | None = None
        self._working: list[asyncio.Task[None]] = []
        self._looking: list[asyncio.Task[None]] = []
        self._prepared = False
        self.stuck: str | None = None
        self.stop_process: Callable[[], None] = lambda: None
        self.app = self._application(routers)

    def _application(self, routers: Sequence[APIRouter]) -> FastAPI:
        app = FastAPIOffline(
            title=f"Songjiao {self.name}", version="0.1.0", lifespan=self._lifespan, redoc_url=None
        )
        app.state.transactions = self.transactions
        app.state.verifier = self.verifier
        app.state.service = self
        answer_problems(app)
        app.add_middleware(Patient)
        app.add_middleware(Measured)
        app.add_middleware(Closed, opening=self.opening)
        app.add_middleware(Secure)
        app.include_router(operations.health_routes(self))
        app.include_router(operations.operation_routes(self))
        app.include_router(seal_routes(self))
        if self.settings.practice:
            app.include_router(operations.practice_routes(self))
        if "http" in self.settings.does:
            for router in routers:
                check_routes(router)
                app.include_router(router)
        return app

    async def prepare(self) -> None:
        """Tables at their newest version; outside practice mode the clock must stand at the database's."""
        await migrate(self.database, self.migrations)
        async with self.transactions.begin() as tx:
            if faults.watched():
                await tx.driver.execute(effects.TABLE)
            if not self.settings.practice and await clock.offset(tx) != timedelta():
                raise WrongStart(
                    f"the database of {self.name} was practised on, its clock was moved: start in practice mode "
                    "(SONGJIAO_PRACTICE=true, `songjiao up --practice`), or begin anew (`songjiao down --reset`)"
                )
        self._prepared = True

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        if self.settings.migrate_on_start and not self._prepared:
            await self.prepare()
        telemetry.set_up_traces(self.name, self.settings.otlp)
        async with contextlib.AsyncExitStack() as stack:
            for during in self._during:
                await stack.enter_async_context(during(self))
            self.start()
            try:
                yield
            finally:
                await self.stop()

    def start(self) -> None:
        """Begin the work that nobody asks for, closed at first: `opening` says when all of it begins."""
        self.opening.closed = "starting"
        self._looking = [asyncio.create_task(operations.pulse(self)), asyncio.create_task(self._open())]

    async def _open(self) -> None:
        """Relay, consumers and timers, once the tables hold all that the topics know of this service."""
        await self.opening.open()
        does = self.settings.does
        if "relay" in does:
            self._working.append(asyncio.create_task(self.relay.run()))
        if "timers" in does:
            self._working.append(asyncio.create_task(self.runner.run()))
        self._looking.append(asyncio.create_task(self.opening.keep()))
        if "consumers" in does and self.consumers:
            self._looking += [asyncio.create_task(self._consume()), asyncio.create_task(self._watch())]

    async def stop(self) -> None:
        """Orderly: no new facts, finish what is in hand, send what is committed, close the pools last."""
        limit = self.settings.graceful_seconds
        for consumer in self.consumers.values():
            consumer.stop()
        self.runner.stop()
        for task in self._looking:
            task.cancel()
        if self._broker is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._broker.stop(), limit + 5)
        self.relay.stop()
        if self._working:
            await asyncio.wait(self._working, timeout=limit)
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, *self._looking, return_exceptions=True)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.opening.note(), NOTE_SECONDS)
        with contextlib.suppress(Exception):
            await self.topics.stop()
        if self._pool is not None:
            self._pool.stop()
        await self.engine.dispose()

    async def _consume(self) -> None:
        """Start the consumers as soon as Kafka answers; after that they mend themselves."""
        while True:
            broker = KafkaBroker(
                self.settings.kafka.split(","),
                graceful_timeout=self.settings.graceful_seconds,
                allow_auto_create_topics=False,
                client_id=self.name,
                logger=logging.getLogger("faststream"),
            )
            for consumer in self.consumers.values():
                consumer.listen(broker)
            try:
                await broker.start()
            except Exception as error:  # noqa: BLE001  not there yet
                self.log.warning("Kafka does not answer", error=repr(error))
                with contextlib.suppress(Exception):
                    await broker.stop()
                await asyncio.sleep(KAFKA_PAUSE)
            else:
                self._broker = broker
                return

    async def _watch(self) -> None:
        """A consumer whose facts wait for a minute without an attempt, or without partitions, is stuck."""
        limit = self.settings.watchdog_seconds
        assigned = dict.fromkeys(self.consumers, time.monotonic())
        empty = dict(assigned)
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, limit / 4))
            if self._broker is None:
                assigned = dict.fromkeys(self.consumers, time.monotonic())
                continue
            for name, consumer in self.consumers.items():
                lag = await consumer.lag(self.topics)
                if consumer.assignment():
                    assigned[name] = time.monotonic()
                if not lag:
                    empty[name] = time.monotonic()
                # from when there was something to take: whoever had nothing to do for long is not stuck
                idle = time.monotonic() - max(consumer.last_attempt, empty[name])
                if lag and idle > limit:
                    self.give_up(f"{name}: {lag} facts wait, no attempt for {idle:.0f} s")
                unassigned = time.monotonic() - assigned[name]
                if unassigned > limit and await self._broker.ping(5):
                    self.give_up(f"{name}: Kafka answers, but no partition for {unassigned:.0f} s")

    def give_up(self, reason: str) -> None:
        """End the process, to be started again."""
        self.log.critical("stuck, the process ends", because=reason)
        self.stuck = reason
        self.stop_process()

    async def lag(self) -> dict[str, int | None]:
        """Facts not yet taken, per consumer; nothing while Kafka is away or no partition is ours."""
        return {name: await consumer.lag(self.topics) for name, consumer in self.consumers.items()}

    async def not_ready(self) -> list[str]:
        """Why requests should not come here; empty when they should."""
        reasons: list[str] = []
        try:
            async with asyncio.timeout(3), self.transactions.begin() as tx:
                await tx.driver.fetchval("select 1")
        except Exception as error:  # noqa: BLE001  whatever it is, it is the reason
            reasons.append(f"database: {type(error).__name__}" + ("" if passing(error) else f" {error}"))
        if self.opening.closed is not None:
            reasons.append(self.opening.closed)
        elif "consumers" in self.settings.does and self.consumers:
            if self._broker is None:
                reasons.append("kafka: does not answer")
            paused = {each.name: each.paused for each in self.consumers.values() if each.paused}
            reasons += [f"{name}: {WHY_PAUSED.get(why, f'paused, {why}')}" for name, why in paused.items()]
        if self.stuck:
            reasons.append(self.stuck)
        return reasons

    async def serve(self) -> int:
        """Run until SIGTERM or SIGINT; the exit code. `WrongStart` when it cannot be started like this."""
        if self.settings.migrate_on_start:
            try:
                await self.prepare()
            except WrongStart:
                raise
            except Exception as error:
                self.log.critical("cannot start", exc_info=error)
                return 1
        server = Server.of(self.app, self.settings)
        self.stop_process = server.stop_when_told()
        await server.serve_as(self.settings)
        if self.stuck:
            return STUCK
        return 0 if server.started else 1
