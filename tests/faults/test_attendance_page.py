"""An attendance set right on the pages: proposed by one of the union, refused to the same, confirmed by another."""

import re
from datetime import datetime

import pytest

from portal.accounts import commands

from .scheme import PASSWORD, logged_in
from .story import good

KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def house(scheme_house):
    return scheme_house


def key_of(page, path):
    return KEY.search(page.partition(f'action="{path}"')[2]).group(1)


async def test_two_people_set_an_attendance_right_and_the_first_record_stays_beside_it(house):
    async with house.services["portal"].transactions.begin() as tx:
        if "second" not in {each.username for each in await commands.list_accounts(tx)}:
            await commands.make_account(
                tx, "second", PASSWORD, roles={"union"}, organisation="smftu", name="李"
            )
    session = house.known["session_id"]
    page = f"/sessions/{session}"
    seen = good(await house.client("evaluation", "union").get(page))
    if seen["state"] == "planned":  # held here, as nobody has yet
        lead = house.client("evaluation", "instructor", person=seen["lead"])
        for at, what in (("starts_at", "open"), ("ends_at", "close")):
            await house.services["evaluation"].fire_deadlines(datetime.fromisoformat(seen["slot"][at]))
            good(await lead.post(f"{page}/{what}"))
        await house.carry()
    one, other = await logged_in(house), await logged_in(house, "second")
    first = (await one.get(page)).text
    told = {
        "worker": seen["rows"][0]["worker_id"], "minutes": "90", "why": "attendance.paper_list",
        "key": key_of(first, f"{page}/correct"),
    }  # fmt: skip
    assert (await one.post(f"{page}/correct", data=told)).status_code == 303
    proposed = (await one.get(page)).text
    assert "须由工会另一人核定" in proposed
    assert seen["rows"][0]["name"] in (await other.get("/corrections")).text
    second = (await other.get(page)).text
    (waits,) = re.findall(rf'action="({page}/corrections/[0-9a-f-]+/confirm)"', second)
    stolen = await one.post(waits, data={"key": key_of((await one.get(page)).text, f"{page}/correct")})
    assert (stolen.status_code, "不能由提出人自己核定" in stolen.text) == (409, True)
    assert (await other.post(waits, data={"key": key_of(second, waits)})).status_code == 303
    after = (await other.get(page)).text
    for words in ("0 → 90 分钟", "以纸质签到表为准", "王", "李"):
        assert words in after, words
