"""What order-intake does about the facts of others; every fact is delivered twice."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from contracts.evaluation import DeliveryCompleted, EvaluationCompleted, SessionOpened
from contracts.order_intake import OrderFulfilled, OrderLineClosed, OrderStarted
from contracts.scheduling import SchemeConfirmed, SchemeWithdrawn
from contracts.values import Stage, because

from .conftest import LINE

EVALUATION = LINE | {"service": "skill_evaluation"}


COMPETITION = LINE | {"service": "skills_competition"}


def confirmed(order, *stages, version=1, by_hand=()):
    return SchemeConfirmed(
        order_id=UUID(order), version=version, hash="9f" * 32, stages=stages, cohorts=(), sessions=3,
        by_hand=by_hand,
    )  # fmt: skip


def withdrawn(order, version=1):
    return SchemeWithdrawn(order_id=UUID(order), version=version, reason=because("order.amended", revision=1))


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

    async def test_a_scheme_that_was_withdrawn_ends_nothing(self, intake, given, jinniu):
        """The enterprise confirms in the same moment in which it amends: the old scheme's delivery is void."""
        order = await given.an_accepted(LINE, EVALUATION)
        await intake.deliver(
            confirmed(order, Stage.DELIVERY, Stage.EVALUATION),
            opened(order),
            delivered(order),
            withdrawn(order),
        )
        await intake.deliver(evaluated(order, 2))
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "started"
        await intake.deliver(confirmed(order, Stage.EVALUATION, version=2))
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "fulfilled"

    async def test_an_amended_order_waits_for_its_new_scheme(self, intake, given, jinniu):
        order = await given.an_accepted(LINE, EVALUATION)
        await intake.deliver(
            confirmed(order, Stage.DELIVERY, Stage.EVALUATION), opened(order), delivered(order)
        )
        lines = [LINE | {"line": 1, "latest": "2027-07-31"}, EVALUATION | {"line": 2}]
        assert (await jinniu.post(f"/orders/{order}/amend", json={"lines": lines})).status_code == 204
        await intake.deliver(evaluated(order, 2))
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "started"


class TestLinesThatNoStageEnds:
    async def close(self, who, order, line=1, heads=8):
        return await who.post(f"/orders/{order}/lines/{line}/close", json={"heads": heads})

    async def test_an_order_of_a_competition_ends_when_the_union_closes_it(
        self, intake, given, union, jinniu
    ):
        order = await given.an_accepted(COMPETITION)
        early = await self.close(union, order)
        assert (early.status_code, early.json()["code"]) == (409, "order.scheme_not_confirmed")
        await intake.deliver(confirmed(order, by_hand=(1,)))
        shown = (await jinniu.get(f"/orders/{order}")).json()
        assert (shown["state"], shown["lines_by_hand"], shown["closed_lines"]) == ("accepted", [1], [])
        assert (await self.close(jinniu, order)).status_code == 403
        many = await self.close(union, order, heads=9)
        assert (many.status_code, many.json()["code"]) == (422, "order.more_than_ordered")
        assert (await self.close(union, order, heads=7)).status_code == 204
        facts = await intake.facts(order)
        assert [(type(fact), getattr(fact, "heads", None)) for fact in facts[-2:]] == [
            (OrderLineClosed, 7), (OrderFulfilled, None),
        ]  # fmt: skip
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "fulfilled"

    async def test_what_is_taught_waits_for_what_is_not(self, intake, given, union, jinniu):
        order = await given.an_accepted(LINE, COMPETITION)
        await intake.deliver(confirmed(order, Stage.DELIVERY, by_hand=(2,)), opened(order), delivered(order))
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "started"
        taught = await self.close(union, order, line=1)
        assert (taught.status_code, taught.json()["code"]) == (409, "order.line_has_stages")
        assert (await self.close(union, order, line=2)).status_code == 204
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "fulfilled"

    async def test_a_line_is_closed_once_and_may_come_first(self, intake, given, union, jinniu):
        order = await given.an_accepted(LINE, COMPETITION)
        await intake.deliver(confirmed(order, Stage.DELIVERY, by_hand=(2,)), opened(order))
        assert (await self.close(union, order, line=2)).status_code == 204
        again = await self.close(union, order, line=2)
        assert (again.status_code, again.json()["code"]) == (409, "order.line_closed_already")
        unknown = await self.close(union, order, line=3)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "order.line_unknown")
        await intake.deliver(delivered(order))
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "fulfilled"

    async def test_a_closed_line_stays_as_it_was_when_the_order_is_amended(
        self, intake, given, union, jinniu
    ):
        order = await given.an_accepted(COMPETITION, COMPETITION)
        await intake.deliver(confirmed(order, by_hand=(1, 2)))
        assert (await self.close(union, order, line=1)).status_code == 204
        lines = [COMPETITION | {"line": 1}, COMPETITION | {"line": 2, "latest": "2027-07-31"}]
        assert (await jinniu.post(f"/orders/{order}/amend", json={"lines": lines})).status_code == 204
        assert (await jinniu.get(f"/orders/{order}")).json()["closed_lines"] == [1]
        lines[0]["latest"] = "2027-08-31"
        changed = await jinniu.post(f"/orders/{order}/amend", json={"lines": lines})
        assert (changed.status_code, changed.json()["code"]) == (409, "order.line_closed_already")
        gone = await jinniu.post(f"/orders/{order}/amend", json={"lines": lines[1:]})
        assert (gone.status_code, gone.json()["code"]) == (409, "order.line_closed_already")
        await intake.deliver(confirmed(order, version=2, by_hand=(1, 2)))
        assert (await self.close(union, order, line=2)).status_code == 204
        assert (await jinniu.get(f"/orders/{order}")).json()["state"] == "fulfilled"
