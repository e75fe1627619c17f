"""My account, my notices, the people of an organisation, and whoever was invited, in a real browser."""

import asyncio
import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Locator, Page, expect
from story_of_an_order import AnOrder, college, enterprise, id_of, instructor
from visiting import DESK, NARROW, PASSWORD

HOLDS_SOMETHING = re.compile(".+")


async def shows(page: Page, path: str, what: Locator, times: int | None = None) -> None:
    """Open the page until this is on it (so many times): notices are written a moment after the fact."""
    async with asyncio.timeout(30):
        while (await page.goto(path)) and (await what.count() != times if times else await what.count() == 0):
            pass


@pytest.fixture(scope="module")
async def there(portal):
    await portal.tell(enterprise(), college())
    await portal.account("clerk", "enterprise", organisation="jinniu")


@pytest.mark.parametrize(("language", "size"), [("zh-CN", DESK), ("en-GB", NARROW)])
async def test_somebody_is_invited_and_comes(there, logged_in, visitor, looks_right, language, size):
    page = await logged_in("/people?organisation=jinniu", language=language, size=size)
    await looks_right(page, f"people-{language}")
    await page.fill("#name", "张伟")
    await page.check("input[type=checkbox][name=manages]")
    await page.click("form[action='/people/invite'] button")
    await page.wait_for_selector("#link")
    await looks_right(page, f"people-link-{language}")
    await page.click("[data-copy]")
    button = page.locator("[data-copied]")
    await expect(button).to_have_text(await button.get_attribute("data-copied") or "", use_inner_text=False)
    link = await page.input_value("#link")
    guest = await visitor.page(link, language=language, size=size)
    await looks_right(guest, f"invited-{language}")
    await guest.fill("#username", f"guest-{language}")
    for field in ("#password", "#again"):
        await guest.fill(field, "chosen-by-myself")
    await guest.click("button")
    await guest.wait_for_selector("main.sh-main")
    await guest.goto("/people")
    assert await guest.locator("tbody tr").count() >= 2
    assert visitor.problems == []


@pytest.mark.parametrize(("language", "size"), [("en-GB", DESK), ("zh-CN", NARROW)])
async def test_my_account_and_who_signs(there, logged_in, visitor, looks_right, language, size):
    page = await logged_in("/account", who="clerk", language=language, size=size)
    await looks_right(page, f"account-{language}")
    await page.fill("#old", "not-the-password")
    for field in ("#new", "#again"):
        await page.fill(field, "another-password")
    await page.click("form[action='/account/password'] button")
    await page.wait_for_selector("[role=alert]")
    await looks_right(page, f"account-wrong-{language}")
    await page.click("form[action^='/account/calendar'] button")
    await page.wait_for_selector("#link")
    assert (await page.input_value("#link")).endswith(".ics")
    await page.locator("#calendar").scroll_into_view_if_needed()
    await looks_right(page, f"account-calendar-{language}")
    await page.goto("/deputies")
    await looks_right(page, f"deputies-away-{language}")


@pytest.mark.parametrize(("language", "size"), [("zh-CN", DESK), ("en-GB", NARROW)])
async def test_what_waits_for_me_is_told_and_read(there, portal, logged_in, looks_right, language, size):
    who = f"hr-{size['width']}"
    await portal.account(who, "enterprise", organisation="jinniu")
    page = await logged_in("/account", who=who, language=language, size=size)
    await page.fill("#address", "lin@example.org")
    await page.click("form[action='/account/mail'] button")
    await expect(page.locator("#address")).to_have_attribute("value", HOLDS_SOMETHING)
    await page.locator("#mail").scroll_into_view_if_needed()
    await looks_right(page, f"account-mail-{language}")
    start = datetime.now(UTC)
    order = AnOrder(f"told-{language}", f"2026-{size['width']:04}", start=start)
    await portal.tell(
        order.submitted(), order.accepted(), order.drafted(sessions=5), order.approved(),
        *(order.scheduled(n) for n in range(1, 6)), *(order.moved(n) for n in range(1, 6)),
    )  # fmt: skip
    await shows(page, "/notices", page.locator(".no-one.open"), 2)
    await looks_right(page, f"notices-{language}")
    assert await page.locator(".no-bell .no-count").inner_text() == "2"
    await page.click("form[action='/notices/read'] button.bt:not(.small)")
    await page.wait_for_selector(".no-one:not(.open)")
    assert await page.locator(".no-one.open, .no-count").count() == 0
    await looks_right(page, f"notices-read-{language}")


@pytest.mark.parametrize(("language", "size"), [("en-GB", DESK), ("zh-CN", NARROW)])
async def test_the_union_sees_what_waits_to_leave(there, portal, logged_in, looks_right, language, size):
    who = f"boss-{size['width']}"
    await portal.account(who, "enterprise", organisation="jinniu")
    page = await logged_in("/account", who=who, language=language, size=size)
    await page.fill("#address", "lin@example.org")
    await page.click("form[action='/account/mail'] button")
    await expect(page.locator("#address")).to_have_attribute("value", HOLDS_SOMETHING)
    await looks_right(page, f"account-mail-waits-{language}")
    await portal.confirm_address(who, "lin@example.org")
    await page.goto("/account")
    await page.locator("#mail").scroll_into_view_if_needed()
    await looks_right(page, f"account-mail-confirmed-{language}")
    order = AnOrder(f"leaving-{language}", f"2026-1{size['width'] % 1000:03}", start=datetime.now(UTC))
    await portal.tell(order.submitted(), order.accepted(), order.drafted(), order.approved())
    page = await logged_in("/notices/leaving", language=language, size=size)
    row = page.locator(".no-one", has_text=order.number)
    await shows(page, "/notices/leaving", row)
    await row.locator("button[value=hold]").first.click()
    await page.wait_for_selector(".no-one button[value=let_go]")
    await looks_right(page, f"notices-leaving-{language}")


async def test_on_the_phone_the_instructor_finds_the_notices(there, portal, visitor, logged_in, looks_right):
    await portal.account("lecturer", "instructor", organisation="smtc", person=id_of("person/1"))
    order = AnOrder("told-phone", "2026-0808", start=datetime.now(UTC))
    await portal.tell(instructor(), order.submitted(), order.accepted(), order.scheduled(), order.offered())
    await portal.tell(order.offer_accepted())
    page = await visitor.page("/login?back=/my/week", phone=True)
    await page.fill("#username", "lecturer")
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_selector(".ph-top .no-bell")
    await looks_right(page, "phone-bell")
    await page.click(".no-bell")
    await page.wait_for_selector(".no-one.open")
    await looks_right(page, "phone-notices")
