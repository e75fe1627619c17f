"""What no repair can be below: true of the repair that is made, and exact where it can be counted by hand."""

from pathlib import Path

import numpy as np
import pytest

from scheduling.planner.engine.arrays import arrays
from scheduling.planner.engine.in_force import plan_in_force
from scheduling.planner.engine.instance import read
from scheduling.planner.engine.plan import tiers_of
from scheduling.planner.engine.repair import staff_again
from songjiao_cli.bench.least_changes import least_changes
from songjiao_cli.bench.planner import instance_file

BENCH = Path(__file__).parents[2] / "tests/bench/planning"


@pytest.fixture
def disturbed(tmp_path):
    """An instance with a plan in force that is broken, what stands of it, and which sessions broke."""
    given, names = arrays(read(instance_file(BENCH, tmp_path, 137, 1, "--replan")))
    plan = plan_in_force(given, names, 1)
    return given, plan, np.flatnonzero((given.was_slot >= 0) & (plan.slot < 0))


def test_no_repair_is_below_it(disturbed):
    given, plan, broke = disturbed
    least = least_changes(given, plan)
    staff_again(given, plan)
    assert len(broke) <= least <= tiers_of(plan.tiers).changes


def test_where_nobody_else_may_come_every_session_has_to_move(disturbed):
    given, plan, broke = disturbed
    given.declined[broke] = 1
    assert least_changes(given, plan) == 2 * len(broke)


def test_where_nothing_broke_nothing_has_to_change(disturbed):
    given, plan, _ = disturbed
    given.was_slot[plan.slot < 0] = -1
    assert least_changes(given, plan) == 0
