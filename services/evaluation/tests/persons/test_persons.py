"""What evaluation holds of a person, and the name once they are erased: gone at once, or kept for files only."""

import io
from datetime import date, timedelta
from uuid import UUID, uuid4
from zipfile import ZipFile

import yaml
from sqlalchemy import select

from contracts.aftercare import Answered, AskedLater, FollowupAnswered, FollowupDue
from contracts.programme import load
from contracts.values import Excused, ServiceLine, because
from contracts.workers import WorkerErased
from evaluation import directory
from evaluation.aftercare import store as aftercare
from evaluation.aftercare.tables import followup
from evaluation.delivery import correction_store
from evaluation.delivery.corrections import Asked, Correction
from evaluation.examinations import evidence_store
from evaluation.examinations import store as examinations
from evaluation.examinations.evidence import Evidence, Kind, Paper, Told
from evaluation.examinations.tables import objection_note
from evaluation.persons import rules
from evaluation.persons.rules import Needed

from .. import builders as a

PERSONAL = load(a.PROGRAMMES).rules.personal
DAY = date(2027, 3, 10)
SAID = "演示的异议：当天发烧"
LOCALE = a.PROGRAMMES.parent / "services" / "portal" / "src" / "portal" / "locale"
LEFT = "insert into sign_out values ($1, $2, $3, $4, 'scan', 0)"
AGAIN = "insert into sign_in_again values ($1, $3, $2, $4, 'roll_call', true)"
EXCUSE = "update session set excused = $2::jsonb where session_id = $1"


def erased(worker, day=DAY):
    return WorkerErased(worker_id=worker, reason=because("worker.asked_to_be_erased"), erased_on=day)


