import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from time import process_time

import planner_worlds as given_
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.refusals import Invalid
from contracts.values import ServiceLine, Stage, Trainee
from scheduling.planner import check, draft
from staffing.moments import week_of

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def breaches(plan, order, world):
    cohorts = {c.cohort_id: c for c in plan.cohorts}
    return check(plan.placed, cohorts, given_.with_plan(world, order, plan), pace=3, limit=60)


def one_line_order(rng, works, **changes):
    order = given_.an_order(rng, works)
    return replace(order, lines=(order.lines[0].model_copy(update=changes),))


class TestDraft:
    @FEW
    @given(seed=SEEDS)
    def test_a_draft_into_a_full_world_breaks_no_rule(self, seed):
        rng = Random(seed)
        world = given_.a_world(rng, teachers=rng.randint(3, 25))
        for _ in range(rng.randint(1, 4)):
            order = given_.an_order(
                rng, lines=rng.randint(1, 2), people=rng.randint(1, 150), cap=rng.choice([0, 800])
            )
            plan = draft(order, world)
            assert breaches(plan, order, world) == ()
            world = given_.with_plan(world, order, plan)

    @FEW
    @given(seed=SEEDS)
    def test_a_fair_share_is_of_a_season_what_was_taught_in_another_does_not_count(self, seed):
        rng = Random(seed)
        world = given_.a_world(rng, teachers=12)
        teachers = (replace(t, person=replace(t.person, fair_load=1)) for t in world.teachers)
        world = replace(world, teachers=tuple(teachers))
        before, order = given_.an_order(rng), given_.an_order(rng)
        plan = draft(before, world)
        long_ago = replace(
            plan, placed=tuple(replace(p, day=p.day - timedelta(weeks=104)) for p in plan.placed)
        )
        assert draft(order, given_.with_plan(world, before, long_ago)) == draft(order, world)

    @FEW
    @given(seed=SEEDS)
    def test_the_order_of_the_input_does_not_matter(self, seed):
        rng = Random(seed)
        order, world = given_.an_order(rng), given_.a_world(rng, teachers=12)
        teachers, lines = list(world.teachers), list(order.lines)
        trainees = list(lines[0].trainees)
        rng.shuffle(teachers)
        rng.shuffle(trainees)
        lines[0] = lines[0].model_copy(update={"trainees": tuple(trainees)})
        agreements = dict(reversed(world.agreements.items()))
        shuffled = replace(world, teachers=tuple(teachers), agreements=agreements)
        assert draft(order, world) == draft(replace(order, lines=tuple(lines)), shuffled)

    @FEW
    @given(seed=SEEDS)
    def test_every_session_is_placed_or_says_why_not(self, seed):
        rng = Random(seed)
        order, world = given_.an_order(rng), given_.a_world(rng, teachers=rng.randint(0, 3))
        plan = draft(order, world)
        units = given_.programmes().units_of(order.lines[0].occupation, order.lines[0].level)
        assert len(plan.placed) + len(plan.unplaced) == len(plan.cohorts) * sum(u.sessions for u in units)
        assert all(u.tried for u in plan.unplaced)
        assert all(p.reasons for p in plan.placed)

    def test_wished_bands_come_first(self):
        rng = Random(1)
        works = given_.an_enterprise(rng, "day")
        order = one_line_order(
            rng, works, occupation="6-31-01-03", level="L5", units=("el5-basics",), bands=("eve",)
        )
        world = replace(
            given_.a_world(rng, 0),
            teachers=tuple(given_.a_teacher(rng, trade="6-31-01-03") for _ in range(9)),
        )
        assert {p.band for p in draft(order, world).placed} == {"eve"}

    def test_without_a_release_no_worker_leaves_his_post(self):
        rng = Random(2)
        works = given_.an_enterprise(rng, "4x3")
        order = given_.an_order(rng, works, cap=0)
        plan = draft(order, given_.a_world(rng, 30))
        assert plan.placed
        assert plan.cost.release_minutes == 0

    def test_four_crews_around_the_clock_are_each_taught_between_their_shifts(self):
        rng = Random(13)
        works = given_.an_enterprise(rng, "4x3")
        people = tuple(Trainee(worker_id=given_.an_id(rng), crew=crew) for crew in "ABCD" for _ in range(30))
        order = one_line_order(
            rng, works, occupation="6-31-01-03", level="L4", trainees=people, release_cap_minutes=0
        )
        teachers = tuple(given_.a_teacher(rng, trade="6-31-01-03") for _ in range(15))
        plan = draft(order, replace(given_.a_world(rng, 0), teachers=teachers))
        assert [tuple(c.crews) for c in plan.cohorts] == [("A",), ("B",), ("C",), ("D",)]
        assert plan.unplaced == ()
        assert plan.cost.release_minutes == 0

    def test_forty_sessions_against_fifty_teachers_and_four_hundred_sessions_take_less_than_a_second(self):
        rng = Random(14)
        world = given_.a_world(rng, 50)
        while len(world.sessions) < 400:
            order = given_.an_order(rng)
            world = given_.with_plan(world, order, draft(order, world))
        works = given_.an_enterprise(rng, "4x3")
        order = one_line_order(rng, works, occupation="6-31-01-03", level="L3", latest=date(2026, 12, 31))
        began = process_time()
        plan = draft(order, world)
        assert process_time() - began < 1
        assert len(plan.placed) + len(plan.unplaced) >= 36

    def test_no_session_is_on_a_public_holiday_and_pace_is_kept(self):
        rng = Random(3)
        order = one_line_order(
            rng, given_.an_enterprise(rng, "day"), earliest=date(2026, 9, 24), latest=date(2026, 11, 20)
        )
        plan = draft(order, given_.a_world(rng, 30))
        assert not [p for p in plan.placed if date(2026, 10, 1) <= p.day <= date(2026, 10, 7)]
        for cohort in plan.cohorts:
            weeks = [week_of(p.day) for p in plan.placed if p.session.cohort_id == cohort.cohort_id]
            assert max(weeks.count(w) for w in weeks) <= 3

    def test_nothing_is_planned_earlier_than_the_notice(self):
        rng = Random(4)
        order = one_line_order(rng, given_.an_enterprise(rng, "day"), earliest=given_.TODAY)
        plan = draft(order, given_.a_world(rng, 20))
        assert min(p.day for p in plan.placed) >= given_.TODAY + timedelta(days=5)

    def test_workers_of_two_lines_are_never_taught_twice_at_once(self):
        rng = Random(5)
        order = given_.an_order(rng, given_.an_enterprise(rng, "day"), lines=2, people=50)
        twice = order.lines[1].model_copy(update={"trainees": order.lines[0].trainees})
        order = replace(order, lines=(order.lines[0], twice), enterprise=replace(order.enterprise, rooms=2))
        plan = draft(order, given_.a_world(rng, 30))
        taken = [(p.day, p.band) for p in plan.placed]
        assert len(taken) == len(set(taken)) > 0

    def test_a_colleges_agreement_is_the_limit(self):
        rng = Random(6)
        order = given_.an_order(rng)
        world = replace(given_.a_world(rng, 25), agreements=given_.agreements(sessions_total=1))
        assert len(draft(order, world).placed) <= 5

    def test_each_agreement_is_the_limit_of_its_own_days(self):
        """An order over a new year: the old agreement ends in September, the next begins the day after."""
        rng = Random(6)
        ends = date(2026, 9, 20)
        (terms,) = given_.agreements()["smu"]
        first = replace(terms, valid_until=ends, sessions_total=2)
        then = replace(terms, valid_from=ends + timedelta(days=1), sessions_total=3)
        world = replace(given_.a_world(rng, 25), agreements=dict.fromkeys(given_.COLLEGES, (first, then)))
        order = given_.an_order(rng, given_.an_enterprise(rng, "day"))
        plan = draft(order, world)
        of = {t.person.person_id: t.person.college_id for t in world.teachers}
        sent = Counter((of[p.person_id], p.day <= ends) for p in plan.placed)
        assert all(count <= (2 if early else 3) for (_, early), count in sent.items())
        assert any(early for _, early in sent)
        assert any(not early for _, early in sent)
        after = given_.with_plan(world, order, plan)
        assert check(plan.placed, {}, after, pace=3, limit=60) == ()

    def test_the_catalogue_and_the_shift_pattern_are_asked_first(self):
        rng = Random(7)
        works = given_.an_enterprise(rng, "day")
        world = given_.a_world(rng, 1)
        for code, changes in {
            "unit.unknown": {"units": ("el5-none",)},
            "catalogue.nothing_to_teach": {"occupation": "6-29-02-08"},
            "shift.crew_unknown": {"trainees": (Trainee(worker_id=given_.an_id(rng), crew="C"),)},
        }.items():
            with pytest.raises(Invalid, match=code):
                draft(one_line_order(rng, works, **changes), world)


