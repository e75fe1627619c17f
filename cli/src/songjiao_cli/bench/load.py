"""A bare HTTP client on kept connections, in a process of its own: `httpx` would measure itself."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, cast
from uuid import uuid4

import asyncpg

from songjiao_cli.bench.talk import Talk

BODY = b'{"day":"2026-05-06"}'
SEEN = "select n, order_id, sequence from effect where n > $1 order by n"
LOOK_SECONDS = 0.002
PATIENCE_SECONDS = 30.0


class Connection(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self) -> None:
        self._waiting: asyncio.Future[bytes] | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to ask."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop has a class of its own

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits is told."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("closed"))

    def data_received(self, data: bytes) -> None:
        """An answer, whole when its body has its length."""
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or self._waiting is None or self._waiting.done():
            return
        length = int(_header(head, b"content-length") or 0)
        if len(body) >= length:
            self._got = body[length:]
            self._waiting.set_result(head)

    async def ask(self, request: bytes) -> bytes:
        """The head of the answer."""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting


def _header(head: bytes, name: bytes) -> bytes | None:
    at = head.lower().find(b"\r\n" + name + b":")
    if at < 0:
        return None
    return head[at + len(name) + 3 :].split(b"\r\n", 1)[0].strip()


def request_of(order: str, token: str) -> bytes:
    """A command with a fresh key."""
    return (
        f"POST /orders/{order}/step HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
        f"idempotency-key: {uuid4()}\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY


async def connections(told: dict[str, Any], count: int) -> list[Connection]:
    """So many, open."""
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Connection, "127.0.0.1", told["port"]) for _ in range(count)]
    return [protocol for _, protocol in made]


def _checked(head: bytes) -> bytes:
    if not head.startswith(b"HTTP/1.1 201"):
        raise RuntimeError(head.decode(errors="replace"))
    return head


async def load(talk: Talk, told: dict[str, Any]) -> None:
    """As fast as answers come, on 16 kept connections."""
    opened = await connections(told, told["writers"])
    orders = told["orders"]
    talk.say(ready=True)
    while (word := await talk.heard()) is not None:
        each = word["commands"] // len(opened)
        spent: list[float] = []

        async def work(at: int) -> None:
            for n in range(each):  # noqa: B023
                request = request_of(orders[(at + n * len(opened)) % len(orders)], told["token"])
                began = time.monotonic()
                _checked(await opened[at].ask(request))
                spent.append(time.monotonic() - began)  # noqa: B023

        began = time.monotonic()
        await asyncio.gather(*map(work, range(len(opened))))
        talk.say(began=began, ended=time.monotonic(), commands=len(spent), spent=spent)


async def beat(talk: Talk, told: dict[str, Any]) -> None:
    """A command each so many milliseconds, whether answers come or not; when was each one's effect to be seen."""
    opened = await connections(told, 32)
    connection = await asyncpg.connect(told["reader"])
    talk.say(ready=True)
    while (word := await talk.heard()) is not None:
        begun: dict[tuple[str, int], float] = {}
        seen: dict[tuple[str, int], float] = {}
        done = asyncio.Event()
        watching = asyncio.create_task(_watch(connection, seen, word["commands"], done))
        await _send_in_time(opened, told, word, begun)
        await asyncio.wait_for(done.wait(), PATIENCE_SECONDS)
        await watching
        talk.say(spent=[seen[key] - at for key, at in begun.items()], commands=len(begun))
    await connection.close()


async def _send_in_time(
    opened: list[Connection], told: dict[str, Any], word: dict[str, Any], begun: dict[tuple[str, int], float]
) -> None:
    """The clock of each command runs from when it was due, also when no connection was free then."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for each in opened:
        free.put_nowait(each)
    due = _dues(word["rate"])
    orders = told["orders"]

    async def ask(n: int, at: float) -> None:
        connection = await free.get()
        head = _checked(await connection.ask(request_of(orders[n % len(orders)], told["token"])))
        free.put_nowait(connection)
        _, order, sequence = (_header(head, b"songjiao-position") or b"").decode().split("/")
        begun[order, int(sequence)] = at

    async with asyncio.TaskGroup() as asking:
        for n in range(word["commands"]):
            at = next(due)
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            asking.create_task(ask(n, at))


def _dues(rate: float) -> Iterator[float]:
    at = time.monotonic()
    while True:
        at += 1 / rate
        yield at


async def _watch(connection: Any, seen: dict[tuple[str, int], float], goal: int, done: asyncio.Event) -> None:
    """Look for new effects; the moment is the one after the look."""
    last = await connection.fetchval("select coalesce(max(n), 0) from effect")
    while len(seen) < goal:
        rows = await connection.fetch(SEEN, last)
        at = time.monotonic()
        for row in rows:
            seen.setdefault((row["order_id"], row["sequence"]), at)
            last = row["n"]
        await asyncio.sleep(LOOK_SECONDS)
    done.set()
