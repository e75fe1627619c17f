"""A college answers its offers on its page: several in one act, one by somebody else, one declined, one given back."""

import re

import pytest

from .college import key_of, logged_in
from .story import good


@pytest.fixture
def house(college_house):
    return college_house


async def offers(house, state="open"):
    return good(await house.client("instructor-dispatch", "college").get(f"/offers?state={state}"))


async def state_of(house, offer):
    client = house.client("instructor-dispatch", "college")
    return good(await client.get(f"/offers/{offer['assignment_id']}"))


def ready(page):
    return re.findall(r'name="ids" value="([^"]+)" checked', page)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("wait for your answer", "Proposed:", "Week if accepted", "more driving", "left")),
        ("zh", ("个派课邀约等您答复", "提议：", "接受后本周", "开车", "剩")),
    ],
)
async def test_everything_that_waits_is_shown_by_order_and_selected(house, language, words):
    client = await logged_in(house)
    page = await client.get("/offers", params={"lang": language})
    assert page.status_code == 200, page.text
    for word in words:
        assert word in page.text, word
    assert "offers." not in re.sub('"[^"]*"', "", page.text)
    directed = [each for each in await offers(house) if each["role"] and each["person_id"]]
    assert set(ready(page.text)) == {each["assignment_id"] for each in directed}
    orders = {each["order_id"] for each in await offers(house)}
    assert set(re.findall(r'id="o-([^"]+)"', page.text)) == orders
    (part,) = re.findall(r'data-live="([^"]+)"', page.text)
    assert "/offers" not in (await client.get(part)).text  # what is shown is as it is
    assert 'href="/offers"' in (await client.get("/offers/part?shown=otherwise")).text
    sheet = await client.get("/offers.xlsx")
    assert sheet.status_code == 200
    assert sheet.content[:2] == b"PK"