class TestProposal:
    def test_says_why_this_one_and_what_bars_the_others(self):
        rng = Random(8)
        order = one_line_order(
            rng, given_.an_enterprise(rng, "day"), occupation="6-31-01-03", level="L5", units=("el5-basics",)
        )
        electricians = [given_.a_teacher(rng, trade="6-31-01-03") for _ in range(4)]
        welders = [given_.a_teacher(rng, trade="6-18-02-04") for _ in range(6)]
        world = replace(given_.a_world(rng, 0), teachers=(*electricians, *welders))
        plan = draft(order, world)
        first = plan.placed[0]
        said = {(r.code, r.figures.get("rule")): r.figures for r in first.reasons}
        assert said["others.barred", "qualification.missing"]["people"] == 6
        barred = sum(f["people"] for (code, _), f in said.items() if code == "others.barred")
        assert said["chosen.among", None]["free"] + barred == 10
        assert "chosen.drive" in {r.code for r in first.reasons}

    def test_who_can_assess_is_kept_for_the_evaluation_when_others_can_teach(self):
        rng = Random(15)
        works = given_.an_enterprise(rng, "day")
        order = one_line_order(
            rng, works, occupation="6-31-01-03", level="L5", units=("el5-basics",), bands=("eve",)
        )
        electricians = [given_.a_teacher(rng, trade="6-31-01-03") for _ in range(12)]
        cards = [
            replace(t, person=replace(t.person, qualifications=(t.person.qualifications[0].model_copy(
                update={"assessor": True}),)))
            for t in electricians[:6]
        ]  # fmt: skip
        world = replace(given_.a_world(rng, 0), teachers=(*cards, *electricians[6:]))
        assessors = {t.person.person_id for t in cards}
        assert not assessors & {p.person_id for p in draft(order, world).placed}

    def test_one_teacher_stays_with_the_unit_when_he_can(self):
        rng = Random(9)
        order = one_line_order(
            rng,
            given_.an_enterprise(rng, "day"),
            occupation="6-31-01-03",
            level="L5",
            units=("el5-basics",),
            bands=("eve",),
            cohort_sizes=(40,),
        )
        order = replace(
            order, lines=(order.lines[0].model_copy(update={"trainees": order.lines[0].trainees[:40]}),)
        )
        world = replace(
            given_.a_world(rng, 0),
            teachers=tuple(given_.a_teacher(rng, trade="6-31-01-03") for _ in range(8)),
        )
        plan = draft(order, world)
        assert len({p.person_id for p in plan.placed}) == 1
        assert "chosen.continues_unit" in {r.code for r in plan.placed[1].reasons}


