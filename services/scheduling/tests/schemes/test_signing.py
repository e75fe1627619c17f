"""Approval, confirmation, decline: both name version and hash."""

from contracts.scheduling import SchemeApproved, SchemeConfirmed, SchemeDeclined, SessionScheduled
from contracts.values import ServiceLine, Stage

from ..builders import WHY, a_line, an_evaluation_line, an_order_accepted


class TestApprove:
    async def test_the_union_approves_what_it_saw(self, scheduling, given, union):
        order = await given.a_draft()
        named = await given.named(order)
        answer = await union.post(f"/orders/{order.order_id}/scheme/approve", json=named)
        assert answer.status_code == 204
        assert "Songjiao-Position" in answer.headers
        approved = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(approved, SchemeApproved)
        assert (approved.version, approved.hash) == (named["version"], named["hash"])

    async def test_a_version_is_approved_once(self, given, union):
        order = await given.a_draft()
        named = await given.named(order)
        await union.post(f"/orders/{order.order_id}/scheme/approve", json=named)
        again = await union.post(f"/orders/{order.order_id}/scheme/approve", json=named)
        assert (again.status_code, again.json()["code"]) == (409, "scheme.not_drafted")

    async def test_the_same_key_has_one_effect_and_the_same_answer(self, scheduling, given, union):
        order = await given.a_draft()
        named, key = await given.named(order), {"Idempotency-Key": f"approve-{order.order_id}"}
        for _ in range(2):
            answer = await union.post(f"/orders/{order.order_id}/scheme/approve", json=named, headers=key)
            assert answer.status_code == 204
        assert len(await scheduling.facts(order.order_id, type="scheme.approved.v1")) == 1

    async def test_an_older_version_is_refused_with_what_has_changed(self, scheduling, given, union):
        order = await given.a_draft()
        named = await given.named(order)
        first = (await given.scheme(order))["sessions"][0]
        moved = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{first['session_id']}/move",
            json={"day": first["day"], "band": "pm"},
        )
        assert moved.status_code == 204, moved.text
        stale = await union.post(f"/orders/{order.order_id}/scheme/approve", json=named)
        problem = stale.json()
        assert (stale.status_code, problem["code"]) == (409, "scheme.stale")
        assert "times" in problem["parameters"]["changed"]
        assert problem["parameters"]["current"] == 2

    async def test_another_hash_of_the_same_version_is_refused(self, given, union):
        order = await given.a_draft()
        named = await given.named(order) | {"hash": "0" * 64}
        stale = await union.post(f"/orders/{order.order_id}/scheme/approve", json=named)
        assert (stale.status_code, stale.json()["code"]) == (409, "scheme.another_content")

    async def test_if_match_of_an_older_row_is_refused(self, given, union):
        order = await given.a_draft()
        seen = await union.get(f"/orders/{order.order_id}/scheme")
        named = {"version": 1, "hash": seen.json()["hash"]}
        path = f"/orders/{order.order_id}/scheme"
        stale = await union.post(f"{path}/approve", json=named, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (409, "version.stale")
        good = await union.post(f"{path}/approve", json=named, headers={"If-Match": seen.headers["ETag"]})
        assert good.status_code == 204


class TestConfirm:
    async def test_its_sessions_come_onto_the_timetable_each_with_a_fact(self, scheduling, given):
        order = await given.a_draft(a_line(people=4))
        await given.sign(order)
        confirmed, *scheduled = (await scheduling.facts(order.order_id))[2:]
        assert isinstance(confirmed, SchemeConfirmed)
        assert (confirmed.sessions, confirmed.stages) == (2, (Stage.DELIVERY,))
        workers = {t.worker_id for t in order.lines[0].trainees}
        assert [set(cohort.workers) for cohort in confirmed.cohorts] == [workers]
        assert len(scheduled) == confirmed.sessions
        for fact in scheduled:
            assert isinstance(fact, SessionScheduled)
            assert (fact.occupation, fact.level, fact.line) == ("6-31-01-03", "L5", 1)
            assert (fact.enterprise_id, fact.division, fact.revision) == ("bgzb", "350481", 1)
            assert fact.proposed
        rows = await given.sessions(order)
        assert {row["state"] for row in rows.values()} == {"scheduled"}
        assert {row["standing"] for row in rows.values()} == {"proposed"}
        assert {frozenset(row["workers"]) for row in rows.values()} == {frozenset(map(str, workers))}

    async def test_it_waits_for_the_union(self, given, clerk):
        order = await given.a_draft()
        early = await clerk.post(f"/orders/{order.order_id}/scheme/confirm", json=await given.named(order))
        assert (early.status_code, early.json()["code"]) == (409, "scheme.not_approved")

    async def test_a_scheme_of_evaluation_only_is_confirmed_without_sessions(self, scheduling, given):
        order = await given.a_draft(an_evaluation_line())
        await given.sign(order)
        confirmed = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(confirmed, SchemeConfirmed)
        assert (confirmed.sessions, confirmed.cohorts, confirmed.stages) == (0, (), (Stage.EVALUATION,))

    async def test_lines_that_nobody_teaches_or_examines_for_are_named(self, scheduling, given):
        """A competition has no stage in the programme: the union closes it by hand."""
        competition = an_evaluation_line().model_copy(
            update={"service": ServiceLine.SKILLS_COMPETITION, "line": 2}
        )
        order = await given.a_draft(an_evaluation_line().model_copy(update={"line": 1}), competition)
        await given.sign(order)
        confirmed = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(confirmed, SchemeConfirmed)
        assert (confirmed.stages, confirmed.by_hand) == ((Stage.EVALUATION,), (2,))

    async def test_what_is_in_force_is_not_drafted_again(self, given, union):
        order, _ = await given.in_force()
        refused = await union.post(f"/orders/{order.order_id}/scheme/redraft")
        assert (refused.status_code, refused.json()["code"]) == (409, "scheme.not_open")


class TestDecline:
    async def test_the_enterprise_gives_an_approved_version_back(self, scheduling, given, clerk, union):
        order = await given.a_draft()
        await given.sign(order, confirm=False)
        path = f"/orders/{order.order_id}/scheme"
        answer = await clerk.post(f"{path}/decline", json={"version": 1, "reason": WHY})
        assert answer.status_code == 204
        declined = (await scheduling.facts(order.order_id))[-1]
        assert isinstance(declined, SchemeDeclined)
        assert (declined.version, declined.reason.code) == (1, "times.unsuitable")
        assert (await union.post(f"{path}/redraft")).status_code == 204
        await scheduling.work_off_jobs()
        assert (await given.scheme(order))["version"] == 2

    async def test_before_the_union_has_approved_it_is_not_the_enterprises_turn(self, given, clerk, union):
        order = await given.a_draft()
        path = f"/orders/{order.order_id}/scheme/decline"
        early = await clerk.post(path, json={"version": 1, "reason": WHY})
        assert (early.status_code, early.json()["code"]) == (409, "scheme.not_approved")
        assert (await union.post(path, json={"version": 1, "reason": WHY})).status_code == 204

    async def test_words_are_no_figure_of_a_reason(self, given, union):
        order = await given.a_draft()
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/decline",
            json={"version": 1, "reason": {"code": "times.unsuitable", "figures": {"note": "太早了"}}},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "scheme.reason_wrong")


