"""A batch from planning to the end of the posting: over HTTP, on a real database."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from contracts.evaluation import (
    BatchCancelled,
    BatchMoved,
    CandidateAdmitted,
    CandidateRefused,
    EvaluationPlanned,
    ResultsPosted,
)
from contracts.instructor_dispatch import AssignmentReleased
from contracts.order_intake import OrderCancelled
from contracts.values import Part, Role, because
from evaluation.examinations.batch import evolve

from .. import builders as a


async def plan(given, union, played, line=2):
    day = await given.today() + timedelta(days=1)
    return await union.post(
        f"/orders/{played.order_id}/batches", json={"line": line, "day": day.isoformat(), "band": "am"}
    )


class TestPlan:
    async def test_every_trainee_is_admitted_or_refused_with_reasons(self, evaluation, given, union):
        played = await given.an_order(heads=4, sessions=2)
        for session in played.sessions:  # the first worker stays away from both
            await given.closed(played, session, absent=1)
        answer = await plan(given, union, played)
        assert answer.status_code == 201, answer.text
        told = [each for each in await evaluation.facts(played.order_id) if hasattr(each, "batch_id")]
        planned, *decided = told
        assert isinstance(planned, EvaluationPlanned)
        assert (planned.candidates, planned.barred) == (3, (played.lead,))
        assert [type(each) for each in decided].count(CandidateAdmitted) == 3
        (refused,) = [each for each in decided if isinstance(each, CandidateRefused)]
        assert refused.worker_id == played.workers[0]
        assert [each.code for each in refused.reasons] == ["admission.attendance"]
        seen = (await union.get(f"/batches/{planned.batch_id}")).json()
        assert (seen["admitted"], seen["refused"], seen["groups"]) == (3, 1, 1)

    async def test_an_order_of_evaluation_alone_asks_for_no_attendance(self, evaluation, given, union):
        played = await given.an_order(sessions=0)
        assert (await plan(given, union, played, line=1)).status_code == 201
        assert len(await evaluation.facts(played.order_id, type="candidate.admitted.v1")) == 4

    async def test_training_must_be_over(self, given, union):
        played = await given.an_order(sessions=1)
        answer = await plan(given, union, played)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.training_unfinished")

    async def test_without_the_evidence_of_one_nothing_is_decided(self, given, union):
        stranger = a.a_worker(10**6)
        line = a.a_line(1, a.ServiceLine.SKILL_EVALUATION, [*given.people(3), stranger])
        order = a.an_order(uuid4(), [line])
        await given.evaluation.deliver(order, a.a_scheme(order.order_id, [], 0))
        await given.evaluation.work_off_jobs()
        day = await given.today() + timedelta(days=1)
        answer = await union.post(
            f"/orders/{order.order_id}/batches", json={"line": 1, "day": day.isoformat(), "band": "am"}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.evidence_unknown")
        assert answer.json()["parameters"] == {"missing": 1}

    async def test_wrong_lines_days_and_bands_are_refused(self, given, union):
        played = await given.an_order(sessions=0)
        today = (await given.today()).isoformat()
        path = f"/orders/{played.order_id}/batches"
        for body, code in (
            ({"line": 2, "day": "2027-12-01", "band": "am"}, "batch.no_evaluation_line"),
            ({"line": 1, "day": "2027-12-01", "band": "night"}, "batch.no_such_band"),
            ({"line": 1, "day": today, "band": "am"}, "batch.in_the_past"),
        ):
            if code == "batch.in_the_past":
                await given.move_to(a.at(await given.today(), 12))
            answer = await union.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert (
            await union.post(path, json={"line": 1, "day": "2027-02-30", "band": "am"})
        ).status_code == 422
        answer = await union.post(
            f"/orders/{uuid4()}/batches", json={"line": 1, "day": "2027-12-01", "band": "am"}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "order.unknown")

    async def test_only_the_union_plans(self, given, jinniu):
        played = await given.an_order(sessions=0)
        assert (await plan(given, jinniu, played, line=1)).status_code == 403

    async def test_nobody_is_planned_twice(self, given, union):
        played = await given.an_order(sessions=0)
        assert (await plan(given, union, played, line=1)).status_code == 201
        answer = await plan(given, union, played, line=1)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.nobody_left")

    async def test_a_cancelled_order_has_no_batch(self, given, union):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        await given.evaluation.deliver(
            OrderCancelled(order_id=played.order_id, reason=because("order.stopped"), cancelled_on=a.MONDAY)
        )
        answer = await plan(given, union, played, line=1)
        assert answer.json()["code"] == "order.cancelled_already"
        assert (await union.get(f"/batches/{batch.batch_id}")).json()["state"] == "cancelled"
        (told,) = await given.evaluation.facts(played.order_id, type="batch.cancelled.v1")
        assert (told.batch_id, told.reason.code) == (batch.batch_id, "order.stopped")


async def move(client, batch, day, band="am", **headers):
    told = {"day": day.isoformat(), "band": band}
    return await client.post(f"/batches/{batch.batch_id}/move", json=told, headers=headers)


class TestMove:
    async def test_the_batch_is_at_another_time_and_nobody_is_firm_for_it_yet(self, evaluation, given, union):
        played = await given.delivered(heads=3, sessions=1)
        batch = await given.a_batch(played)
        before = await union.get(f"/batches/{batch.batch_id}")
        day = await given.today() + timedelta(days=3)
        answer = await move(union, batch, day, "pm", **{"If-Match": before.headers["etag"]})
        assert answer.status_code == 204, answer.text
        after = (await union.get(f"/batches/{batch.batch_id}")).json()
        assert after["slot"] == a.a_slot(day, "pm").model_dump(mode="json")
        assert (after["assessors"], after["state"], after["admitted"]) == ([], "marking", 3)
        (told,) = await evaluation.facts(played.order_id, type="batch.moved.v1")
        assert isinstance(told, BatchMoved)
        assert (told.was.day, told.slot.band, told.candidates) == (await given.today(), "pm", 3)
        assert (told.assessors, told.barred) == (3, (played.lead,))
        stale = await move(union, batch, day, "am", **{"If-Match": before.headers["etag"]})
        assert (stale.status_code, stale.json()["code"]) == (409, "version.stale")

    async def test_an_assessor_of_the_old_time_who_is_released_later_is_firm_no_more(
        self, evaluation, given, union
    ):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        person = uuid4()
        said_yes = a.an_assessor(played.order_id, batch.batch_id, person)
        await move(union, batch, await given.today() + timedelta(days=2))
        released = AssignmentReleased(
            order_id=played.order_id,
            assignment_id=said_yes.assignment_id,
            batch_id=batch.batch_id,
            role=Role.ASSESSOR,
            college_id="smtc",
            person_id=person,
            was_firm=True,
            reason=because("batch.moved"),
        )
        await evaluation.deliver(said_yes, released)
        assert (await union.get(f"/batches/{batch.batch_id}")).json()["assessors"] == []

    async def test_not_once_a_mark_was_entered_nor_to_where_it_is_nor_to_the_past(self, given, union):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        today = await given.today()
        for day, band, code in (
            (today, "am", "batch.in_the_past"),
            (today + timedelta(days=1), "night", "batch.no_such_band"),
        ):
            answer = await move(union, batch, day, band)
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        tomorrow = today + timedelta(days=1)
        assert (await move(union, batch, tomorrow)).status_code == 204
        answer = await move(union, batch, tomorrow)
        assert (answer.status_code, answer.json()["code"]) == (422, "batch.not_moved")
        people = [a.an_assessor(played.order_id, batch.batch_id, each) for each in batch.assessors]
        await given.evaluation.deliver(*people)
        await given.move_to(a.a_slot(tomorrow).starts_at)
        marks = [{"evaluation_id": batch.evaluations[0], "mark": "60"}]
        entered = await given.as_person("assessor", batch.assessors[0]).post(
            f"/batches/{batch.batch_id}/marks", json={"part": "theory", "marks": marks}
        )
        assert entered.status_code == 204
        answer = await move(union, batch, tomorrow + timedelta(days=1))
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.marked_already")

    async def test_who_would_be_too_young_on_an_earlier_day_is_told_and_the_batch_stays(
        self, evaluation, given, union
    ):
        day = await given.today() + timedelta(days=10)
        workers = given.people(1, birth_date=day.replace(year=day.year - 16), holds_level="L5")
        order = a.an_order(uuid4(), [a.a_line(1, a.ServiceLine.SKILL_EVALUATION, workers)])
        await evaluation.deliver(order, a.a_scheme(order.order_id, [], 0))
        await evaluation.work_off_jobs()
        path = f"/orders/{order.order_id}/batches"
        planned = await union.post(path, json={"line": 1, "day": day.isoformat(), "band": "am"})
        assert planned.status_code == 201, planned.text
        told = {"day": (day - timedelta(days=1)).isoformat(), "band": "am"}
        answer = await union.post(f"/batches/{planned.json()['batch_id']}/move", json=told)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.no_longer_admitted")
        assert answer.json()["parameters"]["reasons"] == "admission.too_young"
        assert await evaluation.facts(order.order_id, type="batch.moved.v1") == []

    async def test_only_the_union_moves_and_cancels(self, given, jinniu):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        assert (await move(jinniu, batch, a.MONDAY)).status_code == 403
        why = {"reason": {"code": "batch.no_power"}}
        assert (await jinniu.post(f"/batches/{batch.batch_id}/cancel", json=why)).status_code == 403


class TestCancel:
    async def test_its_candidates_are_planned_again_at_the_same_attempt(self, evaluation, given, union):
        played = await given.an_order(heads=2, sessions=0)
        batch = await given.a_batch(played, line=1)
        await given.marked(batch)
        why = {"reason": {"code": "batch.paper_leaked"}}
        answer = await union.post(f"/batches/{batch.batch_id}/cancel", json=why)
        assert answer.status_code == 204, answer.text
        (told,) = await evaluation.facts(played.order_id, type="batch.cancelled.v1")
        assert isinstance(told, BatchCancelled)
        assert (told.batch_id, told.line, told.reason.code) == (batch.batch_id, 1, "batch.paper_leaked")
        seen = (await union.get(f"/batches/{batch.batch_id}")).json()
        assert (seen["state"], seen["assessors"]) == ("cancelled", [])
        await given.a_batch(played, line=1)
        admitted = await evaluation.facts(played.order_id, type="candidate.admitted.v1")
        assert [each.attempt for each in admitted] == [1] * 4

    async def test_not_once_its_results_are_posted_and_not_twice(self, given, union):
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.a_batch(played, line=1)
        await given.marked(batch)
        await given.posted(batch)
        why = {"reason": {"code": "batch.paper_leaked"}}
        path = f"/batches/{batch.batch_id}/cancel"
        answer = await union.post(path, json=why)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.not_open")
        other = await given.an_order(heads=1, sessions=0)
        second = await given.a_batch(other, line=1)
        path = f"/batches/{second.batch_id}/cancel"
        assert (await union.post(path, json=why)).status_code == 204
        assert (await union.post(path, json=why)).json()["code"] == "batch.not_open"


class TestMarks:
    async def test_both_parts_confirmed_by_another_assess_the_candidate(self, evaluation, given, union):
        played = await given.an_order(heads=3, sessions=0)
        batch = await given.a_batch(played, line=1)
        await given.marked(batch, batch.evaluations[0])
        told = await evaluation.facts(played.order_id, type="candidate.assessed.v1")
        assert [each.passed for each in told] == [False, True, True]
        assert [str(each.mark) for each in told[0].parts] == ["60.0", "59.9"]
        seen = (await union.get(f"/batches/{batch.batch_id}")).json()
        assert [each["passed"] for each in seen["candidates"]] == [False, True, True]

    async def test_the_second_entry_is_blind(self, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        one, other = (given.as_person("assessor", each) for each in batch.assessors[:2])
        marks = [{"evaluation_id": each, "mark": "77.7"} for each in batch.evaluations]
        await one.post(f"/batches/{batch.batch_id}/marks", json={"part": "theory", "marks": marks})
        seen = await other.get(f"/batches/{batch.batch_id}")
        assert seen.status_code == 200
        assert "77.7" not in seen.text
        assert seen.json()["candidates"][0]["entered"] == ["theory"]

    async def test_where_two_differ_neither_value_is_taken_and_the_second_learns_no_value(
        self, evaluation, given, union
    ):
        played = await given.an_order(heads=2, sessions=0)
        batch = await given.a_batch(played, line=1)
        one, other, third = (given.as_person("assessor", each) for each in batch.assessors)
        path = f"/batches/{batch.batch_id}/marks"

        def body(*marks):
            pairs = zip(batch.evaluations, marks, strict=False)
            return {
                "part": "practical",
                "marks": [{"evaluation_id": each, "mark": mark} for each, mark in pairs],
            }

        assert (await one.post(path, json=body("80", "77.7"))).status_code == 204
        same = await one.post(f"{path}/confirm", json=body("80", "77.7"))
        assert (same.status_code, same.json()["code"]) == (403, "marks.same_person")
        key = {"Idempotency-Key": "second-entry-of-other"}
        differ = await other.post(f"{path}/confirm", json=body("80.0", "55.5"), headers=key)
        assert (differ.status_code, differ.json()) == (
            200,
            {"confirmed": batch.evaluations[:1], "differing": batch.evaluations[1:]},
        )
        again = await other.post(f"{path}/confirm", json=body("80.0", "55.5"), headers=key)
        assert (again.status_code, again.json()) == (200, differ.json())
        for client in (one, other, third, given.clerk):
            seen = await client.get(f"/batches/{batch.batch_id}")
            assert "77.7" not in seen.text
            assert "55.5" not in seen.text
            assert [each["differ"] for each in seen.json()["candidates"]] == [[], ["practical"]]
        shown = (await union.get(f"/batches/{batch.batch_id}")).json()["candidates"][1]
        apart = {"wide": True, "first_failed": [], "second_failed": []}
        assert shown["differences"] == [{"part": "practical", "first": "77.7", "second": "55.5", **apart}]
        assert (shown["entered"], shown["confirmed"]) == ([], [])
        body_of_second = {"part": "practical", "marks": [body("80", "77.7")["marks"][1]]}
        copied = await other.post(f"{path}/confirm", json=body_of_second)
        assert (copied.status_code, copied.json()["code"]) == (409, "marks.differ")
        assert (await third.post(path, json=body_of_second)).status_code == 204
        assert (await union.get(f"/batches/{batch.batch_id}")).json()["candidates"][1]["differences"] == []
        stands = await other.post(f"{path}/confirm", json=body_of_second)
        assert stands.json() == {"confirmed": batch.evaluations[1:], "differing": []}
        late = await one.post(path, json=body("90", None))
        assert (late.status_code, late.json()["code"]) == (409, "marks.confirmed_already")
        assert await evaluation.facts(played.order_id, type="candidate.assessed.v1") == []

    async def test_the_union_is_the_second_at_most_and_sees_no_value_of_its_own_difference(
        self, evaluation, given, union
    ):
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.a_batch(played, line=1)
        path = f"/batches/{batch.batch_id}/marks"
        theory = {"part": "theory", "marks": [{"evaluation_id": batch.evaluations[0], "mark": "70"}]}
        alone = await union.post(path, json=theory)
        assert (alone.status_code, alone.json()["code"]) == (403, "identity.role")
        assert (
            await given.as_person("assessor", batch.assessors[0]).post(path, json=theory)
        ).status_code == 204
        theory["marks"][0]["mark"] = "71"
        examiner = evaluation.client("union", organisation="smftu", user="examiner")
        assert (await examiner.post(f"{path}/confirm", json=theory)).json()["confirmed"] == []
        own = (await examiner.get(f"/batches/{batch.batch_id}")).json()["candidates"][0]
        assert (own["differ"], own["differences"]) == (["theory"], [])
        others = (await union.get(f"/batches/{batch.batch_id}")).json()["candidates"][0]
        apart = {"wide": False, "first_failed": [], "second_failed": []}
        assert others["differences"] == [{"part": "theory", "first": "70.0", "second": "71.0", **apart}]

    async def test_marks_wait_until_as_many_assessors_are_firm_as_were_planned(self, given, union):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1, assessors=2)
        one = given.as_person("assessor", batch.assessors[0])
        marks = [{"evaluation_id": each, "mark": "60"} for each in batch.evaluations]
        path, body = f"/batches/{batch.batch_id}/marks", {"part": "theory", "marks": marks}
        answer = await one.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.assessors_missing")
        assert answer.json()["parameters"] == {"firm": 2, "wanted": 3}
        assert (await union.get(f"/batches/{batch.batch_id}")).json()["wanted"] == 3
        await given.evaluation.deliver(a.an_assessor(played.order_id, batch.batch_id, uuid4()))
        assert (await one.post(path, json=body)).status_code == 204

    async def test_marks_are_0_to_100_in_tenths(self, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        one = given.as_person("assessor", batch.assessors[0])
        for mark in ("-0.1", "100.1", "59.95", "sixty", True, "NaN"):
            marks = [{"evaluation_id": batch.evaluations[0], "mark": mark}]
            answer = await one.post(
                f"/batches/{batch.batch_id}/marks", json={"part": "theory", "marks": marks}
            )
            assert answer.status_code == 422, mark

    async def test_who_taught_the_cohort_is_no_assessor_whatever_dispatch_says(self, evaluation, given):
        played = await given.delivered(sessions=1)
        batch = await given.a_batch(played)
        await given.evaluation.deliver(a.an_assessor(played.order_id, batch.batch_id, played.lead))
        teacher = given.as_person("assessor", played.lead)
        marks = [{"evaluation_id": batch.evaluations[0], "mark": "100"}]
        answer = await teacher.post(
            f"/batches/{batch.batch_id}/marks", json={"part": "theory", "marks": marks}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "assessor.taught_the_cohort")
        seen = (await given.union.get(f"/batches/{batch.batch_id}")).json()
        assert str(played.lead) not in seen["assessors"]
        (told,) = await evaluation.facts(played.order_id, type="assessor.barred.v1")
        assert (told.batch_id, told.person_id) == (batch.batch_id, played.lead)

    async def test_an_assessor_who_teaches_the_candidates_afterwards_is_one_no_longer(
        self, evaluation, given, union
    ):
        played = await given.delivered(sessions=1)
        batch = await given.a_batch(played)
        teacher = batch.assessors[0]
        more = a.a_scheduled(played.order_id, played.cohort, slot=a.a_slot(await given.today(), "pm"))
        await evaluation.deliver(more, a.an_assignment(more, teacher))
        (told,) = await evaluation.facts(played.order_id, type="assessor.barred.v1")
        assert (told.batch_id, told.person_id) == (batch.batch_id, teacher)
        (envelope,) = [
            each for each in await evaluation.envelopes(played.order_id) if each.type == "assessor.barred.v1"
        ]
        assert envelope.causationid is not None
        assert str(teacher) not in (await union.get(f"/batches/{batch.batch_id}")).json()["assessors"]
        body = {"part": "theory", "marks": [{"evaluation_id": batch.evaluations[0], "mark": "100"}]}
        path = f"/batches/{batch.batch_id}/marks"
        refused = await given.as_person("assessor", teacher).post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "assessor.taught_the_cohort")
        missing = await given.as_person("assessor", batch.assessors[1]).post(path, json=body)
        assert missing.json()["code"] == "batch.assessors_missing"

    async def test_an_assessor_sees_their_own_batches_and_no_other(self, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        client = given.as_person("assessor", batch.assessors[0])
        assert [each["batch_id"] for each in (await client.get("/batches")).json()] == [str(batch.batch_id)]
        stranger = given.as_person("assessor", uuid4())
        assert (await stranger.get("/batches")).json() == []
        assert (await stranger.get(f"/batches/{batch.batch_id}")).status_code == 404

    async def test_what_has_ended_leaves_an_assessors_list_when_it_is_old_enough(self, evaluation, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        client = given.as_person("assessor", batch.assessors[0])
        day = date.fromisoformat((await client.get("/batches")).json()[0]["slot"]["day"])

        async def listed(since):
            return len((await client.get("/batches", params={"since": f"{since}"})).json())

        assert await listed(day + timedelta(days=1)) == 1, "it is under way"
        async with evaluation.transactions.begin() as tx:
            await tx.driver.execute(
                "update batch set state = 'completed' where batch_id = $1", batch.batch_id
            )
        assert [await listed(day), await listed(day + timedelta(days=1))] == [1, 0]
        assert len((await client.get("/batches")).json()) == 1

    async def test_marks_for_a_batch_that_changed_meanwhile_are_refused(self, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        one = given.as_person("assessor", batch.assessors[0])
        path = f"/batches/{batch.batch_id}"
        version = (await one.get(path)).headers["etag"]
        marks = [{"evaluation_id": each, "mark": "60"} for each in batch.evaluations]
        body = {"part": "theory", "marks": marks}
        stale = await one.post(f"{path}/marks", json=body, headers={"If-Match": '"99"'})
        assert (stale.status_code, stale.json()["code"]) == (409, "version.stale")
        fresh = await one.post(f"{path}/marks", json=body, headers={"If-Match": version})
        assert fresh.status_code == 204

    async def test_a_stranger_learns_no_version(self, given):
        played = await given.an_order(sessions=1)
        session = f"/sessions/{played.sessions[0].session_id}"
        other = await given.an_order(sessions=0)
        batch = await given.a_batch(other, line=1)
        stranger = given.as_person("assessor", uuid4())
        body = {"part": "theory", "marks": [{"evaluation_id": batch.evaluations[0], "mark": "60"}]}
        bgzb = given.evaluation.client("enterprise", organisation="bgzb")
        instructor = given.as_person("instructor", uuid4())
        for client, path, told in (
            (stranger, f"/batches/{batch.batch_id}/marks", body),
            (stranger, f"/batches/{batch.batch_id}/marks/confirm", body),
            (bgzb, f"{session}/confirm", None),
            (instructor, f"{session}/open", None),
            (instructor, f"{session}/close", None),
        ):
            plain = await client.post(path, json=told)
            answer = await client.post(path, json=told, headers={"If-Match": '"99"'})
            assert plain.status_code in {403, 404}, path
            assert (answer.status_code, answer.json()["code"].rpartition(".")[2]) == (404, "unknown"), path

    async def test_who_was_released_gives_no_marks(self, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        person = uuid4()
        assignment = a.an_assessor(played.order_id, batch.batch_id, person)
        await given.evaluation.deliver(
            assignment,
            AssignmentReleased(
                order_id=played.order_id,
                assignment_id=assignment.assignment_id,
                batch_id=batch.batch_id,
                role=Role.ASSESSOR,
                college_id="smtc",
                person_id=person,
                was_firm=True,
                reason=because("absence.illness"),
            ),
        )
        marks = [{"evaluation_id": batch.evaluations[0], "mark": "100"}]
        answer = await given.as_person("assessor", person).post(
            f"/batches/{batch.batch_id}/marks", json={"part": "theory", "marks": marks}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "assessor.not_of_this_batch")


class TestPosting:
    async def test_the_enterprise_sees_results_once_they_are_posted(self, given, jinniu):
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.a_batch(played, line=1)
        await given.marked(batch)
        (before,) = (await jinniu.get(f"/batches/{batch.batch_id}")).json()["candidates"]
        assert (before["parts"], before["passed"]) == ([], None)
        assert (await jinniu.get(f"/batches/{batch.batch_id}")).json()["passed"] is None
        (listed,) = (await jinniu.get(f"/orders/{played.order_id}/batches")).json()
        assert listed["passed"] is None
        await given.posted(batch)
        (after,) = (await jinniu.get(f"/batches/{batch.batch_id}")).json()["candidates"]
        assert ([each["mark"] for each in after["parts"]], after["passed"]) == (["60.0", "60.0"], True)

    async def test_the_enterprise_never_sees_the_marks_of_a_cancelled_batch(self, given, jinniu, union):
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.a_batch(played, line=1)
        await given.marked(batch)
        path = f"/batches/{batch.batch_id}"
        assert (
            await union.post(f"{path}/cancel", json={"reason": {"code": "batch.paper_leaked"}})
        ).status_code == 204
        seen = (await jinniu.get(path)).json()
        assert (seen["passed"], seen["candidates"][0]["parts"], seen["candidates"][0]["passed"]) == (
            None,
            [],
            None,
        )
        assert (await union.get(path)).json()["passed"] == 1

    async def test_results_are_posted_for_the_programmes_working_days(self, evaluation, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        early = await given.union.post(f"/batches/{batch.batch_id}/post")
        assert (early.status_code, early.json()["code"]) == (409, "batch.marks_missing")
        await given.marked(batch)
        early = await given.union.post(f"/batches/{batch.batch_id}/post")
        assert (early.status_code, early.json()["code"]) == (409, "batch.not_over")
        ends_at = datetime.fromisoformat(early.json()["parameters"]["ends_at"])
        shown = ends_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")
        assert shown in early.json()["title"], "people read the clock on their wall"
        until = await given.posted(batch)
        (posted,) = await evaluation.facts(played.order_id, type="results.posted.v1")
        assert isinstance(posted, ResultsPosted)
        assert posted.objections_until == until
        days = [posted.posted_on + timedelta(days=n) for n in range(1, (until - posted.posted_on).days + 1)]
        assert sum(day.weekday() < 5 for day in days) == 5

    async def test_an_upheld_objection_is_marked_and_posted_again(
        self, evaluation, given, jinniu, union, bgzb
    ):
        played = await given.an_order(heads=2, sessions=0)
        batch = await given.a_batch(played, line=1)
        failed = batch.evaluations[0]
        await given.marked(batch, failed)
        await given.posted(batch)
        objection = {"reason": {"code": "objection.added_wrongly"}, "text": "加分有误"}
        stranger = await bgzb.post(f"/evaluations/{failed}/objections", json=objection)
        assert (stranger.status_code, stranger.json()["code"]) == (404, "evaluation.unknown")
        assert (await jinniu.post(f"/evaluations/{failed}/objections", json=objection)).status_code == 204
        answer = {"reason": {"code": "objection.sheet_checked"}, "upheld": True}
        settled = await union.post(f"/evaluations/{failed}/objections/settle", json=answer)
        assert settled.status_code == 204
        again = type(batch)(batch.batch_id, batch.assessors, [failed])
        await given.marked(again)
        await given.posted(batch)
        told = await evaluation.facts(played.order_id)
        assert [each.passed for each in told if each.type == "candidate.assessed.v1"] == [False, True, True]
        assert len([each for each in told if each.type == "results.posted.v1"]) == 2


async def test_the_state_of_a_batch_is_what_its_facts_say(evaluation, given, union):
    played = await given.an_order(heads=3, sessions=0)
    batch = await given.certified(played, 0, line=1)
    state = None
    for fact in await evaluation.facts(played.order_id):
        if getattr(fact, "batch_id", None) == batch.batch_id:
            state = evolve(state, fact)
    seen = (await union.get(f"/batches/{batch.batch_id}")).json()
    assert state is not None
    assert (seen["state"], seen["passed"], seen["admitted"]) == (state.state, 2, 3)
    assert [(UUID(each["evaluation_id"]), each["state"], each["passed"]) for each in seen["candidates"]] == [
        (each.evaluation_id, each.state, each.passed) for each in state.candidates
    ]
    assert [[part["part"] for part in each["parts"]] for each in seen["candidates"]] == [
        [Part.THEORY, Part.PRACTICAL]
    ] * 3
