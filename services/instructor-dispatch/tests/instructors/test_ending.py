"""A qualification ends: said once in time and once after, promises after it go to others, a renewal stops it all."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from contracts.values import Needs, Qualification
from instructor_dispatch.instructors.ending import Terms, ends, look_again_on, to_be_said
from instructor_dispatch.instructors.rules import Person
from staffing.people import includes, reasons_against_assessing, reasons_against_teaching

from ..builders import ELECTRICIAN

DAY = date(2026, 9, 1)
LEVELS = ["L5", "L4", "L3", "L2", "L1"]
TERMS = Terms(warn=60, replace=14)
cards = st.builds(
    Qualification,
    occupation=st.sampled_from([ELECTRICIAN, "6-18-02-04"]),
    level=st.sampled_from(LEVELS),
    assessor=st.booleans(),
    valid_until=st.none() | st.integers(0, 200).map(lambda days: DAY + timedelta(days=days)),
)


def somebody(*held: Qualification) -> Person:
    return Person(UUID(int=1), "smtc", "350404", held)


def may(held, needs, day, book, *, assessor):
    if assessor:
        return not reasons_against_assessing(UUID(int=1), held, needs, day, book.ladder)
    return not reasons_against_teaching(held, needs, day, book.ladder)


@pytest.mark.rules
@cases(st.lists(cards, min_size=1, max_size=5), st.sampled_from(LEVELS), st.integers(0, 210), st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_another_includes_takes_nothing_away_when_it_ends(book, held, level, days, assessor):
    """By the ladder: without what is included, the person may do exactly the same on every day."""
    needs, day = Needs(occupation=ELECTRICIAN, level=level), DAY + timedelta(days=days)
    kept = [q for q in held if not any(includes(other, q, book.ladder) for other in held)]
    assert kept
    assert may(held, needs, day, book, assessor=assessor) is may(kept, needs, day, book, assessor=assessor)


@pytest.mark.rules
@cases(st.lists(cards, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_day_after_day_each_is_said_once_ahead_and_once_after(book, held):
    """Looked at on the days that it names only, nothing is missed and nothing is said twice."""
    person, said, day = somebody(*held), [], DAY
    for _ in range(60):
        facts = to_be_said(person, said, day, TERMS, book.ladder)
        said += [(fact.held, "expired" in fact.type) for fact in facts]
        following = look_again_on(person, said, day, TERMS, book.ladder)
        if following is None:
            break
        assert following > day
        day = following
    else:
        raise AssertionError("it never ends")
    assert sorted(map(str, said)) == sorted(
        str((each, over)) for each in dict.fromkeys(ends(person, book.ladder)) for over in (False, True)
    )


async def renewed(given, person, *held):
    told = {"name": "林师傅", "home": "350404", "qualifications": list(held)}
    answer = await given.office("smtc").put(f"/instructors/{person}", json=told)
    assert answer.status_code == 204, answer.text


def card(level="L2", until=None, **more):
    told = {"occupation": ELECTRICIAN, "level": level} | more
    return told | ({"valid_until": str(until)} if until else {})


async def listed(client, **asked):
    answer = await client.get("/expiring", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestThePromisesAfterIt:
    @pytest.fixture
    async def promised(self, dispatch, given):
        """Somebody whose card ends in some weeks, promised before and after; another who could come instead."""
        await given.college()
        until = given.monday + timedelta(days=7)
        person = await given.person()
        before = given.session(day=0)
        after = given.session(day=0, slot=given.book.slot(until + timedelta(days=3), "pm"))
        for each in (before, after):
            await given.confirmed(each)
            await given.accept(await given.offer(each))
        await renewed(given, person, card(until=until))
        other = await given.person()
        await dispatch.forget()
        return person, other, until, before, after

    async def at(self, dispatch, given, day):
        await dispatch.fire_deadlines(given.book.clock.instant(day.toordinal() * 1440 + 60))

    async def test_are_told_ahead_and_go_to_the_next_best_in_time(self, dispatch, given, promised):
        person, other, until, before, after = promised
        (ends_soon,) = await listed(given.office("smtc"), within=120)
        assert (ends_soon["valid_until"], ends_soon["expired"]) == (str(until), False)
        assert len(ends_soon["firm_after"]) == 1
        assert await listed(given.office("smu")) == []
        await self.at(dispatch, given, until - timedelta(days=15))
        assert await given.open_offers() == []
        await self.at(dispatch, given, until - timedelta(days=14))
        assert (await given.offer(after))["person_id"] == str(other)
        (released,) = await dispatch.facts(after.order_id, type="assignment.released.v1")
        assert (released.person_id, released.reason.code) == (person, "person.qualification_ends")
        assert await dispatch.facts(before.order_id) == []
        await self.at(dispatch, given, until + timedelta(days=1))
        said = [each.type.split(".")[1] for each in await dispatch.facts(person)]
        assert said == ["qualification_expiring", "qualification_expired"]
        (over,) = await listed(given.union, within=10)
        assert over["expired"] is True

    async def test_of_a_place_that_was_taken_the_person_alone_falls(self, dispatch, given):
        await given.college()
        person, session = await given.person(), given.session()
        await given.confirmed(session)
        office, offer = given.office("smtc"), await given.offer(session)
        assert (await office.post(f"/offers/{offer['assignment_id']}/take")).status_code == 200
        await renewed(given, person, card(until=(await dispatch.now()).date() + timedelta(days=2)))
        await dispatch.fire_deadlines(await dispatch.now())
        (seen,) = (await office.get("/offers")).json()
        assert (seen["state"], seen["person_id"]) == ("taken", None)
        assert await given.reserved(person) == []

    async def test_stay_when_it_is_renewed(self, dispatch, given, promised):
        person, _, until, _, after = promised
        await renewed(given, person, card(until=until + timedelta(days=720)))
        await self.at(dispatch, given, until + timedelta(days=1))
        assert await dispatch.facts(after.order_id) == []
        assert [each.type for each in await dispatch.facts(person)] == ["instructor.changed.v1"]
        assert await listed(given.union) == []


async def test_it_is_said_at_once_of_who_is_listed_late_and_only_once(dispatch, given):
    await given.college()
    until = (await dispatch.now()).date() + timedelta(days=5)
    person = await given.person(qualifications=[card(until=until)])
    await dispatch.fire_deadlines()
    await renewed(given, person, card(until=until))
    await dispatch.fire_deadlines()
    said = await dispatch.facts(person, type="instructor.qualification_expiring.v1")
    assert [each.held.valid_until for each in said] == [until]


async def test_nobody_is_told_of_what_a_higher_level_includes(dispatch, given):
    await given.college()
    until = (await dispatch.now()).date() + timedelta(days=5)
    person = await given.person(qualifications=[card("L4", until), card("L1")])
    await dispatch.fire_deadlines()
    assert [each.type for each in await dispatch.facts(person)] == ["instructor.listed.v1"]
    assert await listed(given.union) == []


async def test_of_who_is_retired_nothing_is_said(dispatch, given):
    await given.college()
    until = (await dispatch.now()).date() + timedelta(days=5)
    person = await given.person(qualifications=[card(until=until)])
    await given.office("smtc").post(f"/instructors/{person}/retire", json={})
    assert await dispatch.fire_deadlines() == 0
    assert await listed(given.union) == []
