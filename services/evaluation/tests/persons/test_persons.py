"""What evaluation holds of a person, and the name once they are erased: gone at once, or kept for files only."""

import io
from datetime import date, timedelta
from uuid import uuid4
from zipfile import ZipFile

from contracts.programme import load
from contracts.values import because
from contracts.workers import WorkerErased
from evaluation import directory
from evaluation.persons import rules
from evaluation.persons.rules import Needed

from .. import builders as a

PERSONAL = load(a.PROGRAMMES).rules.personal
DAY = date(2027, 3, 10)


def erased(worker, day=DAY):
    return WorkerErased(worker_id=worker, reason=because("worker.asked_to_be_erased"), erased_on=day)


async def names(evaluation, workers):
    async with evaluation.transactions.begin() as tx:
        return await directory.names(tx, workers)


class TestRules:
    def test_a_name_is_needed_until_the_longest_rule_is_over(self):
        last = {"training": date(2027, 3, 1), "certificates": date(2027, 4, 1)}
        first, second = rules.needed(last, PERSONAL, DAY)
        assert first == Needed("certificates", date(2027, 4, 1), date(2037, 3, 31))
        assert second == Needed("training", date(2027, 3, 1), date(2037, 2, 28))
        assert rules.needed(last, PERSONAL, date(2037, 3, 1)) == (first,)
        assert rules.needed(last, PERSONAL, date(2037, 4, 1)) == ()

    def test_who_was_never_there_is_not_needed(self):
        assert rules.needed({}, PERSONAL, DAY) == ()


class TestHeld:
    async def test_everything_of_the_person_by_what_it_is(self, given, union, jinniu, bgzb):
        played = await given.delivered()
        await given.certified(played)
        worker = played.workers[0]
        held = (await jinniu.get(f"/workers/{worker}")).json()
        whole = (await union.get(f"/workers/{worker}")).json()
        assert whole["parts"].pop("findings") == [], "what is asked about is the union's"
        assert held == whole
        assert {part: len(rows) > 0 for part, rows in held["parts"].items()} == {
            "attended": True, "signed": False, "marks": True, "certificates": True, "claims": False,
        }  # fmt: skip
        assert held["known"]["name"]
        assert [each["of"] for each in held["needed"]] == ["certificates", "training"]
        assert {each["source"] for each in held["needed"]} == {"public fact"}
        for way in (bgzb.get(f"/workers/{worker}"), union.get(f"/workers/{uuid4()}")):
            answer = await way
            assert (answer.status_code, answer.json()["code"]) == (404, "worker.unknown")


class TestErased:
    async def test_who_was_never_taught_is_a_number_at_once(self, evaluation, given, union):
        played = await given.an_order(heads=2)
        worker, other = played.workers
        await evaluation.deliver(erased(worker, await given.today()))
        shown = await names(evaluation, played.workers)
        assert shown[worker] == f"#{str(worker)[:8]}"
        assert not shown[other].startswith("#")
        async with evaluation.transactions.begin() as tx:
            assert await directory.kept_workers(tx, [worker]) == {}
        assert (await union.get(f"/workers/{worker}")).json()["known"] is None

    async def test_files_name_who_was_taught_as_long_as_they_are_kept(self, evaluation, given, union):
        played = await given.delivered()
        batch = await given.certified(played)
        worker, today = played.workers[0], await given.today()
        name = (await names(evaluation, [worker]))[worker]
        await evaluation.deliver(erased(worker, today))
        assert (await names(evaluation, [worker]))[worker] == f"#{str(worker)[:8]}"
        held = (await union.get(f"/workers/{worker}")).json()
        assert (held["known"], held["kept_until"]) == (None, held["needed"][0]["until"])
        seen = (await union.get(f"/batches/{batch.batch_id}")).text
        assert name not in seen
        assert name in await archive(union, batch)
        until = date.fromisoformat(held["kept_until"])
        await evaluation.fire_deadlines(a.at(until, 23))
        assert name in await archive(union, batch)
        await evaluation.fire_deadlines(a.at(until + timedelta(days=1), 1))
        assert name not in await archive(union, batch)

    async def test_who_is_listed_again_is_known_again_and_stays(self, evaluation, given, intake):
        played = await given.delivered()
        worker, today = played.workers[0], await given.today()
        await evaluation.deliver(erased(worker, today))
        async with evaluation.transactions.begin() as tx:
            until, _ = await directory.kept_until(tx, worker)
            await directory.save(tx, [intake.known[worker]])
        await evaluation.fire_deadlines(a.at(until + timedelta(days=2), 1))
        assert (await names(evaluation, [worker]))[worker] == intake.known[worker].name


async def archive(union, batch) -> str:
    """The readable files of the batch's archive."""
    content = (await union.get(f"/batches/{batch.batch_id}/archive")).content
    with ZipFile(io.BytesIO(content)) as files:
        return "".join(
            files.read(name).decode("utf-8", "ignore")
            for name in files.namelist()
            if not name.endswith(".pdf")
        )
