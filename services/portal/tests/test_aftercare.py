"""Pages of what comes after: of too few answers nothing is shown, rates add up, links and forms do what they say."""

import dataclasses
import json
import re
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from browsing import PASSWORD, log_in
from hypothesis import given
from hypothesis import strategies as st
from story_of_an_order import id_of

from portal.accounts import commands
from portal.desks.aftercare.seen import RoundSeen, ToldSeen
from portal.desks.aftercare.shown import means_by, means_of, rate_of, rates_by
from portal.web.text import Text

TEXT = Text("en", ZoneInfo("Asia/Shanghai"))
ORDER = str(id_of("one"))
QUESTIONS = ["content", "instructor", "usefulness"]


def told(answers, order="one", n=1, each=4):
    return ToldSeen(
        session_id=UUID(int=n), order_id=id_of(order), programme="send-teachers-home", number="2026-0001",
        enterprise_id="jinniu", occupation="6-31-01-03", day=date(2026, 5, 6), present=20, answers=answers,
        sums=dict.fromkeys(QUESTIONS, each * answers) if answers else {}, least=5,
    )  # fmt: skip


def a_round(due, answered, overdue=0, months=1, programme="send-teachers-home", order="one"):
    return RoundSeen(
        order_id=id_of(order), number="2026-0001", programme=programme, enterprise_id="jinniu", months=months,
        due_on=date(2026, 7, 1), answers_by=date(2026, 7, 15), due=due, answered=answered, overdue=overdue,
    )  # fmt: skip


