"""Surveys over HTTP."""

from dataclasses import fields, replace
from datetime import date
from uuid import uuid4

import pytest

from contracts.base import all_facts
from contracts.examples import example_of
from contracts.order_intake import (
    SurveyAnswered,
    SurveyClosed,
    SurveyCorrected,
    SurveyFact,
    SurveyOpened,
    SurveyReminded,
    SurveyWithdrawn,
)
from contracts.refusals import Refused
from order_intake.evolution import evolution
from order_intake.surveys import rules

NEED = {"service": "theory_training", "occupation": "6-31-01-03", "heads": 120, "problem": "poor_results"}
ROUND = iter(range(1, 1000))


@pytest.fixture
async def survey(union) -> str:
    asked = {"programme": "send-teachers-home", "round": next(ROUND), "channel": "visit"}
    answer = await union.post("/surveys", json=asked)
    assert answer.status_code == 201, answer.text
    return answer.json()["survey_id"]


def an_answer(**changes):
    return {"enterprise_id": "jinniu", "person_times": 75, "needs": [NEED]} | changes


class TestOpenSurvey:
    async def test_a_round_is_opened_once(self, intake, union):
        asked = {"programme": "send-teachers-home", "round": 2000, "channel": "seminar"}
        survey = (await union.post("/surveys", json=asked)).json()["survey_id"]
        [fact] = await intake.facts(survey)
        assert isinstance(fact, SurveyOpened)
        assert (fact.round, fact.channel) == (2000, "seminar")
        again = await union.post("/surveys", json=asked)
        assert (again.status_code, again.json()["code"]) == (409, "survey.round_known")
        wrong = await union.post("/surveys", json=asked | {"programme": "nonsense", "round": 2001})
        assert wrong.json()["code"] == "intake.programme_unknown"


class TestAnswerSurvey:
    async def test_an_answer_becomes_a_draft_order_in_one_step(self, intake, union, jinniu, survey):
        answer = await union.post(f"/surveys/{survey}/answers", json=an_answer(draft_order=True))
        assert answer.status_code == 201
        order = (await jinniu.get(f"/orders/{answer.json()['order_id']}")).json()
        assert (order["state"], order["survey_id"], order["number"]) == (
            "draft",
            survey,
            answer.json()["number"],
        )
        assert (order["lines"][0]["occupation"], order["lines"][0]["heads"]) == ("6-31-01-03", 120)
        [_, fact] = await intake.facts(survey)
        assert isinstance(fact, SurveyAnswered)
        assert (fact.enterprise_id, fact.person_times, fact.needs[0].heads) == ("jinniu", 75, 120)
        assert await intake.facts(order["order_id"]) == []

    async def test_without_being_asked_for_no_order_is_drafted(self, jinniu, survey):
        answer = await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())
        assert (answer.status_code, answer.json()) == (201, {})

    async def test_an_enterprise_answers_a_round_once(self, intake, union, survey):
        await union.post(f"/surveys/{survey}/answers", json=an_answer())
        again = await union.post(f"/surveys/{survey}/answers", json=an_answer(draft_order=True))
        assert (again.status_code, again.json()["code"]) == (409, "survey.answered")
        assert len(await intake.facts(survey)) == 2

    async def test_an_enterprise_answers_for_itself_only(self, jinniu, survey):
        answer = await jinniu.post(f"/surveys/{survey}/answers", json=an_answer(enterprise_id="bgzb"))
        assert (answer.status_code, answer.json()["code"]) == (404, "enterprise.unknown")

    async def test_wrong_answers_are_refused(self, union, survey):
        address = f"/surveys/{survey}/answers"
        wrong = await union.post(address, json=an_answer(needs=[NEED | {"occupation": "9-99-99-99"}]))
        assert (wrong.json()["code"], wrong.json()["field"]) == (
            "survey.occupation_unknown",
            "needs.0.occupation",
        )
        assert (await union.post(address, json=an_answer(person_times=-1))).status_code == 422
        assert (await union.post(address, json=an_answer(mood="good"))).status_code == 422
        nowhere = await union.post(f"/surveys/{uuid4()}/answers", json=an_answer())
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "survey.unknown")


