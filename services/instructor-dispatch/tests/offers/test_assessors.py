"""Evaluation plans a batch: assessors are asked, enough of them, and none of those who taught."""


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
