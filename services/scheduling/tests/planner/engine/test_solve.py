"""A plan keeps every hard rule, is counted right, and is the same for the same seed and rounds."""

import json
import random

import numpy as np
import pytest

from scheduling.planner.engine.arrays import able_of, arrays
from scheduling.planner.engine.check import broken
from scheduling.planner.engine.instance import Instance, WrongInstance, checked
from scheduling.planner.engine.lines import lines_of
from scheduling.planner.engine.plan import book, nothing_placed, tiers_of
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.search import EVERYBODY, place_best
from scheduling.planner.engine.solve import solve
from scheduling.planner.engine.state import window

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(("sessions", "seed"), [(137, 1), (137, 2), (137, 3), (500, 1)])
def test_the_independent_checker_accepts_it_and_counts_the_same(made, instance, checker, sessions, seed):
    solved = solve(instance(sessions, seed), rounds=2_000)
    report = checker(made(sessions, seed), solved.lines)
    assert report["feasible"], report["violations"]
    assert report["objective"] == list(solved.tiers)
    assert report["score"] == solved.tiers.score


def test_all_are_staffed_and_it_is_better_than_its_first_draft(instance):
    solved = solve(instance(137, 1), rounds=2_000)
    assert solved.tiers.unstaffed == 0
    assert solved.tiers < solved.first


def test_first_drafts_leave_few_unstaffed(instance):
    solved = [solve(instance(500, seed), rounds=0) for seed in (1, 2, 3)]
    assert max(one.tiers.unstaffed for one in solved) <= 15


def test_seed_and_rounds_alone_decide(instance):
    one, same, other = (solve(instance(137, 1), rounds=500, seed=seed) for seed in (7, 7, 8))
    assert one.lines == same.lines
    assert one.lines != other.lines


def test_the_order_of_the_file_does_not_matter(made, instance):
    given = json.loads(made(137, 2).read_text())
    for part in ("colleges", "instructors", "enterprises", "crews", "cohorts", "sessions"):
        random.Random(part).shuffle(given[part])
    shuffled = checked(Instance.model_validate_json(json.dumps(given)))
    assert solve(shuffled, rounds=200).lines == solve(instance(137, 2), rounds=200).lines


def test_stopped_at_once_it_is_the_first_draft(made, instance, checker):
    solved = solve(instance(137, 3), seconds=60, stopped=lambda: True)
    assert (solved.tiers, solved.rounds) == (solved.first, 0)
    assert checker(made(137, 3), solved.lines)["feasible"]


def test_progress_is_told_and_never_gets_worse(instance):
    told = []
    solve(instance(137, 1), rounds=2_000, told=told.append)
    assert [one.tiers for one in told] == sorted((one.tiers for one in told), reverse=True)
    assert [one.share for one in told] == sorted(one.share for one in told)


def one_cohort(days, *qualifications):
    """Sessions of one cohort in this order; only "q" is taught, by one person, in the mornings."""
    names = [f"S{n}" for n in range(len(qualifications))]
    return checked(Instance.model_validate({
        "format": "training-plan-instance/1", "name": "small", "days": days, "closed_days": [],
        "bands": {"am": {"start": 500, "end": 700}}, "buffer": 0, "day_open": 0, "day_close": 1440,
        "weights": {"unfairness": 30, "lateness": 60}, "travel": [[0]],
        "colleges": [{"id": "C", "cap_total": 9, "cap_week": 9, "target": 1}],
        "instructors": [{"id": "T", "college": "C", "home": 0, "skills": {"q": 1}, "busy": [], "max_day_sessions": 9,
                         "max_week_sessions": 9, "avoid_bands": [], "fair_load": 9}],
        "enterprises": [{"id": "E", "site": 0, "rooms": 1}], "crews": [{"id": "W", "work": [], "rest": []}],
        "cohorts": [{"id": "K", "enterprise": "E", "crew": "W", "sessions": names,
                     "earliest_day": 0, "due_day": 9, "release_cap": 0, "max_week_sessions": 9,
                     "preferred_bands": ["am"]}],
        "sessions": [{"id": f"S{n}", "cohort": "K", "seq": n, "unit": "u", "mode": "onsite", "qualification": each,
                      "min_level": 1, "bands": ["am"]} for n, each in enumerate(qualifications)],
    }))  # fmt: skip


def test_a_session_that_nobody_can_teach_takes_no_day_from_the_others():
    solved = solve(one_cohort(2, "none", "q", "q"), rounds=50)
    assert solved.tiers.unstaffed == 1


