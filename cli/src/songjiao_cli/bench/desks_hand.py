"""Somebody at a browser: every act is counted, and how long the page takes until it shows what the act did."""

import shutil
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, FilePayload, Page, async_playwright, expect

from songjiao_cli.api import Person

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none")
DESK, PHONE = {"width": 1389, "height": 868}, {"width": 390, "height": 844}
WEEK = "/my/week"
"""The page that keeps the next rosters for the time without a network: whoever has just come in waits for that."""
MOST_MS = 60_000
"""Nobody waits longer: the page never shows it."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAILED = 500


class NoBrowser(OSError):  # noqa: N818  said to a person
    """There is no browser on this machine."""


@dataclass(frozen=True)
class Step:
    """One act of a person. `waited` = seconds until the page showed its effect."""

    what: str
    waited: float


@dataclass
class Hand:
    """Somebody's hand and eye on a page. Places are selectors that no translator changes."""

    page: Page
    steps: list[Step] = field(default_factory=list)
    marks: int = 0
    """Marks that were typed: as many as there are candidates, so they are no steps."""
    problems: list[str] = field(default_factory=list)
    """What went wrong in the browser's console, or at the server."""

    async def click(self, place: str, *, shows: str = "", at: str = "") -> None:
        """A click or a tap. The effect: something to see (`shows`), a page's address (`at`)."""
        await self._act(f"click {place}", self.page.locator(place).first.click(), shows, "", at)

    async def send(self, place: str, *, gone: str) -> None:
        """A click that sends a form. The effect: another page has come, and has no `gone`."""
        await self._act(f"click {place}", self._sent(place), "", gone, "")

    async def fill(self, place: str, value: str, *, shows: str = "", gone: str = "") -> None:
        """A field is filled in, and left."""
        await self._act(f"fill {place}", self._filled(place, value), shows, gone, "")

    async def choose(self, place: str, value: str) -> None:
        """One of a list."""
        await self._act(f"choose {place}", self.page.locator(place).select_option(value), "", "", "")

    async def tick(self, place: str) -> None:
        """A box."""
        await self._act(f"tick {place}", self.page.locator(place).check(), "", "", "")

    async def press(self, key: str, *, shows: str = "", at: str = "") -> None:
        """A key."""
        await self._act(f"press {key}", self.page.keyboard.press(key), shows, "", at)

    async def upload(self, place: str, name: str, content: bytes) -> None:
        """A file is chosen."""
        file = FilePayload(name=name, mimeType=XLSX, buffer=content)
        await self._act(f"upload {place}", self.page.locator(place).set_input_files(file), "", "", "")

    async def open(self, address: str, *, shows: str) -> None:
        """An address is scanned, or a link followed that came from elsewhere."""
        await self._act(f"open {urlsplit(address).path}", self.page.goto(address), shows, "", "")

    async def mark(self, place: str, value: str) -> None:
        """A mark is typed: counted apart."""
        await self.page.locator(place).fill(value)
        self.marks += 1

    async def sees(self, place: str) -> float:
        """Something that comes by itself, the system's work and nobody's step; seconds."""
        began = time.perf_counter()
        await self._effect(place, "", "")
        return time.perf_counter() - began

    async def _sent(self, place: str) -> None:
        async with self.page.expect_navigation(wait_until="domcontentloaded", timeout=MOST_MS):
            await self.page.locator(place).first.click()

    async def _filled(self, place: str, value: str) -> None:
        where = self.page.locator(place)
        await where.fill(value)
        await where.blur()  # the eye and the hand go on to the next field

    async def _act(self, what: str, act: Awaitable[object], shows: str, gone: str, at: str) -> None:
        began = time.perf_counter()
        await act
        await self._effect(shows, gone, at)
        self.steps.append(Step(what, time.perf_counter() - began))

    async def _effect(self, shows: str, gone: str, at: str) -> None:
        if at:
            await self.page.wait_for_url(at, wait_until="commit", timeout=MOST_MS)
        if shows:
            await self.page.locator(shows).first.wait_for(timeout=MOST_MS)
        if gone:
            await expect(self.page.locator(gone)).to_have_count(0, timeout=MOST_MS)


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, or another that is here; playwright never fetches one."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise NoBrowser("there is no Chromium on this machine: install the package chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def at_desk(
    browser: Browser, portal: str, who: Person, home: str, *, language: str = "zh-CN", phone: bool = False
) -> Hand:
    """Somebody logged in, on the page at which their desk begins; until here nothing is counted."""
    hand = await before(browser, portal, language=language, phone=phone)
    page = hand.page
    await page.goto(f"/login?back={home}")
    await page.fill("#username", who.username)
    await page.fill("#password", who.password)
    await page.press("#password", "Enter")
    await page.wait_for_selector("#main")
    await page.wait_for_load_state("load")
    if home == WEEK:
        await page.wait_for_selector("html[data-kept]", state="attached")
    return hand


async def before(browser: Browser, portal: str, *, language: str = "zh-CN", phone: bool = False) -> Hand:
    """Somebody before an empty page, not logged in."""
    more: dict[str, Any] = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2} if phone else {}
    context = await browser.new_context(
        base_url=portal, locale=language, timezone_id="Asia/Shanghai", reduced_motion="reduce",
        viewport={"width": PHONE["width"], "height": PHONE["height"]} if phone
        else {"width": DESK["width"], "height": DESK["height"]}, **more,
    )  # fmt: skip
    hand = Hand(await context.new_page())
    hand.page.on("pageerror", lambda error: hand.problems.append(str(error)))
    hand.page.on(
        "response",
        lambda answer: (
            hand.problems.append(f"{answer.status} {urlsplit(answer.url).path}")
            if answer.status >= FAILED
            else None
        ),
    )
    return hand


async def leave(hand: Hand) -> None:
    """The browser's window is closed."""
    await hand.page.context.close()
