"""Facts arrive: each effect once, in order; the one that cannot be digested stops its own order only."""

import asyncio
from urllib.parse import quote
from uuid import uuid4

import pytest
from aiokafka import TopicPartition
from kit_house import reader as house
from kit_house.cutting import CUTS, blocked

from contracts.order_intake import OrderFulfilled, OrderStarted
from servicekit import replay
from servicekit.consumer import MOST_PARKED, NOTHING_APPLIED, Paused
from servicekit.testing import service_on

DAY = "2026-05-06"
CONSUMER = "scheduling"


def a_step(order):
    return OrderStarted(order_id=order, started_on=DAY)


async def effects(reader, order):
    async with reader.transactions.begin() as tx:
        rows = await tx.driver.fetch("select sequence from effect where order_id = $1 order by n", str(order))
    return [row["sequence"] for row in rows]


async def parked(reader, order, consumer=CONSUMER):
    async with reader.transactions.begin() as tx:
        rows = await tx.driver.fetch(
            "select sequence, reason from parked where subject = $1 and consumer = $2 order by seq",
            str(order),
            consumer,
        )
    return [(row["sequence"], row["reason"]) for row in rows]


async def set_broken(reader, order, *, broken=True):
    act = "insert into broken values ($1)" if broken else "delete from broken where order_id = $1"
    async with reader.transactions.begin() as tx:
        await tx.driver.execute(act, str(order))


def records(reader, *facts, **rest):
    envelopes = [reader.envelope(fact, **rest) for fact in facts]
    return [(each.subject.encode(), each.to_bytes()) for each in envelopes]


class TestDuplicates:
    async def test_a_whole_topic_read_again_changes_nothing(self, reader):
        orders = [uuid4() for _ in range(7)]
        topic = records(reader, *(a_step(orders[n % 7]) for n in range(280)))
        await reader.deliver_raw(topic)
        async with reader.transactions.begin() as tx:
            before = (
                await tx.driver.fetch("select * from effect order by n"),
                await tx.driver.fetchval("select count(*) from event"),
            )
        await reader.deliver_raw(topic)
        await reader.deliver_raw(list(reversed(topic)))
        await reader.deliver_raw(topic + topic)
        async with reader.transactions.begin() as tx:
            after = (
                await tx.driver.fetch("select * from effect order by n"),
                await tx.driver.fetchval("select count(*) from event"),
            )
        assert before == after
        for order in orders:
            assert await effects(reader, order) == list(range(1, 41))

    async def test_two_members_with_the_same_facts_at_once_have_one_effect(self, reader):
        order = uuid4()
        topic = records(reader, *(a_step(order) for _ in range(60)))
        await asyncio.gather(*(reader.deliver_raw(topic, consumer=CONSUMER) for _ in range(4)))
        assert await effects(reader, order) == list(range(1, 61))

    async def test_what_a_reaction_says_has_the_fact_as_its_cause(self, reader):
        order = uuid4()
        (id_,) = await reader.deliver(a_step(order), key="the-key")
        (said,) = await reader.envelopes(order)
        assert (said.causationid, said.correlationid, said.actor) == (id_, "the-key", "service:scheduling")


