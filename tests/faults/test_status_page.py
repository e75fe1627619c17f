"""The operator's page: what is stuck is seen with its order, replayed, and told; a service that is away is away."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from portal.accounts import commands, logins
from servicekit.consumer import NOTHING_APPLIED

from .house import neighbours_in_reach
from .test_who_may_pages import Away, browser

PARK = """
insert into parked (consumer, subject, sender, sequence, id, type, body, reason, error)
values ($1, $2, 'scheduling', 0, $3, 'scheme.approved.v1', '{}'::bytea, 'poison', 'KeyError: cohort')"""


@pytest.fixture
async def operator(house):
    portal = house.services["portal"]
    async with portal.transactions.begin() as tx:
        account = await commands.make_account(
            tx,
            f"operator-{uuid4()}",
            "a-good-password",
            roles={"administrator"},
            organisation=None,
            name="演示",
        )
        cookie = await logins.log_in(tx, account, hours=1)
    with neighbours_in_reach(house):
        yield browser(house, cookie)
    async with portal.transactions.begin() as tx:
        await tx.driver.execute("delete from login where account_id = $1", account.id)
        await tx.driver.execute("delete from account where id = $1", account.id)


def key_of(page, action):
    return re.search(rf'action="{action}"><input type="hidden" name="key" value="([^"]+)"', page)[1]


@pytest.mark.parametrize("service", ["order-intake", "portal"])
async def test_what_is_stuck_is_shown_and_replayed(house, operator, service):
    order, there = house.known["order_id"], house.services[service]
    (consumer, *_) = there.service.takings
    async with there.transactions.begin() as tx:
        await tx.driver.execute(PARK, consumer, order, uuid4())
    try:
        page = (await operator.get("/status")).text
        assert "facts are stuck" in page
        assert "KeyError: cohort" in page
        assert "This fact cannot be taken in" in page
        assert f'<a href="/orders/{order}/story"' in page, "the order it belongs to"
        told = {
            "service": service,
            "consumer": consumer,
            "subject": order,
            "key": key_of(page, "/status/replay"),
        }
        still = await operator.post("/status/replay", data=told)
        assert (still.status_code, "1 fact is still stuck" in still.text) == (409, True)
    finally:
        async with there.transactions.begin() as tx:
            await tx.driver.execute("delete from parked where subject = $1", order)
    told["key"] = key_of(still.text, "/status/replay")
    gone = await operator.post("/status/replay", data=told)
    assert (gone.status_code, "Nothing of this subject is parked here" in gone.text) in {
        (404, True),
        (409, True),
    }
    assert "Nothing is stuck" in (await operator.get("/status/part")).text


async def test_a_service_that_does_not_answer_is_away(house, operator):
    transactions = house.services["portal"].transactions
    before = transactions.known
    transactions.known = replace(before, neighbours=replace(before.neighbours, transport=Away("away")))
    try:
        page = (await operator.get("/status")).text
    finally:
        transactions.known = before
    assert page.count("does not answer") == 4


async def test_a_paused_consumer_is_resumed(house, operator):
    there = house.services["evaluation"]
    (consumer, *_) = there.service.takings
    async with there.transactions.begin() as tx:
        await tx.driver.execute(
            "insert into paused (consumer, reason) values ($1, $2)", consumer, NOTHING_APPLIED
        )
    page, zh = [(await operator.get("/status", params={"lang": lang})).text for lang in ("en", "zh")]
    assert ("none was applied between" in page, "其间没有一条处理成功" in zh) == (True, True)
    assert NOTHING_APPLIED not in page + zh
    told = {"service": "evaluation", "consumer": consumer, "key": key_of(page, "/status/resume")}
    assert (await operator.post("/status/resume", data=told)).headers["location"] == "/status?done=resumed"
    assert "其间没有一条处理成功" not in (await operator.get("/status")).text
