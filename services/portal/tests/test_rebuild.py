"""The read model anew: from what was taken and nothing else, beside the running one, while readers see a whole one."""

import asyncio
import os
import signal
import sys
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from story_of_an_order import AnOrder, college, enterprise, instructor

from contracts.base import ORDERS
from portal.beside import CannotBe
from portal.rebuild import rebuild
from portal.rebuilt_tables import TABLES
from portal.settings import Settings
from portal.verify import verify
from servicekit.exits import UNAVAILABLE
from servicekit.migrate import differences
from servicekit.topics import create_topics

ROWS = "select order_id, version, wait from order_card order by order_id"


@pytest.fixture
async def settings(portal, servers, topic_prefix, monkeypatch):
    """The portal's settings with the module's own database and topics."""
    await create_topics(servers.kafka, topic_prefix)
    monkeypatch.setenv("SONGJIAO_DATABASE_PORTAL", portal.service.database)
    return Settings(
        kafka=servers.kafka, topic_prefix=topic_prefix, programmes=portal.service.settings.programmes
    )


@pytest.fixture
def said(portal, settings):
    """Puts facts on the topic, and lets the running portal take them."""

    async def say(*facts, taken=True):
        envelopes = [portal.envelope(fact) for fact in facts]
        await on_kafka(settings, [(each.subject, each.to_bytes()) for each in envelopes])
        if taken:
            await portal.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in envelopes])
        return envelopes

    return say


async def on_kafka(settings, records):
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka) as producer:
        sent = [await producer.send(settings.topic(ORDERS), body, key=key.encode()) for key, body in records]
        await asyncio.gather(*sent)


async def rows(portal, query=ROWS, *given):
    async with portal.transactions.begin() as tx:
        return [dict(row) for row in await tx.driver.fetch(query, *given)]


async def leftovers(portal):
    return await rows(portal, "select nspname from pg_namespace where nspname = 'rebuilding'")


