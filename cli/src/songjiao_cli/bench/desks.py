"""Steps and waiting at the desks: a person's acts in a real browser over the whole system, after the demo season.

The states in which the tasks begin come through the public doors; until somebody is logged in and at the home of their
desk nothing is counted.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

import numpy as np
from playwright.async_api import Browser

from contracts.programme import load
from songjiao_cli.api import Api, Person
from songjiao_cli.bench import desks_ready as ready
from songjiao_cli.bench import desks_tasks as tasks
from songjiao_cli.bench.desks_hand import Hand, Step, a_browser, at_desk, before, leave
from songjiao_cli.bench.desks_stored import Stored, store
from songjiao_cli.bench.rows import Row
from songjiao_cli.season.acts.under_way import leave_under_way
from songjiao_cli.season.play import ACTS, begin
from songjiao_cli.season.script import read
from songjiao_cli.season.stage import Stage
from songjiao_cli.system import System

SEASON, SESSIONS = "send-teachers-home", 137
WORKS = ("demo08", "demo04")
"""Who orders, pass by pass: works where a pass teaches nothing else; their one room has hours to move to."""
RUNS = 3
MOST_MS, SHARE = 1000.0, 0.95
HEADS, CLASS, CANDIDATES, DIFFERING = 60, 30, 18, 2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Task:
    """What somebody is to do, and how many steps are asked at most."""

    who: str
    what: str
    asked: int


ORDER = Task("clerk", "order training for 60 people from an Excel file, mend 3 bad rows, submit", 14)
SCHEME = Task("coordinator", "take an order, read why, move one session, approve the scheme", 9)
OFFERS = Task("college", "accept 18 of 20 offers, substitute one, decline one with reason", 7)
MARKS = Task("second assessor", "confirm 18 candidates' marks, two of them differing", 8)
CHECK = Task("anybody", "check a certificate from its QR code", 1)
ILL = Task("coordinator", "an instructor is ill: all their sessions today and tomorrow go to others", 4)
TEACH = Task("instructor", "open a session, 30 people sign in by code, close with a report", 6)
TASKS = (ORDER, SCHEME, ILL, OFFERS, TEACH, MARKS, CHECK)


@dataclass
class Found:
    """What was counted, pass by pass."""

    steps: dict[Task, list[list[Step]]] = field(default_factory=dict)
    drafts: list[float] = field(default_factory=list)
    """Seconds from taking an order until its draft was on the page: the planner's work, nobody's step."""
    problems: list[str] = field(default_factory=list)
    """What went wrong in the browsers."""
    stored: Stored | None = None
    """What the portal had stored beforehand; nothing = the season alone."""

    def most(self, task: Task) -> int:
        """Steps of the pass that had most."""
        return max(len(steps) for steps in self.steps[task])

    def waits(self, task: Task) -> list[float]:
        """Milliseconds of every step."""
        return [1000 * step.waited for steps in self.steps[task] for step in steps]

    def waited(self, task: Task) -> float:
        """Milliseconds within which 95 of 100 steps show their effect."""
        return float(np.quantile(np.array(self.waits(task)), SHARE, method="higher"))


def measured(programmes: Path, runs: int, say: Say, sessions: int = SESSIONS) -> Found:
    """The demo season is played on a system of its own, then the tasks are done; nothing is left.

    More `sessions` than the season has: the next season's orders are begun, and the portal is told all of it again
    until it has so many.
    """
    with tempfile.TemporaryDirectory(prefix="songjiao-desks-") as folder:
        system = System(
            Path(folder), programmes=programmes, practice=True, ephemeral=True, durable=True, say=say
        )
        try:
            system.start()
            return asyncio.run(_measured(system, programmes, runs, say, sessions))
        finally:
            system.stop()


async def _measured(system: System, programmes: Path, runs: int, say: Say, sessions: int) -> Found:
    script = ready.with_room(read(programmes / "seasons" / f"{SEASON}.yaml"), sessions)
    async with Api(system.urls) as api, a_browser() as browser:
        stage = await begin(
            system, api, script, programmes=load(programmes), scale=1, seed=1, progress=lambda *_: None
        )
        for act in ACTS:
            say(f"  the season: {act.__name__}")
            await act(stage)
        found = Found()
        if sessions > SESSIONS:
            say("  the season: leave_under_way")
            await leave_under_way(stage)
            await stage.conductor.quiet()
            found.stored = await store(system, sessions, say)
        for turn in range(runs):
            say(f"  pass {turn + 1} of {runs}")
            await one_pass(stage, browser, found, WORKS[turn % len(WORKS)])
    return found


async def one_pass(stage: Stage, browser: Browser, found: Found, works: str = ready.ENTERPRISE) -> None:
    """Every task once, in the order in which the days bring them; `works`: whose clerk orders."""
    await Pass(stage, browser, found, works).go()


@dataclass
class Pass:
    """One pass over all tasks."""

    stage: Stage
    browser: Browser
    found: Found
    works: str

    async def go(self) -> None:
        """One after the other; what a task leaves behind is what the next ones find."""
        stage = self.stage
        order = await self._ordered()
        await self._at(SCHEME, stage.coordinator, "/board", partial(self._approved, order))
        await ready.confirm(stage, order, self.works)
        taught = await ready.offered(stage, CLASS, (CLASS,))
        college = await ready.twenty_offers(stage)
        await self._at(OFFERS, stage.offices[college], "/board", tasks.answer_offers)
        await stage.conductor.quiet()
        batch = await ready.marked_once(stage, CANDIDATES)
        typed, anew = _two_differ(batch.marks)
        marks = partial(tasks.confirm_marks, batch=batch.id, marks=typed, anew=anew)
        await self._at(MARKS, batch.second, "/my/batches", marks, phone=True)
        address = await ready.certified(stage, batch, anew)
        await self._at(CHECK, None, "", partial(tasks.check_certificate, address=address), phone=True)
        person, sessions = await ready.ill_this_morning(stage)
        await self._at(
            ILL, stage.coordinator, "/board", partial(_restaffed, person=person, sessions=sessions)
        )
        session, teacher = await ready.at_its_start(stage, taught)

        async def scanned(code: str) -> None:
            await ready.everybody_scans(code, ready.people_of(stage, taught))
            await ready.over(stage, session)

        await self._at(TEACH, teacher, "/my/week", partial(tasks.teach, scanned=scanned), phone=True)
        await stage.conductor.quiet()

    async def _ordered(self) -> UUID:
        wanted, ids = ready.wanted(self.stage, HEADS, bad=True), []

        async def order(hand: Hand) -> None:
            ids.append(await tasks.order_training(hand, wanted))

        await self._at(ORDER, self.stage.clerks[self.works], "/board", order)
        await self.stage.conductor.quiet()
        return ids[0]

    async def _approved(self, order: UUID, hand: Hand) -> None:
        movable = partial(ready.movable, self.stage, order)
        number = await ready.number_of(self.stage, order)
        self.found.drafts.append(await tasks.take_and_approve(hand, order, number, movable))

    async def _at(
        self,
        task: Task,
        who: Person | None,
        home: str,
        do: Callable[[Hand], Awaitable[None]],
        *,
        phone: bool = False,
    ) -> None:
        portal = self.stage.api.urls["portal"]
        hand = (
            await at_desk(self.browser, portal, who, home, phone=phone)
            if who
            else await before(self.browser, portal, phone=phone)
        )
        try:
            await do(hand)
        finally:
            await leave(hand)
        self.found.steps.setdefault(task, []).append(hand.steps)
        self.found.problems += hand.problems


async def _restaffed(hand: Hand, person: str, sessions: int) -> None:
    moved = await tasks.restaff_whom_is_ill(hand, person)
    if moved != sessions:
        raise AssertionError(f"{sessions} sessions of two days, but {moved} went to others")


def _two_differ(marks: ready.Marks) -> tuple[ready.Marks, ready.Marks]:
    """The second one reads two marks otherwise; then both agree that these were right."""
    typed = [
        (name, f"{float(mark) - 1:g}") if at < DIFFERING else (name, mark)
        for at, (name, mark) in enumerate(marks)
    ]
    return typed, typed[:DIFFERING]


def rows(found: Found) -> list[Row]:
    """Two figures a task: steps, and the waiting for their effects."""
    told = []
    for task in TASKS:
        name = f"{task.who}: {task.what}"
        told.append(Row(name, "steps", float(found.most(task)), at_most=float(task.asked)))
        waits = tuple(found.waits(task))
        told.append(
            Row(
                "  a step until its effect is seen, 95 of 100 within",
                "ms",
                found.waited(task),
                at_most=MOST_MS,
                runs=waits,
            )
        )
    return told
