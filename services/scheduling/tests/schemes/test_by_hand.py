"""Changes of a scheme by hand over HTTP: looked at, done, taken back."""

from datetime import date, timedelta

from contracts.scheduling import SchemeRevised, SessionCancelled, SessionMoved
from scheduling.federation.reach import read_reach
from scheduling.federation.rules import Asked
from scheduling.schemes import for_all, replanning

from ..builders import WHY, a_line, amended, an_instructor, unstaffable


async def changes(client, order, *asked, look=False, **more):
    path = f"/orders/{order.order_id}/scheme/changes{'/look' if look else ''}"
    return await client.post(path, json={"changes": list(asked)}, **more)


def moved(session, **to):
    return {
        "do": "move",
        "session_id": session["session_id"],
        "day": session["day"],
        "band": session["band"],
    } | to


def later(session, days):
    return (date.fromisoformat(session["day"]) + timedelta(days=days)).isoformat()


class TestOnTheDesk:
    async def test_what_breaks_names_the_other_session_and_a_repair_can_be_done(
        self, scheduling, given, union
    ):
        order = await given.a_draft()
        first, second = (await given.scheme(order))["sessions"]
        asked = moved(first, day=second["day"], band=second["band"])
        looked = await changes(union, order, asked, look=True)
        assert looked.status_code == 200, looked.text
        (broken,) = [b for b in looked.json()["breaks"] if b["reason"]["code"] == "slot.order_of_sessions"]
        assert [other["session_id"] for other in broken["others"]] == [second["session_id"]]
        refused = await changes(union, order, asked)
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (409, "change.breaks_rules")
        assert all(reason["sentences"]["zh"] for reason in problem["parameters"]["reasons"])
        assert problem["parameters"]["repairs"] == looked.json()["repairs"]
        assert 1 <= len(problem["parameters"]["repairs"]) <= 3
        assert (await given.scheme(order))["version"] == 1  # nothing was done
        for repair in problem["parameters"]["repairs"]:
            answer = await changes(union, order, *repair["changes"])
            assert answer.status_code == 200, answer.text
            answer = await union.post(f"/orders/{order.order_id}/scheme/undo")
            assert answer.status_code == 200, answer.text
        assert [s["day"] for s in (await given.scheme(order))["sessions"]] == [first["day"], second["day"]]

    async def test_a_change_is_a_version_and_undo_is_another_with_the_old_hash(
        self, scheduling, given, union
    ):
        order = await given.a_draft()
        before = await given.scheme(order)
        first = before["sessions"][0]
        answer = await changes(union, order, moved(first, band="am"))
        assert answer.status_code == 200, answer.text
        follows = answer.json()["follows"]
        assert (follows["effect"], follows["points"] >= 2, follows["release_minutes"] > 0) == (
            "to_sign",
            True,
            True,
        )
        assert set(follows["clauses"]) >= {"times"}
        assert (await given.scheme(order))["version"] == 2
        answer = await union.post(f"/orders/{order.order_id}/scheme/undo")
        assert answer.status_code == 200, answer.text
        after = await given.scheme(order)
        assert (after["version"], after["hash"]) == (3, before["hash"])
        assert after["sessions"] == before["sessions"]
        answer = await union.post(f"/orders/{order.order_id}/scheme/undo")
        assert answer.json()["code"] == "change.nothing_to_undo"

    async def test_who_saw_an_older_row_is_refused(self, given, union):
        order = await given.a_draft()
        first = (await given.scheme(order))["sessions"][0]
        asked = moved(first, band="am")
        seen = (await changes(union, order, asked, look=True)).headers["etag"]
        answer = await changes(union, order, asked, headers={"if-match": seen})
        assert answer.status_code == 200, answer.text
        stale = await changes(union, order, moved(first, band="pm"), headers={"if-match": seen})
        assert stale.json()["code"] == "version.stale"

    async def test_a_session_more_less_and_of_another_unit(self, given, union):
        order = await given.a_draft()
        scheme = await given.scheme(order)
        first, second = scheme["sessions"]
        cohort = scheme["cohorts"][0]["cohort_id"]
        answer = await changes(union, order, {"do": "add", "cohort_id": cohort, "unit": "el5-basics"})
        assert answer.status_code == 200, answer.text
        *_, third = (await given.scheme(order))["sessions"]
        assert (third["unit"], third["position"]) == ("el5-basics", 3)
        answer = await changes(union, order, {"do": "drop", "session_id": second["session_id"]})
        assert answer.status_code == 200, answer.text
        unit = {"do": "change_unit", "session_id": first["session_id"], "unit": "el5-basics"}
        answer = await changes(union, order, unit)
        assert answer.status_code == 200, answer.text
        units = [(s["position"], s["unit"]) for s in (await given.scheme(order))["sessions"]]
        assert units == [(1, "el5-basics"), (3, "el5-basics")]
        for _ in range(3):
            answer = await union.post(f"/orders/{order.order_id}/scheme/undo")
            assert answer.status_code == 200, answer.text
        assert (await given.scheme(order))["sessions"] == scheme["sessions"]

    async def test_two_people_change_places(self, scheduling, given, union):
        order = await given.a_draft()
        scheme = await given.scheme(order)
        first, second = scheme["sessions"]
        somebody = an_instructor()
        await scheduling.deliver(somebody)
        answer = await changes(union, order, moved(first, person_id=str(somebody.person_id)))
        assert answer.status_code == 200, answer.text
        swap = {"do": "swap_people", "session_id": first["session_id"], "other_id": second["session_id"]}
        answer = await changes(union, order, swap)
        assert answer.status_code == 200, answer.text
        after = await given.scheme(order)
        assert [s["person_id"] for s in after["sessions"]] == [second["person_id"], str(somebody.person_id)]
        assert after["hash"] == scheme["hash"]


