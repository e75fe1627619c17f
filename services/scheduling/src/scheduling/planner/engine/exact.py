"""A small part of a plan, solved exactly: some sessions chosen anew together, all others as they are (CP-SAT).

Not a way to plan: a model of everything is slow at 137 sessions already (planning.md §2). It serves step 4 of a
repair, and the bound.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from scheduling.planner.engine.arrays import Given, Ints, able_of
from scheduling.planner.engine.compiled import compiled
from scheduling.planner.engine.costs import CHANGE, DROPPED, PREFERENCE, person_cost, shared_unit
from scheduling.planner.engine.plan import UNSTAFFED
from scheduling.planner.engine.rules import can_come, clash, slot_fits
from scheduling.planner.engine.state import Plan, last_day, window


class Column(NamedTuple):
    """A choice: this session then, with this person, and what it adds to the tiers below the first."""

    s: int
    slot: int
    who: int
    changes: int
    preferences: int
    cost: int


class Weights(NamedTuple):
    """Of one unit of each of the upper tiers, beside one of cost."""

    unstaffed: int
    changes: int
    preference: int


AS_SCORED = Weights(UNSTAFFED, CHANGE, PREFERENCE)


def strict(given: Given, choices: Sequence[Column], sessions: int) -> Weights:
    """Weights under which no sum of a lower tier outweighs one unit of a higher one, for so many sessions."""
    most = max((abs(c.cost) for c in choices), default=0)
    late = given.lateness * given.days * len({int(given.cohort[c.s]) for c in choices})
    preference = 1 + late + 2 * most * sessions
    changes = preference * (1 + 3 * sessions)
    return Weights(changes * (1 + 3 * sessions), changes, preference)


@dataclass(frozen=True)
class Exact:
    """What came out: the chosen columns, and a value that no choice at all can be below."""

    chosen: tuple[Column, ...]
    bound: float
    proven: bool
    """Whether nothing is better than what was chosen."""


@compiled
def _fill(given: Given, plan: Plan, s: int, found: Ints) -> int:
    lo, hi = window(given, plan, s, 0)
    n = 0
    for slot in range(lo * given.bands, (hi + 1) * given.bands):
        if not slot_fits(given, plan, s, slot):
            continue
        moved = 0 if given.was_slot[s] < 0 else (2 if given.was_slot[s] != slot else 0) - DROPPED
        unliked = 0 if given.likes[given.cohort[s], slot % given.bands] else 1
        for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
            i = given.able[at]
            if can_come(given, plan, s, slot, i):
                taught, same = shared_unit(given, plan, s, i)
                again = taught > 0 and same == 0  # another teacher of the unit: of all its columns together
                changed = given.was_slot[s] >= 0 and given.was_with[s] != i
                avoided = given.avoids[i, slot % given.bands]
                cost = (
                    person_cost(given, plan, s, slot, i) - CHANGE * changed - PREFERENCE * (avoided + again)
                )
                found[n] = slot, i, moved + changed, unliked + avoided, cost
                n += 1
    return n


def columns(given: Given, plan: Plan, free: Iterable[int]) -> list[Column]:
    """Every choice of these sessions, none of which is placed, beside the plan."""
    every: list[Column] = []
    for s in free:
        found = np.empty((given.days * given.bands * len(able_of(given, s)), 5), np.int64)
        n = _fill(given, plan, s, found)
        every += [Column(s, *choice) for choice in found[:n].tolist()]
    return every


def choose(
    given: Given,
    plan: Plan,
    free: Sequence[int],
    choices: Sequence[Column],
    seconds: float,
    weights: Weights,
    begin: Container[tuple[int, int, int]] = (),
) -> Exact:
    """The cheapest set of choices that keeps every rule; a session that gets none is unstaffed.

    `begin` = session, slot and person of choices that keep every rule together: what is looked for from.
    Deterministic where it is solved before the time is over: one thread, a fixed seed.
    """
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in choices]
    without = {s: model.new_bool_var("") for s in free}
    of: dict[int, list[int]] = {s: [] for s in free}
    for n, column in enumerate(choices):
        of[column.s].append(n)
    for s in free:
        model.add_exactly_one([without[s], *(taken[n] for n in of[s])])
    _in_order(given, model, taken, choices, of, free)
    _counted(given, plan, model, taken, choices)
    _one_place_at_a_time(given, model, taken, choices)
    cost = [
        (weights.changes * column.changes + weights.preference * column.preferences + column.cost) * taken[n]
        for n, column in enumerate(choices)
    ]
    cost += [weights.unstaffed * without[s] for s in free]
    cost += _of_cohorts(given, plan, model, taken, choices)
    cost += [weights.preference * more for more in _of_units(given, plan, model, taken, choices)]
    model.minimize(sum(cost))
    for n, column in enumerate(choices if begin else ()):
        model.add_hint(taken[n], (column.s, column.slot, column.who) in begin)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    return Exact(
        tuple(c for n, c in enumerate(choices) if solver.boolean_value(taken[n])) if found else (),
        solver.best_objective_bound, status == cp_model.OPTIMAL,
    )  # fmt: skip


def _in_order(
    given: Given, model: cp_model.CpModel, taken: list[cp_model.IntVar], choices: Sequence[Column],
    of: dict[int, list[int]], free: Sequence[int],
) -> None:  # fmt: skip
    """H3: whatever of a cohort comes later is on a later day."""
    for one, other in combinations(sorted(free), 2):
        if given.cohort[one] != given.cohort[other]:
            continue
        first, second = ([(choices[n].slot // given.bands, n) for n in of[s]] for s in (one, other))
        for day in sorted({day for day, _ in first}):
            early = [taken[n] for other_day, n in second if other_day <= day]
            late = [taken[n] for own_day, n in first if own_day >= day]
            if early and late:
                model.add_at_most_one([*early, *late])


def _counted(
    given: Given, plan: Plan, model: cp_model.CpModel, taken: list[cp_model.IntVar], choices: Sequence[Column]
) -> None:
    """H2's release, H3's pace, H7, H8, H9: what the plan has left of each."""
    used: dict[tuple[object, ...], list[tuple[int, int]]] = defaultdict(list)
    left: dict[tuple[object, ...], int] = {}

    def uses(what: tuple[object, ...], n: int, have: int, count: int = 1) -> None:
        used[what].append((count, n))
        left[what] = have

    for n, (s, slot, i, *_) in enumerate(choices):
        day, band = divmod(slot, given.bands)
        k, week, college, place = int(given.cohort[s]), day // 7, int(given.college[i]), int(given.place[s])
        uses(("pace", k, week), n, int(given.pace[k] - plan.held[k, week]))
        if minutes := int(given.release[k, slot]):
            uses(("release", k), n, int(given.release_cap[k] - plan.released[k]), minutes)
        uses(("day", i, day), n, int(given.most_day[i] - plan.on_day[i, day]))
        uses(("week", i, week), n, int(given.most_week[i] - plan.in_week[i, week]))
        uses(("college", college), n, int(given.most_all[college] - plan.college_all[college]))
        uses(
            ("college", college, week), n,
            int(given.most_college_week[college] - plan.college_week[college, week]),
        )  # fmt: skip
        for piece in np.flatnonzero(given.pieces[band]) if place else ():
            uses(
                ("room", place, day, int(piece)), n,
                int(given.rooms[place] - plan.room[place, day, piece]),
            )  # fmt: skip
    for what, each in used.items():
        if sum(count for count, _ in each) > left[what]:
            model.add(sum(count * taken[n] for count, n in each) <= left[what])


def _one_place_at_a_time(
    given: Given, model: cp_model.CpModel, taken: list[cp_model.IntVar], choices: Sequence[Column]
) -> None:
    """H6 among the free sessions; with all others the columns keep it already."""
    at: dict[tuple[int, int], dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for n, (s, slot, i, *_) in enumerate(choices):
        day, band = divmod(slot, given.bands)
        at[i, day][band, int(given.place[s])].append(n)
    for (i, day), groups in at.items():
        for group in groups.values():
            if len(group) > 1:
                model.add_at_most_one([taken[n] for n in group])
        for (one, here), (other, there) in combinations(groups, 2):
            if clash(given, one, here, other, there, 0):
                model.add_at_most_one([taken[n] for n in (*groups[one, here], *groups[other, there])])
        for (one, here), group in groups.items() if given.over_midnight else ():
            for (other, there), later in at.get((i, day + 1), {}).items():
                if clash(given, one, here, other, there, 1):
                    model.add_at_most_one([taken[n] for n in (*group, *later)])


def _of_cohorts(
    given: Given, plan: Plan, model: cp_model.CpModel, taken: list[cp_model.IntVar], choices: Sequence[Column]
) -> list[cp_model.LinearExpr]:
    """Days late beyond those that the plan has already."""
    late: dict[int, cp_model.IntVar] = {}
    until: dict[int, int] = {}
    for n, (s, slot, *_) in enumerate(choices):
        k, day = int(given.cohort[s]), slot // given.bands
        if k not in until:
            until[k] = max(int(given.due[k]), int(last_day(given, plan, k, -1)))
        over = day - until[k]
        if over > 0:
            if k not in late:
                late[k] = model.new_int_var(0, given.days, "")
            model.add(late[k] >= over * taken[n])
    return [given.lateness * days for days in late.values()]


def _of_units(
    given: Given, plan: Plan, model: cp_model.CpModel, taken: list[cp_model.IntVar], choices: Sequence[Column]
) -> list[cp_model.IntVar]:
    """Instructors of each unit beyond the first."""
    teachers: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    known: dict[int, set[int]] = {}
    for n, (s, _, i, *_) in enumerate(choices):
        unit, k = int(given.unit[s]), int(given.cohort[s])
        if unit not in known:
            own = range(int(given.first[k]), int(given.first[k + 1]))
            known[unit] = {int(plan.who[o]) for o in own if given.unit[o] == unit and plan.slot[o] >= 0}
        if i not in known[unit]:
            teachers[unit][i].append(n)
    costs: list[cp_model.IntVar] = []
    for unit, each in teachers.items():
        sessions = {choices[n].s for teaches in each.values() for n in teaches}
        if len(sessions) == 1 and not known[unit]:
            continue
        comes = []
        for teaches in each.values():
            comes.append(model.new_bool_var(""))
            for n in teaches:
                model.add_implication(taken[n], comes[-1])
        if known[unit]:
            costs += comes
        else:
            more = model.new_int_var(0, len(comes), "")
            model.add(more >= sum(comes) - 1)
            costs.append(more)
    return costs
