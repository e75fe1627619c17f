"""An open call: the coordinator asks several colleges; of those that answer in time the least loaded has it."""

from datetime import timedelta
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
    async def test_nobody_is_held_by_the_call_and_the_first_has_it_when_nobody_else_comes(
        self, dispatch, given
    ):
        await given.college("smtc")
        await given.college("smu")
        session = await an_open_call(given, "smtc", "smu")
        person = await given.person("smu")
        offers = {each["college_id"]: each for each in await given.open_offers(session.session_id)}
        assert [each["person_id"] for each in offers.values()] == [None, None]
        answer = await given.accept(offers["smu"], person_id=str(person))
        assert (answer.status_code, answer.json()["person_id"]) == (200, str(person))
        assert answer.json()["state"] == "volunteered"
        assert await given.reserved(person) == [("session", "held")]
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=29))
        assert await given.reserved(person) == [("session", "held")]
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=2))
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


async def call(given, batch, *colleges):
    return await given.union.post(
        f"/batches/{batch.batch_id}/open-call", json={"college_ids": list(colleges)}
    )


async def a_batch_that_lacks_two(given):
    """Three assessors are wanted; one is found."""
    for college in ("smtc", "smu", "fjmvc"):
        await given.college(college)
    found = await given.person("smtc", assessor=True)
    batch = given.batch(assessors=3)
    await given.service.deliver(batch)
    await given.accept(await given.offer_of(batch.batch_id))
    return batch, found


class TestOpenCallForABatch:
    async def test_is_open_until_nobody_is_missing(self, dispatch, given):
        batch, found = await a_batch_that_lacks_two(given)
        answer = await call(given, batch, "smtc", "smu", "fjmvc")
        assert (answer.status_code, len(answer.json()["assignment_ids"])) == (201, 3)
        offers = {each["college_id"]: each for each in await given.open_offers(batch.batch_id)}
        first = await given.person("smu", assessor=True)
        assert (await given.accept(offers["smu"], person_id=str(first))).json()["state"] == "volunteered"
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=31))
        assert await given.reserved(first) == [("batch", "firm")]
        assert {each["college_id"] for each in await given.open_offers(batch.batch_id)} == {"smtc", "fjmvc"}
        twice = await given.accept(offers["smtc"], person_id=str(found))
        assert (twice.status_code, twice.json()["code"]) == (409, "person.cannot_come")
        second = await given.person("smtc", assessor=True)
        assert (await given.accept(offers["smtc"], person_id=str(second))).json()["state"] == "volunteered"
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=31))
        assert await given.open_offers(batch.batch_id) == []
        late = await given.accept(offers["fjmvc"], person_id=str(await given.person("fjmvc", assessor=True)))
        assert (late.status_code, late.json()["code"]) == (409, "offer.closed")
        firm = (await given.union.get("/offers", params={"state": "firm"})).json()
        assert {each["person_id"] for each in firm} == set(map(str, (found, first, second)))
        assert (await call(given, batch, "smu")).json()["code"] == "call.has_offer"

    async def test_a_college_that_named_one_is_called_again_by_the_coordinator(self, dispatch, given):
        batch, _ = await a_batch_that_lacks_two(given)
        await call(given, batch, "smu", "fjmvc")
        again = await call(given, batch, "smu")
        assert (again.status_code, again.json()["code"]) == (409, "call.asked_already")
        offers = {each["college_id"]: each for each in await given.open_offers(batch.batch_id)}
        await given.accept(offers["smu"], person_id=str(await given.person("smu", assessor=True)))
        assert (await call(given, batch, "smu")).json()["code"] == "call.asked_already"
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=31))
        assert (await call(given, batch, "smu")).status_code == 201
        offers = {each["college_id"]: each for each in await given.open_offers(batch.batch_id)}
        await given.accept(offers["smu"], person_id=str(await given.person("smu", assessor=True)))
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(minutes=31))
        assert await given.open_offers(batch.batch_id) == []

    async def test_when_the_last_says_no_or_nothing_and_somebody_is_missing_it_is_told(self, dispatch, given):
        batch, _ = await a_batch_that_lacks_two(given)
        await call(given, batch, "smu", "fjmvc")
        before = (await given.types()).count("batch.unstaffable")
        offers = {each["college_id"]: each for each in await given.open_offers(batch.batch_id)}
        await given.decline(offers["fjmvc"])
        assert (await given.types()).count("batch.unstaffable") == before
        await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=49))
        told = [each for each in await dispatch.facts(batch.order_id) if each.type == "batch.unstaffable.v1"]
        assert len(told) == before + 1
        assert told[-1].missing == 2

    async def test_when_the_last_names_one_and_another_is_missing_the_search_goes_on(self, dispatch, given):
        batch, _ = await a_batch_that_lacks_two(given)
        await call(given, batch, "smu")
        offer = await given.offer_of(batch.batch_id)
        named = await given.person("smu", assessor=True)
        await given.accept(offer, person_id=str(named))
        assert (await given.types())[-1] == "batch.unstaffable"
        told = [each for each in await dispatch.facts(batch.order_id) if each.type == "batch.unstaffable.v1"]
        assert told[-1].missing == 1

    async def test_sessions_and_batches_have_their_own_doors(self, dispatch, given):
        batch, _ = await a_batch_that_lacks_two(given)
        session = given.session()
        await given.confirmed(session)
        answers = [
            await given.union.post(f"/sessions/{batch.batch_id}/open-call", json={"college_ids": ["smu"]}),
            await given.union.post(f"/batches/{session.session_id}/open-call", json={"college_ids": ["smu"]}),
            await given.office("smu").post(
                f"/batches/{batch.batch_id}/open-call", json={"college_ids": ["smu"]}
            ),
            await call(given, batch, "nowhere"),
        ]
        assert [(each.status_code, each.json()["code"]) for each in answers] == [
            (404, "call.session_unknown"),
            (404, "call.batch_unknown"),
            (403, "identity.role"),
            (404, "college.unknown"),
        ]
