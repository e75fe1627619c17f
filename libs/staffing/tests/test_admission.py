from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.values import Diploma, Title
from staffing.admission import (
    Applicant,
    Held,
    Schooled,
    Shown,
    Supplier,
    Titled,
    answers,
    reasons_against_admission,
    whole_years,
)

pytestmark = pytest.mark.rules
ELECTRICIAN, FITTER = "6-31-01-03", "6-31-01-02"
DAY = date(2027, 3, 8)


@pytest.fixture
def routes(programmes):
    """Codes of the routes that admit."""

    def of(shown, occupation, level):
        found = answers(shown, occupation, level, programmes, on=DAY)
        return {each.route.code for each in found if not each.lacks}

    return of


def years_ago(years, days=0):
    return date(DAY.year - years, DAY.month, DAY.day + days)


def codes(reasons):
    return [each.code for each in reasons]


FIVE, FOUR, THREE, TWO = (
    tuple(Held(level, years_ago(years)) for years in (10,)) for level in ("L5", "L4", "L3", "L2")
)


class TestEachRoute:
    """What admits by each row of the table, and what just does not."""

    @pytest.mark.parametrize(
        ("occupation", "level", "route", "enough", "short"),
        [
            (FITTER, "L5", "2023-l5-a", Shown(), None),
            (FITTER, "L4", "2023-l4-a", Shown(5), Shown(4)),
            (
                FITTER,
                "L4",
                "2023-l4-b",
                Shown(4, (Held("L5", years_ago(3)),)),
                Shown(4, (Held("L5", years_ago(3, 1)),)),
            ),
            (
                FITTER,
                "L4",
                "2023-l4-c",
                Shown(schooled=(Schooled(Diploma.FINAL_YEAR),)),
                Shown(schooled=(Schooled(Diploma.VOCATIONAL, related=False),)),
            ),
            (FITTER, "L3", "2023-l3-a", Shown(10), Shown(9)),
            (FITTER, "L3", "2023-l3-b", Shown(9, (Held("L4", years_ago(4)),)), Shown(3, FOUR)),
            (
                FITTER,
                "L3",
                "2023-l3-c",
                Shown(2, titles=(Titled(Title.MID, years_ago(1)),)),
                Shown(0, titles=(Titled(Title.JUNIOR, years_ago(1)),)),
            ),
            (
                FITTER,
                "L3",
                "2023-l3-d",
                Shown(schooled=(Schooled(Diploma.SENIOR_SCHOOL),)),
                Shown(schooled=(Schooled(Diploma.VOCATIONAL),)),
            ),
            (
                FITTER,
                "L3",
                "2023-l3-e",
                Shown(0, FOUR, schooled=(Schooled(Diploma.COLLEGE),)),
                Shown(0, FIVE, schooled=(Schooled(Diploma.COLLEGE),)),
            ),
            (
                FITTER,
                "L3",
                "2023-l3-f",
                Shown(schooled=(Schooled(Diploma.COLLEGE_ASSESSED),)),
                Shown(schooled=(Schooled(Diploma.COLLEGE),)),
            ),
            (FITTER, "L2", "2023-l2-a", Shown(5, THREE), Shown(4, THREE)),
            (
                FITTER,
                "L2",
                "2023-l2-b",
                Shown(6, (Held("L3", years_ago(1)),), (Titled(Title.JUNIOR, years_ago(5)),)),
                Shown(6, (Held("L3", years_ago(1, 1)),), (Titled(Title.JUNIOR, years_ago(5)),)),
            ),
            (
                FITTER,
                "L2",
                "2023-l2-c",
                Shown(1, titles=(Titled(Title.MID, years_ago(1)),)),
                Shown(9, titles=(Titled(Title.JUNIOR, years_ago(9)),)),
            ),
            (
                FITTER,
                "L2",
                "2023-l2-d",
                Shown(2, THREE, schooled=(Schooled(Diploma.TECHNICIAN_COLLEGE),)),
                Shown(1, THREE, schooled=(Schooled(Diploma.TECHNICIAN_COLLEGE),)),
            ),
            (FITTER, "L1", "2023-l1-a", Shown(5, TWO), Shown(30, THREE)),
            (
                FITTER,
                "L1",
                "2023-l1-b",
                Shown(6, (Held("L2", years_ago(1)),), (Titled(Title.MID, years_ago(5)),)),
                Shown(6, (Held("L2", years_ago(1)),), (Titled(Title.MID, years_ago(5, 1)),)),
            ),
            (
                FITTER,
                "L1",
                "2023-l1-c",
                Shown(1, titles=(Titled(Title.SENIOR),)),
                Shown(1, titles=(Titled(Title.MID),)),
            ),
            (ELECTRICIAN, "L5", "2018-l5-a", Shown(1), Shown()),
            (ELECTRICIAN, "L5", "2018-l5-b", Shown(apprenticeship=True), Shown()),
            (ELECTRICIAN, "L4", "2018-l4-a", Shown(6), Shown(5)),
            (ELECTRICIAN, "L4", "2018-l4-b", Shown(4, FIVE), Shown(3, FIVE)),
            (
                ELECTRICIAN,
                "L4",
                "2018-l4-c",
                Shown(schooled=(Schooled(Diploma.VOCATIONAL),)),
                Shown(schooled=(Schooled(Diploma.VOCATIONAL, related=False),)),
            ),
            (ELECTRICIAN, "L3", "2018-l3-a", Shown(5, FOUR), Shown(40, FIVE)),
            (
                ELECTRICIAN,
                "L3",
                "2018-l3-b",
                Shown(0, FOUR, schooled=(Schooled(Diploma.SENIOR_SCHOOL),)),
                Shown(0, schooled=(Schooled(Diploma.SENIOR_SCHOOL),)),
            ),
            (
                ELECTRICIAN,
                "L3",
                "2018-l3-c",
                Shown(2, FOUR, schooled=(Schooled(Diploma.COLLEGE),)),
                Shown(1, FOUR, schooled=(Schooled(Diploma.COLLEGE),)),
            ),
            (ELECTRICIAN, "L2", "2018-l2-a", Shown(4, THREE), Shown(3, THREE)),
            (
                ELECTRICIAN,
                "L2",
                "2018-l2-b",
                Shown(3, THREE, schooled=(Schooled(Diploma.TECHNICIAN_COLLEGE),)),
                Shown(3, THREE, schooled=(Schooled(Diploma.COLLEGE),)),
            ),
            (
                ELECTRICIAN,
                "L2",
                "2018-l2-c",
                Shown(2, THREE, schooled=(Schooled(Diploma.PREPARATORY),)),
                Shown(1, THREE, schooled=(Schooled(Diploma.PREPARATORY),)),
            ),
            (ELECTRICIAN, "L1", "2018-l1-a", Shown(4, TWO), Shown(3, TWO)),
        ],
    )
    def test_admits_with_what_it_names_and_not_with_less(
        self, routes, occupation, level, route, enough, short
    ):
        assert route in routes(enough, occupation, level)
        if short is not None:
            assert route not in routes(short, occupation, level)

    def test_every_route_of_the_table_is_tested_above(self, programmes):
        marks = TestEachRoute.test_admits_with_what_it_names_and_not_with_less.pytestmark
        tested = {row[2] for mark in marks if mark.name == "parametrize" for row in mark.args[1]}
        assert tested == {each.code for each in programmes.admission}


