"""A survey on the pages: opened by the union, answered, corrected, taken from paper, made a draft order."""

import html
import re
from io import BytesIO

import openpyxl
import pytest

from portal.accounts import commands

from .house import neighbours_in_reach
from .story import an_enterprise, good

PASSWORD = "a-good-password"
PEOPLE = (("ask-union", "union", "smftu"), ("ask-clerk", "enterprise", "jinniu"))


@pytest.fixture(scope="module")
async def desks(house):
    """The union's and an enterprise's browser; two enterprises more are known."""
    union = house.client("order-intake", "union")
    for id_, code in (("ask-a", "91350481MAXXX004XB"), ("ask-b", "91350481MAXXX0058B")):
        works = an_enterprise(
            enterprise_id=id_, credit_code=code, name=f"演示企业{id_[-1]}", shift_pattern="day"
        )
        good(await union.post("/enterprises", json=works))
    await house.carry()
    with neighbours_in_reach(house) as portal:
        async with portal.transactions.begin() as tx:
            for name, role, organisation in PEOPLE:
                await commands.make_account(
                    tx, name, PASSWORD, roles={role}, organisation=organisation, name="演示"
                )
        yield {name: await logged_in(portal, name) for name, _, _ in PEOPLE}


async def logged_in(portal, name):
    client = portal.client()
    (key,) = re.findall(r'name="key" value="([^"]+)"', (await client.get("/login")).text)
    told = {"username": name, "password": PASSWORD, "key": key}
    assert (await client.post("/login", data=told)).status_code == 303
    client.headers["accept-language"] = "en"
    return client


def key_of(page, action):
    found = re.search(
        rf'action="{re.escape(action)}"[^>]*><input type="hidden" name="key" value="([^"]+)"', page
    )
    assert found, action
    return found[1]


async def send(client, path, action=None, **told):
    page = (await client.get(path)).text
    action = action or path
    return await client.post(action, data=told | {"key": key_of(page, action)})


async def test_a_round_from_its_opening_to_draft_orders(house, desks):
    union, clerk = desks["ask-union"], desks["ask-clerk"]
    asked = {"programme": "send-teachers-home", "channel": "online", "who": "chosen"}
    nobody = await send(union, "/surveys", "/surveys/open", **asked)
    assert (nobody.status_code, "Nobody is chosen" in nobody.text) == (422, True)
    chosen = asked | {"enterprise": ["jinniu", "ask-a", "ask-b"], "closes_on": "2027-03-20"}
    opened = await send(union, "/surveys", "/surveys/open", **chosen)
    assert opened.status_code == 303, opened.text
    address = opened.headers["location"].partition("?")[0]
    survey = address.rpartition("/")[2]

    own = f"/survey/{survey}"
    assert own in (await clerk.get("/survey")).text
    need = {
        "n1.service": "theory_training",
        "n1.occupation": "electrician",
        "n1.level": "L4",
        "n1.heads": "many",
    }
    wrong = await send(clerk, own, **need)
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text, "what was typed stays"
    assert 'href="#n1-heads"' in wrong.text
    whole = need | {"n1.heads": "24", "n1.problem": "short_training_time", "n1.shift_pattern": "4x3",
                    "n1.occupation": "6-31-01-03"}  # fmt: skip
    assert (await send(clerk, own, **whole)).status_code == 303
    more = whole | {
        "n1.heads": "26",
        "n2.service": "skill_evaluation",
        "n2.occupation": "6-31-01-03",
        "n2.heads": "5",
    }
    assert (await send(clerk, own, **more)).status_code == 303
    page = (await clerk.get(own)).text
    assert "26 people" in page
    assert "training is too short" in page

    page = (await union.get(address)).text
    assert "演示企业a" in page, "who is silent is named"
    assert "31 people" in page, "all heads of the round"
    assert (await send(union, address, f"{address}/remind")).status_code == 303
    again = await send(union, address, f"{address}/remind")
    assert (again.status_code, "reminded today" in again.text) == (409, True)

    assert (await send(clerk, own, f"{own}/withdraw")).headers["location"] == f"{own}?withdrawn=1"
    page = (await clerk.get(f"{own}?withdrawn=1")).text
    assert "The answer is taken back" in page
    assert "Send the answer" in page
    assert (await send(clerk, own, **more)).status_code == 303, "and given again"

    drafted = await send(clerk, own, f"{own}/order")
    assert drafted.status_code == 303
    order = await clerk.get(drafted.headers["location"])
    assert 'value="26"' in order.text, "the draft has the people of the corrected answer"
    assert "26 people" in (await clerk.get(own)).text
    await from_paper(union, clerk, address, own)
    assert (await send(union, address, f"{address}/order", enterprise="ask-a")).status_code == 303
    page = (await union.get(address)).text
    assert page.count("· draft") == 2
    assert (await send(union, address, f"{address}/close")).status_code == 303
    assert 'class="su-form"' not in (await clerk.get(own)).text
    facts = [fact.type for fact in await house.services["order-intake"].facts(survey)]
    assert facts == [
        "survey.opened.v1", "survey.answered.v1", "survey.corrected.v1", "survey.reminded.v1",
        "survey.withdrawn.v1", "survey.answered.v1", "survey.corrected.v1", "survey.answered.v1",
        "survey.corrected.v1", "survey.closed.v1",
    ]  # fmt: skip


