"""Changes by hand as rules: what breaks, what follows, what could be done instead; and back again."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from random import Random

import planner_worlds as given_
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contracts.refusals import Invalid, NotFound
from contracts.values import Clause, ClauseSigned, Signer
from scheduling.planner import alternatives, check, draft, move
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Pinned
from scheduling.schemes import content, signing
from scheduling.schemes.by_hand.change import (
    Add,
    ChangeUnit,
    Drop,
    Move,
    Pin,
    SwapPeople,
    SwapTimes,
    Unpin,
)
from scheduling.schemes.by_hand.commands import taken_back
from scheduling.schemes.by_hand.desk import Desk
from scheduling.schemes.by_hand.diff import Step, diff_of, inverse, lines_of, with_diff
from scheduling.schemes.by_hand.look import Effect, look, weigh
from scheduling.schemes.by_hand.repairs import repairs
from scheduling.schemes.rules import State

FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""A story of changes is told as it was drawn: to shrink it takes minutes."""


def a_desk(seed, *, teachers=20, state=State.DRAFTED, **line):
    """A draft on the desk, with another order's plan in force beside it at the same works."""
    rng = Random(seed)
    world = given_.a_world(rng, teachers)
    works = given_.an_enterprise(rng, "day")
    other = given_.an_order(rng, works, people=40)
    world = given_.with_plan(world, other, draft(other, world))
    order = given_.an_order(rng, works, **({"people": 70} | line))
    made = draft(order, world)
    return on_desk(world, order, made, state)


def on_desk(world, order, made, state=State.DRAFTED):
    return Desk(made, Ledger(given_.with_plan(world, order, made)), order, state)


def done(desk, looked):
    """The desk after it."""
    order = replace(desk.order, version=desk.order.version + 1)
    return Desk(looked.plan, desk.after(looked.diff), order, desk.state)


def broken(desk):
    """What the checker, which shares nothing with the search, finds in the whole plan."""
    everything = [p for placed in desk.ledger.by_cohort.values() for p in placed]
    world = replace(desk.ledger.world, sessions=tuple(everything), cohorts=desk.ledger.cohorts)
    mine = {p.session.session_id for p in desk.draft.placed}
    return {b.reason.code for b in check(everything, {}, world, pace=3, limit=60) if b.session_id in mine}


def codes(looked):
    return {each.reason.code for each in looked.breaks}


def moved(line, *, days=0, band=None, person=None):
    return Move(
        session_id=line.session.session_id,
        day=line.day + timedelta(days=days),
        band=band or line.band,
        person_id=person,
    )


@pytest.fixture(scope="module")
def desk():
    return a_desk(3)


@pytest.fixture(scope="module")
def chain(desk):
    """The lines of the first cohort, in order."""
    first = desk.draft.cohorts[0].cohort_id
    return [line for line in desk.lines.values() if line.session.cohort_id == first]


def test_what_was_approved_before_clauses_were_signed_one_by_one_stays_approved(desk, chain):
    pin = [Pin(do="pin", session_id=chain[0].session.session_id)]
    desk = replace(desk, state=State.APPROVED)
    approved = replace(desk, hash=content.fingerprint(desk.draft))
    assert look(approved, pin).follows.effect is Effect.STAYS_SIGNED
    assert look(replace(desk, hash="0" * 64), pin).follows.effect is Effect.TO_SIGN
    later = look(approved, [moved(chain[-1], days=1)])
    assert later.follows.effect is Effect.TO_SIGN  # nothing of another time was approved


