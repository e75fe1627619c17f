"""Nobody could come, and then somebody is free: what is a gap is looked at again by itself, once each time."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from contracts.scheduling import SessionCancelled
from contracts.values import because
from servicekit.db import Cause

from ..builders import ELECTRICIAN
from .test_answers import client_on_person


def away(first, last=None, **more):
    return {
        "starts_at": first.slot.starts_at.isoformat(),
        "ends_at": (last or first).slot.ends_at.isoformat(),
        "reason": "illness",
    } | more


async def ends(given, person, told, college="smtc", **more):
    return await given.office(college).post(f"/instructors/{person}/absences/end", json={"away": told} | more)


async def told_away(given, person):
    listed = (await given.union.get("/instructors")).json()
    return next(each["away"] for each in listed if each["person_id"] == str(person))


class TestAnAbsenceEnds:
    async def test_what_nobody_could_come_to_is_offered_to_who_is_well_again(self, dispatch, given):
        await given.college()
        session = given.session()
        person = await given.person(away=[away(session)])
        await given.confirmed(session)
        assert (await given.types())[-1] == "session.unstaffable"
        await dispatch.forget()
        assert (await ends(given, person, away(session))).status_code == 204
        await dispatch.fire_deadlines()
        available, offered = await dispatch.envelopes()
        assert (available.type, available.fact().away) == ("instructor.available.v1", ())
        assert (offered.fact().person_id, offered.fact().step) == (person, 1)
        assert offered.causationid == available.id
        assert await given.reserved(person) == [("session", "held")]
        assert await told_away(given, person) == []

    async def test_one_that_ends_early_leaves_the_days_before(self, dispatch, given):
        await given.college()
        days = [given.session(day=day) for day in range(5)]
        person = await given.person(away=[away(days[0], days[4])])
        early, late = given.session(day=1), given.session(day=3)
        await given.confirmed(early)
        await given.confirmed(late)
        back = days[2].slot.starts_at
        answer = await ends(given, person, away(days[0], days[4]), ended_at=back.isoformat())
        assert answer.status_code == 204, answer.text
        await dispatch.fire_deadlines()
        assert await given.open_offers(early.session_id) == []
        assert (await given.offer(late))["person_id"] == str(person)
        (left,) = await told_away(given, person)
        assert datetime.fromisoformat(left["ends_at"]) == back
        assert await given.reserved(person) == [("absence", "firm"), ("session", "held")]

    async def test_own_lessons_under_it_take_place_again(self, dispatch, given):
        await given.college()
        morning, afternoon = given.session(band="am"), given.session(band="pm")
        person = await given.person(away=[away(morning, afternoon)])
        lesson = away(morning, division="350404", reason="own_lessons")
        await given.office("smtc").post(f"/instructors/{person}/absences", json=lesson)
        assert await given.reserved(person) == [("absence", "firm")]
        await ends(given, person, away(morning, afternoon))
        assert await given.reserved(person) == [("lesson", "firm")]

    async def test_what_is_wrong_is_refused(self, dispatch, given):
        await given.college()
        await given.college("smu")
        session = given.session()
        person = await given.person(away=[away(session)])
        late = session.slot.ends_at.isoformat()
        soon = (session.slot.starts_at - timedelta(minutes=1)).isoformat()
        answers = [
            await ends(given, uuid4(), away(session)),
            await ends(given, person, away(session), college="smu"),
            await ends(given, person, away(given.session(day=1))),
            await ends(given, person, away(session), ended_at=late),
            await ends(given, person, away(session), ended_at=soon),
        ]
        assert [each.json()["code"] for each in answers] == [
            "person.unknown",
            "person.unknown",
            "absence.unknown",
            "absence.not_shorter",
            "absence.not_shorter",
        ]
        own = await client_on_person(dispatch, person).post(
            f"/instructors/{person}/absences/end", json={"away": away(session)}
        )
        assert own.status_code == 403
        await dispatch.fire_deadlines(session.slot.ends_at + timedelta(minutes=1))
        over = await ends(given, person, away(session))
        assert over.json()["code"] == "absence.over"

    async def test_folded_from_the_facts_the_time_is_reserved_the_same(self, dispatch, given):
        await given.college()
        days = [given.session(day=day) for day in range(5)]
        lesson = away(days[1], division="350405", reason="own_lessons")
        person = await given.person(away=[lesson, away(days[4])])
        for told in (away(days[0], days[3]), away(given.session(day=1, band="am"))):
            await given.office("smtc").post(f"/instructors/{person}/absences", json=told)
        await ends(given, person, away(days[0], days[3]), ended_at=days[2].slot.starts_at.isoformat())
        lived = await times(dispatch, person)
        facts = await dispatch.envelopes(person)
        async with dispatch.transactions.begin() as tx:
            await tx.driver.execute("truncate person, reservation")
        for each in facts:
            async with dispatch.transactions.begin() as tx:
                cause = Cause(each.id, each.source, each.type, each.subject, each.sequence, each.time)
                await dispatch.service.evolution.fold(tx, each.fact(), cause)
        assert len(lived) > 3
        assert await times(dispatch, person) == lived


async def times(dispatch, person):
    async with dispatch.transactions.begin() as tx:
        return [
            tuple(row)
            for row in await tx.driver.fetch(
                "select during, kind, division from reservation where person_id = $1 order by during", person
            )
        ]


class TestLookedAtAgain:
    @pytest.mark.parametrize("how", ["listed", "qualified", "more_a_week"])
    async def test_when_the_college_has_somebody_for_it(self, dispatch, given, how):
        await given.college()
        person = await given.person(level="L5", most_sessions_week=1)
        one, two = given.session(level="L5", day=0, proposed=person), given.session(level="L5", day=1)
        hard = given.session(level="L2", day=2)
        for each in (one, two, hard):
            await given.confirmed(each)
        assert (await given.types()).count("session.unstaffable") == 2
        told = {"name": "林师傅", "home": "350404", "most_sessions_week": 1}
        card = {"occupation": ELECTRICIAN, "level": "L5"}
        if how == "listed":
            await given.person()
        elif how == "qualified":
            told |= {"qualifications": [card | {"level": "L1"}], "most_sessions_week": 2}
            await given.office("smtc").put(f"/instructors/{person}", json=told)
        else:
            told |= {"qualifications": [card], "most_sessions_week": 2}
            await given.office("smtc").put(f"/instructors/{person}", json=told)
        await dispatch.fire_deadlines()
        closed = {each["session_id"] for each in await given.open_offers()} - {str(one.session_id)}
        expected = {"listed": {two, hard}, "qualified": {two}, "more_a_week": {two}}[how]
        assert closed == {str(each.session_id) for each in expected}

    async def test_when_a_session_is_off_and_its_instructor_free(self, dispatch, given):
        await given.college()
        await given.person(most_sessions_week=1)
        order = uuid4()
        one, two = given.session(order, day=0), given.session(order, day=1)
        other = given.session(day=2)
        await given.confirmed(one, two)
        await given.confirmed(other)
        await given.accept(await given.offer(one))
        off = SessionCancelled(order_id=order, session_id=one.session_id, reason=because("scheme.revised"))
        await dispatch.deliver(off)
        await dispatch.fire_deadlines()
        assert await given.open_offers(other.session_id) == []  # the earlier of the two comes first
        offered = (await dispatch.envelopes(order))[-1]
        assert (offered.type, offered.fact().session_id) == ("assignment.offered.v1", two.session_id)

    async def test_when_somebody_else_is_sent_instead_and_the_first_is_free(self, dispatch, given):
        await given.college()
        senior, junior = await given.person(level="L1"), await given.person(level="L4")
        easy, hard = given.session(level="L4", proposed=senior), given.session(level="L2")
        await given.confirmed(easy)
        await given.confirmed(hard)
        assert (await given.types())[-1] == "session.unstaffable"
        await given.substitute(await given.offer(easy), junior)
        await dispatch.fire_deadlines()
        assert (await given.offer(hard))["person_id"] == str(senior)

    async def test_when_the_college_may_send_one_more(self, dispatch, given):
        await given.college(week=1)
        one, two = await given.person(), await given.person()
        order = uuid4()
        first, other = given.session(order, proposed=one, day=0), given.session(order, proposed=one, day=8)
        second = given.session(proposed=two, day=1)
        await given.confirmed(first, other)
        await given.confirmed(second)
        off = SessionCancelled(order_id=order, session_id=first.session_id, reason=because("scheme.revised"))
        await dispatch.deliver(off)
        await dispatch.fire_deadlines()
        assert (await given.offer(second))["person_id"] == str(two)

    async def test_when_the_college_agrees_to_send_anybody(self, dispatch, given):
        await given.college(agreed=False)
        person = await given.person()
        session = given.session()
        await given.confirmed(session)
        assert (await given.types())[-1] == "session.unstaffable"
        await given.agreement()
        await dispatch.fire_deadlines()
        assert (await given.offer(session))["person_id"] == str(person)
        signed = (await dispatch.facts(type="agreement.signed.v1"))[-1]
        offered = (await dispatch.envelopes(session.order_id))[-1]
        (envelope,) = [each for each in await dispatch.envelopes() if each.fact() == signed]
        assert offered.causationid == envelope.id

    async def test_nothing_is_said_again_while_it_is_as_it_was_and_nothing_waits(self, dispatch, given):
        await given.college()
        session = given.session(level="L1")
        await given.confirmed(session)
        await dispatch.forget()
        await given.person(level="L5")
        await given.person(level="L4")
        assert await dispatch.fire_deadlines() == 1
        assert await given.types() == []
        async with dispatch.transactions.begin() as tx:
            assert await tx.driver.fetchval("select count(*) from due where kind = 'duty.again'") == 0

    async def test_who_said_no_is_not_asked_again_for_being_free(self, dispatch, given):
        await given.college()
        person = await given.person()
        session = given.session()
        await given.confirmed(session)
        await given.decline(await given.offer(session))
        await dispatch.forget()
        busy = given.session(day=3)
        told = away(busy)
        await given.office("smtc").post(f"/instructors/{person}/absences", json=told)
        await ends(given, person, told)
        await dispatch.fire_deadlines()
        assert await given.types() == []

    async def test_a_batch_that_lacks_an_assessor_is_told_how_many_it_lacks_now(self, dispatch, given):
        await given.college()
        await given.person(assessor=True)
        batch = given.batch(assessors=3)
        await dispatch.deliver(batch)
        assert (await dispatch.facts(type="batch.unstaffable.v1"))[-1].missing == 2
        await given.person(assessor=True)
        await dispatch.fire_deadlines()
        assert (await dispatch.facts(type="batch.unstaffable.v1"))[-1].missing == 1
        await given.person(assessor=True)
        await dispatch.fire_deadlines()
        assert (await given.types())[-1] == "assignment.offered"
        assert len(await given.open_offers(batch.batch_id)) == 3

    async def test_what_was_moved_cancelled_or_has_begun_is_left_alone(self, dispatch, given):
        await given.college()
        gone, begun = given.session(day=0), given.session(day=1)
        await given.confirmed(gone)
        await given.confirmed(begun)
        await given.person()
        off = SessionCancelled(
            order_id=gone.order_id, session_id=gone.session_id, reason=because("scheme.revised")
        )
        await dispatch.deliver(off)
        await dispatch.forget()
        await dispatch.fire_deadlines(begun.slot.ends_at)
        assert await given.types() == []
