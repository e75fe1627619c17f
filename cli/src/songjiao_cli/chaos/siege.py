"""What a fault has in its hands, and the waiting for calm after it."""

import asyncio
import random
import subprocess
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka.errors import KafkaError

from songjiao_cli.api import Api, NoAnswer, Refusal
from songjiao_cli.chaos.besieged import Besieged
from songjiao_cli.chaos.clients import work
from songjiao_cli.chaos.desk import Desk
from songjiao_cli.chaos.groups import untaken
from songjiao_cli.chaos.house import Clock, House
from songjiao_cli.installation import SERVICES

CALM_SECONDS = 120.0
MOST_LOAD_SECONDS = 300.0
PAUSE = 0.1
HOLDERS = """
select {what} from pg_locks l join pg_database d on d.oid = l.database
where l.locktype = 'advisory' and l.granted and l.classid = 1397703233 and l.objid = 1
  and l.objsubid = 2 and d.datname = current_database()"""
CUT, COUNT = HOLDERS.format(what="pg_terminate_backend(l.pid)"), HOLDERS.format(what="count(*)")


def children(pid: int) -> list[int]:
    """The process and those it has begun."""
    tasks = Path(f"/proc/{pid}/task")
    found = [pid]
    for file in tasks.glob("*/children"):
        with suppress(OSError):
            found += [int(each) for each in file.read_text().split()]
    return found


def parked_by_outage(waiting: list[tuple[str, dict[str, Any]]], spoilt: set[str]) -> list[str]:
    """What waits for a person though nothing was wrong with it: an outage parks nothing."""
    return [
        f"{service} has parked {each['subject']}, which no fault has spoilt: {each['reason']}, {each['error'][:160]}"
        for service, each in waiting
        if each["subject"] not in spoilt
    ]


class Unmended(Exception):  # noqa: N818  a finding, said to a person
    """A system that was left in peace does not become whole again; the message says what it does."""


