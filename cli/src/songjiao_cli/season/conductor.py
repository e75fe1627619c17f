"""The season's clock: moves only when nothing is under way, and stops at everything that falls due on the way."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from songjiao_cli.api import Api, Person

QUIET_SECONDS = 90.0
"""Without any change of what is under way; a busy machine that gets on is waited for."""


class NotQuiet(Exception):  # noqa: N818  said to a person
    """Something stays under way; the message says where."""


class Conductor:
    """Asks every service whether it is quiet, and sets all their clocks together."""

    def __init__(self, api: Api, admin: Person, passing: Callable[[datetime], None] = lambda _: None) -> None:
        """`passing` is told every moment at which the clock stops on its way."""
        self._api = api
        self._admin = admin
        self._passing = passing
        self.now: datetime | None = None

    async def quiet(self) -> list[dict[str, Any]]:
        """Wait until two answers in a row are the same and nothing is unsent, unread or in work."""
        limit = time.monotonic() + QUIET_SECONDS
        before: list[dict[str, Any]] | None = None
        pause = 0.01
        while True:
            now = await self.ask()
            if now == before and all(answer["quiet"] for answer in now):
                return now
            if any(answer["failing"] for answer in now):
                raise NotQuiet(self._busy(now))
            if now != before:
                limit = time.monotonic() + QUIET_SECONDS
            if time.monotonic() > limit:
                raise NotQuiet(f"nothing changes for {QUIET_SECONDS:.0f} s: {self._busy(now)}")
            before = now
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.1)

    async def move_to(self, when: datetime) -> None:
        """It is this time now, and everything due until then has happened in its order, one stop each."""
        while True:
            dues = [answer["next_due"] for answer in await self.quiet() if answer.get("next_due")]
            earliest = min((datetime.fromisoformat(due) for due in dues), default=None)
            if earliest is None or earliest >= when:
                break
            await self._set(max(earliest, self.now or earliest) + timedelta(seconds=1))
        if self.now is None or when > self.now:
            await self._set(when)

    async def _set(self, when: datetime) -> None:
        self.now = when
        self._passing(when)
        await asyncio.gather(
            *(
                self._api.call(self._admin, "POST", service, "/practice/clock", json={"to": when.isoformat()})
                for service in self._api.urls
            )
        )

    async def ask(self) -> list[dict[str, Any]]:
        """What every service says is still under way, its time left out."""
        answers = await asyncio.gather(
            *(self._api.call(self._admin, "GET", service, "/practice/quiet") for service in self._api.urls)
        )
        return [{key: value for key, value in answer.items() if key != "now"} for answer in answers]

    def _busy(self, answers: list[dict[str, Any]]) -> str:
        """Who is not quiet, and why."""
        return "; ".join(
            f"{service} {answer}"
            for service, answer in zip(self._api.urls, answers, strict=True)
            if not answer["quiet"] or answer["failing"]
        )