class TestWhatBreaks:
    def test_a_move_onto_the_next_session_names_it(self, desk, chain):
        days = (chain[1].day - chain[0].day).days
        looked = look(desk, [moved(chain[0], days=days)])
        (order,) = [b for b in looked.breaks if b.reason.code == "slot.order_of_sessions"]
        assert order.others == (chain[1].session.session_id,)

    def test_a_full_works_names_who_has_its_room(self, desk, chain):
        line = next(each for each in chain if each.session.place is not None)
        ledger = desk.ledger
        works = ledger.world.enterprises[line.session.enterprise_id]
        ledger.world = replace(
            ledger.world,
            enterprises={**ledger.world.enterprises, works.enterprise_id: replace(works, rooms=0)},
        )
        try:
            looked = look(desk, [Pin(do="pin", session_id=line.session.session_id)])
        finally:
            ledger.world = replace(
                ledger.world, enterprises={**ledger.world.enterprises, works.enterprise_id: works}
            )
        assert codes(looked) == {"slot.no_room"}  # a pin against a rule is refused

    def test_a_person_who_is_elsewhere_names_the_session(self, desk):
        onsite = [line for line in desk.lines.values() if line.session.place is not None]
        one = onsite[0]
        taken = replace(one.placed, session=replace(one.session, session_id=given_.an_id(Random(5))))
        ledger = desk.ledger.copy()
        ledger.remove(one.placed)
        ledger.add(taken)
        there = on_ledger(desk, ledger, without=one)
        looked = look(there, [moved(one, person=one.person_id)])
        found = {b.reason.code: b.others for b in looked.breaks}
        assert found["session.overlaps"] == (taken.session.session_id,)

    def test_the_past_a_band_and_a_stranger(self, desk, chain):
        looked = look(desk, [moved(chain[0], days=-400, person=given_.an_id(Random(1)))])
        assert codes(looked) >= {"slot.day_past", "slot.outside_window", "person.unknown"}
        with pytest.raises(Invalid, match=r"band\.unknown"):
            look(desk, [moved(chain[0], band="night")])
        short = replace(chain[0], session=replace(chain[0].session, bands=("day",)))
        tight = replace(desk, draft=with_diff(desk.draft, (Step(chain[0], short),)))
        tight.ledger.remove(chain[0].placed)
        tight.ledger.add(short.placed)
        assert "slot.band_too_short" in codes(look(tight, [moved(short, days=1)]))
        tight.ledger.remove(short.placed)
        tight.ledger.add(chain[0].placed)

    def test_what_is_pinned_is_neither_moved_nor_dropped_before_it_is_let_go(self, desk, chain):
        id_ = chain[0].session.session_id
        pinned = done(desk, look(desk, [Pin(do="pin", session_id=id_)]))
        for change in (moved(chain[0], days=1), Drop(do="drop", session_id=id_)):
            looked = look(pinned, [change])
            assert "session.pinned" in codes(looked)
            for repair in repairs(pinned, [change], looked):
                assert repair.changes[0] == Unpin(do="unpin", session_id=id_)
        free = done(pinned, look(pinned, [Unpin(do="unpin", session_id=id_)]))
        assert "session.pinned" not in codes(look(free, [moved(chain[0], days=1)]))

    def test_the_last_session_of_an_order_is_not_dropped(self, desk):
        everything = [Drop(do="drop", session_id=id_) for id_ in desk.lines]
        assert codes(look(desk, everything)) == {"session.last_of_order"}
        assert look(desk, everything[:-1]).breaks == ()

    def test_what_there_is_not(self, desk, chain):
        stranger = given_.an_id(Random(9))
        with pytest.raises(NotFound, match=r"scheme\.session_unknown"):
            look(desk, [Drop(do="drop", session_id=stranger)])
        with pytest.raises(NotFound, match=r"scheme\.cohort_unknown"):
            look(desk, [Add(do="add", cohort_id=stranger, unit=chain[0].session.unit)])
        with pytest.raises(NotFound, match=r"scheme\.unit_unknown"):
            look(desk, [ChangeUnit(do="change_unit", session_id=chain[0].session.session_id, unit="no-such")])


def on_ledger(desk, ledger, *, without):
    """The desk with another ledger, in which one of its sessions has no time."""
    lines = {**desk.lines, without.session.session_id: replace(without, day=None, band=None, person_id=None)}
    return replace(desk, draft=with_diff(desk.draft, diff_of(desk.lines, lines)), ledger=ledger)


def signed_by(desk, signer):
    """All that it signs of the plan on the desk."""
    asked = content.clauses(desk.draft).items()
    mine = desk.programme.signatures.of(signer)
    clauses = [ClauseSigned(clause=clause, hash=hash_) for clause, hash_ in asked if clause in mine]
    return signing.with_signed((), signer, clauses, 1)


