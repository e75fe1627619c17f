"""The world moves on: sessions moved and cancelled, orders cancelled, people ill."""

from uuid import uuid4

from contracts.order_intake import OrderCancelled
from contracts.scheduling import SchemeWithdrawn, SessionCancelled
from contracts.values import because


def ill(session, **more):
    return {
        "starts_at": session.slot.starts_at.isoformat(),
        "ends_at": session.slot.ends_at.isoformat(),
        "reason": "illness",
    } | more


class TestMoveASession:
    async def test_whoever_was_to_come_is_free_and_it_is_offered_again(self, dispatch, given):
        await given.college()
        person = await given.person()
        session = given.session(proposed=person)
        await given.confirmed(session)
        await given.accept(await given.offer(session))
        await dispatch.forget()
        await dispatch.deliver(given.moved(session, slot=given.session(day=2).slot))
        released, offered = await dispatch.facts(session.order_id)
        assert (released.type, released.was_firm, released.reason.code) == (
            "assignment.released.v1",
            True,
            "session.moved",
        )
        assert (offered.person_id, offered.step) == (person, 3)
        await given.accept(await given.offer(session))
        assert (await given.types())[-1] == "order.staffed"

    async def test_who_said_no_before_is_not_asked_after_a_move(self, dispatch, given):
        await given.college()
        one, two = await given.person(), await given.person(home="350424")
        session = given.session(proposed=one)
        await given.confirmed(session)
        await given.decline(await given.offer(session))
        await dispatch.deliver(given.moved(session, slot=given.session(day=2).slot, proposed=one))
        assert (await given.offer(session))["person_id"] == str(two)

    async def test_a_session_that_nobody_could_take_is_offered_at_its_new_time(self, dispatch, given):
        await given.college()
        person = await given.person(most_sessions_week=1)
        order = uuid4()
        one, two = given.session(order, day=0), given.session(order, day=1)
        await given.confirmed(one, two)
        assert "session.unstaffable" in await given.types()
        await dispatch.deliver(given.moved(two, slot=given.session(day=8).slot, proposed=person))
        assert (await given.offer(two))["step"] == 3

    async def test_the_same_again_changes_nothing(self, dispatch, given):
        await given.college()
        person = await given.person()
        session = given.session(proposed=person)
        await given.confirmed(session)
        await dispatch.forget()
        await dispatch.deliver(given.moved(session))
        assert await dispatch.facts(session.order_id) == []


class TestCancel:
    async def test_a_cancelled_session_frees_its_people(self, dispatch, given):
        await given.college()
        person = await given.person()
        order = uuid4()
        one, two = given.session(order, day=0), given.session(order, day=1)
        await given.confirmed(one, two)
        await given.accept(await given.offer(one))
        await dispatch.deliver(
            SessionCancelled(order_id=order, session_id=two.session_id, reason=because("scheme.revised"))
        )
        assert await given.reserved(person) == [("session", "firm")]
        assert (await given.types())[-2:] == ["assignment.released", "order.staffed"]

    async def test_what_is_left_of_a_withdrawn_scheme_does_not_make_the_order_staffed(self, dispatch, given):
        await given.college()
        await given.person()
        order = uuid4()
        one, two = given.session(order, day=0), given.session(order, day=1)
        await given.confirmed(one, two)
        await given.accept(await given.offer(one))
        gone = SessionCancelled(order_id=order, session_id=two.session_id, reason=because("order.amended"))
        await dispatch.deliver(
            SchemeWithdrawn(order_id=order, version=1, reason=because("order.amended")), gone
        )
        assert "order.staffed" not in await given.types()
        three = given.session(order, day=2)
        await given.confirmed(three, version=2)
        await given.accept(await given.offer(three))
        assert (await given.types())[-1] == "order.staffed"

    async def test_a_cancelled_order_frees_all_and_no_deadline_is_left(self, dispatch, given):
        await given.college()
        person = await given.person()
        order = uuid4()
        sessions = [given.session(order, day=day) for day in range(3)]
        await given.confirmed(*sessions)
        await given.accept(await given.offer(sessions[0]))
        cancelled = OrderCancelled(order_id=order, reason=because("order.no_need"), cancelled_on=given.monday)
        gone = [
            SessionCancelled(order_id=order, session_id=each.session_id, reason=because("order.cancelled"))
            for each in sessions
        ]
        await dispatch.deliver(cancelled, *gone)
        assert await given.reserved(person) == []
        assert (await given.types()).count("assignment.released") == 3
        async with dispatch.transactions.begin() as tx:
            assert await tx.driver.fetchval("select count(*) from due") == 0


