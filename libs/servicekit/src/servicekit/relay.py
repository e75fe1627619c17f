"""`event` -> Kafka: by position, per key in order, again and again until acknowledged.

One relay of a service runs at a time (advisory lock on the relay's own connection); a second one waits as a
spare. A crash between acknowledgement and delete sends a window again, byte for byte: consumers drop it.
What leaves the to-do list is sealed by the same statement (`seal.windows`).
No cursor over positions or transaction ids: both lose or reorder facts (docs/decisions).
"""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer

from servicekit import alone, telemetry
from servicekit.faults import passed
from servicekit.seal.chain import BEFORE_ALL
from servicekit.seal.windows import (
    PAGE,
    close_window,
    last_window,
    seal_page,
    unsealed_pages,
    window_after,
)

LOCK = f"select pg_try_advisory_lock({alone.RELAY})"
NEXT = """
with u as materialized (
  select position from unsent where position <> all($2::bigint[]) order by position limit $1)
select u.position, e.subject, e.topic, e.body from u join event e using (position) order by u.position"""
PLANNER = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
"""A page prepared while the tables were empty keeps a plan that reads all of them: 78 ms instead of 6."""
SPARE_SECONDS = 0.5
FIRST_PAUSE, LAST_PAUSE = 0.5, 5.0
STOP_SECONDS = 2.0

log = structlog.get_logger("relay")


class Relay:
    """Sends what is unsent. `recorded` wakes it at once; the poll is the net."""

    def __init__(
        self,
        database: str,
        kafka: str,
        *,
        topic: Callable[[str], str],
        recorded: asyncio.Event,
        poll: float = 0.05,
    ) -> None:
        self._database = database
        self._kafka = kafka
        self._topic = topic
        self._recorded = recorded
        self._poll = poll
        self._stopping = asyncio.Event()
        self._sealed = BEFORE_ALL
        self._next: list[asyncpg.Record] = []
        """The page after the one in hand, while there is more: without those in hand, not after them, for a fact
        of a lower position may have been committed meanwhile."""
        self.working = False
        """Holds the lock and is connected; a spare or a relay without Kafka is not."""

    async def run(self) -> None:
        """Work until `stop`; every failure means: everything new, start again with what is unsent."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                await self._work()
                pause = FIRST_PAUSE
            except Exception as error:  # noqa: BLE001  a cut connection shows itself as any of a dozen classes
                self.working = False
                log.warning("relay starts anew", error=repr(error), pause=pause)
                await self._wait(self._stopping, pause)
                pause = min(LAST_PAUSE, pause * 2)

    def stop(self) -> None:
        """End after the page in hand."""
        self._stopping.set()
        self._recorded.set()

    async def _work(self) -> None:
        """One life: own connection, the lock, a producer of its own, pages until something fails."""
        connection = await asyncpg.connect(
            self._database,
            timeout=5,
            command_timeout=30,
            server_settings=PLANNER | {"application_name": "relay"},
        )
        try:
            while not await connection.fetchval(LOCK):
                await self._wait(self._stopping, SPARE_SECONDS)
                if self._stopping.is_set():
                    return
            producer = AIOKafkaProducer(
                bootstrap_servers=self._kafka,
                enable_idempotence=True,
                acks="all",
                linger_ms=0,  # a page is handed over whole: waiting gains nothing
                compression_type="lz4",
                max_batch_size=262_144,
                max_request_size=1_048_576,
                request_timeout_ms=40_000,
            )
            try:
                await producer.start()
                self._sealed, self._next = await last_window(connection), []
                async for older in unsealed_pages(connection):  # before anything newer is sealed
                    if self._stopping.is_set():
                        return
                    self._sealed = await seal_page(connection, self._sealed, older)
                self.working = True
                while not self._stopping.is_set():
                    self._recorded.clear()
                    if await self._send_page(connection, producer) < PAGE:
                        await self._wait(self._recorded, self._poll)
                while await self._send_page(connection, producer):
                    pass  # what was committed before the stop leaves with it
            finally:
                self.working = False
                with contextlib.suppress(Exception):  # a producer that raised is never used again
                    await asyncio.wait_for(producer.stop(), STOP_SECONDS)
        finally:
            connection.terminate()

    async def _send_page(
        self, connection: "asyncpg.Connection[asyncpg.Record]", producer: AIOKafkaProducer
    ) -> int:
        """Send one page in order, await every acknowledgement, then seal it and delete it from the to-do list."""
        rows = self._next or await connection.fetch(NEXT, PAGE, [])
        if not rows:
            return 0
        passed("relay.before_send")
        acks = [
            await producer.send(self._topic(row["topic"]), value=row["body"], key=row["subject"].encode())
            for row in rows
        ]
        passed("relay.sent_before_ack")
        # while the broker writes, this page is hashed and the next one read
        window = window_after(self._sealed, rows)
        in_hand = [row["position"] for row in rows]
        self._next = await connection.fetch(NEXT, PAGE, in_hand) if len(rows) == PAGE else []
        await asyncio.gather(*acks)
        passed("relay.after_ack_before_delete")
        self._sealed = await close_window(connection, self._sealed, window, rows)
        telemetry.RELAY_SENT.inc(len(rows))
        return len(rows)

    async def _wait(self, event: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
