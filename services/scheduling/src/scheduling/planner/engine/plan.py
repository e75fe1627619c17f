"""A plan and its counters: what `book` puts in or takes out, every counter and tier follows.

Tiers, compared in this order: sessions unstaffed, changes against the plan in force, unmet preferences, cost.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduling.planner.engine.arrays import Given, Ints, Small
from scheduling.planner.engine.compiled import compiled, inlined
from scheduling.planner.engine.costs import CHANGE, PREFERENCE, shared_unit, slot_cost, visit_cost
from scheduling.planner.engine.state import Plan, last_day

UNSTAFFED = 100_000
TIERS = 4


class Tiers(NamedTuple):
    """How good a plan is; the smaller the better, the first first."""

    unstaffed: int
    changes: int
    preferences: int
    cost: int

    @property
    def score(self) -> int:
        """One number for charts; the search walks on it, what is best the tiers themselves say."""
        return self.unstaffed * UNSTAFFED + self.changes * CHANGE + self.preferences * PREFERENCE + self.cost


def nothing_placed(given: Given, seed: int) -> Plan:
    """The plan with every session unstaffed. The seed is that of all chance in the search."""
    cohorts, people, colleges = len(given.pace), len(given.fair), len(given.target)
    sessions, places = len(given.cohort), len(given.rooms)
    tiers = np.zeros(TIERS, np.int64)
    tiers[0] = sessions
    tiers[1] = 3 * int((given.was_slot >= 0).sum())
    tiers[3] = given.unfairness * int(np.abs(given.target).sum())

    def zeros(*shape: int) -> Small:
        return np.zeros(shape, np.int32)

    return Plan(
        slot=np.full(sessions, -1), who=np.full(sessions, -1), tiers=tiers,
        released=zeros(cohorts), held=zeros(cohorts, given.weeks),
        on_day=zeros(people, given.days),
        of_day=zeros(people, given.days, given.bands),  # bands do not overlap in a day that H6 allows
        in_week=zeros(people, given.weeks), in_all=zeros(people),
        college_all=zeros(colleges), college_week=zeros(colleges, given.weeks),
        room=zeros(places, given.days, given.pieces.shape[1]),
        chance=chance(seed),
    )  # fmt: skip


def chance(seed: int) -> NDArray[np.uint64]:
    """The state of a generator that begins with this seed; never 0, from which it would not move."""
    state = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64
    return np.array([state or 1], np.uint64)


@compiled
def book(given: Given, plan: Plan, s: int, slot: int, i: int, sign: int) -> None:
    """Put a session in (+1) or take it out (-1, it must be there): the one place where counters change."""
    if sign < 0:
        _count_person(given, plan, s, slot, i, -1)
    k, day = given.cohort[s], slot // given.bands
    band = slot - day * given.bands
    taught, same = shared_unit(given, plan, s, i)
    unmet = (given.likes[k, band] == 0) + given.avoids[i, band]
    changes = 0
    if given.was_slot[s] >= 0:
        changes = 2 * (given.was_slot[s] != slot) + (given.was_with[s] != i) - 3
    whole = slot_cost(given, s, slot, last_day(given, plan, k, s)) + visit_cost(given, plan, s, slot, i)
    plan.tiers[0] -= sign
    plan.tiers[1] += sign * changes
    plan.tiers[2] += sign * (unmet + (taught > 0 and same == 0))
    plan.tiers[3] += sign * (whole - CHANGE * changes - PREFERENCE * unmet)
    plan.released[k] += sign * given.release[k, slot]
    plan.held[k, day // 7] += sign
    if given.place[s] > 0:
        for piece in range(given.pieces.shape[1]):
            if given.pieces[band, piece]:
                plan.room[given.place[s], day, piece] += sign
    if sign > 0:
        _count_person(given, plan, s, slot, i, 1)


@inlined
def _count_person(given: Given, plan: Plan, s: int, slot: int, i: int, sign: int) -> None:
    day, college = slot // given.bands, given.college[i]
    n = plan.on_day[i, day]
    if sign > 0:
        plan.slot[s], plan.who[s] = slot, i
        plan.of_day[i, day, n] = s
    else:
        plan.slot[s], plan.who[s] = -1, -1
        for m in range(n):
            if plan.of_day[i, day, m] == s:
                plan.of_day[i, day, m] = plan.of_day[i, day, n - 1]
                break
    plan.on_day[i, day] = n + sign
    plan.in_week[i, day // 7] += sign
    plan.in_all[i] += sign
    plan.college_all[college] += sign
    plan.college_week[college, day // 7] += sign


@inlined
def score(plan: Plan) -> int:
    """The tiers as one number: what the search walks on."""
    weighed: int = (
        UNSTAFFED * plan.tiers[0] + CHANGE * plan.tiers[1] + PREFERENCE * plan.tiers[2] + plan.tiers[3]
    )
    return weighed


def tiers_of(counted: Ints) -> Tiers:
    """The tiers of a plan's array, by their names."""
    return Tiers(*map(int, counted))
