"""What fails by passing is done again: the one mechanism of consumers, deadlines and jobs.

A pause that doubles, at most a minute in all; what still fails then is told to whoever asked. HTTP has less
time: `web.Patient`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from servicekit.passing import passing

FIRST_PAUSE, LAST_PAUSE = 0.1, 3.0
PATIENCE_SECONDS = 60.0
T = TypeVar("T")


class Stopping(Exception):  # noqa: N818  a word, not an error
    """The process was told to stop: what is left comes again."""


class Patience:
    """Does work again while its failure is a passing one. `again` hears of each failure and the pause."""

    def __init__(self, again: Callable[[Exception, float], None], seconds: float = PATIENCE_SECONDS) -> None:
        self._again = again
        self._seconds = seconds
        self._stopping = False

    def stop(self) -> None:
        """Let the work in hand end; nothing is tried again."""
        self._stopping = True

    async def with_(self, work: Callable[[], Awaitable[T]]) -> T:
        """The work's answer; its failure when that does not pass, or not within the time."""
        ends = time.monotonic() + self._seconds
        pause = FIRST_PAUSE
        while True:
            try:
                return await work()
            except Exception as error:
                if not passing(error):
                    raise
                if self._stopping:
                    raise Stopping from error
                if time.monotonic() + pause > ends:
                    raise
                self._again(error, pause)
            await asyncio.sleep(pause)
            pause = min(LAST_PAUSE, pause * 2)
