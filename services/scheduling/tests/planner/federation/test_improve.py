"""The federation's plan improved: whatever comes back breaks no rule, wins what it costs, and touches nothing else."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import planner_worlds as given_
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from scheduling.planner import check, draft, within_tolerance
from scheduling.planner.engine.costs import PREFERENCE
from scheduling.planner.federation.figures import driving
from scheduling.planner.federation.improve import Improved, improve, tiers_of
from scheduling.planner.federation.settle import settled
from scheduling.planner.federation.suppose import Change, suppose
from scheduling.planner.federation.turns import turns
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.world import World

FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OPEN_FROM = given_.TODAY + timedelta(days=14)


def planned(rng: Random, orders: int = 3, teachers: int = 15) -> World:
    world = given_.a_world(rng, teachers)
    for _ in range(orders):
        order = given_.an_order(rng)
        world = given_.with_plan(world, order, draft(order, world))
    return world


def whole_of(world: World, rng: Random, freedoms=(Freedom.DRAFT,)) -> Whole:
    how = {c.order_id: rng.choice(freedoms) for c in world.cohorts.values()}
    free = {
        p.session.session_id: how[world.cohorts[p.session.cohort_id].order_id]
        for p in world.sessions
        if p.day >= OPEN_FROM and rng.random() < 0.9
    }
    programmes = dict.fromkeys(how, given_.programme())
    return Whole(world, programmes, free, OPEN_FROM)


def broken(world: World) -> set:
    """Works that order again with fewer rooms break a rule before anything is changed."""
    return {(b.session_id, b.reason.code) for b in check(world.sessions, {}, world, pace=3, limit=60)}


def worth(found: Improved, price: int) -> int:
    """The score that is made small: a change costs its price."""
    now = found.now
    return now.unstaffed * 10**9 + now.preferences * PREFERENCE + now.cost + price * now.changes


class TestImprove:
    @FEW
    @given(seed=st.integers(0, 10_000), price=st.sampled_from([0, 60, 5_000]))
    def test_no_rule_is_broken_and_only_what_is_free_moves_and_it_pays(self, seed, price):
        rng = Random(seed)
        whole = whole_of(planned(rng), rng, (Freedom.DRAFT, Freedom.TOLD))
        found = improve(whole, price=price, rounds=60, seed=seed + 1)
        after = whole.after(found.changed.values())
        assert broken(after) <= broken(whole.world)
        assert len(after.sessions) == len(whole.world.sessions)
        for id_, new in found.changed.items():
            old = whole.was[id_]
            assert whole.free[id_] in {Freedom.DRAFT, Freedom.TOLD}
            assert min(new.day, old.day) >= OPEN_FROM
            if whole.free[id_] is Freedom.TOLD:
                cohort = whole.cohort(new.session)
                assert (new.day, new.band) != (old.day, old.band)
                assert within_tolerance(new, old, cohort, given_.programme(), given_.TODAY)
        won = (found.before.preferences - found.now.preferences) * PREFERENCE
        won += found.before.cost - found.now.cost
        assert found.now.unstaffed == found.before.unstaffed
        assert won >= price * found.now.changes
        assert found.before == tiers_of(whole)

    def test_less_is_driven_for_it_and_the_same_seed_finds_the_same(self):
        rng = Random(5)
        whole = whole_of(planned(rng), rng)
        found = improve(whole, price=0, rounds=150)
        again = improve(whole, price=0, rounds=150)
        assert found.changed == again.changed
        assert found.changed
        assert driving(whole.after(found.changed.values())) < driving(whole.world)

    def test_a_change_that_must_win_a_lot_is_not_made(self):
        rng = Random(5)
        whole = whole_of(planned(rng), rng)
        assert improve(whole, price=1_000_000, rounds=60).changed == {}

    def test_what_was_found_before_is_gone_on_from(self):
        rng = Random(5)
        whole = whole_of(planned(rng), rng)
        first = improve(whole, price=10, rounds=80)
        assert first.changed
        further = improve(whole, price=10, rounds=1, so_far=first.changed)
        assert further.before == first.before
        assert further.changed.keys() & first.changed.keys()  # gone on from, not begun anew
        assert worth(further, 10) <= worth(first, 10)
        assert worth(first, 10) < worth(improve(whole, price=10, rounds=1), 10)

    def test_every_region_and_every_qualification_has_its_turn(self):
        rng = Random(5)
        whole = whole_of(planned(rng, orders=5), rng)
        parts = turns(whole)
        free = [p.session for p in whole.world.sessions if p.session.session_id in whole.free]
        for name in ("division", "occupation"):
            codes = {session.division if name == "division" else session.needs.occupation for session in free}
            assert len(codes) > 1
            for code in codes:
                own = {s.session_id for s in free if code in (s.division, s.needs.occupation)}
                assert own in parts
        assert set().union(*parts) == whole.free.keys()

    def test_stopped_it_answers_with_what_it_has(self):
        rng = Random(5)
        whole = whole_of(planned(rng), rng)
        first = improve(whole, price=0, rounds=40)
        found = improve(whole, price=0, rounds=1_000_000, so_far=first.changed, stopped=lambda: True)
        assert (found.rounds, found.changed) == (0, first.changed)
        assert improve(whole, price=0, rounds=1_000_000, stopped=lambda: True).changed == {}

    def test_a_session_without_a_time_gets_one(self):
        rng = Random(7)
        world = planned(rng)
        lost = max(world.sessions, key=lambda p: p.day)
        world = replace(world, sessions=tuple(p for p in world.sessions if p is not lost))
        whole = whole_of(world, rng)
        id_ = lost.session.session_id
        whole = replace(whole, free={**whole.free, id_: Freedom.DRAFT}, waiting=(lost.session,))
        found = improve(whole, price=60, rounds=1)
        assert id_ in found.changed
        assert found.now.unstaffed == found.before.unstaffed - 1

    def test_nothing_is_free_nothing_changes(self):
        whole = replace(whole_of(planned(Random(5)), Random(5)), free={})
        assert improve(whole, price=0, rounds=10).changed == {}


class TestSettled:
    def test_of_two_changes_that_do_not_go_together_one_is_kept(self):
        rng = Random(5)
        whole = whole_of(planned(rng), rng)
        chain = [p for p in whole.world.sessions if p.session.session_id in whole.free]
        cohort = chain[0].session.cohort_id
        one, other = [p for p in chain if p.session.cohort_id == cohort][:2]
        day = one.day
        free = min(set(one.session.bands) - {one.band})
        wanted = {p.session.session_id: replace(p, day=day, band=free) for p in (one, other)}
        kept = settled(whole, wanted)
        assert other.session.session_id not in kept
        assert broken(whole.after(kept.values())) <= broken(whole.world)

    def test_what_is_not_free_stays(self):
        rng = Random(5)
        whole = whole_of(planned(rng), rng)
        one = whole.world.sessions[0]
        whole = replace(whole, free={})
        moved = replace(one, day=one.day + timedelta(days=1))
        assert settled(whole, {one.session.session_id: moved}) == {}


class TestSuppose:
    NAME = given_.an_id(Random(1))

    def supposed(self, *changes, seed=5):
        rng = Random(seed)
        whole = whole_of(planned(rng), rng, (Freedom.DRAFT, Freedom.TOLD))
        read = TypeAdapter(Change).validate_python
        made = [read(change(whole) if callable(change) else change) for change in changes]
        return whole, suppose(whole, made, self.NAME)

    def busiest(self, whole):
        ahead = [p for p in whole.world.sessions if p.person_id]
        return max({p.person_id for p in ahead}, key=lambda i: (sum(p.person_id == i for p in ahead), str(i)))

    def test_whoever_is_away_teaches_nothing_then_and_others_take_over(self):
        far = given_.TODAY + timedelta(days=200)
        whole, found = self.supposed(
            lambda whole: {
                "kind": "away",
                "person_id": self.busiest(whole),
                "first": given_.TODAY,
                "last": far,
            }
        )
        person = self.busiest(whole)
        lost = [p for p in whole.world.sessions if p.person_id == person and p.day > given_.TODAY]
        now = found.whole.was
        assert lost
        assert all(now[p.session.session_id].person_id is None for p in lost)
        better = improve(found.whole, price=60, rounds=20)
        after = found.whole.after(better.changed.values())
        assert all(p.person_id != person for p in after.sessions if p.day > given_.TODAY)
        assert better.now.unstaffed < better.before.unstaffed
        assert broken(after) <= broken(found.whole.world)

    def test_a_college_that_leaves_sends_nobody_from_that_day_on(self):
        whole, found = self.supposed({"kind": "college_leaves", "college_id": "smu", "day": OPEN_FROM})
        theirs = {t.person.person_id for t in whole.world.teachers if t.person.college_id == "smu"}
        after = improve(found.whole, price=60, rounds=20)
        left = [p for p in found.whole.after(after.changed.values()).sessions if p.day >= OPEN_FROM]
        assert left
        assert not [p for p in left if p.person_id in theirs]

    def test_an_order_more_is_planned_beside_all_others(self):
        whole, found = self.supposed(
            lambda whole: {
                "kind": "order",
                "enterprise_id": min(whole.world.enterprises),
                "occupation": given_.TRADES[0],
                "level": "L5",
                "people": 20,
                "earliest": OPEN_FROM,
                "latest": OPEN_FROM + timedelta(days=60),
            }
        )
        assert found.impossible == {}
        new = found.whole.was.keys() - whole.was.keys()
        assert len(new) + len(found.whole.waiting) >= 1
        assert all(found.whole.free[id_] is Freedom.DRAFT for id_ in new)

    def test_rooms_limits_and_weights_are_those_that_were_supposed(self):
        whole, found = self.supposed(
            lambda whole: {"kind": "rooms", "enterprise_id": min(whole.world.enterprises), "rooms": 9},
            lambda whole: {
                "kind": "load",
                "person_id": self.busiest(whole),
                "most_sessions_day": 1,
                "most_sessions_week": 1,
            },
            {"kind": "fairness", "minutes": 500},
        )
        world = found.whole.world
        assert world.enterprises[min(world.enterprises)].rooms == 9
        person = next(t.person for t in world.teachers if t.person.person_id == self.busiest(whole))
        assert (person.most_sessions_day, person.most_sessions_week) == (1, 1)
        assert world.book.programmes.rules.planning.weight_unfairness.value == 500
        assert whole.world.book.programmes.rules.planning.weight_unfairness.value != 500

    def test_what_cannot_be_supposed_says_why(self):
        whole, found = self.supposed(
            lambda whole: {
                "kind": "elsewhere",
                "session_id": whole.world.sessions[0].session.session_id,
                "day": given_.TODAY - timedelta(days=300),
                "band": whole.world.sessions[0].band,
            },
            {"kind": "rooms", "enterprise_id": "nobody", "rooms": 2},
        )
        assert {r.code for r in found.impossible[0]} >= {"slot.outside_window"}
        assert [r.code for r in found.impossible[1]] == ["scenario.unknown"]
        assert found.whole.was == whole.was
