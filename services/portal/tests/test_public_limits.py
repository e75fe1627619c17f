"""How often one address may ask: by the figures of the day, and until when it has to wait."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.programme_public import AskingRules, PublicRules
from portal.web import public_limits
from portal.web.limit import WINDOW, Limit
from portal.web.public_limits import PublicLimits

pytestmark = pytest.mark.rules


def figures(since, checks):
    return AskingRules(since=since, checks=checks, schedules=5, source="invented")


def test_the_figures_of_the_day_count_and_before_any_began_the_first():
    rules = PublicRules(asking=(figures("2027-01-01", 90), figures("2026-01-01", 180)))
    told = [rules.on(date(year, 6, 1)).checks for year in (2025, 2026, 2027)]
    assert told == [180, 180, 90]
    with pytest.raises(ValidationError, match="begin on the same day"):
        PublicRules(asking=(figures("2026-01-01", 90), figures("2026-01-01", 180)))


def test_a_day_begins_where_the_place_is(monkeypatch):
    """At 18:00 in Greenwich it is two in the morning of the next day there."""
    rules = PublicRules(asking=(figures("2027-01-01", 90), figures("2026-01-01", 180)))
    monkeypatch.setattr(public_limits, "real_now", lambda: datetime(2026, 12, 31, 18, tzinfo=UTC))
    limits = PublicLimits.of(rules, ZoneInfo("Asia/Shanghai"))
    assert limits.checks.most() == 90


def test_a_new_figure_counts_without_a_restart():
    most = [1]
    limit = Limit(lambda: most[0])
    assert [limit.allows("a", 0), limit.allows("a", 1)] == [True, False]
    most[0] = 2
    assert limit.allows("a", 2)


@given(st.integers(1, 6), st.lists(st.integers(0, 90), max_size=20))
def test_whoever_waits_as_long_as_told_may_ask_and_a_second_earlier_may_not(most, moments):
    limit, at = Limit(most), 0
    for at in sorted(moments):
        limit.allows("a", at)
    wait = limit.wait("a", at)
    assert 0 <= wait <= WINDOW
    assert limit.wait("a", at + wait) == 0
    assert wait == 0 or limit.full("a", at + wait - 1)
    assert limit.wait("b", at) == 0
