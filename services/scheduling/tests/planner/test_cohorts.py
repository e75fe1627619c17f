from dataclasses import replace
from datetime import timedelta
from random import Random

import planner_worlds as given_
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.refusals import Invalid
from contracts.values import Cohort, OrderLine, ServiceLine, Trainee
from scheduling.planner.cohorts import cut
from scheduling.planner.world import CohortPlan
from staffing.classes import CutName, cut_line

PEOPLE = st.lists(st.sampled_from("ABCD"), max_size=260)
SIZES = st.lists(st.integers(1, 90), max_size=5)


def a_line(crews, sizes=(), line=1):
    rng = Random(len(crews))
    return OrderLine(
        line=line,
        service=ServiceLine.THEORY_TRAINING,
        occupation="6-31-01-03",
        level="L5",
        trainees=tuple(Trainee(worker_id=given_.an_id(rng), crew=c) for c in crews),
        cohort_sizes=tuple(sizes),
        earliest=given_.TODAY,
        latest=given_.TODAY + timedelta(days=60),
    )


def sizes(cuts):
    return [{crew: len(people) for crew, people in c.items()} for c in cuts]


class TestCutLine:
    def test_every_crew_has_cohorts_of_its_own_in_equal_parts_up_to_the_limit(self):
        assert sizes(cut_line(a_line("A" * 121 + "B" * 30), 60)) == [
            {"A": 41},
            {"A": 40},
            {"A": 40},
            {"B": 30},
        ]

    def test_wished_sizes_are_taken_from_the_crew_that_they_fit_tightest(self):
        line = a_line("A" * 54 + "B" * 70, sizes=[54, 54, 16])
        assert sizes(cut_line(line, 60)) == [{"A": 54}, {"B": 54}, {"B": 16}]

    def test_a_wish_larger_than_any_crew_takes_several(self):
        assert sizes(cut_line(a_line("A" * 30 + "B" * 24, sizes=[54]), 60)) == [{"A": 30, "B": 24}]

    def test_who_is_left_over_is_cut_as_if_nothing_had_been_wished(self):
        assert sizes(cut_line(a_line("A" * 100, sizes=[20]), 60)) == [{"A": 40}, {"A": 40}, {"A": 20}]

    def test_whole_crews_go_together_up_to_the_limit_and_none_is_parted_for_that(self):
        line = a_line("A" * 70 + "B" * 30 + "C" * 25 + "D" * 10)
        together = sizes(cut_line(line, 60, CutName.WHOLE_CREWS))
        assert together == [{"A": 35}, {"A": 35}, {"B": 30, "C": 25}, {"D": 10}]

    def test_by_size_there_are_the_fewest_equal_parts_whatever_the_crew(self):
        line = a_line("A" * 40 + "B" * 40 + "C" * 40)
        assert sizes(cut_line(line, 60, CutName.BY_SIZE)) == [{"A": 40, "B": 20}, {"B": 20, "C": 40}]
        wished = a_line("A" * 40 + "B" * 40 + "C" * 40, sizes=[40])
        assert {"A": 40} in sizes(cut_line(wished, 60, CutName.BY_SIZE))

    @given(crews=PEOPLE, wished=SIZES, how=st.sampled_from(CutName))
    def test_everybody_is_in_one_cohort_and_none_is_above_the_limit(self, crews, wished, how):
        line = a_line(crews, wished)
        cuts = cut_line(line, 60, how)
        cohorts = [[w for people in c.values() for w in people] for c in cuts]
        assert sorted(w for c in cohorts for w in c) == sorted(t.worker_id for t in line.trainees)
        assert all(0 < len(c) <= 60 for c in cohorts)

    @given(crews=PEOPLE.filter(bool), wished=SIZES, how=st.sampled_from(CutName))
    def test_wishes_that_add_up_to_no_more_than_the_people_are_all_honoured(self, crews, wished, how):
        wished = [w for w in wished if w <= 60]
        if sum(wished) <= len(crews):
            got = [sum(map(len, c.values())) for c in cut_line(a_line(crews, wished), 60, how)]
            for size in set(wished):
                assert got.count(size) >= wished.count(size)

    @given(crews=PEOPLE, wished=SIZES, how=st.sampled_from(CutName), seed=st.integers())
    def test_the_order_of_the_roster_does_not_matter(self, crews, wished, how, seed):
        line = a_line(crews, wished)
        shuffled = list(line.trainees)
        Random(seed).shuffle(shuffled)
        other = line.model_copy(update={"trainees": tuple(shuffled)})
        assert cut_line(line, 60, how) == cut_line(other, 60, how)


class TestCut:
    def test_letters_run_on_over_the_lines_and_evaluation_has_no_cohorts(self):
        rng = Random(3)
        works = given_.an_enterprise(rng, "4x3")
        order = given_.an_order(rng, works, lines=1)
        evaluation = a_line("A" * 5, line=3).model_copy(update={"service": ServiceLine.SKILL_EVALUATION})
        lines = (evaluation, a_line("A" * 10, line=2), a_line("AB", line=1))
        order = type(order)(order.order_id, 1, order.programme, works, lines)
        cohorts = cut(order, given_.programme())
        assert [(c.letter, c.line, len(c.workers)) for c in cohorts] == [
            ("A", 1, 1),
            ("B", 1, 1),
            ("C", 2, 10),
        ]

    def test_a_new_version_has_new_cohorts(self):
        order = given_.an_order(Random(4))
        again = type(order)(order.order_id, 2, order.programme, order.enterprise, order.lines)
        ids = [{c.cohort_id for c in cut(o, given_.programme())} for o in (order, order, again)]
        assert ids[0] == ids[1]
        assert not ids[0] & ids[2]

    def test_after_z_the_letters_begin_again_and_travel_as_facts(self):
        order = given_.an_order(Random(5), lines=1)
        line = a_line("A" * 2000, sizes=[60] * 33)
        order = replace(order, lines=(line,))
        cohorts = cut(order, given_.programme())
        assert [c.letter for c in cohorts[24:28]] == ["Y", "Z", "A2", "B2"]
        assert sum(len(c.workers) for c in cohorts) == 2000
        assert len({c.cohort_id for c in cohorts}) == len(cohorts) == 34
        facts = [Cohort.model_validate_json(c.fact().model_dump_json()) for c in cohorts]
        assert [(f.letter, f.series) for f in facts[25:27]] == [("Z", 1), ("A", 2)]
        assert [CohortPlan.name_of(f) for f in facts] == [c.letter for c in cohorts]

    def test_more_cohorts_than_names_are_refused(self):
        order = given_.an_order(Random(5), lines=1)
        line = a_line("A" * 235, sizes=[1] * 235)
        with pytest.raises(Invalid, match=r"order\.too_many_cohorts"):
            cut(replace(order, lines=(line,)), given_.programme())
