"""The page of fairness over the year: dispatch's own figures, in both languages; a college sees its own people only."""

import re

import pytest

from portal.accounts import commands

from .house import neighbours_in_reach

PASSWORD = "a-good-password"


@pytest.fixture(scope="module")
async def portal(house):
    with neighbours_in_reach(house) as portal:
        async with portal.transactions.begin() as tx:
            for name, role, organisation in (
                ("fair-union", "union", "smftu"),
                ("fair-college", "college", "smtc"),
                ("fair-clerk", "enterprise", "jinniu"),
            ):
                await commands.make_account(
                    tx, name, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 李"
                )
        yield portal


async def logged_in(portal, name):
    client = portal.client()
    (key,) = re.findall(r'name="key" value="([^"]+)"', (await client.get("/login")).text)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD, "key": key})
    assert answer.status_code == 303, answer.text
    return client


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Fairness over the year", "Evenings")), ("zh", ("全年派课公平", "晚间"))]
)
async def test_it_shows_what_dispatch_counts(house, portal, language, words):
    client = await logged_in(portal, "fair-union")
    page = await client.get("/fairness", params={"lang": language})
    assert page.status_code == 200, page.text
    for word in words:
        assert word in page.text, word
    told = (await house.client("instructor-dispatch", "union").get("/fairness")).json()
    assert len(re.findall(r'<th scope="row"', page.text)) == len(told["people"]) + len(told["colleges"])
    hours = {str(each["minutes"]["has"] // 60) for each in told["people"]}
    assert all(f"<span>{each}" in page.text or f"<strong>{each}" in page.text for each in hours)
    another = await client.get("/fairness", params={"year": 2020})
    assert another.status_code == 200
    occupation = told["occupations"][0]
    assert f'occupation={occupation}"' in page.text
    asked = {"occupation": occupation}
    of_them = (await house.client("instructor-dispatch", "union").get("/fairness", params=asked)).json()
    page = await client.get("/fairness", params=asked)
    assert len(re.findall(r'<th scope="row"', page.text)) == len(of_them["people"]) + len(of_them["colleges"])


async def test_a_college_sees_its_own_part_and_an_enterprise_nothing(house, portal):
    client = await logged_in(portal, "fair-college")
    page = await client.get("/fairness")
    told = (await house.client("instructor-dispatch", "college").get("/fairness")).json()
    assert {each["college_id"] for each in told["people"]} <= {"smtc"}
    assert len(re.findall(r'<th scope="row"', page.text)) == len(told["people"]) + len(told["colleges"])
    assert (await (await logged_in(portal, "fair-clerk")).get("/fairness")).status_code == 403
