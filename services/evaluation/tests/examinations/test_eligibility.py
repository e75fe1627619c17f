from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.refusals import Refused
from contracts.values import ServiceLine
from evaluation.examinations import eligibility
from evaluation.examinations.eligibility import Evidence, Lesson, Verdict
from staffing.admission import Held, Shown
from staffing.people import assessors_for

from .. import builders as a

pytestmark = pytest.mark.rules
FIGURES = a.the_programmes().rules.evaluation.figures(a.ELECTRICIAN, a.MONDAY)
LINE = a.a_line(2, ServiceLine.SKILL_EVALUATION, [a.a_worker(n) for n in range(3)])
KNOWN = Evidence(date(1990, 1, 1), Shown(12, (Held("L5"),)))


def a_lesson(minutes, *, held=True, line=1, workers=None):
    people = frozenset(workers or (a.a_worker(n) for n in range(3)))
    return Lesson(line, people, 4, held, UUID(int=9), {a.a_worker(n): m for n, m in enumerate(minutes)})


def verdicts(lessons, evidence=None, day=a.MONDAY, line=LINE):
    workers = [each.worker_id for each in line.trainees]
    return eligibility.verdicts(
        line,
        workers,
        (1,),
        lessons,
        evidence if evidence is not None else dict.fromkeys(workers, KNOWN),
        day=day,
        programmes=a.the_programmes(),
    )


def codes(verdict: Verdict) -> list[str]:
    return [each.code for each in verdict.reasons]


class TestEligibility:
    def test_attendance_counts_over_the_orders_training(self):
        full, short, none = verdicts([a_lesson([180, 180, 0]), a_lesson([108, 107, 0])])
        assert (full.attended, full.required, codes(full)) == (288, 288, [])
        assert codes(short) == ["admission.attendance"]
        assert (none.attended, codes(none)) == (0, ["admission.attendance"])

    def test_a_session_of_another_cohort_counts_for_whoever_came_but_never_beyond_what_was_planned(self):
        elsewhere = a_lesson([180, 180], workers=[a.a_worker(50)])
        missed, there, _ = verdicts([a_lesson([0, 180, 0]), a_lesson([180, 180, 0]), elsewhere])
        assert (missed.attended, codes(missed)) == (360, [])
        assert there.attended == 360
        assert eligibility.barred([elsewhere], [a.a_worker(0)]) == (UUID(int=9),)

    def test_without_training_no_attendance_is_asked(self):
        assert [codes(each) for each in verdicts([])] == [[], [], []]
        assert [each.required for each in verdicts([a_lesson([0, 0, 0], line=3)])] == [0, 0, 0]

    def test_training_that_is_not_over_is_waited_for(self):
        with pytest.raises(Refused, match=r"batch\.training_unfinished"):
            verdicts([a_lesson([180, 180, 180]), a_lesson([], held=False)])

    def test_age_counts_on_the_day(self):
        def born(on):
            return dict.fromkeys(
                [each.worker_id for each in LINE.trainees], Evidence(on, Shown(12, (Held("L5"),)))
            )

        assert codes(verdicts([], born(date(2011, 3, 9)))[0]) == ["admission.too_young"]
        assert codes(verdicts([], born(date(2011, 3, 8)))[0]) == []

    def test_the_ladder_of_the_occupations_standard_decides(self):
        def with_years(years, holds):
            known = Evidence(date(1990, 1, 1), Shown(years, (Held(holds),) if holds else ()))
            workers = [each.worker_id for each in LINE.trainees]
            return codes(verdicts([], dict.fromkeys(workers, known))[0])

        assert with_years(4, "L5") == []
        assert with_years(3, "L5") == ["admission.no_route"]
        assert with_years(6, None) == []
        assert with_years(5, None) == ["admission.no_route"]
        assert with_years(20, "L4") == ["admission.level_held"]
        assert "admission.level_held" in with_years(20, "L3")

    def test_every_reason_is_told(self):
        young = Evidence(date(2015, 1, 1), Shown())
        workers = [each.worker_id for each in LINE.trainees]
        verdict = verdicts([a_lesson([0, 0, 0])], dict.fromkeys(workers, young))[0]
        assert codes(verdict) == ["admission.too_young", "admission.attendance", "admission.no_route"]

    def test_without_evidence_nothing_is_decided(self):
        with pytest.raises(Refused, match=r"batch\.evidence_unknown"):
            verdicts([], {})
        no_birth = dict.fromkeys(
            [each.worker_id for each in LINE.trainees], Evidence(None, Shown(12, (Held("L5"),)))
        )
        assert codes(verdicts([], no_birth)[0]) == ["admission.birth_date_unknown"]

    def test_who_taught_any_candidate_is_barred(self):
        lessons = [a_lesson([180]), replace(a_lesson([], workers=[uuid4()]), lead=UUID(int=10))]
        assert eligibility.barred(lessons, [a.a_worker(0)]) == (UUID(int=9),)

    @pytest.mark.parametrize(("heads", "groups"), [(1, 1), (15, 1), (16, 2), (50, 4)])
    def test_the_practical_is_held_in_groups_by_an_odd_number_of_assessors(self, heads, groups):
        assert assessors_for(heads, FIGURES) == (3, groups)
