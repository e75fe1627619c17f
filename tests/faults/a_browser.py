"""A real browser before a house whose services run in the test's own process."""

import asyncio
import shutil
from contextlib import asynccontextmanager

import pytest
import uvicorn
from playwright.async_api import async_playwright

from servicekit.local.ports import free_ports

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine"),
]


@asynccontextmanager
async def a_page(house):
    """A page, the portal behind it on a port of its own; nobody is logged in."""
    app, (port,) = house.services["portal"].service.app, free_ports(1)
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
