"""In a real browser: of twenty offers eighteen are accepted, one sent by somebody else, one declined, in few steps."""

import pytest

from .a_browser import IN_A_BROWSER, a_page
from .college import MORE, PASSWORD, a_college_desk
from .story import LINE, an_accepted_order, good, sign

pytestmark = IN_A_BROWSER
WANTED = 20
MOST_STEPS = 7


@pytest.fixture(scope="module")
async def college_house(played):
    """Fresh: in the house of the other tests a deadline may be over by now."""
    async with a_college_desk(played) as house:
        yield house


@pytest.fixture
async def page(college_house):
    """A page of the college's office, the portal behind it on a port of its own."""
    async with a_page(college_house) as page:
        await page.goto("/login?back=/offers")
        await page.fill("#username", "office")
        await page.fill("#password", PASSWORD)
        yield page


async def test_twenty_offers_are_answered_in_seven_steps_at_most(college_house, page):
    house, college = college_house, college_house.client("instructor-dispatch", "college")
    waiting: list[str] = []
    while len(waiting) < WANTED:
        order = await an_accepted_order(house, LINE | MORE)
        await sign(house, order)
        waiting = [each["assignment_id"] for each in good(await college.get("/offers")) if each["person_id"]]
    await page.press("#password", "Enter")
    await page.wait_for_selector("html[data-keys]")
    assert await page.locator(".of-pick input:checked").count() == len(waiting)
    steps = 0

    async def tap(what, then):
        nonlocal steps
        steps += 1
        await what.click()
        await page.wait_for_selector(then)

    await tap(page.locator("[data-row]").first, ".of-panel .of-one")
    await tap(page.locator(".of-panel .of-one").first, ".nt.green")
    await tap(page.locator(".of-no").first, ".of-panel .of-why")
    await tap(page.locator(".of-why label").first, ".of-why input:checked")
    await tap(page.locator(".of-saying .bt.danger"), ".nt.green")
    steps += 1
    async with page.expect_navigation(url="**/offers?done=accepted**"):
        await page.keyboard.press("a")
    states = {each["assignment_id"]: each["state"] for each in good(await college.get("/offers?state=all"))}
    answered = [states[each] for each in waiting]
    assert answered.count("declined") == 1
    assert answered.count("firm") == len(waiting) - 1
    assert steps <= MOST_STEPS