class TestAPoisonFact:
    async def test_stops_its_order_only_and_is_replayed_in_order_after_the_mend(self, reader):
        sick, well = uuid4(), [uuid4() for _ in range(5)]
        await reader.deliver(a_step(sick), *(a_step(order) for order in well))
        await set_broken(reader, sick)
        facts = [fact for _ in range(4) for fact in (a_step(sick), *(a_step(order) for order in well))]
        topic = records(reader, *facts)
        await reader.deliver_raw(topic)
        await reader.deliver_raw(topic)
        assert await effects(reader, sick) == [1]
        assert await parked(reader, sick) == [(2, "poison"), (3, "behind"), (4, "behind"), (5, "behind")]
        for order in well:
            assert await effects(reader, order) == [1, 2, 3, 4, 5]

        async with reader.client("administrator") as client:
            shown = (await client.get("/parked")).json()
            (first,) = [each for each in shown if each["subject"] == str(sick)]
            assert (first["facts"], first["reason"]) == (4, "poison")
            assert "this order is broken" in first["error"]
            (row,) = (await client.get(f"/parked/{first['id']}")).json()
            assert str(sick) in row["body"]
            still = await client.post(f"/parked/{CONSUMER}/{sick}/replay")
            assert still.json()["left"] == 4
            await set_broken(reader, sick, broken=False)
            done = await client.post(f"/parked/{CONSUMER}/{sick}/replay")
            assert done.json() == {"left": 0, "first": None}
        assert await effects(reader, sick) == [1, 2, 3, 4, 5]
        await reader.deliver_raw(topic)
        await reader.deliver(a_step(sick))
        assert await effects(reader, sick) == [1, 2, 3, 4, 5, 6]

    async def test_is_skipped_by_a_person_with_a_reason_that_is_kept(self, reader):
        order = uuid4()
        await set_broken(reader, order)
        await reader.deliver_raw(records(reader, a_step(order), a_step(order)))
        await set_broken(reader, order, broken=False)
        async with reader.client("administrator", user="admin-1") as client:
            (first,) = [
                each for each in (await client.get("/parked")).json() if each["subject"] == str(order)
            ]
            path = f"/parked/{CONSUMER}/{order}/skip"
            wrong = await client.post(path, json={"id": str(uuid4()), "reason": "a test entry"})
            assert (wrong.status_code, wrong.json()["code"]) == (409, "parked.another_first")
            right = await client.post(path, json={"id": first["id"], "reason": "a test entry"})
            assert right.json()["left"] == 0
        assert await effects(reader, order) == [2]
        async with reader.transactions.begin() as tx:
            kept = await tx.driver.fetchrow(
                "select by, reason, sequence from skipped where subject = $1", str(order)
            )
        assert tuple(kept) == ("admin-1", "a test entry", 1)

    @pytest.mark.parametrize("bad", ["no json", "unknown version", "missing field", "wrong key"])
    async def test_of_any_kind_is_parked_and_the_others_flow(self, reader, bad):
        sick, well = uuid4(), uuid4()
        ((key, body),) = records(reader, a_step(sick))
        spoilt = {
            "no json": (key, b"{ nothing"),
            "unknown version": (key, body.replace(b"order.started.v1", b"order.started.v9")),
            "missing field": (key, body.replace(b'"started_on"', b'"ended_on"')),
            "wrong key": (str(well).encode()[:-1] + b"x", body),
        }[bad]
        await reader.deliver_raw(
            [*records(reader, a_step(well)), spoilt, *records(reader, a_step(well), a_step(sick))]
        )
        assert await effects(reader, well) == [1, 2]
        assert await effects(reader, sick) == []
        rows = await parked(reader, sick)
        assert rows[0][1] == "poison"
        assert rows[1:] == [(2, "behind")]

    async def test_that_could_not_be_read_can_be_skipped_and_its_order_goes_on(self, reader):
        order = uuid4()
        await reader.deliver(a_step(order))
        _, *rest = records(reader, a_step(order), a_step(order), a_step(order))
        await reader.deliver_raw([(str(order).encode(), b"\x00garbage"), *rest], consumer=CONSUMER)
        assert await effects(reader, order) == [1]
        async with reader.transactions.begin() as tx:
            (first, *_) = await replay._locked(reader.service.takings[CONSUMER], tx, str(order))
            left = await replay.skip(
                reader.service.takings[CONSUMER], tx, str(order), first.id, by="a", reason="garbage"
            )
        assert left == []
        assert await effects(reader, order) == [1, 3, 4]
        await reader.deliver_raw([(str(order).encode(), b"\x00garbage"), *rest], consumer=CONSUMER)
        assert await parked(reader, order) == [], "read again, it is still done without"
        assert await effects(reader, order) == [1, 3, 4]

    async def test_a_record_that_names_no_subject_can_be_done_without_too(self, reader):
        before = records(reader, *(a_step(uuid4()) for _ in range(9)))  # its place is what it is known by
        await reader.deliver_raw([*before, (None, b"garbage")], consumer=CONSUMER)
        async with reader.client("administrator") as client:
            (first,) = [each for each in (await client.get("/parked")).json() if "test" in each["subject"]]
            path = f"/parked/{CONSUMER}/{quote(first['subject'], safe='')}/skip"
            done = await client.post(path, json={"id": first["id"], "reason": "not ours"})
        assert done.json() == {"left": 0, "first": None}

    async def test_a_pause_that_another_member_has_begun_is_kept_within_seconds(
        self, new_database, monkeypatch
    ):
        async with service_on(new_database("paused_too"), house.build, house.Settings) as reader:
            consumer = reader.service.consumers[CONSUMER]
            monkeypatch.setattr(consumer, "assignment", lambda: frozenset({TopicPartition("test", 0)}))
            await reader.deliver_raw(records(reader, a_step(uuid4())), consumer=CONSUMER)
            async with reader.transactions.begin() as tx:
                await replay.pause(tx, CONSUMER, "twenty were parked elsewhere")

            async def one_after_another():
                async with asyncio.timeout(10):
                    while True:
                        await reader.deliver_raw(records(reader, a_step(uuid4())), consumer=CONSUMER)

            with pytest.raises(Paused):
                await one_after_another()

    async def test_many_orders_at_once_pause_the_consumer_until_a_person_resumes_it(self, new_database):
        async with service_on(new_database("paused"), house.build, house.Settings) as reader:
            orders = [uuid4() for _ in range(MOST_PARKED + 10)]
            for order in orders:
                await set_broken(reader, order)
            topic = records(reader, *(a_step(order) for order in orders))
            with pytest.raises(Paused):
                await reader.deliver_raw(topic, consumer=CONSUMER)
            async with reader.transactions.begin() as tx:
                assert await tx.driver.fetchval("select count(*) from parked") == MOST_PARKED
                await tx.driver.execute("delete from broken")
            with pytest.raises(Paused):
                await reader.deliver_raw(topic, consumer=CONSUMER)
            (reason,) = [each for each in await reader.service.not_ready() if each.startswith(CONSUMER)]
            assert (NOTHING_APPLIED in reason, "songjiao parked resume" in reason) == (False, True)
            async with reader.client("administrator") as client:
                assert (await client.post(f"/consumers/{CONSUMER}/resume")).status_code == 204
                await reader.deliver_raw(topic, consumer=CONSUMER)
                assert await effects(reader, orders[-1]) == [1]
                for order in orders[:MOST_PARKED]:
                    await client.post(f"/parked/{CONSUMER}/{order}/replay")
            for order in orders:
                assert await effects(reader, order) == [1]


