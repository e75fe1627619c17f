"""What follows a decline, a lapse or an illness: the smallest change that staffs the session again, in fixed steps.

1 substitute: same time, another person. 2 swap: somebody comes if one of their sessions that week goes to another who
is free. 3 move: another time within the cohort's gap. 4 repair: the sessions around are chosen anew together, exactly.
5 unstaffed. Each step is tried only when the ones before it find nothing (planning.md §3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from scheduling.planner.engine.arrays import Given, able_of
from scheduling.planner.engine.compiled import compiled
from scheduling.planner.engine.costs import person_cost
from scheduling.planner.engine.exact import choose, columns, strict
from scheduling.planner.engine.plan import book, tiers_of
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.search import EVERY_DAY, EVERYBODY, MORE_THAN_ALL, place_best
from scheduling.planner.engine.state import Plan, window

NEAR_DAYS = 7
"""Step 4 looks a week each way."""
MOST_FREE = 30
"""Sessions that step 4 chooses anew. Measured with 60: no fewer changes, and longer than a coordinator waits."""
EXACT_SECONDS = 5.0
"""A fuse: most are proven in one to three."""


class Step(IntEnum):
    """What staffed a session again."""

    SUBSTITUTE = 1
    SWAP = 2
    MOVE = 3
    REPAIR = 4
    UNSTAFFED = 5


@dataclass(frozen=True)
class Repaired:
    """Of each session that had to be staffed again, by which step."""

    steps: dict[int, Step]


@compiled
def substitute(given: Given, plan: Plan, s: int, slot: int) -> bool:
    """Step 1: the best other person at this time; nobody else's plan changes."""
    lo, hi = window(given, plan, s, 0)
    if not (lo <= slot // given.bands <= hi and slot_fits(given, plan, s, slot)):
        return False
    best, who = MORE_THAN_ALL, -1
    for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
        i = given.able[at]
        if can_come(given, plan, s, slot, i):
            cost = person_cost(given, plan, s, slot, i)
            if cost < best:
                best, who = cost, i
    if who >= 0:
        book(given, plan, s, slot, who, 1)
    return who >= 0


@compiled
def swap(given: Given, plan: Plan, s: int, slot: int) -> int:
    """Step 2: the best pair: somebody comes here, and one of their sessions that week, its time unchanged, goes to
    somebody who is free. The session that changed hands, -1 where no pair works.
    """
    lo, hi = window(given, plan, s, 0)
    if not (lo <= slot // given.bands <= hi and slot_fits(given, plan, s, slot)):
        return -1
    best, mover, giver, taker = MORE_THAN_ALL, -1, -1, -1
    week = slot // given.bands // 7
    for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
        i = given.able[at]
        if given.free[given.place[s], slot, i] == 0 or given.declined[s, i]:
            continue
        for day in range(week * 7, min(given.days, week * 7 + 7)):
            for n in range(plan.on_day[i, day] - 1, -1, -1):  # whatever is looked at comes to stand last
                o = int(plan.of_day[i, day, n])
                if given.pinned[o]:
                    continue
                cost, j = _handed_over(given, plan, s, slot, o)
                if cost < best:
                    best, mover, giver, taker = cost, o, i, j
    if mover < 0:
        return -1
    own = plan.slot[mover]
    book(given, plan, mover, own, giver, -1)
    book(given, plan, s, slot, giver, 1)
    book(given, plan, mover, own, taker, 1)
    return mover


@compiled
def _handed_over(given: Given, plan: Plan, s: int, slot: int, o: int) -> tuple[int, int]:
    """What it costs when whoever holds `o` comes here instead, and who takes `o` over; the plan stays."""
    own, i, best, taker = plan.slot[o], plan.who[o], MORE_THAN_ALL, -1
    book(given, plan, o, own, i, -1)
    if can_come(given, plan, s, slot, i):
        here = person_cost(given, plan, s, slot, i) - person_cost(given, plan, o, own, i)
        book(given, plan, s, slot, i, 1)
        for at in range(given.able_at[given.kind[o]], given.able_at[given.kind[o] + 1]):
            j = given.able[at]
            if j != i and can_come(given, plan, o, own, j):
                cost = here + person_cost(given, plan, o, own, j)
                if cost < best:
                    best, taker = cost, j
        book(given, plan, s, slot, i, -1)
    book(given, plan, o, own, i, 1)
    return best, taker


@compiled
def move(given: Given, plan: Plan, s: int) -> bool:
    """Step 3: the cheapest time and person within the cohort's gap; a change costs more than any wish."""
    moved: bool = place_best(given, plan, s, 0.0, EVERY_DAY, EVERYBODY, 0)
    return moved


def chosen_anew(
    given: Given,
    plan: Plan,
    free: Sequence[int],
    seconds: float = EXACT_SECONDS,
) -> bool:
    """These sessions chosen together, exactly; whether fewer are unstaffed or, with as many, less is changed.

    Else the plan is as it was.
    """
    before = [(s, int(plan.slot[s]), int(plan.who[s])) for s in free if plan.slot[s] >= 0]
    was = _promised(plan)
    for s, slot, who in before:
        book(given, plan, s, slot, who, -1)
    choices = columns(given, plan, free)
    answer = choose(given, plan, free, choices, seconds, strict(given, choices, len(free)), frozenset(before))
    for column in answer.chosen:
        book(given, plan, column.s, column.slot, column.who, 1)
    if _promised(plan) < was:
        return True
    for column in answer.chosen:
        book(given, plan, column.s, column.slot, column.who, -1)
    for s, slot, who in before:
        book(given, plan, s, slot, who, 1)
    return False


def _promised(plan: Plan) -> tuple[int, int]:
    """Unstaffed sessions and change points: what somebody would have to be told."""
    tiers = tiers_of(plan.tiers)
    return tiers.unstaffed, tiers.changes


def chosen_around(given: Given, plan: Plan, s: int) -> list[int]:
    """The sessions that are chosen anew for one that nobody holds: its cohort's nearby, then those of whoever could
    hold it, the nearest first; none pinned.
    """
    placed = np.flatnonzero((plan.slot >= 0) & (given.pinned == 0))
    far = np.abs(plan.slot[placed] // given.bands - given.was_slot[s] // given.bands)
    near = [int(placed[n]) for n in np.argsort(far, kind="stable") if far[n] <= NEAR_DAYS and placed[n] != s]
    own = [o for o in near if given.cohort[o] == given.cohort[s]][: MOST_FREE // 2]
    able = set(able_of(given, s))
    rivals = [o for o in near if int(plan.who[o]) in able and o not in own]
    return [s, *own, *rivals][:MOST_FREE]


def staff_again(given: Given, plan: Plan, *, exact: bool = True) -> Repaired:
    """Staff every session that the plan in force has and that is not placed now: the scarcest first, each by the first
    step that works; then by step 4 all together, and each that is left or had to move among those around it.
    """
    able = np.diff(given.able_at)[given.kind]
    broken = sorted(
        map(int, np.flatnonzero((given.was_slot >= 0) & (plan.slot < 0))), key=lambda s: (able[s], s)
    )
    found: dict[int, tuple[Step, int, int]] = {}
    for step, works in STEPS:
        for s in broken:
            if s not in found and works(given, plan, s, int(given.was_slot[s])):
                found[s] = step, int(plan.slot[s]), int(plan.who[s])
    if exact and sum(step == Step.SUBSTITUTE for step, *_ in found.values()) < len(broken):
        chosen_anew(given, plan, broken)
        for s in sorted(broken, key=lambda s: plan.slot[s] >= 0):
            if plan.slot[s] != given.was_slot[s]:
                chosen_anew(given, plan, chosen_around(given, plan, s))

    def by(s: int) -> Step:
        """What holds at the end: step 4 may have changed what another step had found."""
        now = int(plan.slot[s]), int(plan.who[s])
        if now[0] < 0:
            return Step.UNSTAFFED
        return found[s][0] if s in found and found[s][1:] == now else Step.REPAIR

    return Repaired({s: by(s) for s in broken})


STEPS: tuple[tuple[Step, Callable[[Given, Plan, int, int], bool]], ...] = (
    (Step.SUBSTITUTE, substitute),
    (Step.SWAP, lambda given, plan, s, slot: swap(given, plan, s, slot) >= 0),
    (Step.MOVE, lambda given, plan, s, _: move(given, plan, s)),
)


def warm_repair(given: Given, plan: Plan) -> None:
    """Have the steps compiled, on a plan whose first session is placed; it stays as it is."""
    slot, i = int(plan.slot[0]), int(plan.who[0])
    book(given, plan, 0, slot, i, -1)
    swap(given, plan, 0, slot)
    columns(given, plan, [0])
    if move(given, plan, 0):
        book(given, plan, 0, int(plan.slot[0]), int(plan.who[0]), -1)
    substitute(given, plan, 0, slot)
