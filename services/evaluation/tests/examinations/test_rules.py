from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.evaluation import CandidateAdmitted, CandidateAssessed, EvaluationPlanned
from contracts.refusals import Invalid, NotAllowed, NotFound, Refused
from contracts.values import Part, ServiceLine, because
from evaluation.examinations import marking, posting, rules
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState, evolve
from evaluation.examinations.eligibility import Verdict
from evaluation.examinations.marking import Difference, Entry, Marker, Panel, Progress
from evaluation.examinations.rules import Asked
from evaluation.examinations.stars import Stars
from staffing.calendar import Calendar

from .. import builders as a

pytestmark = pytest.mark.rules
ONE, OTHER = Marker("one", UUID(int=1)), Marker("other", UUID(int=2))
LEVELS = a.the_programmes().levels
OPEN = Calendar(holidays=[], makeup_days=[])
"""No holiday at all."""
WHY = because("objection.marks_added_wrongly")
OVER = a.a_slot().ends_at


def a_batch(*, heads: int = 2, parts=(Part.THEORY, Part.PRACTICAL), **told) -> Batch:
    candidates = tuple(Candidate(uuid4(), a.a_worker(n), CandidateState.ADMITTED) for n in range(heads))
    slot = a.a_slot()
    batch = Batch(
        uuid4(), uuid4(), 2, a.ELECTRICIAN, "L4", "jinniu", "350428", slot, parts, (UUID(int=9),), 2
    )
    return replace(batch, **({"candidates": candidates} | told))


def marks_of(batch, *marks):
    return {
        each.evaluation_id: None if mark is None else Decimal(mark)
        for each, mark in zip(batch.candidates, marks, strict=True)
    }


FIRM = Panel(frozenset({UUID(int=1), UUID(int=2)}), frozenset())


def first_entries(batch, marks):
    """The first entry of the theory part, by one."""
    return {each.evaluation_id: each for each in marking.enter(batch, Part.THEORY, marks, {}, ONE)}


def standing(marks) -> dict[Part, Entry]:
    """Each part's mark, entered by one and confirmed by another."""
    return {part: Entry(UUID(int=9), part, mark, "one", UUID(int=1), "other") for part, mark in marks.items()}


def assessed(batch: Batch, *marks: str) -> Batch:
    for candidate, mark in zip(batch.candidates, marks, strict=True):
        fact = marking.assess(
            batch, candidate, standing(dict.fromkeys(batch.parts, Decimal(mark))), Decimal(60)
        )
        assert fact is not None
        batch = evolve(batch, fact)
    return batch


class TestPassing:
    @pytest.mark.parametrize(
        ("theory", "practical", "passed"),
        [
            ("60", "60", True),
            ("60.0", "100", True),
            ("59.9", "100", False),
            ("100", "59.9", False),
            (None, "100", False),
            ("0", "60", False),
        ],
    )
    def test_each_part_reaches_its_mark_and_nothing_is_averaged(self, theory, practical, passed):
        assert marking.passes([a.a_part(theory), a.a_part(practical, Part.PRACTICAL)]) is passed

    @given(
        st.lists(
            st.tuples(st.none() | st.decimals(0, 100, places=1), st.decimals(0, 100, places=1)),
            min_size=1,
            max_size=3,
        )
    )
    def test_passing_is_every_part_at_its_mark_or_above(self, figures):
        parts = [
            a.a_part(None if mark is None else str(mark), part, str(needed))
            for part, (mark, needed) in zip(Part, figures, strict=False)
        ]
        assert marking.passes(parts) is (not [1 for mark, needed in figures if mark is None or mark < needed])

    def test_a_level_with_review_needs_all_three_parts(self):
        level = LEVELS["L2"]
        assert level.parts == (Part.THEORY, Part.PRACTICAL, Part.REVIEW)
        batch = a_batch(heads=1, parts=level.parts)
        two = standing({Part.THEORY: Decimal(90), Part.PRACTICAL: Decimal(90)})
        assert marking.assess(batch, batch.candidates[0], two, level.pass_mark) is None
        result = marking.assess(
            batch, batch.candidates[0], two | standing({Part.REVIEW: Decimal("59.9")}), level.pass_mark
        )
        assert isinstance(result, CandidateAssessed)
        assert result.passed is False

    def test_a_result_says_whose_marks_it_stands_on_and_an_older_one_does_not(self):
        batch = a_batch(heads=1)
        by_two = standing(dict.fromkeys(batch.parts, Decimal(70)))
        said = marking.assess(batch, batch.candidates[0], by_two, Decimal(60))
        kept = {
            each.part: (each.mark, each.entered_by, each.confirmed_by) for each in marking.entries_of(said)
        }
        assert kept == dict.fromkeys(batch.parts, (Decimal(70), "one", "other"))
        older = marking.entries_of(said.model_copy(update={"markers": ()}))
        assert {(each.entered_by, each.confirmed) for each in older} == {(marking.UNTOLD, True)}


