"""Step 4 by the engine: what the plain search cannot see, and never anything that breaks a rule."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import planner_worlds as given_
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.values import Mode, Needs, Qualification
from scheduling.planner import check, draft, move, within_tolerance
from scheduling.planner.federation.repair import repaired
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.world import CohortPlan, Enterprise, Placed, Session, Teacher, World
from scheduling.schemes import replanning
from scheduling.schemes.world import Surroundings
from staffing.can import Person
from staffing.diary import Fixed, Kind
from staffing.moments import Span, at

FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TRADE, COLLEGE = given_.TRADES[0], "smtc"
FOLDER = Path(__file__).parents[5] / "programmes"
MONDAY = date(2026, 9, 7)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
RNG = Random(3)
WORKS = Enterprise("jinniu", "350404", "day", rooms=2)


def a_cohort(letter):
    id_ = given_.an_id(RNG)
    return CohortPlan(
        cohort_id=id_, order_id=id_, enterprise_id=WORKS.enterprise_id, line=1, letter=letter, crews={"A": 6},
        workers=frozenset({given_.an_id(RNG)}), earliest=MONDAY, latest=MONDAY + timedelta(days=40),
        release_cap=0, bands=("eve",),
    )  # fmt: skip


def a_session(cohort, position, day, person):
    session = Session(
        given_.an_id(RNG), cohort.cohort_id, position, "el5-safety", Mode.ONSITE, 3,
        Needs(occupation=TRADE, level="L3"), WORKS.enterprise_id, WORKS.division, ("eve",),
    )  # fmt: skip
    return Placed(session, day, "eve", person and person.person.person_id)


def there_on(*days):
    """Somebody who is away on all other days of two months."""
    person = Person(
        given_.an_id(RNG),
        COLLEGE,
        WORKS.division,
        (Qualification(occupation=TRADE, level="L1"),),
        fair_load=9,
    )
    off = [day for n in range(60) if (day := given_.TODAY + timedelta(days=n)) not in days]
    return Teacher(person, tuple(Fixed(Span(at(d), at(d + timedelta(days=1))), Kind.ABSENCE) for d in off))


def broken(world):
    return {(b.session_id, b.reason.code) for b in check(world.sessions, {}, world, pace=3, limit=60)}


def crowded():
    """On Tuesday the only one who could come is with another cohort, which could as well be taught on Wednesday."""
    one, other = a_cohort("A"), a_cohort("B")
    both, wednesdays = there_on(TUESDAY, WEDNESDAY), there_on(WEDNESDAY)
    lost = a_session(one, 1, MONDAY, None)
    next_one = a_session(one, 2, WEDNESDAY, wednesdays)
    rival = a_session(other, 1, TUESDAY, both)
    world = World(
        given_.book(), given_.TODAY, {WORKS.enterprise_id: WORKS}, (both, wednesdays),
        given_.agreements(), (lost, next_one, rival), {c.cohort_id: c for c in (one, other)},
    )  # fmt: skip
    return world, lost, rival, both.person.person_id


class TestRepaired:
    def test_another_cohort_makes_room_where_the_plain_search_finds_nothing(self):
        world, lost, rival, person = crowded()
        id_ = lost.session.session_id
        assert move(id_, world, given_.programme(), told_on=given_.TODAY).moved == ()
        free = dict.fromkeys((p.session.session_id for p in world.sessions), Freedom.TOLD)
        programmes = {c.order_id: given_.programme() for c in world.cohorts.values()}
        whole = Whole(world, programmes, free, given_.TODAY + timedelta(days=6))
        moved = {p.session.session_id: (p.day, p.person_id) for p in repaired(whole, id_)}
        assert moved == {id_: (TUESDAY, person), rival.session.session_id: (WEDNESDAY, person)}
        held = replace(whole, free={id_: Freedom.TOLD})
        assert repaired(held, id_) == ()

    def test_it_is_asked_when_nothing_else_helps_and_only_once_the_engine_is_compiled(self):
        world, lost, rival, _ = crowded()
        around = Surroundings(
            FOLDER, 1, world.today, world.enterprises, world.teachers, world.agreements, world.sessions,
            world.cohorts,
        )  # fmt: skip
        orders = {c.order_id: "send-teachers-home" for c in world.cohorts.values()}
        room = frozenset(p.session.session_id for p in world.sessions)
        asked = replanning.Question(
            lost.session.session_id, "send-teachers-home", frozenset(), around, orders, room, engine=True
        )
        answer = replanning.compute(asked)
        assert (answer.step, answer.orders) == (4, frozenset(orders))
        assert [p.session for p in answer.moved] == [lost.session, rival.session]
        assert all(p.reasons for p in answer.moved)
        assert replanning.compute(replace(asked, engine=False)).moved == ()
        pinned = tuple(replace(p, pinned=p.session == lost.session) for p in world.sessions)
        kept = replanning.compute(replace(asked, around=replace(around, sessions=pinned)))
        assert (kept.moved, {r.code for r in kept.tried}) == ((), {"session.pinned"})

    @FEW
    @given(seed=st.integers(0, 10_000))
    def test_whatever_it_finds_breaks_no_rule_and_stays_within_the_tolerance(self, seed):
        rng = Random(seed)
        world = given_.a_world(rng, 12)
        for _ in range(2):
            order = given_.an_order(rng)
            world = given_.with_plan(world, order, draft(order, world))
        ahead = [p for p in world.sessions if p.day > given_.TODAY + timedelta(days=6)]
        lost = rng.choice(ahead)
        session = replace(lost.session, declined=frozenset({lost.person_id}))
        gone = replace(lost, session=session, person_id=None)
        world = replace(world, sessions=(*(p for p in world.sessions if p is not lost), gone))
        orders = {c.order_id for c in world.cohorts.values()}
        free = dict.fromkeys((p.session.session_id for p in ahead), Freedom.TOLD)
        whole = Whole(
            world, dict.fromkeys(orders, given_.programme()), free, given_.TODAY + timedelta(days=6)
        )
        moved = repaired(whole, session.session_id)
        after = whole.after(moved)
        assert broken(after) <= broken(world)
        for new in moved:
            old = whole.was[new.session.session_id]
            assert within_tolerance(new, old, whole.cohort(new.session), given_.programme(), given_.TODAY)
        assert not moved or session.session_id in {p.session.session_id for p in moved}
