"""Two steps: a college takes an offer for itself, then names or confirms who comes, by a deadline of its own."""

from datetime import datetime, timedelta

import pytest

from contracts.scheduling import SessionCancelled
from contracts.values import because


async def step(given, offer, what, **asked):
    """One of the steps, as the college that was asked."""
    url = f"/offers/{offer['assignment_id']}/{what}"
    return await given.office(offer["college_id"]).post(url, json=asked or None)


@pytest.fixture
async def taken(dispatch, given):
    """A college has taken an offer that proposes somebody; it has another one as well."""
    await given.college("smtc", target=20)
    proposed, other = await given.person(), await given.person()
    session = given.session(proposed=proposed)
    await given.confirmed(session)
    answer = await step(given, await given.offer(session), "take")
    assert answer.status_code == 200, answer.text
    return session, answer.json(), proposed, other


class TestTaken:
    async def test_the_place_is_the_colleges_and_the_person_stays_held(self, dispatch, given, taken):
        _, offer, proposed, _ = taken
        assert (offer["state"], offer["person_id"]) == ("taken", str(proposed))
        assert datetime.fromisoformat(offer["name_by"]) - await dispatch.now() > timedelta(hours=47)
        assert await given.reserved(proposed) == [("session", "held")]
        assert [each["state"] for each in (await given.office("smtc").get("/offers")).json()] == ["taken"]
        assert (await given.types())[-1] == "assignment.taken"

    async def test_the_time_to_answer_has_nothing_to_do_with_the_time_to_name(self, dispatch, given, taken):
        _, _, proposed, _ = taken
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=25))
        assert await given.reserved(proposed) == [("session", "held")]

    async def test_it_is_taken_once(self, given, taken):
        _, offer, *_ = taken
        again = await step(given, offer, "take")
        assert (again.status_code, again.json()["code"]) == (409, "offer.taken_already")

    async def test_the_person_proposed_is_confirmed(self, given, taken):
        _, offer, proposed, _ = taken
        answer = await step(given, offer, "confirm")
        assert (answer.status_code, answer.json()["state"]) == (200, "firm")
        assert await given.reserved(proposed) == [("session", "firm")]
        assert (await given.types())[-2:] == ["assignment.accepted", "order.staffed"]

    @pytest.mark.parametrize("named", ["proposed", "other"])
    async def test_somebody_is_named(self, given, taken, named):
        _, offer, proposed, other = taken
        comes, stays = (proposed, other) if named == "proposed" else (other, proposed)
        answer = await step(given, offer, "name", person_id=str(comes))
        assert (answer.status_code, answer.json()["person_id"]) == (200, str(comes))
        assert await given.reserved(comes) == [("session", "firm")]
        assert await given.reserved(stays) == []

    async def test_who_cannot_come_is_refused_with_every_reason_and_who_could(self, given, taken):
        session, offer, proposed, other = taken
        low = await given.person(level="L5")
        times = {
            "starts_at": session.slot.starts_at.isoformat(),
            "ends_at": session.slot.ends_at.isoformat(),
            "reason": "illness",
        }
        await given.office("smtc").post(f"/instructors/{low}/absences", json=times)
        answer = await step(given, offer, "name", person_id=str(low))
        told = answer.json()
        assert (answer.status_code, told["code"]) == (409, "person.cannot_come")
        assert [each["code"] for each in told["parameters"]["reasons"]] == [
            "qualification.too_low",
            "absence.overlaps",
        ]
        assert {each["person_id"] for each in told["parameters"]["choices"]} == {str(proposed), str(other)}
        assert await given.reserved(proposed) == [("session", "held")]

    async def test_it_is_given_back_with_a_reason_and_the_next_is_asked(self, given, taken):
        session, offer, proposed, other = taken
        assert (await given.decline(offer)).status_code == 200
        assert await given.reserved(proposed) == []
        assert (await given.offer(session))["person_id"] == str(other)

    async def test_when_the_person_falls_ill_the_place_stays_the_colleges(self, dispatch, given, taken):
        session, offer, proposed, other = taken
        times = {
            "starts_at": session.slot.starts_at.isoformat(),
            "ends_at": session.slot.ends_at.isoformat(),
            "reason": "illness",
        }
        await given.office("smtc").post(f"/instructors/{proposed}/absences", json=times)
        (seen,) = (await given.office("smtc").get("/offers")).json()
        assert (seen["state"], seen["person_id"], seen["name_by"]) == ("taken", None, offer["name_by"])
        refused = await step(given, offer, "confirm")
        assert (refused.status_code, refused.json()["code"]) == (422, "offer.names_nobody")
        assert (await step(given, offer, "name", person_id=str(other))).json()["state"] == "firm"
        assert await given.reserved(proposed) == [("absence", "firm")]

    async def test_nobody_named_in_time_is_reminded_and_then_lapses(self, dispatch, given, taken):
        session, offer, proposed, other = taken
        name_by = datetime.fromisoformat(offer["name_by"])
        await dispatch.fire_deadlines(name_by - timedelta(hours=11))
        assert (await given.types())[-1] == "assignment.reminded"
        await dispatch.fire_deadlines(name_by - timedelta(minutes=1))
        assert await given.reserved(proposed) == [("session", "held")]
        await dispatch.fire_deadlines(name_by)
        said = await dispatch.facts(session.order_id)
        assert [(each.type, getattr(each, "taken", None)) for each in said[-2:]] == [
            ("assignment.lapsed.v1", True),
            ("assignment.offered.v1", None),
        ]
        assert await given.reserved(proposed) == []
        assert (await given.offer(session))["person_id"] == str(other)
        assert [each.type for each in said].count("assignment.reminded.v1") == 1
        late = await step(given, offer, "confirm")
        assert (late.status_code, late.json()["code"]) == (409, "offer.not_taken")


async def test_whoever_is_named_at_once_is_not_reminded(dispatch, given, taken):
    _, offer, *_ = taken
    await step(given, offer, "confirm")
    await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=60))
    assert "assignment.reminded" not in await given.types()


async def test_a_place_taken_speaks_for_the_quota_until_it_ends(dispatch, given):
    await given.college("smtc", week=1)
    proposed = await given.person()
    await given.person()
    first, second = given.session(proposed=proposed), given.session(day=1)
    await given.confirmed(first)
    await step(given, await given.offer(first), "take")
    times = {
        "starts_at": first.slot.starts_at.isoformat(),
        "ends_at": first.slot.ends_at.isoformat(),
        "reason": "illness",
    }
    await given.office("smtc").post(f"/instructors/{proposed}/absences", json=times)
    await given.confirmed(second)
    assert await given.open_offers(second.session_id) == []
    assert (await given.types())[-1] == "session.unstaffable"
    off = because("order.cancelled")
    await dispatch.deliver(SessionCancelled(order_id=first.order_id, session_id=first.session_id, reason=off))
    await dispatch.fire_deadlines(await dispatch.now())
    assert len(await given.open_offers(second.session_id)) == 1


async def test_what_names_its_person_cannot_be_taken_first(given):
    await given.college("smtc")
    session = given.session()
    await given.confirmed(session)
    url = f"/sessions/{session.session_id}/open-call"
    await given.union.post(url, json={"college_ids": ["smtc"]})
    offer = await given.offer(session)
    answers = [await step(given, offer, "take"), await step(given, offer, "confirm")]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (422, "offer.names_nobody"),
        (409, "offer.not_taken"),
    ]
