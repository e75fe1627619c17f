"""The instructor's phone without a network: a portal and an evaluation of their own, a real Chromium."""

import asyncio
import base64
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from playwright.async_api import expect
from story_of_an_order import AnOrder, college, enterprise, instructor
from visiting import PASSWORD, Process, RunningPortal, Visitor

from servicekit.local.ports import free_ports
from servicekit.testing import test_keys as keys_folder
from servicekit.tokens import Issuer
from servicekit.topics import create_topics

ROOT = Path(__file__).parents[2]
BUDGET = 60 * 1024


@pytest.fixture(scope="module")
async def phones(assets, servers, new_database, topic_prefix, tmp_path_factory):
    """Both services, and a session that ends in five minutes, with six people."""
    port, other = free_ports(2)
    await create_topics(servers.kafka, topic_prefix)
    logs, keys = tmp_path_factory.mktemp("phones"), keys_folder()
    secret = base64.b64encode(b"k" * 32).decode()
    database = new_database("portal")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SONGJIAO_")} | {
        "SONGJIAO_KAFKA": servers.kafka, "SONGJIAO_TOPIC_PREFIX": topic_prefix, "SONGJIAO_DATA_KEY": secret,
        "SONGJIAO_DATABASE_PORTAL": database, "SONGJIAO_DATABASE_EVALUATION": new_database("evaluation"),
        "SONGJIAO_KEYS": str(keys / "keys.json"), "SONGJIAO_PROGRAMMES": str(ROOT / "programmes"),
        "SONGJIAO_ADMIN_PASSWORD": PASSWORD, "SONGJIAO_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SONGJIAO_URL_EVALUATION": f"http://127.0.0.1:{other}", "SONGJIAO_CHECK_KEY": secret,
    }  # fmt: skip
    own = {
        "SONGJIAO_PORT": str(port),
        "SONGJIAO_PRIVATE_KEY": str(keys / "portal.pem"),
        "SONGJIAO_PRACTICE": "true",
    }
    theirs = {"SONGJIAO_PORT": str(other), "SONGJIAO_PRIVATE_KEY": str(keys / "evaluation.pem")}
    process = Process(port, environment | own, logs / "portal.log")
    evaluation = Process(other, environment | theirs, logs / "evaluation.log", "evaluation")
    producer = AIOKafkaProducer(bootstrap_servers=servers.kafka, linger_ms=0)
    await producer.start()
    try:
        await process.start()
        await evaluation.start()
        portal = RunningPortal(process, database, producer, topic_prefix)
        order = AnOrder("phone", heads=6, start=datetime.now(UTC) - timedelta(days=1, minutes=190))
        await portal.tell(enterprise(), college(), instructor())
        begun = [
            order.submitted(),
            order.accepted(),
            order.drafted(),
            order.approved(),
            order.confirmed(sessions=2),
        ]
        first = [order.scheduled(1), order.offered(1), order.offer_accepted(1)]
        moved = [order.scheduled(2), order.moved(2), order.offered(2), order.offer_accepted(2)]
        await portal.tell(*begun, *first, *moved)
        await portal.account("teacher", "instructor", organisation="smtc", person=order.person)
        issuer = Issuer.from_file("portal", keys / "portal.pem")
        token = issuer.user_token("x", ["instructor"], "smtc", person=str(order.person))
        there = httpx.AsyncClient(base_url=evaluation.url, headers={"Authorization": f"Bearer {token}"})
        portal.order, portal.there, portal.evaluation = order, there, evaluation
        await expect_soon(lambda: known(there, order))
        yield portal
        await there.aclose()
    finally:
        await producer.stop()
        await process.stop()
        await evaluation.stop()


async def known(there, order):
    found = (await there.get("/sessions")).json()
    return any(each["session_id"] == str(order.session(1)) for each in found)


async def expect_soon(condition):
    async with asyncio.timeout(30):
        while not await condition():  # noqa: ASYNC110  another process takes them
            await asyncio.sleep(0.05)


@pytest.fixture
async def phone(chromium, phones):
    """Somebody who is logged in on a phone, at this address."""
    visitor = Visitor(chromium, phones.url)

    async def go(path, language="zh-CN", **how):
        page = await visitor.page(f"/login?back={path}", phone=True, language=language, **how)
        await page.fill("#username", "teacher")
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")
        await page.wait_for_selector("main.ph-main")
        return page

    yield go
    await visitor.close()


async def signed(phones):
    sheet = (await phones.there.get(f"/sessions/{phones.order.session(1)}")).json()
    return sorted(row["worker_id"] for row in sheet["rows"] if row["signed_in"])


async def touchable(page):
    """Everything that is touched is 48 px high, but a link inside a sentence."""
    small = await page.evaluate(
        "[...document.querySelectorAll('.bt, button, .ph-tool, .ph-row[href], .ph-taps span, input:not([type=hidden])"
        ":not([type=radio]):not([type=checkbox])')].filter(e => e.getBoundingClientRect().height > 0 &&"
        " e.getBoundingClientRect().height < 48).map(e => e.outerHTML.slice(0, 90))"
    )
    assert small == []


