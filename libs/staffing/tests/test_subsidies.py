"""Until when a subsidy can be claimed: a dated rule, by the day of the certificate."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.programme_subsidy import ClaimRules, YearlyRules
from staffing.subsidies import claimed_until, in_a_year


def under(programmes, *claim):
    """The rule data with these rules about claiming."""
    subsidy = programmes.rules.subsidy.model_copy(update={"claim": claim})
    rules = programmes.rules.model_copy(update={"subsidy": subsidy})
    return replace(programmes, rules=rules)


def rule(since, months):
    return ClaimRules(since=since, months=months, source="public fact")


@pytest.mark.parametrize(
    ("issued", "until"),
    [("2026-05-06", "2027-05-06"), ("2026-12-31", "2027-12-31"), ("2028-02-29", "2029-02-28")],
)
def test_the_last_day_has_the_date_of_the_issue(programmes, issued, until):
    assert claimed_until(date.fromisoformat(issued), programmes) == date.fromisoformat(until)


def test_a_new_rule_counts_for_certificates_from_its_day_on(programmes):
    programmes = under(programmes, rule("2026-01-01", 12), rule("2027-03-01", 6))
    told = [claimed_until(date(2027, month, 28), programmes) for month in (2, 3)]
    assert told == [date(2028, 2, 28), date(2027, 9, 28)]
    assert claimed_until(date(2027, 8, 31), programmes) == date(2028, 2, 29), (
        "no month has a 31st that it lacks"
    )


def test_where_no_rule_has_begun_nothing_is_made_up(programmes):
    assert claimed_until(date(2025, 12, 31), programmes) is None
    assert claimed_until(date(2027, 1, 1), under(programmes)) is None


def a_year(**told):
    return YearlyRules(since=date(2027, 1, 1), source="public fact", **told)


class TestInAYear:
    def test_without_a_rule_everything_counts_as_in_the_pilot(self, programmes):
        assert programmes.rules.subsidy.a_year(date(2027, 6, 1)) is None
        assert in_a_year([70_000, 100_000], None, [300_000]) == [70_000, 100_000]

    def test_only_the_highest(self):
        rule = a_year(highest_only=True)
        assert in_a_year([70_000, 150_000, 150_000], rule) == [0, 150_000, 0]
        assert in_a_year([150_000], rule, [70_000]) == [0], "what was claimed first stands"

    def test_so_much_at_most_the_highest_first(self):
        rule = a_year(most_yuan=1000)
        assert in_a_year([70_000, 80_000], rule) == [20_000, 80_000]
        assert in_a_year([70_000], rule, [95_000]) == [5_000]
        assert in_a_year([70_000], rule, [100_000, 50_000]) == [0]

    @given(st.lists(st.integers(0, 300_000)), st.lists(st.integers(0, 200_000)), st.integers(0, 3000))
    def test_never_more_than_the_year_may_bring_and_never_more_than_each_is_worth(self, fen, before, most):
        paid = in_a_year(fen, a_year(most_yuan=most), before)
        assert all(0 <= one <= each for one, each in zip(paid, fen, strict=True))
        assert sum(paid) <= max(0, most * 100 - sum(before))
