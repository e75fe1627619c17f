"""A real portal in a process of its own, real Kafka and PostgreSQL, no other service; a real Chromium looks at it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from playwright.async_api import async_playwright

from servicekit.local.ports import free_ports
from servicekit.testing import test_keys as keys_folder
from servicekit.topics import create_topics

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "services" / "portal" / "tests"), str(Path(__file__).parent)]

from visiting import DATA_KEY, PASSWORD, Process, RunningPortal, Visitor  # noqa: E402  found beside this file

BUILD = ROOT / "services" / "portal" / "build"
SHOTS = ROOT / "build" / "shots"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]


def chromium_here() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items):
    here = [item for item in items if Path(str(item.fspath)).parent == Path(__file__).parent]
    for item in here:
        item.add_marker(pytest.mark.browser)
        if chromium_here() is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip("no Chromium on this machine: install the package chromium"))


@pytest.fixture(scope="session")
async def chromium():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_here(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def assets():
    if not (BUILD / "manifest.json").exists():
        subprocess.run([sys.executable, str(ROOT / "services/portal/web/vendor_assets.py")], check=True)


@pytest.fixture(scope="module")
async def portal(assets, servers, database, topic_prefix, tmp_path_factory):
    (port,) = free_ports(1)
    await create_topics(servers.kafka, topic_prefix)
    log = tmp_path_factory.mktemp("portal") / "portal.log"
    keys = keys_folder()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SONGJIAO_")} | {
        "SONGJIAO_PORT": str(port), "SONGJIAO_KAFKA": servers.kafka, "SONGJIAO_TOPIC_PREFIX": topic_prefix,
        "SONGJIAO_DATABASE_PORTAL": database, "SONGJIAO_KEYS": str(keys / "keys.json"),
        "SONGJIAO_PRIVATE_KEY": str(keys / "portal.pem"), "SONGJIAO_PROGRAMMES": str(ROOT / "programmes"),
        "SONGJIAO_DATA_KEY": DATA_KEY, "SONGJIAO_ADMIN_PASSWORD": PASSWORD,
        "SONGJIAO_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    process = Process(port, environment, log)
    producer = AIOKafkaProducer(bootstrap_servers=servers.kafka, linger_ms=0)
    await producer.start()
    try:
        await process.start()
        yield RunningPortal(process, database, producer, topic_prefix)
    finally:
        await producer.stop()
        await process.stop()


@pytest.fixture
async def visitor(chromium, portal):
    visitor = Visitor(chromium, portal.url)
    yield visitor
    await visitor.close()


@pytest.fixture
def logged_in(visitor):
    """A page of somebody who is logged in, the administrator if nobody else is named; its keys are listening."""

    async def go(path: str = "/board", *, who: str = "admin", scripts: bool = True, **how):
        page = await visitor.page(f"/login?back={path.replace('&', '%26')}", scripts=scripts, **how)
        await page.fill("#username", who)
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")
        await page.wait_for_selector("main.sh-main")
        await page.wait_for_load_state("load")
        if scripts:
            await page.wait_for_selector("html[data-keys]")
        return page

    return go


@pytest.fixture
def looks_right():
    """No sideways overflow, nothing that axe finds, a picture for a person to look at."""
    axe = (BUILD / "tests" / "axe.min.js").read_text(encoding="utf-8")

    async def check(page, name: str):
        SHOTS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SHOTS / f"{name}.png")
        sideways = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert sideways <= 0, f"{name} is {sideways} px too wide"
        outside = await page.evaluate(
            "[...document.querySelectorAll('.oc *, .nb li *, .vc *, .kv dd')].filter(e => {"
            "const box = e.closest('.oc, .nb li, .vc, .kv').getBoundingClientRect();"
            "return e.getBoundingClientRect().right > box.right + 1}).map(e => e.outerHTML)"
        )
        assert outside == [], f"{name}: sticks out of its card"
        await page.evaluate(axe)
        found = await page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})"
            ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + n.failureSummary).join(' | ')))"
        )
        assert found == [], name
        cut = await page.evaluate(
            "[...document.querySelectorAll('.tb:not(.wide)')].filter(e => e.scrollWidth > e.clientWidth + 1)"
            ".map(e => e.getAttribute('aria-label'))"
        )
        assert cut == [], f"{name}: a table is cut off"
        small = await page.evaluate(
            "[...document.querySelectorAll('a.bt, button, .sw a, input:not([type=hidden])')]"
            ".filter(e => e.getBoundingClientRect().height > 0 && e.getBoundingClientRect().height < 24)"
            ".map(e => e.outerHTML)"
        )
        assert small == [], f"{name}: targets under 24 px"

    return check