class TestAGap:
    async def test_waits_for_its_forerunner_and_goes_on_by_itself_when_it_comes(self, reader):
        order = uuid4()
        topic = records(reader, *(a_step(order) for _ in range(5)))
        await reader.deliver_raw([topic[0], *topic[2:4]])
        assert await parked(reader, order) == [(3, "gap"), (4, "behind")]
        await reader.deliver_raw([topic[4]])
        await reader.deliver_raw([topic[1]])
        assert await parked(reader, order) == []
        assert await effects(reader, order) == [1, 2, 3, 4, 5]

    async def test_can_be_done_without_by_a_person(self, reader):
        order = uuid4()
        topic = records(reader, *(a_step(order) for _ in range(4)))
        await reader.deliver_raw([topic[0], topic[3]])
        async with reader.client("administrator") as client:
            (first,) = [
                e
                for e in (await client.get("/parked")).json()
                if e["subject"] == str(order) and e["consumer"] == CONSUMER
            ]
            done = await client.post(
                f"/parked/{CONSUMER}/{order}/skip", json={"id": first["id"], "reason": "lost for good"}
            )
        assert done.json()["left"] == 0
        assert await effects(reader, order) == [1, 4]


class TestTypesWithoutReaction:
    async def test_unknown_and_ignored_types_only_move_the_head(self, reader):
        order = uuid4()
        ((key, unknown),) = records(reader, a_step(order))
        unknown = unknown.replace(b"order.started.v1", b"order.painted.v1")
        ignored = records(reader, OrderFulfilled(order_id=order, fulfilled_on=DAY))
        await reader.deliver_raw(
            [(key, unknown), *ignored, *records(reader, a_step(order))], consumer=CONSUMER
        )
        assert await effects(reader, order) == [3]
        assert await parked(reader, order) == []


