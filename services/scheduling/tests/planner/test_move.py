from dataclasses import replace
from datetime import date, timedelta
from random import Random

import planner_worlds as given_
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.values import Trainee
from scheduling.planner import check, draft, move, place_by_hand, within_tolerance
from scheduling.planner.world import OrderToPlan

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_plan(seed, teachers=20, **line):
    """A world with one order's draft in force, and the placed sessions of its first cohort."""
    rng = Random(seed)
    world = given_.a_world(rng, teachers)
    order = given_.an_order(rng, **line)
    plan = draft(order, world)
    first = [p for p in plan.placed if p.session.cohort_id == plan.cohorts[0].cohort_id]
    return given_.with_plan(world, order, plan), first


def after(world, moved):
    """The world in which the moves are in force."""
    ids = {p.session.session_id for p in moved}
    kept = tuple(p for p in world.sessions if p.session.session_id not in ids)
    return replace(world, sessions=(*kept, *moved))


class TestMove:
    @FEW
    @given(seed=st.integers(0, 10_000), pick=st.integers(0, 100))
    def test_a_moved_session_breaks_no_rule_and_is_somewhere_else(self, seed, pick):
        world, chain = a_plan(seed)
        if not chain:
            return
        old = chain[pick % len(chain)]
        answer = move(old.session.session_id, world, given_.programme())
        if not answer.moved:
            assert answer.tried
            return
        assert (answer.moved[0].day, answer.moved[0].band) != (old.day, old.band)
        assert answer.moved[0].session.session_id == old.session.session_id
        new = after(world, answer.moved)
        assert check(new.sessions, {}, new, pace=3, limit=60) == ()

    def test_stays_in_the_gap_of_its_cohort_and_touches_nobody_else(self):
        world, chain = a_plan(4)
        old = chain[2]
        answer = move(old.session.session_id, world, given_.programme())
        assert answer.step == 3
        (new,) = answer.moved
        assert chain[1].day < new.day < chain[3].day

    def test_who_declined_is_not_proposed_again(self):
        world, chain = a_plan(5, teachers=30)
        everybody = frozenset(t.person.person_id for t in world.teachers)
        old = chain[0]
        spared = next(iter(sorted(everybody)))
        answer = move(old.session.session_id, world, given_.programme(), declined=everybody - {spared})
        assert all(p.person_id == spared for p in answer.moved[:1])
        assert not move(old.session.session_id, world, given_.programme(), declined=everybody).moved

    def test_those_after_it_make_room_when_the_gap_has_none(self):
        world, chain = a_plan(6)
        # one after the other: no day lies between the first and the second
        days = [chain[0].day + timedelta(days=k) for k in range(len(chain))]
        tight = [replace(p, day=d) for p, d in zip(chain, days, strict=True)]
        world = after(replace(world, today=days[0] - timedelta(days=1)), tight)
        answer = move(tight[0].session.session_id, world, given_.programme(), declined=frozenset())
        if answer.step == 4:
            assert len(answer.moved) > 1
            assert [p.session.position for p in answer.moved] == list(range(1, len(answer.moved) + 1))
        assert answer.moved

    def test_a_held_session_is_never_moved(self):
        world, chain = a_plan(7)
        world = after(world, [replace(chain[0], held=True)])
        answer = move(chain[0].session.session_id, world, given_.programme())
        assert (answer.moved, [r.code for r in answer.tried]) == ((), ["session.held"])

    def test_a_held_session_does_not_make_room(self):
        world, chain = a_plan(6)
        days = [chain[0].day + timedelta(days=k) for k in range(len(chain))]
        tight = [replace(p, day=d, held=k == 1) for k, (p, d) in enumerate(zip(chain, days, strict=True))]
        world = after(replace(world, today=days[0]), tight)
        answer = move(tight[0].session.session_id, world, given_.programme())
        assert answer.moved == ()
        assert "session.held" in [r.code for r in answer.tried]

    def test_a_session_that_the_world_does_not_have_is_no_answer(self):
        world, _ = a_plan(8)
        with pytest.raises(LookupError):
            move(given_.an_id(Random(1)), world, given_.programme())


class TestWhatTheEnterpriseAllowedBeforehand:
    """A cohort that wishes for evenings: on Monday, Tuesday and Wednesday of one week."""

    @pytest.fixture
    def week(self):
        rng = Random(16)
        works = replace(given_.an_enterprise(rng, "day"), rooms=2)
        line = given_.a_line(rng, works).model_copy(
            update={
                "occupation": "6-31-01-03", "level": "L5", "units": ("el5-basics",), "bands": ("eve",),
                "trainees": tuple(Trainee(worker_id=given_.an_id(rng), crew="A") for _ in range(30)),
                "earliest": date(2026, 9, 7), "latest": date(2026, 10, 30),
            }
        )  # fmt: skip
        order = OrderToPlan(given_.an_id(rng), 1, "send-teachers-home", works, (line,))
        teachers = tuple(given_.a_teacher(rng, trade="6-31-01-03") for _ in range(40))
        world = replace(given_.a_world(rng, 0), teachers=teachers)
        plan = draft(order, world)
        chain = [
            replace(p, day=date(2026, 9, 14) + timedelta(days=k), band="eve", person_id=None)
            for k, p in enumerate(plan.placed)
        ]
        return after(given_.with_plan(world, order, plan), chain), chain

    def test_those_after_it_make_room_in_the_week_when_the_gap_has_only_another_band(self, week):
        world, (_, second, third) = week
        anywhere = move(second.session.session_id, world, given_.programme())
        assert (anywhere.step, anywhere.moved[0].day, anywhere.moved[0].band != "eve") == (
            3,
            second.day,
            True,
        )

        told = move(second.session.session_id, world, given_.programme(), told_on=given_.TODAY)
        assert (told.step, len(told.moved)) == (4, 2)
        for new, old in zip(told.moved, (second, third), strict=True):
            cohort = world.cohorts[old.session.cohort_id]
            assert within_tolerance(new, old, cohort, given_.programme(), given_.TODAY)
            assert new.day > old.day
        edited = after(world, told.moved)
        assert check(told.moved, {}, edited, pace=3, limit=60) == ()

    def test_nothing_is_moved_away_from_a_day_that_is_too_near(self, week):
        world, (_, second, _) = week
        told_on = second.day - timedelta(days=1)
        near = move(second.session.session_id, world, given_.programme(), told_on=told_on)
        assert near.moved == ()
        assert move(second.session.session_id, world, given_.programme()).moved


