"""My account, the people of an organisation, and whoever was invited, in a real browser."""

import pytest
from story_of_an_order import college, enterprise
from visiting import DESK, NARROW

COPIED = "(b => b.textContent === b.dataset.copied)(document.querySelector('[data-copied]'))"


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
    await page.wait_for_function(COPIED)
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