class TestMarks:
    def test_a_mark_entered_by_one_is_confirmed_by_another(self):
        batch = a_batch()
        marks = marks_of(batch, "60", None)
        entries = {each.evaluation_id: each for each in marking.enter(batch, Part.THEORY, marks, {}, ONE)}
        confirmed = marking.confirm(batch, Part.THEORY, marks, entries, OTHER)
        assert [(each.mark, each.confirmed_by) for each in confirmed] == [
            (Decimal(60), "other"),
            (None, "other"),
        ]

    @pytest.mark.parametrize("marker", [Marker("one", UUID(int=5)), Marker("third", UUID(int=1))])
    def test_not_by_the_same_login_nor_the_same_person_behind_another(self, marker):
        batch = a_batch()
        marks = marks_of(batch, "60", "60")
        entries = {each.evaluation_id: each for each in marking.enter(batch, Part.THEORY, marks, {}, ONE)}
        with pytest.raises(NotAllowed, match=r"marks\.same_person"):
            marking.confirm(batch, Part.THEORY, marks, entries, marker)

    def test_where_two_differ_neither_value_is_taken_and_the_others_stand(self):
        batch = a_batch(heads=3)
        first = first_entries(batch, marks_of(batch, "60", "70", None))
        seen = marking.confirm(batch, Part.THEORY, marks_of(batch, "60.0", "70.1", "0"), first, OTHER)
        assert [(each.confirmed, each.differs) for each in seen] == [
            (True, False),
            (False, True),
            (False, True),
        ]
        assert [(each.mark, each.second_mark) for each in seen[1:]] == [
            (Decimal(70), Decimal("70.1")),
            (None, Decimal(0)),
        ]

    def test_a_difference_is_open_to_a_first_entry_anew_only(self):
        batch = a_batch(heads=1)
        first = first_entries(batch, marks_of(batch, "70"))
        (differs,) = marking.confirm(batch, Part.THEORY, marks_of(batch, "71"), first, OTHER)
        third = Marker("third", UUID(int=3))
        with pytest.raises(Refused, match=r"marks\.differ"):
            marking.confirm(
                batch, Part.THEORY, marks_of(batch, "70"), {differs.evaluation_id: differs}, third
            )
        (anew,) = marking.enter(
            batch, Part.THEORY, marks_of(batch, "71"), {differs.evaluation_id: differs}, OTHER
        )
        assert (anew.differs, anew.entered_by) == (False, "other")
        (stands,) = marking.confirm(
            batch, Part.THEORY, marks_of(batch, "71"), {anew.evaluation_id: anew}, third
        )
        assert stands.confirmed

    def test_both_values_are_shown_to_the_union_unless_one_is_its_own(self):
        batch = a_batch(heads=1)
        first = first_entries(batch, marks_of(batch, "70"))
        examiner = Marker("examiner", None, examiner=True)
        assert marking.progress(first.values(), examiner) == Progress(entered=(Part.THEORY,))
        assert marking.progress(first.values(), ONE).own == (Part.THEORY,)  # somebody else is waited for
        differs = marking.confirm(batch, Part.THEORY, marks_of(batch, "71"), first, examiner)
        coordinator = Marker("coordinator", None, examiner=True)
        both = (Difference(Part.THEORY, Decimal(70), Decimal(71)),)
        assert marking.progress(differs, coordinator) == Progress(differs=(Part.THEORY,), differences=both)
        for marker, own in ((examiner, (Part.THEORY,)), (ONE, (Part.THEORY,)), (OTHER, ())):
            assert marking.progress(differs, marker) == Progress(differs=(Part.THEORY,), own=own)

    def test_confirmed_marks_stand(self):
        batch = a_batch(heads=1)
        evaluation_id = batch.candidates[0].evaluation_id
        entry = Entry(evaluation_id, Part.THEORY, Decimal(60), "one", None, "other")
        for act in (marking.enter, marking.confirm):
            with pytest.raises(Refused, match=r"marks\.confirmed_already"):
                act(batch, Part.THEORY, {evaluation_id: Decimal(61)}, {evaluation_id: entry}, OTHER)

    def test_nothing_is_confirmed_that_was_not_entered(self):
        batch = a_batch(heads=1)
        with pytest.raises(Refused, match=r"marks\.not_entered"):
            marking.confirm(batch, Part.THEORY, marks_of(batch, "60"), {}, OTHER)

    def test_unknown_parts_and_strangers_and_the_refused_get_no_marks(self):
        batch = a_batch(heads=1)
        with pytest.raises(Invalid, match=r"marks\.no_such_part"):
            marking.enter(batch, Part.REVIEW, marks_of(batch, "60"), {}, ONE)
        with pytest.raises(NotFound, match=r"evaluation\.unknown"):
            marking.enter(batch, Part.THEORY, {uuid4(): Decimal(60)}, {}, ONE)
        refused = replace(batch, candidates=(replace(batch.candidates[0], state=CandidateState.REFUSED),))
        with pytest.raises(Refused, match=r"marks\.candidate_refused"):
            marking.enter(refused, Part.THEORY, marks_of(refused, "60"), {}, ONE)

    def test_who_taught_the_cohort_gives_no_marks_though_dispatch_sent_them(self):
        batch, begin = a_batch(), a.a_slot().starts_at
        teacher = Marker("teacher", UUID(int=9))
        panel = Panel(frozenset({UUID(int=9), *FIRM.sent}), frozenset({UUID(int=9)}))
        assert panel.firm == FIRM.sent
        with pytest.raises(NotAllowed, match=r"assessor\.taught_the_cohort"):
            marking.check_marker(batch, teacher, panel, begin)
        with pytest.raises(NotAllowed, match=r"assessor\.taught_the_cohort"):
            marking.check_marker(batch, replace(teacher, examiner=True), panel, begin)

    def test_marks_are_given_by_assessors_of_the_batch_or_the_union_from_its_begin_on(self):
        batch, begin = a_batch(), a.a_slot().starts_at
        marking.check_marker(batch, ONE, FIRM, begin)
        marking.check_marker(batch, Marker("examiner", None, examiner=True), FIRM, begin)
        with pytest.raises(NotAllowed, match=r"assessor\.not_of_this_batch"):
            marking.check_marker(batch, Marker("third", UUID(int=3)), FIRM, begin)
        with pytest.raises(NotAllowed, match=r"assessor\.not_of_this_batch"):
            marking.check_marker(batch, Marker("nobody", None), FIRM, begin)
        with pytest.raises(Refused, match=r"batch\.not_begun"):
            marking.check_marker(batch, ONE, FIRM, begin - timedelta(seconds=1))
        with pytest.raises(Refused, match=r"batch\.not_marking"):
            marking.check_marker(replace(batch, state=BatchState.POSTED), ONE, FIRM, begin)

    @pytest.mark.parametrize("taught", [frozenset(), frozenset({UUID(int=2)})])
    def test_as_many_are_firm_as_were_planned_and_who_taught_does_not_count(self, taught):
        batch, begin = a_batch(assessors=2), a.a_slot().starts_at
        sent = frozenset({UUID(int=1)}) | taught
        for marker in (ONE, Marker("examiner", None, examiner=True)):
            with pytest.raises(Refused, match=r"batch\.assessors_missing") as refused:
                marking.check_marker(batch, marker, Panel(sent, taught), begin)
            assert refused.value.parameters == {"firm": 1, "wanted": 2}

    def test_the_first_entry_is_never_the_unions(self):
        batch = a_batch()
        with pytest.raises(NotAllowed, match=r"assessor\.not_of_this_batch"):
            marking.enter(
                batch, Part.THEORY, marks_of(batch, "60", "60"), {}, Marker("examiner", None, examiner=True)
            )

    def test_who_teaches_the_candidates_by_now_is_told_to_dispatch(self):
        batch = a_batch()
        panel = Panel(frozenset({UUID(int=1), UUID(int=2)}), frozenset({UUID(int=2), UUID(int=8)}))
        (barred,) = marking.bar(batch, panel)
        assert barred.person_id == UUID(int=2)
        assert evolve(batch, barred).barred == (UUID(int=2), UUID(int=9))


