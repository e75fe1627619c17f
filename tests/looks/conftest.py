"""The five services in one process with a story in them, the portal on a port of its own, and a real Chromium."""

import asyncio
import contextlib
import shutil
import sys
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import async_playwright

from portal import directory
from portal.accounts import commands
from servicekit.local.ports import free_ports

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser"), str(Path(__file__).parent)]

from faults.house import neighbours_in_reach  # noqa: E402  found beside this folder
from faults.story import a_played_house, played_once  # noqa: E402
from stories import tell  # noqa: E402
from visiting import PASSWORD, Visitor  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]
WHO = {"smftu": "union", "jinniu": "enterprise", "smtc": "college"}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.shots)


@pytest.fixture(scope="session")
async def played(servers):
    """The story, played once: every house is a copy of it."""
    async with played_once(servers.database) as played:
        yield played


@pytest.fixture(scope="module")
async def house(played):
    async with a_played_house(played) as house:
        await tell(house)
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                for name, role in WHO.items():
                    await commands.make_account(
                        tx, name, PASSWORD, roles={role}, organisation=name, name="王建华"
                    )
                person = house.known["person_id"]
                await commands.make_account(
                    tx, "teacher", PASSWORD, roles={"instructor", "assessor"}, organisation="smtc", name="陈明",
                    person=person,
                )  # fmt: skip
                await commands.make_account(
                    tx, "operator", PASSWORD, roles={"administrator"}, organisation=None, name="王建华"
                )
            async with portal.transactions.begin() as tx:
                await directory.ask_for_names(tx, set(directory.CAUSED_BY))
            await portal.work_off_jobs()
            yield house


@pytest.fixture(scope="module")
async def address(house):
    """Where the portal answers."""
    (port,) = free_ports(1)
    app = house.services["portal"].service.app
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  it has no event of its own
        await asyncio.sleep(0)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture(scope="module")
async def chromium():
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
def logged_in():
    """The cookies of whoever has logged in at this portal: a picture of a page needs no picture of the door."""
    return {}


@pytest.fixture
async def visitor(chromium, address, logged_in):
    visitor = Visitor(chromium, address)
    visitor.logged_in = logged_in
    yield visitor
    await visitor.close()
