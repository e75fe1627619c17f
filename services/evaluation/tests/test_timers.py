"""What happens because nobody opened a session: deadlines on a real database, the coordinator's ways out by facts."""

from datetime import timedelta

from contracts.evaluation import DeliveryCompleted, SessionMissed, SessionOpened
from contracts.instructor_dispatch import AssignmentReleased
from contracts.scheduling import SessionCancelled, SessionMoved
from contracts.values import because

from . import builders as a

GRACE = timedelta(hours=48)


def moved(session, slot):
    return SessionMoved(
        **session.model_dump(exclude={"slot", "revision"}),
        slot=slot,
        revision=2,
        because=because("session.moved_by_hand"),
        was=session.slot,
    )


def cancelled(session):
    return SessionCancelled(
        order_id=session.order_id, session_id=session.session_id, reason=because("session.not_made_up")
    )


async def deadlines(evaluation, *sessions):
    async with evaluation.transactions.begin() as tx:
        rows = await tx.driver.fetch(
            "select due from due where kind = 'session.opening_over' and key = any($1) order by due",
            [str(each.session_id) for each in sessions],
        )
    return [row["due"] for row in rows]


async def state_of(union, session):
    return (await union.get(f"/sessions/{session.session_id}")).json()["state"]


class TestNobodyOpened:
    async def test_it_was_missed_and_its_cause_is_that_it_was_scheduled(self, evaluation, given, union):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        until = session.slot.ends_at + GRACE
        assert await deadlines(evaluation, session) == [until]
        await evaluation.fire_deadlines(until - timedelta(minutes=1))
        assert await evaluation.facts(played.order_id) == []
        await evaluation.fire_deadlines(until + timedelta(seconds=1))
        (missed,) = await evaluation.facts(played.order_id)
        assert missed == SessionMissed(
            order_id=played.order_id,
            session_id=session.session_id,
            slot=session.slot,
            opening_until=until,
            person_id=played.lead,
        )
        (envelope,) = await evaluation.envelopes(played.order_id)
        assert envelope.causationid is not None
        assert await state_of(union, session) == "missed"
        assert await deadlines(evaluation, session) == []

    async def test_that_nobody_was_firm_is_part_of_it(self, evaluation, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        gone = a.an_assignment(session, played.lead)
        released = AssignmentReleased(
            order_id=played.order_id,
            assignment_id=gone.assignment_id,
            session_id=session.session_id,
            college_id="smtc",
            person_id=played.lead,
            was_firm=True,
            reason=because("absence.illness"),
        )
        await evaluation.deliver(gone, released)
        await evaluation.fire_deadlines(session.slot.ends_at + GRACE)
        (missed,) = await evaluation.facts(played.order_id)
        assert missed.person_id is None

    async def test_what_was_opened_is_not_missed(self, evaluation, given, union):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await given.opened(played, session)
        assert await deadlines(evaluation, session) == []
        await evaluation.fire_deadlines(session.slot.ends_at + 2 * GRACE)
        assert [type(each) for each in await evaluation.facts(played.order_id)] == [SessionOpened]
        assert await state_of(union, session) == "open"

    async def test_a_session_moved_in_time_has_the_deadline_of_its_new_time(self, evaluation, given, union):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        later = a.a_slot(session.slot.day + timedelta(days=9), "pm")
        await evaluation.deliver(moved(session, later))
        assert await deadlines(evaluation, session) == [later.ends_at + GRACE]
        await evaluation.fire_deadlines(session.slot.ends_at + GRACE)
        assert await state_of(union, session) == "planned"

    async def test_a_cancelled_session_has_none(self, evaluation, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await evaluation.deliver(cancelled(session))
        assert await deadlines(evaluation, session) == []
        await evaluation.fire_deadlines(session.slot.ends_at + GRACE)
        assert await evaluation.facts(played.order_id) == []

    async def test_a_deadline_that_comes_too_soon_is_set_again(self, evaluation, given, union):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        async with evaluation.transactions.begin() as tx:
            await tx.driver.execute(
                "update due set due = $2 where key = $1", str(session.session_id), session.slot.ends_at
            )
        await evaluation.fire_deadlines(session.slot.ends_at + timedelta(hours=1))
        assert await state_of(union, session) == "planned"
        assert await deadlines(evaluation, session) == [session.slot.ends_at + GRACE]


class TestAfterwards:
    async def test_a_missed_session_is_held_at_its_new_time(self, evaluation, given, union, jinniu):
        played = await given.an_order(heads=4, sessions=1)
        session = played.sessions[0]
        await evaluation.fire_deadlines(session.slot.ends_at + GRACE)
        later = a.a_slot(await given.today() + timedelta(days=7))
        fresh = moved(session, later)
        await evaluation.deliver(fresh)
        assert await state_of(union, session) == "planned"
        assert await deadlines(evaluation, session) == [later.ends_at + GRACE]
        await evaluation.deliver(a.an_assignment(fresh, played.lead))
        await given.closed(played, fresh)
        assert (await jinniu.post(f"/sessions/{session.session_id}/confirm")).status_code == 204
        assert isinstance((await evaluation.facts(played.order_id))[-1], DeliveryCompleted)

    async def test_it_can_be_missed_again(self, evaluation, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await evaluation.fire_deadlines(session.slot.ends_at + GRACE)
        later = a.a_slot(await given.today() + timedelta(days=7))
        await evaluation.deliver(moved(session, later))
        await evaluation.fire_deadlines(later.ends_at + GRACE)
        assert [each.slot for each in await evaluation.facts(played.order_id)] == [session.slot, later]

    async def test_the_order_is_delivered_without_a_missed_session_that_is_cancelled(
        self, evaluation, given, union, jinniu
    ):
        played = await given.an_order(heads=4, sessions=2)
        first, second = played.sessions
        await given.closed(played, first)
        await jinniu.post(f"/sessions/{first.session_id}/confirm")
        await evaluation.fire_deadlines(second.slot.ends_at + GRACE)
        assert await state_of(union, second) == "missed"
        assert await evaluation.facts(played.order_id, type="delivery.completed.v1") == []
        await evaluation.deliver(cancelled(second))
        (completed,) = await evaluation.facts(played.order_id, type="delivery.completed.v1")
        assert (completed.sessions, completed.heads, completed.class_hours) == (1, 4, 4)

    async def test_an_upgraded_database_knows_when_sessions_were_closed_and_awaits_the_others(
        self, evaluation, given, union
    ):
        """The second migration, on rows of the first: what its statements do."""
        from evaluation.migrations import v0002_missed_and_settled_sessions as migration  # noqa: PLC0415

        played = await given.an_order(sessions=2)
        first, second = played.sessions
        await given.closed(played, first)
        (closed,) = await evaluation.facts(played.order_id, type="session.closed.v1")
        async with evaluation.transactions.begin() as tx:
            await tx.driver.execute("update session set closed_at = null")
            await tx.driver.execute("delete from due where kind = 'session.opening_over'")
            await tx.driver.execute(migration.CLOSED_AT)
            await tx.driver.execute(migration.DEADLINES)
            kept = await tx.driver.fetchval(
                "select closed_at from session where session_id = $1", first.session_id
            )
        assert kept == closed.closed_at
        assert await deadlines(evaluation, first, second) == [second.slot.ends_at]
        await evaluation.fire_deadlines(second.slot.ends_at + GRACE)
        assert await state_of(union, second) == "missed"