class TestPins:
    async def test_another_draft_and_an_alternative_leave_a_pinned_session_where_it_is(
        self, scheduling, given, union
    ):
        order = await given.a_draft(a_line(bands=(), units=("el5-safety", "el5-basics")))
        third = (await given.scheme(order))["sessions"][2]
        there = moved(third, day=later(third, 7))
        pin = {"do": "pin", "session_id": third["session_id"]}
        answer = await changes(union, order, there, pin)
        if answer.status_code != 200:
            (there, *_) = answer.json()["parameters"]["repairs"][0]["changes"]
            answer = await changes(union, order, there, pin)
        assert answer.status_code == 200, answer.text
        time = (there["day"], there["band"])

        async def stands():
            session = (await given.scheme(order))["sessions"][2]
            return (session["day"], session["band"])

        assert await stands() == time
        for way in ("earliest", "least_release", "least_travel"):
            answer = await union.post(f"/orders/{order.order_id}/scheme/alternatives/{way}/take")
            assert answer.status_code == 204, answer.text
            assert await stands() == time
        answer = await union.post(f"/orders/{order.order_id}/scheme/redraft")
        assert answer.status_code == 204, answer.text
        await scheduling.work_off_jobs()
        assert await stands() == time
        scheme = await given.scheme(order)
        assert scheme["unplaced"] == 0
        path = f"/orders/{order.order_id}/scheme/sessions/{scheme['sessions'][2]['session_id']}/move"
        answer = await union.post(path, json={"day": there["day"], "band": "am" if time[1] != "am" else "pm"})
        assert "session.pinned" in {r["code"] for r in answer.json()["parameters"]["reasons"]}

    async def test_what_was_told_elsewhere_and_pinned_stays_there_when_the_order_is_planned_anew(
        self, scheduling, given, union
    ):
        order, sessions = await given.in_force(a_line(bands=()))
        last = max(sessions, key=lambda s: s.position)
        band = ({"am", "pm", "eve"} - {last.slot.band, "am"}).pop()
        session = {"session_id": str(last.session_id)}
        there = {"do": "move", "day": last.slot.day.isoformat(), "band": band} | session
        answer = await changes(union, order, there, {"do": "pin"} | session)
        assert answer.status_code == 200, answer.text
        assert answer.json()["follows"]["effect"] == "told"
        await scheduling.deliver(amended(order, *order.lines))
        await scheduling.work_off_jobs()
        anew = next(s for s in (await given.scheme(order))["sessions"] if s["position"] == last.position)
        assert (anew["day"], anew["band"]) == (last.slot.day.isoformat(), band)

    async def test_in_force_it_is_a_version_that_stays_in_force(self, scheduling, given, union):
        order, sessions = await given.in_force(a_line(bands=()))
        last = max(sessions, key=lambda s: s.position)
        answer = await changes(union, order, {"do": "pin", "session_id": str(last.session_id)})
        assert answer.status_code == 200, answer.text
        assert answer.json()["follows"]["effect"] == "told"
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"], scheme["in_force"]) == ("confirmed", 2, 2)
        (revised,) = await scheduling.facts(order.order_id)
        assert isinstance(revised, SchemeRevised)
        async with scheduling.transactions.begin() as tx:
            assert await for_all.pinned(tx) == {last.session_id}
            assert last.session_id not in (await read_reach(tx, Asked(price=0, rounds=1))).free
        for act, code in (
            ("move", "session.cannot_move"),
            ("cancel", "session.pinned"),
        ):
            body = {"day": str(last.slot.day), "band": "am"} if act == "move" else {"reason": WHY}
            answer = await union.post(
                f"/orders/{order.order_id}/scheme/sessions/{last.session_id}/{act}", json=body
            )
            assert (answer.status_code, answer.json()["code"]) == (409, code)
            assert "session.pinned" in answer.text
        first = min(sessions, key=lambda s: s.position)
        await scheduling.deliver(unstaffable(first, [first.proposed]))
        async with scheduling.transactions.begin() as tx:
            question = await replanning.read(tx, first.session_id)
        assert question.may_make_room == {s.session_id for s in sessions} - {last.session_id}
        await scheduling.deliver(unstaffable(last, [last.proposed]))
        await scheduling.work_off_jobs()
        row = (await given.sessions(order))[str(last.session_id)]
        assert (row["state"], row["slot"]["day"]) == ("unplaced", str(last.slot.day))
        assert "session.pinned" in {r["code"] for r in row["reasons"]}


