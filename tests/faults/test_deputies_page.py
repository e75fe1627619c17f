"""Approvers, and a deputy with dates for one who is absent: named on the portal's page, kept by scheduling."""

import re
from io import BytesIO

import openpyxl
import pytest

from portal.accounts import commands, logins

from .house import neighbours_in_reach
from .test_who_may_pages import browser

NAMES = ("absent", "colleague", "stranger")


@pytest.fixture
async def people(house):
    """Two clerks of jinniu and one of another enterprise, logged in; they are gone afterwards."""
    made, clients = {}, {}
    async with house.services["portal"].transactions.begin() as tx:
        chief = await commands.make_account(
            tx, "chief", "a-good-password", roles={"administrator"}, name="chief 王"
        )
        made["chief"], clients["chief"] = chief, browser(house, await logins.log_in(tx, chief, hours=1))
        for name in NAMES:
            organisation = "bgzb" if name == "stranger" else "jinniu"
            made[name] = await commands.make_account(
                tx,
                name,
                "a-good-password",
                roles={"enterprise"},
                organisation=organisation,
                name=f"{name} 王",
            )
            clients[name] = browser(house, await logins.log_in(tx, made[name], hours=1))
    with neighbours_in_reach(house):
        yield {name: str(one.id) for name, one in made.items()}, clients
    ids = [one.id for one in made.values()]
    async with house.services["portal"].transactions.begin() as tx:
        await tx.driver.execute("delete from login where account_id = any($1::uuid[])", ids)
        await tx.driver.execute("delete from account where id = any($1::uuid[])", ids)


async def send(client, path, **told):
    page = await client.get("/deputies")
    found = re.search(rf'action="{path}"><input type="hidden" name="key" value="([^"]+)"', page.text)
    return await client.post(path, data=told | {"key": found[1]})


async def test_a_deputy_signs_from_one_day_until_another_and_no_longer(house, people):
    ids, clients = people
    absent = clients["absent"]
    days = {"first": "2027-03-01", "until": "2027-03-05"}
    refused = await send(absent, "/deputies", deputy=ids["stranger"], **days)
    assert refused.status_code == 422
    wrong = await send(absent, "/deputies", deputy=ids["colleague"], first="2027-03-05", until="2027-03-01")
    assert wrong.status_code == 409
    assert (await send(absent, "/deputies/signers", user=ids["absent"])).status_code == 303
    assert (await send(absent, "/deputies", deputy=ids["colleague"], **days)).status_code == 303
    async with house.client("scheduling", "enterprise") as client:
        told = (await client.get("/signers")).json()
    assert told["approvers"] == [ids["absent"]]
    assert told["deputies"] == [{"user": ids["absent"], "deputy": ids["colleague"], **days}]
    shown = (await clients["colleague"].get("/deputies")).text
    for word in ("absent 王", "colleague 王", "5 Mar"):
        assert word in shown
    assert 'action="/deputies"' not in shown, "only whoever is named names others"
    assert "absent 王" not in (await clients["stranger"].get("/deputies")).text
    assert (await send(absent, "/deputies/drop", deputy=ids["colleague"])).status_code == 303
    assert (await send(absent, "/deputies/signers/drop", user=ids["absent"])).status_code == 303
    async with house.client("scheduling", "enterprise") as client:
        assert (await client.get("/signers")).json() == {"approvers": [], "deputies": []}


async def test_whoever_is_removed_and_still_signs_is_told_and_named_no_more(house, people):
    ids, clients = people
    assert (await send(clients["absent"], "/deputies/signers", user=ids["absent"])).status_code == 303
    chief, of = clients["chief"], "/people?organisation=jinniu"
    told = {"organisation": "jinniu", "account": ids["absent"]}
    gone = await chief.post("/people/remove", data=told | {"key": key_of(await chief.get(of))})
    assert gone.status_code == 303, gone.text
    page = await chief.get(f"{gone.headers['location']}&lang=en")
    for word in ("absent 王 was removed", "still named as signers", "approver"):
        assert word in page.text, word
    assert "still named as signers" in (await chief.get(of)).text, "until it is settled"
    shown = (await clients["colleague"].get("/deputies?lang=en")).text
    assert "absent 王" in shown
    assert "removed by chief 王 on 20" in shown, "and when"
    for path, client, words in (
        ("/deputies.xlsx", clients["colleague"], ("absent 王", "removed by chief 王")),
        ("/people.xlsx?organisation=jinniu", chief, ("colleague 王", "enterprise")),
    ):
        book = openpyxl.load_workbook(BytesIO((await client.get(path)).content))
        cells = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row]
        assert all(any(word in cell for cell in cells) for word in words), cells
    assert (await chief.get("/people.xlsx?organisation=nobody")).status_code == 404
    assert "absent 王" in (await chief.get(of)).text
    manages = {"organisation": "jinniu", "account": ids["colleague"], "manages": "true"}
    made = await chief.post("/people/manager", data=manages | {"key": key_of(page)})
    assert made.status_code == 303, made.text
    theirs = (await clients["colleague"].get("/people?lang=en")).text
    assert "Only an administrator can name them no more" in theirs
    assert "/people/signers/drop" not in theirs, "scheduling would refuse it"
    page = await chief.get(of)
    told = {"organisation": "jinniu", "user": ids["colleague"], "key": key_of(page)}
    assert (await chief.post("/people/signers/drop", data=told)).status_code == 422, "is not gone"
    told |= {"user": ids["absent"], "key": key_of(await chief.get(of))}
    assert (await chief.post("/people/signers/drop", data=told)).status_code == 303
    assert "still named as signers" not in (await chief.get(of)).text
    async with house.client("scheduling", "enterprise") as client:
        assert (await client.get("/signers")).json() == {"approvers": [], "deputies": []}


def key_of(page) -> str:
    return re.findall(r'name="key" value="([^"]+)"><input type="hidden" name="organisation"', page.text)[0]
