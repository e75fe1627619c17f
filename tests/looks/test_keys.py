"""The timetable by keyboard alone: a session is found, read, moved and pinned without a mouse."""

from playwright.async_api import expect
from test_shots import a_page


async def test_a_session_is_walked_to_chosen_and_its_move_looked_at(house, visitor):
    page = await a_page(visitor, f"/orders/{house.known['drafted']}/scheme", "smftu", "zh-CN", phone=False)
    await page.locator("[data-block]").last.focus()  # those before it have begun: they are not moved any more
    first = await page.evaluate("document.activeElement.id")
    await page.keyboard.press("ArrowUp")
    assert await page.evaluate("document.activeElement.id") != first
    await page.locator("[data-block]").last.focus()  # the nearest beneath the nearest above may be another
    await page.keyboard.press("Enter")
    await expect(page.locator(".tl-side")).to_be_visible()
    assert await page.evaluate("document.activeElement.id") == first  # the focus stays where it was
    await page.keyboard.press("m")
    await expect(page.locator("#move-day")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("x")
    await expect(page.locator("#swap-other")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.locator("[data-block][aria-current]").focus()
    await page.keyboard.press("d")
    await expect(page.locator(".tl-looked")).to_be_visible()
    before = await page.locator("h1").inner_text()
    await page.locator("[data-block][aria-current]").focus()
    await page.keyboard.press("p")
    await page.wait_for_load_state("load")
    await expect(page.locator("h1")).not_to_have_text(before)  # another version
    assert visitor.problems == []
    await page.keyboard.press("Control+z")
    await page.wait_for_load_state("load")


async def test_it_prints_a_week_on_a_sheet(house, visitor):
    page = await a_page(visitor, f"/orders/{house.known['drafted']}/scheme", "smftu", "zh-CN", phone=False)
    await page.emulate_media(media="print")
    await expect(page.locator(".sh-rail")).to_be_hidden()
    await expect(page.locator(".cb")).to_be_hidden()
    assert await page.locator("[data-block]").first.is_visible()
    printed = await page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") <= 2
