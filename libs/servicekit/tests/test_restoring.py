"""A database from a backup, older than Kafka: the service starts closed and has everything back; and the reverse."""

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer
from kit_house.system import Process, System, until

from contracts.base import Envelope
from contracts.order_intake import OrderStarted
from servicekit.ids import new_id
from servicekit.service import STUCK
from servicekit.testing import SOME_TIME
from servicekit.testing_servers import database_url
from servicekit.topics import drop_topics

STEPS = "select order_id::text, steps from step order by 1"
CARDS = "select order_id, steps, marks::text from card order by 1"
PARKED = "select consumer, sequence, reason from parked order by sequence, consumer"
OF_NOBODY = """
insert into parked (consumer, subject, sender, sequence, id, type, body, reason, error)
values ('once', '{0}', 'order-intake', {1}, '{2}', 'x', '', 'poison', '')"""
"""Parked by a consumer that exists no more."""
NOTED = 'select coalesce(sum("offset"), 0) from taken'
ANEW = 'create database "{name}" template "{of}"'


@asynccontextmanager
async def running(servers, new_database, prefix, folder):
    databases = {name: new_database(name) for name in ("sender", "reader")}
    system = System(servers.kafka, databases, prefix, folder)
    try:
        await asyncio.gather(system.sender.start(), system.reader.start())
        yield system
    finally:
        await asyncio.gather(system.sender.stop(), system.reader.stop())


@pytest.fixture(scope="module")
async def system(servers, new_database, topic_prefix, tmp_path_factory):
    async with running(servers, new_database, topic_prefix, tmp_path_factory.mktemp("logs")) as system:
        yield system


@pytest.fixture
async def own_system(servers, new_database, topic_prefix, tmp_path):
    prefix = f"{topic_prefix}{uuid4().hex[:6]}."
    async with running(servers, new_database, prefix, tmp_path) as system:
        yield system
    await drop_topics(servers.kafka, prefix)


@pytest.fixture
def orders():
    return [uuid4() for _ in range(5)]


class Backups:
    """Copies of databases, as a nightly backup makes them."""

    def __init__(self, server: str) -> None:
        self.postgres = database_url(server, "postgres")

    async def make(self, url: str) -> str:
        """The copy's name; whoever works on the database is cut off for a moment."""
        of, name = url.rsplit("/", 1)[1], f"backup_{uuid4().hex[:10]}"
        await self._do(
            f'alter database "{of}" allow_connections false', self._cut(of), ANEW.format(name=name, of=of)
        )
        await self._do(f'alter database "{of}" allow_connections true')
        return name

    async def restore(self, name: str, url: str) -> None:
        """The copy instead of the database."""
        of = url.rsplit("/", 1)[1]
        await self._do(f'drop database "{of}" with (force)', ANEW.format(name=of, of=name))

    async def drop(self, name: str) -> None:
        await self._do(f'drop database "{name}" with (force)')

    def _cut(self, of: str) -> str:
        return f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{of}'"

    async def _do(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.postgres)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture
def backups(servers):
    return Backups(servers.database)


async def rows(url: str, statement: str) -> list[tuple]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


async def told(system: System, *arguments: str) -> str:
    """`python -m <sender> …`."""
    env = {"PATH": "/usr/bin:/bin"} | system.sender.env
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kit_house.sender", *arguments, env=env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def say_on_topic(system: System, order: UUID, *sequences: int) -> None:
    """In the sender's name, which does not know."""
    async with AIOKafkaProducer(bootstrap_servers=system.kafka) as producer:
        for sequence in sequences:
            fact = OrderStarted(order_id=order, started_on=date(2027, 1, 1))
            said = Envelope.around(fact, id=new_id(), sequence=sequence, time=SOME_TIME, actor="somebody")
            await producer.send_and_wait(
                f"{system.prefix}songjiao.orders", said.to_bytes(), str(order).encode()
            )


