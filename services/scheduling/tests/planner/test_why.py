"""Why this one, why not another, why then: each answer is replayed in a world in which what it names is gone."""

from dataclasses import replace
from datetime import timedelta

import planner_worlds as given_
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reasons_worlds import PACE, a_tight_plan, rid_of, without

from scheduling.planner import check, place_by_hand
from scheduling.planner.keeping import asked_of
from scheduling.planner.ledger import Ledger
from scheduling.planner.why_then import ORDER, why_then, window
from scheduling.planner.why_this import everybody
from staffing.can import rank_of_rule

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 10_000)


class TestWhyNotThisPerson:
    @FEW
    @given(seed=SEEDS, pick=st.integers(0, 100), declines=st.booleans())
    def test_whoever_is_barred_is_a_choice_once_the_named_rules_are_gone(self, seed, pick, declines):
        world, plan = a_tight_plan(seed)
        if not plan.placed:
            return
        placed = plan.placed[pick % len(plan.placed)]
        session = placed.session
        if declines:
            session = replace(session, declined=frozenset(t.person.person_id for t in world.teachers))
        ledger = without(world, placed)
        people = everybody(ledger, session, placed.day, placed.band, placed.person_id)
        assert {one.person_id for one in people} == set(ledger.teachers)
        for one in people:
            ranks = [rank_of_rule(reason.code) for reason in one.against]
            assert ranks == sorted(ranks)
            freed, asked = rid_of(world, session, placed.day, placed.band, one.person_id)
            left = Ledger(freed, without={session.session_id})
            span = freed.book.span(placed.day, placed.band)
            assert left.why_not(asked, span, left.teachers[one.person_id]) is None

    def test_whoever_is_free_is_compared_component_by_component(self):
        world, plan = a_tight_plan(5)
        placed = plan.placed[0]
        people = everybody(without(world, placed), placed.session, placed.day, placed.band, placed.person_id)
        chosen = next(one for one in people if one.person_id == placed.person_id)
        assert chosen.more is None
        assert chosen.weighed
        for one in people:
            assert (one.weighed is None) == bool(one.against)
            if one.more:
                assert one.more == tuple(a - b for a, b in zip(one.weighed, chosen.weighed, strict=True))
                assert one.beside


class TestWhyThisPerson:
    @FEW
    @given(seed=SEEDS)
    def test_everybody_is_counted_once_and_asking_leaves_the_plan_as_it_is(self, seed):
        world, plan = a_tight_plan(seed)
        ledger = Ledger(world)
        before = [asked_of(ledger, placed) for placed in plan.placed]
        for placed, told in zip(plan.placed, before, strict=True):
            others_free = told.free - (not told.chosen.against)
            assert sum(told.barred.values()) + others_free == len(world.teachers) - 1
            assert told.chosen.person_id == placed.person_id
            assert not told.chosen.against
            assert len(told.next) == min(3, others_free)
        assert [asked_of(ledger, placed) for placed in plan.placed] == before

    def test_a_better_plan_b_is_never_hidden(self):
        """The next are the best of the others, by the rank that the search goes by."""
        world, plan = a_tight_plan(11)
        weight = world.book.programmes.rules.planning.weight_unfairness.value
        for placed in plan.placed:
            told = asked_of(Ledger(world), placed)
            ranks = [one.weighed.rank(weight, by_drive=False) for one in told.next]
            assert ranks == sorted(ranks)


class TestWhyThen:
    @FEW
    @given(
        seed=SEEDS,
        pick=st.integers(0, 100),
        days=st.integers(-3, 20),
        band=st.sampled_from(["am", "pm", "eve"]),
    )
    def test_a_slot_without_a_reason_can_be_taken_and_breaks_nothing(self, seed, pick, days, band):
        world, plan = a_tight_plan(seed)
        if not plan.placed:
            return
        placed = plan.placed[pick % len(plan.placed)]
        day = placed.day + timedelta(days=days)
        told = why_then(without(world, placed), placed.session, day, band, PACE)
        ranks = [ORDER.index(reason.code) for reason in told.against]
        assert ranks == sorted(ranks)
        found, _ = place_by_hand(placed.session.session_id, world, given_.programme(), day=day, band=band)
        if told.against:
            assert found is None or [r.code for r in told.against] == ["slot.day_past"]
            return
        assert found is not None
        assert told.free > 0
        moved = replace(world, sessions=(*(p for p in world.sessions if p is not placed), found))
        assert check([found], {}, moved, pace=PACE, limit=60) == ()

    def test_the_table_has_every_slot_between_the_sessions_before_and_after(self):
        world, plan = a_tight_plan(5)
        chain = [p for p in plan.placed if p.session.cohort_id == plan.cohorts[0].cohort_id]
        if len(chain) < 3:
            pytest.fail("the seed gives no chain")
        table = window(without(world, chain[1]), chain[1].session, PACE)
        days = {slot.day for slot in table}
        assert min(days) == chain[0].day + timedelta(days=1)
        assert max(days) == chain[2].day - timedelta(days=1)
        assert len(table) == len(days) * len(chain[1].session.bands)
        assert any(not s.against for s in table if (s.day, s.band) == (chain[1].day, chain[1].band))

    def test_release_and_pace_are_told_with_what_is_used_and_allowed(self):
        world, plan = a_tight_plan(5)
        placed = plan.placed[0]
        cohort = replace(world.cohorts[placed.session.cohort_id], release_cap=0)
        strict = replace(world, cohorts={**world.cohorts, cohort.cohort_id: cohort})
        ledger = without(strict, placed)
        told = [
            reason
            for n in range(21)
            for band in ("am", "pm", "eve")
            for reason in why_then(ledger, placed.session, placed.day + timedelta(days=n), band, 1).against
        ]
        pace = next(reason for reason in told if reason.code == "slot.pace_reached")
        assert pace.figures["held"] >= pace.figures["most"] == 1
        release = next(reason for reason in told if reason.code == "slot.release_used")
        assert release.figures["minutes"] > release.figures["most"] == 0
