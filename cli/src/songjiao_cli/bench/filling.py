"""A season agreed on and offered, filled through the public doors as fast as they let one in.

Orders go side by side and each act is waited for once, not order by order: two drafts that want one person are settled
by scheduling, two sessions that do by dispatch, as on any busy day.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from songjiao_cli.season.acts import ordering, schemes
from songjiao_cli.season.acts.house import open_the_house
from songjiao_cli.season.script import Script
from songjiao_cli.season.stage import PlayedOrder, Stage

T = TypeVar("T")
SIDE_BY_SIDE = 6
"""Calls at a time: more than the machine has processors, so that none of them waits for an answer."""
ACCEPTED_AT_ONCE = 50


def only_theory(script: Script, instructors: dict[str, int], *, sessions_total: int) -> Script:
    """Every order goes on to its offers with every unit of its level; these who teach, none who only examines."""
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
                    line.model_copy(update={"units": ()})
                    for line in order.lines
                    if line.service == "theory_training"
                ),
            }
        )
        for order in script.orders
        if any(line.service == "theory_training" for line in order.lines)
    )
    return script.model_copy(update={"colleges": colleges, "orders": orders, "expected": None})


async def fill(stage: Stage) -> None:
    """Everything ordered, agreed on and offered, nothing answered."""
    await stage.conductor.move_to(stage.at(stage.script.begins, 8))
    await open_the_house(stage)

    async def submitted(one: tuple[int, PlayedOrder]) -> None:
        number, played = one
        await ordering.submit(stage, played, number)

    await _all(stage, "submitted", list(enumerate(stage.orders)), submitted)
    await _all(stage, "accepted", stage.orders, lambda played: ordering.ask(stage, played, "accept"))
    await stage.conductor.quiet()
    await _all(
        stage, "signed", stage.orders, lambda played: schemes.sign(stage, played, "approve", "confirm")
    )
    await stage.conductor.quiet()


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
