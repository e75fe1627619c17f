"""Evaluation plans a batch: assessors are asked, enough of them, and none of those who taught."""

from contracts.evaluation import AssessorBarred, BatchCancelled, BatchMoved
from contracts.values import because


def moved(given, batch, day, **changes):
    """The same batch on another day."""
    told = dict(batch) | {"was": batch.slot, "slot": given.batch(day=day).slot} | changes
    return BatchMoved(**told)


def cancelled(batch):
    return BatchCancelled(
        order_id=batch.order_id, batch_id=batch.batch_id, line=1, reason=because("batch.no_power")
    )


class TestAskForAssessors:
    async def test_as_many_as_asked_for_with_a_card_and_none_who_taught(self, dispatch, given):
        await given.college()
        taught = await given.person(assessor=True)
        await given.person()
        cards = {await given.person(assessor=True) for _ in range(3)}
        batch = given.batch(assessors=3, barred=(taught,))
        await dispatch.deliver(batch)
        facts = await dispatch.facts(batch.order_id)
        assert {each.person_id for each in facts} == cards
        assert {(each.type, each.role.value, each.batch_id) for each in facts} == {
            ("assignment.offered.v1", "assessor", batch.batch_id)
        }
        for offer in await given.open_offers(batch.batch_id):
            assert (await given.accept(offer)).json()["state"] == "firm"
        assert await given.reserved(cards.pop()) == [("batch", "firm")]

    async def test_too_few_is_told_with_how_many_are_missing(self, dispatch, given):
        await given.college()
        await given.person(assessor=True)
        batch = given.batch(assessors=3)
        await dispatch.deliver(batch)
        offered, told = await dispatch.facts(batch.order_id)
        assert (offered.type, told.type, told.missing) == ("assignment.offered.v1", "batch.unstaffable.v1", 2)

    async def test_one_who_declines_is_replaced(self, dispatch, given):
        await given.college()
        for _ in range(2):
            await given.person(assessor=True)
        batch = given.batch(assessors=1)
        await dispatch.deliver(batch)
        await given.decline(await given.offer_of(batch.batch_id))
        offers = [
            each for each in await dispatch.facts(batch.order_id) if each.type == "assignment.offered.v1"
        ]
        assert len({each.person_id for each in offers}) == 2
        await given.decline(await given.offer_of(batch.batch_id))
        assert (await given.types())[-1] == "batch.unstaffable"

    async def test_a_batch_planned_anew_asks_anew(self, dispatch, given):
        await given.college()
        person = await given.person(assessor=True)
        batch = given.batch(assessors=1, day=1)
        await dispatch.deliver(batch)
        await dispatch.deliver(batch.model_copy(update={"slot": given.batch(day=2).slot}))
        assert await given.types() == ["assignment.offered", "assignment.released", "assignment.offered"]
        assert await given.reserved(person) == [("batch", "held")]

    async def test_quotas_are_of_sessions_and_not_of_batches(self, dispatch, given):
        await given.college(total=0, week=0)
        await given.person(assessor=True)
        batch = given.batch(assessors=1)
        await dispatch.deliver(batch)
        assert await given.types() == ["assignment.offered"]


class TestABatchThatIsMoved:
    async def test_frees_whoever_was_asked_and_asks_anew(self, dispatch, given):
        await given.college()
        people = [await given.person(assessor=True) for _ in range(2)]
        batch = given.batch(assessors=2, day=1)
        await dispatch.deliver(batch)
        firm, _ = await given.open_offers(batch.batch_id)
        await given.accept(firm)
        await dispatch.deliver(moved(given, batch, day=2))
        facts = await dispatch.facts(batch.order_id)
        released = [each for each in facts if each.type == "assignment.released.v1"]
        assert [(each.was_firm, each.reason.code) for each in released] == [
            (True, "batch.moved"),
            (False, "batch.moved"),
        ]
        offers = await given.open_offers(batch.batch_id)
        assert {each["person_id"] for each in offers} == set(map(str, people))
        assert {each["slot"]["day"] for each in offers} == {given.batch(day=2).slot.day.isoformat()}
        for person in people:
            assert await given.reserved(person) == [("batch", "held")]

    async def test_that_nobody_could_come_to_asks_who_said_no_to_the_old_day_too(self, dispatch, given):
        await given.college()
        person = await given.person(assessor=True)
        batch = given.batch(assessors=1, day=1)
        await dispatch.deliver(batch)
        await given.decline(await given.offer_of(batch.batch_id))
        assert (await given.types())[-1] == "batch.unstaffable"
        await dispatch.deliver(moved(given, batch, day=2))
        offer = await given.offer_of(batch.batch_id)
        assert offer["person_id"] == str(person)
        assert (await given.accept(offer)).json()["state"] == "firm"

    async def test_is_not_staffed_once_it_was_cancelled(self, dispatch, given):
        await given.college()
        await given.person(assessor=True)
        batch = given.batch(assessors=1, day=1)
        await dispatch.deliver(batch, cancelled(batch), moved(given, batch, day=2))
        assert await given.open_offers() == []


class TestABatchThatIsCancelled:
    async def test_frees_its_assessors(self, dispatch, given):
        await given.college()
        person = await given.person(assessor=True)
        batch = given.batch(assessors=1)
        await dispatch.deliver(batch)
        await given.accept(await given.offer_of(batch.batch_id))
        await dispatch.deliver(cancelled(batch))
        assert await given.reserved(person) == []
        assert await given.types() == ["assignment.offered", "assignment.accepted", "assignment.released"]
        (call,) = [
            each for each in await dispatch.facts(batch.order_id) if each.type == "assignment.released.v1"
        ]
        assert call.reason.code == "batch.no_power"


class TestAnAssessorWhoTeaches:
    async def test_is_freed_and_the_next_best_is_asked(self, dispatch, given):
        await given.college()
        people = {await given.person(assessor=True) for _ in range(2)}
        batch = given.batch(assessors=1)
        await dispatch.deliver(batch)
        first = await given.offer_of(batch.batch_id)
        await given.accept(first)
        (teacher,) = (each for each in people if str(each) == first["person_id"])
        await dispatch.deliver(
            AssessorBarred(order_id=batch.order_id, batch_id=batch.batch_id, person_id=teacher)
        )
        assert await given.reserved(teacher) == []
        assert (await given.offer_of(batch.batch_id))["person_id"] == str((people - {teacher}).pop())
        await given.decline(await given.offer_of(batch.batch_id))
        assert (await given.types())[-1] == "batch.unstaffable"

    async def test_a_place_that_the_college_has_taken_stays_the_colleges(self, dispatch, given):
        await given.college()
        teacher = await given.person(assessor=True)
        batch = given.batch(assessors=1)
        await dispatch.deliver(batch)
        offer = await given.offer_of(batch.batch_id)
        office = given.office("smtc")
        assert (await office.post(f"/offers/{offer['assignment_id']}/take")).status_code == 200
        await dispatch.deliver(
            AssessorBarred(order_id=batch.order_id, batch_id=batch.batch_id, person_id=teacher)
        )
        (seen,) = (await office.get("/offers")).json()
        assert (seen["state"], seen["person_id"]) == ("taken", None)
        assert await given.reserved(teacher) == []