LINE = a.a_line(2, ServiceLine.SKILL_EVALUATION, [a.a_worker(n) for n in range(3)])


class TestPlanning:
    def plan(self, *verdicts):
        asked = Asked(uuid4(), uuid4(), "jinniu", "350428", LINE, a.a_slot(), 3)
        attempts = {each.worker_id: 1 for each in verdicts}
        return rules.plan(asked, verdicts, attempts, level=LEVELS["L4"], barred=(UUID(int=9),), new_id=uuid4)

    def test_the_batch_asks_for_assessors_and_says_who_is_barred(self):
        planned, admitted, refused = self.plan(
            Verdict(a.a_worker(0), 288, 288, ()), Verdict(a.a_worker(1), 0, 288, (WHY,))
        )
        assert isinstance(planned, EvaluationPlanned)
        assert (planned.candidates, planned.assessors, planned.barred) == (1, 3, (UUID(int=9),))
        assert planned.parts == (Part.THEORY, Part.PRACTICAL)
        assert isinstance(admitted, CandidateAdmitted)
        assert refused.reasons == (WHY,)

    def test_a_batch_of_nobody_is_not_planned(self):
        with pytest.raises(Refused, match=r"batch\.nobody_eligible"):
            self.plan(Verdict(a.a_worker(1), 0, 288, (WHY,)))

    def test_only_an_evaluation_line_at_an_examined_level(self):
        training = a.a_line(1, ServiceLine.THEORY_TRAINING, [a.a_worker(0)])
        for line in (None, training):
            with pytest.raises(Invalid, match=r"batch\.no_evaluation_line"):
                rules.check_line(line, 1, LEVELS, cancelled=False)
        with pytest.raises(Refused, match=r"batch\.level_not_examined"):
            rules.check_line(LINE.model_copy(update={"level": "chief"}), 2, LEVELS, cancelled=False)
        with pytest.raises(Refused, match=r"order\.cancelled_already"):
            rules.check_line(LINE, 2, LEVELS, cancelled=True)

    def test_not_in_the_past(self):
        with pytest.raises(Invalid, match=r"batch\.in_the_past"):
            rules.check_slot(a.a_slot(), a.a_slot().starts_at, OPEN)

    def test_on_no_public_holiday_for_nobody_would_be_sent(self):
        slot = a.a_slot()
        closed = Calendar(holidays=[slot.day], makeup_days=[])
        with pytest.raises(Invalid, match=r"batch\.public_holiday"):
            rules.check_slot(slot, slot.starts_at - timedelta(days=9), closed)

    def test_a_second_batch_takes_who_failed_or_was_refused_and_nobody_who_waits_or_passed(self):
        done = replace(assessed(a_batch(heads=2), "60", "59.9"), state=BatchState.COMPLETED)
        workers = [a.a_worker(n) for n in range(3)]
        assert rules.still_to_examine(workers, [done]) == {a.a_worker(1): 2, a.a_worker(2): 1}
        running = a_batch(heads=3)
        with pytest.raises(Refused, match=r"batch\.nobody_left"):
            rules.still_to_examine(workers, [running])
        cancelled = replace(running, state=BatchState.CANCELLED)
        assert rules.still_to_examine(workers, [cancelled]) == dict.fromkeys(workers, 1)


