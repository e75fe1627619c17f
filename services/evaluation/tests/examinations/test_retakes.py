"""What counts at a further attempt, whose absence is none, and the days that are due."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from contracts.refusals import Refused
from contracts.values import Part, because
from evaluation.examinations import marking, retakes, rules
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from evaluation.examinations.marking import Entry, Marker

from .. import builders as a

WORKER = a.a_worker(1)
UNTIL = date(2028, 3, 8)
WHY = because("excused.illness")


def a_batch(*parts, state=BatchState.COMPLETED, until=UNTIL, **told):
    one = Candidate(uuid4(), WORKER, CandidateState.ASSESSED, parts=parts, **told)
    return Batch(
        uuid4(), uuid4(), 2, a.ELECTRICIAN, "L4", "jinniu", "350428", a.a_slot(),
        (Part.THEORY, Part.PRACTICAL), (), 3, state=state, candidates=(one,), retake_until=until,
    )  # fmt: skip


THEORY_ONLY = (a.a_part("60"), a.a_part("59.9", Part.PRACTICAL))


@pytest.mark.rules
class TestWhatCounts:
    def test_a_part_that_was_passed_counts_until_the_last_day(self):
        done = a_batch(*THEORY_ONLY)
        assert retakes.carried(WORKER, [done], UNTIL) == THEORY_ONLY[:1]
        assert retakes.carried(WORKER, [done], UNTIL + timedelta(days=1)) == ()
        assert retakes.carried(a.a_worker(2), [done], UNTIL) == ()

    def test_not_of_a_batch_that_is_not_at_its_end_or_whose_rule_keeps_nothing(self):
        for batch in (a_batch(*THEORY_ONLY, state=BatchState.POSTED), a_batch(*THEORY_ONLY, until=None)):
            assert retakes.carried(WORKER, [batch], a.MONDAY) == ()

    def test_not_a_practical_that_was_unsafe_nor_one_who_was_absent(self):
        unsafe = a_batch(a.a_part("50"), a.a_part("95", Part.PRACTICAL), failed=("earth",))
        assert retakes.carried(WORKER, [unsafe], a.MONDAY) == ()
        away = a_batch(a.a_part(None), a.a_part("95", Part.PRACTICAL))
        assert [each.part for each in retakes.carried(WORKER, [away], a.MONDAY)] == [Part.PRACTICAL]

    def test_a_part_that_was_carried_is_not_renewed_by_the_next_failure(self):
        first = a_batch(*THEORY_ONLY)
        second = a_batch(*THEORY_ONLY, until=UNTIL + timedelta(days=300), carried=THEORY_ONLY[:1])
        assert retakes.carried(WORKER, [first, second], UNTIL) == THEORY_ONLY[:1]
        assert retakes.carried(WORKER, [first, second], UNTIL + timedelta(days=1)) == ()

    @pytest.mark.parametrize(
        ("day", "months", "until"),
        [
            (date(2027, 3, 8), 12, date(2028, 3, 8)),
            (date(2027, 8, 31), 6, date(2028, 2, 29)),
            (date(2027, 12, 31), 2, date(2028, 2, 29)),
            (date(2027, 1, 31), 3, date(2027, 4, 30)),
            (date(2027, 3, 8), 0, None),
        ],
    )
    def test_months_end_on_the_same_day_or_the_months_last(self, day, months, until):
        assert retakes.until(day, months) == until

    def test_only_what_was_failed_is_marked_and_the_result_has_both(self):
        batch = a_batch(state=BatchState.MARKING, until=None)
        one = Candidate(uuid4(), WORKER, CandidateState.ADMITTED, attempt=2, carried=THEORY_ONLY[:1])
        batch = Batch(**(vars(batch) | {"candidates": (one,)}))
        marker = Marker("one", uuid4())
        with pytest.raises(Refused, match=r"marks\.part_carried"):
            marking.enter(batch, Part.THEORY, {one.evaluation_id: Decimal(90)}, {}, marker)
        entry = Entry(one.evaluation_id, Part.PRACTICAL, Decimal(71), "one", uuid4(), "other")
        said = marking.assess(batch, one, {Part.PRACTICAL: entry}, Decimal(60))
        assert ([str(each.mark) for each in said.parts], said.passed) == (["60", "71"], True)
        assert [each.part for each in said.markers] == [Part.PRACTICAL]
        assert [each.part for each in marking.entries_of(said)] == [Part.PRACTICAL]


@pytest.mark.rules
class TestExcused:
    def test_the_next_attempt_has_the_same_number(self):
        away = (a.a_part(None), a.a_part(None, Part.PRACTICAL))
        assert rules.still_to_examine([WORKER], [a_batch(*away)]) == {WORKER: 2}
        assert rules.still_to_examine([WORKER], [a_batch(*away, excused=True)]) == {WORKER: 1}

    def test_only_an_absence_once_and_before_the_end(self):
        posted = a_batch(a.a_part(None), state=BatchState.POSTED)
        assert retakes.excuse(posted, posted.candidates[0], WHY).reason == WHY
        for batch, code in (
            (a_batch(a.a_part("0"), state=BatchState.POSTED), r"absence\.none"),
            (a_batch(a.a_part(None), state=BatchState.POSTED, excused=True), r"absence\.excused_already"),
            (a_batch(a.a_part(None)), r"batch\.not_open"),
        ):
            with pytest.raises(Refused, match=code):
                retakes.excuse(batch, batch.candidates[0], WHY)


async def test_days_that_are_due_are_said_when_they_have_gone_by_and_a_retake_is_of_the_failed_part_only(
    evaluation, given, union, jinniu
):
    played = await given.an_order(heads=2, sessions=0)
    batch = await given.a_batch(played, line=1)
    failing = batch.evaluations[0]
    await given.marked(batch, failing)
    until = await given.posted(batch)
    objection = {"reason": {"code": "objection.added_wrongly"}}
    assert (await jinniu.post(f"/evaluations/{failing}/objections", json=objection)).status_code == 204
    seen = (await union.get(f"/batches/{batch.batch_id}")).json()
    by = next(each["answer_by"] for each in seen["candidates"] if each["evaluation_id"] == failing)
    last = max(date.fromisoformat(by), until)
    await evaluation.fire_deadlines(a.at(last + timedelta(days=1), 8))
    told = await evaluation.facts(played.order_id, type="batch.due.v1")
    assert {(each.what, str(each.evaluation_id or "")) for each in told} == {
        ("posting_over", ""), ("answer_late", failing),
    }  # fmt: skip
    answer = {"reason": {"code": "objection.sheet_checked"}, "upheld": False}
    assert (await union.post(f"/evaluations/{failing}/objections/settle", json=answer)).status_code == 204
    assert (await union.post(f"/batches/{batch.batch_id}/certificates")).status_code == 201
    again = await given.a_batch(played, line=1)
    (admitted,) = [
        each
        for each in await evaluation.facts(played.order_id, type="candidate.admitted.v1")
        if each.batch_id == again.batch_id
    ]
    assert ([each.part for each in admitted.carried], admitted.attempt) == ([Part.THEORY], 2)
    one, other = (given.as_person("assessor", each) for each in again.assessors[:2])
    path = f"/batches/{again.batch_id}/marks"
    marks = [{"evaluation_id": again.evaluations[0], "mark": None}]
    theory = await one.post(path, json={"part": "theory", "marks": marks})
    assert (theory.status_code, theory.json()["code"]) == (409, "marks.part_carried")
    body = {"part": "practical", "marks": marks}
    assert (await one.post(path, json=body)).status_code == 204
    assert (await other.post(f"{path}/confirm", json=body)).status_code == 200
    excuse = f"/evaluations/{again.evaluations[0]}/excuse"
    assert (await union.post(excuse, json={"reason": {"code": "excused.illness"}})).status_code == 204
    (result,) = (await union.get(f"/batches/{again.batch_id}")).json()["candidates"]
    assert (result["passed"], result["excused"]) == (False, True)
    assert [(each["part"], each["mark"]) for each in result["parts"]] == [
        ("theory", "60.0"),
        ("practical", None),
    ]
