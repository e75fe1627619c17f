"""Several ways to cut an order into cohorts are tried; the best plan is taken and says why, with the figures of all."""

from dataclasses import replace
from random import Random
from time import process_time

import planner_worlds as given_
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.values import Trainee
from scheduling.planner import alternatives, draft
from scheduling.planner.cuts import worth_trying
from staffing.classes import CutName

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def an_order(rng, works, crews: str, **line):
    """Safe use of electricity: two sessions a cohort."""
    order = given_.an_order(rng, works)
    told = {
        "occupation": "6-31-01-03",
        "level": "L5",
        "units": ("el5-safety",),
        "bands": (),
        "trainees": tuple(Trainee(worker_id=given_.an_id(rng), crew=crew) for crew in crews),
    }
    return replace(order, lines=(order.lines[0].model_copy(update=told | line),))


def a_world(rng, teachers=20):
    world = given_.a_world(rng, 0)
    return replace(world, teachers=tuple(given_.a_teacher(rng, trade="6-31-01-03") for _ in range(teachers)))


def tried(order, world):
    cuts = alternatives(order, world)[0].cuts
    return {one.name: one for one in cuts.tried}, cuts.why


class TestWorthTrying:
    def test_crews_are_put_together_only_where_that_needs_fewer_cohorts(self):
        rng = Random(1)
        works = given_.an_enterprise(rng, "4x3")
        for crews, names in {
            "A" * 60 + "B" * 60: {CutName.BY_CREW},
            "A" * 30 + "B" * 30: {CutName.BY_CREW, CutName.WHOLE_CREWS},
            "A" * 40 + "B" * 40 + "C" * 40: {CutName.BY_CREW, CutName.BY_SIZE},
        }.items():
            assert set(worth_trying(an_order(rng, works, crews), given_.programme())) == names

    def test_the_cohorts_of_two_cuts_are_never_taken_for_each_other(self):
        rng = Random(2)
        order = an_order(rng, given_.an_enterprise(rng, "4x3"), "A" * 30 + "B" * 30)
        cuts = worth_trying(order, given_.programme()).values()
        ids = [cohort.cohort_id for cohorts in cuts for cohort in cohorts]
        assert len(ids) == len(set(ids)) == 3


class TestTheBest:
    def test_crews_that_are_never_free_together_stay_apart(self):
        rng = Random(3)
        order = an_order(rng, given_.an_enterprise(rng, "4x3"), "A" * 30 + "B" * 30, release_cap_minutes=0)
        figures, why = tried(order, a_world(rng))
        assert figures["by_crew"].taken
        assert why.code == "cut.ends_first"
        assert why.figures == {
            "day": figures["by_crew"].last.isoformat(),
            "others": figures["whole_crews"].last.isoformat(),
        }

    def test_crews_go_together_where_that_ends_as_early_and_costs_no_work(self):
        rng = Random(3)
        order = an_order(rng, given_.an_enterprise(rng, "4x3"), "A" * 30 + "C" * 30, release_cap_minutes=0)
        figures, why = tried(order, a_world(rng))
        assert figures["whole_crews"].taken
        assert (why.code, why.figures) == ("cut.fewest_sessions", {"sessions": 2, "others": 4})
        assert figures["whole_crews"].cost < figures["by_crew"].cost

    def test_crews_go_together_where_else_not_everybody_could_be_taught(self):
        rng = Random(3)
        order = an_order(rng, given_.an_enterprise(rng, "4x3"), "A" * 30 + "B" * 30)
        world = replace(a_world(rng, teachers=1), agreements=given_.agreements(sessions_total=2))
        figures, why = tried(order, world)
        assert (figures["by_crew"].unplaced, figures["whole_crews"].unplaced) == (2, 0)
        assert (why.code, why.figures) == ("cut.fewest_unplaced", {"sessions": 0, "others": 2})

    @FEW
    @given(seed=st.integers(0, 10_000))
    def test_no_cut_that_was_tried_is_ahead_of_the_one_that_was_taken(self, seed):
        rng = Random(seed)
        crews = "".join(rng.choice("ABCD") for _ in range(rng.randint(1, 130)))
        order = an_order(
            rng, given_.an_enterprise(rng, "4x3"), crews, release_cap_minutes=rng.choice([0, 800])
        )
        world = a_world(rng, teachers=rng.randint(1, 8))
        made = alternatives(order, world)[0]

        def judged(one):
            return one.unplaced, one.last is not None and one.last, one.release_minutes

        (taken,) = (one for one in made.cuts.tried if one.taken)
        assert all(judged(taken) <= judged(one) for one in made.cuts.tried)
        assert (taken.cohorts, taken.unplaced) == (len(made.draft.cohorts), len(made.draft.unplaced))
        assert made.draft == draft(order, world)


def test_an_order_of_eight_sessions_with_all_cuts_and_alternatives_takes_less_than_a_second():
    rng = Random(14)
    world = given_.a_world(rng, 50)
    while len(world.sessions) < 400:
        order = given_.an_order(rng)
        world = given_.with_plan(world, order, draft(order, world))
    order = an_order(rng, given_.an_enterprise(rng, "4x3"), "A" * 30 + "B" * 30 + "C" * 30 + "D" * 30)
    began = process_time()
    made = alternatives(order, world)
    assert process_time() - began < 1
    assert len(made) == 4
    assert {one.sessions for one in made[0].cuts.tried} == {8, 4}
