"""An open call: the coordinator asks several colleges; the first that names somebody has it."""

from uuid import uuid4


async def an_open_call(given, *colleges):
    session = given.session()
    await given.confirmed(session)
    answer = await given.union.post(
        f"/sessions/{session.session_id}/open-call", json={"college_ids": list(colleges)}
    )
    assert answer.status_code == 201, answer.text
    return session


class TestOpenCall:
    async def test_nobody_is_held_and_the_first_with_a_person_has_it(self, dispatch, given):
        await given.college("smtc")
        await given.college("smu")
        session = await an_open_call(given, "smtc", "smu")
        person = await given.person("smu")
        offers = {each["college_id"]: each for each in await given.open_offers(session.session_id)}
        assert [each["person_id"] for each in offers.values()] == [None, None]
        answer = await given.accept(offers["smu"], person_id=str(person))
        assert (answer.status_code, answer.json()["person_id"]) == (200, str(person))
        assert await given.reserved(person) == [("session", "firm")]
        assert await given.open_offers(session.session_id) == []
        late = await given.accept(offers["smtc"], person_id=str(await given.person("smtc")))
        assert (late.status_code, late.json()["code"]) == (409, "offer.closed")
        assert (await given.types())[-3:] == [
            "assignment.accepted",
            "assignment.released",
            "order.staffed",
        ]

    async def test_the_answer_must_name_somebody_who_can_come(self, given):
        await given.college("smtc")
        session = await an_open_call(given, "smtc")
        offer = await given.offer(session)
        nobody = await given.accept(offer)
        assert (nobody.status_code, nobody.json()["code"]) == (422, "offer.names_nobody")
        low = await given.person(level="L5")
        refused = await given.accept(offer, person_id=str(low))
        assert (refused.status_code, refused.json()["code"]) == (409, "person.cannot_come")
        assert (await given.offer(session))["state"] == "offered"

    async def test_when_all_decline_scheduling_is_told(self, given):
        await given.college("smtc")
        await given.college("smu")
        session = await an_open_call(given, "smtc", "smu")
        for offer in await given.open_offers(session.session_id):
            await given.decline(offer)
        types = await given.types()
        assert types[-1] == "session.unstaffable"
        assert types.count("session.unstaffable") == 2

    async def test_while_somebody_is_asked_there_is_no_call(self, given):
        await given.college("smtc")
        await given.person("smtc")
        session = given.session()
        await given.confirmed(session)
        url = f"/sessions/{session.session_id}/open-call"
        answer = await given.union.post(url, json={"college_ids": ["smtc"]})
        assert (answer.status_code, answer.json()["code"]) == (409, "call.has_offer")

    async def test_the_unknown_is_refused(self, given):
        await given.college("smtc", agreed=False)
        session = given.session()
        await given.confirmed(session)
        url = f"/sessions/{session.session_id}/open-call"
        answers = [
            await given.union.post(f"/sessions/{uuid4()}/open-call", json={"college_ids": ["smtc"]}),
            await given.union.post(url, json={"college_ids": ["nowhere"]}),
            await given.union.post(url, json={"college_ids": ["smtc"]}),
            await given.union.post(url, json={"college_ids": []}),
            await given.office("smtc").post(url, json={"college_ids": ["smtc"]}),
        ]
        assert [(each.status_code, each.json()["code"]) for each in answers] == [
            (404, "call.session_unknown"),
            (404, "college.unknown"),
            (409, "agreement.none"),
            (422, "request.invalid"),
            (403, "identity.role"),
        ]
