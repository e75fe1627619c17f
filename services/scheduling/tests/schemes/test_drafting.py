"""From an accepted order to a draft, and what happens when the order changes."""

import asyncio
from datetime import date, timedelta

from contracts.scheduling import (
    SchemeDeclined,
    SchemeDrafted,
    SchemeRevised,
    SchemeWithdrawn,
    SessionCancelled,
)
from contracts.values import Qualification, Stage

from ..builders import (
    WELDER,
    a_line,
    amended,
    an_evaluation_line,
    an_instructor,
    an_order_accepted,
    cancelled,
    opened,
)

CNC = "6-18-01-07"


class TestDraftAScheme:
    async def test_an_accepted_order_delivered_twice_is_drafted_once(self, scheduling, given):
        order = await given.a_draft()
        (drafted,) = await scheduling.facts(order.order_id)
        assert isinstance(drafted, SchemeDrafted)
        assert (drafted.version, drafted.cohorts, drafted.sessions, drafted.unplaced) == (1, 1, 2, 0)
        assert (drafted.class_hours, drafted.stages) == (6, (Stage.DELIVERY,))

    async def test_the_draft_is_made_because_of_the_acceptance(self, scheduling, given):
        accepted = an_order_accepted()
        (cause,) = await scheduling.deliver(accepted, key="the-union-accepts")
        await scheduling.work_off_jobs()
        (envelope,) = await scheduling.envelopes(accepted.order_id)
        assert (envelope.causationid, envelope.correlationid) == (cause, "the-union-accepts")

    async def test_every_session_has_a_time_a_person_and_the_reasons(self, given):
        order = await given.a_draft()
        scheme = await given.scheme(order)
        assert [s["position"] for s in scheme["sessions"]] == [1, 2]
        for session in scheme["sessions"]:
            assert session["band"] == "eve"
            assert session["day"] >= "2026-09-07"
            assert session["person_id"]
            assert "chosen.among" in {reason["code"] for reason in session["reasons"]}
        assert scheme["cost"]["total"] == "3240.00"

    async def test_an_order_of_evaluation_only_has_a_scheme_without_sessions(self, scheduling, given):
        order = await given.a_draft(an_evaluation_line())
        (drafted,) = await scheduling.facts(order.order_id)
        assert (drafted.sessions, drafted.stages) == (0, (Stage.EVALUATION,))
        assert drafted.subsidy_expected > 0

    async def test_an_order_that_cannot_be_planned_is_given_back_with_the_reason(self, scheduling, given):
        order = await given.a_draft(a_line(units=("no-such-unit",)))
        (declined,) = await scheduling.facts(order.order_id)
        assert isinstance(declined, SchemeDeclined)
        assert (declined.version, declined.reason.code) == (1, "unit.unknown")
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"], scheme["hash"]) == ("declined", 1, None)

    async def test_what_finds_nobody_stays_without_a_time_and_says_why(self, scheduling, given, union):
        order = await given.a_draft(a_line(occupation=WELDER, units=("wd5-safety",)))
        (drafted,) = await scheduling.facts(order.order_id)
        assert (drafted.sessions, drafted.unplaced) == (2, 2)
        scheme = await given.scheme(order)
        assert {r["code"] for r in scheme["sessions"][0]["reasons"]} == {"slot.nobody_qualified"}
        refused = await union.post(
            f"/orders/{order.order_id}/scheme/approve", json={"version": 1, "hash": scheme["hash"]}
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "scheme.has_unplaced")

    async def test_another_draft_is_the_next_version(self, scheduling, given, union):
        order = await given.a_draft()
        answer = await union.post(f"/orders/{order.order_id}/scheme/redraft")
        assert answer.status_code == 204
        await scheduling.work_off_jobs()
        first, second = await scheduling.facts(order.order_id)
        assert isinstance(second, SchemeRevised)
        assert (second.version, second.hash) == (2, first.hash)  # nothing has changed: the same content


class TestTwoDraftsAtOnce:
    async def test_the_later_one_sees_what_the_first_proposes(self, scheduling, given):
        """Both are read before either is saved: the second to save is computed again."""
        runner = scheduling.service.runner
        await scheduling.work_off_jobs()
        only = an_instructor(qualifications=(Qualification(occupation=CNC, level="L1"),))
        await scheduling.deliver(only)
        works = ("bgzb", "fjzc", "jinniu")
        orders = [
            an_order_accepted(a_line(occupation=CNC, units=("cnc5-safety",)), enterprise=name)
            for name in works
        ]
        await scheduling.deliver(*orders)
        while any(await asyncio.gather(*(runner.do_one() for _ in orders))):
            pass
        taken = []
        for order in orders:
            scheme = await given.scheme(order)
            assert scheme["unplaced"] == 0
            taken += [(s["person_id"], s["day"], s["band"]) for s in scheme["sessions"]]
        assert len(set(taken)) == len(taken)
        assert len(await scheduling.facts(type="scheme.drafted.v1")) == len(orders)

    async def test_an_order_cancelled_while_it_is_drafted_gets_no_scheme(self, scheduling, given):
        order = await given.an_order()
        await scheduling.deliver(cancelled(order))
        await scheduling.work_off_jobs()
        assert await scheduling.facts(order.order_id) == []