async def told_more(evaluation, union, played, worker):
    """What is kept of somebody beside attendance, marks and certificates."""
    session, moment, reason = played.sessions[0], a.at(DAY, 9), because("attendance.paper_list")
    (mark,) = (await union.get(f"/workers/{worker}")).json()["parts"]["marks"]
    due = FollowupDue(
        order_id=played.order_id, months=3, people=(AskedLater(worker_id=worker, enterprise_id="jinniu"),),
        due_on=DAY, answers_by=DAY,
    )  # fmt: skip
    answered = FollowupAnswered(
        order_id=played.order_id, months=3, worker_id=worker,
        answers=(Answered(question="pay", answer="higher"),), by="worker", answered_on=DAY,
    )  # fmt: skip
    paper = Told(kind=Kind.DIPLOMA, diploma="vocational", related=False)
    asked = Asked(uuid4(), worker, 90, uuid4(), reason)
    async with evaluation.transactions.begin() as tx:
        for row in (LEFT, AGAIN):
            await tx.driver.execute(row, session.session_id, worker, uuid4(), moment)
        one = Excused(worker_id=worker, reason=because("excuse.illness"))
        await tx.driver.execute(EXCUSE, session.session_id, f"[{one.model_dump_json()}]")
        await correction_store.save(
            tx, Correction(played.order_id, session.session_id, asked, 180, "union-1", moment)
        )
        await evidence_store.add(
            tx, Evidence(uuid4(), worker, a.ELECTRICIAN, paper, Paper.ORIGINAL, DAY, "union-1", moment)
        )
        await examinations.save_note(tx, UUID(mark["evaluation_id"]), moment, SAID)
        await aftercare.add_due(tx, due)
        await aftercare.answer(tx, answered)


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
    async def test_everything_of_the_person_by_what_it_is(self, evaluation, given, union, jinniu, bgzb):
        played = await given.delivered()
        await given.certified(played)
        worker = played.workers[0]
        await told_more(evaluation, union, played, worker)
        held = (await jinniu.get(f"/workers/{worker}")).json()
        whole = (await union.get(f"/workers/{worker}")).json()
        for part, rows in whole["parts"].items():
            columns = [f"personal.field.{column}" for row in rows for column in row]
            for words in _words():
                assert {each for each in [f"personal.part.{part}", *columns] if each not in words} == set()
        assert whole["parts"].pop("findings") == [], "what is asked about is the union's"
        (paper,) = whole["parts"].pop("evidence")
        assert [paper[each] for each in ("kind", "diploma", "related")] == ["diploma", "vocational", False]
        assert held == whole
        assert {part for part, rows in held["parts"].items() if not rows} == {"signed", "claims"}
        parts = {part: rows[0] for part, rows in held["parts"].items() if rows}
        assert (parts["signed_out"]["way"], parts["signed_again"]["on_paper"]) == ("scan", True)
        assert "excuse.illness" in parts["excused"]["reason"]
        assert [parts["corrections"][each] for each in ("was", "minutes", "state")] == [180, 90, "proposed"]
        assert (parts["marks"]["carried"], parts["marks"]["failed"]) == ("[]", [])
        assert parts["followups"]["answers"] == '{"pay": "higher"}'
        assert parts["objections"]["text"] == SAID
        assert held["known"]["name"]
        assert [each["of"] for each in held["needed"]] == ["certificates", "training"]
        assert {each["source"] for each in held["needed"]} == {"public fact"}
        for way in (bgzb.get(f"/workers/{worker}"), union.get(f"/workers/{uuid4()}")):
            answer = await way
            assert (answer.status_code, answer.json()["code"]) == (404, "worker.unknown")

    async def test_an_enterprise_hears_nothing_of_what_others_need_the_name_for(
        self, evaluation, given, union, jinniu, bgzb
    ):
        played = await given.delivered()
        worker, last = played.workers[0], str(played.sessions[-1].slot.day)
        lines = [a.a_line(1, ServiceLine.THEORY_TRAINING, [worker])]
        await evaluation.deliver(a.an_order(uuid4(), lines, "bgzb"))
        for client, since in ((union, [last]), (jinniu, [last]), (bgzb, [])):
            held = (await client.get(f"/workers/{worker}")).json()
            assert [each["since"] for each in held["needed"]] == since
        await evaluation.deliver(erased(worker, await given.today()))
        kept = [(await each.get(f"/workers/{worker}")).json()["kept_until"] for each in (union, jinniu, bgzb)]
        assert (kept[0] == kept[1] is not None, kept[2]) == (True, None)


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

    async def test_nothing_that_was_said_of_the_person_can_be_read(self, evaluation, given, union):
        played = await given.delivered()
        await given.certified(played)
        worker, other = played.workers[:2]
        for each in (worker, other):
            await told_more(evaluation, union, played, each)
        before = await said(evaluation)
        await evaluation.deliver(erased(worker, await given.today()))
        left = await said(evaluation)
        for word in (SAID, "vocational", "higher"):
            assert before.count(word) - left.count(word) == 1, "the other's stays"
        parts = (await union.get(f"/workers/{worker}")).json()["parts"]
        (paper,), (answered,) = parts["evidence"], parts["followups"]
        assert (paper["kind"], paper["seen_on"], "diploma" in paper) == ("diploma", str(DAY), False)
        assert (answered["answers"], answered["answered_on"]) == ("{}", str(DAY))
        assert parts["objections"] == []
        await evaluation.deliver(erased(worker, await given.today()))
        assert await said(evaluation) == left

    async def test_who_is_listed_again_is_known_again_and_stays(self, evaluation, given, intake):
        played = await given.delivered()
        worker, today = played.workers[0], await given.today()
        await evaluation.deliver(erased(worker, today))
        async with evaluation.transactions.begin() as tx:
            until, _ = await directory.kept_until(tx, worker)
            await directory.save(tx, [intake.known[worker]])
        await evaluation.fire_deadlines(a.at(until + timedelta(days=2), 1))
        assert (await names(evaluation, [worker]))[worker] == intake.known[worker].name


async def said(evaluation) -> str:
    """All that papers, answers and objections say."""
    async with evaluation.transactions.begin() as tx:
        papers = [row.told for row in await tx.execute(select(evidence_store.evidence))]
        words = [row.text for row in await tx.execute(select(objection_note))]
        answers = [str(row.answers) for row in await tx.execute(select(followup))]
    return "\n".join(sorted(papers) + sorted(words) + sorted(answers))


async def archive(union, batch) -> str:
    """The readable files of the batch's archive."""
    content = (await union.get(f"/batches/{batch.batch_id}/archive")).content
    with ZipFile(io.BytesIO(content)) as files:
        return "".join(
            files.read(name).decode("utf-8", "ignore")
            for name in files.namelist()
            if not name.endswith(".pdf")
        )


def _words():
    """What the portal's file calls parts and columns."""
    return [yaml.safe_load((LOCALE / each / "personal.yaml").read_text("utf-8")) for each in ("zh", "en")]
