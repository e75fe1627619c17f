"""The union's watch: what waits, who is next, and somebody who fell ill whose sessions go to others by one act."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest

from servicekit.clock import move_clock

from .college import key_of, logged_in
from .story import good

LIVE = {"offered", "taken", "volunteered", "agreed", "firm"}


def duty_of(offer):
    return offer["session_id"], offer["batch_id"], offer["role"]


@pytest.fixture
def house(college_house):
    return college_house


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Offers that wait", "If it lapses", "next:")), ("zh", ("待答复的邀约", "不答复时", "下一位："))],
)
async def test_every_offer_is_shown_with_who_comes_next(house, language, words):
    client = await logged_in(house, "coordinator")
    page = await client.get("/dispatch", params={"lang": language})
    assert page.status_code == 200, page.text
    for word in words:
        assert word in page.text, word
    told = good(await house.client("instructor-dispatch", "union").get("/offers"))
    assert set(re.findall(r'id="of-([^"]+)"', page.text)) == {each["assignment_id"] for each in told}
    part = await client.get("/dispatch/part")
    assert "watch." not in re.sub('"[^"]*"', "", part.text)
    (one, *_) = [each for each in told if each["role"] == "lead"]
    following = await client.get(f"/dispatch/next/{one['assignment_id']}")
    assert following.status_code == 200
    book = openpyxl.load_workbook(
        BytesIO((await client.get("/dispatch.xlsx", params={"lang": "en"})).content)
    )
    assert book.sheetnames == ["Offers that wait", "Sessions without anybody"]
    assert book.worksheets[0].max_row == 1 + len(told)


async def test_who_is_ill_this_morning_is_replaced_today_and_tomorrow_by_one_act(house):
    union = house.client("instructor-dispatch", "union")
    held = [
        each
        for each in good(await union.get("/offers?state=all"))
        if each["person_id"] and each["state"] in LIVE
    ]
    first = min((each for each in held if each["role"] == "lead"), key=lambda each: each["slot"]["starts_at"])
    person, day = first["person_id"], date.fromisoformat(first["slot"]["day"])
    days = {f"{day}", f"{day + timedelta(days=1)}"}
    theirs = {each["assignment_id"]: duty_of(each) for each in held
              if each["person_id"] == person and each["slot"]["day"] in days}  # fmt: skip
    morning = datetime.fromisoformat(f"{day}T06:00:00+08:00")
    for service in house.services.values():
        async with service.transactions.begin() as tx:
            await move_clock(tx, morning)
    client = await logged_in(house, "coordinator")
    page = (await client.get("/dispatch", params={"lang": "en"})).text
    assert f'value="{person}"' in page  # 1: chosen
    seen = await client.get("/dispatch/ill", params={"person": person})  # 2: looked at
    assert f"It touches {len(theirs)} session" in seen.text
    told = {"person": person, "key": key_of(seen.text, "/dispatch/ill")}
    answer = await client.post("/dispatch/ill", data=told)  # 3: done
    assert answer.status_code == 303, answer.text
    assert set(answer.headers["location"].partition("freed=")[2].split(",")) == set(theirs)
    await house.carry()
    after = await client.get(answer.headers["location"])
    assert after.status_code == 200, after.text
    shown = re.findall(r'class="dw-said (\w+)"', after.text)
    assert len(shown) == len(theirs)
    assert set(shown) <= {"blue", "green", "red", "amber"}
    asked = {duty_of(each) for each in good(await union.get("/offers?state=all")) if each["state"] in LIVE}
    assert shown.count("blue") + shown.count("green") == sum(duty in asked for duty in theirs.values())
    assert (await client.post("/dispatch/ill", data=told)).status_code == 403
    part = await client.get(answer.headers["location"].replace("?", "/part?"))
    assert part.text.count("dw-said") == len(theirs)
    sheet = await client.get(answer.headers["location"].replace("?", "/list.xlsx?"))
    rows = list(openpyxl.load_workbook(BytesIO(sheet.content)).active.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(theirs)
    assert all(when and what and became for when, what, became in rows)


async def test_it_is_the_unions_page(house):
    for name in ("office", "clerk"):
        client = await logged_in(house, name)
        for path in (
            "/dispatch",
            "/dispatch/part",
            "/dispatch.xlsx",
            f"/dispatch/ill?person={house.known['unqualified']}",
        ):
            assert (await client.get(path)).status_code == 403
