"""A session is scheduled: whom dispatch asks, and what is held."""

from datetime import date
from uuid import uuid4

from contracts.instructor_dispatch import AssignmentOffered


class TestOfferASession:
    async def test_the_person_proposed_is_asked_and_held_at_once(self, dispatch, given):
        await given.college()
        await given.person()
        proposed = await given.person(home="350481")
        session = given.session(proposed=proposed)
        await given.confirmed(session)
        (offered,) = await dispatch.facts(session.order_id)
        assert isinstance(offered, AssignmentOffered)
        assert (offered.person_id, offered.step, offered.college_id) == (proposed, 0, "smtc")
        assert offered.reasons[0].code == "dispatch.chosen"
        assert offered.reasons[0].figures["free"] == 2
        assert await given.reserved(proposed) == [("session", "held")]

    async def test_who_cannot_come_is_passed_over_and_the_nearest_is_asked(self, dispatch, given):
        await given.college()
        too_low = await given.person(level="L4")
        await given.person(home="350424")
        near = await given.person()
        session = given.session(proposed=too_low)
        await given.confirmed(session)
        (offered,) = await dispatch.facts(session.order_id)
        assert (offered.person_id, offered.step) == (near, 1)
        assert "qualification.too_low" in [each.code for each in offered.reasons]

    async def test_the_fact_that_caused_it_is_named(self, dispatch, given):
        await given.college()
        await given.person()
        session = given.session()
        ids = await dispatch.deliver(session)
        (envelope,) = await dispatch.envelopes(session.order_id)
        assert envelope.causationid == ids[0]

    async def test_nobody_can_come_so_scheduling_is_told_what_was_tried(self, dispatch, given):
        await given.college()
        await given.person(level="L4")
        session = given.session()
        await given.confirmed(session)
        (told,) = await dispatch.facts(session.order_id)
        assert told.type == "session.unstaffable.v1"
        assert [each.code for each in told.tried] == ["qualification.too_low", "dispatch.no_swap"]
        assert told.tried[0].figures == {"people": 1}

    async def test_a_college_without_agreement_sends_nobody(self, dispatch, given):
        await given.college(agreed=False)
        await given.person()
        session = given.session()
        await given.confirmed(session)
        assert await given.types() == ["session.unstaffable"]

    async def test_one_person_is_not_asked_for_two_sessions_at_once(self, dispatch, given):
        await given.college()
        one, two = {await given.person(), await given.person()}
        order = uuid4()
        await given.confirmed(given.session(order), given.session(order), given.session(order))
        facts = await dispatch.facts(order)
        assert {each.person_id for each in facts[:2]} == {one, two}
        assert facts[2].type == "session.unstaffable.v1"

    async def test_the_answer_is_wanted_within_the_programmes_hours_and_before_it_begins(
        self, dispatch, given
    ):
        await given.college()
        await given.person(most_sessions_week=6)
        session = given.session()
        await given.confirmed(session)
        (offered,) = await dispatch.facts(session.order_id)
        hours = (offered.answer_by - await dispatch.now()).total_seconds() / 3600
        assert 23.5 < hours <= 24
        assert offered.answer_by < session.slot.starts_at


class TestQuotas:
    async def test_a_college_is_asked_for_no_more_a_week_than_agreed(self, dispatch, given):
        await given.college("smtc", week=2)
        for _ in range(4):
            await given.person("smtc")
        order = uuid4()
        await given.confirmed(*(given.session(order, day=day) for day in (0, 1, 2, 7)))
        assert await given.types() == [
            "assignment.offered",
            "assignment.offered",
            "session.unstaffable",
            "assignment.offered",
        ]

    async def test_nor_more_in_all(self, dispatch, given):
        await given.college("smtc", total=1)
        await given.person("smtc")
        order = uuid4()
        await given.confirmed(given.session(order, day=0), given.session(order, day=7))
        assert await given.types() == ["assignment.offered", "session.unstaffable"]


class TestFairShare:
    async def test_it_is_of_a_year_and_begins_anew_with_the_next(self, given):
        await given.college()
        first, second = await given.person(fair_load=1), await given.person(fair_load=9)
        until_next_year = (date(given.monday.year + 1, 1, 1) - given.monday).days
        days = (until_next_year, until_next_year + 7, until_next_year + 400)
        sessions = [given.session(day=day) for day in days]
        for each in sessions:
            await given.confirmed(each)
        asked = [(await given.offer(each))["person_id"] for each in sessions]
        assert asked == [str(first), str(second), str(first)]


class TestDrives:
    async def test_two_places_on_one_day_reserve_the_drive_between_them(self, dispatch, given):
        await given.college()
        person = await given.person()
        order = uuid4()
        await given.confirmed(
            given.session(order, band="am"),
            given.session(order, band="pm", division="350405", enterprise_id="other"),
        )
        assert await given.reserved(person) == [("session", "held"), ("drive", "firm"), ("session", "held")]

    async def test_back_to_back_at_one_place_needs_no_drive(self, dispatch, given):
        await given.college()
        person = await given.person()
        order = uuid4()
        await given.confirmed(given.session(order, band="am"), given.session(order, band="pm"))
        assert await given.reserved(person) == [("session", "held"), ("session", "held")]

    async def test_where_the_drive_does_not_fit_somebody_else_is_asked(self, dispatch, given):
        await given.college()
        order = uuid4()
        near = await given.person()
        await given.confirmed(given.session(order, band="pm", proposed=near))
        other = await given.person(home="350424")
        session = given.session(order, band="eve", division="350481", enterprise_id="other", proposed=near)
        await dispatch.deliver(session)
        facts = await dispatch.facts(order)
        assert facts[-1].person_id == other

    async def test_a_declined_session_takes_its_drive_with_it(self, dispatch, given):
        await given.college()
        person = await given.person()
        order = uuid4()
        morning = given.session(order, band="am")
        await given.confirmed(morning, given.session(order, division="350405", enterprise_id="other"))
        await given.decline(await given.offer(morning))
        assert await given.reserved(person) == [("session", "held")]
