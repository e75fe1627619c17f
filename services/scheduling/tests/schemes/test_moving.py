"""Sessions that are held at another time: by the coordinator's hand, or because nobody can come."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from contracts.scheduling import (
    SchemeConfirmed,
    SchemeRevised,
    SessionMoved,
    SessionUnplaced,
)
from contracts.values import Qualification

from ..builders import WELDER, WHY, a_line, accepted_by, an_instructor, opened, unstaffable


class TestMoveOnTheDesk:
    async def test_it_makes_a_new_version_and_the_old_one_is_kept(self, scheduling, given, union):
        order = await given.a_draft()
        first = (await given.scheme(order))["sessions"][0]
        path = f"/orders/{order.order_id}"
        answer = await union.post(
            f"{path}/scheme/sessions/{first['session_id']}/move",
            json={"day": first["day"], "band": "am"},
        )
        assert answer.status_code == 204, answer.text
        revised = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(revised, SchemeRevised)
        assert revised.release_minutes > 0  # in the morning the crew is at work
        bands = {
            version: (await union.get(f"{path}/schemes/{version}")).json()["sessions"][0]["band"]
            for version in (1, 2)
        }
        assert bands == {1: "eve", 2: "am"}

    async def test_another_person_is_a_proposal_and_the_hash_stays(self, given, union):
        order = await given.a_draft()
        before = await given.scheme(order)
        first = before["sessions"][0]
        people = {s["person_id"] for s in before["sessions"]}
        somebody = an_instructor()
        await given.scheduling.deliver(somebody)
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{first['session_id']}/move",
            json={"day": first["day"], "band": "eve", "person_id": str(somebody.person_id)},
        )
        assert answer.status_code == 204, answer.text
        after = await given.scheme(order)
        assert str(somebody.person_id) not in people
        assert after["sessions"][0]["person_id"] == str(somebody.person_id)
        assert (after["version"], after["hash"]) == (2, before["hash"])

    async def test_what_is_approved_stays_approved_when_only_the_person_is_another(
        self, scheduling, given, union, clerk
    ):
        order = await given.a_draft()
        await given.sign(order, confirm=False)
        first = (await given.scheme(order))["sessions"][0]
        somebody = an_instructor()
        await scheduling.deliver(somebody)
        path = f"/orders/{order.order_id}/scheme"
        wish = {"day": first["day"], "band": first["band"], "person_id": str(somebody.person_id)}
        answer = await union.post(f"{path}/sessions/{first['session_id']}/move", json=wish)
        assert answer.status_code == 204, answer.text
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"]) == ("approved", 2)
        answer = await union.post(
            f"{path}/sessions/{first['session_id']}/move", json={"day": first["day"], "band": "pm"}
        )
        assert answer.status_code == 204, answer.text
        moved = await given.scheme(order)
        assert (moved["state"], moved["version"]) == ("drafted", 3)  # another time is signed anew
        answer = await clerk.post(f"{path}/confirm", json=await given.named(order))
        assert answer.json()["code"] == "scheme.not_approved"

    async def test_the_enterprise_confirms_what_was_approved_before_the_person_changed(
        self, scheduling, given, union, clerk
    ):
        order = await given.a_draft()
        await given.sign(order, confirm=False)
        first = (await given.scheme(order))["sessions"][0]
        somebody = an_instructor()
        await scheduling.deliver(somebody)
        path = f"/orders/{order.order_id}/scheme"
        wish = {"day": first["day"], "band": first["band"], "person_id": str(somebody.person_id)}
        await union.post(f"{path}/sessions/{first['session_id']}/move", json=wish)
        answer = await clerk.post(f"{path}/confirm", json=await given.named(order))
        assert answer.status_code == 204, answer.text
        rows = await given.sessions(order)
        assert rows[first["session_id"]]["person_id"] == str(somebody.person_id)

    async def test_where_it_is_already_it_makes_no_version(self, scheduling, given, union):
        order = await given.a_draft()
        before = await given.scheme(order)
        for session in before["sessions"]:
            answer = await union.post(
                f"/orders/{order.order_id}/scheme/sessions/{session['session_id']}/move",
                json={"day": session["day"], "band": session["band"]},
            )
            assert answer.status_code == 204, answer.text
        assert await given.scheme(order) == before
        assert len(await scheduling.facts(order.order_id)) == 1

    async def test_it_is_refused_with_every_rule_that_it_breaks(self, scheduling, given, union):
        order = await given.a_draft()
        first, second = (await given.scheme(order))["sessions"]
        path = f"/orders/{order.order_id}/scheme/sessions/{first['session_id']}/move"
        late = (date.fromisoformat(second["day"]) + timedelta(days=200)).isoformat()
        answer = await union.post(path, json={"day": late, "band": "eve"})
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "session.cannot_move")
        codes = {reason["code"] for reason in problem["parameters"]["reasons"]}
        assert all(reason["sentences"]["zh"] for reason in problem["parameters"]["reasons"])
        assert codes >= {"slot.outside_window", "slot.order_of_sessions"}
        past = await union.post(path, json={"day": "2026-08-31", "band": "eve"})
        assert "slot.day_past" in {r["code"] for r in past.json()["parameters"]["reasons"]}
        assert (await given.scheme(order))["version"] == 1

    async def test_a_session_of_another_order_is_unknown(self, given, union):
        order, other = await given.a_draft(), await given.a_draft()
        session = (await given.scheme(other))["sessions"][0]["session_id"]
        for id_ in (session, str(uuid4())):
            answer = await union.post(
                f"/orders/{order.order_id}/scheme/sessions/{id_}/move",
                json={"day": "2026-09-15", "band": "eve"},
            )
            assert (answer.status_code, answer.json()["code"]) == (404, "scheme.session_unknown")

    async def test_a_session_without_a_time_is_given_one_by_hand(self, scheduling, given, union):
        order = await given.a_draft(a_line(occupation=WELDER, units=("wd5-safety",)))
        first, second = (await given.scheme(order))["sessions"]
        assert (first["day"], second["day"]) == (None, None)
        somebody = an_instructor(qualifications=(Qualification(occupation=WELDER, level="L1"),))
        await scheduling.deliver(somebody)
        for session, day in ((first, "2026-09-14"), (second, "2026-09-16")):
            path = f"/orders/{order.order_id}/scheme/sessions/{session['session_id']}/move"
            answer = await union.post(path, json={"day": day, "band": "eve"})
            assert answer.status_code == 204, answer.text
        scheme = await given.scheme(order)
        assert (scheme["version"], scheme["unplaced"]) == (3, 0)
        assert {s["person_id"] for s in scheme["sessions"]} == {str(somebody.person_id)}
        await given.sign(order)

    async def test_a_public_holiday_stays_closed(self, given, union):
        order = await given.a_draft()
        first = (await given.scheme(order))["sessions"][1]["session_id"]
        path = f"/orders/{order.order_id}/scheme/sessions/{first}/move"
        answer = await union.post(path, json={"day": "2026-10-03", "band": "eve"})
        assert "slot.closed_day" in {r["code"] for r in answer.json()["parameters"]["reasons"]}


class TestADeclinedVersionIsTakenUpAgain:
    async def test_what_was_given_to_others_meanwhile_has_no_time_and_says_why(self, given, union):
        works = {"enterprise": "fjzc", "rooms": 1}
        order = await given.a_draft(**works)
        path = f"/orders/{order.order_id}/scheme"
        answer = await union.post(f"{path}/decline", json={"version": 1, "reason": WHY})
        assert answer.status_code == 204, answer.text
        mine = (await given.scheme(order))["sessions"]
        other = await given.a_draft(**works)
        theirs = (await given.scheme(other))["sessions"]
        assert [(s["day"], s["band"]) for s in theirs] == [(s["day"], s["band"]) for s in mine]

        wish = {"day": "2026-09-16", "band": "eve"}
        answer = await union.post(f"{path}/sessions/{mine[1]['session_id']}/move", json=wish)
        assert answer.status_code == 204, answer.text
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"], scheme["unplaced"]) == ("drafted", 2, 1)
        first, second = scheme["sessions"]
        assert (first["day"], {r["code"] for r in first["reasons"]}) == (None, {"slot.no_room"})
        assert second["day"] == wish["day"]
        answer = await union.post(f"{path}/approve", json=await given.named(order))
        assert answer.json()["code"] == "scheme.has_unplaced"

        wish = {"day": "2026-09-10", "band": "eve"}
        answer = await union.post(f"{path}/sessions/{first['session_id']}/move", json=wish)
        assert answer.status_code == 204, answer.text
        await given.sign(order, confirm=False)

    async def test_what_still_holds_stays_as_it_was(self, given, union):
        order = await given.a_draft()
        path = f"/orders/{order.order_id}/scheme"
        await union.post(f"{path}/decline", json={"version": 1, "reason": WHY})
        first, second = (await given.scheme(order))["sessions"]
        wish = {"day": second["day"], "band": "pm"}
        answer = await union.post(f"{path}/sessions/{second['session_id']}/move", json=wish)
        assert answer.status_code == 204, answer.text
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"], scheme["unplaced"]) == ("drafted", 2, 0)
        assert scheme["sessions"][0] == first


class TestMoveInForce:
    async def test_inside_the_tolerance_it_is_told_at_once(self, scheduling, given, union):
        order, sessions = await given.in_force(a_line(bands=()))
        last = max(sessions, key=lambda s: s.position)
        others = ({"am", "pm", "eve"} - {last.slot.band}) - {"am"}
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{last.session_id}/move",
            json={"day": last.slot.day.isoformat(), "band": others.pop()},
        )
        assert answer.status_code == 204, answer.text
        (moved,) = await scheduling.facts(order.order_id)
        assert isinstance(moved, SessionMoved)
        assert (moved.revision, moved.was, moved.because.code) == (2, last.slot, "session.moved_by_hand")
        assert (await given.scheme(order))["state"] == "confirmed"
        row = (await given.sessions(order))[str(last.session_id)]
        assert (row["slot"]["band"], row["revision"]) == (moved.slot.band, 2)

    async def test_beyond_it_the_move_waits_for_both_signatures(self, scheduling, given, union):
        order, sessions = await given.in_force()
        last = max(sessions, key=lambda s: s.position)
        later = last.slot.day + timedelta(days=7)
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{last.session_id}/move",
            json={"day": later.isoformat(), "band": "eve"},
        )
        assert answer.status_code == 204, answer.text
        assert (await given.sessions(order))[str(last.session_id)]["slot"]["day"] == str(last.slot.day)
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"], scheme["in_force"]) == ("drafted", 2, 1)
        await given.sign(order)
        revised, _approved, confirmed, moved = await scheduling.facts(order.order_id)
        assert isinstance(revised, SchemeRevised)
        assert isinstance(confirmed, SchemeConfirmed)
        assert confirmed.sessions == 0  # nothing is new on the timetable
        assert isinstance(moved, SessionMoved)
        assert (moved.session_id, moved.slot.day, moved.revision) == (last.session_id, later, 2)
        assert (await given.sessions(order))[str(last.session_id)]["slot"]["day"] == str(later)

    async def test_a_session_that_was_opened_stays(self, scheduling, given, union):
        order, sessions = await given.in_force()
        await scheduling.deliver(opened(sessions[0]))
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{sessions[0].session_id}/move",
            json={"day": str(sessions[0].slot.day), "band": "pm"},
        )
        assert "session.held" in {r["code"] for r in answer.json()["parameters"]["reasons"]}


class TestNobodyCanCome:
    async def test_another_time_inside_the_tolerance_is_told_with_a_new_proposal(self, scheduling, given):
        order, sessions = await given.in_force(a_line(bands=()))
        last = max(sessions, key=lambda s: s.position)
        await scheduling.deliver(unstaffable(last, [last.proposed]))
        await scheduling.work_off_jobs()
        (moved,) = await scheduling.facts(order.order_id)
        assert isinstance(moved, SessionMoved)
        assert (moved.revision, moved.was, moved.because.code) == (2, last.slot, "session.nobody_can_come")
        assert moved.slot.day.isocalendar()[:2] == last.slot.day.isocalendar()[:2]
        assert moved.proposed not in {None, last.proposed}
        row = (await given.sessions(order))[str(last.session_id)]
        assert (row["state"], row["person_id"]) == ("scheduled", str(moved.proposed))

    async def test_when_no_time_inside_it_is_found_the_session_is_unplaced(self, scheduling, given):
        order, sessions = await given.in_force(
            a_line(earliest=date(2026, 9, 18), latest=date(2026, 9, 19), people=3)
        )
        last = max(sessions, key=lambda s: s.position)
        everybody = {UUID(str(p)) for p in await _people(given)}
        await scheduling.deliver(unstaffable(last, sorted(everybody)))
        await scheduling.work_off_jobs()
        (unplaced,) = await scheduling.facts(order.order_id)
        assert isinstance(unplaced, SessionUnplaced)
        assert unplaced.tried
        row = (await given.sessions(order))[str(last.session_id)]
        assert (row["state"], row["person_id"]) == ("unplaced", None)

    async def test_whoever_accepts_an_open_call_brings_it_back(self, scheduling, given):
        order, sessions = await given.in_force(
            a_line(earliest=date(2026, 9, 21), latest=date(2026, 9, 22), people=3)
        )
        last = max(sessions, key=lambda s: s.position)
        await scheduling.deliver(unstaffable(last, sorted(await _people(given))))
        await scheduling.work_off_jobs()
        somebody = uuid4()
        await scheduling.deliver(accepted_by(last, somebody, uuid4()))
        row = (await given.sessions(order))[str(last.session_id)]
        assert (row["state"], row["standing"], row["person_id"]) == ("scheduled", "firm", str(somebody))

    async def test_nothing_moves_when_somebody_comes_meanwhile(self, scheduling, given):
        order, sessions = await given.in_force()
        last = max(sessions, key=lambda s: s.position)
        await scheduling.deliver(unstaffable(last), accepted_by(last, last.proposed, uuid4()))
        await scheduling.work_off_jobs()
        assert await scheduling.facts(order.order_id) == []

    async def test_a_version_on_the_desk_is_revised_with_it(self, scheduling, given, union):
        order, sessions = await given.in_force(a_line(bands=(), units=("el5-safety", "el5-basics")))
        by_position = sorted(sessions, key=lambda s: s.position)
        last, other = by_position[-1], by_position[1]
        later = last.slot.day + timedelta(days=7)
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{last.session_id}/move",
            json={"day": later.isoformat(), "band": last.slot.band},
        )
        assert answer.status_code == 204, answer.text
        await scheduling.deliver(unstaffable(other, [other.proposed]))
        await scheduling.work_off_jobs()
        revised, moved, followed = await scheduling.facts(order.order_id)
        assert isinstance(moved, SessionMoved)
        assert (revised.version, followed.version) == (2, 3)
        scheme = await given.scheme(order)
        of = {s["session_id"]: s for s in scheme["sessions"]}
        assert of[str(other.session_id)]["day"] == str(moved.slot.day)
        assert of[str(last.session_id)]["day"] == str(later)


async def _people(given) -> set[UUID]:
    async with given.scheduling.transactions.begin() as tx:
        rows = await tx.driver.fetch("select person_id from supply_person")
    return {row["person_id"] for row in rows}
