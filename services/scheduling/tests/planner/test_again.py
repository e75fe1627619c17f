"""A plan whose times were free for others for a while."""

from dataclasses import replace
from random import Random

import planner_worlds as given_
import pytest

from scheduling.planner import again, check, draft
from scheduling.planner.ledger import Ledger
from scheduling.schemes.by_hand.commands import taken_up
from scheduling.schemes.whole import PlanNow


@pytest.fixture(scope="module")
def plan():
    """A world that has the cohorts of a draft, not its sessions; and the draft."""
    rng = Random(31)
    world = given_.a_world(rng, 25)
    order = given_.an_order(rng, given_.an_enterprise(rng, "day"), people=100)
    made = draft(order, world)
    return replace(given_.with_plan(world, order, made), sessions=()), made


def taken_by(placed, **changes):
    """A session of somebody else at the same time."""
    session = replace(placed.session, session_id=given_.an_id(Random(1)), cohort_id=given_.an_id(Random(2)))
    return replace(placed, session=session, **changes)


def without_workers(world, stranger, like):
    cohort = replace(
        world.cohorts[like.session.cohort_id], cohort_id=stranger.session.cohort_id, workers=frozenset()
    )
    return {**world.cohorts, cohort.cohort_id: cohort}


def test_what_nobody_has_touched_holds_as_it_was(plan):
    world, made = plan
    assert again(made.placed, world, given_.programme()) == (made.placed, ())


def test_whose_teacher_was_given_to_others_keeps_its_time_with_somebody_else(plan):
    world, made = plan
    first = next(p for p in made.placed if p.session.place)
    elsewhere = taken_by(first)
    elsewhere = replace(elsewhere, session=replace(elsewhere.session, enterprise_id="elsewhere"))
    works = replace(world.enterprises[first.session.enterprise_id], enterprise_id="elsewhere")
    cohorts = without_workers(world, elsewhere, first)
    cohorts[elsewhere.session.cohort_id] = replace(
        cohorts[elsewhere.session.cohort_id], enterprise_id="elsewhere"
    )
    world = replace(
        world, sessions=(elsewhere,), cohorts=cohorts, enterprises={**world.enterprises, "elsewhere": works}
    )
    holds, lost = again(made.placed, world, given_.programme())
    assert lost == ()
    (mended,) = [p for p in holds if p.session.session_id == first.session.session_id]
    assert (mended.day, mended.band) == (first.day, first.band)
    assert mended.person_id != first.person_id
    assert check(holds, {}, world, pace=3, limit=60) == ()


def test_whose_room_was_given_to_others_has_no_time_and_says_why(plan):
    world, made = plan
    first = next(p for p in made.placed if p.session.place)
    stranger = taken_by(first, person_id=None)
    works = replace(world.enterprises[first.session.enterprise_id], rooms=1)
    world = replace(
        world,
        sessions=(stranger,),
        cohorts=without_workers(world, stranger, first),
        enterprises={works.enterprise_id: works},
    )
    holds, lost = again(made.placed, world, given_.programme())
    assert [u.session.session_id for u in lost] == [first.session.session_id]
    assert "slot.no_room" in {r.code for r in lost[0].tried}
    assert len(holds) == len(made.placed) - 1
    assert check(holds, {}, world, pace=3, limit=60) == ()


def test_taken_up_beside_the_remembered_plan_it_is_the_same_and_the_remembered_plan_is_untouched(plan):
    world, made = plan
    first = next(p for p in made.placed if p.session.place)
    stranger = taken_by(first, person_id=None)
    works = replace(world.enterprises[first.session.enterprise_id], rooms=1)
    world = replace(
        world,
        sessions=(stranger,),
        cohorts=without_workers(world, stranger, first),
        enterprises={works.enterprise_id: works},
    )
    cohort = made.cohorts[0]
    now = PlanNow(Ledger(world), {}, {}, {cohort.cohort_id: cohort})
    before = now.ledger.placed()
    found = taken_up(now, cohort.order_id, made, given_.programme())
    assert (found.placed, found.unplaced) == again(made.placed, world, given_.programme())
    assert found.unplaced
    assert now.ledger.placed() == before == [stranger]