class TestPlaceByHand:
    @FEW
    @given(seed=st.integers(0, 10_000), days=st.integers(-3, 20), band=st.sampled_from(["am", "pm", "eve"]))
    def test_what_is_allowed_breaks_no_rule_and_what_is_refused_says_why(self, seed, days, band):
        world, chain = a_plan(seed)
        if not chain:
            return
        day = chain[-1].day + timedelta(days=days)
        new, reasons = place_by_hand(
            chain[-1].session.session_id, world, given_.programme(), day=day, band=band
        )
        assert (new is None) == bool(reasons)
        if new is not None:
            edited = after(world, [new])
            assert check(edited.sessions, {}, edited, pace=3, limit=60) == ()

    def test_a_person_by_name_is_checked_by_every_rule(self):
        world, chain = a_plan(9)
        old = chain[0]
        stranger = next(
            t.person.person_id
            for t in world.teachers
            if all(q.occupation != old.session.needs.occupation for q in t.person.qualifications)
        )
        by_hand = {"day": old.day, "band": old.band}
        new, reasons = place_by_hand(
            old.session.session_id, world, given_.programme(), person_id=stranger, **by_hand
        )
        assert new is None
        assert "qualification.missing" in [r.code for r in reasons]
        new, reasons = place_by_hand(
            old.session.session_id, world, given_.programme(), person_id=old.person_id, **by_hand
        )
        assert new.person_id == old.person_id

    def test_the_order_of_the_cohorts_days_is_kept(self):
        world, chain = a_plan(10)
        new, reasons = place_by_hand(
            chain[0].session.session_id, world, given_.programme(), day=chain[2].day, band=chain[2].band
        )
        assert new is None
        assert "slot.order_of_sessions" in [r.code for r in reasons]

    def test_what_was_missed_is_made_up_for_behind_later_sessions_that_are_over(self):
        world, chain = a_plan(10)
        missed, last = chain[0], chain[-1]
        over = [replace(p, held=p is not missed) for p in chain]
        world = after(replace(world, today=last.day + timedelta(days=1)), over)
        days = [last.day + timedelta(days=k) for k in range(2, 20)]
        answers = [
            place_by_hand(missed.session.session_id, world, given_.programme(), day=day, band=band)
            for day in days
            for band in missed.session.bands
        ]
        found = [new for new, _ in answers if new is not None]
        assert found
        assert "slot.order_of_sessions" not in {r.code for _, reasons in answers for r in reasons}
        edited = after(world, found[:1])
        assert check(edited.sessions, {}, edited, pace=3, limit=60) == ()

    def test_it_stays_in_front_of_those_still_to_come(self):
        world, chain = a_plan(10)
        today = chain[0].day + timedelta(days=2)
        later = [replace(p, day=today + timedelta(days=3 + k)) for k, p in enumerate(chain[1:])]
        world = after(replace(world, today=today), later)
        _, reasons = place_by_hand(
            chain[0].session.session_id,
            world,
            given_.programme(),
            day=later[0].day + timedelta(days=40),
            band=chain[0].band,
        )
        assert "slot.order_of_sessions" in [r.code for r in reasons]


class TestTolerance:
    def test_same_week_wished_band_and_five_days_notice(self):
        world, chain = a_plan(11)
        old, programme = chain[0], given_.programme()
        cohort = replace(world.cohorts[old.session.cohort_id], bands=("am", "pm"))
        monday = old.day - timedelta(days=old.day.weekday())
        old = replace(old, day=monday, band="am")
        week_before = monday - timedelta(days=7)
        tuesday = replace(old, day=monday + timedelta(days=1), band="pm")
        assert within_tolerance(tuesday, old, cohort, programme, week_before)
        assert not within_tolerance(replace(tuesday, band="eve"), old, cohort, programme, week_before)
        assert not within_tolerance(
            replace(tuesday, day=monday + timedelta(days=7)), old, cohort, programme, week_before
        )
        assert not within_tolerance(tuesday, old, cohort, programme, monday - timedelta(days=3))

    def test_a_session_of_tomorrow_is_not_taken_away_by_a_notice(self):
        world, chain = a_plan(11)
        cohort = replace(world.cohorts[chain[0].session.cohort_id], bands=())
        monday = chain[0].day - timedelta(days=chain[0].day.weekday())
        old, saturday = replace(chain[0], day=monday), replace(chain[0], day=monday + timedelta(days=5))
        sunday_before = monday - timedelta(days=1)
        assert (saturday.day - sunday_before).days >= given_.programme().tolerance.notice_days
        assert not within_tolerance(saturday, old, cohort, given_.programme(), sunday_before)
        assert within_tolerance(saturday, old, cohort, given_.programme(), monday - timedelta(days=5))
