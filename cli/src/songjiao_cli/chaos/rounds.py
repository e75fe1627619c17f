"""Round after round: orders, faults among them, calm, the oracle."""

import asyncio
import random
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from songjiao_cli.api import Api
from songjiao_cli.chaos.answers import Answers, p99
from songjiao_cli.chaos.besieged import Besieged
from songjiao_cli.chaos.clients import begin_orders
from songjiao_cli.chaos.desk import Desk
from songjiao_cli.chaos.faults import (
    ALL,
    Fault,
    clocks,
    database,
    disk,
    poison,
    processes,
    records,
    restores,
    servers,
    versions,
)
from songjiao_cli.chaos.house import Clock, furnish
from songjiao_cli.chaos.oracle.business import INVARIANTS
from songjiao_cli.chaos.oracle.ledgers import LEDGERS
from songjiao_cli.chaos.oracle.world import ROGUE, read
from songjiao_cli.chaos.siege import Siege, Unmended
from songjiao_cli.verify.run import verify

BLOCK = 10
"""Rounds that one system lives through before a new one begins."""
LOAD_SECONDS = 5.0
OF_THE_ROGUE = re.compile(rf"(?<![\w/-]){ROGUE}(?![\w/-])")
__all__ = ["clocks", "database", "poison", "processes", "records", "restores", "servers", "versions"]
"""Imported for the faults they register."""


@dataclass
class Round:
    """What one round did and found."""

    number: int
    faults: list[str]
    struck: list[str] = field(default_factory=list)
    """Of the faults those whose harm was done; the others waited in vain for their moment."""
    seen: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    seconds: float = 0.0
    broken_seconds: float = 0.0
    looked_seconds: float = 0.0
    calm_seconds: float = 0.0
    commands: int = 0
    done: int = 0
    refused: int = 0
    several: int = 0
    """Commands that have changed more than one subject."""
    unanswered: int = 0
    facts: int = 0
    repeats: int = 0
    p99_milliseconds: float = 0.0
    code: str = ""
    """The commit that was played; nothing where that cannot be told."""


def plan(seed: int, number: int, among: list[Fault]) -> tuple[random.Random, list[Fault]]:
    """The round's own chance, and its faults: each kind has its turn, up to two others beside it."""
    turn = random.Random(f"{seed}/order/{number // len(among)}")  # noqa: S311  a play, no secret
    first = turn.sample(among, len(among))[number % len(among)]
    draw = random.Random(f"{seed}/{number}")  # noqa: S311
    more = draw.choices((0, 1, 2), (5, 4, 1))[0]
    others = [each for each in among if each.quick and each is not first]
    return draw, [first, *draw.sample(others, min(more, len(others)))]


async def besiege(
    numbers: range, seed: int, programmes: Path, *, among: list[Fault], told: Callable[[Round], None],
    say: Callable[[str], None], sources: tuple[Path, ...] = (),
) -> None:  # fmt: skip
    """These rounds on one system of its own."""
    folder = await asyncio.to_thread(disk.new_folder)
    system = Besieged(folder, programmes=programmes, sources=sources, say=say)
    try:
        await asyncio.to_thread(system.start)
        async with Api(system.urls) as api:
            await _rounds(system, api, numbers, seed, programmes, among, told)
    finally:
        system.end()
        disk.forget(folder)


async def _rounds(
    system: Besieged, api: Api, numbers: range, seed: int, programmes: Path, among: list[Fault],
    told: Callable[[Round], None],
) -> None:  # fmt: skip
    house = await furnish(system, programmes, seed, api)
    clock = Clock(house, system.urls)
    answers = Answers(system.urls, random.Random(f"{seed}/answers"))  # noqa: S311
    desk = Desk(house, answers, clock, random.Random(f"{seed}/clients/{numbers[0]}"))  # noqa: S311
    watch = asyncio.create_task(system.watch())
    try:
        for number in numbers:
            draw, faults = plan(seed, number, among)
            siege = Siege(system, house, desk, clock, api, draw)
            told(await _one(siege, number, faults))
    finally:
        watch.cancel()
        await answers.close()


