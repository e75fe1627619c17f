"""Repairs of a plan in force: how little they change, how many succeed, how long an answer takes. No servers here;
`offers` measures a decline through the whole system.

Instances are the benchmark's with `--replan`: two weeks are pinned, then 3 % of the instructors fall ill for a week and
2 % of the later offers are declined.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from scheduling.planner.engine.arrays import Given, arrays
from scheduling.planner.engine.check import broken
from scheduling.planner.engine.explain import explain
from scheduling.planner.engine.in_force import plan_in_force
from scheduling.planner.engine.instance import Instance, read
from scheduling.planner.engine.lines import planned
from scheduling.planner.engine.plan import Tiers, book, tiers_of
from scheduling.planner.engine.repair import chosen_anew, chosen_around, move, staff_again, substitute, swap
from scheduling.planner.engine.solve import solve
from scheduling.planner.engine.state import Plan
from scheduling.planner.engine.together import become
from songjiao_cli.bench.least_changes import least_changes
from songjiao_cli.bench.planner import instance_file
from songjiao_cli.bench.rows import Row

SEEDS = (11, 12, 13)
POINTS = {500: 1.15, 1500: 1.3, 5000: 1.3}
"""Change points of a repair, as part of the entries that broke, each of which costs at least one."""
PROVEN_UP_TO = 1500
"""Sessions of an instance up to which it is proven how few a repair can need; above, each that broke counts one."""
UNSTAFFED = 1
QUERY_MS = {500: 5.0, 1500: 5.0, 5000: 20.0}
"""Steps 1 to 3 after a decline, the slowest but one in a hundred."""
PLACED = 0.98
"""Of single declines, by steps 1 to 4."""
REASONS_MS = 10.0
DECLINES, ASKED_WHY = 300, 100
PLAN_SECONDS = 10


@dataclass(frozen=True)
class Repair:
    """What became of a disturbed plan."""

    broke: int
    tiers: Tiers
    seconds: float
    least: float
    """Change points that any repair needs, as far as that was proven."""


@dataclass(frozen=True)
class Declines:
    """Single declines on a good plan, each tried alone."""

    query_ms: list[float]
    placed: float
    by_substitute: float
    reasons_ms: list[float]


def rows(
    bench: Path, sizes: Sequence[int], seeds: Sequence[int], say: Callable[[str], None]
) -> Iterator[Row]:
    """The figures of every size; a plan that breaks a rule is an AssertionError."""
    with tempfile.TemporaryDirectory(prefix="songjiao-dispatch-") as folder:
        for size in sizes:
            repairs = []
            for seed in seeds:
                one = _repaired(read(instance_file(bench, Path(folder), size, seed, "--replan")))
                repairs.append(one)
                say(
                    f"  {size}-{seed}: {one.broke} broke, {tuple(one.tiers)} after {one.seconds:.2f} s, "
                    f"{one.tiers.changes / one.broke:.2f} change points each, {one.least / one.broke:.2f} proven"
                )
            yield from _of_repairs(size, repairs)
            yield from _of_declines(size, _declined(read(instance_file(bench, Path(folder), size, seeds[0]))))


def _repaired(instance: Instance) -> Repair:
    given, names = arrays(instance)
    plan = plan_in_force(given, names, 1)
    broke = int(((given.was_slot >= 0) & (plan.slot < 0)).sum())
    least = max(float(broke), least_changes(given, plan)) if len(plan.slot) <= PROVEN_UP_TO else float(broke)
    staff_again(given, plan)  # once for the compiler
    plan = plan_in_force(given, names, 1)
    began = time.perf_counter()
    staff_again(given, plan)
    took = time.perf_counter() - began
    if found := broken(given, plan.slot, plan.who, names):
        raise AssertionError(f"{instance.name}: the repair has broken a rule: {found[0]}")
    return Repair(broke, tiers_of(plan.tiers), took, least)


def _of_repairs(size: int, repairs: list[Repair]) -> Iterator[Row]:
    points, broke = [float(one.tiers.changes) for one in repairs], [float(one.broke) for one in repairs]
    least = mean(one.least for one in repairs)
    yield Row(
        f"{size}: change points after 3 % fell ill, beside entries that broke (no repair has fewer than {least:.1f})",
        "points", mean(points), mean(broke), sum(points) / sum(broke), at_most=POINTS[size], runs=tuple(points),
        beside=tuple(broke),
    )  # fmt: skip
    left = [float(one.tiers.unstaffed) for one in repairs]
    yield Row(f"{size}: unstaffed after that", "sessions", max(left), at_most=UNSTAFFED, runs=tuple(left))


def _declined(instance: Instance) -> Declines:
    solved = solve(instance, seconds=PLAN_SECONDS)
    given, names = arrays(instance)
    asked = planned(instance, solved.lines)
    in_force = _as_in_force(given, asked.plan)
    draw = random.Random(1)  # noqa: S311  chance of a measurement
    query: list[float] = []
    reasons: list[float] = []
    placed = substituted = 0
    sessions = draw.sample(range(len(solved.lines)), min(DECLINES, len(solved.lines)))
    numbers = [asked.number(solved.lines[n].session) for n in sessions]
    for turn, s in enumerate([numbers[0], *numbers]):
        took, step = _one(in_force, asked.plan, s)
        if turn:  # the first is the compiler's
            query.append(1000 * took)
            placed, substituted = placed + (step > 0), substituted + (step == 1)
    for s in [numbers[0], *numbers[:ASKED_WHY]]:
        began = time.perf_counter()
        explain(asked, names.sessions[s])
        reasons.append(1000 * (time.perf_counter() - began))
    return Declines(query, placed / len(numbers), substituted / len(numbers), reasons[1:])


def _as_in_force(given: Given, plan: Plan) -> Given:
    """The plan is what everybody was promised."""
    return given._replace(was_slot=plan.slot.copy(), was_with=plan.who.copy())


def _one(given: Given, plan: Plan, s: int) -> tuple[float, int]:
    """Seconds of steps 1 to 3 after this decline, and the step that placed the session, 0 for none; the plan stays."""
    slot, i = int(plan.slot[s]), int(plan.who[s])
    kept_slot, kept_who = plan.slot.copy(), plan.who.copy()
    book(given, plan, s, slot, i, -1)
    given.declined[s, i] = 1
    began = time.perf_counter()
    step = 1 if substitute(given, plan, s, slot) else 2 if swap(given, plan, s, slot) >= 0 else 0
    step = step or (3 if move(given, plan, s) else 0)
    took = time.perf_counter() - began
    if not step and chosen_anew(given, plan, chosen_around(given, plan, s)) and plan.slot[s] >= 0:
        step = 4
    given.declined[s, i] = 0
    become(given, plan, kept_slot, kept_who)
    return took, step


def _of_declines(size: int, found: Declines) -> Iterator[Row]:
    yield Row(
        f"{size}: steps 1 to 3 after a decline, 99 of 100 within", "ms", _nearly_all(found.query_ms),
        at_most=QUERY_MS[size],
    )  # fmt: skip
    yield Row(f"{size}: single declines placed by steps 1 to 4", "of 1", found.placed, at_least=PLACED)
    yield Row(
        f"{size}: reasons for all instructors of a session, 99 of 100 within", "ms", _nearly_all(found.reasons_ms),
        at_most=REASONS_MS,
    )  # fmt: skip


def _nearly_all(values: list[float]) -> float:
    return float(np.quantile(np.array(values), 0.99))
