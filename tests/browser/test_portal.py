"""What people see: the board, the story, the report, with every other service down."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect
from story_of_an_order import AnOrder, college, enterprise, instructor
from visiting import DESK, NARROW

RIGHT = "what => [...document.querySelectorAll(what)].map(e => e.getBoundingClientRect().right)"
SOON = datetime.now(UTC) + timedelta(hours=2)


@pytest.fixture(scope="module")
async def board(portal):
    """Orders in every lane, one at its end."""
    now = datetime.now(UTC)
    await portal.tell(enterprise(), college(), instructor())
    new = AnOrder("new", "2026-0001")
    draft = AnOrder("draft", "2026-0002", "jxlt", "建新轮胎（福建）有限公司")
    approve = AnOrder("approve", "2026-0003")
    confirm = AnOrder("confirm", "2026-0004", special=True)
    offers = AnOrder("offers", "2026-0005", start=now)
    runs = AnOrder("runs", "2026-0006", start=now)
    done = AnOrder("done", "2026-0007")
    await portal.tell(new.submitted(), draft.submitted(), draft.accepted())
    await portal.tell(approve.submitted(), approve.accepted(), approve.drafted(3, 44))
    await portal.tell(confirm.submitted(), confirm.accepted(), confirm.drafted(), confirm.approved())
    begun = [
        offers.submitted(),
        offers.accepted(),
        offers.drafted(),
        offers.approved(),
        offers.confirmed(sessions=3),
    ]
    await portal.tell(*begun, *(offers.scheduled(n) for n in (1, 2, 3)))
    await portal.tell(*(offers.offered(n, by=SOON) for n in (1, 2)), offers.unstaffable(3))
    running = [runs.submitted(), runs.accepted(), runs.drafted(), runs.approved(), runs.confirmed(sessions=2)]
    await portal.tell(*running, runs.scheduled(1), runs.scheduled(2), runs.offered(1), runs.offer_accepted(1))
    await portal.tell(
        runs.offered(2), runs.offer_accepted(2), runs.staffed(2), runs.opened(1), runs.closed(1)
    )
    await portal.tell(*done.whole())
    await portal.account("smftu", "union", organisation="smftu")
    return {"new": new, "approve": approve, "done": done, "runs": runs}


@pytest.fixture(scope="module")
async def desks(portal, board):
    """Accounts of the other desks."""
    for who in ("jinniu", "jxlt"):
        await portal.account(who, "enterprise", organisation=who)
    for who in ("smtc", "smu"):
        await portal.account(who, "college", organisation=who)
    person = board["runs"].person
    await portal.account("teacher", "instructor", "assessor", organisation="smtc", person=person)


class TestStop:
    async def test_an_open_page_does_not_hold_an_orderly_stop(self, logged_in, portal):
        page = await logged_in()
        await expect(page.locator(".live")).to_have_attribute("data-state", "on")
        began = datetime.now(UTC)
        await portal.stop()
        await expect(page.locator(".live")).to_have_attribute("data-state", "again", timeout=10_000)
        assert datetime.now(UTC) - began < timedelta(seconds=8)
        await portal.start()
        await expect(page.locator(".live")).to_have_attribute("data-state", "on", timeout=15_000)


class TestBoard:
    async def test_an_empty_board_says_how_an_order_comes_in(self, logged_in, looks_right):
        page = await logged_in()
        await expect(page.locator("[data-empty]")).to_be_visible()
        await looks_right(page, "board-empty-zh")

    @pytest.mark.parametrize(
        ("language", "size"), [("zh-CN", DESK), ("en-GB", DESK), ("zh-CN", NARROW), ("en-GB", NARROW)]
    )
    async def test_it_shows_whose_turn_it_is(self, board, logged_in, looks_right, visitor, language, size):
        page = await logged_in(size=size, language=language, phone=size is NARROW)
        where = {
            "union": ["2026-0001", "2026-0003"], "enterprise": ["2026-0004"], "college": ["2026-0005"],
            "system": ["2026-0002"], "running": ["2026-0006"],
        }  # fmt: skip
        for lane, numbers in where.items():
            for number in numbers:
                await expect(page.locator(f"#lane-{lane} .oc").filter(has_text=number)).to_be_visible()
        await expect(page.locator(".bd-ended")).to_contain_text("2026-0007")
        await looks_right(page, f"board-{language[:2]}-{size['width']}")
        await page.goto("/board?view=table")
        await looks_right(page, f"board-table-{language[:2]}-{size['width']}")
        assert visitor.problems == []

    @pytest.mark.parametrize("width", [768, 1024, 1280])
    async def test_no_lane_is_cut_off(self, board, logged_in, looks_right, width):
        page = await logged_in(size={"width": width, "height": 900})
        main = await page.evaluate(RIGHT, "main.sh-main")
        assert max(await page.evaluate(RIGHT, ".ln-lane")) <= main[0]
        await looks_right(page, f"board-zh-{width}")

    async def test_a_fact_changes_its_card_at_once_and_the_focus_stays(
        self, board, logged_in, portal, visitor
    ):
        page = await logged_in()
        order = AnOrder("live", "2026-0100")
        await portal.tell(order.submitted())
        card = page.locator(f"#card-{order.order_id}")
        await expect(card).to_have_attribute("data-lane", "union")
        await page.locator(f"#open-{order.order_id}").focus()
        await portal.tell(order.accepted())
        await expect(card).to_have_attribute("data-lane", "system", timeout=3000)
        assert await page.evaluate("document.activeElement.id") == f"open-{order.order_id}"
        await expect(page.locator(f"#lane-system #card-{order.order_id}")).to_be_visible()
        assert await page.locator("[role=status]").inner_text() != ""
        assert visitor.problems == []

    async def test_what_happens_before_the_page_begins_to_listen_is_heard_too(self, board, logged_in, portal):
        page = await logged_in()
        order = AnOrder("between", "2026-0101")

        async def after_a_fact(route):
            await portal.tell(order.submitted())
            await route.continue_()

        await page.route("**/events*", after_a_fact, times=1)
        await page.goto("/board")
        await expect(page.locator(f"#card-{order.order_id}")).to_be_visible(timeout=10_000)

    async def test_typing_a_number_finds_the_order(self, board, logged_in, visitor):
        page = await logged_in()
        await page.keyboard.press("/")
        await page.keyboard.type("2026-0004")
        await expect(page.locator(".oc")).to_have_count(1)
        await expect(page.locator("a[href='/board/list.xlsx?q=2026-0004']")).to_be_visible()
        assert visitor.problems == []

    async def test_j_and_k_walk_the_cards_and_enter_opens_one(self, board, logged_in):
        page = await logged_in()
        await page.keyboard.press("j")
        first = await page.evaluate("document.activeElement.id")
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        assert await page.evaluate("document.activeElement.id") == first
        await page.keyboard.press("Enter")
        await page.wait_for_url(re.compile("/story"))

    async def test_the_language_is_kept(self, board, logged_in):
        page = await logged_in()
        await page.locator("a[hreflang=en]").click()
        await page.wait_for_url("**/board?lang=en")
        await page.goto("/board")
        assert await page.locator("html").get_attribute("lang") == "en"

    async def test_a_chip_leads_a_phone_to_its_lane(self, board, logged_in):
        page = await logged_in(phone=True)
        await page.locator(".ln-chips a[href='#lane-running']").click()
        await expect(page.locator("#lane-running")).to_be_in_viewport()
        await expect(page.locator(".ln-chips")).to_be_in_viewport()

    async def test_it_can_be_read_without_scripts(self, board, logged_in):
        page = await logged_in(scripts=False)
        await expect(page.locator("#lane-union .oc")).not_to_have_count(0)


class TestStory:
    @pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
    async def test_every_fact_is_a_sentence_with_who_and_when(
        self, board, logged_in, looks_right, visitor, language
    ):
        order = board["done"]
        for name, phone in (("phone", True), ("desk", False)):
            due = await logged_in(
                f"/orders/{board['new'].number}/story", who="smftu", language=language, phone=phone
            )
            await expect(
                due.locator(".sy-due a.bt.primary")
            ).to_be_visible()  # the page; the call stands beneath
            await due.locator(".sy-due summary").click()
            await expect(due.locator(".sy-due code").first).to_be_visible()
            await looks_right(due, f"story-due-{name}-{language[:2]}")
        page = await logged_in(f"/orders/{order.order_id}/story?all=1", language=language)
        await expect(page.locator("ol > .st")).to_have_count(len(order.whole()))
        await looks_right(page, f"story-{language[:2]}")
        await page.goto(f"/orders/{order.number}/story")
        assert 0 < await page.locator("ol > .st").count() < len(order.whole())
        await looks_right(page, f"story-short-{language[:2]}")
        assert visitor.problems == []

    async def test_what_somebody_opened_stays_open_when_the_story_goes_on(self, board, portal, logged_in):
        order = AnOrder("opened", "2026-0031")
        await portal.tell(order.submitted(), order.accepted(), order.drafted(1, 44))
        page = await logged_in(
            f"/orders/{order.order_id}/story", who="smftu", size={"width": 700, "height": 300}
        )
        summary = page.locator(".sy-due summary")
        await summary.click()
        await page.evaluate("scrollTo(0, 80)")
        await portal.tell(order.drafted(2, 45))
        await expect(page.locator("#story .oc-wait")).to_contain_text("45")
        await expect(page.locator(".sy-due code").first).to_be_visible()
        await expect(summary).to_be_focused()
        assert await page.evaluate("scrollY") == 80
        await summary.click()
        await portal.tell(order.drafted(3, 46))
        await expect(page.locator("#story .oc-wait")).to_contain_text("46")
        await expect(page.locator(".sy-due code").first).to_be_hidden()

    @pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
    async def test_the_past_is_asked_for_by_a_field_and_says_that_it_is_the_past(
        self, board, logged_in, looks_right, visitor, portal, language
    ):
        order = AnOrder(f"past-{language}", f"2026-03{language == 'zh-CN':02d}")
        for hour, fact in enumerate(order.whole()[:8]):
            await portal.tell(fact, at=datetime(2026, 5, 6, hour, tzinfo=UTC))
        for name, phone in (("phone", True), ("desk", False)):
            page = await logged_in(f"/orders/{order.number}/story", language=language, phone=phone)
            await page.fill("#at", "2026-05-06T11:30")
            await page.press("#at", "Enter")
            await expect(page.locator(".sy-past a")).to_be_visible()
            await expect(page.locator("ol > .st")).to_have_count(4)
            await expect(page.locator(".sy-hash")).to_contain_text("9f" * 32)
            await looks_right(page, f"story-then-{name}-{language[:2]}")
            await page.locator(".sy-past a").click()
            await expect(page.locator("#story[data-live]")).to_be_visible()
        assert visitor.problems == []

    async def test_because_leads_to_the_cause_and_a_missing_one_is_said(self, board, logged_in, portal):
        order = AnOrder("because", "2026-0200")
        (cause,) = await portal.tell(order.submitted(), by="service:order-intake")
        await portal.tell(order.accepted(), cause=cause.id)
        page = await logged_in(f"/orders/{order.order_id}/story")
        link = page.locator(".st a")
        await expect(link).to_have_count(1)
        await link.click()
        assert page.url.endswith(f"#f-{cause.id}")
        await portal.tell(order.drafted(), cause=AnOrder("elsewhere").order_id)
        await expect(page.locator(".st").first).to_contain_text("起因尚未到达")

    async def test_a_new_fact_appears_while_the_story_is_open(self, board, logged_in, portal):
        order = AnOrder("grows", "2026-0201")
        await portal.tell(order.submitted())
        page = await logged_in(f"/orders/{order.order_id}/story")
        await expect(page.locator("ol > .st")).to_have_count(1)
        await portal.tell(order.returned())
        await expect(page.locator("ol > .st")).to_have_count(2)

    async def test_an_unknown_order_is_said_to_be_unknown(self, logged_in, looks_right, visitor):
        page = await logged_in()
        answer = await page.goto("/orders/2026-9999/story")
        assert answer.status == 404
        await looks_right(page, "story-unknown-zh")


class TestReport:
    @pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, {"width": 1440, "height": 900}, NARROW])
    @pytest.mark.parametrize(("language", "trade"), [("zh-CN", "电工"), ("en-GB", "Electrician")])
    async def test_it_shows_the_figures_with_names(
        self, board, logged_in, looks_right, visitor, size, language, trade
    ):
        page = await logged_in("/report", size=size, language=language, phone=size is NARROW)
        await expect(page.locator("main")).to_contain_text(trade)
        await looks_right(page, f"report-{language[:2]}-{size['width']}")
        hidden = await page.evaluate(
            "[...document.querySelectorAll('.tb')].filter(e => e.scrollWidth > e.clientWidth).length"
        )
        assert hidden == 0 or size is NARROW, "the last column can be seen without scrolling"
        assert visitor.problems == []

    async def test_a_chart_is_drawn_once_it_comes_into_view_and_its_table_stays(
        self, board, logged_in, looks_right, visitor
    ):
        page = await logged_in("/report", size={"width": 1389, "height": 200})
        last = page.locator("[data-chart]").last
        assert await page.evaluate("window.echarts === undefined"), "nothing is fetched before"
        await last.scroll_into_view_if_needed()
        await expect(last).to_have_attribute("data-chart", "drawn")
        await expect(last.locator("canvas")).to_be_visible()
        await last.locator("summary").click()
        await expect(last.locator("td a").first).to_be_visible()
        await page.set_viewport_size(DESK)
        await looks_right(page, "report-charts-zh")
        assert visitor.problems == [], "the content policy holds"
        where = await last.locator("td a").first.get_attribute("href")
        await last.locator("canvas").click(position={"x": 240, "y": 24})
        await page.wait_for_url(f"**{where}")

    async def test_without_scripts_the_tables_and_the_map_tell_everything(self, board, logged_in):
        page = await logged_in("/report", scripts=False)
        for table in await page.locator("[data-chart] table").all():
            await expect(table).to_be_visible()
        await page.locator("[data-town]").first.click(force=True)
        await page.wait_for_url("**/report/rows?what=onsite&by=county&of=*")


class TestMap:
    @pytest.mark.parametrize(
        ("language", "size"), [("zh-CN", DESK), ("en-GB", DESK), ("zh-CN", NARROW), ("en-GB", NARROW)]
    )
    async def test_the_board_as_a_map_says_where_orders_wait(
        self, board, logged_in, looks_right, visitor, language, size
    ):
        page = await logged_in("/board?view=map", size=size, language=language, phone=size is NARROW)
        town = page.locator("[data-town='350428']")
        await expect(town).to_be_visible()
        await looks_right(page, f"board-map-{language[:2]}-{size['width']}")
        cut = await page.evaluate(
            "[...document.querySelectorAll('.mp-map text, .mp-map circle')].filter(e => {"
            "const box = e.closest('svg').getBoundingClientRect(), at = e.getBoundingClientRect();"
            "return at.width && (at.left < box.left || at.right > box.right || at.bottom > box.bottom)})"
            ".map(e => e.outerHTML)"
        )
        assert cut == []
        await town.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**view=table**")
        assert visitor.problems == []


class TestKeys:
    async def test_arrows_go_from_lane_to_lane(self, board, logged_in):
        page = await logged_in()
        await page.keyboard.press("j")
        lanes = []
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
            await page.keyboard.press(key)
            lanes.append(
                await page.evaluate("document.activeElement.closest('[data-lane-of]').dataset.laneOf")
            )
        assert lanes == ["enterprise", "college", "enterprise"]

    async def test_a_question_mark_shows_the_help_and_g_b_leads_back(
        self, board, logged_in, looks_right, visitor
    ):
        for language in ("zh-CN", "en-GB"):
            page = await logged_in(language=language)
            await page.keyboard.press("?")
            await page.wait_for_url("**/help")
            await page.wait_for_selector("html[data-keys]")
            await looks_right(page, f"help-{language[:2]}")
            await page.keyboard.press("g")
            await page.keyboard.press("b")
            await page.wait_for_url("**/board")
        assert visitor.problems == []

    async def test_one_letter_keys_can_be_switched_off(self, board, logged_in):
        page = await logged_in("/help")
        await page.locator("[data-keys-switch]").click()
        await page.goto("/board")
        await page.wait_for_selector("html[data-keys]")
        await page.keyboard.press("j")
        assert await page.evaluate("document.activeElement === document.body")
        await page.keyboard.press("?")
        await page.goto("/help")
        await page.wait_for_selector("html[data-keys]")
        await page.locator("[data-keys-switch]").click()
        await page.goto("/board")
        await page.wait_for_selector("html[data-keys]")
        await page.keyboard.press("j")
        assert await page.evaluate("document.activeElement.dataset.step !== undefined")


class TestOtherDesks:
    @pytest.mark.parametrize("who", ["jinniu", "smtc", "smu", "teacher"])
    @pytest.mark.parametrize(
        ("language", "size"), [("zh-CN", DESK), ("en-GB", DESK), ("zh-CN", NARROW), ("en-GB", NARROW)]
    )
    async def test_each_sees_its_own_and_how_things_are_done(
        self, desks, logged_in, looks_right, visitor, who, language, size
    ):
        # whoever is only sent begins on the phone's page, and comes to the board by a link
        page = await logged_in("/board?q=", who=who, size=size, language=language, phone=size is NARROW)
        await expect(page.locator("[data-empty]" if who == "smu" else ".oc").first).to_be_visible()
        await looks_right(page, f"board-{who}-{language[:2]}-{size['width']}")
        await page.goto("/board?view=table")
        await looks_right(page, f"board-table-{who}-{language[:2]}-{size['width']}")
        await page.locator(".sh-lead a").click()
        await page.wait_for_url("**/help")
        assert await page.locator(".du li").count() > 1
        await looks_right(page, f"help-{who}-{language[:2]}-{size['width']}")
        assert visitor.problems == []

    async def test_a_stream_tells_nobody_of_the_orders_of_others(self, desks, logged_in, portal):
        """What the browser hears, not what it shows."""
        hear = (
            "new Promise(heard => { const orders = []; const all = new EventSource('/events');"
            "all.addEventListener('card', e => { const o = JSON.parse(e.data).order; if (o) orders.push(o);"
            " if (orders.includes(%r)) { all.close(); heard(orders); } });"
            "all.addEventListener('open', () => { document.documentElement.dataset.hears = '1'; }); })"
        )
        theirs = AnOrder("theirs", "2026-0400", "jxlt", "建新轮胎（福建）有限公司")
        ours = AnOrder("ours", "2026-0401")
        for who, last in (("jxlt", theirs), ("jinniu", ours), ("smtc", ours)):
            page = await logged_in(who=who)
            heard = asyncio.create_task(page.evaluate(hear % str(last.order_id)))
            await page.wait_for_selector("html[data-hears]")
            await portal.tell(theirs.submitted(), ours.submitted(), ours.offered())
            await portal.tell(theirs.accepted(), ours.accepted())
            assert set(await heard) == {str(last.order_id)}, who
