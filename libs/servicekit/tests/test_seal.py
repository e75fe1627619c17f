"""What the relay has sent is sealed once, in one chain, whatever happens to the relay; proofs come from it."""

import asyncio
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
from kit_house.system import until

from contracts.base import Envelope
from contracts.order_intake import OrderStarted
from servicekit import alone
from servicekit import relay as relays
from servicekit.facts import hold_subject, record_all
from servicekit.identity import Actor
from servicekit.ids import new_id
from servicekit.relay import NEXT, PLANNER, Relay
from servicekit.seal import heads, routes
from servicekit.seal.chain import BEFORE_ALL, Publication, Story, Taken
from servicekit.seal.tree import leads, leaf
from servicekit.seal.windows import close_window, last_window, window_after
from servicekit.topics import create_topics

DAY = date(2026, 5, 6)
SEALED = """
select s.number, s.count, s.root, s.chained, (
  select array_agg(e.body order by e.position) from event e where s.positions @> e.position) as bodies
from seal s order by s.number"""


@pytest.fixture(scope="module", autouse=True)
async def topics(servers, topic_prefix):
    await create_topics(servers.kafka, topic_prefix)


@pytest.fixture
async def connection(sender):
    connection = await asyncpg.connect(sender.service.database, server_settings=PLANNER)
    yield connection
    await connection.close()


async def say(sender, *orders, times=1):
    async with sender.transactions.begin() as tx:
        await hold_subject(tx, *orders)
        facts = [OrderStarted(order_id=order, started_on=DAY) for _ in range(times) for order in orders]
        return await record_all(tx, facts, by=Actor("u"))


@pytest.fixture
def sent(sender, servers, topic_prefix, connection):
    """Let a relay work until all is sent and sealed."""

    async def run():
        relay = Relay(
            sender.service.database, servers.kafka, topic=lambda name: f"{topic_prefix}{name}",
            recorded=asyncio.Event(), poll=0.01,
        )  # fmt: skip
        running = asyncio.create_task(relay.run())

        async def done():
            return await connection.fetchval(
                "select not exists (select from unsent) and (select count(*) from event)"
                " = (select coalesce(sum(count), 0) from seal)"
            )

        await until(done, what="all sent and sealed")
        relay.stop()
        await running

    return run


async def one_chain(connection):
    """The windows, after they were made anew from the facts: one chain, each fact once."""
    last, sealed = BEFORE_ALL, []
    for row in await connection.fetch(SEALED):
        last = last.next([leaf(body) for body in row["bodies"]])
        assert (row["number"], row["count"]) == (last.number, last.count)
        assert (row["root"], row["chained"]) == (last.root, last.chained)
        sealed += row["bodies"]
    assert len(set(sealed)) == len(sealed) == await connection.fetchval("select count(*) from event")
    return last


async def test_all_that_was_sent_is_sealed_and_the_chain_goes_on_with_the_next_relay(
    sender, connection, sent
):
    await say(sender, uuid4(), uuid4(), times=3)
    await sent()
    first = await one_chain(connection)
    for _ in range(4):
        await connection.fetchval("select nextval(pg_get_serial_sequence('event', 'position'))")  # a hole
        await say(sender, uuid4(), times=300)
    await sent()
    assert (await one_chain(connection)).number >= first.number + 2


async def test_a_relay_that_ends_between_acknowledgement_and_delete_seals_once(
    sender, connection, sent, monkeypatch
):
    ended = []

    def passed(point):
        if point == "relay.after_ack_before_delete" and not ended:
            ended.append(point)
            raise ConnectionResetError

    monkeypatch.setattr(relays, "passed", passed)
    await say(sender, uuid4(), times=5)
    await sent()
    assert ended
    await one_chain(connection)


async def test_of_two_relays_with_the_same_facts_one_seals_and_the_other_fails(sender, connection):
    await say(sender, uuid4(), times=2)
    last, rows = await last_window(connection), await connection.fetch(NEXT, 1000, [])
    sealed = await close_window(connection, last, window_after(last, rows), rows)
    with pytest.raises(asyncpg.NotNullViolationError):
        await close_window(connection, last, window_after(last, rows), rows)
    await say(sender, uuid4())
    rows = await connection.fetch(NEXT, 1000, [])
    with pytest.raises(asyncpg.UniqueViolationError):
        await close_window(connection, last, window_after(last, rows), rows)
    assert await connection.fetchval("select count(*) from unsent") == 1, "nothing was done"
    await close_window(connection, sealed, window_after(sealed, rows), rows)
    await one_chain(connection)