class TestMoving:
    LATER = a.a_slot(a.MONDAY + timedelta(days=7))

    def check(self, batch, slot=LATER, *, marked=False, now=OVER):
        rules.check_movable(batch, slot, marked=marked, now=now, calendar=OPEN)

    def moved(self, batch, *verdicts):
        return rules.move(batch, self.LATER, verdicts, assessors=3, barred=(UUID(int=8),))

    def test_a_batch_is_at_another_time_and_asks_for_assessors_anew(self):
        batch = a_batch()
        self.check(batch)
        fact = self.moved(batch, *(Verdict(each.worker_id, 0, 0, ()) for each in batch.candidates))
        assert (fact.was, fact.slot, fact.candidates, fact.assessors) == (batch.slot, self.LATER, 2, 3)
        after = evolve(batch, fact)
        assert (after.slot, after.barred, after.assessors) == (self.LATER, (UUID(int=8),), 3)
        assert after.candidates == batch.candidates

    def test_not_once_it_is_marked_or_posted_nor_to_the_past_nor_to_where_it_is(self):
        with pytest.raises(Refused, match=r"batch\.marked_already"):
            self.check(a_batch(), marked=True)
        with pytest.raises(Refused, match=r"batch\.not_open"):
            self.check(a_batch(state=BatchState.POSTED))
        with pytest.raises(Invalid, match=r"batch\.in_the_past"):
            self.check(a_batch(), now=self.LATER.starts_at)
        with pytest.raises(Invalid, match=r"batch\.not_moved"):
            self.check(a_batch(), a.a_slot(), now=a.a_slot().starts_at - timedelta(days=1))

    def test_who_would_not_be_admitted_on_that_day_keeps_it_where_it_is(self):
        with pytest.raises(Refused, match=r"batch\.no_longer_admitted") as refused:
            self.moved(a_batch(), Verdict(a.a_worker(0), 0, 0, ()), Verdict(a.a_worker(1), 0, 0, (WHY,)))
        assert refused.value.parameters == {
            "candidates": 1,
            "day": self.LATER.day,
            "reasons": WHY.code,
        }


