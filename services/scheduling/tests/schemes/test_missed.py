"""A session that nobody opened, and one that is not wanted any more: moved to a later time, or cancelled."""

from datetime import date, timedelta

import pytest

from contracts.scheduling import SchemeConfirmed, SchemeRevised, SessionCancelled, SessionMoved
from contracts.values import because

from ..builders import a_line, missed, opened

WHY = {"code": "session.not_made_up"}


def a_wide_line(**given):
    """Open until winter: the clock of these tests runs on."""
    return a_line(**({"bands": (), "latest": date(2026, 12, 18)} | given))


@pytest.fixture
def missing(scheduling, given):
    """Brings an order to where one of its sessions was missed: 1 = its first, 2 = its second and last."""

    async def brought(position, *lines):
        order, sessions = await given.in_force(*(lines or [a_wide_line()]))
        by_position = sorted(sessions, key=lambda s: s.position)
        for held in by_position[: position - 1]:
            await scheduling.deliver(opened(held))
        gone = by_position[position - 1]
        await scheduling.fire_deadlines(gone.slot.ends_at + timedelta(hours=48))
        await scheduling.deliver(missed(gone))
        return order, gone, by_position

    return brought


def move_of(order, session):
    return f"/orders/{order.order_id}/scheme/sessions/{session.session_id}/move"


def cancel_of(order, session):
    return f"/orders/{order.order_id}/scheme/sessions/{session.session_id}/cancel"


async def row_of(given, order, session):
    return (await given.sessions(order))[str(session.session_id)]


class TestMissed:
    async def test_it_waits_on_the_timetable_for_the_coordinator(self, scheduling, given, missing):
        order, gone, _ = await missing(2)
        row = await row_of(given, order, gone)
        assert (row["state"], row["person_id"]) == ("missed", None)
        assert await scheduling.facts(order.order_id) == []

    async def test_what_was_opened_moved_or_cancelled_meanwhile_is_not_missed(self, scheduling, given, union):
        order, (first, second) = await given.in_force(a_wide_line())
        other = next(band for band in ("am", "pm", "eve") if band != second.slot.band)
        answer = await union.post(move_of(order, second), json={"day": str(second.slot.day), "band": other})
        assert answer.status_code == 204, answer.text
        await scheduling.deliver(opened(first), missed(first), missed(second))
        assert (await row_of(given, order, first))["state"] == "held"
        assert (await row_of(given, order, second))["state"] == "scheduled"
        assert (await union.post(cancel_of(order, second), json={"reason": WHY})).status_code == 204
        await scheduling.deliver(missed(second))
        assert (await row_of(given, order, second))["state"] == "cancelled"


class TestMoveIt:
    async def test_both_agree_on_its_new_time_and_it_is_offered_again(
        self, scheduling, given, union, missing
    ):
        order, gone, _ = await missing(2)
        later = gone.slot.day + timedelta(days=7)
        answer = await union.post(move_of(order, gone), json={"day": str(later), "band": gone.slot.band})
        assert answer.status_code == 204, answer.text
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"], scheme["in_force"]) == ("drafted", 2, 1)
        assert (await row_of(given, order, gone))["state"] == "missed"
        await given.sign(order)
        revised, _approved, confirmed, moved = await scheduling.facts(order.order_id)
        assert isinstance(revised, SchemeRevised)
        assert isinstance(confirmed, SchemeConfirmed)
        assert isinstance(moved, SessionMoved)
        assert (moved.session_id, moved.was, moved.slot.day) == (gone.session_id, gone.slot, later)
        assert moved.proposed is not None
        assert (await row_of(given, order, gone))["state"] == "scheduled"

    async def test_every_rule_holds_for_it_too(self, given, union, missing):
        order, gone, (_, second) = await missing(1)
        wrong = {
            str(gone.slot.day): "slot.day_past",
            str(second.slot.day): "slot.order_of_sessions",
            "2026-12-19": "slot.outside_window",
        }
        for day, code in wrong.items():
            answer = await union.post(move_of(order, gone), json={"day": day, "band": "eve"})
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (409, "session.cannot_move")
            assert code in {reason["code"] for reason in problem["parameters"]["reasons"]}

    async def test_it_is_made_up_for_after_later_ones_were_held(self, scheduling, given, union, missing):
        order, gone, (_, second) = await missing(1)
        await scheduling.deliver(opened(second))
        await scheduling.fire_deadlines(second.slot.ends_at + timedelta(days=1))
        later = second.slot.day + timedelta(days=7)
        answer = await union.post(move_of(order, gone), json={"day": str(later), "band": gone.slot.band})
        assert answer.status_code == 204, answer.text
        await given.sign(order)
        assert (await row_of(given, order, gone))["slot"]["day"] == str(later)


