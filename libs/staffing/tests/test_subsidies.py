"""Until when a subsidy can be claimed: a dated rule, by the day of the certificate."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.programme_rules import ClaimRules
from staffing.subsidies import claimed_until


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
