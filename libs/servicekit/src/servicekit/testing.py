"""For the tests of services: a service on a real database, facts delivered as Kafka would, without Kafka.

# services/<service>/tests/conftest.py
from servicekit.testing import service_on, tx_of

@pytest.fixture(scope="module")
async def scheduling(database):
async with service_on(database, build, Settings) as service:
yield service

@pytest.fixture
async def tx(scheduling):
async with tx_of(scheduling) as tx:      # taken back at the end of the test
yield tx
"""

import base64
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import uuid_utils

from contracts.base import Envelope, Fact
from servicekit import clock, keys
from servicekit.db import Cause, Tx
from servicekit.ids import new_id
from servicekit.service import Service
from servicekit.settings import Settings
from servicekit.tokens import Issuer

__all__ = ["Client", "ServiceUnderTest", "cause", "client_on", "facts_in", "service_on", "test_keys", "tx_of"]

S = TypeVar("S", bound=Settings)
SERVICES = ("order-intake", "scheduling", "instructor-dispatch", "evaluation", "portal")
SOME_TIME = datetime(2026, 5, 6, tzinfo=UTC)
SINCE = "select body from event where position > $1 order by position"


@cache
def test_keys() -> Path:
    """A folder with the keys of all services, for this run: `keys.json` and `<service>.pem`."""
    folder = Path(tempfile.mkdtemp(prefix="songjiao-keys-"))
    keys.make_keys(folder, (*SERVICES, "test"))
    return folder


def cause(**given: Any) -> Cause:
    """A cause, for calling a command as a reaction would."""
    told: dict[str, Any] = {
        "id": new_id(),
        "source": "test",
        "type": "test.v1",
        "subject": "test",
        "sequence": 1,
        "time": SOME_TIME,
    }
    return Cause(**(told | given))


async def facts_in(tx: Tx) -> list[Fact]:
    """The facts this transaction has said, in order."""
    return [Envelope.from_bytes(body).fact() for *_, body in tx.said]


class Client(httpx.AsyncClient):
    """Asks as somebody; each changing request gets a fresh `Idempotency-Key` unless one is given."""

    async def request(self, method: str, url: Any, **rest: Any) -> httpx.Response:
        """As httpx, with the key."""
        headers = httpx.Headers(rest.pop("headers", None))
        if method.upper() != "GET":
            headers.setdefault("Idempotency-Key", str(uuid_utils.uuid7()))
        return await super().request(method, url, headers=headers, **rest)


def client_on(
    service: Service, *roles: str, organisation: str | None = None, user: str | None = None
) -> Client:
    """A client on the service's own routes, without a port; no role = nobody is logged in."""
    headers = {}
    if roles:
        issuer = Issuer.from_file("portal", test_keys() / "portal.pem")
        token = issuer.user_token(user or f"{roles[0]}-1", roles, organisation)
        headers["Authorization"] = f"Bearer {token}"
    transport = httpx.ASGITransport(service.app, raise_app_exceptions=False)
    return Client(transport=transport, base_url="http://test", headers=headers, timeout=30)