def test_too_few_days_are_used_to_the_last():
    assert solve(one_cohort(2, "q", "q", "q"), rounds=200).tiers.unstaffed == 1


def test_nobody_at_all_or_no_open_day_leaves_all_unstaffed():
    assert solve(one_cohort(3, "none", "none"), rounds=20).tiers.unstaffed == 2
    closed = one_cohort(3, "q", "q").model_copy(update={"closed_days": [0, 1, 2]})
    assert solve(closed, rounds=20).tiers.unstaffed == 2


@pytest.mark.parametrize("seconds", [-1.0, float("inf"), float("nan")])
def test_no_time_to_plan_in(seconds):
    with pytest.raises(ValueError, match="is no time to plan in"):
        solve(one_cohort(2, "q"), seconds=seconds)


def test_a_detour_that_is_shorter_is_refused(instance):
    given = instance(137, 1)
    travel = [list(row) for row in given.travel]
    travel[0][1] = travel[1][0] = 5_000
    with pytest.raises(WrongInstance, match="travel: 0 to 1 takes 5000 minutes, by way of"):
        solve(given.model_copy(update={"travel": travel}), rounds=0)


class TestAPlanInForce:
    def test_pins_stay_and_few_others_change(self, made, instance, checker):
        file, given = made(500, 1, "--replan"), instance(500, 1, "--replan")
        solved = solve(given, rounds=3_000)
        report = checker(file, solved.lines)
        assert report["feasible"], report["violations"]
        assert report["objective"] == list(solved.tiers)
        at = {line.session: line for line in solved.lines}
        for line in given.plan:
            if line.pinned:
                now = at[line.session]
                assert (now.day, now.band, now.instructor) == (line.day, line.band, line.instructor)
        assert solved.tiers.changes < len(given.plan) / 5

    def test_a_pin_against_a_rule_is_refused_by_name(self, instance):
        given = instance(137, 1, "--replan")
        line = next(line for line in given.plan if line.pinned)
        declined = given.model_copy(update={"forbidden": [(line.session, line.instructor)]})
        with pytest.raises(WrongInstance, match=f"the pin of session {line.session} to day {line.day}"):
            solve(declined, rounds=0)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_put_in_and_taken_out_every_counter_is_that_of_a_recount(made, instance, checker, seed):
    given, names = arrays(instance(137, 1))
    plan, draw = nothing_placed(given, seed), random.Random(seed)
    for _ in range(3_000):
        s = draw.randrange(len(given.cohort))
        if plan.slot[s] >= 0:
            book(given, plan, s, plan.slot[s], plan.who[s], -1)
        elif draw.random() < 0.5:
            place_best(given, plan, s, 500.0, 8, EVERYBODY, 1)
        else:
            _anywhere(given, plan, s, draw)
    assert broken(given, plan.slot, plan.who, names) == []
    placed = lines_of(given, names, plan.slot, plan.who)
    report = checker(made(137, 1), placed)
    assert report["feasible"], report["violations"]
    assert report["objective"] == list(tiers_of(plan.tiers))
    again = nothing_placed(given, seed)
    for s in np.flatnonzero(plan.slot >= 0):
        book(given, again, s, plan.slot[s], plan.who[s], 1)
    for name in (
        "tiers",
        "released",
        "held",
        "on_day",
        "in_week",
        "in_all",
        "college_all",
        "college_week",
        "room",
    ):
        assert (getattr(plan, name) == getattr(again, name)).all(), name


def _anywhere(given, plan, s, draw):
    """A hand edit: any slot and any able person that the rules allow."""
    lo, hi = window(given, plan, s, 0)
    able = able_of(given, s)
    for _ in range(20):
        slot, i = draw.randrange(given.days * given.bands), draw.choice(able)
        fits = lo <= slot // given.bands <= hi and slot_fits(given, plan, s, slot)
        if fits and can_come(given, plan, s, slot, i):
            book(given, plan, s, slot, i, 1)
            return


def test_nothing_is_left_of_what_was_taken_out(instance):
    given, _ = arrays(instance(137, 1))
    plan = nothing_placed(given, 1)
    before = tiers_of(plan.tiers)
    for s in range(len(given.cohort)):
        place_best(given, plan, s, 0.0, 8, EVERYBODY, 1)
    for s in np.flatnonzero(plan.slot >= 0)[::-1]:
        book(given, plan, s, plan.slot[s], plan.who[s], -1)
    assert tiers_of(plan.tiers) == before
    assert not plan.on_day.any()
    assert not plan.room.any()
