"""In a real browser: what a clerk types into a roster stays, however late the answer to an earlier cell comes."""

import asyncio
import re

import pytest

from .a_browser import IN_A_BROWSER, a_page
from .enterprise import PASSWORD, drafted, logged_in, people

pytestmark = IN_A_BROWSER


@pytest.fixture
async def page(enterprise_house):
    """A page of the enterprise's clerk, the portal behind it on a port of its own."""
    async with a_page(enterprise_house) as page:
        yield page


async def test_an_answer_that_comes_late_takes_nothing_back_that_was_typed_since(
    enterprise_house, page, tmp_path
):
    rows = [(name, number, crew, 8, "") for (name, number, *_), crew in zip(people(4), "QRSA", strict=True)]
    drawn = await drafted(await logged_in(enterprise_house), rows)
    order = re.search(r"/orders/([0-9a-f-]{36})/lines/1/roster", drawn.text)[1]
    sheet = tmp_path / "roster.csv"
    lines = ["姓名,身份证号,班组,从业年限,现有等级", *(",".join(map(str, row)) for row in rows)]
    sheet.write_text("\n".join(lines), encoding="utf-8")
    way = f"/orders/{order}/lines/1/roster"
    await page.goto(f"/login?back={way}")
    await page.fill("#username", "clerk")
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.set_input_files("#file", sheet)
    await page.click(".rs-send button")
    await page.wait_for_selector("html[data-keys] #e-2-crew")
    typed = asyncio.Event()
    asked: list[str] = []

    async def late(route):
        asked.append(route.request.url)
        if len(asked) == 1:  # it is answered when everything else has been typed
            answer = await route.fetch()
            await typed.wait()
            await route.fulfill(response=answer)
        else:
            await route.continue_()

    await page.route("**/roster/look", late)
    async with page.expect_request("**/roster/look"):
        await page.fill("#e-2-crew", "A")
        await page.fill("#e-3-crew", "A")  # the cell before is left: it is looked at
    await page.fill("#e-4-crew", "A")
    typed.set()
    await page.locator("#e-4-crew").blur()
    await page.wait_for_selector("#row-4", state="detached")
    assert await page.locator('.rs-grid input[name^="e."]').count() == 0
    assert "4" in await page.locator('input[name="taken"]').input_value()