class TestCancelling:
    def test_until_its_results_are_posted(self):
        for batch in (a_batch(), assessed(a_batch(), "60", "60")):
            fact = rules.cancel(batch, WHY)
            assert (fact.line, fact.reason) == (2, WHY)
            assert evolve(batch, fact).state is BatchState.CANCELLED
        for state in (BatchState.POSTED, BatchState.COMPLETED, BatchState.CANCELLED):
            with pytest.raises(Refused, match=r"batch\.not_open"):
                rules.cancel(a_batch(state=state), WHY)

    def test_not_while_an_objection_waits_for_its_answer(self):
        batch = a_batch(heads=1)
        waiting = replace(batch, candidates=(replace(batch.candidates[0], objection=True),))
        with pytest.raises(Refused, match=r"batch\.objections_open"):
            rules.cancel(waiting, WHY)


class TestPosting:
    def posted(self, batch):
        return evolve(batch, posting.post(batch, now=OVER, today=date(2026, 4, 30), until=date(2026, 5, 12)))

    def test_results_are_posted_when_all_are_assessed(self):
        batch = assessed(a_batch(), "60", "59.9")
        posted = posting.post(batch, now=OVER, today=a.MONDAY, until=a.MONDAY)
        assert (posted.candidates, posted.passed) == (2, 1)
        with pytest.raises(Refused, match=r"batch\.marks_missing"):
            posting.post(a_batch(), now=OVER, today=a.MONDAY, until=a.MONDAY)

    def test_not_before_the_batch_is_over(self):
        batch = assessed(a_batch(), "60", "59.9")
        with pytest.raises(Refused, match=r"batch\.not_over"):
            posting.post(batch, now=OVER - timedelta(seconds=1), today=a.MONDAY, until=a.MONDAY)

    def test_the_posting_days_are_working_days(self):
        calendar = Calendar.of(a.the_programmes())
        days = a.the_programmes().rules.evaluation.posting_working_days.value
        # 30 April 2026 is the Thursday before the May holiday; Saturday 9 May is worked instead
        assert calendar.add_working_days(date(2026, 4, 30), days) == date(2026, 5, 11)

    def test_certificates_come_the_day_after_the_last_day_for_objections(self):
        batch = self.posted(assessed(a_batch(), "60", "60"))
        with pytest.raises(Refused, match=r"batch\.posting_not_over"):
            posting.check_over(batch, today=date(2026, 5, 12))
        posting.check_over(batch, today=date(2026, 5, 13))

    def test_an_objection_in_time_stops_the_certificates_until_it_is_answered(self):
        batch = self.posted(assessed(a_batch(), "60", "59.9"))
        candidate = batch.candidates[1]
        raised = evolve(batch, posting.raise_objection(batch, candidate, WHY, today=date(2026, 5, 12)))
        with pytest.raises(Refused, match=r"batch\.objections_open"):
            posting.check_over(raised, today=date(2026, 5, 13))
        with pytest.raises(Refused, match=r"objection\.open_already"):
            posting.raise_objection(raised, raised.candidates[1], WHY, today=date(2026, 5, 12))
        settled = evolve(raised, posting.settle_objection(raised, raised.candidates[1], WHY, upheld=False))
        posting.check_over(settled, today=date(2026, 5, 13))

    def test_an_upheld_objection_opens_the_candidates_marks_again(self):
        batch = self.posted(assessed(a_batch(), "60", "59.9"))
        raised = evolve(
            batch, posting.raise_objection(batch, batch.candidates[1], WHY, today=date(2026, 5, 11))
        )
        after = evolve(raised, posting.settle_objection(raised, raised.candidates[1], WHY, upheld=True))
        assert after.state is BatchState.MARKING
        assert [each.state for each in after.candidates] == ["assessed", "admitted"]

    def test_too_late_or_without_a_result_nobody_objects(self):
        batch = assessed(a_batch(), "60", "60")
        with pytest.raises(Refused, match=r"batch\.not_posted"):
            posting.raise_objection(batch, batch.candidates[0], WHY, today=a.MONDAY)
        with pytest.raises(Refused, match=r"objection\.too_late"):
            posting.raise_objection(self.posted(batch), batch.candidates[0], WHY, today=date(2026, 5, 13))
        with pytest.raises(Refused, match=r"objection\.none_open"):
            posting.settle_objection(batch, batch.candidates[0], WHY, upheld=True)


