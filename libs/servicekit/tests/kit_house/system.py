"""The two services as real processes on a real Kafka and PostgreSQL, a load, and what must hold at the end."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from servicekit.local.ports import listen, listen_anywhere
from servicekit.testing import test_keys
from servicekit.tokens import Issuer

PATIENCE = 60.0


async def until(condition, *, seconds: float = PATIENCE, what: str = "") -> None:
    """Wait for a condition (sync or async); fail with its name."""
    ends = time.monotonic() + seconds
    while True:
        with contextlib.suppress(
            httpx.TransportError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError
        ):
            answer = condition()
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer:
                return
        assert time.monotonic() < ends, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.05)


class Process:
    """A service as a process of its own."""

    def __init__(self, house: str, env: dict[str, str], log: Path) -> None:
        self.house, self.env, self.log = house, env, log
        self._held: socket.socket | None = listen_anywhere()  # until it is started: nobody comes in between
        self.port = self._held.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, **extra: str) -> None:
        """Start and wait until it is ready; one that is to die may do so before."""
        env = os.environ | self.env | {"SONGJIAO_PORT": str(self.port)} | extra
        await until(self._listens, what=f"port {self.port} is free again")
        assert self._held is not None
        with self._held as held, self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", f"kit_house.{self.house}", "serve",
                env=env | {"SONGJIAO_LISTENER": str(held.fileno())}, stdout=log, stderr=log, pass_fds=[held.fileno()],
            )  # fmt: skip
        self._held = None
        if "SONGJIAO_FAULT" not in extra:
            await until(self.ready, what=f"{self.house} ready, see {self.log}")

    def _listens(self) -> bool:
        if self._held is None:
            self._held = listen(self.port)
        return self._held is not None

    async def ready(self) -> bool:
        assert self.process is not None
        if self.process.returncode is not None:
            raise AssertionError(
                f"{self.house} ended with {self.process.returncode}:\n{self.log.read_text()[-3000:]}"
            )
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{self.url}/ready")).status_code == 200

    async def died(self) -> int:
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process is None or self.process.returncode is not None:
            return self.process.returncode if self.process and self.process.returncode is not None else 0
        self.process.send_signal(how)
        return await self.died()


class System:
    """Sender and reader, their databases, the topic between."""

    def __init__(self, kafka: str, databases: dict[str, str], prefix: str, folder: Path) -> None:
        keys = test_keys()
        env = {
            "SONGJIAO_KAFKA": kafka,
            "SONGJIAO_TOPIC_PREFIX": prefix,
            "SONGJIAO_KEYS": str(keys / "keys.json"),
            "SONGJIAO_DATA_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
            "SONGJIAO_PRACTICE": "true",
            "SONGJIAO_GRACEFUL_SECONDS": "15",
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "SONGJIAO_DATABASE_ORDER_INTAKE": databases["sender"],
            "SONGJIAO_DATABASE_SCHEDULING": databases["reader"],
        }
        self.kafka, self.prefix, self.databases = kafka, prefix, databases
        self.sender = Process("sender", env | {"SONGJIAO_REPLICA": "s1"}, folder / "sender.log")
        self.reader = Process("reader", env | {"SONGJIAO_REPLICA": "r1"}, folder / "reader.log")
        token = Issuer.from_file("portal", keys / "portal.pem").user_token(
            "u-1", ["union", "administrator"], seconds=3600
        )
        self.headers = {"Authorization": f"Bearer {token}"}
        self.answered: dict[UUID, list[int]] = defaultdict(list)

    async def step(self, client: httpx.AsyncClient, order: UUID) -> None:
        """One command, again with the same key until it is answered."""
        key = {"Idempotency-Key": str(uuid4())}
        ends = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = await client.post(f"{self.sender.url}/orders/{order}/step", json={}, headers=key)
                if answer.status_code == 201:
                    self.answered[order].append(answer.json()["steps"])
                    return
                assert answer.status_code == 503, answer.text
            assert time.monotonic() < ends, "no answer"
            await asyncio.sleep(0.1)

    async def steps(self, count: int, orders: list[UUID], clients: int = 4) -> None:
        """So many commands, spread over the orders, by some clients at once."""
        async with httpx.AsyncClient(headers=self.headers, timeout=10) as client:

            async def work(at: int) -> None:
                for n in range(at, count, clients):
                    await self.step(client, orders[n % len(orders)])

            await asyncio.gather(*map(work, range(clients)))

    @contextlib.asynccontextmanager
    async def load(self, orders: list[UUID]) -> AsyncIterator[None]:
        """Commands without a pause, as long as the block lasts."""
        over = asyncio.Event()

        async def work(client: httpx.AsyncClient, at: int) -> None:
            n = at
            while not over.is_set():
                await self.step(client, orders[n % len(orders)])
                n += 4
                await asyncio.sleep(0.01)

        async with httpx.AsyncClient(headers=self.headers, timeout=10) as client:
            tasks = [asyncio.create_task(work(client, at)) for at in range(4)]
            try:
                yield
            finally:
                over.set()
                await asyncio.gather(*tasks)

    async def more(self, count: int) -> None:
        """Wait until so many more commands are answered."""
        goal = sum(map(len, self.answered.values())) + count
        await until(lambda: sum(map(len, self.answered.values())) >= goal, what=f"{count} more answers")

    async def answers(self, process: Process, path: str, status: int) -> bool:
        """Whether the process answers so."""
        async with httpx.AsyncClient(timeout=10) as client:
            return (await client.get(f"{process.url}{path}")).status_code == status

    async def duplicates(self) -> int:
        """Facts the reader's present process has dropped because they were seen before."""
        async with httpx.AsyncClient() as client:
            text = (await client.get(f"{self.reader.url}/metrics")).text
        counters = [line for line in text.splitlines() if line.startswith("songjiao_consumer_facts_total{")]
        return sum(int(float(line.split()[-1])) for line in counters if 'outcome="duplicate"' in line)

    async def figures(self, process: Process) -> dict:
        async with httpx.AsyncClient(headers=self.headers, timeout=10) as client:
            answer = await client.get(f"{process.url}/practice/quiet")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def quiet(self, *processes: Process) -> None:
        """Both have nothing under way, twice in a row."""
        equal = 0

        async def look() -> bool:
            nonlocal equal
            found = [await self.figures(each) for each in (processes or (self.sender, self.reader))]
            equal = equal + 1 if all(each["quiet"] for each in found) else 0
            return equal >= 2

        await until(look, what="quiet")

    async def topic(self) -> list[dict]:
        """Every record of the topic, by partition and offset."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, auto_offset_reset="earliest")
        await consumer.start()
        try:
            name = f"{self.prefix}songjiao.orders"
            places = [TopicPartition(name, n) for n in range(12)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found: list[dict] = []
            while sum([await consumer.position(place) for place in places]) < sum(ends.values()):
                for batch in (await consumer.getmany(timeout_ms=200)).values():
                    found += [json.loads(record.value) | {"raw": record.value} for record in batch]
            return found
        finally:
            await consumer.stop()

    async def repeats(self) -> int:
        """How many records the topic has that are repeats of earlier ones."""
        records = await self.topic()
        return len(records) - len({record["id"] for record in records})

    async def check(self, orders: list[UUID]) -> int:
        """What must hold whatever happened; answers how many repeats the topic has."""
        records = await self.topic()
        by_id: dict[str, bytes] = {}
        for record in records:
            assert by_id.setdefault(record["id"], record["raw"]) == record["raw"], "a repeat differs"
        seen: dict[tuple[str, str], list[int]] = defaultdict(list)
        for record in records:
            row = seen[(record["source"], record["subject"])]
            if record["sequence"] not in row:
                row.append(record["sequence"])
        for database in self.databases.values():
            connection = await asyncpg.connect(database)
            sealed = await connection.fetchrow(
                "select coalesce(sum(count), 0) = (select count(*) from event) as once,"
                " coalesce(max(number), 0) = count(*) as chain from seal"
            )
            await connection.close()
            assert dict(sealed) == {"once": True, "chain": True}, "not each fact sealed once, in one chain"
        reader = await asyncpg.connect(self.databases["reader"])
        try:
            assert await reader.fetchval("select count(*) from parked") == 0
            for order in orders:
                said = seen[("order-intake", str(order))]
                assert said, "no fact of this order: the test has not run long enough"
                assert said == list(range(1, len(said) + 1)), "a fact before its forerunner"
                assert sorted(self.answered[order]) == said, (
                    f"answers and facts differ: {self.answered[order]} {said}"
                )
                rows = await reader.fetch(
                    "select sequence from effect where order_id = $1 order by n", str(order)
                )
                assert [row["sequence"] for row in rows] == said, "not each effect once, in order"
                card = await reader.fetchval("select marks from card where order_id = $1", str(order))
                assert json.loads(card) == said, "the board differs"
                caused = seen[("scheduling", str(order))]
                assert caused == said, "what followed differs"
        finally:
            await reader.close()
        return len(records) - len(by_id)