class ServiceUnderTest:
    """A service without Kafka: facts come in by `deliver`, go out into `facts`, time passes on request."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.transactions = service.transactions
        self._sequences: dict[tuple[str, str], int] = {}
        self._bodies: list[tuple[Fact, bytes]] = []
        self._since = 0

    async def forget(self) -> None:
        """From here on `facts` counts anew; called at the start of each test."""
        async with self.transactions.begin() as tx:
            self._since = await tx.driver.fetchval("select coalesce(max(position), 0) from event")

    async def facts(self, subject: object = None, *, type: str | None = None) -> list[Fact]:  # noqa: A002
        """What the service has said since `forget`, in order; of one subject or type only."""
        return [
            envelope.fact()
            for envelope in await self.envelopes(subject)
            if type is None or envelope.type == type
        ]

    async def envelopes(self, subject: object = None) -> list[Envelope]:
        """The same with who, when and why."""
        async with self.transactions.begin() as tx:
            rows = await tx.driver.fetch(SINCE, self._since)
        found = [Envelope.from_bytes(row["body"]) for row in rows]
        return [each for each in found if subject is None or each.subject == str(subject)]

    async def deliver(
        self,
        *facts: Fact,
        times: int = 2,
        consumer: str | None = None,
        by: str = "somebody",
        key: str | None = None,
        at: datetime | None = None,
    ) -> list[UUID]:
        """Let others' facts arrive, in this order, by the consumer's real path; twice unless told otherwise.

        Goes to every consumer of the service, or one. `AssertionError` with its error when a fact was parked.
        Answers the facts' ids.
        """
        envelopes = [self._envelope(fact, by=by, key=key, at=at) for fact in facts]
        for _ in range(times):
            await self.deliver_raw(
                [(each.subject.encode(), each.to_bytes()) for each in envelopes], consumer=consumer
            )
        await self._refuse_parked({each.subject for each in envelopes})
        return [each.id for each in envelopes]

    async def deliver_raw(
        self, records: Sequence[tuple[bytes | None, bytes]], *, consumer: str | None = None
    ) -> None:
        """Let bytes arrive as they are: (key, value)."""
        for name, each in self.service.consumers.items():
            if consumer in (None, name):
                read = each.reactions.read
                await each.take([read("test", 0, at, key, body) for at, (key, body) in enumerate(records)])

    def envelope(self, fact: Fact, *, sequence: int | None = None, by: str = "somebody") -> Envelope:
        """An envelope around a fact, next in its subject's row unless told otherwise."""
        return self._envelope(fact, by=by, key=None, at=None, sequence=sequence)

    def _envelope(
        self,
        fact: Fact,
        *,
        by: str,
        key: str | None,
        at: datetime | None,
        sequence: int | None = None,
    ) -> Envelope:
        pair = (fact.source, fact.subject)
        if sequence is None:
            sequence = self._sequences[pair] = self._sequences.get(pair, 0) + 1
        return Envelope.around(
            fact,
            id=new_id(),
            sequence=sequence,
            time=at or SOME_TIME,
            correlationid=key,
            actor=by,
        )

    async def _refuse_parked(self, subjects: Iterable[str]) -> None:
        async with self.transactions.begin() as tx:
            rows = await tx.driver.fetch(
                "select consumer, type, reason, error from parked where subject = any($1::text[])",
                list(subjects),
            )
        assert not rows, "parked: " + "; ".join(
            f"{row['consumer']} {row['type']} {row['reason']} {row['error']}" for row in rows
        )

    async def work_off_jobs(self, most: int = 1000) -> int:
        """Do all jobs that wait; how many. A job that failed raises, with its error."""
        done = 0
        while done < most and await self.service.runner.do_one():
            done += 1
        await self._refuse_failing()
        return done

    async def fire_deadlines(self, until: datetime | None = None, most: int = 1000) -> int:
        """Move the clock (forward only) and fire all that is due then; how many."""
        if until is not None:
            async with self.transactions.begin() as tx:
                if await clock.now(tx) < until:
                    await clock.move_clock(tx, until)
        fired = 0
        while fired < most and await self.service.runner.fire_one():
            fired += 1
        await self._refuse_failing()
        return fired

    async def _refuse_failing(self) -> None:
        async with self.transactions.begin() as tx:
            rows = await tx.driver.fetch("select kind, error from due where tries > 0")
        assert not rows, "failed: " + "; ".join(f"{row['kind']} {row['error']}" for row in rows)

    async def now(self) -> datetime:
        """The service's clock."""
        async with self.transactions.begin() as tx:
            return await clock.now(tx)

    def client(self, *roles: str, organisation: str | None = None, user: str | None = None) -> Client:
        """A client with a token for these roles; none = nobody is logged in."""
        return client_on(self.service, *roles, organisation=organisation, user=user)


@asynccontextmanager
async def service_on(
    database: str, build: Callable[[S], Service], settings: type[S], **given: Any
) -> AsyncIterator[ServiceUnderTest]:
    """A migrated service on this database (a whole URL), in practice mode; nothing runs in the background."""
    told: dict[str, Any] = {
        "practice": True,
        "log_level": "WARNING",
        "log_format": "console",
        "keys": test_keys() / "keys.json",
        "data_key": base64.b64encode(b"k" * 32).decode(),
        "kafka": "127.0.0.1:1",
        "database_connections": 8,
    }
    with _database_is(database):
        service = build(settings(**(told | given)))
    try:
        await service.prepare()
        yield ServiceUnderTest(service)
    finally:
        await service.engine.dispose()


@contextlib.contextmanager
def _database_is(url: str) -> Any:
    """For every service built inside, this is the database."""
    names = [f"SONGJIAO_DATABASE_{name.replace('-', '_').upper()}" for name in (*SERVICES, "test")]
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, url))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@asynccontextmanager
async def tx_of(service: ServiceUnderTest) -> AsyncIterator[Tx]:
    """A transaction for the test, taken back at its end."""

    class _Enough(Exception):  # noqa: N818
        pass

    with contextlib.suppress(_Enough):
        async with service.transactions.begin() as tx:
            yield tx
            raise _Enough
