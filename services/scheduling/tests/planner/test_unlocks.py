"""What would help: each answer is granted in the world, and the session is really placed there."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reasons_worlds import PACE, a_tight_plan, without

from scheduling.planner import check
from scheduling.planner.grants import Price, Terms
from scheduling.planner.ledger import Ledger
from scheduling.planner.rivals import rivals, scarcity
from scheduling.planner.unlocks import Wish, granted, unlocks
from staffing.moments import week_of

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.integers(0, 10_000)


def holds_when_granted(world, session, found, pace=PACE):
    """Every unlock is applied and checked by the code that shares nothing with the search."""
    for unlock in found:
        terms = granted(Terms(world, session, pace), unlock)
        placed = replace(unlock.placed, session=terms.session)
        others = tuple(p for p in terms.world.sessions if p.session.session_id != session.session_id)
        there = replace(terms.world, sessions=others)
        breaches = check([placed], {}, there, pace=terms.pace, limit=60)
        assert breaches == (), unlock.grants


class TestUnlocks:
    @FEW
    @given(seed=SEEDS)
    def test_each_really_places_a_session_that_found_no_time(self, seed):
        world, plan = a_tight_plan(seed)
        ledger = Ledger(world)
        for lost in plan.unplaced[:2]:
            told = unlocks(Terms(world, lost.session, PACE), ledger, Wish(), None)
            assert told.tried
            sizes = {len(unlock.grants) for unlock in told.found}
            assert len(sizes) <= 1  # two at once only where no single one helps
            kinds = [[g.kind for g in unlock.grants] for unlock in told.found if len(unlock.grants) == 1]
            assert kinds == sorted(kinds)
            assert {unlock.changes for unlock in told.found} <= {0}
            holds_when_granted(world, lost.session, told.found)

    @FEW
    @given(seed=SEEDS, pick=st.integers(0, 1000))
    def test_each_really_fulfils_a_wish(self, seed, pick):
        world, plan = a_tight_plan(seed)
        if not plan.placed:
            return
        rng = Random(pick)
        placed = rng.choice(plan.placed)
        wish = Wish(
            placed.day + timedelta(days=rng.randint(-2, 9)),
            rng.choice([None, *placed.session.bands]),
            rng.choice([None, rng.choice(world.teachers).person.person_id]),
        )
        told = unlocks(Terms(world, placed.session, PACE), without(world, placed), wish, placed)
        for unlock in told.found:
            assert unlock.placed.day == wish.day
            assert wish.person_id in (None, unlock.placed.person_id)
            another = any(grant.kind is Price.BAND for grant in unlock.grants)
            assert wish.band is None or another == (unlock.placed.band != wish.band)
            assert unlock.changes == 2 * (
                (unlock.placed.day, unlock.placed.band) != (placed.day, placed.band)
            ) + (unlock.placed.person_id != placed.person_id)
        holds_when_granted(world, placed.session, told.found)

    def test_nothing_has_to_be_granted_for_what_can_be_held_as_it_is(self):
        world, plan = a_tight_plan(5)
        placed = plan.placed[0]
        wish = Wish(placed.day, placed.band, placed.person_id)
        told = unlocks(Terms(world, placed.session, PACE), without(world, placed), wish, placed)
        assert [(unlock.grants, unlock.changes) for unlock in told.found] == [((), 0)]

    def test_one_session_a_week_more_of_the_only_one_who_could_come(self):
        world, plan = a_tight_plan(5)
        placed = plan.placed[0]
        person = replace(
            next(t for t in world.teachers if t.person.person_id == placed.person_id).person,
            most_sessions_week=0,
        )
        only = replace(
            world,
            teachers=tuple(
                replace(t, person=person) for t in world.teachers if t.person.person_id == placed.person_id
            ),
            sessions=(placed,),
        )
        told = unlocks(
            Terms(only, placed.session, PACE), without(only, placed), Wish(placed.day, placed.band), placed
        )
        cheapest = told.found[0]
        assert [g.kind for g in cheapest.grants] == [Price.PERSON_WEEK]
        assert cheapest.grants[0].in_words().figures == {"person": str(placed.person_id), "more": 1}
        holds_when_granted(only, placed.session, told.found)

    def test_what_was_tried_is_told_when_nothing_helps(self):
        world, plan = a_tight_plan(5)
        placed = plan.placed[0]
        nobody = replace(world, teachers=())
        told = unlocks(Terms(nobody, placed.session, PACE), without(nobody, placed), Wish(), None)
        assert told.found == ()
        assert told.tried[0].code == "unlock.tried"
        assert told.tried[0].figures["slots"] > 0
        assert told.tried[0].figures["people"] == 0


class TestRivals:
    @FEW
    @given(seed=SEEDS, pick=st.integers(0, 100))
    def test_who_could_do_without_is_counted_in_a_plan_without_the_rival(self, seed, pick):
        world, plan = a_tight_plan(seed)
        if not plan.placed:
            return
        placed = plan.placed[pick % len(plan.placed)]
        ledger = without(world, placed)
        for rival in rivals(ledger, placed.session, placed.day):
            other = rival.placed
            assert week_of(other.day) == week_of(placed.day)
            both = {placed.session.session_id, other.session.session_id}
            anew, span = Ledger(world, without=both), world.book.span(other.day, other.band)
            free = [id_ for id_, t in anew.teachers.items() if anew.why_not(other.session, span, t) is None]
            assert rival.could_do_without == len(set(free) - {other.person_id})

    def test_demand_and_capacity_of_a_week(self):
        world, plan = a_tight_plan(5)
        told = scarcity(world)
        assert sum(one.demand for one in told) == len(plan.placed)
        assert [one.monday for one in told] == sorted(one.monday for one in told)
        assert all(one.held <= one.capacity for one in told)
