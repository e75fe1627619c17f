"""From an instance to the best plan that the time or the rounds allow."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints, Names, able_of, arrays
from scheduling.planner.engine.check import broken
from scheduling.planner.engine.instance import FORMAT, Instance, WrongInstance
from scheduling.planner.engine.plan import Tiers, book, nothing_placed, tiers_of
from scheduling.planner.engine.progress import Progress
from scheduling.planner.engine.ruin import Best, Kinds, Manner, improve
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.search import EVERYBODY, construct
from scheduling.planner.engine.state import Plan, window

FEW = 200
"""Sessions up to which every choice is looked at; above, some of those who can come."""
HOT = ((700, 3_000.0), (2_500, 1_000.0))
"""Heat to begin with, by sessions at most; `HOT_ELSE` above: so many have no time to cool down from more. Measured
on seeds 1 to 3 and 11 of the benchmark.
"""
HOT_ELSE = 500.0
COLD = 30.0
AT_ONCE_SECONDS, MOST_AT_ONCE = 0.2, 500
"""The heat follows, and a person hears, so often: seconds, or rounds where those decide."""


@dataclass(frozen=True)
class Line:
    """A session of the plan; day of the horizon."""

    session: str
    day: int
    band: str
    instructor: str


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
    """The best plan after so many seconds, or after so many rounds: then seed and rounds alone decide.

    `stopped` is asked a few times a second; then the best plan so far is answered. `WrongInstance` when a pin is
    against a rule.
    """
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{seconds} is no time to plan in")
    warm()
    began = time.monotonic()
    given, names = arrays(instance)
    plan = nothing_placed(given, seed)
    _keep_what_is_in_force(given, plan, names)
    construct(given, plan, _cohorts_by_need(given))
    first, drafted = tiers_of(plan.tiers), time.monotonic()
    best = Best(plan.slot.copy(), plan.who.copy(), plan.tiers.copy())
    kinds, manner, hot = _kinds(given), _manner(given), _heat(given)
    done, size = 0, 100
    while not stopped():
        at = time.monotonic()
        spent, whole = (at - drafted, seconds) if rounds is None else (done, rounds)
        share = spent / whole if whole else 1.0
        if share >= 1:
            break
        if rounds is not None:
            size = min(max(1, rounds // 200), MOST_AT_ONCE, rounds - done)
        improve(given, plan, best, kinds, manner, size, hot * (COLD / hot) ** share)
        done += size
        took = time.monotonic() - at
        if rounds is None:
            size = max(10, int(size * min(4.0, AT_ONCE_SECONDS / max(took, 1e-3))))
            size = min(size, max(10, int(size * (seconds - (at + took - drafted)) / AT_ONCE_SECONDS)))
        told(Progress(min(1.0, share), time.monotonic() - began, done, tiers_of(best.tiers)))
    _refuse_broken(given, best, names)
    return Solved(
        lines_of(given, names, best.slot, best.who), tiers_of(best.tiers), first, drafted - began,
        time.monotonic() - began, done,
    )  # fmt: skip


@cache
def warm() -> None:
    """Have everything compiled, or what was compiled before read: a minute the very first time, then a second."""
    given, _ = arrays(_SMALLEST)
    plan = nothing_placed(given, 1)
    construct(given, plan, np.arange(1))
    improve(
        given,
        plan,
        Best(plan.slot.copy(), plan.who.copy(), plan.tiers.copy()),
        _kinds(given),
        _manner(given),
        1,
        1.0,
    )


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


def _keep_what_is_in_force(given: Given, plan: Plan, names: Names) -> None:
    """The plan in force stands as far as it can; pins first, and a pin that cannot is refused."""
    standing = np.flatnonzero(given.was_slot >= 0)
    for s in map(int, (*standing[given.pinned[standing] > 0], *standing[given.pinned[standing] == 0])):
        slot, who, able = int(given.was_slot[s]), int(given.was_with[s]), able_of(given, s)
        lo, hi = window(given, plan, s, 0)
        fits = lo <= slot // given.bands <= hi and who in able and slot_fits(given, plan, s, slot)
        if fits and can_come(given, plan, s, slot, who):
            book(given, plan, s, slot, who, 1)
        elif given.pinned[s]:
            what = (
                "that person cannot come then" if fits else
                "that person lacks the qualification" if who not in able else
                "the time runs against the crew, the order of sessions, the pace or the rooms"
            )  # fmt: skip
            raise WrongInstance(
                f"the pin of session {names.sessions[s]} to day {slot // given.bands}, "
                f"{names.bands[slot % given.bands]}, {names.instructors[who]} is against a rule: {what}; unpin it, or "
                "mend what it runs against"
            )


def _cohorts_by_need(given: Given) -> Ints:
    """By earliest day, then where fewest can teach."""
    able = np.diff(given.able_at)[given.kind]
    scarce = np.array(
        [able[a:b].min() if b > a else 0 for a, b in zip(given.first, given.first[1:], strict=False)]
    )
    return np.lexsort((scarce, given.earliest))


def _kinds(given: Given) -> Kinds:
    of_kind = np.argsort(given.kind, kind="stable")
    return Kinds(of_kind, np.searchsorted(given.kind[of_kind], np.arange(len(given.able_at))))


def _manner(given: Given) -> Manner:
    few = len(given.cohort) <= FEW
    return Manner(most=8, noise=300.0, most_people=EVERYBODY if few else 8)


def _heat(given: Given) -> float:
    return next((heat for sessions, heat in HOT if len(given.cohort) <= sessions), HOT_ELSE)


def _refuse_broken(given: Given, best: Best, names: Names) -> None:
    if found := broken(given, best.slot, best.who, names):
        raise AssertionError(f"the search has broken a rule: {found[0]}")  # a fault of ours: no plan goes out


def lines_of(given: Given, names: Names, slot: Ints, who: Ints) -> tuple[Line, ...]:
    """The placed sessions, by their ids."""
    return tuple(
        Line(names.sessions[s], int(slot[s] // given.bands), names.bands[slot[s] % given.bands],
             names.instructors[who[s]])
        for s in np.flatnonzero(slot >= 0)
    )  # fmt: skip