class TestAnotherOrdersRevision:
    async def test_what_waits_for_a_signature_counts_once(self, scheduling, given, union):
        """Two sessions stand, one of them is to be moved on: its new time is spoken for, the rest is not doubled."""
        only = an_instructor(
            qualifications=(Qualification(occupation=CNC, level="L1"),), most_sessions_week=3
        )
        await scheduling.deliver(only)
        line = a_line(occupation=CNC, units=("cnc5-safety",))
        order, sessions = await given.in_force(line)
        last = max(sessions, key=lambda s: s.position)
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{last.session_id}/move",
            json={"day": str(last.slot.day + timedelta(days=7)), "band": last.slot.band},
        )
        assert answer.status_code == 204, answer.text
        other = await given.a_draft(
            a_line(occupation=CNC, units=("cnc5-safety",), earliest=line.earliest), enterprise="fjzc"
        )
        first = (await given.scheme(other))["sessions"][0]
        assert first["person_id"] == str(only.person_id)
        week = sessions[0].slot.day.isocalendar()[:2]
        assert date.fromisoformat(first["day"]).isocalendar()[:2] == week  # the third of the week


class TestAmendedOrder:
    async def test_a_draft_of_the_old_lines_is_withdrawn_and_another_made(self, scheduling, given):
        order = await given.a_draft()
        await scheduling.deliver(amended(order, a_line(people=9, bands=("pm",))))
        await scheduling.work_off_jobs()
        said = await scheduling.facts(order.order_id)
        assert [type(fact) for fact in said] == [SchemeDrafted, SchemeWithdrawn, SchemeRevised]
        scheme = await given.scheme(order)
        assert (scheme["version"], scheme["state"]) == (2, "drafted")
        assert len(scheme["cohorts"][0]["workers"]) == 9
        assert {s["band"] for s in scheme["sessions"]} == {"pm"}

    async def test_sessions_in_force_are_cancelled_and_those_held_stay(self, scheduling, given):
        line = a_line(units=("el5-safety", "el5-basics"))
        order, sessions = await given.in_force(line)
        held, *ahead = sessions
        await scheduling.deliver(opened(held))
        await scheduling.deliver(amended(order, line.model_copy(update={"latest": date(2026, 11, 30)})))
        await scheduling.work_off_jobs()
        withdrawn, *cancellations, revised = await scheduling.facts(order.order_id)
        assert isinstance(withdrawn, SchemeWithdrawn)
        assert withdrawn.reason.code == "order.amended"
        assert {f.session_id for f in cancellations} == {s.session_id for s in ahead}
        assert all(isinstance(fact, SessionCancelled) for fact in cancellations)
        assert isinstance(revised, SchemeRevised)
        assert revised.sessions == len(sessions) - 1  # what was taught is not taught again
        await given.sign(order)
        rows = await given.sessions(order)
        assert rows[str(held.session_id)]["state"] == "held"
        assert sum(row["state"] == "scheduled" for row in rows.values()) == len(sessions) - 1


class TestCancelledOrder:
    async def test_the_scheme_is_withdrawn_and_every_session_ahead_cancelled_once(self, scheduling, given):
        order, sessions = await given.in_force()
        await scheduling.deliver(opened(sessions[0]))
        await scheduling.deliver(cancelled(order))
        withdrawn, gone = await scheduling.facts(order.order_id)
        assert isinstance(withdrawn, SchemeWithdrawn)
        assert isinstance(gone, SessionCancelled)
        assert gone.session_id == sessions[1].session_id
        assert gone.reason.code == "order.no_longer_needed"
        assert {row["state"] for row in (await given.sessions(order)).values()} == {"held", "cancelled"}

    async def test_nothing_more_can_be_asked_of_it(self, scheduling, given, union):
        order = await given.a_draft()
        await scheduling.deliver(cancelled(order))
        refused = await union.post(f"/orders/{order.order_id}/scheme/redraft")
        assert (refused.status_code, refused.json()["code"]) == (409, "scheme.order_cancelled")
