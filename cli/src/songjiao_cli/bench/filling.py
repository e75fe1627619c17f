"""A season agreed on and offered, filled through the public doors as fast as they let one in.

Orders go side by side and each act is waited for once, not order by order: two drafts that want one person are settled
by scheduling, two sessions that do by dispatch, as on any busy day.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from songjiao_cli.api import Refusal
from songjiao_cli.season.acts import ordering, schemes
from songjiao_cli.season.acts.house import open_the_house
from songjiao_cli.season.script import Line, Script
from songjiao_cli.season.stage import PlayedOrder, Stage

T = TypeVar("T")
SIDE_BY_SIDE = 6
"""Calls at a time: more than the machine has processors, so that none of them waits for an answer."""
ACCEPTED_AT_ONCE = 50
DAYS_APART, DAYS_LONG = 3, 60
"""From the beginning of one order's weeks to the next one's, and to their end."""
LOOK_SECONDS, DRAFT_SECONDS = 2.0, 300.0


def only_theory(script: Script, instructors: dict[str, int], *, sessions_total: int) -> Script:
    """Every order goes on to its offers with every unit of its level; these who teach, none who only examines.

    Orders begin one after the other, each with some weeks of its own: a draft looks at no more days than it needs.
    """
    colleges = tuple(
        college.model_copy(
            update={
                "instructors": instructors[college.college], "assessors": 0, "sessions_total": sessions_total,
            }
        )
        for college in script.colleges
    )  # fmt: skip
    orders = tuple(
        order.model_copy(
            update={
                "happens": (),
                "lines": tuple(
                    line.model_copy(update={"units": (), **_window(line, number)})
                    for line in order.lines
                    if line.service == "theory_training"
                ),
            }
        )
        for number, order in enumerate(script.orders)
        if any(line.service == "theory_training" for line in order.lines)
    )
    return script.model_copy(update={"colleges": colleges, "orders": orders, "expected": None})


def _window(line: Line, number: int) -> dict[str, date]:
    begins = line.earliest + timedelta(days=DAYS_APART * number)
    return {"earliest": begins, "latest": begins + timedelta(days=DAYS_LONG)}


async def fill(stage: Stage) -> None:
    """Everything ordered, agreed on and offered, nothing answered."""
    await stage.conductor.move_to(stage.at(stage.script.begins, 8))
    await open_the_house(stage)

    async def submitted(one: tuple[int, PlayedOrder]) -> None:
        number, played = one
        await ordering.submit(stage, played, number)

    await _all(stage, "submitted", list(enumerate(stage.orders)), submitted)
    await _all(stage, "accepted", stage.orders, lambda played: ordering.ask(stage, played, "accept"))
    await _sign_what_is_drafted(stage)
    await stage.conductor.quiet()


async def _sign_what_is_drafted(stage: Stage) -> None:
    """Both signatures as soon as there is a draft: while the next one is made, this one's offers are."""
    waiting, limit = list(stage.orders), time.monotonic() + DRAFT_SECONDS
    while waiting:
        drafted = [played for played in waiting if await _drafted(stage, played)]
        for played in drafted:
            await schemes.sign(stage, played, "approve", "confirm")
            waiting.remove(played)
            limit = time.monotonic() + DRAFT_SECONDS
            stage.progress("signed", len(stage.orders) - len(waiting), len(stage.orders))
        if not drafted:
            if time.monotonic() > limit:
                raise AssertionError(f"no draft for {DRAFT_SECONDS:.0f} s, {waiting[0].key} among others")
            await asyncio.sleep(LOOK_SECONDS)


async def _drafted(stage: Stage, played: PlayedOrder) -> bool:
    path = f"/orders/{played.order_id}/scheme"
    try:
        return bool((await stage.api.call(played.clerk, "GET", "scheduling", path))["version"])
    except Refusal as refusal:
        if refusal.code != "scheme.unknown":  # scheduling may not have heard of the order yet
            raise
        return False


async def accept(stage: Stage, offers: Sequence[dict[str, Any]]) -> None:
    """Each college says yes to its own, many at once."""
    parts = []
    for college in sorted({offer["college_id"] for offer in offers}):
        ids = [offer["assignment_id"] for offer in offers if offer["college_id"] == college]
        parts += [(college, ids[n : n + ACCEPTED_AT_ONCE]) for n in range(0, len(ids), ACCEPTED_AT_ONCE)]

    async def say_yes(part: tuple[str, list[str]]) -> None:
        college, ids = part
        await stage.api.call(
            stage.offices[college],
            "POST",
            "instructor-dispatch",
            "/offers/accept",
            json={"assignment_ids": ids},
        )

    await _all(stage, "yes said", parts, say_yes)
    await stage.conductor.quiet()


async def _all(stage: Stage, name: str, each: Sequence[T], do: Callable[[T], Awaitable[None]]) -> None:
    """All of them, so many at a time; the first that fails ends the rest."""
    door, done = asyncio.Semaphore(SIDE_BY_SIDE), 0

    async def one(of: T) -> None:
        nonlocal done
        async with door:
            await do(of)
        done += 1
        stage.progress(name, done, len(each))

    async with asyncio.TaskGroup() as group:
        for of in each:
            group.create_task(one(of))
