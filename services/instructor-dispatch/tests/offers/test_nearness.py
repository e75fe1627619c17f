"""Near its date it is told that nobody is certain yet: the longer the drive, the sooner, and once an offer."""

from datetime import date, timedelta

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from contracts.programme_dispatch import DispatchRules, NearTheDate

from .test_restored import folded_again, rows

JIANNING = "350430"
"""More than two hours from the works."""
SAID = "assignment.unconfirmed.v1"


def near(since, drive, days):
    return NearTheDate(since=since, drive_minutes=drive, days=days, source="invented")


@pytest.mark.rules
class TestHowManyDaysBefore:
    def test_by_the_drive_and_by_what_has_begun_on_the_day(self):
        old, new = date(2026, 1, 1), date(2027, 1, 1)
        rules = DispatchRules(
            people_per_instructor=(), unconfirmed=(near(old, 0, 2), near(old, 60, 4), near(new, 30, 9))
        )
        before, then, after = date(2025, 12, 31), date(2026, 6, 1), date(2027, 6, 1)
        assert rules.days_before(before, 500) == 0
        assert [rules.days_before(then, drive) for drive in (0, 59, 60, 500)] == [2, 2, 4, 4]
        assert [rules.days_before(after, drive) for drive in (29, 30)] == [0, 9]
        assert (rules.days_before(then), rules.days_before(after)) == (4, 9)

    @cases(st.integers(0, 600), st.integers(0, 600))
    def test_who_drives_longer_is_never_certain_later(self, book, one, other):
        rules, day = book.programmes.rules.dispatch, date(2026, 9, 1)
        shorter, longer = sorted((one, other))
        assert rules.days_before(day, shorter) <= rules.days_before(day, longer) <= rules.days_before(day)


async def started(dispatch, session, **before):
    """It is so long before the session now."""
    await dispatch.fire_deadlines(session.slot.starts_at - timedelta(**before))


class TestTold:
    async def test_at_once_of_who_drives_long_and_once_an_offer(self, dispatch, given):
        await given.college()
        far, here = await given.person(home=JIANNING), await given.person()
        one, other = given.session(proposed=far), given.session(proposed=here)
        await started(dispatch, one, days=5)
        await given.confirmed(one)
        await given.confirmed(other)
        await dispatch.fire_deadlines()
        (told,) = await dispatch.facts(type=SAID)
        assert (told.session_id, told.person_id, told.college_id) == (one.session_id, far, "smtc")
        assert (told.days, told.drive_minutes > 120, told.slot) == (7, True, one.slot)
        envelopes = await dispatch.envelopes(one.order_id)
        asked, said = (each for each in envelopes if each.type in {SAID, "assignment.offered.v1"})
        assert said.causationid == asked.id
        offer = await given.offer(one)
        take = await given.office("smtc").post(f"/offers/{offer['assignment_id']}/take")
        assert take.status_code == 200, take.text
        await started(dispatch, one, days=4, hours=12)
        assert len(await dispatch.facts(type=SAID)) == 1

    async def test_two_days_before_of_who_lives_here_unless_it_is_firm_by_then(self, dispatch, given):
        await given.college()
        people = [await given.person() for _ in range(2)]
        certain, open_ = (given.session(proposed=person) for person in people)
        await started(dispatch, certain, days=2, hours=12)
        await given.confirmed(certain)
        await given.confirmed(open_)
        await dispatch.fire_deadlines()
        assert await dispatch.facts(type=SAID) == []
        await given.accept(await given.offer(certain))
        await started(dispatch, certain, days=2)
        (told,) = await dispatch.facts(type=SAID)
        assert (told.session_id, told.days) == (open_.session_id, 2)
        async with dispatch.transactions.begin() as tx:
            assert await tx.driver.fetchval("select count(*) from due where kind = 'offer.nears'") == 0

    async def test_two_days_before_also_of_a_place_that_was_taken_by_then(self, dispatch, given):
        """The offer's own time was over before two days; whoever is to be named may take longer."""
        await given.college()
        here = await given.person()
        session = given.session(proposed=here)
        await started(dispatch, session, days=3, hours=12)
        await given.confirmed(session)
        await dispatch.fire_deadlines()
        await started(dispatch, session, days=2, hours=14)
        offer = await given.offer(session)
        take = await given.office("smtc").post(f"/offers/{offer['assignment_id']}/take")
        assert take.status_code == 200, take.text
        assert await dispatch.facts(type=SAID) == []
        await started(dispatch, session, days=2)
        (told,) = await dispatch.facts(type=SAID)
        assert (told.person_id, told.days) == (here, 2)
        await started(dispatch, session, days=1, hours=12)
        assert len(await dispatch.facts(type=SAID)) == 1

    async def test_of_an_open_call_by_the_way_from_the_college(self, dispatch, given):
        await given.college("smtc", division=JIANNING)
        session = given.session()
        await started(dispatch, session, days=6)
        await given.confirmed(session)
        url = f"/sessions/{session.session_id}/open-call"
        answer = await given.union.post(url, json={"college_ids": ["smtc"]})
        assert answer.status_code == 201, answer.text
        await dispatch.fire_deadlines()
        (told,) = await dispatch.facts(type=SAID)
        assert (told.person_id, told.days) == (None, 7)

    async def test_never_of_what_is_answered_or_over_long_before(self, dispatch, given):
        await given.college()
        await given.person(home=JIANNING)
        session = given.session()
        await given.confirmed(session)
        async with dispatch.transactions.begin() as tx:
            assert await tx.driver.fetchval("select count(*) from due where kind = 'offer.nears'") == 0
        await dispatch.fire_deadlines(session.slot.starts_at)
        assert await dispatch.facts(type=SAID) == []

    async def test_what_facts_bring_back_says_nothing_twice(self, dispatch, given):
        await given.college()
        far, here = await given.person(home=JIANNING), await given.person()
        one, other = given.session(proposed=far), given.session(proposed=here)
        await started(dispatch, one, days=2, hours=12)
        await given.confirmed(one)
        await given.confirmed(other)
        await dispatch.fire_deadlines()
        lived = await rows(dispatch)
        assert [each["kind"] for each in lived["due"]] == ["offer.lapses", "offer.lapses", "offer.nears"]
        await folded_again(dispatch)
        await dispatch.fire_deadlines()
        assert await rows(dispatch) == lived
        assert len(await dispatch.facts(type=SAID)) == 1
