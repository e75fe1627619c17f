"""What follows from facts of others; every fact arrives twice."""

from datetime import timedelta
from uuid import uuid4

from contracts.instructor_dispatch import AssignmentReleased, AssignmentSubstituted
from contracts.order_intake import OrderAmended, OrderCancelled
from contracts.scheduling import SessionCancelled, SessionMoved
from contracts.values import ServiceLine, because

from . import builders as a


async def seen(union, session):
    return (await union.get(f"/sessions/{session.session_id}")).json()


async def test_scheduled_sessions_are_expected_with_their_lead(given, union):
    played = await given.an_order(sessions=2)
    listed = (await union.get("/sessions", params={"order_id": str(played.order_id)})).json()
    assert [(each["state"], each["lead"]) for each in listed] == [("planned", str(played.lead))] * 2


async def test_a_moved_session_has_its_new_time_and_waits_for_its_lead(evaluation, given, union):
    played = await given.an_order(sessions=1)
    session = played.sessions[0]
    later = a.a_slot(session.slot.day + timedelta(days=7), "pm")
    moved = SessionMoved(
        **session.model_dump(exclude={"slot", "revision"}),
        slot=later,
        revision=2,
        because=because("session.unstaffable"),
        was=session.slot,
    )
    await evaluation.deliver(moved)
    after = await seen(union, session)
    assert (after["slot"]["band"], after["lead"]) == ("pm", None)
    await evaluation.deliver(a.an_assignment(session, played.lead))
    assert (await seen(union, session))["lead"] == str(played.lead)


async def test_a_released_lead_opens_nothing_and_the_substitute_does(evaluation, given):
    played = await given.an_order(sessions=1)
    session = played.sessions[0]
    first = a.an_assignment(session, uuid4())
    released = AssignmentReleased(
        order_id=played.order_id,
        assignment_id=first.assignment_id,
        session_id=session.session_id,
        college_id="smtc",
        person_id=first.person_id,
        was_firm=True,
        reason=because("absence.illness"),
    )
    substitute = AssignmentSubstituted(
        order_id=played.order_id,
        assignment_id=uuid4(),
        session_id=session.session_id,
        college_id="smag",
        person_id=uuid4(),
        instead_of=first.person_id,
    )
    await evaluation.deliver(first, released, substitute)
    await given.move_to(session.slot.starts_at)
    path = f"/sessions/{session.session_id}/open"
    assert (await given.as_person("instructor", first.person_id).post(path)).status_code == 403
    assert (await given.as_person("instructor", substitute.person_id).post(path)).status_code == 204


async def test_the_release_of_an_older_assignment_leaves_the_new_lead(evaluation, given, union):
    played = await given.an_order(sessions=1)
    session = played.sessions[0]
    old, new = a.an_assignment(session, uuid4()), a.an_assignment(session, uuid4())
    released = AssignmentReleased(
        order_id=played.order_id,
        assignment_id=old.assignment_id,
        session_id=session.session_id,
        college_id="smtc",
        person_id=old.person_id,
        was_firm=True,
        reason=because("absence.illness"),
    )
    await evaluation.deliver(old, new, released)
    assert (await seen(union, session))["lead"] == str(new.person_id)


async def test_cancelling_the_last_open_session_completes_the_delivery(evaluation, given, jinniu):
    played = await given.an_order(sessions=2)
    first, second = played.sessions
    await given.closed(played, first)
    await jinniu.post(f"/sessions/{first.session_id}/confirm")
    cancelled = SessionCancelled(
        order_id=played.order_id, session_id=second.session_id, reason=because("scheme.withdrawn_order")
    )
    await evaluation.deliver(cancelled)
    (completed,) = await evaluation.facts(played.order_id, type="delivery.completed.v1")
    assert completed.sessions == 1
    told = [each for each in await evaluation.envelopes(played.order_id) if "delivery" in each.type]
    assert told[0].causationid is not None


async def test_a_cancelled_session_is_not_opened(evaluation, given):
    played = await given.an_order(sessions=1)
    session = played.sessions[0]
    await evaluation.deliver(
        SessionCancelled(
            order_id=played.order_id, session_id=session.session_id, reason=because("order.cancelled_by")
        )
    )
    await given.move_to(session.slot.starts_at)
    answer = await given.as_person("instructor", played.lead).post(f"/sessions/{session.session_id}/open")
    assert (answer.status_code, answer.json()["code"]) == (409, "session.not_planned")


