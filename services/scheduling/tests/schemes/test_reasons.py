"""Why, why not and why then, over HTTP: of a version on the desk and of the scheme in force."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import delete

from contracts.values import Qualification
from scheduling.schemes.kept import reasons_kept

from ..builders import ELECTRICIAN, WELDER, a_line, accepted_by, an_instructor, away


@pytest.fixture
def asked(union):
    """Asks about a session as the union."""

    async def ask(order, session, what, status=200, **params):
        path = f"/orders/{order.order_id}/scheme/sessions/{session['session_id']}/{what}"
        answer = await union.get(path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    return ask


class TestWhy:
    async def test_whoever_is_proposed_stands_beside_the_next_three(self, given, asked):
        order = await given.a_draft()
        session = (await given.scheme(order))["sessions"][0]
        told = await asked(order, session, "why")
        assert told["reasons"] == session["reasons"]
        kept, today = told["kept"], told["today"]
        assert (kept["manner"], kept["weights"], kept["seed"]) == ("wished", {"unfairness": 30}, None)
        assert kept["choice"] == today
        assert (today["day"], today["person_id"]) == (session["day"], session["person_id"])
        assert today["qualified"] >= today["free"] > len(today["next"]) == 3
        assert today["chosen"]["more"] is None
        assert all(one["can_come"] and one["more"] and one["beside"] for one in today["next"])

    async def test_in_force_too_and_of_nobody_elses_session(self, given, asked):
        order, (first, _) = await given.in_force()
        session = {"session_id": str(first.session_id)}
        told = await asked(order, session, "why")
        assert told["today"]["person_id"] == str(first.proposed)
        await asked(order, {"session_id": str(uuid4())}, "why", status=404)

    async def test_only_the_union_asks(self, given, clerk, scheduling):
        order = await given.a_draft()
        session = (await given.scheme(order))["sessions"][0]["session_id"]
        for client in (clerk, scheduling.client("college", organisation="smtc")):
            answer = await client.get(f"/orders/{order.order_id}/scheme/sessions/{session}/people")
            assert answer.status_code == 403


class TestKept:
    async def test_the_answer_stays_when_the_world_has_moved_and_todays_stands_beside_it(
        self, scheduling, given, asked
    ):
        order, (first, _) = await given.in_force()
        session = {"session_id": str(first.session_id)}
        before = await asked(order, session, "why")
        assert before["lost"] is None
        runner_up = before["kept"]["choice"]["next"][0]["person_id"]
        await scheduling.deliver(an_instructor(person_id=runner_up, qualifications=()))
        await scheduling.deliver(an_instructor(), an_instructor())
        await given.in_force(a_line(bands=("eve",)))
        after = await asked(order, session, "why")
        assert after["kept"] == before["kept"]
        assert after["today"] != before["today"]
        assert runner_up not in {one["person_id"] for one in after["today"]["next"]}

    async def test_whoever_was_asked_since_is_todays_and_the_proposal_keeps_its_reasons(
        self, scheduling, given, asked
    ):
        order, (first, _) = await given.in_force()
        session = {"session_id": str(first.session_id)}
        other = (await asked(order, session, "why"))["kept"]["choice"]["next"][0]["person_id"]
        await scheduling.deliver(accepted_by(first, other, uuid4()))
        told = await asked(order, session, "why")
        assert told["kept"]["choice"]["person_id"] == str(first.proposed)
        assert told["today"]["person_id"] == other

    async def test_a_move_keeps_its_own_reasons(self, given, asked, union):
        order = await given.a_draft()
        first, second = (await given.scheme(order))["sessions"]
        path = f"/orders/{order.order_id}/scheme/sessions/{second['session_id']}/move"
        answer = await union.post(path, json={"day": "2026-10-14", "band": "eve"})
        assert answer.status_code == 204, answer.text
        told = await asked(order, second, "why")
        assert (told["kept"]["choice"]["day"], told["kept"]["manner"]) == ("2026-10-14", None)
        assert (await asked(order, first, "why"))["kept"]["manner"] == "wished"
        await given.sign(order)
        answer = await union.post(path, json={"day": "2026-10-15", "band": "eve"})
        assert answer.status_code == 204, answer.text
        told = await asked(order, second, "why")
        assert told["kept"]["choice"]["day"] == "2026-10-15"
        assert told["lost"] is None

    async def test_a_change_by_hand_keeps_its_own_reasons_on_the_desk_and_in_force(self, given, asked, union):
        order = await given.a_draft()
        _, second = (await given.scheme(order))["sessions"]
        path = f"/orders/{order.order_id}/scheme/changes"
        change = {"do": "move", "session_id": second["session_id"], "day": "2026-10-14", "band": "eve"}
        answer = await union.post(path, json={"changes": [change]})
        assert answer.status_code == 200, answer.text
        told = await asked(order, second, "why")
        assert (told["kept"]["choice"]["day"], told["kept"]["manner"]) == ("2026-10-14", None)
        await given.sign(order)
        answer = await union.post(path, json={"changes": [change | {"day": "2026-10-15"}]})
        assert answer.status_code == 200, answer.text
        assert answer.json()["follows"]["effect"] == "told"
        told = await asked(order, second, "why")
        assert (told["kept"]["choice"]["day"], told["lost"]) == ("2026-10-15", None)

    async def test_what_was_never_kept_says_so_and_has_the_published_reasons(self, scheduling, given, asked):
        order, (first, _) = await given.in_force()
        async with scheduling.transactions.begin() as tx:
            await tx.execute(delete(reasons_kept))
        told = await asked(order, {"session_id": str(first.session_id)}, "why")
        assert (told["kept"], told["lost"]["code"]) == (None, "reasons.not_kept")
        assert [r["code"] for r in told["reasons"]] == [r.code for r in first.reasons]
        assert told["today"]["chosen"]["can_come"]


class TestWhyNot:
    async def test_everybody_with_every_rule_against_them_in_order(self, scheduling, given, asked):
        order, (first, _) = await given.in_force()
        session = {"session_id": str(first.session_id)}
        welder = an_instructor(
            qualifications=(Qualification(occupation=WELDER, level="L2"),), college_id="smu", home="350404"
        )
        await scheduling.deliver(welder)
        told = await asked(order, session, "people")
        can_come = [one["can_come"] for one in told["people"]]
        assert can_come == sorted(can_come, reverse=True)
        last = next(one for one in told["people"] if one["person_id"] == str(welder.person_id))
        assert [r["code"] for r in last["against"]] == ["qualification.missing", "college.no_agreement"]
        alone = await asked(order, session, "why-not", person_id=str(welder.person_id))
        assert alone["first"] == last["first"] == last["against"][0]
        assert alone["against"] == last["against"]
        await asked(order, session, "why-not", status=404, person_id=str(uuid4()))

    async def test_another_time_is_asked_about_with_its_day_and_band(self, given, asked):
        order, (first, second) = await given.in_force()
        at = {"day": second.slot.day.isoformat(), "band": second.slot.band}
        told = await asked(order, {"session_id": str(first.session_id)}, "people", **at)
        assert (told["day"], told["band"]) == (at["day"], at["band"])
        proposed = next(one for one in told["people"] if one["person_id"] == str(second.proposed))
        assert [r["code"] for r in proposed["against"]] == ["session.overlaps"]

    async def test_a_session_without_a_time_needs_one_to_be_asked_about(self, given, asked):
        order = await given.a_draft(a_line(occupation=WELDER, units=("wd5-safety",)))
        session = (await given.scheme(order))["sessions"][0]
        assert session["day"] is None
        assert (await asked(order, session, "why"))["today"] is None
        refused = await asked(order, session, "people", status=409)
        assert refused["code"] == "session.without_time"
        told = await asked(order, session, "people", day="2026-09-15", band="eve")
        assert len(told["people"]) >= 20
        assert all(one["first"] == one["against"][0] for one in told["people"])


class TestWhyThen:
    async def test_one_slot_with_all_that_stands_against_it(self, given, asked):
        order, (first, _) = await given.in_force()
        session = {"session_id": str(first.session_id)}
        (told,) = (await asked(order, session, "why-then", day="2026-10-01", band="am"))["slots"]
        codes = [reason["code"] for reason in told["against"]]
        assert codes[0] == "slot.closed_day"
        assert "slot.order_of_sessions" in codes
        own = (await asked(order, session, "why-then", day=first.slot.day.isoformat(), band=first.slot.band))[
            "slots"
        ]
        assert own[0]["against"] == []
        assert own[0]["free"] > 0
        await asked(order, session, "why-then", status=422, day="2026-10-01", band="noon")

    async def test_without_a_day_every_slot_up_to_the_next_session(self, given, asked):
        order, (first, second) = await given.in_force()
        slots = (await asked(order, {"session_id": str(first.session_id)}, "why-then"))["slots"]
        assert slots[0]["day"] == "2026-09-07"
        assert max(slot["day"] for slot in slots) < second.slot.day.isoformat()
        assert any(not slot["against"] for slot in slots)


class TestUnlocks:
    async def test_a_session_without_a_time_is_told_what_would_help(self, scheduling, given, asked):
        lower = Qualification(occupation=WELDER, level="L4")
        await scheduling.deliver(an_instructor(qualifications=(lower,)))
        order = await given.a_draft(a_line(occupation=WELDER, units=("wd5-safety",)))
        session = (await given.scheme(order))["sessions"][0]
        told = await asked(order, session, "unlocks")
        (only,) = told["unlocks"]
        assert only["grants"] == [{"code": "unlock.level", "figures": {"level": "L4"}}]
        (line,) = only["lines"]
        assert (line["session_id"], line["changes"], only["changes"]) == (session["session_id"], 0, 0)
        assert line["day"] >= "2026-09-07"
        assert told["tried"][0]["code"] == "unlock.tried"
        # nothing was granted by asking
        assert (await given.scheme(order))["sessions"][0]["day"] is None

    async def test_a_wish_is_told_at_what_price_it_could_be_had(self, scheduling, given, asked, union):
        order, (first, _) = await given.in_force()
        session = {"session_id": str(first.session_id)}
        busy = an_instructor(away=(away(first.slot.starts_at, first.slot.ends_at, "350404"),))
        await scheduling.deliver(busy)
        wish = {"day": first.slot.day.isoformat(), "band": first.slot.band, "person_id": str(busy.person_id)}
        told = await asked(order, session, "unlocks", **wish)
        (moved,) = [one for one in told["unlocks"] if one["grants"][0]["code"] == "unlock.lesson"]
        assert moved["grants"][0]["figures"]["person"] == str(busy.person_id)
        assert moved["changes"] == 1
        await asked(order, session, "unlocks", status=404, person_id=str(uuid4()))


class TestRivals:
    async def test_sessions_of_the_week_that_hold_whom_one_needs(self, given, asked, union):
        order, (first, second) = await given.in_force(
            a_line(earliest=date(2026, 9, 7), latest=date(2026, 9, 11))
        )
        told = await asked(order, {"session_id": str(first.session_id)}, "rivals")
        rival = next(one for one in told if one["session_id"] == str(second.session_id))
        assert rival["order_id"] == str(order.order_id)
        assert rival["could_do_without"] > 0
        weeks = (await union.get("/federation/scarcity")).json()
        (week,) = [one for one in weeks if (one["monday"], one["occupation"]) == ("2026-09-07", ELECTRICIAN)]
        assert week["demand"] >= 2
        assert week["people"] >= 20
        assert 2 <= week["held"] <= week["capacity"]
