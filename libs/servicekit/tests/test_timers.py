"""Time passes, and long work is done: at least once, its facts once."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from kit_house import sender as house
from kit_house.cutting import CUTS, subject_held

from servicekit import clock
from servicekit.runner import Runner
from servicekit.testing import service_on


@pytest.fixture
async def union(sender):
    await sender.forget()
    async with sender.client("union") as client:
        yield client


class TestADeadline:
    async def test_fires_once_when_its_time_has_come_and_not_before(self, sender, union):
        order = uuid4()
        await union.post(f"/orders/{order}/deadline?seconds=3600")
        assert await sender.fire_deadlines() == 0
        assert await sender.fire_deadlines(await sender.now() + timedelta(hours=1)) == 1
        assert await sender.fire_deadlines() == 0
        (said,) = await sender.envelopes(order)
        assert (said.type, said.actor) == ("order.started.v1", "service:order-intake")

    async def test_that_was_dropped_or_moved_does_not_fire(self, sender, union):
        dropped, moved = uuid4(), uuid4()
        for order in (dropped, moved):
            await union.post(f"/orders/{order}/deadline?seconds=60")
        await union.delete(f"/orders/{dropped}/deadline")
        await union.post(f"/orders/{moved}/deadline?seconds=7200")
        assert await sender.fire_deadlines(await sender.now() + timedelta(minutes=2)) == 0

    async def test_fires_once_with_several_runners_and_commands_on_the_same_order(self, sender, union):
        """The runner and the command take their locks in the same order: nobody waits in a ring."""
        orders = [uuid4() for _ in range(12)]
        for order in orders:
            await union.post(f"/orders/{order}/deadline?seconds=0")
        runners = [Runner(house.timers, sender.transactions) for _ in range(3)]

        async def work(runner):
            while await runner.fire_one():
                pass

        async def drop(order):
            assert (await union.delete(f"/orders/{order}/deadline")).status_code == 204

        await asyncio.gather(*map(work, runners), *map(drop, orders[:6]))
        for order in orders[6:]:
            assert len(await sender.facts(order)) == 1
        for order in orders[:6]:
            assert len(await sender.facts(order)) <= 1

    async def test_that_fails_tries_again_and_is_seen(self, sender, union):
        order = uuid4()
        await union.post(f"/orders/{order}/deadline?seconds=0")
        async with sender.transactions.begin() as tx:
            await tx.driver.execute("update due set data = '{}' where key = $1", str(order))
        with pytest.raises(AssertionError, match="lapses KeyError"):
            await sender.fire_deadlines()
        async with sender.client("administrator") as client:
            (failing,) = (await client.get("/operations")).json()["failing"]
        assert (failing["kind"], failing["key"], failing["tries"]) == ("step.lapses", str(order), 1)
        async with sender.transactions.begin() as tx:
            await tx.driver.execute(
                """update due set data = '{"day": "2026-05-06"}', again_at = null, tries = 0"""
            )
        assert await sender.fire_deadlines() == 1


class TestAJob:
    async def test_is_read_computed_and_saved_with_its_cause(self, sender, union):
        order = uuid4()
        key = {"Idempotency-Key": f"job-{order}"}
        await union.post(f"/orders/{order}/job", headers=key)
        assert await sender.work_off_jobs() == 1
        started, counted = await sender.envelopes(order)
        assert counted.type == "order.fulfilled.v1"
        assert (counted.causationid, counted.correlationid) == (started.id, key["Idempotency-Key"])

    async def test_asked_for_again_while_computed_is_computed_again(self, sender, union, monkeypatch):
        order = uuid4()
        await union.post(f"/orders/{order}/job")

        async def ask_again_meanwhile(self, given):
            if given == 1:
                await union.post(f"/orders/{order}/job")
            return given * 2

        monkeypatch.setattr(house.CountOrder, "compute", ask_again_meanwhile)
        await sender.work_off_jobs()
        facts = [fact for fact in await sender.facts(order) if fact.type == "order.fulfilled.v1"]
        assert [fact.fulfilled_on.day for fact in facts] == [4]

    async def test_that_fails_waits_with_its_error(self, new_database):
        async with service_on(new_database("failing"), house.build, house.Settings) as sender:
            sender.transactions.known = {"fail": True}
            async with sender.client("union") as client:
                await client.post(f"/orders/{uuid4()}/job")
            with pytest.raises(AssertionError, match="the job is broken"):
                await sender.work_off_jobs()


class TestThePracticeClock:
    async def test_is_moved_forward_by_the_conductor_only(self, sender):
        async with sender.client("administrator") as client:
            before = (await client.get("/practice/quiet")).json()
            assert before["lag"] is None or before["lag"] >= 0
            moved = await client.post("/practice/clock", json={"seconds": 86_400})
            assert moved.status_code == 200, moved.text
            assert moved.json()["offset_seconds"] >= 86_400
            back = await client.post("/practice/clock", json={"to": before["now"]})
            assert (back.status_code, back.json()["code"]) == (422, "clock.backwards")
        async with sender.client("union") as client:
            assert (await client.post("/practice/clock", json={"seconds": 1})).status_code == 403

    async def test_names_the_next_deadline(self, sender, union):
        await union.post(f"/orders/{uuid4()}/deadline?seconds=500")
        async with sender.client("administrator") as client:
            quiet = (await client.get("/practice/quiet")).json()
        assert quiet["next_due"] > quiet["now"]

    async def test_does_not_exist_in_production_and_a_moved_clock_does_not_start(self, new_database):
        url = new_database("production")
        async with service_on(url, house.build, house.Settings, practice=False) as sender:
            async with sender.client("administrator") as client:
                assert (await client.post("/practice/clock", json={"seconds": 1})).status_code == 404
            async with sender.transactions.begin() as tx:
                await clock.move_clock(tx, await clock.now(tx) + timedelta(days=1))
            with pytest.raises(RuntimeError, match="practice"):
                await sender.service.prepare()


@pytest.mark.parametrize("how", CUTS)
class TestAPassingFailure:
    """The connection is cut, or a wait for a lock ended, in the middle of due work: no fault of the work."""

    async def test_of_a_deadline_is_no_try(self, sender, union, how):
        order = uuid4()
        await union.post(f"/orders/{order}/deadline?seconds=0")
        async with subject_held(sender, order) as held:
            firing = asyncio.create_task(sender.fire_deadlines())
            await held.cut(how, times=2)
        await firing  # `fire_deadlines` refuses what failed
        assert len(await sender.facts(order)) == 1

    async def test_of_a_job_is_no_try(self, sender, union, how):
        order = uuid4()
        await union.post(f"/orders/{order}/job")
        async with subject_held(sender, order) as held:
            working = asyncio.create_task(sender.work_off_jobs())
            await held.cut(how, times=2)
        assert await working == 1
        assert [fact.type for fact in await sender.facts(order)] == ["order.started.v1", "order.fulfilled.v1"]

    async def test_that_does_not_pass_counts_in_the_end(self, sender, union, how):
        order = uuid4()
        await union.post(f"/orders/{order}/deadline?seconds=0")
        runner = Runner(house.timers, sender.transactions, patience=0)
        async with subject_held(sender, order) as held:
            firing = asyncio.create_task(runner.fire_one())
            await held.cut(how)
            await firing
        async with sender.client("administrator") as client:
            (failing,) = (await client.get("/operations")).json()["failing"]
        assert (failing["key"], failing["tries"]) == (str(order), 1)
        await union.delete(f"/orders/{order}/deadline")