class TestInForce:
    async def test_inside_the_tolerance_it_is_told_and_told_back(self, scheduling, given, union):
        order, sessions = await given.in_force(a_line(bands=()))
        last = max(sessions, key=lambda s: s.position)
        band = next(b for b in ("pm", "eve") if b != last.slot.band)
        asked = {"do": "move", "session_id": str(last.session_id), "day": str(last.slot.day), "band": band}
        answer = await changes(union, order, asked)
        assert answer.status_code == 200, answer.text
        assert answer.json()["follows"]["effect"] == "told"
        answer = await union.post(f"/orders/{order.order_id}/scheme/undo")
        assert answer.status_code == 200, answer.text
        there, back = await scheduling.facts(order.order_id)
        assert isinstance(there, SessionMoved)
        assert isinstance(back, SessionMoved)
        assert (there.slot.band, back.slot) == (band, last.slot)

    async def test_beyond_it_it_is_proposed_and_undo_takes_the_proposal_back(self, scheduling, given, union):
        order, sessions = await given.in_force()
        last = max(sessions, key=lambda s: s.position)
        day = (last.slot.day + timedelta(days=7)).isoformat()
        asked = {"do": "move", "session_id": str(last.session_id), "day": day, "band": "eve"}
        answer = await changes(union, order, asked)
        assert answer.json()["follows"]["effect"] == "proposed"
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["in_force"]) == ("drafted", 1)
        answer = await union.post(f"/orders/{order.order_id}/scheme/undo")
        assert answer.status_code == 200, answer.text
        scheme = await given.scheme(order)
        assert scheme["sessions"][-1]["day"] == str(last.slot.day)

    async def test_a_dropped_session_is_cancelled_and_comes_back_as_a_new_one_that_is_signed(
        self, scheduling, given, union
    ):
        order, sessions = await given.in_force()
        last = max(sessions, key=lambda s: s.position)
        answer = await changes(union, order, {"do": "drop", "session_id": str(last.session_id)})
        assert answer.status_code == 200, answer.text
        (gone,) = await scheduling.facts(order.order_id)
        assert isinstance(gone, SessionCancelled)
        answer = await union.post(f"/orders/{order.order_id}/scheme/undo")
        assert (answer.status_code, answer.json()["follows"]["effect"]) == (200, "proposed")
        await given.sign(order, confirm=False)  # the enterprise has signed the same before
        rows = [row for row in (await given.sessions(order)).values() if row["state"] == "scheduled"]
        assert str(last.slot.day) in {row["slot"]["day"] for row in rows}
        assert len(rows) == len(sessions)

    async def test_whatever_was_changed_last_is_taken_back_first_by_whichever_call_it_was_done(
        self, scheduling, given, union
    ):
        order = await given.a_draft()
        first, second = (await given.scheme(order))["sessions"]
        path = f"/orders/{order.order_id}/scheme"
        await changes(union, order, moved(first, band="am"))
        answer = await union.post(
            f"{path}/sessions/{second['session_id']}/move", json={"day": later(second, 1), "band": "eve"}
        )
        assert answer.status_code == 204, answer.text
        await union.post(f"{path}/undo")
        told = (await given.scheme(order))["sessions"]
        assert [(s["day"], s["band"]) for s in told] == [
            (first["day"], "am"),
            (second["day"], second["band"]),
        ]
        await given.sign(order)
        reason = {"code": "session.dropped_by_hand"}
        answer = await union.post(f"{path}/sessions/{second['session_id']}/cancel", json={"reason": reason})
        assert answer.status_code == 204, answer.text
        answer = await union.post(f"{path}/undo")
        assert (answer.status_code, answer.json()["follows"]["effect"]) == (200, "proposed")
        assert len((await given.scheme(order))["sessions"]) == 2


