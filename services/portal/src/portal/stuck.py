"""What a service cannot digest and a person must mend, and long work that it tries again by itself.

Asked of every service each two seconds, kept nowhere: neither parking nor a process that died is part of an
order's story: the portal only looks, and shows it to those who see every order.
"""

import asyncio
import contextlib
import shlex
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import structlog
from pydantic import TypeAdapter

from portal.live import Live, Signal
from servicekit import parking
from servicekit.clock import real_now
from servicekit.parking import ParkedSubject
from servicekit.trying import Trying

if TYPE_CHECKING:
    from servicekit.service import Service

EACH = 2.0
SECONDS = 5.0
_PARKED: TypeAdapter[list[ParkedSubject]] = TypeAdapter(list[ParkedSubject])
_TRYING: TypeAdapter[list[Trying]] = TypeAdapter(list[Trying])
TriesOf = Callable[[UUID], Sequence[Trying]]
"""Long work of an order that is tried again."""
log = structlog.get_logger("stuck")


@dataclass(frozen=True, slots=True)
class Stuck:
    """A subject that waits at a service, by its first fact."""

    service: str
    consumer: str
    subject: str
    fact: UUID
    facts: int
    since: datetime
    error: str

    @property
    def waits(self) -> timedelta:
        """How long it waits by the machine's clock, which parking goes by whatever the season's clock says."""
        return real_now() - self.since

    @property
    def show(self) -> str:
        """The command that shows the fact and its error whole."""
        return f"songjiao parked show {self.service} {self.fact}"

    @property
    def replay(self) -> str:
        """The command that goes on, once the cause is mended."""
        return f"songjiao parked replay {self.service} {self.consumer} {shlex.quote(self.subject)}"


class Watch:
    """What is parked now, as far as the services answer; of one that does not, what it said last."""

    def __init__(
        self, neighbours: Sequence[str], url_of: Callable[[str], str], token: Callable[[], str], live: Live
    ) -> None:
        self._neighbours = neighbours
        self._url_of = url_of
        self._token = token
        self._live = live
        self._found: dict[str, tuple[Stuck, ...]] = {}
        self._tries: dict[str, tuple[Trying, ...]] = {}

    def of(self, subject: UUID | str) -> tuple[Stuck, ...]:
        """Where this order, or another subject, waits."""
        return tuple(one for one in self.everything if one.subject == str(subject))

    def tries_of(self, subject: UUID | str) -> tuple[Trying, ...]:
        """Long work of this order that was tried in vain and is tried again."""
        return tuple(one for some in self._tries.values() for one in some if one.subject == str(subject))

    @property
    def everything(self) -> tuple[Stuck, ...]:
        """All of it, the longest first."""
        return tuple(
            sorted((one for some in self._found.values() for one in some), key=lambda one: one.since)
        )

    @asynccontextmanager
    async def watching(self, service: "Service") -> AsyncIterator[None]:
        """Look for as long as the service lives."""
        task = asyncio.create_task(self._watch(service))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self, service: "Service") -> None:
        """Each by itself: who hangs holds up nobody else's word."""
        async with httpx.AsyncClient(timeout=SECONDS) as client, asyncio.TaskGroup() as all_:
            for name in (service.name, *self._neighbours):
                all_.create_task(self._watch_one(service, client, name))

    async def _watch_one(self, service: "Service", client: httpx.AsyncClient, name: str) -> None:
        while True:
            await self.look_at(service, client, name)
            await self.look_at_work_of(client, name)
            await asyncio.sleep(EACH)

    async def look_at(self, service: "Service", client: httpx.AsyncClient, name: str) -> None:
        """Ask one of them once; open pages are told when something is different."""
        try:
            waiting = await (self._own(service) if name == service.name else self._of(client, name))
        except Exception as error:  # noqa: BLE001  whatever it was: its last word stands
            log.debug("does not say what is parked", asked=name, because=repr(error))
            return
        before = self._found.get(name, ())
        self._found[name] = tuple(_stuck(name, one) for one in waiting)
        if _what(self._found[name]) != _what(before):
            self._live.tell(Signal())

    async def look_at_work_of(self, client: httpx.AsyncClient, name: str) -> None:
        """Ask one of the neighbours what it tries again; open pages are told when something is different."""
        if name not in self._neighbours:
            return
        try:
            tries = tuple(_TRYING.validate_json(await self._read(client, f"{self._url_of(name)}/trying")))
        except Exception as error:  # noqa: BLE001  whatever it was: its last word stands
            log.debug("does not say what it tries again", asked=name, because=repr(error))
            return
        before, self._tries[name] = self._tries.get(name, ()), tries
        if [(one.key, one.attempt) for one in tries] != [(one.key, one.attempt) for one in before]:
            self._live.tell(Signal())

    async def _own(self, service: "Service") -> list[ParkedSubject]:
        async with service.transactions.begin() as tx:
            return await parking.waiting(tx)

    async def _of(self, client: httpx.AsyncClient, name: str) -> list[ParkedSubject]:
        return _PARKED.validate_json(await self._read(client, f"{self._url_of(name)}/parked"))

    async def _read(self, client: httpx.AsyncClient, url: str) -> bytes:
        answer = await client.get(url, headers={"Authorization": f"Bearer {self._token()}"})
        answer.raise_for_status()
        return answer.content


def _stuck(service: str, one: ParkedSubject) -> Stuck:
    return Stuck(service, one.consumer, one.subject, one.id, one.facts, one.since, one.error)


def _what(found: Sequence[Stuck]) -> set[Any]:
    return {(one.consumer, one.subject, one.fact) for one in found}