class TestWhoMay:
    async def test_another_enterprise_sees_and_signs_nothing(self, given, stranger):
        order = await given.a_draft()
        path = f"/orders/{order.order_id}"
        named = await given.named(order)
        answers = [
            await stranger.get(f"{path}/scheme"),
            await stranger.get(f"{path}/schemes/1"),
            await stranger.post(f"{path}/scheme/confirm", json=named),
            await stranger.post(f"{path}/scheme/decline", json={"version": 1, "reason": WHY}),
        ]
        assert {(a.status_code, a.json()["code"]) for a in answers} == {(404, "scheme.unknown")}
        assert (await stranger.get("/sessions", params={"order_id": str(order.order_id)})).json() == []

    async def test_each_route_is_closed_to_other_roles(self, scheduling, given):
        order = await given.a_draft()
        session = (await given.scheme(order))["sessions"][0]["session_id"]
        path = f"/orders/{order.order_id}/scheme"
        named, move = await given.named(order), {"day": "2026-09-14", "band": "pm"}
        may = {
            "approve": (named, {"union"}),
            "confirm": (named, {"enterprise"}),
            "decline": ({"version": 1, "reason": WHY}, {"union", "enterprise"}),
            "redraft": (None, {"union"}),
            f"sessions/{session}/move": (move, {"union"}),
        }
        for what, (body, roles) in may.items():
            for role in {"enterprise", "union", "college", "instructor", "assessor", "administrator"} - roles:
                answer = await scheduling.client(role, organisation="bgzb").post(f"{path}/{what}", json=body)
                assert (answer.status_code, answer.json()["code"]) == (403, "identity.role"), (what, role)
            nobody = await scheduling.client().post(f"{path}/{what}", json=body)
            assert nobody.status_code == 401

    async def test_an_order_that_was_never_accepted_has_no_scheme(self, union):
        order = an_order_accepted()
        answer = await union.get(f"/orders/{order.order_id}/scheme")
        assert (answer.status_code, answer.json()["code"]) == (404, "scheme.unknown")

    async def test_unknown_fields_are_refused(self, given, union):
        order = await given.a_draft()
        answer = await union.post(
            f"/orders/{order.order_id}/scheme/approve", json=await given.named(order) | {"person": "x"}
        )
        assert answer.status_code == 422
        assert (await given.scheme(order))["state"] == "drafted"


class TestCatalogue:
    async def test_units_of_an_occupation_and_level_in_teaching_order(self, clerk):
        units = (await clerk.get("/catalogue", params={"occupation": "6-31-01-03", "level": "L5"})).json()
        assert [u["unit"] for u in units] == ["el5-safety", "el5-basics", "el5-wiring"]
        assert units[0]["sessions"] == 2
        assert units[2]["bands"] == ["am", "pm"]
