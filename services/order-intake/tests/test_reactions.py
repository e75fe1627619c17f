"""What order-intake does about the facts of others; every fact is delivered twice."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from contracts.evaluation import DeliveryCompleted, EvaluationCompleted, SessionOpened
from contracts.order_intake import OrderFulfilled, OrderStarted
from contracts.scheduling import SchemeConfirmed
from contracts.values import Stage

from .conftest import LINE

EVALUATION = LINE | {"service": "skill_evaluation"}


def confirmed(order, *stages, version=1):
    return SchemeConfirmed(
        order_id=UUID(order), version=version, hash="9f" * 32, stages=stages, cohorts=(), sessions=3
    )


def opened(order):
    return SessionOpened(
        order_id=UUID(order),
        session_id=uuid4(),
        person_id=uuid4(),
        opened_at=datetime(2027, 4, 1, tzinfo=UTC),
    )


def delivered(order):
    return DeliveryCompleted(order_id=UUID(order), sessions=3, heads=8, person_times=24, class_hours=9)


def evaluated(order, line):
    return EvaluationCompleted(
        order_id=UUID(order), batch_id=uuid4(), line=line, candidates=8, passed=7, certificates=7
    )


async def news(intake, order):
    return [fact for fact in await intake.facts(order) if isinstance(fact, OrderStarted | OrderFulfilled)]


class TestWhenSessionOpened:
    async def test_the_first_session_starts_the_order_because_of_it(self, intake, given, jinniu):
        order = await given.an_accepted()
        [cause, *_] = await intake.deliver(opened(order), opened(order), opened(order))
        assert [type(fact) for fact in await news(intake, order)] == [OrderStarted]
        assert (await intake.envelopes(order))[-1].causationid == cause
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "started"

    async def test_a_cancelled_order_is_not_started(self, intake, given, union):
        order = await given.an_accepted()
        await union.post(f"/orders/{order}/cancel", json={"reason": {"code": "order.other"}})
        await intake.deliver(opened(order))
        assert await news(intake, order) == []

    async def test_what_a_clerk_has_open_is_not_stale_because_of_progress(self, intake, given, jinniu):
        order = await given.an_accepted()
        version = (await jinniu.get(f"/orders/{order}")).headers["etag"]
        await intake.deliver(confirmed(order, Stage.DELIVERY))
        assert (await jinniu.get(f"/orders/{order}")).headers["etag"] == version


class TestWhenStagesAreDone:
    async def test_delivery_alone_fulfils_an_order_of_training(self, intake, given, jinniu):
        order = await given.an_accepted()
        await intake.deliver(confirmed(order, Stage.DELIVERY), opened(order), delivered(order))
        assert [type(fact) for fact in await news(intake, order)] == [OrderStarted, OrderFulfilled]
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "fulfilled"

    async def test_training_and_evaluation_both_must_be_done(self, intake, given, jinniu):
        order = await given.an_accepted(LINE, EVALUATION)
        await intake.deliver(
            confirmed(order, Stage.DELIVERY, Stage.EVALUATION), opened(order), delivered(order)
        )
        shown = (await jinniu.get(f"/orders/{order}")).json()
        assert (shown["state"], shown["delivered"], shown["evaluated_lines"]) == ("started", True, [])
        await intake.deliver(evaluated(order, 2))
        assert isinstance((await news(intake, order))[-1], OrderFulfilled)

    async def test_evaluation_may_be_done_first(self, intake, given):
        order = await given.an_accepted(LINE, EVALUATION)
        await intake.deliver(
            confirmed(order, Stage.DELIVERY, Stage.EVALUATION), opened(order), evaluated(order, 2)
        )
        assert len(await news(intake, order)) == 1
        await intake.deliver(delivered(order))
        assert isinstance((await news(intake, order))[-1], OrderFulfilled)

    async def test_a_scheme_confirmed_anew_is_delivered_anew(self, intake, given, jinniu):
        order = await given.an_accepted(LINE, EVALUATION)
        both = (Stage.DELIVERY, Stage.EVALUATION)
        await intake.deliver(confirmed(order, *both), opened(order), delivered(order))
        await intake.deliver(confirmed(order, *both, version=2), evaluated(order, 2))
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "started"
        await intake.deliver(delivered(order))
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "fulfilled"

    async def test_an_order_is_fulfilled_once(self, intake, given):
        order = await given.an_accepted()
        await intake.deliver(confirmed(order, Stage.DELIVERY), delivered(order), delivered(order))
        assert [type(fact) for fact in await news(intake, order)] == [OrderFulfilled]
