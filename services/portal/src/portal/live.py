"""Server push: "order X, version N of its card", to the open pages of every replica whose scope has the order.

No content travels here.
"""

import asyncio
import contextlib
import signal
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import structlog

from servicekit.db import Tx

if TYPE_CHECKING:
    from servicekit.service import Service

CHANNEL = "portal_cards"
TELL = """
select pg_notify('portal_cards', order_id || ' ' || version) from order_card where order_id = any($1::uuid[])"""
HEARTBEAT = 15.0
AGAIN = 1.0
CLOCKS_APART = 1.0
"""Seconds by which the clocks of two replicas may differ: one made the page, another tells it what is new."""
MOST_WAITING = 500
"""Signals kept for a slow page; beyond that it is told to look at everything."""

log = structlog.get_logger("live")


@dataclass(frozen=True, slots=True)
class Signal:
    """A card has a new version; `order` is nothing when the page had better look at all it shows."""

    order: str = ""
    version: int = 0


async def tell_of_cards(tx: Tx, keys: Sequence[UUID]) -> None:
    """In the transaction that wrote the cards: replicas hear it when it is committed."""
    await tx.driver.execute(TELL, list(keys))


InScope = Callable[[set[UUID]], Awaitable[set[UUID]]]
"""Those of these orders that whoever listens may see."""


class Live:
    """The open streams of this process."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Queue[Signal]] = set()
        self._told: deque[tuple[float, Signal]] = deque([(time.time(), Signal())], MOST_WAITING)
        """The latest signals, each with its moment: a page begins to listen later than it was begun."""
        self._closing = asyncio.Event()

    async def signals(self, in_scope: InScope, since: float | None = None) -> AsyncIterator[str]:
        """What an open page hears, as SSE text: orders in its scope, and no word of any other.

        `since`: when the page was begun (Unix seconds); whatever was told from then on it hears first.
        """
        queue: asyncio.Queue[Signal] = asyncio.Queue(MOST_WAITING)
        self._streams.add(queue)
        for each in self._missed(since):
            queue.put_nowait(each)
        closing = asyncio.create_task(self._closing.wait())
        getting = asyncio.create_task(queue.get())
        try:
            yield "retry: 2000\nevent: open\ndata: {}\n\n"
            while not self._closing.is_set():
                done, _ = await asyncio.wait(
                    {getting, closing}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
                )
                if getting in done:
                    told = [getting.result(), *_waiting(queue)]
                    getting = asyncio.create_task(queue.get())
                    for each in await _theirs(told, in_scope):
                        yield f'event: card\ndata: {{"order":"{each.order}","version":{each.version}}}\n\n'
                elif not done:
                    yield ": still here\n\n"
        finally:
            getting.cancel()
            closing.cancel()
            self._streams.discard(queue)

    def _missed(self, since: float | None) -> list[Signal]:
        if since is None:
            return []
        if since - CLOCKS_APART < self._told[0][0]:
            return [Signal()]
        return [told for at, told in self._told if at >= since - CLOCKS_APART]

    def tell(self, told: Signal) -> None:
        """To every stream; one that does not keep up looks at everything once."""
        self._told.append((time.time(), told))
        for queue in self._streams:
            if queue.full():
                _waiting(queue)
                queue.put_nowait(Signal())
            else:
                queue.put_nowait(told)

    def close(self) -> None:
        """End all streams: the process stops."""
        self._closing.set()

    @asynccontextmanager
    async def listening(self, service: "Service") -> AsyncIterator[None]:
        """Hear the other replicas and ourselves for as long as the service lives."""
        task = asyncio.create_task(self._listen(service.database))
        with self._closed_at_signals():
            try:
                yield
            finally:
                self.close()
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    @contextlib.contextmanager
    def _closed_at_signals(self) -> Any:
        """An open stream would hold an orderly stop for its whole grace: it ends with the signal itself."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

        def stop(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self.close)
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)

        for number in before:
            signal.signal(number, stop)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def _listen(self, database: str) -> None:
        """One connection for LISTEN; after it was lost, every page looks at everything once."""
        while True:
            gone = asyncio.Event()
            connection = None
            try:
                connection = await asyncpg.connect(database, timeout=5)
                connection.add_termination_listener(lambda _, gone=gone: gone.set())
                await connection.add_listener(CHANNEL, self._heard)
                self.tell(Signal())
                await gone.wait()
            except (OSError, asyncpg.PostgresError, TimeoutError) as error:
                log.warning("the database does not answer", error=repr(error))
            finally:
                if connection is not None and not connection.is_closed():
                    with contextlib.suppress(Exception):
                        await connection.close(timeout=2)
            await asyncio.sleep(AGAIN)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        order, _, version = str(payload).partition(" ")
        self.tell(Signal(order, int(version)))


def _waiting(queue: asyncio.Queue[Signal]) -> list[Signal]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def _theirs(told: list[Signal], in_scope: InScope) -> list[Signal]:
    """One question for all that has come, whatever its number; the newest version of each order."""
    newest = {each.order: each for each in told}
    seen = await in_scope({UUID(order) for order in newest if order})
    return [each for order, each in newest.items() if not order or UUID(order) in seen]