async def test_a_session_that_was_opened_is_neither_moved_nor_cancelled(evaluation, given, union):
    played = await given.an_order(sessions=1)
    session = played.sessions[0]
    await given.opened(played, session)
    moved = SessionMoved(
        **session.model_dump(exclude={"slot", "revision"}),
        slot=a.a_slot(session.slot.day + timedelta(days=7)),
        revision=2,
        because=because("session.unstaffable"),
        was=session.slot,
    )
    cancelled = SessionCancelled(
        order_id=played.order_id, session_id=session.session_id, reason=because("order.cancelled_by")
    )
    await evaluation.deliver(moved, cancelled)
    after = await seen(union, session)
    assert (after["state"], after["slot"]["day"]) == ("open", session.slot.day.isoformat())


async def test_a_second_scheme_adds_its_sessions_to_what_is_promised(evaluation, given, jinniu):
    played = await given.an_order(sessions=1)
    session = played.sessions[0]
    await given.closed(played, session)
    fresh = a.a_cohort(played.workers)
    day = session.slot.day + timedelta(days=3)
    added = a.a_scheduled(played.order_id, fresh, slot=a.a_slot(day))
    await evaluation.deliver(
        a.a_scheme(played.order_id, [fresh], 1).model_copy(update={"version": 2}),
        added,
        a.an_assignment(added, played.lead),
    )
    await jinniu.post(f"/sessions/{session.session_id}/confirm")
    assert await evaluation.facts(played.order_id, type="delivery.completed.v1") == []
    await given.closed(played, added)
    await jinniu.post(f"/sessions/{added.session_id}/confirm")
    (completed,) = await evaluation.facts(played.order_id, type="delivery.completed.v1")
    assert (completed.sessions, completed.heads, completed.person_times) == (2, 4, 8)


async def test_an_amended_order_evaluates_its_new_trainees(evaluation, given, union):
    played = await given.an_order(sessions=0)
    more = given.people(2)
    await evaluation.deliver(
        OrderAmended(
            order_id=played.order_id,
            revision=1,
            lines=(a.a_line(1, ServiceLine.SKILL_EVALUATION, [*played.workers, *more]),),
            amended_on=a.MONDAY,
        ),
        a.a_scheme(played.order_id, [], 0),
    )
    await evaluation.work_off_jobs()
    batch = await given.a_batch(played, line=1)
    assert len(batch.evaluations) == 6


def amended(order_id):
    lines = (a.a_line(1, ServiceLine.THEORY_TRAINING, []),)
    return OrderAmended(order_id=order_id, revision=1, lines=lines, amended_on=a.MONDAY)


async def completions(evaluation, played):
    return len(await evaluation.facts(played.order_id, type="delivery.completed.v1"))


class TestAnAmendedOrder:
    async def test_is_not_delivered_because_what_was_still_ahead_is_cancelled(
        self, evaluation, given, jinniu
    ):
        played = await given.an_order(heads=4, sessions=2)
        first, second = played.sessions
        await given.closed(played, first)
        await jinniu.post(f"/sessions/{first.session_id}/confirm")
        gone = SessionCancelled(
            order_id=played.order_id, session_id=second.session_id, reason=because("order.amended")
        )
        await evaluation.deliver(amended(played.order_id), gone)
        assert await completions(evaluation, played) == 0

    async def test_whose_new_scheme_has_nothing_left_to_hold_is_delivered_again(
        self, evaluation, given, jinniu
    ):
        played = await given.an_order(heads=4, sessions=1)
        (session,) = played.sessions
        await given.closed(played, session)
        await jinniu.post(f"/sessions/{session.session_id}/confirm")
        assert await completions(evaluation, played) == 1
        await evaluation.deliver(amended(played.order_id), a.a_scheme(played.order_id, [], 0))
        assert await completions(evaluation, played) == 2

    async def test_that_is_cancelled_is_never_delivered(self, evaluation, given, jinniu):
        played = await given.an_order(heads=4, sessions=2)
        first, second = played.sessions
        await given.closed(played, first)
        await jinniu.post(f"/sessions/{first.session_id}/confirm")
        reason = because("order.production_peak")
        await evaluation.deliver(
            OrderCancelled(order_id=played.order_id, reason=reason, cancelled_on=a.MONDAY),
            SessionCancelled(order_id=played.order_id, session_id=second.session_id, reason=reason),
        )
        assert await completions(evaluation, played) == 0