async def test_a_sender_restored_from_last_night_has_every_fact_and_row_back(system, orders, backups):
    await system.steps(20, orders)
    copy = await backups.make(system.databases["sender"])
    await system.steps(30, [*orders, *(more := [uuid4(), uuid4()])])
    await system.quiet()
    before = await system.repeats()  # making a copy cuts the relay, which may send a page again
    lived = await rows(system.databases["sender"], STEPS)
    await system.sender.stop(signal.SIGKILL)
    await backups.restore(copy, system.databases["sender"])
    assert await rows(system.databases["sender"], STEPS) != lived
    await system.sender.start()
    assert await rows(system.databases["sender"], STEPS) == lived
    assert await rows(system.databases["sender"], "select * from unsent") == []
    await system.steps(20, [*orders, *more])
    await system.quiet()
    assert await system.check([*orders, *more]) == before, "the restore sends nothing twice"
    await backups.drop(copy)


async def test_a_reader_restored_from_last_night_does_nothing_twice_and_misses_nothing(
    system, orders, backups
):
    await system.steps(20, orders)
    await system.quiet()
    copy = await backups.make(system.databases["reader"])
    await system.steps(30, orders)
    await system.quiet()
    lived = await rows(
        system.databases["reader"], "select order_id, sequence, fact_id from effect order by n"
    )
    await system.reader.stop(signal.SIGKILL)
    await system.steps(15, orders)  # not taken before the loss: taken as usual
    await backups.restore(copy, system.databases["reader"])
    await rows(system.databases["reader"], OF_NOBODY.format(*lived[-1]))
    await system.reader.start()
    await system.quiet()
    restored = await rows(
        system.databases["reader"], "select order_id, sequence, fact_id from effect order by n"
    )
    assert sorted(restored[: len(lived)]) == sorted(lived)
    await rows(system.databases["reader"], "delete from parked")
    assert await system.check(orders) == 0
    await backups.drop(copy)


async def test_what_waited_behind_a_parked_fact_when_it_was_lost_waits_again(own_system, backups):
    url, order = own_system.databases["reader"], uuid4()
    await say_on_topic(own_system, order, 2)  # before the first: parked
    await own_system.quiet(own_system.reader)
    copy = await backups.make(url)
    await say_on_topic(own_system, order, 3, 4)
    await own_system.quiet(own_system.reader)
    lived = await rows(url, PARKED)
    assert [sequence for _, sequence, _ in lived] == [2, 2, 3, 3, 4, 4]
    await own_system.reader.stop(signal.SIGKILL)
    await backups.restore(copy, url)
    assert await rows(url, PARKED) == lived[:2]
    await own_system.reader.start()
    assert await rows(url, PARKED) == lived
    await say_on_topic(own_system, order, 1)
    await own_system.quiet(own_system.reader)
    assert await rows(url, "select sequence from effect order by n") == [(1,), (2,), (3,), (4,)]
    assert await rows(url, "select marks::text from card") == [("[1,2,3,4]",)]
    await backups.drop(copy)


async def test_who_says_nothing_hears_again_what_its_backup_has_not(
    system, orders, new_database, backups, tmp_path
):
    await system.reader.stop()
    url = new_database("board")
    board = Process("board", system.reader.env | {"SONGJIAO_DATABASE_PORTAL": url}, tmp_path / "board.log")
    await board.start()
    await system.steps(20, orders)
    await system.quiet(system.sender, board)
    copy = await backups.make(url)
    await system.steps(20, orders)
    await system.quiet(system.sender, board)
    lived = await rows(url, CARDS)
    await board.stop(signal.SIGKILL)
    await backups.restore(copy, url)
    assert await rows(url, CARDS) != lived
    await board.start()
    await system.quiet(system.sender, board)
    assert await rows(url, CARDS) == lived
    await board.stop()
    await system.reader.start()


