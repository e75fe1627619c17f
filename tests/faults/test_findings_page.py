"""What is worth a second look, on the union's own pages: listed, answered by one, closed by another, on a sheet."""

import re
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest

from evaluation.findings.checks import Kind
from evaluation.findings.checks.seen import found
from evaluation.findings.commands import tell
from portal.accounts import commands

from .scheme import PASSWORD, logged_in

KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def house(scheme_house):
    return scheme_house


@pytest.fixture
async def finding(house):
    """A session of the story in which more people were than there is room for."""
    order, session = UUID(house.known["order_id"]), UUID(house.known["session_id"])
    seen = found(Kind.LARGE_CLASS, order, sessions=[session], heads=61, most=60)
    async with house.services["evaluation"].transactions.begin() as tx:
        await tell(tx, [seen], because=None)
    async with house.services["portal"].transactions.begin() as tx:
        if "second" not in {each.username for each in await commands.list_accounts(tx)}:
            await commands.make_account(
                tx, "second", PASSWORD, roles={"union"}, organisation="smftu", name="李"
            )
    return f"/findings/{seen.finding_id}"


def key_of(page, path):
    form = page.partition(f'action="{path}"')[2]
    return KEY.search(form).group(1)


async def test_it_is_answered_by_one_and_closed_by_another(house, finding):
    one, other = await logged_in(house), await logged_in(house, "second")
    listed = await one.get("/findings", params={"lang": "en"})
    assert finding in listed.text
    assert "61 people attended" in listed.text
    page = (await one.get(finding, params={"lang": "en"})).text
    assert "Write the answer down" in page
    assert f'action="{finding}/close"' not in page

    told = {"asked": "college", "reason": "finding.entry_wrong", "words": "多点了一人"}
    answer = await one.post(f"{finding}/answer", data=told | {"key": key_of(page, f"{finding}/answer")})
    assert (answer.status_code, answer.headers["location"]) == (303, finding)
    page = (await one.get(finding)).text
    assert "You wrote the answer down" in page
    assert "多点了一人" in page
    assert f'action="{finding}/close"' not in page

    key = key_of((await other.get("/findings")).text + (await other.get(finding)).text, f"{finding}/close")
    answer = await other.post(f"{finding}/close", data={"reason": "finding.corrected", "key": key})
    assert (answer.status_code, answer.headers["location"]) == (303, finding)
    page = (await other.get(finding, params={"lang": "zh"})).text
    for word in ("办结：已更正", "王", "李"):
        assert word in page

    sheet = openpyxl.load_workbook(BytesIO((await other.get("/findings/list.xlsx")).content)).active
    assert [list(row)[4:7:2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        ["已办结", "已更正"]
    ]


async def test_nobody_but_the_union_sees_any_of_it(house, finding):
    clerk = await logged_in(house, "clerk")
    for path in ("/findings", finding, "/findings/list.xlsx"):
        assert (await clerk.get(path)).status_code == 403
    answered = {"asked": "college", "reason": "finding.cannot_say", "key": "x"}
    assert (await clerk.post(f"{finding}/answer", data=answered)).status_code == 403
    ended = {"reason": "finding.explained", "key": "x"}
    assert (await clerk.post(f"{finding}/close", data=ended)).status_code == 403
    story = await clerk.get(f"/orders/{house.known['order_id']}/story", params={"all": "1", "lang": "en"})
    assert story.status_code == 200
    assert "worth" not in story.text.lower()
