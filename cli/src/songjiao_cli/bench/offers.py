"""A decline until the next offer is on the next college's page: through HTTP, database, Kafka and the portal's push.

A season ten times the pilot's, on servers of its own: 150 instructors, more than 1,500 sessions agreed on and offered.
"""

import asyncio
import json
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

from contracts.programme import load
from songjiao_cli.api import Api, Person
from songjiao_cli.bench.filling import accept, fill, only_theory
from songjiao_cli.bench.rows import Row, not_run
from songjiao_cli.season.acts.offers import open_offers
from songjiao_cli.season.conductor import Conductor
from songjiao_cli.season.play import administrator
from songjiao_cli.season.script import read
from songjiao_cli.season.stage import Stage
from songjiao_cli.system import System

SEASON = "send-teachers-home"
SCALE = 10
INSTRUCTORS = {"smtc": 5, "fjwp": 3, "smu": 3, "smmst": 3, "smag": 1}
"""Of each college, times the scale."""
LEFT_OPEN = 300
"""Offers that nobody has answered yet when the declines begin; the rest is accepted."""
WARM = 10
TOLD_SECONDS = 30.0
ANOTHER_TIME = 3
"""The step of dispatch of an offer for a session that was moved."""
HALF_MS, NEARLY_ALL_MS = 150.0, 500.0
KEY = re.compile(r'name="key" value="([^"]+)"')

Say = Callable[[str], None]


@dataclass
class Answers:
    """What the declines took, in milliseconds."""

    told: list[float] = field(default_factory=list)
    """Until the college that declined has its answer."""
    at_once: list[float] = field(default_factory=list)
    """Until the next college's page is told of the order, where dispatch itself found somebody."""
    elsewhere: list[float] = field(default_factory=list)
    """The same where nobody could come at that time, and scheduling found another."""
    nobody: int = 0
    """Declines after which nobody could come at any time."""

    @property
    def visible(self) -> list[float]:
        """Of every next offer."""
        return self.at_once + self.elsewhere


@dataclass(frozen=True)
class Found:
    """The declines, and among what they fell."""

    sessions: int
    people: int
    filled: float
    """Seconds in which the season was ordered, agreed on, offered and mostly accepted."""
    answers: Answers


@dataclass
class Page:
    """An open page of a college's desk: when it was told of which order, last."""

    heard: dict[str, float] = field(default_factory=dict)


@dataclass
class Pages:
    """Those of all colleges, listening side by side."""

    of: dict[str, Page]
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    """Told whenever one of them was told of an order."""

    async def told_of(self, order: str, since: float) -> None:
        """Once one of them is: until then nobody asks the services anything, as on a day when nobody measures."""
        async with self.news:
            await asyncio.wait_for(
                self.news.wait_for(
                    lambda: any(each.heard.get(order, 0.0) > since for each in self.of.values())
                ),
                TOLD_SECONDS,
            )