async def test_facts_put_back_to_be_sent_again_are_not_sealed_again(sender, connection, sent):
    await say(sender, uuid4(), times=3)
    await sent()
    before = await one_chain(connection)
    await connection.execute("insert into unsent select position from event")
    await sent()
    assert await one_chain(connection) == before
    await connection.execute("insert into unsent select max(position) from event")
    await say(sender, uuid4(), times=2)
    await sent()
    after = await one_chain(connection)
    assert (after.number, after.count) == (before.number + 1, 2)


async def read_back(sender, connection, order, sequences):
    """Facts in the log that no relay has to send, as after a restore or from before there was a seal."""
    for sequence in sequences:
        fact = sender.envelope(OrderStarted(order_id=order, started_on=DAY), sequence=sequence)
        await connection.execute(
            "insert into event (id, subject, sequence, type, topic, body) values ($1, $2, $3, $4, $5, $6)",
            fact.id, fact.subject, sequence, fact.type, "songjiao.orders", fact.to_bytes(),
        )  # fmt: skip


async def test_what_was_never_sealed_is_sealed_a_thousand_at_a_time(sender, connection, sent):
    await sent()
    await read_back(sender, connection, uuid4(), range(1, 1203))
    await sent()
    assert (await one_chain(connection)).count == 202


