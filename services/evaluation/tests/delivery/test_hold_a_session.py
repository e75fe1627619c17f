"""Opening, signing in, closing, confirming: over HTTP, on a real database."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

from contracts.attendance import CorrectionProposed
from contracts.evaluation import (
    AttendanceCorrected,
    DeliveryCompleted,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionOpened,
)
from contracts.values import because
from evaluation.delivery import session as held

from .. import builders as a


class TestOpen:
    async def test_the_firm_lead_opens_the_session(self, evaluation, given):
        played = await given.an_order(sessions=1)
        await given.opened(played, played.sessions[0])
        (opened,) = await evaluation.facts(played.order_id)
        assert isinstance(opened, SessionOpened)
        assert opened.person_id == played.lead

    async def test_another_instructor_does_not(self, evaluation, given):
        played = await given.an_order(sessions=1)
        await given.move_to(played.sessions[0].slot.starts_at)
        other = given.as_person("instructor", uuid4())
        answer = await other.post(f"/sessions/{played.sessions[0].session_id}/open")
        assert (answer.status_code, answer.json()["code"]) == (403, "session.another_lead")
        assert await evaluation.facts(played.order_id) == []

    async def test_not_before_its_day(self, given):
        played = await given.an_order(sessions=1)
        lead = given.as_person("instructor", played.lead)
        answer = await lead.post(f"/sessions/{played.sessions[0].session_id}/open")
        assert (answer.status_code, answer.json()["code"]) == (409, "session.not_yet")

    async def test_not_days_after_it(self, evaluation, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await given.move_to(session.slot.ends_at + timedelta(hours=48))
        lead = given.as_person("instructor", played.lead)
        answer = await lead.post(f"/sessions/{session.session_id}/open")
        assert (answer.status_code, answer.json()["code"]) == (409, "session.too_late_to_open")
        assert "48" not in answer.json()["sentences"]["en"]  # when, not how long
        assert f"{session.slot.day + timedelta(days=2)} 11:45" in answer.json()["sentences"]["zh"]
        assert await evaluation.facts(played.order_id) == []

    async def test_only_instructors_open_and_nobody_opens_what_does_not_exist(self, given, jinniu):
        played = await given.an_order(sessions=1)
        assert (await jinniu.post(f"/sessions/{played.sessions[0].session_id}/open")).status_code == 403
        lead = given.as_person("instructor", played.lead)
        answer = await lead.post(f"/sessions/{uuid4()}/open")
        assert (answer.status_code, answer.json()["code"]) == (404, "session.unknown")


class TestSignIn:
    async def test_every_act_has_its_own_answer(self, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        await given.signed(lead, session, played.workers[:1])
        answers = await given.signed(lead, session, [*played.workers[:2], uuid4()])
        assert [(each["outcome"], each["reason"]) for each in answers] == [
            ("already", None),
            ("taken", None),
            ("refused", "sign_in.another_cohort"),
        ]

    async def test_a_refused_act_says_why_in_both_languages(self, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        (early,) = await given.signed(lead, session, played.workers[:1], late=-61)
        (ahead,) = await given.signed(lead, session, played.workers[:1], late=25)
        (taken,) = await given.signed(lead, session, played.workers[:1])
        opens_at = f"{session.slot.day}T07:30+08:00"
        assert (early["reason"], early["parameters"]) == ("sign_in.too_early", {"opens_at": opens_at})
        assert early["sentences"] == {
            "zh": f"签到时间过早，{opens_at} 起可以签到",
            "en": f"Signed in too early; sign-in begins at {opens_at}",
        }
        assert ahead["reason"] == "sign_in.clock_ahead"
        assert set(ahead["sentences"]) == {"zh", "en"}
        assert (taken["outcome"], taken["sentences"]) == ("taken", {})

    async def test_acts_made_without_a_network_count_hours_after_the_session(self, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        await given.move_to(session.slot.ends_at + timedelta(hours=20))
        answers = await given.signed(lead, session, played.workers, late=5)
        assert {each["outcome"] for each in answers} == {"taken"}

    async def test_the_same_acts_sent_again_count_once(self, evaluation, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        act = {
            "act_id": str(uuid4()),
            "worker_id": str(played.workers[0]),
            "at": session.slot.starts_at.isoformat(),
            "way": "roll_call",
        }
        path = f"/sessions/{session.session_id}/sign-in"
        first = await lead.post(path, json={"acts": [act, act]})
        again = await lead.post(path, json={"acts": [act]})
        assert [each["outcome"] for each in first.json() + again.json()] == [
            "taken",
            "already",
            "already",
        ]
        await given.move_to(session.slot.ends_at)
        await lead.post(f"/sessions/{session.session_id}/close")
        (closed,) = await evaluation.facts(played.order_id, type="session.closed.v1")
        assert isinstance(closed, SessionClosed)
        assert [str(each.act_id) for each in closed.attended] == [act["act_id"]]
        assert (closed.attended[0].way, closed.absent) == ("roll_call", 3)

    async def test_the_same_acts_from_many_requests_at_once_count_once(self, evaluation, given):
        played = await given.an_order(heads=6, sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        acts = [
            {
                "act_id": str(uuid4()),
                "worker_id": str(each),
                "at": session.slot.starts_at.isoformat(),
                "way": "scan",
            }
            for each in played.workers
        ]
        answers = await asyncio.gather(
            *(
                lead.post(f"/sessions/{session.session_id}/sign-in", json={"acts": acts[n % 3 :]})
                for n in range(20)
            )
        )
        assert {answer.status_code for answer in answers} == {200}
        taken = [each for answer in answers for each in answer.json() if each["outcome"] == "taken"]
        assert len(taken) == 6

    async def test_nobody_signs_in_after_closing(self, given):
        played = await given.an_order(sessions=1)
        lead = await given.closed(played, played.sessions[0], absent=1)
        answers = await given.signed(lead, played.sessions[0], played.workers[:1])
        assert [(each["outcome"], each["reason"]) for each in answers] == [("refused", "sign_in.closed")]

    async def test_another_instructor_signs_nobody_in(self, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await given.opened(played, session)
        act = {
            "act_id": str(uuid4()),
            "worker_id": str(played.workers[0]),
            "at": session.slot.starts_at.isoformat(),
            "way": "scan",
        }
        other = given.as_person("instructor", uuid4())
        answer = await other.post(f"/sessions/{session.session_id}/sign-in", json={"acts": [act]})
        assert (answer.status_code, answer.json()["code"]) == (403, "session.another_lead")

    async def test_an_empty_list_and_unknown_fields_are_refused(self, given):
        played = await given.an_order(sessions=1)
        lead = given.as_person("instructor", played.lead)
        path = f"/sessions/{played.sessions[0].session_id}/sign-in"
        assert (await lead.post(path, json={"acts": []})).status_code == 422
        assert (await lead.post(path, json={"acts": [], "extra": 1})).status_code == 422


class TestCloseAndConfirm:
    async def test_not_long_before_its_end(self, evaluation, given):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        path = f"/sessions/{session.session_id}/close"
        early = await lead.post(path)
        assert (early.status_code, early.json()["code"]) == (409, "session.not_over")
        assert early.json()["parameters"] == {"closes_from": f"{session.slot.day}T11:35+08:00"}
        await given.move_to(session.slot.ends_at - timedelta(minutes=10))
        assert (await lead.post(path)).status_code == 200
        assert len(await evaluation.facts(played.order_id, type="session.closed.v1")) == 1

    async def test_the_report_stays_here_encrypted_and_is_read_by_the_union(self, evaluation, given, union):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await given.closed(played, session, absent=1)
        sheet = (await union.get(f"/sessions/{session.session_id}")).json()
        assert (sheet["report_text"], sheet["person_times"], sheet["absent"]) == ("按计划完成", 3, 1)
        assert [row["signed_in"] for row in sheet["rows"]].count(True) == 3
        assert all(row["name"].startswith("演示") for row in sheet["rows"])
        async with evaluation.transactions.begin() as tx:
            raw = await tx.driver.fetchval(
                "select text from session_note where session_id = $1", session.session_id
            )
        assert "计划".encode() not in raw

    async def test_the_last_confirmation_completes_the_delivery(self, evaluation, given, jinniu):
        played = await given.an_order(heads=4, sessions=2)
        first, second = played.sessions
        await given.closed(played, first, absent=1)
        assert (await jinniu.post(f"/sessions/{first.session_id}/confirm")).status_code == 204
        assert await evaluation.facts(played.order_id, type="delivery.completed.v1") == []
        await given.closed(played, second)
        assert (await jinniu.post(f"/sessions/{second.session_id}/confirm")).status_code == 204
        (completed,) = await evaluation.facts(played.order_id, type="delivery.completed.v1")
        assert completed == DeliveryCompleted(
            order_id=played.order_id, sessions=2, heads=4, person_times=7, class_hours=8
        )

    async def test_another_enterprise_does_not_see_the_session(self, given, bgzb):
        played = await given.an_order(sessions=1)
        await given.closed(played, played.sessions[0])
        path = f"/sessions/{played.sessions[0].session_id}"
        for answer in (
            await bgzb.post(f"{path}/confirm"),
            await bgzb.post(f"{path}/dispute", json={"reason": {"code": "session.attendance_wrong"}}),
            await bgzb.get(path),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "session.unknown")
        assert (await bgzb.get(f"/sessions?order_id={played.order_id}")).status_code == 404

    async def test_a_dispute_ends_with_a_correction_and_a_confirmation(
        self, evaluation, given, union, jinniu
    ):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await given.closed(played, session, absent=1)
        path = f"/sessions/{session.session_id}"
        reason = {"code": "session.attendance_wrong", "figures": {"workers": 1}}
        disputed = await jinniu.post(f"{path}/dispute", json={"reason": reason, "text": "张某到了"})
        assert disputed.status_code == 204
        correction = {
            "worker_id": str(played.workers[0]),
            "minutes": 180,
            "act_id": str(uuid4()),
            "reason": {"code": "attendance.paper_list"},
        }
        proposed = await union.post(f"{path}/attendance", json=correction)
        assert proposed.status_code == 201
        waits = f"{path}/corrections/{proposed.json()['correction_id']}"
        own = await union.post(f"{waits}/confirm")
        assert (own.status_code, own.json()["code"]) == (403, "attendance.same_person")
        second = await union.post(f"{path}/attendance", json=correction)
        assert (second.status_code, second.json()["code"]) == (409, "attendance.correction_waits")
        (waiting,) = (await union.get("/corrections")).json()
        assert (waiting["name"], waiting["was"], waiting["minutes"]) == (
            (await union.get(path)).json()["rows"][0]["name"], 0, 180,
        )  # fmt: skip
        other = given.as_person("union", uuid4())
        assert (await other.post(f"{waits}/confirm")).status_code == 204
        again = await other.post(f"{waits}/refuse", json={"reason": {"code": "attendance.not_shown"}})
        assert (again.status_code, again.json()["code"]) == (409, "attendance.correction_decided")
        assert (await union.get("/corrections")).json() == []
        (kept,) = (await jinniu.get(path)).json()["corrections"]
        assert (kept["state"], kept["was"], kept["proposed_by"] != kept["decided_by"]) == (
            "confirmed",
            0,
            True,
        )
        assert (await jinniu.post(f"{path}/confirm")).status_code == 204
        told = await evaluation.facts(played.order_id)
        assert [type(each) for each in told] == [
            SessionOpened,
            SessionClosed,
            SessionDisputed,
            CorrectionProposed,
            AttendanceCorrected,
            SessionConfirmed,
            DeliveryCompleted,
        ]
        assert told[2].reason == because("session.attendance_wrong", workers=1)
        assert (told[4].proposed_by, told[4].was) == (waiting["proposed_by"], 0)
        assert told[5].person_times == 4
        after = await union.post(f"{path}/attendance", json=correction | {"minutes": 90})
        assert (after.status_code, after.json()["code"]) == (409, "delivery.completed_already")

    async def test_a_stale_version_is_refused(self, given, union, jinniu):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        await given.closed(played, session)
        path = f"/sessions/{session.session_id}"
        version = (await union.get(path)).headers["etag"]
        stale = await jinniu.post(f"{path}/confirm", headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (409, "version.stale")
        assert (await jinniu.post(f"{path}/confirm", headers={"If-Match": version})).status_code == 204

    async def test_the_lead_sees_their_own_sessions(self, given):
        played = await given.an_order(sessions=2)
        lead = given.as_person("instructor", played.lead)
        seen = (await lead.get("/sessions")).json()
        assert [each["session_id"] for each in seen] == [str(each.session_id) for each in played.sessions]


class TestLeftOpen:
    async def test_the_union_closes_what_its_lead_has_left_open_for_days(self, given, union):
        played = await given.an_order(heads=4, sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        await given.signed(lead, session, played.workers[1:])
        path = f"/sessions/{session.session_id}/close"
        await given.move_to(session.slot.ends_at + timedelta(hours=47))
        early = await union.post(path)
        assert (early.status_code, early.json()["code"]) == (409, "session.lead_closes")
        await given.move_to(session.slot.ends_at + timedelta(hours=48))
        closed = await union.post(path, json={"report_text": "授课教师未结课，按签到代为结课"})
        assert (closed.status_code, closed.json()) == (200, {"person_times": 3, "absent": 1})
        again = await union.post(path)
        assert (again.status_code, again.json()["code"]) == (409, "session.not_open")


class TestPresence:
    async def test_excused_gone_early_and_from_another_cohort_each_stand_on_the_sheet(
        self, evaluation, given, jinniu, union
    ):
        played = await given.an_order(heads=4, sessions=1)
        first = played.sessions[0]
        guest, stays = given.people(2)
        other = a.a_cohort([guest, stays])
        missed = a.a_scheduled(played.order_id, other, slot=a.a_slot(first.slot.day - timedelta(days=1)))
        await evaluation.deliver(
            a.a_scheme(played.order_id, [played.cohort, other], 2),
            missed,
            a.an_assignment(missed, played.lead),
        )
        path = f"/sessions/{first.session_id}"
        excuse = {"worker_id": str(played.workers[0]), "reason": "excuse.shift"}
        assert (await jinniu.post(f"{path}/excuses", json=excuse)).status_code == 204
        again = await jinniu.post(f"{path}/excuses", json=excuse)
        assert (again.status_code, again.json()["code"]) == (409, "attendance.excused_already")
        lead = given.as_person("instructor", played.lead)
        await given.move_to(missed.slot.starts_at)
        assert (await lead.post(f"/sessions/{missed.session_id}/open")).status_code == 204
        await given.signed(lead, missed, [stays])
        await given.move_to(missed.slot.ends_at)
        assert (await lead.post(f"/sessions/{missed.session_id}/close")).status_code == 200

        await given.move_to(first.slot.starts_at)
        here = {"arrived_at": first.slot.starts_at.isoformat()}
        assert (await lead.post(f"{path}/open", json=here)).status_code == 204
        late = await jinniu.post(f"{path}/excuses", json=excuse | {"worker_id": str(played.workers[1])})
        assert (late.status_code, late.json()["code"]) == (409, "attendance.excuse_too_late")
        await given.signed(lead, first, played.workers[1:3])
        assert {each["worker_id"] for each in (await lead.get(path)).json()["others"]} == {
            str(guest),
            str(stays),
        }
        assert (await union.get(path)).json()["others"] == []
        called = {
            "act_id": str(uuid4()), "worker_id": str(guest), "at": first.slot.starts_at.isoformat(),
            "way": "roll_call", "walk_in": True,
        }  # fmt: skip
        answer = await lead.post(f"{path}/sign-in", json={"acts": [called]})
        assert [each["outcome"] for each in answer.json()] == ["taken"]
        await given.move_to(first.slot.ends_at)
        leaves = {
            "act_id": str(uuid4()), "worker_id": str(played.workers[1]), "way": "roll_call",
            "at": (first.slot.ends_at - timedelta(hours=1)).isoformat(),
        }  # fmt: skip
        for outcome in ("taken", "already"):
            answer = await lead.post(f"{path}/sign-out", json={"acts": [leaves]})
            assert [each["outcome"] for each in answer.json()] == [outcome]
        gone = {"departed_at": first.slot.ends_at.isoformat()}
        assert (await lead.post(f"{path}/close", json=gone)).json() == {"person_times": 3, "absent": 2}
        rows = {each["worker_id"]: each for each in (await jinniu.get(path)).json()["rows"]}
        told = [rows[str(each)]["standing"] for each in played.workers]
        assert told == [["excused"], ["left_early"], ["present"], ["absent"]]
        entry = rows[str(guest)]["attendance"]
        assert (entry["guest"], entry["makes_up"]) == ("make_up", str(missed.session_id))
        assert (entry["minutes"], entry["class_hours"]) == (180, 4)
        assert rows[str(played.workers[1])]["attendance"]["class_hours"] == 2


class TestCorrection:
    async def test_the_instructor_proposes_and_a_refused_proposal_leaves_the_record(
        self, evaluation, given, union, jinniu
    ):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        lead = await given.closed(played, session, absent=1)
        path = f"/sessions/{session.session_id}"
        asked = {
            "worker_id": str(played.workers[0]),
            "minutes": 90,
            "act_id": str(uuid4()),
            "reason": {"code": "attendance.paper_list"},
        }
        stranger = given.as_person("instructor", uuid4())
        assert (await stranger.post(f"{path}/attendance", json=asked)).json()[
            "code"
        ] == "session.another_lead"
        same = await lead.post(f"{path}/attendance", json=asked | {"minutes": 0})
        assert (same.status_code, same.json()["code"]) == (409, "attendance.as_it_is")
        proposed = (await lead.post(f"{path}/attendance", json=asked)).json()["correction_id"]
        assert (await lead.post(f"{path}/corrections/{proposed}/confirm")).status_code == 403
        # silence is no yes to figures that may change
        until = datetime.fromisoformat((await jinniu.get(path)).json()["answer_until"])
        await evaluation.fire_deadlines(until + timedelta(hours=1))
        assert (await jinniu.get(path)).json()["state"] == "closed"
        refused = {"reason": {"code": "attendance.not_shown"}}
        assert (await union.post(f"{path}/corrections/{proposed}/refuse", json=refused)).status_code == 204
        await evaluation.fire_deadlines()
        seen = (await jinniu.get(path)).json()
        assert (seen["state"], seen["confirmed"], seen["person_times"]) == ("confirmed", "lapsed", 3)
        assert [each["state"] for each in seen["corrections"]] == ["refused"]
        unknown = await union.post(f"{path}/corrections/{uuid4()}/refuse", json=refused)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "attendance.correction_unknown")

    async def test_the_delivery_is_not_complete_while_one_waits(self, evaluation, given, union, jinniu):
        played = await given.an_order(heads=4, sessions=1)
        session = played.sessions[0]
        lead = await given.closed(played, session, absent=1)
        path = f"/sessions/{session.session_id}"
        asked = {
            "worker_id": str(played.workers[0]), "minutes": 180, "act_id": str(uuid4()),
            "reason": {"code": "attendance.phone_failed"},
        }  # fmt: skip
        proposed = (await lead.post(f"{path}/attendance", json=asked)).json()["correction_id"]
        assert (await jinniu.post(f"{path}/confirm")).status_code == 204
        assert await evaluation.facts(played.order_id, type="delivery.completed.v1") == []
        assert (await union.post(f"{path}/corrections/{proposed}/confirm")).status_code == 204
        (completed,) = await evaluation.facts(played.order_id, type="delivery.completed.v1")
        assert (completed.heads, completed.person_times) == (4, 4)


class TestSilence:
    async def test_silence_confirms_once_the_enterprises_time_is_over(self, evaluation, given, union, jinniu):
        played = await given.an_order(heads=4, sessions=1)
        session = played.sessions[0]
        await given.closed(played, session)
        path = f"/sessions/{session.session_id}"
        assert (await union.post(f"{path}/confirm")).status_code == 403  # nobody confirms in its place
        waits = (await jinniu.get(path)).json()
        until = datetime.fromisoformat(waits["answer_until"])
        assert session.slot.ends_at + timedelta(hours=72) <= until
        await evaluation.fire_deadlines(until - timedelta(minutes=1))
        assert await evaluation.facts(played.order_id, type="session.confirmed.v1") == []
        await evaluation.fire_deadlines(until)
        lapsed, completed = (await evaluation.facts(played.order_id))[-2:]
        assert lapsed == SessionConfirmed(
            order_id=played.order_id, session_id=session.session_id, person_times=4, lapsed=True
        )
        assert isinstance(completed, DeliveryCompleted)
        after = (await jinniu.get(path)).json()
        assert (after["state"], after["confirmed"], after["answer_until"]) == ("confirmed", "lapsed", None)
        late = await jinniu.post(f"{path}/dispute", json={"reason": {"code": "session.attendance_wrong"}})
        assert (late.status_code, late.json()["code"]) == (409, "session.not_closed")

    async def test_who_has_spoken_is_not_silent(self, evaluation, given, jinniu):
        played = await given.an_order(sessions=2)
        first, second = played.sessions
        await given.closed(played, first)
        await given.closed(played, second)
        assert (await jinniu.post(f"/sessions/{first.session_id}/confirm")).status_code == 204
        why = {"reason": {"code": "session.attendance_wrong"}}
        assert (await jinniu.post(f"/sessions/{second.session_id}/dispute", json=why)).status_code == 204
        await evaluation.fire_deadlines(second.slot.ends_at + timedelta(days=30))
        (confirmed,) = await evaluation.facts(played.order_id, type="session.confirmed.v1")
        assert (confirmed.session_id, confirmed.lapsed) == (first.session_id, False)


async def test_the_state_of_a_session_is_what_its_facts_say(evaluation, given, jinniu, union):
    played = await given.an_order(sessions=1)
    session = played.sessions[0]
    await given.closed(played, session, absent=1)
    path = f"/sessions/{session.session_id}"
    await jinniu.post(f"{path}/dispute", json={"reason": {"code": "session.attendance_wrong"}})
    correction = {
        "worker_id": str(played.workers[0]),
        "minutes": 90,
        "act_id": str(uuid4()),
        "reason": {"code": "attendance.paper_list"},
    }
    proposed = (await union.post(f"{path}/attendance", json=correction)).json()
    other = given.as_person("union", uuid4())
    await other.post(f"{path}/corrections/{proposed['correction_id']}/confirm")
    await jinniu.post(f"{path}/confirm")
    told = [
        each
        for each in await evaluation.facts(played.order_id)
        if not isinstance(each, DeliveryCompleted | CorrectionProposed)
    ]
    seen = (await union.get(path)).json()
    state = held.Session(
        session_id=session.session_id,
        order_id=session.order_id,
        cohort_id=session.cohort_id,
        line=1,
        occupation=session.occupation,
        level=session.level,
        class_hours=4,
        enterprise_id="jinniu",
        division="350428",
        slot=session.slot,
    )
    for fact in told:
        state = held.evolve(state, fact)
    assert (seen["state"], seen["person_times"], seen["absent"]) == (
        state.state,
        len(state.attended),
        state.absent,
    )
    kept = [row["attendance"]["minutes"] for row in seen["rows"] if row["attendance"]]
    assert sorted(kept) == sorted(each.minutes for each in state.attended)
    assert session.slot.ends_at - session.slot.starts_at > timedelta(hours=3)
