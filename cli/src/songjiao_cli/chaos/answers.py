"""What the clients asked and what they were told: the book that the facts are compared with."""

import asyncio
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
from uuid_utils import uuid7

from songjiao_cli.api import Person

PAUSE_SECONDS = 0.15
ASK_SECONDS = 15.0
REPEATED = 0.12
"""Share of answered commands that are sent a second time with the same key."""


@dataclass
class Command:
    """One command with its key. `status` is nothing as long as nobody has answered it."""

    key: str
    service: str
    what: str
    user: str
    at: float
    tries: int = 0
    status: int | None = None
    positions: tuple[str, ...] = ()
    body: bytes = b""
    differs: str = ""
    """How a repeat was answered otherwise than the first time; nothing when all answers were the same."""
    broke: str = ""
    """An answer that is neither yes nor no nor "not now" (503): a handler that fell over."""

    @property
    def wrong(self) -> list[str]:
        """What is wrong with its answers by themselves."""
        differs = [f"the same key was answered {self.differs}"] if self.differs else []
        return differs + ([f"broke with {self.broke}"] if self.broke else [])

    @property
    def subjects(self) -> set[str]:
        """What its facts are about."""
        return {each.split("/")[1] for each in self.positions}

    @property
    def answered(self) -> bool:
        """Somebody said yes or no."""
        return self.status is not None

    @property
    def done(self) -> bool:
        """It was said to be done."""
        return self.status is not None and self.status < httpx.codes.BAD_REQUEST


@dataclass
class Answers:
    """All commands of one system, and the way to give one."""

    urls: dict[str, str]
    draw: random.Random
    commands: list[Command] = field(default_factory=list)
    unanswered: dict[str, tuple[Command, Person, dict[str, Any]]] = field(default_factory=dict)
    forgotten: list[tuple[str, float, float]] = field(default_factory=list)
    """Service, from and to (seconds): answers kept in that time are lost, its database was restored."""
    not_now: int = 0
    """Tries that nobody answered, or that were answered "not now"."""
    milliseconds: list[float] = field(default_factory=list)
    """How long answers took, the last try of each."""
    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(
            timeout=ASK_SECONDS, limits=httpx.Limits(max_connections=48)
        )
    )

    async def command(
        self, who: Person, method: str, service: str, path: str, *, until: float, **rest: Any
    ) -> Any:
        """Give a command until it is answered or the time is up; its JSON when it was done, else nothing."""
        command = Command(str(uuid7()), service, f"{method} {path}", who.username, time.time())
        self.commands.append(command)
        request = {"method": method, "url": f"{self.urls[service]}{path}", **rest}
        answer = await self._until_answered(command, who, request, until)
        if answer is None:
            self.unanswered[command.key] = (command, who, request)
            return None
        if self.draw.random() < REPEATED:
            await self._again(command, who, request)
        return _json(answer) if command.done else None

    async def ask(self, who: Person, service: str, path: str, **params: Any) -> Any:
        """A question; nothing while nobody answers."""
        headers = {"Authorization": f"Bearer {_token(who)}"}
        try:
            answer = await self.client.get(f"{self.urls[service]}{path}", headers=headers, params=params)
        except httpx.TransportError:
            return None
        return _json(answer) if answer.status_code == httpx.codes.OK else None

    async def ask_again(self, share: float) -> None:
        """Give this share of the unanswered commands again, with their keys; the rest stays given up."""
        waiting = list(self.unanswered.values())
        self.unanswered.clear()
        for command, who, request in waiting:
            if self.draw.random() < share:
                await self._until_answered(command, who, request, time.monotonic() + ASK_SECONDS)

    def forget(self, service: str, since: float) -> None:
        """The service has no memory of commands given since then: whoever asks again asks anew."""
        self.forgotten.append((service, since, time.time()))
        self.unanswered = {key: one for key, one in self.unanswered.items() if one[0].service != service}

    async def _until_answered(
        self, command: Command, who: Person, request: dict[str, Any], until: float
    ) -> httpx.Response | None:
        while True:
            answer = await self._once(command, who, request)
            if answer is not None:
                command.status, command.positions = answer.status_code, _positions(answer)
                command.body = answer.content
                return answer
            if time.monotonic() > until:
                return None
            await asyncio.sleep(PAUSE_SECONDS)

    async def _again(self, command: Command, who: Person, request: dict[str, Any]) -> None:
        answer = await self._once(command, who, request)
        if answer is None:
            return
        if not command.done:  # a refusal is not kept: the world may have moved, and the answer with it
            command.status, command.positions, command.body = (
                answer.status_code,
                _positions(answer),
                answer.content,
            )
            return
        now = (answer.status_code, _positions(answer), answer.content)
        if now != (command.status, command.positions, command.body):
            command.differs = f"{command.status} {command.positions} and then {now[0]} {now[1]}"

    async def _once(self, command: Command, who: Person, request: dict[str, Any]) -> httpx.Response | None:
        """One try; nothing when nobody answered for good."""
        command.tries += 1
        headers = {"Authorization": f"Bearer {_token(who)}", "Idempotency-Key": command.key}
        began = time.perf_counter()
        try:
            answer = await self.client.request(**request, headers=headers)
        except httpx.TransportError:
            self.not_now += 1
            return None
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        if answer.is_server_error and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            command.broke = f"{answer.status_code} {answer.text[:200]}"
        if answer.is_server_error:
            self.not_now += 1
            return None
        return answer

    async def close(self) -> None:
        """No more questions."""
        await self.client.aclose()


def _token(who: Person) -> str:
    assert who.own_token is not None
    if time.monotonic() > who.until:
        who.token, who.until = who.own_token(), time.monotonic() + 300
    return who.token


def _positions(answer: httpx.Response) -> tuple[str, ...]:
    header = answer.headers.get("songjiao-position", "")
    return tuple(each.strip() for each in header.split(",") if each.strip())


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json() if answer.content else {}
    except ValueError:
        return {}


def p99(milliseconds: Iterable[float]) -> float:
    """The time that 99 of 100 answers stay below (ms); 0 for none."""
    ordered = sorted(milliseconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else 0.0
