"""From an instance to the best plan that the time or the rounds allow."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints, Names, arrays
from scheduling.planner.engine.check import broken
from scheduling.planner.engine.compiled import one_at_a_time
from scheduling.planner.engine.in_force import plan_in_force
from scheduling.planner.engine.instance import FORMAT, Instance
from scheduling.planner.engine.lines import Line, lines_of
from scheduling.planner.engine.plan import Tiers, nothing_placed, tiers_of
from scheduling.planner.engine.progress import Progress
from scheduling.planner.engine.repair import staff_again, warm_repair
from scheduling.planner.engine.ruin import Best, Manner, kinds_of
from scheduling.planner.engine.search import EVERY_DAY, EVERYBODY, construct, first_fit
from scheduling.planner.engine.together import Together

FEW = 200
"""Sessions up to which every choice is looked at; above, some of those who can come."""
HOT = ((700, 3_000.0), (2_500, 1_000.0))
"""Heat to begin with, by sessions at most; `HOT_ELSE` above: so many have no time to cool down from more. Measured
on seeds 1 to 3 and 11 of the benchmark.
"""
HOT_ELSE = 500.0
COLD = 30.0
SOME_DAYS = 5
"""Looked at for each session of a larger plan, in a row from a chance one on: more rounds win more than more days."""
MANY = 2_500
"""Sessions from which fewer are taken out in a round."""
TURN_SECONDS, MOST_AT_ONCE = 0.1, 500
"""The heat follows, and the searches put together what they found, so often: seconds, or rounds where those decide."""
SEARCHES = 2
"""Side by side. A fixed number, for the plan of a seed must not hang on the machine."""
FAR = 1 << 32
"""Between the seeds of the searches."""


@dataclass(frozen=True)
class Solved:
    """A plan that keeps every hard rule. `first_seconds`: from the instance to the first draft."""

    lines: tuple[Line, ...]
    tiers: Tiers
    first: Tiers
    first_seconds: float
    seconds: float
    rounds: int

    def told(self, instance: Instance) -> dict[str, Any]:
        """As the exchange format has it (`training-plan-solution/1`)."""
        return {
            "format": "training-plan-solution/1",
            "instance": instance.name,
            "assignments": [vars(line) for line in self.lines],
        }


def solve(
    instance: Instance,
    *,
    seed: int = 1,
    seconds: float = 10.0,
    rounds: int | None = None,
    told: Callable[[Progress], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Solved:
    """The best plan after so many seconds, the first draft included, or after so many rounds of each search: then seed
    and rounds alone decide.

    `stopped` is asked a few times a second; then the best plan so far is answered. `WrongInstance` when a pin is
    against a rule.
    """
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{seconds} is no time to plan in")
    warm()
    began = time.monotonic()
    given, names = arrays(instance)
    plan, kinds = plan_in_force(given, names, seed), kinds_of(given)
    staff_again(given, plan, exact=False)
    construct(given, plan, _cohorts_by_need(given))
    first, drafted = tiers_of(plan.tiers), time.monotonic()
    search = Together(given, plan, kinds, _manner(given), [seed + n * FAR for n in range(SEARCHES)])
    done, size, hot, best = 0, 100, _heat(given), search.best
    while not stopped():
        at = time.monotonic()
        spent, whole = (at - drafted, began + seconds - drafted) if rounds is None else (done, rounds)
        share = spent / whole if whole > 0 else 1.0
        if share >= 1:
            break
        if rounds is not None:
            size = min(max(1, rounds // 200), MOST_AT_ONCE, rounds - done)
        search.turn(size, hot * (COLD / hot) ** share)
        done += size
        took = time.monotonic() - at
        if rounds is None:
            size = max(10, int(size * min(4.0, TURN_SECONDS / max(took, 1e-3))))
            size = min(size, max(10, int(size * (began + seconds - at - took) / TURN_SECONDS)))
        told(Progress(min(1.0, share), time.monotonic() - began, done, tiers_of(best.tiers)))
    search.close()
    _refuse_broken(given, best, names)
    return Solved(
        lines_of(given, names, best.slot, best.who), tiers_of(best.tiers), first, drafted - began,
        time.monotonic() - began, done,
    )  # fmt: skip


@cache
def warm() -> None:
    """Have everything compiled, or what was compiled before read: two minutes the very first time, then a second."""
    with one_at_a_time():
        given, _ = arrays(_SMALLEST)
        plan = nothing_placed(given, 1)
        construct(given, plan, np.arange(1))
        warm_repair(given, plan)
        search = Together(given, plan, kinds_of(given), _manner(given), (1, 2))
        search.turn(1, 1.0)
        search.close()


_SMALLEST = Instance.model_validate({
    "format": FORMAT, "name": "smallest", "days": 1, "closed_days": [], "bands": {"am": {"start": 500, "end": 700}},
    "buffer": 0, "day_open": 0, "day_close": 1440, "weights": {"unfairness": 1, "lateness": 1}, "travel": [[0]],
    "colleges": [{"id": "C", "cap_total": 1, "cap_week": 1, "target": 1}],
    "instructors": [{
        "id": "T", "college": "C", "home": 0, "skills": {"q": 1}, "busy": [(0, 1, None)], "max_day_sessions": 1,
        "max_week_sessions": 1, "avoid_bands": [], "fair_load": 1,
    }],
    "enterprises": [{"id": "E", "site": 0, "rooms": 1}], "crews": [{"id": "W", "work": [], "rest": []}],
    "cohorts": [{
        "id": "K", "enterprise": "E", "crew": "W", "sessions": ["S"], "earliest_day": 0, "due_day": 0,
        "release_cap": 0, "max_week_sessions": 1, "preferred_bands": ["am"],
    }],
    "sessions": [{
        "id": "S", "cohort": "K", "seq": 0, "unit": "u", "mode": "onsite", "qualification": "q", "min_level": 1,
        "bands": ["am"],
    }],
})  # fmt: skip
"""One session of one cohort: has every function compiled for the types it is used with."""


def by_hand(instance: Instance) -> Solved:
    """First fit, to be compared with: earliest slot, first person who can."""
    warm()
    began = time.monotonic()
    given, names = arrays(instance)
    plan = plan_in_force(given, names, 1)
    first_fit(given, plan, _cohorts_by_need(given))
    took, tiers = time.monotonic() - began, tiers_of(plan.tiers)
    return Solved(lines_of(given, names, plan.slot, plan.who), tiers, tiers, took, took, 0)


def _cohorts_by_need(given: Given) -> Ints:
    """By earliest day, then where fewest can teach."""
    able = np.diff(given.able_at)[given.kind]
    scarce = np.array(
        [able[a:b].min() if b > a else 0 for a, b in zip(given.first, given.first[1:], strict=False)]
    )
    return np.lexsort((scarce, given.earliest))


def _manner(given: Given) -> Manner:
    few = len(given.cohort) <= FEW
    return Manner(
        most=5 if len(given.cohort) > MANY else 8, noise=300.0, most_people=EVERYBODY if few else 8,
        most_days=EVERY_DAY if few else SOME_DAYS,
    )  # fmt: skip


def _heat(given: Given) -> float:
    return next((heat for sessions, heat in HOT if len(given.cohort) <= sessions), HOT_ELSE)


def _refuse_broken(given: Given, best: Best, names: Names) -> None:
    if found := broken(given, best.slot, best.who, names):
        raise AssertionError(f"the search has broken a rule: {found[0]}")  # a fault of ours: no plan goes out
