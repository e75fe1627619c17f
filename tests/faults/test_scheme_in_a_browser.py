"""In a real browser: what the coordinator opened and typed beside a session stays."""

import pytest

from .a_browser import IN_A_BROWSER, a_page
from .scheme import PASSWORD, path

pytestmark = IN_A_BROWSER


@pytest.fixture
async def page(scheme_house):
    async with a_page(scheme_house) as page:
        await page.goto(f"/login?back={path(scheme_house)}")
        await page.fill("#username", "coordinator")
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")
        await page.wait_for_selector("html[data-keys]")
        yield page


async def test_an_opened_move_stays_when_its_session_is_clicked_again(page):
    one, other = page.locator("[data-block]").first, page.locator("[data-block]").nth(1)
    await one.click()
    await page.wait_for_selector("[data-block][aria-current=true]")
    await page.click("summary[data-act=m]")
    await page.fill("#move-day", "2027-04-15")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    await one.click()
    await page.keyboard.press("Enter")
    assert await page.input_value("#move-day") == "2027-04-15"
    assert await page.locator("details[data-opens=m]").get_attribute("open") is not None
    chosen = await page.get_attribute(".tl-side", "data-session")
    await other.click()
    await page.wait_for_selector(f".tl-side:not([data-session='{chosen}'])")
    assert [url for url in asked if chosen in url] == []
