"""Pages beside much that is stored: what they show of it, where the rest is, and that they read no more than that."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import httpx
import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import START, AnOrder, college, enterprise, instructor

from contracts import order_intake as intake
from portal.accounts import commands
from portal.boards import story
from portal.desks.enterprise import certificates, held_pages
from portal.desks.evaluation import pages as evaluation_pages
from portal.desks.orders import AT_ITS_END, cards_where, sessions_waiting
from portal.desks.past_orders import others_of
from portal.desks.union import board, issues_pages, shown
from portal.desks.watch.shown import UNSTAFFABLE
from portal.scope import Scope

CARDS = re.compile(r'<article class="oc[^>]*data-order="([^"]+)"')
ROWS = re.compile(r"data-step>(2026-\d{4,6})</a>")
EVERYTHING = Scope(everything=True)


@pytest.fixture(scope="module")
async def house(portal):
    """Five orders that wait to be taken, of two enterprises; four that have ended, one of them long ago."""
    waiting = [AnOrder(f"waits-{n}", f"2026-1{n:03d}") for n in range(4)]
    other = AnOrder("other", "2026-1004", "jxlt", "建新轮胎")
    over = [AnOrder(f"over-{n}", f"2026-000{n}") for n in range(1, 4)]
    long_ago = AnOrder("ago", "2026-0009", "jxlt", "建新轮胎")
    await portal.deliver(
        enterprise(), enterprise("jxlt", "建新轮胎", "Jianxin Tyres"), college(), instructor()
    )
    await portal.deliver(*long_ago.whole())
    await portal.deliver(*(one.submitted() for one in (*waiting, other)))
    for one in over:
        facts = one.whole()
        facts[facts.index(one.issued())] = one.issued(f"S00003500000026400001{over.index(one)}")
        await portal.deliver(*facts)
    async with portal.transactions.begin() as tx:
        await commands.make_account(tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="王")
        await commands.make_account(
            tx, "enterprise", PASSWORD, roles={"enterprise"}, organisation="jinniu", name="林"
        )
    return waiting


@pytest.fixture
def browser(portal, house):
    return partial(log_in, portal)


async def test_a_lane_shows_its_first_cards_and_leads_to_the_others(browser, house, monkeypatch):
    monkeypatch.setattr(shown, "MOST_IN_LANE", 3)
    client = await browser("union")
    page = (await client.get("/board", params={"lang": "en"})).text
    assert len(CARDS.findall(page)) == 3
    assert "2 more in the table" in page
    hidden = ({str(one.order_id) for one in house} - set(CARDS.findall(page))).pop()
    number = next(one.number for one in house if str(one.order_id) == hidden)
    part = (await client.get("/board/part", params={"q": number})).text
    assert CARDS.findall(part) == [hidden], "a search finds it all the same"


async def test_a_table_shows_its_first_rows_and_more_when_asked(browser):
    client = await browser("union")
    asked = {"view": "table", "sort": "number", "lang": "en", "rows": "2"}
    page = (await client.get("/board", params=asked)).text
    assert ROWS.findall(page[: page.index('id="ended"')]) == ["2026-1000", "2026-1001"]
    assert "2 of 5 shown" in page
    (more,) = re.findall(r'id="more-rows" href="([^"]+)"', page)
    page = (await client.get(more.replace("&amp;", "&"))).text
    assert len(ROWS.findall(page[: page.index('id="ended"')])) == 5
    assert "more-rows" not in page


@pytest.mark.parametrize(
    "words", ["0009", "2026-0009 建新", "Jianxin", "建新 electrician", "建新 · 3 people"]
)
async def test_what_ended_long_ago_is_found_by_its_number_enterprise_or_trade(browser, monkeypatch, words):
    monkeypatch.setattr(board, "MOST_ENDED", 2)
    client = await browser("union")
    asked = {"view": "table", "lang": "en"}
    page = (await client.get("/board", params=asked)).text
    assert "2026-0009" not in ROWS.findall(page)
    assert "ended earlier are found by number" in page
    found = ROWS.findall((await client.get("/board", params=asked | {"q": words})).text)
    assert "2026-0009" in found
    assert "2026-0001" not in found


async def test_a_number_is_found_behind_newer_orders_that_may_be_meant_too(portal, browser, monkeypatch):
    """Members of joint orders name their heads, as others do; whose number it is comes before any of them."""
    for n in range(2):
        member = AnOrder(f"member-{n}", f"2026-011{n}", "bgzb", "某装备厂", heads=9)
        own = {"order_id": member.order_id, "joint_id": uuid4()}
        await portal.deliver(
            member.submitted(),
            intake.OrderPoolAsked(**own, answer_by=START + timedelta(days=1)),
            intake.OrderWithdrawn(order_id=member.order_id),
        )
    monkeypatch.setattr(board, "MOST_ENDED", 2)
    client = await browser("union")
    for words in ("0009", "9"):
        page = (await client.get("/board", params={"view": "table", "lang": "en", "q": words})).text
        assert "2026-0009" in ROWS.findall(page), words


async def test_a_search_says_that_it_looked_through_the_newest_only(browser, monkeypatch):
    client, asked = await browser("union"), {"q": "2026-000", "lang": "en"}
    assert "are looked through" not in (await client.get("/board", params=asked)).text
    monkeypatch.setattr(board, "MOST_ENDED", 2)
    assert "only the 2 that changed last" in (await client.get("/board", params=asked)).text


async def test_what_stands_in_a_search_is_taken_by_the_letter(browser):
    client = await browser("union")
    assert ROWS.findall((await client.get("/board", params={"view": "table", "q": "2026_000%"})).text) == []


async def test_batches_that_ended_earlier_are_in_the_sheet(browser, monkeypatch):
    client = await browser("union")
    everything = (await client.get("/evaluation", params={"lang": "en"})).text
    assert "ended earlier" not in everything
    assert len(set(ROWS.findall(everything))) == 4
    monkeypatch.setattr(evaluation_pages, "MOST_ENDED", 2)
    page = (await client.get("/evaluation", params={"lang": "en"})).text
    assert "ended earlier" in page
    assert len(ROWS.findall(page)) == 2


async def test_the_most_pressing_issues_are_shown_and_how_many_there_are(browser, monkeypatch):
    monkeypatch.setattr(issues_pages, "MOST", 2)
    page = (await (await browser("union")).get("/issues", params={"lang": "en"})).text
    assert page.count("data-issue") == 2
    assert "The most pressing 2 of 5" in page, "five orders that nobody answered in time"


async def test_sessions_to_be_confirmed_come_in_parts(portal, browser, monkeypatch):
    held = AnOrder("held", "2026-0300")
    facts = [held.submitted(), held.accepted(), held.confirmed(sessions=3)]
    for n in (1, 2, 3):
        facts += [held.scheduled(n), held.offered(n), held.offer_accepted(n), held.opened(n), held.closed(n)]
    await portal.deliver(*facts)
    monkeypatch.setattr(held_pages, "MOST", 2)
    page = (await (await browser("enterprise")).get("/sessions", params={"lang": "en"})).text
    assert page.count('name="session"') == 2
    assert "1 more session comes when these are confirmed" in page
    await portal.deliver(*(held.session_confirmed(n) for n in (1, 2, 3)))


def certificate_of(order):
    return {
        "certificate_id": str(uuid4()), "name": "某人", "kind": "vocational_skill_level", "number": f"S{order[:20]}",
        "demo": True, "occupation": "6-31-01-03", "level": "L5", "issued_on": "2026-06-01",
        "first_issued_on": "2026-06-01", "valid": True,
        "revoked_on": None, "url": "https://certificates.example/c",
    }  # fmt: skip


async def test_a_page_of_certificates_is_full_where_some_orders_have_none(portal, browser, monkeypatch):
    async with portal.transactions.begin() as tx:
        cards = await cards_where(tx, Scope(enterprise="jinniu"), AT_ITS_END, most=None)
    *older, second, newest = sorted(cards, key=lambda card: card.number)

    def told(request):
        order = request.url.params["order_id"]
        return httpx.Response(200, json=[] if order == str(newest.order_id) else [certificate_of(order)])

    known = portal.transactions.known
    reached = replace(known.neighbours, url_of="http://{}.test".format, transport=httpx.MockTransport(told))
    monkeypatch.setattr(portal.transactions, "known", replace(known, neighbours=reached))
    monkeypatch.setattr(certificates, "MOST", 1)
    client = await browser("enterprise")
    page = (await client.get("/certificates")).text
    assert (second.number in page, newest.number in page) == (True, False)
    page = (await client.get(re.search(r'href="(/certificates[?]after=[0-9]+)"', page)[1])).text
    assert (older[-1].number in page, second.number in page, "after=3" in page) == (True, False, False)


async def test_an_enterprises_other_orders_are_read_without_those_of_anybody_else(portal, house):
    async with portal.transactions.begin() as tx:
        found = await others_of(tx, EVERYTHING, "jxlt", house[0].order_id)
        assert [one.number for one in found] == ["2026-1004", "2026-0009"]
        assert found[0].lines[0].occupation == "6-31-01-03"
        assert [one.state for one in await cards_where(tx, EVERYTHING, AT_ITS_END, most=1)] == ["fulfilled"]


async def test_of_many_orders_only_why_nobody_can_come_is_read(portal, house):
    stuck = [AnOrder(f"stuck-{n}", f"2026-040{n}") for n in (1, 2)]
    for one in stuck:
        await portal.deliver(one.submitted(), one.accepted(), one.scheduled(), one.unstaffable())
    async with portal.transactions.begin() as tx:
        sessions = await sessions_waiting(tx, EVERYTHING, "unstaffable")
        assert {one.session_id for one in sessions} == {one.session() for one in stuck}
        facts = await story.of_type(tx, [one.order_id for one in (*stuck, *house)], UNSTAFFABLE)
    assert [UUID(fact.data["session_id"]) for fact in facts] == [one.session() for one in stuck]


OF_PERSON = f"select * from session_row where person = '{uuid4()}' or taught_by = '{uuid4()}'"
FOUND = {
    "ix_session_row_day": "select * from session_row where day between date '2026-05-01' and date '2026-05-07'",
    "ix_session_row_state": "select * from session_row where state in ('unstaffable', 'unplaced')",
    "ix_session_row_person": OF_PERSON,
    "ix_session_row_taught_by": OF_PERSON,
    "ix_offer_row_session_id": f"select * from offer_row where session_id = '{uuid4()}'",
    "ix_offer_row_person_id": f"select * from offer_row where person_id = '{uuid4()}'",
    "ix_order_card_enterprise_id": "select * from order_card where enterprise_id = 'jinniu'",
    "ix_order_card_number": "select * from order_card where number = '2026-0001'",
    "ix_certificate_row_issued_on": "select * from certificate_row where issued_on >= date '2026-05-01'",
}


async def plan_of(portal, statement):
    """With so few rows the planner reads a table whole unless it is told that this is dear."""
    async with portal.transactions.begin() as tx:
        await tx.driver.execute("set local enable_seqscan = off")
        return "\n".join(row[0] for row in await tx.driver.fetch(f"explain {statement}"))


@pytest.mark.parametrize("index", FOUND)
async def test_rows_are_found_by_an_index(portal, house, index):
    assert index in await plan_of(portal, FOUND[index])