async def test_a_session_is_signed_in_without_a_network_and_nothing_is_lost(phones, phone, looks_right):
    page = await phone("/my/week", "en")
    await page.wait_for_selector("html[data-kept]")
    await looks_right(page, "week-p-en")
    await touchable(page)
    weight = await page.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".filter(e => !e.name.includes('/sheet') && !e.name.includes('/sw.js')).map(e => e.encodedBodySize)"
    )
    assert sum(weight) <= BUDGET, weight
    await page.route(
        "**/sheet", lambda route: route.abort()
    )  # the code is there before the roster is asked for
    await page.get_by_role("button", name="Open session").click()
    await page.wait_for_selector("html[data-sign]")
    await expect(page.locator("[data-code]")).to_be_visible()
    await page.unroute("**/sheet")
    await page.reload()
    await page.wait_for_selector("html[data-sign]")
    await expect(page.locator("[data-code]")).to_be_visible()
    await looks_right(page, "sign-p-en")
    await touchable(page)
    address = await page.get_attribute("[data-qr]", "data-address")
    assert await page.get_attribute("[data-way]", "href") == address, (
        "in practice nobody has a phone that reaches us"
    )

    worker = await page.context.browser.new_page(viewport={"width": 390, "height": 844})
    assert (await worker.goto(address)).status == 200
    await looks_right(worker, "scan-p")
    await touchable(worker)
    await worker.fill("#digits", "9999")
    await worker.press("#digits", "Enter")
    await expect(worker.get_by_role("alert")).to_be_visible()
    await looks_right(worker, "scan-wrong-p")
    await worker.close()

    here = page.locator("[data-here]")
    await page.route(
        "**/sheet", lambda route: route.abort()
    )  # the network goes before the roster comes again
    await here.first.click()
    await expect(page.locator("[data-net]")).to_be_visible()
    await expect(page.locator("[data-count=queue]").first).to_have_text("0")
    await expect(here).to_have_count(5)
    assert len(await signed(phones)) == 1

    await page.unroute("**/sheet")
    await page.context.set_offline(True)
    await page.reload()
    await page.wait_for_selector("html[data-sign]")
    await expect(page.locator("[data-net]")).to_be_visible()
    await expect(page.locator("[data-code]")).to_be_visible()
    for left in (4, 3):
        await here.first.click()
        await expect(here).to_have_count(left)
    await looks_right(page, "sign-offline-p-en")
    await page.reload()
    await page.wait_for_selector("html[data-sign]")
    await expect(page.locator("[data-count=queue]").first).to_have_text("2")
    await here.first.click()
    await expect(here).to_have_count(2)
    assert len(await signed(phones)) == 1

    await phones.evaluation.stop()
    await phones.stop()  # the network is back, the portal is not
    await page.context.set_offline(False)
    await page.reload()
    await page.wait_for_selector("html[data-sign]")
    await expect(page.locator("[data-count=queue]").first).to_have_text("3")
    await phones.start()  # the portal is back, and has nobody to ask
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/sync") else None)
    async with page.expect_response("**/sync"):
        await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.locator("[data-count=queue]").first).to_have_text("3")
    await phones.evaluation.start()
    assert len(asked) < 9, "it asks without a pause"
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.locator("[data-count=queue]").first).to_have_text("0", timeout=20000)
    assert len(await signed(phones)) == 4

    await page.context.set_offline(True)
    await page.get_by_role("link", name="Close session").click()
    for word in ("As planned", "Attentive", "In order"):
        await page.get_by_label(word, exact=True).check()
    await looks_right(page, "close-p-en")
    await page.get_by_role("button", name="Close and send").click()
    await expect(page.locator("[data-end]")).to_be_visible()
    await page.reload()
    await page.wait_for_selector("html[data-sign]")
    await expect(page.locator("[data-end]")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.locator("[data-when=closed]")).to_be_visible(timeout=20000)
    sheet = (await phones.there.get(f"/sessions/{phones.order.session(1)}")).json()
    assert (sheet["state"], sheet["person_times"], sheet["absent"]) == ("closed", 4, 2)
    assert sheet["report_text"] == "as planned; attentive; in order"
    kept = await page.evaluate("idb.openDB('songjiao', 1).then(base => base.getAll('sheets'))")
    assert [each["id"] for each in kept if each["id"] == str(phones.order.session(1))] == []
    await page.goto(f"/my/sessions/{phones.order.session(1)}")
    assert await page.get_attribute("[data-sign]", "data-sheet") is None, "names are not kept again"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_week_at_320_pixels_shows_what_was_moved(phones, phone, looks_right, language):
    page = await phone("/my/week", language, size={"width": 320, "height": 640})
    await looks_right(page, f"week-320-{language}")
    await touchable(page)
    assert re.search("改期|Moved", await page.inner_text("main"))
    session = phones.order.session(2)
    await page.goto(f"/my/sessions/{session}")
    await page.wait_for_selector("html[data-sign]")
    await expect(page.locator("[data-early]")).to_have_text(re.compile("起可以开课|Can be opened from"))
    await expect(page.locator("form[data-open]")).to_be_hidden()
    await looks_right(page, f"session-320-{language}")
    await touchable(page)


async def test_a_session_that_is_not_opened_says_why(phones, phone):
    page = await phone(f"/my/sessions/{phones.order.session(2)}", "en")
    await page.wait_for_selector("html[data-sign]")

    async def on_its_day(route):  # the phone takes it for that day, evaluation does not
        answer = await route.fetch()
        await route.fulfill(json=await answer.json() | {"opens_at": "2026-01-01T00:00:00+08:00"})

    await page.route("**/sheet", on_its_day)
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await page.get_by_role("button", name="Open session").click()
    await expect(page.locator("[data-open-why]")).to_contain_text("day has not come")
    await expect(page.get_by_role("button", name="Open session")).to_be_visible()