async def _one(siege: Siege, number: int, faults: list[Fault]) -> Round:
    """One round, from the first new order to the oracle."""
    began, before = time.monotonic(), len(siege.desk.answers.commands)
    done = Round(number, [each.name for each in faults])
    siege.desk.answers.milliseconds.clear()
    begin_orders(siege.desk)
    try:
        done.struck = await _broken(siege, faults)
        done.broken_seconds = round(time.monotonic() - began, 1)
        await siege.system.mend()
        done.calm_seconds = round(await _calm(siege), 1)
        looked = time.monotonic()
        await _look(siege, done)
        done.looked_seconds = round(time.monotonic() - looked, 1)
    except Unmended as why:
        siege.found.append(str(why))
    done.seen, done.found = siege.seen, siege.found
    done.seconds = round(time.monotonic() - began, 1)
    given = siege.desk.answers.commands[before:]
    done.commands, done.done = len(given), sum(each.done for each in given)
    done.several = sum(len(each.subjects) > 1 for each in given)
    done.unanswered = sum(not each.answered for each in given)
    done.refused = done.commands - done.done - done.unanswered
    done.p99_milliseconds = round(p99(siege.desk.answers.milliseconds), 1)
    return done


async def _broken(siege: Siege, faults: list[Fault]) -> list[str]:
    """Load, and the faults in it, one after another; the load lasts as long as they do. Which of them struck."""
    siege.begin_load()
    calm = time.monotonic() + LOAD_SECONDS
    await asyncio.sleep(1.0)
    struck = [each.name for each in faults if await each.strike(siege)]
    await asyncio.sleep(max(0.5, calm - time.monotonic()))
    await siege.end_load()
    return struck


async def _calm(siege: Siege) -> float:
    """Quiet, parked facts mended, most of what nobody answered asked again, quiet again."""
    seconds = await siege.calm()
    await siege.mend_parked()
    await siege.desk.answers.ask_again(0.7)
    return seconds + await siege.calm()


async def _look(siege: Siege, done: Round) -> None:
    """Every ledger, every invariant, and the product's own verify."""
    where = siege.system.where
    databases = {service: siege.system.database_url(service) for service in siege.system.urls}
    world = await read(
        where.kafka,
        databases,
        siege.desk.answers.commands,
        siege.system.unnoted,
        siege.desk.answers.forgotten,
    )
    for compare in (*LEDGERS.values(), *INVARIANTS.values()):
        siege.found += compare(world)
    done.facts, done.repeats = len(world.facts), len(world.records) - len(world.facts)
    verdict = await verify(
        siege.api, siege.house.admin, where, siege.house.programmes, siege.system.full_environment("portal")
    )
    rogues = {record.fact["id"] for record in world.records if record.fact and record.fact["source"] == ROGUE}
    lines = [f"verify: {name}: {line}" for name, found in verdict.found.items() for line in found]
    lines += [f"verify: {name} was not checked: {why}" for name, why in verdict.unchecked.items()]
    siege.found += [line for line in lines if not is_of_rogues(line, rogues)]


def is_of_rogues(line: str, rogues: Iterable[str]) -> bool:
    """Whether the line speaks of the rogue sender or of something it has put on a topic; a folder's name is not it."""
    return bool(OF_THE_ROGUE.search(line)) or any(id_ in line for id_ in rogues)


def faults_of(names: list[str] | None = None, *, quick: bool = False) -> list[Fault]:
    """The faults to draw from."""
    with suppress(KeyError):
        return (
            [ALL[name] for name in names]
            if names
            else [each for each in ALL.values() if each.quick or not quick]
        )
    raise SystemExit(f"there is no such fault; there are: {', '.join(ALL)}")
