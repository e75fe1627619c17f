"""A joint order through all services: proposed and answered on pages, planned as any order; who reads whose people."""

import csv
import re

import pytest

from portal.accounts import commands

from .house import PROGRAMMES, neighbours_in_reach
from .story import LINE, a_draft, a_played_house, an_enterprise, good, sign

PASSWORD = "a-good-password"
FORM = re.compile(
    r'name="key" value="([^"]+)"><input type="hidden" name="orders" value="([^"]+)">'
    r'<input type="hidden" name="host" value="([^"]+)"'
)
ANSWER = re.compile(r'name="key" value="([^"]+)"><button class="bt primary" name="answer" value="consent"')
EVENINGS = {**LINE, "earliest": "2027-05-03"}


@pytest.fixture(scope="module")
async def house(played):
    """A house of its own, with two neighbours who each submit a small order of the same kind."""
    async with a_played_house(played) as house:
        with (PROGRAMMES / "demo" / "enterprises.csv").open(encoding="utf-8") as rows:
            code = [row["uscc_demo"] for row in csv.DictReader(rows)][-1]
        union = house.client("order-intake", "union")
        near = an_enterprise(enterprise_id="near", credit_code=code, name="演示近邻企业")
        good(await union.post("/enterprises", json=near))
        for name in ("jinniu", "near"):
            clerk = house.client("order-intake", "enterprise", organisation=name)
            order = await a_draft(clerk, EVENINGS, people=4 if name == "near" else 6)
            good(await clerk.post(f"/orders/{order}/submit"))
            house.known[f"small_{name}"] = order
        await house.carry()
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                for name, role, organisation in (
                    ("coordinator", "union", "smftu"), ("jinniu", "enterprise", "jinniu"),
                    ("near", "enterprise", "near"), ("bgzb", "enterprise", "bgzb"),
                ):  # fmt: skip
                    await commands.make_account(
                        tx, name, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
                    )
            await propose(house)
            yield house


async def logged_in(house, name):
    client = house.services["portal"].client()
    form = await client.get("/login")
    (key,) = re.findall(r'name="key" value="([^"]+)"', form.text)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD, "key": key})
    assert answer.status_code == 303, answer.text
    return client


async def propose(house):
    """On the union's page, then consented to on each member's."""
    client = await logged_in(house, "coordinator")
    page = await client.get("/pools", params={"lang": "en"})
    assert page.status_code == 200, page.text
    house.known["proposals"] = page.text
    ((key, orders, host),) = FORM.findall(page.text)
    told = {"key": key, "orders": orders, "host": host}
    assert (await client.post("/pools/propose", data=told)).status_code == 303
    house.known["again"] = str((await client.post("/pools/propose", data=told)).status_code)
    await house.carry()
    for name in ("jinniu", "near"):
        clerk, path = await logged_in(house, name), f"/orders/{house.known[f'small_{name}']}/pool"
        page = await clerk.get(path, params={"lang": "en"})
        assert page.status_code == 200, page.text
        (key,) = ANSWER.findall(page.text)
        unknown = await clerk.post(f"{path}/answer", data={"key": key, "answer": "perhaps"})
        assert unknown.status_code == 422, "an answer that is none is no refusal"
        assert (await clerk.post(f"{path}/answer", data={"key": key, "answer": "consent"})).status_code == 303
    await house.carry()
    told = good(await house.client("order-intake", "union").get(f"/orders/{house.known['small_near']}"))
    house.known["joint"] = told["joint_order"]
    await sign(house, told["joint_order"])


async def test_the_page_shows_the_saving_and_why_not_and_takes_a_form_once(house):
    page = house.known["proposals"]
    for word in ("Saved", "held here", "Round trips of instructors saved", "10 people"):
        assert word in page, word
    assert "pool." not in re.sub(r'href="[^"]*"', "", page)
    assert house.known["again"] == "403"


async def test_it_is_planned_as_one_class_and_its_members_have_no_scheme(house):
    scheme = good(await house.client("scheduling", "union").get(f"/orders/{house.known['joint']}/scheme"))
    (cohort,) = scheme["cohorts"]
    assert len(cohort["workers"]) == 10
    near = house.client("scheduling", "enterprise", organisation="near")
    assert (await near.get(f"/orders/{house.known['small_near']}/scheme")).status_code == 404


async def test_every_enterprise_reads_its_own_people_only(house):
    joint = house.known["joint"]
    seen = {}
    for name, people in (("jinniu", 6), ("near", 4)):
        client = house.client("evaluation", "enterprise", organisation=name)
        sessions = good(await client.get("/sessions", params={"order_id": joint}))
        sheet = good(await client.get(f"/sessions/{sessions[0]['session_id']}"))
        seen[name] = {row["worker_id"] for row in sheet["rows"]}
        assert len(seen[name]) == people
    assert seen["jinniu"].isdisjoint(seen["near"])
    union = good(await house.client("evaluation", "union").get("/sessions", params={"order_id": joint}))
    sheet = good(await house.client("evaluation", "union").get(f"/sessions/{union[0]['session_id']}"))
    assert len(sheet["rows"]) == 10
    assert all(row["name"].startswith("演示") for row in sheet["rows"])
    stranger = house.client("evaluation", "enterprise", organisation="bgzb")
    assert (await stranger.get("/sessions", params={"order_id": joint})).status_code == 404
    assert (await stranger.get(f"/sessions/{union[0]['session_id']}")).status_code == 404
    # only the works where the class is held confirm a session
    near = house.client("evaluation", "enterprise", organisation="near")
    assert (await near.post(f"/sessions/{union[0]['session_id']}/confirm")).status_code == 404


async def test_a_member_reads_its_part_on_its_own_page(house):
    clerk = await logged_in(house, "near")
    page = await clerk.get(f"/orders/{house.known['small_near']}/coverage", params={"lang": "en"})
    assert page.status_code == 200, page.text
    assert "own part of joint order" in page.text
    assert "4 people" in page.text
    assert (await clerk.get(f"/orders/{house.known['joint']}/story")).status_code == 404
    union = await logged_in(house, "coordinator")
    whole = await union.get(f"/orders/{house.known['joint']}/coverage", params={"lang": "en"})
    assert "By enterprise" in whole.text
    assert "10 people" in whole.text


async def test_nobody_else_sees_any_of_it(house):
    clerk = await logged_in(house, "bgzb")
    assert (await clerk.get("/pools")).status_code == 403
    for page in ("pool", "coverage"):
        assert (await clerk.get(f"/orders/{house.known['small_near']}/{page}")).status_code == 404