@pytest.mark.rules
class TestMeans:
    def test_of_too_few_answers_neither_means_nor_their_number_is_shown(self):
        few = means_of("x", "X", [told(4)], QUESTIONS, TEXT)
        assert (few.means, few.said, few.answers) == (None, "fewer than 5", 0)
        both = means_of("x", "X", [told(4), told(1, n=2, each=2)], QUESTIONS, TEXT)
        assert (both.said, both.means) == ("5", ("3.6", "3.6", "3.6"))
        assert means_of("x", "X", [told(0)], QUESTIONS, TEXT).said == "0"

    @given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["a", "b"])), max_size=8))
    def test_whatever_is_grouped_no_group_under_the_least_is_shown(self, rows):
        some = [told(answers, order, n) for n, (answers, order) in enumerate(rows)]
        for group in means_by(some, lambda one: str(one.order_id), QUESTIONS, str, TEXT):
            whole = sum(one.answers for one in some if str(one.order_id) == group.code)
            assert (group.means is not None) == (whole >= 5)

    @given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3), st.sampled_from(["p", "q"])), max_size=8))
    def test_the_rates_of_the_parts_add_up_to_the_whole(self, rows):
        some = [a_round(due, due // 2, due - due // 2, months, code) for due, months, code in rows]
        whole = rate_of(some)
        for key in (lambda one: one.programme, lambda one: f"{one.months}"):
            parts = rates_by(some, key).values()
            assert (sum(one.due for one in parts), sum(one.answered for one in parts)) == (
                whole.due,
                whole.answered,
            )


@pytest.fixture(scope="module")
async def house(portal):
    async with portal.transactions.begin() as tx:
        for name, organisation in (("union", "smftu"), ("enterprise", "jinniu")):
            await commands.make_account(
                tx, name, PASSWORD, roles={name}, organisation=organisation, name=name
            )
    return portal


ROUNDS = [json.loads(a_round(3, 1, 2).model_dump_json())]
TOLD = [json.loads(told(6).model_dump_json()), json.loads(told(4, "two", 2).model_dump_json())]
FOLLOWUPS = {
    "order_id": ORDER, "number": "2026-0001",
    "questions": [
        {"code": "pay", "words": {"zh": "工资", "en": "pay"}, "choices": [
            {"code": "higher", "words": {"zh": "提高", "en": "higher"}},
            {"code": "same", "words": {"zh": "不变", "en": "the same"}}]}],
    "people": [
        {"worker_id": str(UUID(int=n)), "name": f"演示{n}", "enterprise_id": "jinniu", "months": 1,
         "due_on": "2026-07-01", "answers_by": "2026-07-15", "answers": {"pay": "higher"} if n == 1 else None,
         "answered_by": "worker" if n == 1 else None, "answered_on": "2026-07-02" if n == 1 else None,
         "overdue": n == 2, "link": "abc"}
        for n in (1, 2)
    ],
}  # fmt: skip
PAGE = f"/aftercare/orders/{ORDER}"


async def test_the_union_sees_rates_and_means_and_what_is_overdue_and_reminds(house, asked):
    sent = asked({
        "/followups": ROUNDS, "/satisfaction": TOLD, f"/orders/{ORDER}/followups": FOLLOWUPS,
        f"/orders/{ORDER}/satisfaction-words": ["讲得很清楚"],
    })  # fmt: skip
    browser = await log_in(house, "union")
    page = (await browser.get("/aftercare", params={"lang": "en"})).text
    assert "1 of 3 answered (33 %)" in page
    assert "2 overdue" in page
    assert "fewer than 5" in page
    assert "4.0" in page
    report = (await browser.get("/report", params={"lang": "en"})).text
    assert 'data-figure="response" data-value="1"' in report
    one = (await browser.get(PAGE, params={"lang": "en"})).text
    assert "讲得很清楚" in one
    (key,) = set(
        re.findall(rf'action="{PAGE}/1/remind/jinniu"><input type="hidden" name="key" value="([^"]+)"', one)
    )
    answer = await browser.post(f"{PAGE}/1/remind/jinniu", data={"key": key})
    assert answer.status_code == 303
    assert sent == [(f"/orders/{ORDER}/followups/1/remind", {"enterprise_id": "jinniu"})]
    assert (await browser.get("/aftercare/list.xlsx")).status_code == 200


async def test_the_clerk_answers_for_whole_rows_in_one_table(house, asked):
    sent = asked({"/followups": ROUNDS, f"/orders/{ORDER}/followups": FOLLOWUPS})
    browser = await log_in(house, "enterprise")
    assert "1 of 3" in (await browser.get("/aftercare", params={"lang": "en"})).text
    page = (await browser.get(PAGE, params={"lang": "en"})).text
    assert "Remind" not in page
    (key,) = re.findall(rf'action="{PAGE}/1"><input type="hidden" name="key" value="([^"]+)"', page)
    second = str(UUID(int=2))
    empty = await browser.post(f"{PAGE}/1", data={"key": key, f"{second}.pay": ""})
    assert empty.status_code == 422
    answer = await browser.post(f"{PAGE}/1", data={"key": key, f"{second}.pay": "same"})
    assert answer.status_code == 303, answer.text
    people = [{"worker_id": second, "answers": {"pay": "same"}}]
    assert sent == [(f"/orders/{ORDER}/followups/1", {"people": people})]


async def test_while_evaluation_is_away_it_is_said(house, asked):
    asked({})
    browser = await log_in(house, "union")
    for path in ("/aftercare", PAGE):
        page = await browser.get(path, params={"lang": "en"})
        assert page.status_code == 200
    assert (await browser.get("/aftercare/list.xlsx")).status_code == 503


async def test_whoever_has_the_link_answers_without_a_login(house, monkeypatch):
    sent = []
    seen = {
        "kind": "session", "name": "林演示", "occupation": "6-31-01-03", "enterprise_id": "jinniu",
        "questions": [{"code": "content", "words": {"zh": "教学内容", "en": "what was taught"},
                       "choices": [{"code": str(n)} for n in range(1, 6)]}],
    }  # fmt: skip

    def answer(request):
        body = json.loads(request.content)
        if request.url.path == "/answers/look":
            gone = {
                "reason": "satisfaction.not_present",
                "sentences": {"zh": "不在", "en": "You were not there"},
            }
            return httpx.Response(200, json=seen | (gone if body["link"] == "absent" else {}))
        sent.append(body)
        refused = {"code": "satisfaction.given_already", "parameters": {}, "sentences": {}}
        return httpx.Response(204) if len(sent) == 1 else httpx.Response(409, json=refused)

    known = house.transactions.known
    ways = {"url_of": "http://{}.test".format, "transport": httpx.MockTransport(answer)}
    reached = dataclasses.replace(known.neighbours, **ways)
    monkeypatch.setattr(house.transactions, "known", dataclasses.replace(known, neighbours=reached))
    browser = house.client()
    browser.headers["accept-language"] = "en"
    page = await browser.get("/a/mine")
    assert page.status_code == 200
    assert "What was taught" in page.text
    form = {"link": "mine", "q-content": "5", "words": "好"}
    thanks = await browser.post("/a", data=form)
    assert (thanks.status_code, "data-answered" in thanks.text) == (200, True)
    assert sent == [{"link": "mine", "answers": {"content": "5"}, "text": "好"}]
    again = await browser.post("/a", data=form)
    assert (again.status_code, "data-answered" in again.text) == (409, False)
    absent = await browser.get("/a/absent")
    assert absent.status_code == 409
    assert "林演示" in absent.text
    assert "You were not there" in absent.text
    assert "q-content" not in absent.text
