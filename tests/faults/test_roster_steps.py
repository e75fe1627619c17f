"""In a real browser: what a clerk types into a roster stays, however late the answer to an earlier cell comes."""

import asyncio
import re
import shutil

import pytest
import uvicorn
from playwright.async_api import async_playwright

from servicekit.local.ports import free_ports

from .enterprise import PASSWORD, drafted, logged_in, people

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine"),
]


@pytest.fixture
async def page(enterprise_house):
    """A page of the enterprise's clerk, the portal behind it on a port of its own."""
    app, (port,) = enterprise_house.services["portal"].service.app, free_ports(1)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = await browser.new_page(base_url=f"http://127.0.0.1:{port}", locale="en-GB")
        async with asyncio.timeout(20):
            while not server.started:  # noqa: ASYNC110  the server has no event of its own
                await asyncio.sleep(0.02)
        yield page
        await browser.close()
    server.should_exit = True
    await serving


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