class TestCloseSurvey:
    async def test_a_closed_round_takes_no_answers(self, intake, union, survey):
        assert (await union.post(f"/surveys/{survey}/close")).status_code == 204
        assert isinstance((await intake.facts(survey))[-1], SurveyClosed)
        late = await union.post(f"/surveys/{survey}/answers", json=an_answer())
        assert (late.status_code, late.json()["code"]) == (409, "survey.closed")
        assert (await union.post(f"/surveys/{survey}/close")).json()["code"] == "survey.closed"

    async def test_rounds_are_listed_with_their_contacts_counted(self, union, survey):
        for enterprise, people in (("jinniu", 75), ("bgzb", 30)):
            asked = an_answer(enterprise_id=enterprise, person_times=people)
            await union.post(f"/surveys/{survey}/answers", json=asked)
        [found] = [each for each in (await union.get("/surveys")).json() if each["survey_id"] == survey]
        assert (found["enterprises"], found["person_times"], found["open"]) == (2, 105, True)

    async def test_only_the_union_may(self, intake, survey):
        for role in ("enterprise", "college", "instructor", "assessor", "administrator"):
            client = intake.client(role, organisation="jinniu")
            asked = {"programme": "send-teachers-home", "round": 3000, "channel": "visit"}
            assert (await client.post("/surveys", json=asked)).status_code == 403
            assert (await client.post(f"/surveys/{survey}/close")).status_code == 403
            assert (await client.get("/surveys")).status_code == 403


@pytest.mark.rules
def test_evolve_is_total_over_the_facts_of_a_survey_and_changes_what_each_says():
    facts = {
        fact.type: fact.model_validate(example_of(fact))
        for fact in all_facts()
        if issubclass(fact, SurveyFact)
    }
    begun = rules.begun(facts["survey.opened.v1"])
    who = frozenset({facts["survey.answered.v1"].enterprise_id})
    answered = replace(begun, answered=who, noted=who)
    told = {}
    for type_, fact in facts.items():
        before = answered if type_ in {"survey.corrected.v1", "survey.withdrawn.v1"} else begun
        after = rules.evolve(before, fact)
        told[type_] = {
            each.name for each in fields(after) if getattr(after, each.name) != getattr(before, each.name)
        }
    assert told == {
        "survey.opened.v1": set(), "survey.answered.v1": {"answered", "noted"}, "survey.corrected.v1": set(),
        "survey.withdrawn.v1": {"answered", "noted"}, "survey.reminded.v1": {"reminded_on"},
        "survey.closed.v1": {"open"},
    }  # fmt: skip
    assert rules.evolve(begun, facts["survey.answered.v1"]) == answered
    assert rules.evolve(answered, facts["survey.withdrawn.v1"]) == begun
    own = facts["survey.answered.v1"].model_copy(update={"noted_by_union": False})
    assert rules.evolve(begun, own) == replace(begun, answered=who)


class TestWithdrawAnswer:
    async def test_an_answer_is_taken_back_and_given_again_until_the_round_closes(
        self, intake, union, jinniu, survey
    ):
        address = f"/surveys/{survey}/answers"
        nothing = await jinniu.post(f"{address}/jinniu/withdraw")
        assert (nothing.status_code, nothing.json()["code"]) == (404, "survey.not_answered")
        drafted = (await jinniu.post(address, json=an_answer(draft_order=True))).json()["order_id"]
        assert (await jinniu.post(f"{address}/jinniu/withdraw")).status_code == 204
        fact = (await intake.facts(survey))[-1]
        assert isinstance(fact, SurveyWithdrawn)
        assert (fact.enterprise_id, fact.person_times) == ("jinniu", 75)
        seen = (await union.get(f"/surveys/{survey}")).json()
        assert (seen["answers"], seen["survey"]["enterprises"], seen["survey"]["person_times"]) == ([], 0, 0)
        assert (await jinniu.get(f"/orders/{drafted}")).json()["state"] == "draft", "what it became stays"
        [own] = [each for each in (await jinniu.get("/surveys/mine")).json() if each["survey_id"] == survey]
        assert own["answer"] is None
        assert (await jinniu.post(address, json=an_answer(person_times=5))).status_code == 201, "undone"
        assert (await union.get(f"/surveys/{survey}")).json()["survey"]["person_times"] == 5
        await union.post(f"/surveys/{survey}/close")
        late = await jinniu.post(f"{address}/jinniu/withdraw")
        assert (late.status_code, late.json()["code"]) == (409, "survey.closed")

    async def test_only_the_enterprise_takes_its_own_answer_back(self, intake, union, jinniu, bgzb, survey):
        await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())
        way = f"/surveys/{survey}/answers/jinniu/withdraw"
        assert [(await client.post(way)).status_code for client in (union, bgzb)] == [403, 404]
        assert len(await intake.facts(survey)) == 2

    async def test_what_the_union_noted_is_corrected_and_not_taken_back(self, intake, union, jinniu, survey):
        address = f"/surveys/{survey}/answers"
        assert (await union.post(address, json=an_answer())).status_code == 201
        assert (await intake.facts(survey))[-1].noted_by_union
        assert (await jinniu.put(f"{address}/jinniu", json={"needs": []})).status_code == 204
        kept = await jinniu.post(f"{address}/jinniu/withdraw")
        assert (kept.status_code, kept.json()["code"]) == (409, "survey.noted_by_union")
        [own] = [each for each in (await jinniu.get("/surveys/mine")).json() if each["survey_id"] == survey]
        assert own["answer"]["noted_by_union"], "and the page offers no way to"