class TestWhatFollows:
    def test_a_pin_is_outside_the_hash_and_a_moved_time_is_not(self, desk, chain):
        signed = replace(desk, state=State.APPROVED, signed=signed_by(desk, Signer.UNION))
        pin = look(signed, [Pin(do="pin", session_id=chain[0].session.session_id)])
        assert (pin.follows.effect, pin.follows.points) == (Effect.STAYS_SIGNED, 0)
        assert set(pin.follows.clauses) == set(desk.programme.signatures.of(Signer.ENTERPRISE))
        band = next(b for b in chain[0].session.bands if b != chain[0].band)
        move = look(signed, [moved(chain[0], band=band)])
        assert move.follows.effect is Effect.TO_SIGN
        assert "times" in move.follows.clauses

    def test_to_be_signed_is_what_somebody_has_not_signed_just_so(self, desk, chain):
        both = (*signed_by(desk, Signer.UNION), *signed_by(desk, Signer.ENTERPRISE))
        in_force = replace(desk, state=State.CONFIRMED, signed=both)
        far = look(in_force, [moved(chain[-1], days=14)])
        assert far.follows.effect is Effect.PROPOSED
        assert set(far.follows.clauses) == set(content.differences(desk.draft, far.plan))
        less = look(in_force, [Drop(do="drop", session_id=chain[-1].session.session_id)])
        assert (less.follows.effect, less.follows.clauses) == (Effect.TOLD, ())
        first = look(desk, [moved(chain[-1], days=14)])  # nobody has signed anything yet
        assert set(first.follows.clauses) == set(Clause)

    def test_a_session_less_costs_less_and_one_more_costs_more(self, desk, chain):
        less = look(desk, [Drop(do="drop", session_id=chain[-1].session.session_id)])
        assert less.breaks == ()
        assert less.follows.cost < 0
        assert less.follows.points == 3
        assert set(less.follows.clauses) >= {"content", "cost"}
        more = look(desk, [Add(do="add", cohort_id=chain[0].session.cohort_id, unit=chain[0].session.unit)])
        assert more.breaks == ()
        assert more.follows.cost > 0
        (step,) = more.diff
        assert step.after.day > chain[-1].day
        assert step.after.session.position == chain[-1].session.position + 1

    def test_in_force_who_comes_is_for_dispatch_and_promises_are_counted(self, desk, chain):
        firm = frozenset({chain[-1].session.session_id})
        in_force = replace(desk, state=State.CONFIRMED, firm=firm)
        other = next(t for t in desk.ledger.teachers if t != chain[-1].person_id)
        assert "session.staffed_by_dispatch" in codes(look(in_force, [moved(chain[-1], person=other)]))
        far = look(in_force, [moved(chain[-1], days=14)])
        assert (far.follows.effect, far.follows.promises) == (Effect.PROPOSED, 1)
        less = look(in_force, [Drop(do="drop", session_id=chain[-1].session.session_id)])
        assert (less.follows.effect, less.follows.promises) == (Effect.TOLD, 1)


class TestTakenBack:
    def test_what_was_dropped_before_all_was_drafted_anew_stays_away(self, desk, chain):
        looked = look(desk, [Drop(do="drop", session_id=chain[-1].session.session_id)])
        (same,), against = taken_back(done(desk, looked), looked.diff)
        assert (same.after, against) == (chain[-1], ())
        anew = a_desk(4)
        diff, against = taken_back(anew, looked.diff)
        assert (diff, [b.reason.code for b in against]) == ((), ["change.meanwhile"])
        assert codes(weigh(anew, diff, against)) == {"change.meanwhile"}

    def test_another_person_since_then_is_not_overwritten_but_in_force_dispatch_says_who_comes(
        self, desk, chain
    ):
        before, now = replace(chain[0], person_id=given_.an_id(Random(1))), chain[0]
        diff, against = taken_back(desk, (Step(before, now),))
        assert ([step.after for step in diff], against) == ([before], ())
        left = replace(now, person_id=given_.an_id(Random(2)))
        diff, against = taken_back(desk, (Step(before, left),))
        assert (diff, [b.reason.code for b in against]) == ((), ["change.meanwhile"])
        diff, against = taken_back(replace(desk, state=State.CONFIRMED), (Step(before, left),))
        assert (diff, against) == ((), ())


class TestRepairs:
    def test_a_move_onto_another_session_has_repairs_the_cheapest_first(self, desk, chain):
        days = (chain[1].day - chain[0].day).days
        asked = [moved(chain[0], days=days)]
        looked = look(desk, asked)
        found = repairs(desk, asked, looked)
        assert 1 <= len(found) <= 3
        assert [r.points for r in found] == sorted(r.points for r in found)
        for repair in found:
            assert look(desk, repair.changes).breaks == ()
            assert broken(done(desk, repair.looked)) == set()

    def test_what_is_asked_to_stand_in_the_way_is_not_moved_aside(self, desk, chain):
        today = replace(desk.ledger.world, today=chain[0].day)
        late = replace(
            desk,
            ledger=Ledger(
                replace(today, sessions=tuple(s for of in desk.ledger.by_cohort.values() for s in of))
            ),
        )
        ids = [line.session.session_id for line in chain]
        for one, other in combinations(ids, 2):
            swap = [SwapTimes(do="swap_times", session_id=one, other_id=other)]
            looked = look(late, swap)
            for repair in repairs(late, swap, looked):
                assert broken(done(late, repair.looked)) == set()

    def test_what_breaks_nothing_has_none(self, desk, chain):
        pin = [Pin(do="pin", session_id=chain[0].session.session_id)]
        assert repairs(desk, pin, look(desk, pin)) == ()