class TestCancelOne:
    async def test_a_missed_session_is_cancelled_and_the_rest_stands(self, scheduling, given, union, missing):
        order, gone, (first, _) = await missing(2)
        before = (await given.scheme(order))["version"]
        answer = await union.post(cancel_of(order, gone), json={"reason": WHY})
        assert answer.status_code == 204, answer.text
        (cancelled,) = await scheduling.facts(order.order_id)
        assert cancelled == SessionCancelled(
            order_id=order.order_id, session_id=gone.session_id, reason=because("session.not_made_up")
        )
        (envelope,) = await scheduling.envelopes(order.order_id)
        assert (envelope.causationid, envelope.actor) == (None, "union-1")
        assert (await row_of(given, order, gone))["state"] == "cancelled"
        assert (await row_of(given, order, first))["state"] == "held"
        assert (await given.scheme(order))["version"] == before
        again = await union.post(cancel_of(order, gone), json={"reason": WHY})
        assert (again.status_code, again.json()["code"]) == (409, "session.not_ahead")
        held = await union.post(cancel_of(order, first), json={"reason": WHY})
        assert (held.status_code, held.json()["code"]) == (409, "session.not_ahead")

    async def test_one_that_is_still_ahead_too_but_not_the_last_of_its_order(self, scheduling, given, union):
        order, (first, second) = await given.in_force(a_wide_line())
        assert (await union.post(cancel_of(order, first), json={"reason": WHY})).status_code == 204
        last = await union.post(cancel_of(order, second), json={"reason": WHY})
        assert (last.status_code, last.json()["code"]) == (409, "session.last_of_order")
        assert [type(fact) for fact in await scheduling.facts(order.order_id)] == [SessionCancelled]

    async def test_a_version_on_the_desk_is_revised_without_it(self, scheduling, given, union):
        order, sessions = await given.in_force(a_wide_line(units=("el5-safety", "el5-basics")))
        *_, other, last = sorted(sessions, key=lambda s: s.position)
        later = last.slot.day + timedelta(days=7)
        answer = await union.post(move_of(order, last), json={"day": str(later), "band": last.slot.band})
        assert answer.status_code == 204, answer.text
        assert (await union.post(cancel_of(order, other), json={"reason": WHY})).status_code == 204
        first, cancelled, second = await scheduling.facts(order.order_id)
        assert isinstance(cancelled, SessionCancelled)
        assert (first.sessions - 1, second.version) == (second.sessions, 3)
        await given.sign(order)
        assert (await row_of(given, order, other))["state"] == "cancelled"
        assert (await row_of(given, order, last))["slot"]["day"] == str(later)

    async def test_a_later_version_is_made_without_it(self, given, union):
        order, sessions = await given.in_force(a_wide_line(units=("el5-safety", "el5-basics")))
        *_, other, last = sorted(sessions, key=lambda s: s.position)
        assert (await union.post(cancel_of(order, other), json={"reason": WHY})).status_code == 204
        later = last.slot.day + timedelta(days=7)
        answer = await union.post(move_of(order, last), json={"day": str(later), "band": last.slot.band})
        assert answer.status_code == 204, answer.text
        scheme = await given.scheme(order)
        assert str(other.session_id) not in {each["session_id"] for each in scheme["sessions"]}

    async def test_only_the_union_and_only_sessions_of_that_order(
        self, scheduling, given, union, clerk, stranger
    ):
        order, (first, _) = await given.in_force(a_wide_line())
        elsewhere, _ = await given.in_force(a_wide_line())
        for client in (clerk, stranger, scheduling.client("college", organisation="smtc")):
            assert (await client.post(cancel_of(order, first), json={"reason": WHY})).status_code == 403
        wrong = await union.post(cancel_of(elsewhere, first), json={"reason": WHY})
        assert (wrong.status_code, wrong.json()["code"]) == (404, "scheme.session_unknown")
        stale = await union.post(cancel_of(order, first), json={"reason": WHY}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (409, "version.stale")
        words = {"reason": {"code": "session.not_made_up", "figures": {"why": "老师没来"}}}
        assert (await union.post(cancel_of(order, first), json=words)).json()["code"] == "scheme.reason_wrong"
        assert await scheduling.facts(order.order_id) == []
