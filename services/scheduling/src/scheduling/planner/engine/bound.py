"""What no plan of an instance can be below: every cohort alone, or in larger ones every session alone, with the whole
world free, added up.

Valid for complete plans: whatever is shared (people, rooms, agreements) is taken as if nobody else needed it, and a
round trip is counted as its share among the most sessions that its instructor may have a day.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from scheduling.planner.engine.arrays import Given, arrays
from scheduling.planner.engine.compiled import compiled
from scheduling.planner.engine.costs import PREFERENCE
from scheduling.planner.engine.exact import AS_SCORED, Column, choose, columns
from scheduling.planner.engine.instance import Instance
from scheduling.planner.engine.plan import nothing_placed
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.state import Plan

EACH_SECONDS = 5.0
"""For one cohort; where that is too short the solver's own bound stands in for the optimum."""
AT_ONCE = 2
"""Cohorts side by side: the machine that the figures are asked for has two cores."""
TOGETHER = 200
"""Sessions of an instance up to which a cohort is chosen together: above, each session alone, or it takes hours."""


@dataclass(frozen=True)
class Bound:
    """`preferences` and `score` that no complete plan is below; `exact` of `cohorts` were solved to the end."""

    preferences: int
    score: int
    exact: int
    cohorts: int


def bound(instance: Instance) -> Bound:
    """Of this instance."""
    given, _ = arrays(instance)
    cohorts = len(given.pace)
    if len(given.cohort) > TOGETHER:
        nobody, wishes, costs = nothing_placed(given, 1), 0, 0
        for s in range(len(given.cohort)):
            least = _cheapest(given, nobody, s)
            wishes, costs = wishes + least[0], costs + least[1]
        return Bound(wishes, costs + _unfair(given), 0, cohorts)
    with ThreadPoolExecutor(AT_ONCE) as pool:  # the solver computes outside of the interpreter's lock
        pleased = list(pool.map(lambda k: _alone(given, k, trips=False), range(cohorts)))
        paid = list(pool.map(lambda k: _alone(given, k, trips=True), range(cohorts)))
    preferences, score = sum(best for best, _ in pleased), sum(best for best, _ in paid)
    exact = sum(one and other for (_, one), (_, other) in zip(pleased, paid, strict=True))
    return Bound(-int(-preferences // PREFERENCE), int(score) + _unfair(given), exact, cohorts)


@compiled
def _cheapest(given: Given, nobody: Plan, s: int) -> tuple[int, int]:
    """Least preferences, and least score, that the session costs alone; nothing where nobody can hold it."""
    wishes, costs, found = 1 << 30, 1 << 30, False
    k, place = given.cohort[s], given.place[s]
    for slot in range(given.earliest[k] * given.bands, given.days * given.bands):
        if not slot_fits(given, nobody, s, slot):
            continue
        day = slot // given.bands
        band = slot - day * given.bands
        for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
            i = given.able[at]
            if can_come(given, nobody, s, slot, i):
                unmet = (given.likes[k, band] == 0) + given.avoids[i, band]
                trip = 2 * given.home[i, place] // given.most_day[i] if place > 0 else 0
                wishes, costs, found = min(wishes, unmet), min(costs, PREFERENCE * unmet + trip), True
    return (wishes, costs) if found else (0, 0)


def _alone(given: Given, k: int, *, trips: bool) -> tuple[float, bool]:
    """Least cost of the cohort, its preferences and, where wanted, its trips and its lateness."""
    free = list(range(int(given.first[k]), int(given.first[k + 1])))
    nobody = nothing_placed(given, 1)
    every = [
        column._replace(changes=0, cost=_trip(given, column) if trips else 0)
        for column in columns(given, nobody, free)
    ]
    asked = given if trips else given._replace(lateness=0)
    answer = choose(asked, nobody, free, every, EACH_SECONDS, AS_SCORED)
    return max(0.0, answer.bound), answer.proven


def _trip(given: Given, column: Column) -> int:
    """The session's share of its instructor's round trip from home."""
    return 2 * int(given.home[column.who, given.place[column.s]]) // int(given.most_day[column.who])


def _unfair(given: Given) -> int:
    """Sessions above or below all agreed shares together cannot be shared out fairly."""
    sessions = len(given.cohort)
    colleges = abs(sessions - int(given.target.sum()))
    return given.unfairness * (colleges + max(0, sessions - int(np.sum(given.fair))))