def as_a_process(settings, word="rebuild", **given):
    told = {"SONGJIAO_KAFKA": settings.kafka, "SONGJIAO_TOPIC_PREFIX": settings.topic_prefix}
    return asyncio.create_subprocess_exec(
        sys.executable, "-m", "portal", word, env=os.environ | told | given,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def until_it_waits_for_the_heads(portal):
    while not await rows(  # noqa: ASYNC110  another process is watched
        portal,
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'lock table%head%'",
    ):
        await asyncio.sleep(0.02)


async def test_whatever_was_done_to_the_rows_they_are_as_the_facts_say(portal, settings, said):
    order, later = AnOrder(), AnOrder("later", "2026-0077")
    taken = await said(enterprise(), college(), instructor(), *order.whole())
    await said(later.submitted(), taken=False)
    await on_kafka(settings, [("x", b"{no envelope")])
    before = await rows(portal)
    assert before
    async with portal.transactions.begin() as tx:
        await tx.driver.execute("update order_card set wait = 'nonsense'")
        await tx.driver.execute("delete from story_fact")
        await tx.driver.execute("delete from session_row")
    assert await verify(settings) != []
    assert await rebuild(settings) == len(taken), "what was not taken yet is not folded"
    assert await rows(portal) == before
    found = await verify(settings)
    assert {UUID(line.split()[1].rstrip(":")) for line in found if line.startswith("order_card")} == {
        later.order_id
    }, "and is told as missing"
    await said(later.accepted())
    assert await leftovers(portal) == []


async def test_the_new_tables_are_those_that_the_code_knows_by_the_same_names(portal, settings):
    names = """
        select c.relname, c.relkind::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' order by 1"""
    before = await rows(portal, names)
    await rebuild(settings)
    assert await differences(portal.service.database, portal.service.metadata) == []
    assert await rows(portal, names) == before


async def test_pages_and_the_running_consumer_go_on_and_nobody_sees_an_empty_board(portal, settings, said):
    orders = [AnOrder(f"on-{n}", f"2026-1{n:03d}") for n in range(5)]
    await said(*(fact for order in orders for fact in order.whole()[:6]))
    ended = asyncio.Event()

    async def look():
        looks, fewest = 0, 10**9
        async with portal.client("union") as client:
            while not ended.is_set():
                counted = (
                    await rows(
                        portal, "select count(*) n, (select count(*) from story_fact) s from order_card"
                    )
                )[0]
                fewest = min(fewest, counted["n"], counted["s"])
                answer = await client.get("/orders.json")
                assert answer.status_code == 200, answer.text
                looks += len(answer.json()) > 0
                await asyncio.sleep(0)
        return looks, fewest

    async def go_on():
        for step in range(6, 12):
            await said(*(order.whole()[step] for order in orders))

    looking, going_on = asyncio.create_task(look()), asyncio.create_task(go_on())
    await rebuild(settings)
    await going_on
    await rebuild(settings)
    ended.set()
    looks, fewest = await looking
    assert looks > 3
    assert fewest >= len(orders)
    assert [line for line in await verify(settings) if str(orders[0].order_id) in line] == []
    done = await rows(portal, "select count(*) n from story_fact where subject = $1", str(orders[0].order_id))
    assert done == [{"n": 12}]


async def test_parked_and_skipped_facts_keep_their_meaning(portal, settings, said):
    parked, skipped = AnOrder("parked", "2026-2001"), AnOrder("skipped", "2026-2002")
    for order in (parked, skipped):
        await said(order.submitted())
        body = portal.envelope(order.accepted()).to_bytes().replace(b'"lines":', b'"rows":')
        await on_kafka(settings, [(str(order.order_id), body)])
        await portal.deliver_raw([(str(order.order_id).encode(), body)])
        await said(order.returned())
    async with portal.transactions.begin() as tx:
        one = await tx.driver.fetchrow(
            "select id from parked where consumer = 'portal-boards' and subject = $1 order by seq",
            str(skipped.order_id),
        )
    async with portal.client("administrator") as client:
        path = f"/parked/portal-boards/{skipped.order_id}/skip"
        assert (await client.post(path, json={"id": str(one["id"]), "reason": "wrong"})).status_code == 200
    before = await rows(portal)
    await rebuild(settings)
    assert await rows(portal) == before
    states = {
        row["order_id"]: row["state"] for row in await rows(portal, "select order_id, state from order_card")
    }
    assert states[parked.order_id] == "submitted"
    assert states[skipped.order_id] == "returned"
    waiting = await rows(
        portal,
        "select reason from parked where consumer = 'portal-boards' and subject = $1 order by seq",
        str(parked.order_id),
    )
    assert [row["reason"] for row in waiting] == ["poison", "behind"]


async def test_a_fact_that_came_before_its_forerunner_is_folded_after_it(portal, settings):
    order = AnOrder("gap", "2026-2003")
    first, second, third = (portal.envelope(fact) for fact in order.whole()[:3])
    records = [(each.subject, each.to_bytes()) for each in (first, third, second)]
    await on_kafka(settings, records)
    await portal.deliver_raw([(key.encode(), body) for key, body in records])
    before = await rows(portal, "select version, state from order_card where order_id = $1", order.order_id)
    await rebuild(settings)
    assert before == [{"version": 3, "state": "accepted"}]
    assert (
        await rows(portal, "select version, state from order_card where order_id = $1", order.order_id)
        == before
    )


async def test_killed_in_the_middle_nothing_has_changed_and_the_next_one_begins_anew(portal, settings, said):
    order = AnOrder("killed", "2026-3001")
    await said(*order.whole()[:5])
    before = await rows(portal)
    async with portal.transactions.begin() as tx:
        for limit in ("idle_in_transaction_session_timeout", "transaction_timeout"):
            await tx.driver.execute(f"set local {limit} = 0")
        await tx.driver.execute("lock table head in row exclusive mode")
        process = await as_a_process(settings)
        await asyncio.wait_for(until_it_waits_for_the_heads(portal), 240)
        with pytest.raises(CannotBe, match="another rebuild"):
            await rebuild(settings)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await leftovers(portal), "it was well under way"
    assert await rows(portal) == before
    await said(order.whole()[5])
    await rebuild(settings)
    assert await leftovers(portal) == []
    assert [line for line in await verify(settings) if str(order.order_id) in line] == []


async def test_a_page_that_reads_is_waited_for(portal, settings, said):
    await said(AnOrder("read", "2026-4001").submitted())
    began, swapped = asyncio.Event(), []

    async def slow_page():
        async with portal.transactions.begin() as tx:
            await tx.driver.fetch("select * from order_card")
            began.set()
            await tx.driver.fetch("select pg_sleep(1.5)")
            assert swapped == []
            for table in TABLES:
                await tx.driver.fetch(f"select * from {table}")  # each with its lock, in an order of its own

    page = asyncio.create_task(slow_page())
    await began.wait()
    await rebuild(settings)
    swapped.append(True)
    await page


SLOW_VACUUM = """
alter table story_fact set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)"""
PADDING = """
insert into story_fact (id, source, subject, sequence, type, at, data)
select gen_random_uuid(), 'x', 'x', n, 'x', now(), to_json(repeat('x', 1500)) from generate_series(1, 3000) n"""
VACUUMS = "select pid from pg_stat_progress_vacuum where relid = 'public.story_fact'::regclass"


async def test_a_vacuum_of_the_servers_own_gives_way(portal, settings, said):
    await said(AnOrder("vacuumed", "2026-4002").submitted())
    for statement in (SLOW_VACUUM, PADDING, "delete from story_fact where source = 'x'"):
        async with portal.transactions.begin() as tx:
            await tx.driver.execute(statement)
    async with asyncio.timeout(60):
        while not await rows(portal, VACUUMS):  # noqa: ASYNC110  the server is watched
            await asyncio.sleep(0.1)
    before = await rows(portal)
    await rebuild(settings)
    assert await rows(portal) == before
    assert await leftovers(portal) == []


async def test_what_the_topics_lack_is_not_thrown_away(portal, settings, said):
    order = AnOrder("lost", "2026-5001")
    await said(order.submitted())
    await portal.deliver(order.accepted())
    before = await rows(portal)
    with pytest.raises(CannotBe, match=str(order.order_id)):
        await rebuild(settings)
    assert await rows(portal) == before
    assert await leftovers(portal) == []
    async with portal.transactions.begin() as tx:  # as the sender would send it again
        body = await tx.driver.fetchrow(
            "select id, sequence, data::text from story_fact where subject = $1 order by arrived desc",
            str(order.order_id),
        )
    again = portal.envelope(order.accepted(), sequence=body["sequence"])
    await on_kafka(settings, [(again.subject, again.model_copy(update={"id": body["id"]}).to_bytes())])
    await rebuild(settings)
    assert await rows(portal) == before


async def test_the_process_tells_how_far_it_is_and_how_many_facts_it_were(portal, settings, said):
    process = await as_a_process(settings)
    out, progress = await process.communicate()
    assert process.returncode == 0, progress
    assert await rows(portal, "select count(*) as n from story_fact") == [{"n": int(out)}]
    assert " facts\n" in progress.decode()


@pytest.mark.parametrize(
    ("word", "variable", "value", "says"),
    [
        ("rebuild", "SONGJIAO_KAFKA", "127.0.0.1:1", "Kafka at 127.0.0.1:1 does not answer"),
        ("verify", "SONGJIAO_KAFKA", "127.0.0.1:1", "Kafka at 127.0.0.1:1 does not answer"),
        ("rebuild", "SONGJIAO_TOPIC_PREFIX", "nobody.", "not all topics are there"),
        (
            "rebuild",
            "SONGJIAO_DATABASE_PORTAL",
            "postgresql://u:secret@127.0.0.1:1/portal",
            "the database portal at 127.0.0.1:1",
        ),
    ],
)
async def test_what_is_away_is_told_in_one_sentence(settings, word, variable, value, says):
    process = await as_a_process(settings, word, **{variable: value})
    out, err = await process.communicate()
    assert process.returncode == UNAVAILABLE, err
    assert out.decode().startswith(says)
    assert out.decode().count("\n") == 1
    assert err == b""
    assert b"secret" not in out
