"""A batch from planning to the end of the posting: over HTTP, on a real database."""

from datetime import timedelta
from uuid import UUID, uuid4

from contracts.evaluation import CandidateAdmitted, CandidateRefused, EvaluationPlanned, ResultsPosted
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
        one, other = (given.as_person("assessor", each) for each in batch.assessors)
        marks = [{"evaluation_id": each, "mark": "77.7"} for each in batch.evaluations]
        await one.post(f"/batches/{batch.batch_id}/marks", json={"part": "theory", "marks": marks})
        seen = await other.get(f"/batches/{batch.batch_id}")
        assert seen.status_code == 200
        assert "77.7" not in seen.text
        assert seen.json()["candidates"][0]["entered"] == ["theory"]

    async def test_a_difference_is_shown_and_nothing_taken(self, evaluation, given):
        played = await given.an_order(heads=2, sessions=0)
        batch = await given.a_batch(played, line=1)
        one, other = (given.as_person("assessor", each) for each in batch.assessors)
        path = f"/batches/{batch.batch_id}/marks"

        def body(*marks):
            pairs = zip(batch.evaluations, marks, strict=True)
            return {
                "part": "practical",
                "marks": [{"evaluation_id": each, "mark": mark} for each, mark in pairs],
            }

        assert (await one.post(path, json=body("80", None))).status_code == 204
        same = await one.post(f"{path}/confirm", json=body("80", None))
        assert (same.status_code, same.json()["code"]) == (403, "marks.same_person")
        differ = await other.post(f"{path}/confirm", json=body("80", "55.5"))
        assert (differ.status_code, differ.json()["code"]) == (409, "marks.differ")
        assert differ.json()["parameters"]["differences"] == [
            {"evaluation_id": batch.evaluations[1], "first": None, "second": "55.5"}
        ]
        seen = (await other.get(f"/batches/{batch.batch_id}")).json()
        assert [each["confirmed"] for each in seen["candidates"]] == [[], []]
        assert (await other.post(f"{path}/confirm", json=body("80.0", None))).status_code == 204
        again = await one.post(path, json=body("90", None))
        assert (again.status_code, again.json()["code"]) == (409, "marks.confirmed_already")
        assert await evaluation.facts(played.order_id, type="candidate.assessed.v1") == []

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

    async def test_who_taught_the_cohort_is_no_assessor_whatever_dispatch_says(self, given):
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

    async def test_an_assessor_sees_their_own_batches_and_no_other(self, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        client = given.as_person("assessor", batch.assessors[0])
        assert [each["batch_id"] for each in (await client.get("/batches")).json()] == [str(batch.batch_id)]
        stranger = given.as_person("assessor", uuid4())
        assert (await stranger.get("/batches")).json() == []
        assert (await stranger.get(f"/batches/{batch.batch_id}")).status_code == 404

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
        await given.posted(batch)
        (after,) = (await jinniu.get(f"/batches/{batch.batch_id}")).json()["candidates"]
        assert ([each["mark"] for each in after["parts"]], after["passed"]) == (["60.0", "60.0"], True)

    async def test_results_are_posted_for_the_programmes_working_days(self, evaluation, given):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        early = await given.union.post(f"/batches/{batch.batch_id}/post")
        assert (early.status_code, early.json()["code"]) == (409, "batch.marks_missing")
        await given.marked(batch)
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