async def test_the_seal_is_append_only(connection):
    for table in ("seal", "seal_published"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(f"truncate {table}")
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("update seal set root = chained")
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("delete from seal")


class TestPublishing:
    @pytest.fixture
    async def operator(self, sender):
        async with sender.client("administrator") as client:
            yield client

    async def publish(self, operator):
        part = None
        while part is None:
            part = Taken.model_validate((await operator.post("/seal")).json()).part
        publication = Publication.over([part])
        kept = await operator.post("/seal/published", json=publication.model_dump(mode="json"))
        assert kept.status_code == 204, kept.text
        return publication

    async def story(self, operator, subject, windows):
        answer = await operator.get(f"/seal/stories/{subject}", params={"windows": windows})
        return Story.model_validate(answer.json())

    async def test_each_story_is_proven_as_it_was_when_a_root_was_published(self, sender, operator, sent):
        order = uuid4()
        await say(sender, order, uuid4(), times=2)
        await sent()
        first = (await self.publish(operator)).parts[0]
        await say(sender, order, times=3)
        await sent()
        second = (await self.publish(operator)).parts[0]
        for part, facts in ((first, 2), (second, 5)):
            story = await self.story(operator, order, part.windows)
            (head,) = story.heads
            assert head.sequence == len(story.facts) == facts
            assert leads(head.leaf, head.at, part.subjects, head.path, part.heads)
            said = await sender.envelopes(order)
            assert [Envelope.from_bytes(each.body.encode()) for each in story.facts] == said[:facts]

    async def test_that_nothing_was_said_is_proven_by_the_heads_to_both_sides(self, operator):
        part = (await self.publish(operator)).parts[0]
        for subject, count in ((new_id(), 2), ("0", 1), ("7fffffff-ffff", 2)):
            story = await self.story(operator, subject, part.windows)
            assert story.facts == ()
            assert len(story.heads) in {1, count}
            for head in story.heads:
                assert leads(head.leaf, head.at, part.subjects, head.path, part.heads)

    async def test_a_long_log_is_taken_in_call_by_call_with_the_same_outcome(
        self, sender, operator, connection, sent, monkeypatch
    ):
        orders = [uuid4() for _ in range(3)]
        for _ in range(3):
            await say(sender, *orders, times=2)
            await sent()
        ticks = iter(range(0, 10**6, 6))
        monkeypatch.setattr(heads, "monotonic", lambda: next(ticks))
        monkeypatch.setattr(heads, "FACTS_AT_ONCE", 6)
        before = await connection.fetchval("select count(distinct number) from seal_head")
        part = (await self.publish(operator)).parts[0]
        assert await connection.fetchval("select count(distinct number) from seal_head") >= before + 3
        for order in orders:
            (head,) = (await self.story(operator, order, part.windows)).heads
            assert head.sequence == 6
            assert leads(head.leaf, head.at, part.subjects, head.path, part.heads)

    @pytest.mark.parametrize("most", [1, 5])
    async def test_a_window_larger_than_what_is_taken_at_once_is_no_end(
        self, sender, operator, connection, sent, monkeypatch, most
    ):
        monkeypatch.setattr(heads, "FACTS_AT_ONCE", most)
        monkeypatch.setattr(routes, "PAGE", most)
        await sent()
        await self.publish(operator)
        await say(sender, uuid4(), times=6)
        last, rows = await last_window(connection), await connection.fetch(NEXT, 1000, [])
        await close_window(connection, last, window_after(last, rows), rows)
        assert (await self.publish(operator)).parts[0].facts == await connection.fetchval(
            "select count(*) from event"
        )
        last = await last_window(connection)
        params = {"after": last.number - 1, "until": last.number}
        (told,) = (await operator.get("/seal/windows", params=params)).json()
        assert len(told["bodies"]) == 6

    async def test_the_same_root_is_published_again_while_nothing_new_is_sealed(self, operator):
        first = await self.publish(operator)
        assert await self.publish(operator) == first
        told = (await operator.get("/seal/published", params={"root": first.root.hex()})).json()
        assert [Publication.model_validate(each) for each in told] == [first]

    async def test_a_root_waits_neither_for_a_restore_nor_for_a_rebuild(self, operator, connection):
        await connection.execute(
            f"select pg_advisory_lock({alone.RESTORE}), pg_advisory_lock({alone.REBUILD})"
        )
        await self.publish(operator)
        await connection.execute("select pg_advisory_unlock_all()")

    async def test_what_this_service_has_not_sealed_is_not_kept(self, operator):
        part = (await self.publish(operator)).parts[0]
        wrong = part.model_copy(update={"facts": part.facts + 1})
        answer = await operator.post(
            "/seal/published", json=Publication.over([wrong]).model_dump(mode="json")
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "seal.not_ours")
        unrooted = Publication.over([part]).model_copy(update={"root": bytes(32)})
        answer = await operator.post("/seal/published", json=unrooted.model_dump(mode="json"))
        assert (answer.status_code, answer.json()["code"]) == (409, "seal.not_of_its_parts")
        answer = await operator.get(f"/seal/stories/{uuid4()}", params={"windows": part.windows + 1})
        assert (answer.status_code, answer.json()["code"]) == (404, "seal.not_published")

    async def test_every_window_is_handed_out_with_its_facts(self, operator, connection):
        last, bodies = BEFORE_ALL, []
        until_ = (await last_window(connection)).number
        while last.number < until_:
            params = {"after": last.number, "until": until_}
            told = (await operator.get("/seal/windows", params=params)).json()
            for each in told:
                last = last.next([leaf(body.encode()) for body in each["bodies"]])
                assert each["window"] == last.model_dump(mode="json")
                bodies += each["bodies"]
        assert len(bodies) == await connection.fetchval("select count(*) from event")

    async def test_what_was_read_back_is_sealed_before_what_is_said_after_it(
        self, sender, operator, connection, sent
    ):
        order, put_back = uuid4(), uuid4()
        await say(sender, put_back, times=3)
        await sent()
        await connection.execute(
            "insert into unsent select position from event where subject = $1", str(put_back)
        )
        await read_back(sender, connection, order, range(1, 4))
        assert (await say(sender, order))[0].sequence == 4
        await sent()
        await one_chain(connection)
        await self.publish(operator)

    async def test_what_waited_in_a_backup_is_sealed_before_what_was_read_back(
        self, sender, operator, connection, sent
    ):
        order = uuid4()
        await say(sender, order)
        await read_back(sender, connection, order, range(2, 4))
        await sent()
        await one_chain(connection)
        await self.publish(operator)

    async def test_what_an_older_relay_has_sent_unsealed_is_sealed_before_the_newer(
        self, sender, operator, connection, sent
    ):
        order = uuid4()
        await say(sender, order)
        await sent()
        await say(sender, order, times=2)
        await connection.execute("delete from unsent")
        await say(sender, order, times=2)
        await sent()
        await one_chain(connection)
        await self.publish(operator)

    async def test_nothing_is_published_over_a_log_with_a_gap(self, sender, operator, connection, sent):
        await read_back(sender, connection, uuid4(), [1, 3])
        await sent()
        answer = await operator.post("/seal")
        assert (answer.status_code, answer.json()["code"]) == (409, "seal.broken_log")
