from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def a_lesson(minutes, *, held=True, line=1, workers=None, unit=None):
    people = frozenset(workers or (a.a_worker(n) for n in range(3)))
    attended = {a.a_worker(n): m for n, m in enumerate(minutes)}
    return Lesson(line, people, 4, held, UUID(int=9), attended, unit)


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

    def test_a_unit_that_was_heard_twice_makes_up_for_no_other(self):
        """Who came to one unit with both cohorts has missed the other all the same; the missed one can be made up."""
        others = [a.a_worker(50)]
        own = [a_lesson([180, 180, 180], unit="safety"), a_lesson([0, 0, 90], unit="control")]
        again = [
            a_lesson([180, 0, 0], unit="safety", workers=others),
            a_lesson([0, 180, 180], unit="control", workers=others),
        ]
        twice, made_up, in_parts = verdicts([*own, *again])
        assert (twice.attended, codes(twice)) == (180, ["admission.attendance"])
        assert [(each.attended, codes(each)) for each in (made_up, in_parts)] == [(360, []), (360, [])]

    def test_two_sessions_of_one_unit_are_both_planned(self):
        both, one, _ = verdicts(
            [a_lesson([180, 180, 0], unit="safety"), a_lesson([180, 0, 0], unit="safety")]
        )
        assert (both.attended, one.attended, both.required) == (360, 180, 288)

    @given(
        st.lists(
            st.tuples(st.sampled_from(["safety", "control", None]), st.booleans(), st.integers(0, 180)),
            min_size=1,
            max_size=8,
        )
    )
    def test_no_unit_counts_longer_than_it_was_planned(self, came):
        lessons = [
            a_lesson([minutes], unit=unit, workers=None if own else [a.a_worker(50)])
            for unit, own, minutes in came
        ]
        (verdict, *_) = verdicts(lessons)
        most = {unit: 180 * sum(own for each, own, _ in came if each == unit) for unit, _, _ in came}
        heard = {unit: sum(minutes for each, _, minutes in came if each == unit) for unit, _, _ in came}
        assert verdict.attended == sum(min(most[unit], heard[unit]) for unit in most)

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
