"""What would bring somebody: each change is tried, and done, it does bring that person."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from instructor_dispatch.offers.ranking import rank
from instructor_dispatch.offers.unlocks import PRICE, unlocks
from staffing.can import reasons_against
from staffing.diary import Fixed, Kind, Place
from staffing.moments import Span, at, week_of

from ..builders import ELECTRICIAN
from .test_gaps import away, ends
from .test_ranking import DAY, candidate, field, field_of

__all__ = ["field"]
SITE = Place("350404", "jinniu")
MONDAY = at(DAY)


def session(day: int, hour: int, number: int) -> Fixed:
    start = MONDAY + day * 1440 + hour * 60
    return Fixed(Span(start, start + 180), Kind.SESSION, SITE, UUID(int=number))


def absence(first: int, last: int) -> Fixed:
    """From the morning of a day of the week to the end of another."""
    return Fixed(Span(MONDAY + first * 1440, MONDAY + (last + 1) * 1440), Kind.ABSENCE)


def full_week(number: int):
    return candidate(number, things=[session(day, 8, 100 * number + day) for day in range(1, 7)])


def at_quota(number: int, *, total: int = 100, week: int = 50):
    """The college has used up what it may send, in all or in the week."""
    one = candidate(number)
    terms = replace(one.load.agreement, sessions_total=total, sessions_week=week, held_total=5)
    terms = replace(terms, held_week={week_of(DAY): 5})
    return replace(one, load=replace(one.load, agreement=terms))


def told(field):
    return [(each.code, each.figures.get("person"), each.figures["people"]) for each in unlocks(field)]


@pytest.mark.rules
class TestEachKind:
    def test_one_more_a_week(self, field):
        (found,) = unlocks(field(full_week(1)))
        assert (found.code, found.figures) == (
            "unlock.week_max",
            {"person": str(UUID(int=1)), "most": 7, "people": 1},
        )

    def test_one_more_of_the_colleges_week_or_agreement(self, field):
        (week,) = unlocks(field(at_quota(1, week=5)))
        assert (week.code, week.figures) == (
            "unlock.quota_week",
            {"college": "smtc", "most": 6, "people": 1},
        )
        (total,) = unlocks(field(at_quota(1, total=5)))
        assert (total.code, total.figures) == (
            "unlock.quota_total",
            {"college": "smtc", "most": 6, "people": 1},
        )

    def test_back_a_day_earlier(self, field):
        (found,) = unlocks(field(candidate(1, things=[absence(-3, 0)])))
        assert found.code == "unlock.back_earlier"
        assert found.figures == {"person": str(UUID(int=1)), "day": DAY.isoformat(), "people": 1}
        assert unlocks(field(candidate(1, things=[absence(-3, 1)]))) == ()

    def test_a_level_lower_with_the_coordinators_waiver(self, field):
        assert told(field(candidate(1, level="L4"), candidate(2, level="L5"))) == [
            ("unlock.waiver", str(UUID(int=1)), 1)
        ]

    def test_two_changes_at_once_are_not_promised(self, field):
        one = at_quota(1, week=5)
        assert unlocks(field(replace(one, person=candidate(1, level="L4").person))) == ()

    def test_of_several_the_best_is_named_and_how_many_there_are_and_the_cheapest_change_first(self, field):
        found = told(field(candidate(3, level="L4", home="350424"), candidate(4, level="L4"), full_week(2)))
        assert found == [
            ("unlock.week_max", str(UUID(int=2)), 1),
            ("unlock.waiver", str(UUID(int=4)), 2),
        ]

    def test_nothing_would_help_who_is_elsewhere(self, field):
        assert unlocks(field(candidate(1, things=[session(0, 14, 1)]))) == ()


@pytest.mark.rules
@for_all(
    st.lists(
        st.tuples(
            st.sampled_from(["L2", "L3", "L4", "L5"]),
            st.integers(0, 6),
            st.integers(-2, 2),
            st.integers(4, 6),
            st.integers(4, 6),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_promised_brings_the_person_and_nothing_less_does(book, some):
    people = []
    for number, (level, sessions, last_away, total, week) in enumerate(some, start=1):
        things = [session(day, 8, 100 * number + day) for day in range(1, sessions + 1)]
        one = candidate(number, level=level, things=[*things, absence(-2, last_away)])
        terms = replace(one.load.agreement, sessions_total=total, sessions_week=week, held_total=5)
        terms = replace(terms, held_week={week_of(DAY): 5})
        people.append(replace(one, load=replace(one.load, agreement=terms)))
    of = field_of(book, *people)
    found = {each.code: each for each in unlocks(of)}
    for relaxation in PRICE:
        helps = []
        for each in of.candidates:
            relaxed = relaxation(of, each)
            if relaxed is None or not reasons_against(of.task, each.person, each.load, book):
                continue
            (changed, one), reason = relaxed
            if not reasons_against(changed.task, one.person, one.load, book):
                helps.append(reason)
        codes = {each.code for each in helps}
        assert codes <= found.keys()
        assert all(found[code].figures["people"] == len(helps) for code in codes)
    assert not {each.person_id for each in rank(of).choices} & {
        UUID(str(each.figures["person"])) for each in found.values() if "person" in each.figures
    }


class TestDoneItDoesHelp:
    async def unlocked(self, dispatch, session):
        """What the fact promised, by code, and what was tried by step."""
        told = (await dispatch.facts(session.order_id))[-1]
        assert told.type == "session.unstaffable.v1"
        assert [each.step for each in told.steps] == [1, 2]
        assert tuple(reason for each in told.steps for reason in each.reasons) == told.tried
        return {each.code: each.figures for each in told.unlocks}

    async def test_one_more_a_week(self, dispatch, given):
        await given.college()
        person = await given.person(most_sessions_week=1)
        first, second = given.session(proposed=person), given.session(day=1)
        await given.confirmed(first)
        await given.accept(await given.offer(first))
        await given.confirmed(second)
        assert await self.unlocked(dispatch, second) == {
            "unlock.week_max": {"person": str(person), "most": 2, "people": 1}
        }
        told = {
            "name": "林师傅",
            "home": "350404",
            "qualifications": [{"occupation": ELECTRICIAN, "level": "L2", "assessor": False}],
            "most_sessions_week": 2,
        }
        answer = await given.office("smtc").put(f"/instructors/{person}", json=told)
        assert answer.status_code == 204, answer.text
        await dispatch.fire_deadlines()
        assert (await given.offer(second))["person_id"] == str(person)

    async def test_back_a_day_earlier(self, dispatch, given):
        await given.college()
        session = given.session(day=2, band="am")
        times = away(given.session(), session)
        person = await given.person(away=[times])
        await given.confirmed(session)
        found = (await self.unlocked(dispatch, session))["unlock.back_earlier"]
        assert found["person"] == str(person)
        assert date.fromisoformat(found["day"]) == given.monday + timedelta(days=1)
        back = session.slot.ends_at - timedelta(days=1)
        answer = await ends(given, person, times, ended_at=back.isoformat())
        assert answer.status_code == 204, answer.text
        await dispatch.fire_deadlines()
        assert (await given.offer(session))["person_id"] == str(person)

    async def test_one_more_of_the_week(self, dispatch, given):
        await given.college(week=1)
        person = await given.person()
        first, second = given.session(proposed=person), given.session(day=1)
        await given.confirmed(first)
        await given.confirmed(second)
        assert await self.unlocked(dispatch, second) == {
            "unlock.quota_week": {"college": "smtc", "most": 2, "people": 1}
        }
        await self.agreed_anew(dispatch, given, week=2)
        assert (await given.offer(second))["person_id"] == str(person)

    async def test_one_more_of_the_agreement(self, dispatch, given):
        await given.college(total=1)
        person = await given.person()
        first, second = given.session(proposed=person), given.session(day=1)
        await given.confirmed(first)
        await given.confirmed(second)
        assert await self.unlocked(dispatch, second) == {
            "unlock.quota_total": {"college": "smtc", "most": 2, "people": 1}
        }
        await self.agreed_anew(dispatch, given, total=2)
        assert (await given.offer(second))["person_id"] == str(person)

    async def agreed_anew(self, dispatch, given, **quota):
        """The agreement ends before that week, and another one holds from its Monday on."""
        ended = {"ended_on": str(given.monday - timedelta(days=1))}
        answer = await given.union.post("/colleges/smtc/agreements/end", json=ended)
        assert answer.status_code == 204, answer.text
        await given.agreement(since=given.monday, **quota)
        await dispatch.fire_deadlines()
