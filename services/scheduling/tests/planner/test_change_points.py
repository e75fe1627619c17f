"""One count of changes, wherever plans are compared."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import planner_worlds as given
import pytest

from scheduling.planner import draft
from scheduling.planner.change_points import change_points
from scheduling.planner.grants import Terms
from scheduling.planner.ledger import Ledger
from scheduling.planner.unlocks import Wish, unlocks
from scheduling.schemes.by_hand.diff import Line, Step


@pytest.fixture(scope="module")
def planned():
    rng = Random(4)
    world = given.a_world(rng, 20)
    works = given.an_enterprise(rng, "day")
    order = given.an_order(rng, works, people=40)
    made = draft(order, world)
    return given.with_plan(world, order, made), made.placed[0]


def test_a_move_another_person_and_a_session_dropped(planned):
    _, old = planned
    later, another = replace(old, day=old.day + timedelta(days=1)), given.an_id(Random(9))
    assert change_points(old, old) == 0
    assert change_points(later, old) == 2
    assert change_points(replace(old, person_id=another), old) == 1
    assert change_points(replace(later, person_id=another), old) == 3
    assert change_points(replace(old, person_id=None), old) == 1
    assert change_points(None, old) == 3
    assert change_points(old, None) == 0


def test_a_time_without_a_person_was_told_and_somebody_who_comes_is_no_change(planned):
    _, placed = planned
    old = replace(placed, person_id=None)
    assert change_points(placed, old) == 0
    assert change_points(replace(placed, day=placed.day + timedelta(days=1)), old) == 2


def test_a_step_by_hand_and_an_unlock_count_alike(planned):
    world, placed = planned
    old = replace(placed, person_id=None)
    session = replace(placed.session, declined=frozenset())
    ledger = Ledger(world, without={session.session_id})
    found = unlocks(Terms(world, session, 3), ledger, Wish(), old).found
    for unlock in found:
        step = Step(Line.of(old), Line.of(unlock.placed))
        moved = (unlock.placed.day, unlock.placed.band) != (old.day, old.band)
        assert step.points == unlock.changes == 2 * moved
    assert found
    moved = unlocks(Terms(world, session, 3), ledger, Wish(day=placed.day + timedelta(days=1)), old).found
    assert all(unlock.changes == 2 for unlock in moved)


def test_a_session_that_had_no_time_costs_nothing(planned):
    _, placed = planned
    assert Step(Line(placed.session), Line.of(placed)).points == 0
    assert Step(Line(placed.session), None).points == 0
    assert Step(Line.of(placed), None).points == Step(Line.of(placed), Line(placed.session)).points == 3