class TestWhatIsMissing:
    def test_every_route_says_what_and_who_can_show_it(self, programmes):
        found = answers(Shown(3, (Held("L5"),)), ELECTRICIAN, "L4", programmes, on=DAY)
        told = {
            each.route.code: [
                (one.reason.code, dict(one.reason.figures), one.supplied_by) for one in each.lacks
            ]
            for each in found
        }
        assert told == {
            "2018-l4-a": [("admission.years_missing", {"years": 3, "needed": 6}, Supplier.ENTERPRISE)],
            "2018-l4-b": [
                (
                    "admission.years_holding_missing",
                    {"level": "L5", "years": 3, "needed": 4},
                    Supplier.ENTERPRISE,
                )
            ],
            "2018-l4-c": [("admission.diploma_missing", {"diploma": "vocational"}, Supplier.WORKER)],
        }

    def test_a_diploma_of_another_trade_can_be_attested_by_its_school(self, programmes):
        shown = Shown(schooled=(Schooled(Diploma.COLLEGE, related=False),))
        (lack,) = answers(shown, FITTER, "L4", programmes, on=DAY)[2].lacks
        assert (lack.reason.code, lack.supplied_by) == ("admission.diploma_unrelated", Supplier.COLLEGE)

    def test_an_apprenticeship_is_stated_by_the_enterprise(self, programmes):
        *_, last = answers(Shown(), ELECTRICIAN, "L5", programmes, on=DAY)
        assert [(each.reason.code, each.supplied_by) for each in last.lacks] == [
            ("admission.apprenticeship_missing", Supplier.ENTERPRISE)
        ]