class TestDifferences:
    async def test_of_two_versions_are_read_clause_by_clause(self, scheduling, given, union, clerk):
        order = await given.a_draft()
        scheme = await given.scheme(order)
        first, second = scheme["sessions"]
        cohort = scheme["cohorts"][0]["cohort_id"]
        somebody = an_instructor()
        await scheduling.deliver(somebody)
        answer = await changes(
            union,
            order,
            moved(first, band="am"),
            moved(second, person_id=str(somebody.person_id)),
            {"do": "pin", "session_id": second["session_id"]},
            {"do": "add", "cohort_id": cohort, "unit": "el5-basics"},
        )
        assert answer.status_code == 200, answer.text
        for reader in (union, clerk):
            answer = await reader.get(f"/orders/{order.order_id}/schemes/1/differences/2")
            assert answer.status_code == 200, answer.text
        told = answer.json()
        ways = {each["position"]: set(each["ways"]) for each in told["sessions"]}
        assert ways[1] >= {"time"}
        assert (ways[2], ways[3]) == ({"person", "pin"}, {"added"})
        assert (told["sessions"][0]["one"]["band"], told["sessions"][0]["other"]["band"]) == ("eve", "am")
        assert told["counts"]["added"] == 1
        assert {"content", "times", "cost"} <= set(told["clauses"])
        assert float(told["other"]["cost"]["total"]) > float(told["one"]["cost"]["total"])
        assert told["cohorts"] == []
        same = (await union.get(f"/orders/{order.order_id}/schemes/2/differences/2")).json()
        assert (same["clauses"], same["sessions"], same["counts"]) == ([], [], {})
        back = (await union.get(f"/orders/{order.order_id}/schemes/2/differences/1")).json()
        assert back["counts"]["dropped"] == 1
        unknown = await union.get(f"/orders/{order.order_id}/schemes/1/differences/7")
        assert unknown.json()["code"] == "scheme.version_unknown"

    async def test_of_an_amended_order_name_who_joined_a_cohort(self, scheduling, given, union):
        line = a_line(people=6)
        order = await given.a_draft(line)
        more = a_line(people=9)
        await scheduling.deliver(amended(order, more))
        await scheduling.work_off_jobs()
        told = (await union.get(f"/orders/{order.order_id}/schemes/1/differences/2")).json()
        (cohort,) = told["cohorts"]
        assert (cohort["letter"], cohort["joined"], cohort["left"]) == ("A", 9, 6)
        assert "people" in told["sessions"][0]["ways"]


class TestADeclinedVersionIsTakenUpAgain:
    async def test_a_look_and_a_change_see_what_was_given_to_others_meanwhile(self, given, union):
        works = {"enterprise": "fjzc", "rooms": 1}
        order = await given.a_draft(**works)
        path = f"/orders/{order.order_id}/scheme"
        answer = await union.post(f"{path}/decline", json={"version": 1, "reason": WHY})
        assert answer.status_code == 204, answer.text
        first, second = (await given.scheme(order))["sessions"]
        await given.a_draft(**works)
        asked = moved(second, day="2026-09-16", band="eve")
        looked = await changes(union, order, asked, look=True)
        assert (looked.status_code, looked.json()["breaks"]) == (200, []), looked.text
        answer = await changes(union, order, asked)
        assert answer.json()["sessions"] == looked.json()["sessions"]
        scheme = await given.scheme(order)
        assert (scheme["state"], scheme["version"], scheme["unplaced"]) == ("drafted", 2, 1)
        lost = scheme["sessions"][0]
        assert (lost["session_id"], lost["day"]) == (first["session_id"], None)
        assert {reason["code"] for reason in lost["reasons"]} == {"slot.no_room"}
