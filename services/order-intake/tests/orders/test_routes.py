"""Orders over HTTP, on a real database: who may, what is said, what stays."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

from contracts.order_intake import (
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderRejected,
    OrderReturned,
    OrderSubmitted,
    OrderWithdrawn,
)
from contracts.values import because
from order_intake.orders import store
from servicekit.clock import now

from ..builders import known_by
from ..conftest import LINE, WHY

EVALUATION = LINE | {"service": "skill_evaluation"}


async def state_of(client, order):
    answer = await client.get(f"/orders/{order}")
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestDraftOrder:
    async def test_a_draft_gets_a_number_of_the_year_and_nobody_is_told(self, intake, jinniu):
        answer = await jinniu.post("/orders", json={"programme": "send-teachers-home", "lines": [LINE]})
        assert answer.status_code == 201
        assert answer.json()["number"].startswith("2027-")
        assert await intake.facts() == []

    async def test_numbers_are_never_given_twice(self, jinniu):
        answers = await asyncio.gather(
            *(jinniu.post("/orders", json={"programme": "send-teachers-home"}) for _ in range(12))
        )
        numbers = {answer.json()["number"] for answer in answers}
        assert len(numbers) == 12

    async def test_a_draft_may_be_unfinished(self, jinniu):
        line = {"service": "theory_training", "occupation": "6-31-01-03", "heads": 40}
        answer = await jinniu.post("/orders", json={"programme": "send-teachers-home", "lines": [line]})
        order = await state_of(jinniu, answer.json()["order_id"])
        assert (order["state"], order["lines"][0]["heads"]) == ("draft", 40)
        submitted = await jinniu.post(f"/orders/{order['order_id']}/submit")
        assert submitted.status_code == 422
        assert submitted.json()["code"] == "order.line_incomplete"

    async def test_unknown_programme_survey_and_enterprise_are_told(self, intake, jinniu):
        asked = {"programme": "nonsense", "lines": []}
        assert (await jinniu.post("/orders", json=asked)).json()["code"] == "intake.programme_unknown"
        asked = {"programme": "send-teachers-home", "survey_id": str(uuid4())}
        assert (await jinniu.post("/orders", json=asked)).json()["code"] == "survey.unknown"
        stranger = intake.client("enterprise", organisation="nobody")
        answer = await stranger.post("/orders", json={"programme": "send-teachers-home"})
        assert answer.json()["code"] == "enterprise.unknown"
        nowhere = intake.client("enterprise")
        answer = await nowhere.post("/orders", json={"programme": "send-teachers-home"})
        assert (answer.status_code, answer.json()["code"]) == (403, "intake.organisation_missing")

    async def test_an_edit_keeps_the_people_of_the_line(self, given, jinniu):
        order = await given.a_draft(people=8)
        answer = await jinniu.put(f"/orders/{order}", json={"lines": [LINE | {"bands": ["am", "eve"]}]})
        assert answer.status_code == 204
        line = (await state_of(jinniu, order))["lines"][0]
        assert (line["bands"], line["heads"], line["crews"]) == (
            ["am", "eve"],
            8,
            {"A": 2, "B": 2, "C": 2, "D": 2},
        )


class TestSubmitOrder:
    async def test_the_fact_has_the_people_as_ids_and_the_works_as_they_are(self, intake, given, jinniu):
        order = await given.a_submitted(people=8)
        [fact] = await intake.facts(order)
        assert isinstance(fact, OrderSubmitted)
        assert (fact.enterprise_id, fact.division, fact.shift_pattern, len(fact.lines[0].trainees)) == (
            "jinniu",
            "350428",
            "4x3",
            8,
        )
        assert fact.submitted_on == date(2027, 3, 1)

    async def test_a_repeat_with_the_same_key_has_one_effect_and_the_same_answer(self, intake, given, jinniu):
        order = await given.a_draft()
        key = {"Idempotency-Key": "submit-once-1"}
        first = await jinniu.post(f"/orders/{order}/submit", headers=key)
        again = await jinniu.post(f"/orders/{order}/submit", headers=key)
        assert (first.status_code, again.status_code) == (204, 204)
        assert first.headers["songjiao-position"] == again.headers["songjiao-position"]
        assert len(await intake.facts(order)) == 1

    async def test_a_second_submit_is_refused(self, intake, given, jinniu):
        order = await given.a_submitted()
        answer = await jinniu.post(f"/orders/{order}/submit")
        assert (answer.status_code, answer.json()["code"]) == (409, "order.not_draft")
        assert len(await intake.facts(order)) == 1

    async def test_two_submits_at_once_have_one_effect(self, intake, given, jinniu):
        order = await given.a_draft()
        answers = await asyncio.gather(*(jinniu.post(f"/orders/{order}/submit") for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409, 409]
        assert len(await intake.facts(order)) == 1

    async def test_without_people_it_is_refused_with_the_field(self, intake, given, jinniu):
        order = await given.a_draft(people=0)
        problem = (await jinniu.post(f"/orders/{order}/submit")).json()
        assert (problem["code"], problem["field"]) == ("order.no_trainees", "lines.0.trainees")
        assert set(problem["sentences"]) == {"zh", "en"}
        assert await intake.facts(order) == []

    async def test_impossible_dates_are_refused(self, given, jinniu):
        order = await given.a_draft(LINE | {"earliest": "2027-07-01"})
        assert (await jinniu.post(f"/orders/{order}/submit")).json()["code"] == "order.dates_reversed"
        past = await given.a_draft(LINE | {"earliest": "2026-01-01", "latest": "2026-02-01"})
        assert (await jinniu.post(f"/orders/{past}/submit")).json()["code"] == "order.dates_past"


class TestAnswerOfTheUnion:
    async def test_the_union_takes_a_submitted_order(self, intake, given, union):
        order = await given.a_submitted()
        answer = await union.post(f"/orders/{order}/accept")
        assert answer.status_code == 204
        accepted = (await intake.facts(order))[-1]
        assert isinstance(accepted, OrderAccepted)
        assert (accepted.union_id, accepted.accepted_on) == ("smftu", date(2027, 3, 1))

    async def test_an_order_is_taken_once(self, given, union):
        order = await given.an_accepted()
        answer = await union.post(f"/orders/{order}/accept")
        assert (answer.status_code, answer.json()["code"]) == (409, "order.not_submitted")

    async def test_a_returned_order_is_mended_and_submitted_again(self, intake, given, union, jinniu):
        order = await given.a_submitted()
        assert (await union.post(f"/orders/{order}/return", json=WHY)).status_code == 204
        returned = await state_of(jinniu, order)
        assert (returned["state"], returned["note"]) == ("returned", WHY["note"])
        async with intake.transactions.begin() as tx:
            end = await tx.driver.fetchval("select due from due where kind = 'note.ends'")
            assert timedelta(days=179) < end - await now(tx) <= timedelta(days=180)
            await tx.driver.execute("update due set due = due - interval '180 days'")
        await intake.fire_deadlines()
        later = (await jinniu.get(f"/orders/{order}")).json()
        assert later == returned | {"note": None}, "the words have an end; all else is as it was"
        await given.roster(order, given.new_people(30))
        assert (await jinniu.post(f"/orders/{order}/submit")).status_code == 204
        facts = await intake.facts(order)
        assert [type(fact) for fact in facts] == [OrderSubmitted, OrderReturned, OrderSubmitted]
        assert facts[1].reasons == (because("roster.too_few", least=30),)
        assert facts[0].number == facts[2].number
        assert len(facts[2].lines[0].trainees) == 30

    async def test_a_rejected_order_is_closed(self, intake, given, union, jinniu):
        order = await given.a_submitted()
        assert (await union.post(f"/orders/{order}/reject", json=WHY)).status_code == 204
        assert isinstance((await intake.facts(order))[-1], OrderRejected)
        answer = await jinniu.put(f"/orders/{order}", json={"lines": [LINE]})
        assert answer.json()["code"] == "order.not_editable"

    async def test_a_reason_holds_no_words(self, given, union):
        order = await given.a_submitted()
        words = {"reasons": [{"code": "roster.too_few", "figures": {"who": "王小明 too young"}}]}
        answer = await union.post(f"/orders/{order}/return", json=words)
        assert (answer.status_code, answer.json()["code"]) == (422, "intake.reason_wrong")
        assert (await union.post(f"/orders/{order}/return", json={"reasons": []})).status_code == 422


class TestWithdrawCancelAmend:
    async def test_a_submitted_order_is_taken_back(self, intake, given, jinniu, union):
        order = await given.a_submitted()
        assert (await jinniu.post(f"/orders/{order}/withdraw")).status_code == 204
        assert isinstance((await intake.facts(order))[-1], OrderWithdrawn)
        assert (await union.post(f"/orders/{order}/accept")).json()["code"] == "order.not_submitted"

    async def test_an_accepted_order_is_cancelled_by_either_side(self, intake, given, jinniu, union):
        for side in (jinniu, union):
            order = await given.an_accepted()
            asked = {"reason": {"code": "order.production_peak"}}
            assert (await side.post(f"/orders/{order}/cancel", json=asked)).status_code == 204
            assert isinstance((await intake.facts(order))[-1], OrderCancelled)
            again = await side.post(f"/orders/{order}/cancel", json=asked)
            assert again.json()["code"] == "order.not_accepted"

    async def test_a_submitted_order_is_withdrawn_not_cancelled(self, given, jinniu):
        order = await given.a_submitted()
        answer = await jinniu.post(f"/orders/{order}/cancel", json={"reason": {"code": "order.other"}})
        assert answer.json()["code"] == "order.not_accepted"

    async def test_lines_of_an_accepted_order_are_amended(self, intake, given, jinniu):
        order = await given.an_accepted()
        answer = await jinniu.post(
            f"/orders/{order}/amend", json={"lines": [LINE | {"latest": "2027-07-31"}]}
        )
        assert answer.status_code == 204, answer.text
        amended = (await intake.facts(order))[-1]
        assert isinstance(amended, OrderAmended)
        assert (amended.revision, amended.lines[0].latest, len(amended.lines[0].trainees)) == (
            1,
            date(2027, 7, 31),
            8,
        )
        same = await jinniu.post(f"/orders/{order}/amend", json={"lines": [LINE | {"latest": "2027-07-31"}]})
        assert same.json()["code"] == "order.amends_nothing"

    async def test_other_people_wait_on_the_desk_until_they_are_amended_in(self, intake, given, jinniu):
        order = await given.an_accepted()
        await given.roster(order, given.new_people(5))
        before = await state_of(jinniu, order)
        assert (before["lines"][0]["heads"], before["desk"][0]["heads"]) == (8, 5)
        assert [type(fact) for fact in await intake.facts(order)] == [OrderSubmitted, OrderAccepted]
        assert (await jinniu.post(f"/orders/{order}/amend", json={})).status_code == 204
        after = await state_of(jinniu, order)
        assert (after["lines"][0]["heads"], after["desk"], after["revision"]) == (5, None, 1)


async def test_the_state_rebuilt_from_the_facts_is_the_state(intake, given, union, jinniu):
    order = await given.a_submitted(LINE, EVALUATION)
    await union.post(f"/orders/{order}/return", json=WHY)
    await jinniu.put(f"/orders/{order}", json={"lines": [LINE, EVALUATION | {"bands": ["eve"]}]})
    await jinniu.post(f"/orders/{order}/submit")
    await union.post(f"/orders/{order}/accept")
    await jinniu.post(f"/orders/{order}/amend", json={"lines": [LINE, EVALUATION | {"bands": ["am"]}]})
    await union.post(f"/orders/{order}/cancel", json={"reason": {"code": "order.other"}})
    async with intake.transactions.begin() as tx:
        kept = (await store.read(tx, UUID(order), of=None)).order
    assert known_by(await intake.facts(order)) == kept
