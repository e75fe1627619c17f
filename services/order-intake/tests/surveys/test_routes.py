"""Surveys over HTTP."""

from uuid import uuid4

import pytest

from contracts.base import all_facts
from contracts.examples import example_of
from contracts.order_intake import SurveyAnswered, SurveyClosed, SurveyFact, SurveyOpened
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
def test_evolve_is_total_over_the_facts_of_a_survey():
    survey = rules.begun(SurveyOpened.model_validate(example_of(SurveyOpened)))
    for fact in all_facts():
        if issubclass(fact, SurveyFact):
            survey = rules.evolve(survey, fact.model_validate(example_of(fact)))
