"""The college answers an offer: accept, substitute, decline, or nothing in time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from servicekit.clock import move_clock, now
from servicekit.testing import client_on
from servicekit.testing import test_keys as keys_of_the_run
from servicekit.tokens import Issuer

DAYS_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class TestAccept:
    async def test_the_person_held_becomes_firm_and_the_order_is_staffed(self, dispatch, given):
        await given.college()
        person = await given.person()
        session = given.session()
        await given.confirmed(session)
        answer = await given.accept(await given.offer(session))
        assert (answer.status_code, answer.json()["state"]) == (200, "firm")
        assert await given.reserved(person) == [("session", "firm")]
        assert await given.types() == ["assignment.offered", "assignment.accepted", "order.staffed"]
        assert (await dispatch.facts(session.order_id))[-1].sessions == 1

    async def test_an_order_is_staffed_when_the_last_session_has_a_lead_and_not_before(self, dispatch, given):
        await given.college()
        await given.person()
        order = uuid4()
        one, two = given.session(order, day=0), given.session(order, day=1)
        await given.confirmed(one, two)
        await given.accept(await given.offer(one))
        assert "order.staffed" not in await given.types()
        await given.accept(await given.offer(two))
        assert (await given.types())[-1] == "order.staffed"

    async def test_an_offer_is_accepted_once(self, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        await given.accept(offer)
        again = await given.accept(offer)
        assert (again.status_code, again.json()["code"]) == (409, "offer.closed")

    async def test_an_offer_to_another_college_is_unknown(self, dispatch, given):
        await given.college()
        await given.college("smu")
        await given.person()
        session = given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        other = given.office("smu")
        answer = await other.post(f"/offers/{offer['assignment_id']}/accept", json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "offer.unknown")
        assert (await other.get("/offers")).json() == []
        assert (await other.get(f"/offers/{offer['assignment_id']}")).status_code == 404

    async def test_what_is_held_before_a_day_can_be_left_out(self, given):
        await given.college()
        await given.person()
        order = uuid4()
        sessions = [given.session(order, day=day) for day in (0, 2)]
        await given.confirmed(*sessions)
        for each in sessions:
            await given.accept(await given.offer(each))
        asked = {"state": "firm", "since": f"{sessions[1].slot.day}"}
        (seen,) = (await given.office("smtc").get("/offers", params=asked)).json()
        assert seen["session_id"] == str(sessions[1].session_id)
        assert len((await given.office("smtc").get("/offers", params={"state": "firm"})).json()) == 2

    async def test_several_are_accepted_together_each_with_its_own_answer(self, given):
        await given.college()
        await given.person()
        order = uuid4()
        sessions = [given.session(order, day=day) for day in range(3)]
        await given.confirmed(*sessions)
        offers = [await given.offer(each) for each in sessions]
        await given.accept(offers[0])
        ids = [each["assignment_id"] for each in offers] + [str(uuid4())]
        answer = await given.office("smtc").post("/offers/accept", json={"assignment_ids": ids})
        assert [(each["accepted"], each["code"]) for each in answer.json()] == [
            (False, "offer.closed"),
            (True, None),
            (True, None),
            (False, "offer.unknown"),
        ]
        assert (await given.types())[-1] == "order.staffed"

    async def test_an_answer_for_an_old_version_is_refused(self, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        url = f"/offers/{offer['assignment_id']}"
        client = given.office("smtc")
        assert (await client.get(url)).headers["etag"] == '"1"'
        answer = await client.post(f"{url}/accept", json={}, headers={"If-Match": '"7"'})
        assert (answer.status_code, answer.json()["code"]) == (409, "version.stale")

    async def test_too_late_is_refused_though_the_deadline_has_not_fired_yet(self, dispatch, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        async with dispatch.transactions.begin() as tx:
            await move_clock(tx, await now(tx) + timedelta(hours=25))
        answer = await given.accept(offer)
        assert (answer.status_code, answer.json()["code"]) == (409, "offer.too_late")


class TestSubstitute:
    async def test_somebody_else_of_the_college_comes_and_the_first_is_free(self, dispatch, given):
        await given.college()
        proposed, other = await given.person(), await given.person()
        session = given.session(proposed=proposed)
        await given.confirmed(session)
        answer = await given.substitute(await given.offer(session), other)
        assert answer.status_code == 200, answer.text
        assert await given.reserved(proposed) == []
        assert await given.reserved(other) == [("session", "firm")]
        said = (await dispatch.facts(type="assignment.substituted.v1"))[0]
        assert (said.person_id, said.instead_of) == (other, proposed)
        assert (await given.types())[-1] == "order.staffed"

    async def test_after_acceptance_too(self, given):
        await given.college()
        proposed, other = await given.person(), await given.person()
        session = given.session(proposed=proposed)
        await given.confirmed(session)
        offer = await given.offer(session)
        await given.accept(offer)
        assert (await given.substitute(offer, other)).status_code == 200
        assert await given.reserved(proposed) == []

    async def test_who_cannot_come_is_refused_with_all_rules_and_nothing_changes(self, given):
        await given.college()
        proposed, low = await given.person(), await given.person(level="L4")
        session = given.session(proposed=proposed)
        await given.confirmed(session)
        answer = await given.substitute(await given.offer(session), low)
        assert (answer.status_code, answer.json()["code"]) == (409, "person.cannot_come")
        assert answer.json()["parameters"]["rule"] == "qualification.too_low"
        assert await given.reserved(proposed) == [("session", "held")]

    async def test_another_colleges_person_is_unknown(self, given):
        await given.college()
        await given.college("smu")
        proposed, stranger = await given.person(), await given.person("smu")
        session = given.session(proposed=proposed)
        await given.confirmed(session)
        answer = await given.substitute(await given.offer(session), stranger)
        assert (answer.status_code, answer.json()["code"]) == (404, "person.unknown")

    async def test_at_the_limit_of_the_quota_a_substitute_still_can_come(self, given):
        await given.college(week=1)
        proposed, other = await given.person(), await given.person()
        session = given.session(proposed=proposed)
        await given.confirmed(session)
        assert (await given.substitute(await given.offer(session), other)).status_code == 200


class TestDecline:
    async def test_the_next_best_is_asked_in_the_same_moment(self, dispatch, given):
        await given.college()
        far, near = await given.person(home="350481"), await given.person()
        session = given.session(proposed=far)
        await given.confirmed(session)
        answer = await given.decline(await given.offer(session), "own_lessons")
        assert (answer.status_code, answer.json()["state"]) == (200, "declined")
        declined, offered = (await dispatch.envelopes(session.order_id))[-2:]
        assert declined.fact().reason.code == "decline.own_lessons"
        assert (offered.fact().person_id, offered.fact().step) == (near, 1)
        assert (declined.causationid, offered.causationid) == (None, declined.id)
        assert await given.reserved(far) == []
        assert await given.reserved(near) == [("session", "held")]

    async def test_who_said_no_is_not_asked_again(self, dispatch, given):
        await given.college()
        one = await given.person()
        session = given.session(proposed=one)
        await given.confirmed(session)
        await given.decline(await given.offer(session))
        told = (await dispatch.facts(session.order_id))[-1]
        assert (told.type, told.declined) == ("session.unstaffable.v1", (one,))

    async def test_a_reason_that_no_programme_knows_is_refused(self, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        answer = await given.decline(await given.offer(session), "no_mood")
        assert (answer.status_code, answer.json()["code"]) == (422, "decline.unknown_reason")


class TestWithdraw:
    async def test_a_promise_given_back_goes_to_the_next_best_in_the_same_moment(self, dispatch, given):
        await given.college()
        far, near = await given.person(home="350481"), await given.person()
        session = given.session(proposed=far)
        await given.confirmed(session)
        offer = await given.offer(session)
        await given.accept(offer)
        await dispatch.forget()
        answer = await given.withdraw(offer, "illness")
        assert (answer.status_code, answer.json()["state"]) == (200, "released")
        released, offered = await dispatch.envelopes(session.order_id)
        assert (released.fact().was_firm, released.fact().reason.code) == (True, "decline.illness")
        assert (offered.fact().person_id, offered.causationid) == (near, released.id)
        assert await given.reserved(far) == []
        await given.accept(await given.offer(session))
        assert (await given.types())[-1] == "order.staffed"  # said again: the gap had taken it back

    async def test_it_is_a_no_for_every_time(self, dispatch, given):
        await given.college()
        only = await given.person()
        session = given.session(proposed=only)
        await given.confirmed(session)
        offer = await given.offer(session)
        await given.accept(offer)
        await given.withdraw(offer)
        told = (await dispatch.facts(session.order_id))[-1]
        assert (told.type, told.declined) == ("session.unstaffable.v1", (only,))
        await dispatch.deliver(given.moved(session, slot=given.session(day=2).slot, proposed=only))
        assert await given.open_offers() == []

    async def test_only_what_is_firm_and_has_not_begun(self, dispatch, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        early = await given.withdraw(offer)
        assert (early.status_code, early.json()["code"]) == (409, "offer.not_firm")
        await given.accept(offer)
        unknown = await given.withdraw(offer, "no_mood")
        assert unknown.json()["code"] == "decline.unknown_reason"
        await dispatch.fire_deadlines(session.slot.starts_at)
        late = await given.withdraw(offer)
        assert (late.status_code, late.json()["code"]) == (409, "offer.begun")


class TestLapse:
    async def test_nobody_answers_so_the_next_best_is_asked(self, dispatch, given):
        await given.college()
        one, two = await given.person(), await given.person()
        session = given.session(proposed=one)
        await given.confirmed(session)
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=25))
        facts = await dispatch.facts(session.order_id)
        assert [each.type for each in facts[1:3]] == ["assignment.lapsed.v1", "assignment.offered.v1"]
        assert facts[2].person_id == two
        assert await given.reserved(one) == []

    async def test_no_answer_is_not_a_no_at_another_time_the_same_person_is_asked(self, dispatch, given):
        await given.college()
        only = await given.person()
        session = given.session(proposed=only)
        await given.confirmed(session)
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=25))
        told = (await dispatch.facts(session.order_id))[-1]
        assert (told.type, told.declined) == ("session.unstaffable.v1", ())
        assert told.tried[0].code == "offer.lapsed_before"
        await dispatch.deliver(given.moved(session, proposed=None))
        assert await given.open_offers(session.session_id) == []
        other = given.moved(session, slot=given.session(day=2).slot, proposed=only, revision=3)
        await dispatch.deliver(other)
        assert (await given.offer(session))["person_id"] == str(only)

    async def test_a_no_after_a_lapse_is_a_no(self, dispatch, given):
        await given.college()
        only = await given.person()
        session = given.session(proposed=only)
        await given.confirmed(session)
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=25))
        for day in (2, 3):
            moved = given.moved(session, slot=given.session(day=day).slot, proposed=only, revision=day)
            await dispatch.deliver(moved)
            for offer in await given.open_offers(session.session_id):
                await given.decline(offer)
        told = (await dispatch.facts(session.order_id))[-1]
        assert (told.type, told.declined) == ("session.unstaffable.v1", (only,))

    async def test_an_accepted_offer_does_not_lapse(self, dispatch, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        await given.accept(await given.offer(session))
        assert await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=25)) == 0
        assert "assignment.lapsed" not in await given.types()


class TestAssignments:
    async def test_an_instructor_sees_his_own_and_nobody_elses(self, dispatch, given):
        await given.college()
        person = await given.person()
        session = given.session()
        await given.confirmed(session)
        await given.accept(await given.offer(session))
        me = client_on_person(dispatch, person)
        own = (await me.get("/assignments", params={"person": "me"})).json()
        assert [each["session_id"] for each in own] == [str(session.session_id)]
        other = client_on_person(dispatch, uuid4())
        assert (await other.get("/assignments", params={"person": "me"})).json() == []
        answer = await other.get("/assignments", params={"person": str(person)})
        assert answer.status_code == 404

    async def test_the_union_sees_who_leads_a_session(self, given):
        await given.college()
        person = await given.person()
        session = given.session()
        await given.confirmed(session)
        await given.accept(await given.offer(session))
        found = (await given.union.get("/assignments", params={"session_id": str(session.session_id)})).json()
        assert [each["person_id"] for each in found] == [str(person)]


def client_on_person(dispatch, person):
    client = client_on(dispatch.service, "instructor", organisation="smtc")
    issuer = Issuer.from_file("portal", keys_of_the_run() / "portal.pem")
    token = issuer.user_token("instructor-1", ["instructor"], "smtc", person=str(person))
    client.headers["Authorization"] = f"Bearer {token}"
    return client


class TestOwnWords:
    async def test_another_reason_needs_words_which_the_union_reads_and_no_fact_has(self, dispatch, given):
        await given.college()
        only = await given.person()
        session = given.session(proposed=only)
        await given.confirmed(session)
        offer = await given.offer(session)
        office, path = given.office("smtc"), f"/offers/{offer['assignment_id']}/decline"
        for silent in ({}, {"words": "  "}):
            refused = await office.post(path, json={"reason": "other"} | silent)
            assert (refused.status_code, refused.json()["code"]) == (422, "decline.says_nothing")
        assert (await given.offer(session))["state"] == "offered"
        told = await office.post(path, json={"reason": "other", "words": " 校庆当天停课 "})
        assert (told.status_code, told.json()["state"]) == (200, "declined")
        (read,) = (await given.union.get("/refusals/words")).json()
        assert (read["assignment_id"], read["college_id"]) == (offer["assignment_id"], "smtc")
        assert (read["person_id"], read["reason"], read["words"]) == (str(only), "other", "校庆当天停课")
        assert (await office.get("/refusals/words")).json() == [read]
        assert (await given.office("smu").get("/refusals/words")).json() == []
        said = [envelope.to_bytes().decode() for envelope in await dispatch.envelopes(session.order_id)]
        assert not [each for each in said if "校庆" in each]
        async with dispatch.transactions.begin() as tx:
            assert "校庆".encode() not in await tx.driver.fetchval("select words from words_of_no")

    async def test_other_reasons_may_have_words_too_and_a_promise_given_back(self, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        await given.accept(offer)
        told = {"reason": "illness", "words": "下周返岗"}
        await given.office("smtc").post(f"/offers/{offer['assignment_id']}/withdraw", json=told)
        (read,) = (await given.union.get("/refusals/words")).json()
        assert (read["reason"], read["words"]) == ("illness", "下周返岗")

    async def test_they_are_kept_as_long_as_the_rules_say_and_the_reason_stays(self, dispatch, given):
        await given.college()
        await given.person()
        session = given.session()
        await given.confirmed(session)
        offer = await given.offer(session)
        told = {"reason": "other", "words": "校庆当天停课"}
        await given.office("smtc").post(f"/offers/{offer['assignment_id']}/decline", json=told)
        (read,) = (await given.union.get("/refusals/words")).json()
        async with dispatch.transactions.begin() as tx:
            end = await tx.driver.fetchval("select due from due where kind = 'words.end'")
            assert end - datetime.fromisoformat(read["said_at"]) == timedelta(days=180)
            await tx.driver.execute("update due set due = $1 where kind = 'words.end'", DAYS_AGO)
        await dispatch.fire_deadlines()
        assert (await given.union.get("/refusals/words")).json() == []
        declined = [
            fact for fact in await dispatch.facts(session.order_id) if fact.type == "assignment.declined.v1"
        ]
        assert [fact.reason.code for fact in declined] == ["decline.other"]
