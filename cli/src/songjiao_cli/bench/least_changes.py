"""What no repair of a disturbed plan can be below, in change points: a proof by CP-SAT over who takes which session.

It knows less than a repair must keep, so that what it finds is never too much: a session that keeps its time needs
somebody who is able, free and asked for no more than their day, week and college allow, with a clash nowhere; one that
moves costs two points and is then in nobody's way.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from scheduling.planner.change_points import ANOTHER_PERSON, MOVED
from scheduling.planner.engine.arrays import Given, able_of
from scheduling.planner.engine.rules import clash
from scheduling.planner.engine.state import Plan

SECONDS = 120.0
"""Enough at 500 sessions by far; above that, what is proven until then is told."""


@dataclass(frozen=True)
class Held:
    """A session at its own time, by this person, if the variable is 1."""

    s: int
    who: int
    taken: cp_model.IntVar


def least_changes(given: Given, plan: Plan, seconds: float = SECONDS) -> float:
    """Change points below which no plan is that staffs everybody again; `plan`: what still stands, not repaired."""
    model, points = cp_model.CpModel(), []
    held: list[Held] = []
    for s in map(int, np.flatnonzero(given.was_slot >= 0)):
        stands, own = plan.slot[s] >= 0, int(given.was_with[s])
        ways: list[cp_model.IntVar] = []
        for i in _who_could(given, s, own, stands=bool(stands)):
            ways.append(model.new_bool_var(""))
            held.append(Held(s, i, ways[-1]))
            if i != own:
                points.append(ANOTHER_PERSON * ways[-1])
        if not (stands and given.pinned[s]):
            ways.append(model.new_bool_var(""))
            points.append(MOVED * ways[-1])
        model.add_exactly_one(ways)
    _never_in_two_places(given, model, held)
    _no_more_than_agreed(given, model, held)
    model.minimize(sum(points))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = seconds
    solver.solve(model)
    return max(0.0, solver.best_objective_bound)


def _who_could(given: Given, s: int, own: int, *, stands: bool) -> list[int]:
    """Whoever could hold the session at its time if nobody had anything else to do; alone whom it is pinned to."""
    if stands and given.pinned[s]:
        return [own]
    slot, place = int(given.was_slot[s]), int(given.place[s])
    others = [
        i for i in able_of(given, s) if i != own and given.free[place, slot, i] and not given.declined[s, i]
    ]
    return [own, *others] if stands else others


def _never_in_two_places(given: Given, model: cp_model.CpModel, held: list[Held]) -> None:
    """H6, within a day: over midnight it is not asked."""
    days: dict[tuple[int, int], dict[tuple[int, int], list[cp_model.IntVar]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for one in held:
        day, band = divmod(int(given.was_slot[one.s]), given.bands)
        days[one.who, day][band, int(given.place[one.s])].append(one.taken)
    for at in days.values():
        for together in at.values():
            if len(together) > 1:
                model.add_at_most_one(together)
        for (band, here), (other, there) in combinations(at, 2):
            if clash(given, band, here, other, there, 0):
                model.add_at_most_one([*at[band, here], *at[other, there]])


def _no_more_than_agreed(given: Given, model: cp_model.CpModel, held: list[Held]) -> None:
    """H7 and H8."""
    asked: dict[tuple[str, int, int], list[cp_model.IntVar]] = defaultdict(list)
    most: dict[tuple[str, int, int], int] = {}
    for one in held:
        day, college = int(given.was_slot[one.s]) // given.bands, int(given.college[one.who])
        for what, limit in (
            (("day", one.who, day), given.most_day[one.who]),
            (("week", one.who, day // 7), given.most_week[one.who]),
            (("college", college, -1), given.most_all[college]),
            (("college", college, day // 7), given.most_college_week[college]),
        ):
            asked[what].append(one.taken)
            most[what] = int(limit)
    for what, each in asked.items():
        if len(each) > most[what]:
            model.add(sum(each) <= most[what])
