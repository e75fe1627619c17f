"""The board as a table and as a map over HTTP: its order, its search, its sheet."""

import re
from functools import partial
from io import BytesIO

import openpyxl
import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import AnOrder, college, enterprise, instructor

from portal.accounts import commands

NUMBERS = re.compile(r"data-step>(2026-\d{4})</a>")


@pytest.fixture(scope="module")
async def season(portal):
    """Two orders under way in one county, and one that has ended."""
    one, two, over = AnOrder(), AnOrder("two", "2026-0002", "jxlt", "建新轮胎"), AnOrder("three", "2026-0003")
    await portal.deliver(enterprise(), college(), instructor())
    await portal.deliver(two.submitted(), one.submitted(), one.accepted(), one.drafted(), *over.whole())
    async with portal.transactions.begin() as tx:
        await commands.make_account(tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="王")
        await commands.make_account(
            tx, "enterprise", PASSWORD, roles={"enterprise"}, organisation="jinniu", name="林"
        )
    return one


@pytest.fixture
def browser(portal, season):
    return partial(log_in, portal)


async def test_a_head_sorts_and_once_more_turns_it_round(browser):
    client = await browser("union")

    async def order(sort):
        page = (await client.get("/board", params={"view": "table", "sort": sort})).text
        return NUMBERS.findall(page)[:2], re.findall(r'aria-sort="(\w+)"', page)

    assert await order("number") == (["2026-0001", "2026-0002"], ["ascending"])
    assert await order("-number") == (["2026-0002", "2026-0001"], ["descending"])
    assert (await order("nonsense"))[1] == []
    page = (await client.get("/board", params={"view": "table", "sort": "number", "q": "2026"})).text
    assert "/board?view=table&amp;sort=-number&amp;q=2026" in page


async def test_the_sheet_has_what_the_table_shows(browser):
    client = await browser("union")
    for query, found in (("", ["2026-0002", "2026-0001"]), ("2026-0001", ["2026-0001"])):
        answer = await client.get("/board/list.xlsx", params={"sort": "-number", "q": query})
        book = openpyxl.load_workbook(BytesIO(answer.content))
        going, ended = book.worksheets
        assert [row[0] for row in going.iter_rows(min_row=2, values_only=True)] == found
        if not query:
            assert [row[0] for row in ended.iter_rows(min_row=2, values_only=True)] == ["2026-0003"]
    theirs = await (await browser("enterprise")).get("/board/list.xlsx")
    going = openpyxl.load_workbook(BytesIO(theirs.content)).worksheets[0]
    assert [row[0] for row in going.iter_rows(min_row=2, values_only=True)] == ["2026-0001"]


async def test_a_town_of_the_map_leads_to_its_orders(browser):
    client = await browser("union")
    page = (await client.get("/board", params={"view": "map", "lang": "en"})).text
    (town,) = re.findall(r'href="([^"]+)" data-town="350428"', page)
    assert 'aria-label="Jiangle County: 2 orders under way' in page
    table = (await client.get(town.replace("&amp;", "&"))).text
    assert sorted(NUMBERS.findall(table)) == ["2026-0001", "2026-0002"], "none that has ended"
    assert "Jiangle County" in table[table.index('role="note"') :]
    page = (await client.get("/board", params={"view": "map", "q": "2026-0002"})).text
    (town,) = re.findall(r'href="([^"]+)" data-town="350428"', page)
    assert NUMBERS.findall((await client.get(town.replace("&amp;", "&"))).text) == ["2026-0002"]


async def test_the_rail_counts_all_that_is_our_turn_whatever_is_searched(browser):
    client = await browser("union")
    counts = [
        re.findall(r'class="sh-count num">(\d+)<', (await client.get("/board", params={"q": query})).text)
        for query in ("", "2026-0002", "no such order")
    ]
    assert counts[0]
    assert counts == [counts[0]] * 3


async def test_what_was_searched_while_the_page_is_open_is_what_is_exported(browser):
    part = (
        await (await browser("union")).get("/board/part", params={"view": "table", "q": "2026-0002"})
    ).text
    assert 'href="/board/list.xlsx?q=2026-0002"' in part
    assert 'href="/board?view=map&amp;q=2026-0002"' in part


@pytest.mark.parametrize(
    "address",
    ["/board?view=nonsense", "/board?rows=many", "/board/list.xlsx?view=", "/report/rows?what=all&by=size"],
)
async def test_an_address_that_asks_for_a_word_that_is_none_is_answered_as_usual(season, browser, address):
    answer = await (await browser("union")).get(address, headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text[:300]
