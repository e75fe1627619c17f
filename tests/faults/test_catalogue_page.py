"""The catalogue on the union's page: found, exported, changed, checked, handed back; nothing comes into force."""

import re
from io import BytesIO

import openpyxl
import pytest

from portal.accounts import commands, logins

from .house import neighbours_in_reach
from .test_who_may_pages import browser


@pytest.fixture
async def union(house):
    portal = house.services["portal"]
    async with portal.transactions.begin() as tx:
        account = await commands.make_account(
            tx, "catalogue-union", "a-good-password", roles={"union"}, organisation="smftu", name="演示"
        )
        cookie = await logins.log_in(tx, account, hours=1)
    with neighbours_in_reach(house):
        yield browser(house, cookie)
    async with portal.transactions.begin() as tx:
        await tx.driver.execute("delete from login where account_id = $1", account.id)
        await tx.driver.execute("delete from account where id = $1", account.id)


def units_on(page):
    return re.findall(r'tx-strong ca-name" role="cell">[^<]+<code class="ca-code">([^<]+)<', page)


async def check(union, content):
    page = (await union.get("/catalogue")).text
    key = re.search(r'action="/catalogue/check"[^>]*><input type="hidden" name="key" value="([^"]+)"', page)[
        1
    ]
    return await union.post(
        "/catalogue/check", data={"key": key}, files={"file": ("catalogue.xlsx", content)}
    )


async def test_units_are_found_and_gaps_named(house, union):
    told = (await house.client("scheduling", "union").get("/catalogue")).json()
    page = (await union.get("/catalogue")).text
    assert len(units_on(page)) == len(told)
    some = await union.get("/catalogue", params={"q": "plc", "level": "L4"})
    assert units_on(some.text) == ["el4-plc"]
    none = (await union.get("/catalogue", params={"q": "astrology"})).text
    assert "No unit is like that" in none
    gaps = re.findall(r'<span class="tg amber">none</span>', page)
    assert f'Levels without units <span class="n">{len(gaps)}</span>' in page
    programmes = (await union.get("/catalogue/programmes")).text
    for word in ("Send teachers to the door", "1,500 yuan", "used here", "60 people"):
        assert word in programmes, word


async def test_a_changed_sheet_is_checked_and_handed_back(union):
    exported = await union.get("/catalogue/list.xlsx")
    book = openpyxl.load_workbook(BytesIO(exported.content))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["class_hours"]).value = 9
    good = BytesIO()
    book.save(good)
    page = await check(union, good.getvalue())
    assert page.status_code == 200, page.text
    assert "1 unit" in page.text
    assert "Unconfirmed schemes touched" in page.text
    key = re.search(r'checked\.csv"><input type="hidden" name="key" value="([^"]+)"', page.text)[1]
    file = re.search(r'name="file" value="([^"]+)"', page.text)[1].replace("&#34;", '"').replace("&#39;", "'")
    back = await union.post("/catalogue/checked.csv", data={"key": key, "file": file})
    assert back.headers["content-disposition"] == "attachment; filename=catalogue.csv"
    assert "el5-safety,6-31-01-03,L5,安全用电,Safe use of electricity,9," in back.text
    sheet.cell(3, columns["level"]).value = "L12"
    wrong = BytesIO()
    book.save(wrong)
    page = await check(union, wrong.getvalue())
    assert "1 thing has to be mended" in page.text
    assert "Row 3" in page.text
    assert "Download catalogue.csv" not in page.text