def measured(programmes: Path, declines: int, say: Say, *, scale: int = SCALE) -> Found:
    """The declines; the servers and all that is on them are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="songjiao-offers-") as folder:
        system = System(
            Path(folder), programmes=programmes, practice=True, ephemeral=True, durable=True, say=say
        )
        try:
            system.start()
            found = asyncio.run(_measured(system, programmes, declines, scale, say))
        finally:
            system.stop()
    answers = found.answers
    say(
        f"  {found.sessions:,} sessions, {found.people} instructors: {len(answers.visible)} declines with a next "
        f"offer, {answers.nobody} with nobody who could come"
    )
    return found


def rows(found: Found) -> list[Row]:
    """The figures, beside what is asked."""
    at, answers = f"{found.sessions:,} sessions, {found.people} instructors", found.answers
    return [
        _row(
            f"a decline until the next offer is visible, half within ({at})", answers.visible, 0.50, HALF_MS
        ),
        _row("the same, 99 of 100 within", answers.visible, 0.99, NEARLY_ALL_MS),
        _row("a decline until its own answer, 99 of 100 within", answers.told, 0.99, NEARLY_ALL_MS),
    ]


def left_out() -> Row:
    """Nobody asked for it."""
    return not_run(
        "a decline until the next offer is visible", "ms", "left out: --declines 0", at_most=HALF_MS
    )


def _row(figure: str, values: Sequence[float], share: float, at_most: float) -> Row:
    value = float(np.quantile(np.array(values), share)) if values else None
    return Row(
        figure,
        "ms",
        value,
        at_most=at_most,
        runs=tuple(values),
        why="" if values else "no decline had a next offer",
    )


async def _measured(system: System, programmes: Path, declines: int, scale: int, say: Say) -> Found:
    began = time.monotonic()
    async with Api(system.urls) as api:
        stage = await _season(system, api, programmes, scale, say)
        offers = await open_offers(stage)
        await accept(stage, offers[: max(0, len(offers) - max(LEFT_OPEN, declines + WARM))])
        filled = time.monotonic() - began
        say(f"  {filled:4.0f} s  declines begin")
        return Found(len(offers), len(stage.listed), filled, await _declined(stage, declines, api))


async def _season(system: System, api: Api, programmes: Path, scale: int, say: Say) -> Stage:
    """Everything ordered, agreed on and offered, nothing answered."""
    script = only_theory(read(programmes / "seasons" / f"{SEASON}.yaml"), INSTRUCTORS, sessions_total=300)
    admin = administrator(system)
    began = time.monotonic()
    told: dict[str, float] = {}

    def progress(name: str, done: int, whole: int) -> None:
        if done == whole or time.monotonic() > told.get(name, 0.0) + 20:
            told[name] = time.monotonic()
            say(f"  {told[name] - began:4.0f} s  {name}: {done} of {whole}")

    stage = Stage(
        api, script, scale, 1, load(programmes), admin, Conductor(api, admin), progress,
    )  # fmt: skip
    await fill(stage)
    return stage


async def _declined(stage: Stage, declines: int, api: Api) -> Answers:
    """One after the other, each when all that followed the last is done."""
    found = Answers()
    draw = stage.draw("bench")
    async with _pages(stage, api) as pages:
        for turn in range(declines + WARM):
            offer = draw.choice(await open_offers(stage))
            order, session = offer["order_id"], offer["session_id"]
            office = stage.offices[offer["college_id"]]
            await api.token_of(office)
            began = time.perf_counter()
            await api.call(
                office, "POST", "instructor-dispatch", f"/offers/{offer['assignment_id']}/decline",
                json={"reason": "own_lessons"},
            )  # fmt: skip
            told = time.perf_counter()
            await pages.told_of(order, began)
            await stage.conductor.quiet()
            following = [one for one in await open_offers(stage) if one["session_id"] == session]
            if turn < WARM:
                continue
            found.told.append(1000 * (told - began))
            if not following:
                found.nobody += 1
                continue
            heard = pages.of[following[0]["college_id"]].heard.get(order, 0.0)
            if heard < began:
                raise AssertionError(f"the page of {following[0]['college_id']} was never told of {order}")
            of = found.elsewhere if following[0]["step"] == ANOTHER_TIME else found.at_once
            of.append(1000 * (heard - began))
    return found


@asynccontextmanager
async def _pages(stage: Stage, api: Api) -> AsyncIterator[Pages]:
    """A desk's page of each college, open and listening."""
    pages = Pages({college: Page() for college in stage.offices})
    opened = [asyncio.Event() for _ in pages.of]
    listening = [
        asyncio.create_task(_listen(api.urls["portal"], stage.offices[college], pages, page, event))
        for (college, page), event in zip(pages.of.items(), opened, strict=True)
    ]
    try:
        await asyncio.gather(*(asyncio.wait_for(event.wait(), 60) for event in opened))
        yield pages
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


async def _listen(portal: str, who: Person, pages: Pages, page: Page, opened: asyncio.Event) -> None:
    async with httpx.AsyncClient(base_url=portal, timeout=None) as browser:  # noqa: S113  the stream stays open
        form = await browser.get("/login")
        (key,) = KEY.findall(form.text)
        answer = await browser.post(
            "/login", data={"username": who.username, "password": who.password, "key": key}
        )
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise AssertionError(f"{who.username} could not log in: {answer.status_code}")
        async with browser.stream("GET", "/events") as stream:
            async for line in stream.aiter_lines():
                if line.startswith("event: open"):
                    opened.set()
                if line.startswith("data: {") and (order := json.loads(line[6:]).get("order")):
                    async with pages.news:
                        page.heard[order] = time.perf_counter()
                        pages.news.notify_all()