async def test_a_command_of_the_lost_hours_is_never_done_twice(system, orders, backups):
    copy = await backups.make(system.databases["sender"])
    key = {"Idempotency-Key": str(uuid4())}
    async with httpx.AsyncClient(headers=system.headers | key, timeout=10) as client:
        url = f"{system.sender.url}/orders/{orders[0]}/step"
        assert (await client.post(url, json={})).status_code == 201
        await system.quiet()
        await system.sender.stop()
        await backups.restore(copy, system.databases["sender"])
        await system.sender.start()
        again = await client.post(url, json={})
    assert (again.status_code, again.json()["code"]) == (409, "idempotency.answer_lost")
    assert (str(orders[0]), 1) in await rows(system.databases["sender"], STEPS)
    await backups.drop(copy)


async def test_a_process_whose_database_is_exchanged_under_it_ends_to_start_again(system, orders, backups):
    copy = await backups.make(system.databases["sender"])
    [(before,)] = await rows(system.databases["sender"], NOTED)
    await system.steps(10, orders)
    await system.quiet()

    async def noted() -> bool:
        return await rows(system.databases["sender"], NOTED) > [(before,)]

    await until(noted, what="up to where Kafka is known was noted")
    await backups.restore(copy, system.databases["sender"])
    assert await system.sender.died() == STUCK
    await system.sender.start()
    await system.steps(10, orders)
    await system.quiet()
    await system.check(orders)
    await backups.drop(copy)


@pytest.mark.parametrize(
    ("number", "why"), [(9, "has the number 9, and 5 is the last"), (3, "is not the fact that is here under")]
)
async def test_what_cannot_be_folded_keeps_the_service_closed_and_is_said(own_system, orders, number, why):
    await own_system.steps(5, orders[:1])
    await own_system.quiet()
    await own_system.sender.stop()
    await say_on_topic(own_system, orders[0], number)
    starting = asyncio.create_task(own_system.sender.start())
    async with httpx.AsyncClient(headers=own_system.headers, timeout=10) as client:

        async def closed() -> bool:
            answer = await client.get(f"{own_system.sender.url}/ready")
            return why in str(answer.json()["because"])

        await until(closed, what="closed, with the reason")
        refused = await client.post(
            f"{own_system.sender.url}/orders/{orders[0]}/step",
            json={},
            headers={"Idempotency-Key": "twelve-letters"},
        )
        assert (refused.status_code, refused.json()["code"]) == (503, "service.closed")
        assert (await client.get(f"{own_system.sender.url}/live")).status_code == 200
    starting.cancel()
    await own_system.reader.stop()  # it has parked the forged fact


async def test_why_a_service_does_not_open_is_told_as_it_is(system):
    url = system.databases["sender"]
    await system.sender.stop()
    await rows(url, "alter table taken rename to mislaid")
    starting = asyncio.create_task(system.sender.start())
    async with httpx.AsyncClient(timeout=10) as client:

        async def told_why() -> bool:
            answer = await client.get(f"{system.sender.url}/ready")
            return "cannot open: UndefinedTableError" in str(answer.json()["because"])

        await until(told_why, what="closed, with the reason")
    await rows(url, "alter table mislaid rename to taken")
    await starting


async def test_a_kafka_that_lost_everything_is_filled_from_the_log(own_system, orders, servers):
    await own_system.steps(20, orders)
    await own_system.quiet()
    await asyncio.gather(own_system.sender.stop(), own_system.reader.stop())
    await drop_topics(servers.kafka, own_system.prefix)
    await asyncio.gather(own_system.sender.start(), own_system.reader.start())
    assert "20 facts are sent again" in await told(own_system, "resend", "--all")
    await own_system.steps(10, orders)
    await own_system.quiet()
    said = [record for record in await own_system.topic() if record["source"] == "order-intake"]
    assert len(said) == 30
    effects = await rows(
        own_system.databases["reader"], "select count(*), count(distinct fact_id) from effect"
    )
    assert effects == [(30, 30)]


async def test_recovery_can_be_asked_for_and_changes_nothing_where_nothing_is_lost(system, orders):
    await system.steps(10, orders)
    await system.quiet()
    said = await told(system, "recover")
    assert "0 of its own were lost" in said
    assert "not in facts: secret.name (personal data)" in said, "also after a start that has restored"
    await system.check(orders)