class TestPassingFailures:
    async def test_are_retried_and_never_parked(self, reader):
        """The connection is cut under the consumer, again and again; a lock wait is ended by the server."""
        orders = [uuid4() for _ in range(20)]
        topic = records(reader, *(a_step(order) for order in orders for _ in range(30)))
        delivering = asyncio.create_task(reader.deliver_raw(topic, consumer=CONSUMER))
        cuts = 0
        while not delivering.done():
            async with reader.transactions.begin() as tx:
                cuts += await tx.driver.fetchval(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                    "where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'"
                )
            await asyncio.wait([delivering], timeout=0.15 if cuts < 5 else 60)
        await delivering
        assert cuts > 0
        for order in orders:
            assert await effects(reader, order) == list(range(1, 31))
            assert await parked(reader, order) == []

    @pytest.mark.parametrize("how", CUTS)
    async def test_in_asking_whether_the_consumer_is_paused_is_retried_too(self, new_database, how):
        async with service_on(new_database("cut"), house.build, house.Settings) as reader:
            order = uuid4()
            topic = records(reader, a_step(order))
            async with blocked(reader, "lock table paused in access exclusive mode") as held:
                delivering = asyncio.create_task(reader.deliver_raw(topic, consumer=CONSUMER))
                await held.cut(how, times=2)
            await delivering
            assert await effects(reader, order) == [1]

    @pytest.mark.parametrize("how", CUTS)
    async def test_in_pausing_the_consumer_does_not_let_it_go_on(self, new_database, how):
        async with service_on(new_database("cut"), house.build, house.Settings) as reader:
            orders = [uuid4() for _ in range(MOST_PARKED + 1)]
            for order in orders:
                await set_broken(reader, order)
            topic = records(reader, *(a_step(order) for order in orders))
            async with blocked(reader, "lock table paused in share mode") as held:  # read, not written
                delivering = asyncio.create_task(reader.deliver_raw(topic, consumer=CONSUMER))
                await held.cut(how, times=2)
            with pytest.raises(Paused):
                await delivering
            async with reader.transactions.begin() as tx:
                assert await replay.paused(tx, CONSUMER)


class TestABoard:
    async def test_is_folded_once_per_fact_and_a_row_can_go(self, reader):
        orders = [uuid4() for _ in range(3)]
        topic = records(reader, *(a_step(order) for _ in range(50) for order in orders))
        for _ in range(2):
            await reader.deliver_raw(topic, consumer="scheduling-boards")
        async with reader.transactions.begin() as tx:
            rows = await tx.driver.fetch(
                "select steps, marks from card where order_id = any($1::text[])",
                [str(order) for order in orders],
            )
        assert [row["steps"] for row in rows] == [50] * 3
        await reader.deliver_raw(
            records(reader, OrderFulfilled(order_id=orders[0], fulfilled_on=DAY)),
            consumer="scheduling-boards",
        )
        async with reader.transactions.begin() as tx:
            assert (
                await tx.driver.fetchval("select steps from card where order_id = $1", str(orders[0])) is None
            )
