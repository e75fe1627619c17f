"""Nobody opens a session: from the deadline to the union's lane, and both ways out, through all five services."""

import re
from datetime import datetime, timedelta

import pytest

from portal.accounts import commands

from .house import neighbours_in_reach
from .scheme import PASSWORD, logged_in
from .story import a_played_house, good, sign

WHY = {"reason": {"code": "session.not_made_up"}}


@pytest.fixture(scope="module")
async def house(played):
    """A house of its own: its clocks run on."""
    async with a_played_house(played) as house:
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                await commands.make_account(
                    tx, "coordinator", PASSWORD, roles={"union"}, organisation="smftu", name="王"
                )
            yield house


async def until(house, moment):
    """It is this time everywhere, and what fell due has happened."""
    for service in house.services.values():
        await service.fire_deadlines(moment)
    await house.carry()


async def turn(house):
    cards = good(await house.client("portal", "union").get("/orders.json"))
    card = next(each for each in cards if each["order_id"] == house.known["order_id"])
    return card["waits_for"], card["wait"]


async def timetable(house):
    asked = {"order_id": house.known["order_id"]}
    return good(await house.client("scheduling", "union").get("/sessions", params=asked))


async def by_hand(house):
    """The card's button leads to this page: what it says is to be done, and its rows with what is free for each."""
    client = await logged_in(house)
    board = (await client.get("/board")).text
    path = f"/orders/{house.known['order_id']}/scheme/by-hand"
    page = (await client.get(path, params={"lang": "en"})).text
    rows = re.findall(r"<tr.*?</tr>", page.partition('aria-labelledby="lines"')[2], re.DOTALL)[1:]
    return f'href="{path}"' in board, page, rows


async def offers_of(house, session):
    offers = good(await house.client("instructor-dispatch", "college").get("/offers"))
    return [each for each in offers if each["session_id"] == session["session_id"]]


async def test_a_missed_session_is_moved_or_cancelled_and_the_order_goes_on(house):
    college, union = house.client("instructor-dispatch", "college"), house.client("scheduling", "union")
    first, second = await timetable(house)
    for offer in await offers_of(house, second):
        good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
    await house.carry()
    assert await turn(house) == ("running", "next")

    await until(house, datetime.fromisoformat(first["slot"]["ends_at"]) + timedelta(hours=49))
    assert await turn(house) == ("union", "missed")
    story = good(
        await house.client("portal", "union").get(f"/orders/{house.known['order_id']}/story.json?lang=en")
    )
    missed = next(fact for fact in story["facts"] if fact["type"] == "session.missed.v1")
    assert missed["because"]
    leads, page, rows = await by_hand(house)
    assert (leads, "1 session has no time, has nobody who can come, or was never opened" in page) == (
        True,
        True,
    )
    assert ["never opened" in row for row in rows] == [True, False]
    assert [f"?of={first['session_id']}#free" in row for row in rows] == [True, False]
    lead = house.client("evaluation", "instructor")
    late = await lead.post(f"/sessions/{first['session_id']}/open")
    assert late.json()["code"] == "session.too_late_to_open"

    day = datetime.fromisoformat(second["slot"]["starts_at"]) + timedelta(days=7)
    path = f"/orders/{house.known['order_id']}/scheme/sessions"
    await until(house, datetime.fromisoformat(second["slot"]["ends_at"]) + timedelta(hours=49))
    wish = {"day": day.date().isoformat(), "band": first["slot"]["band"]}
    good(await union.post(f"{path}/{first['session_id']}/move", json=wish))
    await house.carry()
    assert await turn(house) == ("union", "approve")
    await sign(house, house.known["order_id"])
    (offer,) = await offers_of(house, first)
    good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
    await house.carry()
    assert await turn(house) == ("union", "missed")  # the second one still is

    _, _, rows = await by_hand(house)
    assert ["never opened" in row for row in rows] == [True, False], (
        "the one that is stuck, though it is the later line"
    )
    assert second["session_id"] in rows[0]
    good(await union.post(f"{path}/{second['session_id']}/cancel", json=WHY))
    await house.carry()
    assert await turn(house) == ("running", "next")
    assert [row["state"] for row in await timetable(house)] == ["cancelled", "scheduled"]

    (again,) = [row for row in await timetable(house) if row["state"] == "scheduled"]
    begins, ends = (datetime.fromisoformat(again["slot"][name]) for name in ("starts_at", "ends_at"))
    await until(house, begins)
    lead = house.client("evaluation", "instructor", person=again["person_id"])
    good(await lead.post(f"/sessions/{again['session_id']}/open"))
    await until(house, ends)
    good(await lead.post(f"/sessions/{again['session_id']}/close"))
    await house.carry()
    assert await turn(house) == ("enterprise", "confirm_sessions")
    await until(house, ends + timedelta(hours=73))
    held = good(await house.client("evaluation", "union").get(f"/sessions/{again['session_id']}"))
    assert (held["state"], held["confirmed"]) == ("confirmed", "lapsed")
    cards = good(await house.client("portal", "union").get("/orders.json"))
    card = next(each for each in cards if each["order_id"] == house.known["order_id"])
    assert card["state"] == "fulfilled"