class TestWhoIsAdmitted:
    def against(self, programmes, applicant, occupation, level):
        return codes(reasons_against_admission(applicant, occupation, level, programmes, on=DAY))

    def test_the_electricians_standard_keeps_the_rules_of_2018(self, programmes):
        def against(occupation, years, *held):
            shown = Shown(years, tuple(Held(each) for each in held))
            return self.against(programmes, Applicant(30, shown), occupation, "L4")

        assert against(ELECTRICIAN, 5) == ["admission.no_route"]
        assert against(ELECTRICIAN, 6) == []
        assert against(ELECTRICIAN, 4, "L5") == []
        assert against(FITTER, 5) == []
        assert against(FITTER, 3, "L5") == []
        assert against(FITTER, 3) == ["admission.no_route"]

    def test_age_and_attendance(self, programmes):
        young = Applicant(15, Shown(1), Decimal("0.79"))
        assert self.against(programmes, young, FITTER, "L5") == [
            "admission.too_young",
            "admission.attendance",
        ]
        assert not self.against(programmes, Applicant(16, Shown(), Decimal("0.8")), FITTER, "L5")

    def test_a_level_by_appointment_is_not_examined(self, programmes):
        shown = Shown(30, (Held("L1"),))
        assert self.against(programmes, Applicant(50, shown), FITTER, "chief") == ["admission.not_examined"]

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no finding
    @given(
        years=st.integers(0, 40),
        more=st.integers(0, 10),
        ago=st.integers(0, 40),
        level=st.sampled_from(["L5", "L4", "L3", "L2", "L1"]),
        held=st.sampled_from(["L5", "L4", "L3", "L2"]),
        occupation=st.sampled_from([ELECTRICIAN, FITTER]),
    )
    def test_whoever_shows_more_is_never_less_eligible(
        self, programmes, years, more, ago, level, held, occupation
    ):
        less = Shown(years)
        most = Shown(years + more, (Held(held, years_ago(ago)),), apprenticeship=True)

        def open_routes(shown):
            found = answers(shown, occupation, level, programmes, on=DAY)
            return {each.route.code for each in found if not each.lacks}

        assert open_routes(less) <= open_routes(most)


def test_whole_years_end_on_the_day():
    assert whole_years(date(2000, 2, 29), date(2001, 2, 28)) == 0
    assert whole_years(date(2000, 2, 29), date(2001, 3, 1)) == 1


class TestAttendance:
    def test_an_occupations_own_share_counts_before_the_one_of_all_and_the_newest_that_has_begun(
        self, programmes
    ):
        evaluation = programmes.rules.evaluation
        (of_all,) = evaluation.attendance

        def row(since, share, occupation=None):
            told = {"since": since, "share": Decimal(share), "occupation": occupation}
            return of_all.model_copy(update=told)

        rows = (of_all, row(date(2027, 1, 1), "0.9"), row(date(2026, 6, 1), "0.85", ELECTRICIAN))
        rules = evaluation.model_copy(update={"attendance": rows})
        assert rules.attending(FITTER, date(2026, 12, 31)).share == Decimal("0.8")
        assert rules.attending(FITTER, date(2027, 1, 1)).share == Decimal("0.9")
        assert rules.attending(ELECTRICIAN, date(2026, 5, 31)).share == Decimal("0.8")
        assert rules.attending(ELECTRICIAN, date(2027, 2, 1)).share == Decimal("0.85")
        assert rules.attending(FITTER, date(2025, 1, 1)).share == Decimal("0.8")