async def test_most_are_accepted_one_sent_by_somebody_else_one_declined(house):
    client = await logged_in(house)
    await client.get("/offers", params={"lang": "en"})
    asked = [each for each in await offers(house) if each["order_id"] == house.known["waiting"]]
    assert len(asked) >= 3
    first, second, *others = asked
    # somebody else
    panel = await client.get(f"/offers/{first['assignment_id']}/panel", params={"do": "others", "lang": "en"})
    assert "cannot come" in panel.text
    assert "level too low" in panel.text
    path = f"/offers/{first['assignment_id']}/substitute"
    somebody = re.findall(r'name="person_id" value="([^"]+)"', panel.text)[0]
    told = {"person_id": house.known["unqualified"], "key": key_of(panel.text, path)}
    refused = await client.post(path, data=told)
    assert refused.status_code == 409
    assert "This person cannot come" in refused.text
    assert await state_of(house, first) == first
    told = {"person_id": somebody, "key": key_of(refused.text, path)}
    answer = await client.post(path, data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/offers?view=open&done=substitute")
    done = await state_of(house, first)
    assert (done["state"], done["person_id"]) == ("firm", somebody)
    assert (await client.post(path, data=told)).status_code == 403
    # a no with one reason
    panel = await client.get(f"/offers/{second['assignment_id']}/panel", params={"do": "no"})
    reasons = good(await house.client("instructor-dispatch", "college").get("/refusals/reasons"))
    assert re.findall(r'name="reason" value="([^"]+)"', panel.text) == [each["reason"] for each in reasons]
    path = f"/offers/{second['assignment_id']}/no/decline"
    refused = await client.post(path, data={"reason": "other", "key": key_of(panel.text, path)})
    assert (refused.status_code, "own words why" in refused.text) == (409, True)
    assert 'value="other" checked' in refused.text
    assert "own words why" in refused.text.split('class="of-saying"')[1], "said where it was pressed"
    nothing = await client.post(path, data={"words": "校庆", "key": key_of(refused.text, path)})
    assert (nothing.status_code, ">校庆</textarea>" in nothing.text) == (422, True)
    long = {"reason": "other", "words": "停" * 501, "key": key_of(nothing.text, path)}
    long = await client.post(path, data=long, params={"lang": "en"})
    assert (long.status_code, "these are 501" in long.text, long.text.count("停")) == (422, True, 501)
    said = {"reason": "other", "words": "\r\n校庆当天停课" + "\r\n" * 490, "key": key_of(long.text, path)}
    answer = await client.post(path, data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/offers?view=open&done=decline")
    assert (await state_of(house, second))["state"] == "declined"
    watch = await (await logged_in(house, "coordinator")).get("/dispatch", params={"lang": "en"})
    assert ("Said in own words" in watch.text, "other: 校庆当天停课" in watch.text) == (True, True), (
        watch.text
    )
    # the rest in one act; one of them was answered meanwhile
    page = (await client.get("/offers")).text
    rest = ready(page)
    assert {each["assignment_id"] for each in others} <= set(rest)
    college = house.client("instructor-dispatch", "college")
    good(await college.post(f"/offers/{others[0]['assignment_id']}/decline", json={"reason": "illness"}))
    await house.carry()
    answer = await client.post("/offers/accept", data={"ids": rest, "key": key_of(page, "/offers/accept")})
    assert answer.status_code == 409
    assert "1 was not accepted" in answer.text
    assert "no longer waits for an answer" in answer.text
    assert "illness" in answer.text  # who said what, and when
    firm = {each["assignment_id"] for each in await offers(house, "firm")}
    assert set(rest) - {others[0]["assignment_id"]} <= firm
    await house.carry()


async def test_a_promise_is_given_back_and_nothing_selected_is_told(house):
    client = await logged_in(house)
    page = await client.get("/offers", params={"view": "firm", "lang": "en"})
    given = re.findall(r'id="of-([^"]+)"', page.text)
    assert given
    whole = await client.get("/offers", params={"view": "firm", "of": given[0], "do": "no"})
    path = f"/offers/{given[0]}/no/withdraw"
    said = {"reason": "illness", "words": "typed under another reason", "key": key_of(whole.text, path)}
    answer = await client.post(path, data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/offers?view=firm&done=withdraw")
    assert (await state_of(house, {"assignment_id": given[0]}))["state"] == "released"
    kept = good(await house.client("instructor-dispatch", "college").get("/refusals/words"))
    assert given[0] not in {each["assignment_id"] for each in kept}, "its field was hidden"
    nothing = await client.post("/offers/accept", data={"key": "x"})
    assert nothing.status_code == 422
    assert "Select at least one" in nothing.text


async def test_taken_for_the_college_and_named_later(house):
    client = await logged_in(house)
    open_now = [each for each in await offers(house) if each["state"] == "offered" and not each["open_call"]]
    if not open_now:
        pytest.fail("what was given back is asked for again")
    offer = open_now[0]
    panel = (await client.get(f"/offers/{offer['assignment_id']}/panel")).text
    path = f"/offers/{offer['assignment_id']}/as-proposed/take"
    assert (await client.post(path, data={"key": key_of(panel, path)})).status_code == 303
    assert (await state_of(house, offer))["state"] == "taken"
    panel = (await client.get(f"/offers/{offer['assignment_id']}/panel")).text
    path = f"/offers/{offer['assignment_id']}/as-proposed/confirm"
    assert (await client.post(path, data={"key": key_of(panel, path)})).status_code == 303
    done = await state_of(house, offer)
    assert (done["state"], done["person_id"]) == ("firm", offer["person_id"])


async def test_it_is_the_colleges_page_and_each_sees_its_own(house):
    page = await (await logged_in(house, "other-office")).get("/offers")
    assert page.status_code == 200
    mine = {each["assignment_id"] for each in await offers(house, "all")}
    assert not mine & set(re.findall(r'id="of-([^"]+)"', page.text))
    for name in ("coordinator", "clerk"):
        client = await logged_in(house, name)
        for path in ("/offers", "/offers.xlsx"):
            assert (await client.get(path)).status_code == 403
        assert (await client.post("/offers/accept", data={"key": "x", "ids": []})).status_code == 403
