"""Searches side by side, each on a core and a copy of the plan; after each turn what they changed is put together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints
from scheduling.planner.engine.compiled import compiled
from scheduling.planner.engine.plan import book, chance, score
from scheduling.planner.engine.ruin import Best, Kinds, Manner, better, improve
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.search import EVERY_DAY, EVERYBODY, place_best
from scheduling.planner.engine.state import Plan, window


class Together:
    """So many searches as cores, from one plan on; `best` is the best that any of them has seen."""

    def __init__(self, given: Given, plan: Plan, kinds: Kinds, manner: Manner, seeds: Sequence[int]) -> None:
        self._given, self._kinds, self._manner = given, kinds, manner
        self._plans = [copied(plan, seed) for seed in seeds]
        self.best = Best(plan.slot.copy(), plan.who.copy(), plan.tiers.copy())
        self._bests = [Best(*(part.copy() for part in self.best)) for _ in seeds]
        self._pool = ThreadPoolExecutor(len(seeds))

    def turn(self, rounds: int, heat: float) -> None:
        """So many rounds of each; then all go on from what was put together."""
        first, *others = self._plans
        slot, who = first.slot.copy(), first.who.copy()
        todo = [
            self._pool.submit(improve, self._given, plan, best, self._kinds, self._manner, rounds, heat)
            for plan, best in zip(self._plans, self._bests, strict=True)
        ]
        for each in todo:
            each.result()
        for best in self._bests:
            self._follow(best.slot, best.who, best.tiers)
        if not others:
            return
        alone = min(self._plans, key=score)
        lowest, alone_slot, alone_who = score(alone), alone.slot.copy(), alone.who.copy()
        for other in others:
            put_in(self._given, first, other.slot, other.who, slot, who)
        if score(first) > lowest:
            become(self._given, first, alone_slot, alone_who)
        self._follow(first.slot, first.who, first.tiers)
        for other in others:
            become(self._given, other, first.slot, first.who)

    def _follow(self, slot: Ints, who: Ints, tiers: Ints) -> None:
        if better(tiers, self.best.tiers):
            for mine, found in zip(self.best, (slot, who, tiers), strict=True):
                mine[:] = found

    def close(self) -> None:
        """No turn is under way any more."""
        self._pool.shutdown()


def copied(plan: Plan, seed: int) -> Plan:
    """The same plan with arrays, and a chance, of its own."""
    own: Plan = Plan._make(part.copy() for part in plan)
    return own._replace(chance=chance(seed))


@compiled
def become(given: Given, plan: Plan, slot: Ints, who: Ints) -> None:
    """Make the plan this one."""
    for s in range(len(slot)):
        if plan.slot[s] >= 0 and (plan.slot[s] != slot[s] or plan.who[s] != who[s]):
            book(given, plan, s, plan.slot[s], plan.who[s], -1)
    for s in range(len(slot)):
        if plan.slot[s] < 0 <= slot[s]:
            book(given, plan, s, slot[s], who[s], 1)


@compiled
def put_in(given: Given, plan: Plan, slot: Ints, who: Ints, slot_before: Ints, who_before: Ints) -> None:
    """Change in the plan, too, what another search has changed since before, as far as both go together."""
    changed: Ints = np.flatnonzero((slot != slot_before) | (who != who_before)).astype(np.int64)
    for s in changed:
        if plan.slot[s] >= 0:
            book(given, plan, s, plan.slot[s], plan.who[s], -1)
    for s in changed:
        if slot[s] >= 0:
            lo, hi = window(given, plan, s, 0)
            fits = lo <= slot[s] // given.bands <= hi and slot_fits(given, plan, s, slot[s])
            if fits and can_come(given, plan, s, slot[s], who[s]):
                book(given, plan, s, slot[s], who[s], 1)
    for s in changed:
        if plan.slot[s] < 0:
            place_best(given, plan, s, 0.0, EVERY_DAY, EVERYBODY, 0)