class TestAbsence:
    async def test_an_ill_persons_sessions_go_to_the_next_best(self, dispatch, given):
        await given.college()
        one, two = await given.person(), await given.person()
        session = given.session(proposed=one)
        await given.confirmed(session)
        await given.accept(await given.offer(session))
        await dispatch.forget()
        answer = await given.office("smtc").post(f"/instructors/{one}/absences", json=ill(session))
        assert answer.status_code == 201, answer.text
        told = await dispatch.envelopes()
        unavailable, released, offered = told
        assert unavailable.type == "instructor.unavailable.v1"
        assert unavailable.fact().away[-1].reason == "illness"
        assert (released.fact().reason.code, released.causationid) == ("person.away", unavailable.id)
        assert offered.fact().person_id == two
        assert await given.reserved(one) == [("absence", "firm")]

    async def test_a_gap_that_is_closed_makes_the_order_staffed_again(self, dispatch, given):
        await given.college()
        one, _ = await given.person(), await given.person()
        session = given.session(proposed=one)
        await given.confirmed(session)
        await given.accept(await given.offer(session))
        await given.office("smtc").post(f"/instructors/{one}/absences", json=ill(session))
        await given.accept(await given.offer(session))
        assert (await given.types()).count("order.staffed") == 2

    async def test_own_lessons_elsewhere_free_the_session_that_the_drive_no_longer_reaches(
        self, dispatch, given
    ):
        await given.college()
        one, two = await given.person(), await given.person()
        session = given.session(proposed=one, band="pm")
        await given.confirmed(session)
        lesson = ill(given.session(band="am"), division="350424", reason="own_lessons")
        lesson["ends_at"] = (session.slot.starts_at).isoformat()
        await given.office("smtc").post(f"/instructors/{one}/absences", json=lesson)
        assert (await given.offer(session))["person_id"] == str(two)
        assert await given.reserved(one) == [("lesson", "firm")]

    async def test_an_absence_over_own_lessons_takes_only_what_is_free(self, given):
        await given.college()
        morning, afternoon = given.session(band="am"), given.session(band="pm")
        lesson = ill(morning, division="350404", reason="own_lessons")
        person = await given.person(away=[lesson])
        day = {
            "starts_at": morning.slot.starts_at.isoformat(),
            "ends_at": afternoon.slot.ends_at.isoformat(),
            "reason": "illness",
        }
        await given.office("smtc").post(f"/instructors/{person}/absences", json=day)
        assert await given.reserved(person) == [("lesson", "firm"), ("absence", "firm")]

    async def test_somebody_away_is_not_asked(self, dispatch, given):
        await given.college()
        session = given.session()
        await given.person(away=[ill(session)])
        await given.confirmed(session)
        told = (await dispatch.facts(session.order_id))[0]
        assert [each.code for each in told.tried] == ["absence.overlaps", "dispatch.no_swap"]

    async def test_who_retires_leaves_his_sessions_to_others(self, dispatch, given):
        await given.college()
        one, two = await given.person(), await given.person()
        session = given.session(proposed=one)
        await given.confirmed(session)
        answer = await given.office("smtc").post(f"/instructors/{one}/retire")
        assert answer.status_code == 201, answer.text
        assert (await given.offer(session))["person_id"] == str(two)
        later = given.session(day=1, proposed=one)
        await given.confirmed(later)
        assert (await given.offer(later))["person_id"] == str(two)

    async def test_another_colleges_people_are_unknown(self, given):
        await given.college()
        await given.college("smu")
        person = await given.person()
        answer = await given.office("smu").post(f"/instructors/{person}/absences", json=ill(given.session()))
        assert (answer.status_code, answer.json()["code"]) == (404, "person.unknown")

    async def test_an_absence_that_is_over_is_refused(self, given):
        await given.college()
        person = await given.person()
        answer = await given.office("smtc").post(
            f"/instructors/{person}/absences",
            json={"starts_at": "2026-01-01T00:00:00Z", "ends_at": "2026-01-02T00:00:00Z"},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "absence.over")