ITEMS = frozenset({"isolate", "earth"})


class TestSafetyItems:
    """Starred items (★): failing one fails the practical, whatever the mark."""

    def both(self, batch, first, second, mark="95"):
        """Both people's entries of the practical of the first candidate, with what each has seen failed."""
        one = batch.candidates[0].evaluation_id
        marks = {one: Decimal(mark)}
        entered = marking.enter(batch, Part.PRACTICAL, marks, {}, ONE, Stars(ITEMS, {one: first}))
        (entry,) = marking.confirm(
            batch, Part.PRACTICAL, marks, {one: entered[0]}, OTHER, Stars(ITEMS, {one: second})
        )
        return entry

    def test_one_that_both_have_seen_failed_fails_the_practical_and_the_result_says_which(self):
        batch = a_batch(heads=1)
        entry = self.both(batch, ["isolate", "earth"], ["earth", "isolate"])
        assert (entry.confirmed, entry.failed) == (True, ("earth", "isolate"))
        marks = standing({Part.THEORY: Decimal(95)}) | {Part.PRACTICAL: entry}
        said = marking.assess(batch, batch.candidates[0], marks, Decimal(60))
        assert (said.passed, said.failed) == (False, ("earth", "isolate"))
        after = evolve(batch, said).candidates[0]
        assert (after.passed, after.failed) == (False, ("earth", "isolate"))
        kept = {each.part: each.failed for each in marking.entries_of(said)}
        assert kept == {Part.THEORY: (), Part.PRACTICAL: ("earth", "isolate")}

    def test_two_who_have_not_seen_the_same_differ_also_with_the_same_mark(self):
        entry = self.both(a_batch(heads=1), ["earth"], [])
        assert (entry.confirmed, entry.differs, entry.failed, entry.second_failed) == (
            False,
            True,
            ("earth",),
            (),
        )
        (told,) = marking.progress([entry], Marker("union", None, examiner=True)).differences
        assert (told.first_failed, told.second_failed, told.wide) == (("earth",), (), False)

    @pytest.mark.parametrize(
        ("part", "items", "mark", "code"),
        [
            (Part.PRACTICAL, ["rope"], "90", "marks.no_such_item"),
            (Part.THEORY, ["earth"], "90", "marks.no_such_item"),
            (Part.PRACTICAL, ["earth"], None, "marks.absent_failed"),
        ],
    )
    def test_items_are_of_the_practicals_sheet_and_of_who_was_there(self, part, items, mark, code):
        batch = a_batch(heads=1)
        one = batch.candidates[0].evaluation_id
        marks = {one: None if mark is None else Decimal(mark)}
        with pytest.raises(Invalid, match=code.replace(".", r"\.")):
            marking.enter(batch, part, marks, {}, ONE, Stars(ITEMS, {one: items}))

    @given(
        st.lists(st.decimals(60, 100, places=1), min_size=2, max_size=3),
        st.sets(st.sampled_from(sorted(ITEMS))),
    )
    def test_no_mark_outweighs_a_failed_item(self, marks, failed):
        parts = [a.a_part(str(mark), part) for part, mark in zip(Part, marks, strict=False)]
        assert marking.passes(parts, failed) is (not failed)

    def test_electricians_and_welders_have_some_each_with_its_source(self):
        for occupation in (a.ELECTRICIAN, "6-18-02-04"):
            items = a.the_programmes().starred_of(occupation)
            assert len(items) >= 3
            assert {each.source for each in items} == {"approximate"}


class TestFarApart:
    @given(
        st.none() | st.decimals(0, 100, places=1),
        st.none() | st.decimals(0, 100, places=1),
        st.decimals(0, 100, places=1),
    )
    def test_exactly_when_they_differ_by_more_than_the_points_and_the_same_both_ways(
        self, one, other, points
    ):
        far = marking.wide(one, other, points)
        assert far == marking.wide(other, one, points)
        if one is None or other is None:
            assert far is (one != other)
        else:
            assert far is (max(one, other) > min(one, other) + points)

    def test_the_shipped_figure_is_ten_points(self):
        points = a.the_programmes().rules.evaluation.apart(a.MONDAY)
        assert not marking.wide(Decimal(70), Decimal(80), points)
        assert marking.wide(Decimal(70), Decimal("80.1"), points)
        assert marking.wide(None, Decimal(0), points)