class TestCorrectAnswer:
    async def test_an_answer_is_mended_until_the_last_day(self, intake, union, jinniu):
        survey = await a_round(union, closes_on="2027-03-01", enterprises=["jinniu", "bgzb"])
        assert (await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())).status_code == 201
        wider = [NEED | {"level": "L4", "shift_pattern": "4x3"}, NEED | {"heads": 7}]
        answer = await jinniu.put(f"/surveys/{survey}/answers/jinniu", json={"needs": wider})
        assert answer.status_code == 204, answer.text
        fact = (await intake.facts(survey))[-1]
        assert isinstance(fact, SurveyCorrected)
        assert [(need.level, need.heads) for need in fact.needs] == [("L4", 120), (None, 7)]
        [own] = [each for each in (await jinniu.get("/surveys/mine")).json() if each["survey_id"] == survey]
        assert (own["answer"]["person_times"], len(own["answer"]["needs"])) == (75, 2)
        assert own["answer"]["corrected_on"] == "2027-03-01"

    async def test_codes_are_those_of_the_rule_data(self, union, jinniu, survey):
        await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())
        for wrong, code in (
            ({"level": "L9"}, "survey.level_unknown"),
            ({"problem": "bored"}, "survey.problem_unknown"),
            ({"shift_pattern": "9x9"}, "survey.shift_pattern_unknown"),
        ):
            asked = {"needs": [NEED | wrong]}
            told = await jinniu.put(f"/surveys/{survey}/answers/jinniu", json=asked)
            assert (told.status_code, told.json()["code"]) == (422, code)
        strange = await union.put(f"/surveys/{survey}/answers/bgzb", json={"needs": []})
        assert (strange.status_code, strange.json()["code"]) == (404, "survey.not_answered")

    async def test_what_is_not_asked_is_not_answered(self, union, jinniu, bgzb):
        survey = await a_round(union, enterprises=["bgzb"])
        refused = await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())
        assert (refused.status_code, refused.json()["code"]) == (409, "survey.not_asked")
        assert survey not in {each["survey_id"] for each in (await jinniu.get("/surveys/mine")).json()}
        [own] = [each for each in (await bgzb.get("/surveys/mine")).json() if each["survey_id"] == survey]
        assert (own["answer"], own["reminded"]) == (None, False)


