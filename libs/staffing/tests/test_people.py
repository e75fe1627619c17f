from datetime import date
from uuid import UUID

import pytest

from contracts.refusals import Invalid
from contracts.values import Needs, Qualification
from staffing.people import (
    reasons_against_assessing,
    reasons_against_teaching,
)
from staffing.subsidies import certificate_allowance

ELECTRICIAN, LATHE, FITTER = "6-31-01-03", "6-18-01-01", "6-31-01-02"
DAY = date(2026, 9, 1)
WHO = UUID(int=7)


def codes(reasons):
    return [r.code for r in reasons]


def holds(level, *, occupation=ELECTRICIAN, **more):
    return (Qualification(occupation=occupation, level=level, **more),)


class TestWhoMayTeach:
    @pytest.mark.parametrize("level", ["L3", "L2", "L1", "special", "chief"])
    def test_the_needed_level_or_above(self, book, level):
        assert not reasons_against_teaching(
            holds(level), Needs(occupation=ELECTRICIAN, level="L3"), DAY, book.ladder
        )

    def test_below_it_or_in_another_occupation_not(self, book):
        needs = Needs(occupation=ELECTRICIAN, level="L3")
        assert codes(reasons_against_teaching(holds("L4"), needs, DAY, book.ladder)) == [
            "qualification.too_low"
        ]
        other = holds("L1", occupation=LATHE)
        assert codes(reasons_against_teaching(other, needs, DAY, book.ladder)) == ["qualification.missing"]

    def test_valid_on_the_day_itself_and_not_after(self, book):
        needs = Needs(occupation=ELECTRICIAN, level="L3")
        assert not reasons_against_teaching(holds("L2", valid_until=DAY), needs, DAY, book.ladder)
        late = reasons_against_teaching(holds("L2", valid_until=date(2026, 8, 31)), needs, DAY, book.ladder)
        assert codes(late) == ["qualification.expired"]
        assert late[0].figures == {"until": "2026-08-31"}

    def test_a_level_that_no_programme_knows_is_refused(self, book):
        with pytest.raises(Invalid, match=r"level\.unknown"):
            reasons_against_teaching(holds("L9"), Needs(occupation=ELECTRICIAN, level="L3"), DAY, book.ladder)


class TestWhoMayAssess:
    needs = Needs(occupation=ELECTRICIAN, level="L4")

    def test_an_assessors_card_is_needed(self, book):
        assert not reasons_against_assessing(WHO, holds("L2", assessor=True), self.needs, DAY, book.ladder)
        assert codes(reasons_against_assessing(WHO, holds("L2"), self.needs, DAY, book.ladder)) == [
            "assessor.no_card"
        ]

    def test_who_taught_a_cohort_never_assesses_it(self, book):
        reasons = reasons_against_assessing(
            WHO, holds("L2", assessor=True), self.needs, DAY, book.ladder, taught_by={WHO}
        )
        assert codes(reasons) == ["assessor.taught_cohort"]


def test_the_allowance_says_whose_notice_it_is(programmes):
    here = certificate_allowance("L4", programmes)
    assert (here.yuan, here.place, here.source, here.confidence) == (1000, "sanming", "approximate", "low")
    assert certificate_allowance("L4", programmes, "unemployment_insurance").yuan == 1500
    assert certificate_allowance("L2", programmes, "unemployment_insurance") is None
    assert certificate_allowance("L4", programmes, "nowhere") is None
