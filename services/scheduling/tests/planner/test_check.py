"""The checker finds what is planted: a draft that breaks nothing is spoilt one rule at a time."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import planner_worlds as given_
import pytest

from scheduling.planner import check, draft
from staffing.diary import Fixed, Kind, Place
from staffing.moments import Span, at


@pytest.fixture(scope="module")
def plan():
    """A world with one order in force, its first cohort's sessions in order, and that cohort."""
    rng = Random(21)
    world = given_.a_world(rng, 20)
    order = given_.an_order(rng, given_.an_enterprise(rng, "day"), people=100)
    made = draft(order, world)
    first = [p for p in made.placed if p.session.cohort_id == made.cohorts[0].cohort_id]
    return given_.with_plan(world, order, made), first, made.cohorts[0]


def broken(world, *changed, pace=3, limit=60):
    ids = {p.session.session_id for p in changed}
    kept = [p for p in world.sessions if p.session.session_id not in ids]
    world = replace(world, sessions=(*kept, *changed))
    return {b.reason.code for b in check(world.sessions, {}, world, pace=pace, limit=limit)}


def with_teacher(world, person_id, **changes):
    teachers = tuple(
        replace(t, **{k: v for k, v in changes.items() if k == "fixed"})
        if t.person.person_id == person_id and "fixed" in changes
        else replace(t, person=replace(t.person, **changes))
        if t.person.person_id == person_id
        else t
        for t in world.teachers
    )
    return replace(world, teachers=teachers)


class TestCheckFinds:
    def test_nothing_in_a_plan_that_is_right(self, plan):
        world, chain, _ = plan
        assert len(chain) > 3
        assert broken(world) == set()

    def test_a_public_holiday_and_a_day_outside_the_window(self, plan):
        world, chain, cohort = plan
        assert "slot.closed_day" in broken(world, replace(chain[-1], day=date(2026, 10, 1)))
        assert "slot.outside_window" in broken(
            world, replace(chain[-1], day=cohort.latest + timedelta(days=1))
        )

    def test_a_band_that_is_too_short(self, plan):
        world, chain, _ = plan
        short = replace(chain[0], session=replace(chain[0].session, bands=()))
        assert "slot.band_too_short" in broken(world, short)

    def test_days_that_do_not_increase_and_too_many_in_a_week(self, plan):
        world, chain, _ = plan
        assert "slot.order_of_sessions" in broken(world, replace(chain[1], day=chain[0].day))
        assert "slot.pace" in broken(world, pace=1)

    def test_more_released_time_than_the_cap_and_a_cohort_too_large(self, plan):
        world, chain, cohort = plan
        monday = chain[0].day - timedelta(days=chain[0].day.weekday())
        working = [replace(p, day=monday + timedelta(days=k), band="am") for k, p in enumerate(chain[:5])]
        strict = replace(world, cohorts={**world.cohorts, cohort.cohort_id: replace(cohort, release_cap=0)})
        assert "slot.release_cap" in broken(strict, *working)
        assert "cohort.too_large" in broken(world, limit=10)

    def test_a_crew_that_rests(self):
        rng = Random(22)
        world, order = given_.a_world(rng, 20), given_.an_order(rng, given_.an_enterprise(rng, "4x3"))
        made = draft(order, world)
        world = given_.with_plan(world, order, made)
        first = made.placed[0]
        days = [first.day + timedelta(days=k) for k in range(8)]
        assert "slot.crew_rests" in {c for d in days for c in broken(world, replace(first, day=d, band="am"))}

    def test_who_is_not_qualified_or_declined(self, plan):
        world, chain, _ = plan
        who = chain[0].person_id
        assert "qualification.missing" in broken(with_teacher(world, who, qualifications=()))
        declined = replace(chain[0], session=replace(chain[0].session, declined=frozenset({who})))
        assert "offer.declined_before" in broken(world, declined)

    def test_own_lessons_overlapped_or_too_near_to_drive(self, plan):
        world, chain, _ = plan
        placed = next(p for p in chain if p.session.place)
        span = given_.book().span(placed.day, placed.band)
        far = Fixed(Span(span.end + 10, span.end + 60), Kind.LESSON, Place("350430"))
        assert "session.no_time_to_drive" in broken(with_teacher(world, placed.person_id, fixed=(far,)))

    def test_a_drive_that_is_cut_by_something_without_a_place(self, plan):
        world, chain, _ = plan
        placed = next(p for p in chain if p.session.place)
        span, book = given_.book().span(placed.day, placed.band), given_.book()
        lesson = Place("350404") if placed.session.division != "350404" else Place("350481")
        needed = book.travel.minutes(placed.session.place, lesson) + book.travel.buffer
        after = span.end + needed + 30
        away = Fixed(Span(span.end + needed // 2, span.end + needed // 2 + 30), Kind.ABSENCE)
        fixed = (away, Fixed(Span(after, after + 60), Kind.LESSON, lesson))
        assert "session.no_whole_gap" in broken(with_teacher(world, placed.person_id, fixed=fixed))

    def test_a_home_that_is_too_far(self, plan):
        world, chain, _ = plan
        placed = next(p for p in chain if p.session.place)
        book = replace(world.book, day_open=at(date(1, 1, 1), 480) - at(date(1, 1, 1)), day_close=1000)
        assert "home.window" in broken(
            replace(with_teacher(world, placed.person_id, home="350430"), book=book)
        )

    def test_too_many_sessions_of_a_person(self, plan):
        world, chain, _ = plan
        who = chain[0].person_id
        assert "load.day" in broken(with_teacher(world, who, most_sessions_day=0))
        assert "load.week" in broken(with_teacher(world, who, most_sessions_week=0))

    def test_a_college_beyond_its_agreement(self, plan):
        world, _, _ = plan
        few = given_.agreements(sessions_total=1, sessions_week=1)
        assert {"college.quota_total", "college.quota_week"} <= broken(replace(world, agreements=few))
        assert broken(replace(world, agreements={})) == {"college.no_agreement"}

    def test_two_sessions_in_one_room_of_the_same_workers(self, plan):
        world, chain, cohort = plan
        other = next(p for p in world.sessions if p.session.cohort_id != cohort.cohort_id and p.session.place)
        same = replace(other, day=chain[0].day, band=chain[0].band)
        works = world.enterprises[cohort.enterprise_id]
        one_room = replace(world, enterprises={works.enterprise_id: replace(works, rooms=1)})
        assert "slot.no_room" in broken(one_room, same)
        shared = replace(world.cohorts[other.session.cohort_id], workers=cohort.workers)
        both = replace(one_room, cohorts={**world.cohorts, shared.cohort_id: shared})
        assert "slot.workers_elsewhere" in broken(both, same)