class TestDraftFromAnswer:
    async def test_an_answer_becomes_a_draft_once_after_the_round_is_over_too(self, union, jinniu, survey):
        needs = [NEED | {"level": "L4"}]
        await jinniu.post(f"/surveys/{survey}/answers", json=an_answer(needs=needs))
        await union.post(f"/surveys/{survey}/close")
        made = await union.post(f"/surveys/{survey}/answers/jinniu/order")
        assert made.status_code == 201, made.text
        order = (await jinniu.get(f"/orders/{made.json()['order_id']}")).json()
        assert (order["survey_id"], order["lines"][0]["level"]) == (survey, "L4")
        again = await jinniu.post(f"/surveys/{survey}/answers/jinniu/order")
        assert (again.status_code, again.json()["code"]) == (409, "survey.drafted")
        seen = (await union.get(f"/surveys/{survey}")).json()
        assert (seen["survey"]["drafted"], seen["answers"][0]["order_state"]) == (1, "draft")
        assert seen["answers"][0]["order_number"] == order["number"]

    async def test_a_draft_that_was_deleted_can_be_made_again(self, union, jinniu, survey):
        way = f"/surveys/{survey}/answers/jinniu/order"
        await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())
        first = (await union.post(way)).json()["order_id"]
        assert (await jinniu.post(f"/orders/{first}/discard")).status_code == 204
        seen = (await union.get(f"/surveys/{survey}")).json()
        assert (seen["survey"]["drafted"], seen["answers"][0]["order_id"]) == (0, None)
        again = await union.post(way)
        assert again.status_code == 201, again.text
        assert again.json()["order_id"] != first

    async def test_nothing_to_order_makes_no_order(self, union, jinniu, survey):
        await jinniu.post(f"/surveys/{survey}/answers", json=an_answer(needs=[]))
        refused = await union.post(f"/surveys/{survey}/answers/jinniu/order")
        assert (refused.status_code, refused.json()["code"]) == (422, "survey.nothing_offered")


class TestRemind:
    async def test_whoever_is_silent_is_reminded_once_a_day(self, intake, union, jinniu):
        survey = await a_round(union, enterprises=["jinniu", "bgzb"])
        await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())
        assert (await union.post(f"/surveys/{survey}/remind")).status_code == 204
        fact = (await intake.facts(survey))[-1]
        assert isinstance(fact, SurveyReminded)
        assert fact.enterprises == ("bgzb",)
        again = await union.post(f"/surveys/{survey}/remind")
        assert (again.status_code, again.json()["code"]) == (409, "survey.reminded_today")

    async def test_where_everybody_is_asked_nobody_is_reminded(self, union, survey):
        refused = await union.post(f"/surveys/{survey}/remind")
        assert refused.json()["code"] == "survey.all_answered"


class TestOpenFor:
    async def test_a_round_asks_enterprises_that_are_known_and_not_until_yesterday(self, union):
        for wrong, code in (
            ({"closes_on": "2027-02-28"}, "survey.closes_in_the_past"),
            ({"enterprises": ["jinniu", "nobody"]}, "survey.enterprise_unknown"),
            ({"channel": "dream"}, "survey.channel_unknown"),
        ):
            asked = {"programme": "send-teachers-home", "round": next(ROUND), "channel": "visit"} | wrong
            told = await union.post("/surveys", json=asked)
            assert (told.status_code, told.json()["code"]) == (422, code)


@pytest.mark.rules
def test_after_the_last_day_only_the_union_notes_an_answer():
    survey = rules.Survey(uuid4(), "p", 1, "visit", closes_on=date(2027, 3, 1))
    codes = rules.Codes({}, (), (), ())
    given = {"person_times": 1, "needs": (), "today": date(2027, 3, 2)}
    with pytest.raises(Refused, match=r"survey\.over"):
        rules.answer(survey, "jinniu", codes, **given, by_union=False)
    assert rules.answer(survey, "jinniu", codes, **given, by_union=True).enterprise_id == "jinniu"


async def a_round(union, **more) -> str:
    asked = {"programme": "send-teachers-home", "round": next(ROUND), "channel": "online"} | more
    answer = await union.post("/surveys", json=asked)
    assert answer.status_code == 201, answer.text
    return answer.json()["survey_id"]


async def test_a_round_that_is_lost_is_made_again_from_its_facts(intake, union, jinniu):
    survey = await a_round(union, closes_on="2027-03-05", enterprises=["jinniu", "bgzb"])
    await jinniu.post(f"/surveys/{survey}/answers", json=an_answer())
    corrected = {"needs": [NEED | {"level": "L3"}]}
    assert (await jinniu.put(f"/surveys/{survey}/answers/jinniu", json=corrected)).status_code == 204
    for act in ("remind", "close"):
        assert (await union.post(f"/surveys/{survey}/{act}")).status_code == 204
    before = (await union.get(f"/surveys/{survey}")).json()
    facts = await intake.facts(survey)
    async with intake.transactions.begin() as tx:
        for table, column in (("survey_answer", "survey_id"), ("survey", "id")):
            await tx.driver.execute(f"delete from {table} where {column} = $1::uuid", survey)
        for fact in facts:
            await evolution.fold(tx, fact, cause=None)
    assert (await union.get(f"/surveys/{survey}")).json() == before