@dataclass
class Siege:
    """One system under siege, in one round."""

    system: Besieged
    house: House
    desk: Desk
    clock: Clock
    api: Api
    draw: random.Random
    seen: list[str] = field(default_factory=list)
    """What became of the faults, for the proof."""
    found: list[str] = field(default_factory=list)
    """What a fault itself found wrong."""
    spoilt: set[str] = field(default_factory=set)
    """Subjects that a fault has made wait for a person. Nothing else may be parked."""
    _load: asyncio.Task[None] | None = None

    def begin_load(self) -> None:
        """The clients work from now on."""
        self._load = asyncio.create_task(work(self.desk, MOST_LOAD_SECONDS))

    async def end_load(self) -> None:
        """No new commands; every one that was given has ended, answered or not."""
        self.desk.until = 0
        if self._load is not None:
            await self._load

    def some_order(self) -> str | None:
        """The id of an order under way."""
        living = [each.order_id for each in self.desk.orders if each.order_id and not each.ended]
        return self.draw.choice(living) if living else None

    def check(self, *, holds: bool, told: str) -> None:
        """Something that must be so; a finding when it is not."""
        if not holds:
            self.found.append(told)

    async def until(self, condition: Callable[[], Awaitable[Any]], seconds: float) -> bool:
        """Whether it came true in time; who does not answer has not said yes."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with suppress(NoAnswer, Refusal, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                if await condition():
                    return True
            await asyncio.sleep(PAUSE)
        return False

    async def said_not_now(self, before: int) -> bool:
        """Whether commands are put off by now."""
        return self.desk.answers.not_now > before

    async def two_offers(self) -> list[dict[str, Any]] | None:
        """Two offers to one college that wait for its answer, for two orders."""
        offers = await self.desk.ask(self.house.coordinator, "instructor-dispatch", "/offers", state="open")
        by_college: dict[str, dict[str, dict[str, Any]]] = {}
        for each in (each for each in offers or [] if each["state"] == "offered"):
            by_college.setdefault(each["college_id"], {})[each["order_id"]] = each
        several = [list(each.values()) for each in by_college.values() if len(each) > 1]
        return self.draw.sample(self.draw.choice(several), 2) if several else None

    async def accept(self, offers: list[dict[str, Any]]) -> None:
        """Their college takes them, in one command."""
        office = self.house.offices[offers[0]["college_id"]]
        body = {"assignment_ids": [each["assignment_id"] for each in offers]}
        await self.desk.say(office, "POST", "instructor-dispatch", "/offers/accept", json=body)

    async def caught_up(self, seconds: float) -> float | None:
        """No new commands, and nothing unsent or untaken: after how many seconds; nothing when it takes longer."""
        await self.end_load()
        began = time.monotonic()
        rests = await self.until(self._at_rest, seconds)
        self.begin_load()
        return time.monotonic() - began if rests else None

    async def _at_rest(self) -> bool:
        told = await self._quiet()
        return bool(told) and not any(each["unsent"] for each in told) and await self._all_taken()

    def answered(self) -> int:
        """How many commands were answered so far."""
        return sum(each.answered for each in self.desk.answers.commands)

    async def taken(self, file: Path) -> bool:
        """Whether a process has passed the point that this file stood for."""
        return not file.exists()  # noqa: ASYNC240  a look at one name

    async def gone(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it has ended."""
        return process.poll() is not None

    async def waits(self, service: str, subject: str) -> bool:
        """Whether the subject is parked there."""
        told = await self.api.call(self.house.admin, "GET", service, "/parked")
        return any(each["subject"] == subject for each in told)

    def backends(self) -> list[int]:
        """The database server's processes."""
        main = self.system.servers.database.pid()
        return [] if main is None else children(main)

    async def cut_relay(self, service: str) -> None:
        """End the connection that holds the relay's lock."""
        await self.sql(service, CUT)

    async def relay_works(self, service: str) -> bool:
        """Somebody holds the relay's lock."""
        return bool(await self.sql(service, COUNT))

    async def sql(self, service: str, statement: str, *values: Any) -> Any:
        """One value from a service's database."""
        connection = await asyncpg.connect(self.system.database_url(service))
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()

    async def operations(self, service: str) -> dict[str, Any]:
        """What the service says about its work."""
        answer: dict[str, Any] = await self.api.call(self.house.admin, "GET", service, "/operations")
        return answer

    async def calm(self) -> float:
        """Wait until nothing is under way anywhere; after how many seconds that was. `Unmended` when it stays."""
        began = time.monotonic()
        before: list[Any] = []
        while True:
            now = await self._quiet()
            still = now == before and all(each["quiet"] and not each["failing"] for each in now)
            if now and still and await self._all_taken():
                return time.monotonic() - began
            if time.monotonic() - began > CALM_SECONDS:
                raise Unmended(f"not quiet after {CALM_SECONDS:.0f} s: {now}")
            before = now
            await asyncio.sleep(PAUSE)

    async def _all_taken(self) -> bool:
        with suppress(KafkaError, OSError):
            return await untaken(self.system.where.kafka) == 0
        return False

    async def _quiet(self) -> list[Any]:
        with suppress(NoAnswer, Refusal):
            return await self.house.conductor.ask()
        return []

    async def parked(self) -> list[tuple[str, dict[str, Any]]]:
        """Every subject that waits for a person, with its service."""
        return [
            (service, each)
            for service in SERVICES
            for each in await self.api.call(self.house.admin, "GET", service, "/parked")
        ]

    async def replay(self, service: str, each: dict[str, Any]) -> Any:
        """Apply a subject's parked facts."""
        path = f"/parked/{each['consumer']}/{each['subject']}/replay"
        return await self.api.call(self.house.admin, "POST", service, path)

    async def skip(self, service: str, each: dict[str, Any]) -> Any:
        """Do without the first parked fact of a subject."""
        path = f"/parked/{each['consumer']}/{each['subject']}/skip"
        body = {"id": each["id"], "reason": "a rogue record of the chaos test"}
        return await self.api.call(self.house.admin, "POST", service, path, json=body)

    async def mend_parked(self) -> None:
        """As the person at the parking desk would: our handlers' bugs are mended now, rogue records are left out."""
        for turn in range(20):
            waiting = await self.parked()
            if turn == 0:
                self.found += parked_by_outage(waiting, self.spoilt)
            if not waiting:
                return
            for service, each in waiting:
                with suppress(Refusal):  # somebody was quicker
                    left = await self.replay(service, each)
                    if left["left"] and left["first"]["id"] == str(each["id"]):
                        await self.skip(service, each)
        self.found.append(f"parked for good: {waiting}")