class TestCost:
    def test_fees_travel_and_the_expected_allowance_with_their_sources(self):
        rng = Random(10)
        order = one_line_order(
            rng,
            given_.an_enterprise(rng, "day"),
            occupation="6-31-01-03",
            level="L4",
            units=("el4-fault", "el4-safety"),
        )
        taught = order.lines[0].model_copy(update={"trainees": order.lines[0].trainees[:50]})
        tested = taught.model_copy(update={"line": 2, "service": ServiceLine.SKILL_EVALUATION})
        plan = draft(replace(order, lines=(taught, tested)), given_.a_world(rng, 20))
        assert plan.stages == (Stage.DELIVERY, Stage.EVALUATION)
        assert plan.cost.class_hours == 9 + 3
        assert plan.cost.lecture_fees == 12 * 500
        assert plan.cost.travel == 3 * 120  # the online session has none
        assert plan.cost.subsidy_expected == 50 * 1000
        assert dict(plan.cost.sources) == {
            "lecture_fee": "approximate",
            "travel": "invented",
            "certificate_allowance": "approximate",
        }

    def test_working_time_lost_counts_minutes_times_people(self):
        rng = Random(11)
        order = one_line_order(
            rng,
            given_.an_enterprise(rng, "day"),
            occupation="6-31-01-03",
            level="L4",
            units=("el4-control",),
            bands=("am",),
            earliest=date(2026, 9, 7),
            release_cap_minutes=195,
        )
        order = replace(
            order, lines=(order.lines[0].model_copy(update={"trainees": order.lines[0].trainees[:20]}),)
        )
        plan = draft(order, given_.a_world(rng, 30))
        lost = sum(p.day.weekday() < 5 or p.day == date(2026, 9, 20) for p in plan.placed)
        assert lost <= 1
        assert plan.cost.release_minutes == lost * 195 * 20
        assert plan.cost.person_hours_lost == Decimal(lost * 65)


def test_cohorts_travel_as_facts():
    plan = draft(given_.an_order(Random(12)), given_.a_world(Random(12), 5))
    fact = plan.cohorts[0].fact()
    assert json.loads(fact.model_dump_json())["letter"] == "A"
    assert set(fact.workers) == plan.cohorts[0].workers
