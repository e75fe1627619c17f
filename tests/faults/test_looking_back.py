"""An order as it was, with the scheme as its approver saw it: the portal asks scheduling itself for the version."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.accounts import commands, logins

from .house import START, neighbours_in_reach

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def portal(house):
    """The portal with its neighbours in reach."""
    with neighbours_in_reach(house) as portal:
        yield portal


async def scheme_then(house, at, *who, **more):
    async with house.client("portal", *who, **more) as client:
        answer = await client.get(
            f"/orders/{house.known['order_id']}/story.json", params={"at": at, "lang": "en"}
        )
    assert answer.status_code == 200, answer.text
    return answer.json()["then"]["schemes"]


@pytest.fixture
async def approved_at(house, portal):
    """When the version in force was approved, to the second."""
    async with portal.transactions.begin() as tx:
        at = await tx.driver.fetchval(
            "select min(at) from story_fact where subject = $1 and type = 'scheme.approved.v1'",
            house.known["order_id"],
        )
    assert at >= START - timedelta(days=1)
    return f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}"


async def test_the_approver_s_version_is_shown_whole_and_its_hash_is_the_signed_one(
    house, portal, approved_at
):
    async with house.client("scheduling", "union") as client:
        kept = (await client.get(f"/orders/{house.known['order_id']}/schemes/1")).json()
    for who in ("union", "enterprise"):
        schemes = await scheme_then(house, approved_at, who)
        assert [one["version"] for one in schemes] == [1]
        assert schemes[0]["hash"] == kept["hash"]
        assert schemes[0]["same"], schemes[0]["told"]
        assert len(schemes[0]["content"]) == len(kept["sessions"]) > 0


async def test_whoever_scheduling_does_not_let_read_sees_the_recorded_figures(house, portal, approved_at):
    (scheme,) = await scheme_then(house, approved_at, "administrator")
    assert scheme["content"] is None
    assert "may not read" in scheme["told"]
    assert len(scheme["hash"]) == 64


async def test_the_page_asks_as_its_viewer(house, portal, approved_at):
    async with portal.transactions.begin() as tx:
        account = await commands.make_account(
            tx, "looks.back", "a-long-password", roles={"union"}, organisation="smftu", name="工会"
        )
        cookie = await logins.log_in(tx, account, hours=1)
    async with portal.client() as client:
        client.cookies.set("sj_login", cookie)
        page = await client.get(
            f"/orders/{house.known['order_id']}/story", params={"at": approved_at, "lang": "en"}
        )
    assert page.status_code == 200
    assert "This content has the hash of that time" in page.text