def a_change(draw, desk):
    """Any change at all; most of them break something."""
    ids = sorted(desk.lines)
    line = desk.lines[draw(st.sampled_from(ids))]
    id_, cohort = line.session.session_id, line.session.cohort_id
    other, unit = draw(st.sampled_from(ids)), draw(st.sampled_from(sorted(desk.book.programmes.units)))
    day = (line.day or desk.today) + timedelta(days=draw(st.integers(-6, 12)))
    any_of = (
        Pin(do="pin", session_id=id_),
        Unpin(do="unpin", session_id=id_),
        SwapTimes(do="swap_times", session_id=id_, other_id=other),
        SwapPeople(do="swap_people", session_id=id_, other_id=other),
        Add(do="add", cohort_id=cohort, unit=unit),
        Drop(do="drop", session_id=id_),
        ChangeUnit(do="change_unit", session_id=id_, unit=unit),
        *(Move(session_id=id_, day=day, band=band) for band in ("am", "pm", "eve")),
    )
    return draw(st.sampled_from(any_of))


class TestAnySequence:
    @FEW
    @given(seed=st.integers(0, 500), data=st.data())
    def test_keeps_every_rule_and_every_counter_and_goes_back_as_it_came(self, seed, data):
        desk = a_desk(seed, people=50)
        stack = []
        for _ in range(6):
            changes = [a_change(data.draw, desk)]
            looked = look(desk, changes)
            if looked.breaks:
                for repair in repairs(desk, changes, looked):
                    assert broken(done(desk, repair.looked)) == set()
                continue
            stack.append((desk, looked.diff))
            desk = done(desk, looked)
            assert broken(desk) == set()
        recounted = Ledger(
            replace(
                desk.ledger.world,
                sessions=tuple(p for placed in desk.ledger.by_cohort.values() for p in placed),
                cohorts=desk.ledger.cohorts,
            )
        )
        assert counted(desk.ledger) == counted(recounted)
        for before, diff in reversed(stack):
            back = weigh(desk, inverse(diff))
            assert back.breaks == ()
            desk = done(desk, back)
            assert lines_of(desk.draft) == before.lines


def counted(ledger):
    """Every counter of the plan that is not nought."""
    return (
        +ledger._loads,
        +ledger._college_total,
        {college: +weeks for college, weeks in ledger._college_week.items() if +weeks},
        {works: sorted(rooms) for works, rooms in ledger._rooms.items() if rooms},
        {person: list(diary) for person, diary in ledger._diaries.items()},
    )


def _id(placed):
    return placed.session.session_id


class TestPinsWhenPlannedAgain:
    @settings(FEW, max_examples=6)
    @given(seed=st.integers(0, 500), data=st.data())
    def test_every_manner_leaves_them_and_breaks_no_rule(self, seed, data):
        rng = Random(seed)
        world, order = given_.a_world(rng, 20), given_.an_order(rng, people=40)
        made = draft(order, world)
        if not made.placed:
            return
        cohorts = {cohort.cohort_id: cohort for cohort in made.cohorts}
        chosen = data.draw(st.lists(st.sampled_from(made.placed), min_size=1, max_size=4, unique_by=_id))
        pinned = tuple(Pinned(replace(p, pinned=True), cohorts[p.session.cohort_id]) for p in chosen)
        again = replace(order, version=order.version + 1, pinned=pinned)
        for way in alternatives(again, world):
            letters = {cohort.cohort_id: cohort.letter for cohort in way.draft.cohorts}
            times = {
                (letters[p.session.cohort_id], p.session.position): (p.day, p.band, p.pinned)
                for p in way.draft.placed
            }
            for pin in pinned:
                there = times[pin.cohort.letter, pin.placed.session.position]
                assert there == (pin.placed.day, pin.placed.band, True)
            new = given_.with_plan(world, again, way.draft)
            assert check(way.draft.placed, {}, new, pace=3, limit=60) == ()

    def test_step_3_and_4_leave_them_and_say_so(self, desk, chain):
        world = replace(
            desk.ledger.world, sessions=tuple(p for each in desk.ledger.by_cohort.values() for p in each)
        )
        id_ = chain[1].session.session_id
        pinned = tuple(replace(p, pinned=p.session.session_id == id_) for p in world.sessions)
        answer = move(id_, replace(world, sessions=pinned), given_.programme())
        assert (answer.moved, [r.code for r in answer.tried]) == ((), ["session.pinned"])