async def from_paper(union, clerk, address, own):
    """The sheet of all answers comes back with one enterprise filled in, one wrong, and one that has answered since."""
    sheet = openpyxl.load_workbook(BytesIO((await union.get(f"{address}/answers.xlsx")).content))
    page = sheet.active
    rows = {row[0].value: row[0].row for row in page.iter_rows(min_row=2)}
    for enterprise, heads in (("ask-a", 12), ("ask-b", "a dozen")):
        for column, value in enumerate((3, "theory training", "6-31-01-03", "L5", heads), start=2):
            page.cell(rows[enterprise], column).value = value
    content = BytesIO()
    sheet.save(content)
    need = {
        "n1.service": "theory_training",
        "n1.occupation": "6-31-01-03",
        "n1.level": "L4",
        "n1.heads": "27",
    }
    assert (await send(clerk, own, **need)).status_code == 303

    async def previewed():
        key = key_of((await union.get(address)).text, f"{address}/paper")
        told = {"data": {"key": key}, "files": {"file": ("answers.xlsx", content.getvalue())}}
        preview = await union.post(f"{address}/paper", **told)
        assert preview.status_code == 200, preview.text
        fields = dict(re.findall(r'name="(answers|meanwhile)" value="([^"]*)"', preview.text))
        key = key_of(preview.text, f"{address}/paper/take")
        return preview.text, {name: html.unescape(value) for name, value in fields.items()} | {"key": key}

    text, told = await previewed()
    assert "a dozen" in text
    assert "answered meanwhile (" in text
    assert 'name="over" value="jinniu"' in text
    taken = await union.post(f"{address}/paper/take", data=told)
    assert taken.headers["location"].endswith("?new=1&changed=0&same=0"), "what was said since stays"
    assert "27 people" in (await clerk.get(own)).text
    text, told = await previewed()
    none = await union.post(f"{address}/paper/take", data=told | {"answers": "[]"})
    assert (none.status_code, "no enterprise was ticked" in none.text) == (422, True)
    text, told = await previewed()
    taken = await union.post(f"{address}/paper/take", data=told | {"over": "jinniu"})
    assert taken.headers["location"].endswith("?new=0&changed=1&same=1"), (
        "and is replaced when somebody says so"
    )
    assert "26 people" in (await clerk.get(own)).text


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_sheet_of_either_language_can_be_read_back(house, desks, language):
    union = desks["ask-union"]
    number = {"zh": 950, "en": 951}[language]
    asked = {"programme": "send-teachers-home", "round": number, "channel": "visit"}
    service = house.client("order-intake", "union")
    survey = good(await service.post("/surveys", json=asked))["survey_id"]
    needs = [
        {"service": line, "occupation": "6-31-01-03", "heads": 9, "level": "L3", "problem": "poor_results",
         "shift_pattern": "3x8"}
        for line in ("theory_training", "skill_evaluation", "skills_competition", "new_apprenticeship")
    ]  # fmt: skip
    answer = {"enterprise_id": "jinniu", "person_times": 4, "needs": needs}
    good(await service.post(f"/surveys/{survey}/answers", json=answer))
    sheet = await union.get(f"/surveys/{survey}/answers.xlsx", params={"lang": language})
    looked = await service.post(f"/surveys/{survey}/paper/look", files={"file": ("a.xlsx", sheet.content)})
    assert {row["state"] for row in good(looked)["rows"]} == {"same"}
