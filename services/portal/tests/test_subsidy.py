"""Money on the pages of subsidies is exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.desks.subsidy.shown import fen_of, yuan

pytestmark = pytest.mark.rules


@given(st.integers(0, 999_999_999))
def test_what_is_shown_is_read_as_the_same(fen):
    assert fen_of(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("1000", 100_000), (" 1,000.5 ", 100_050), ("0.05", 5), ("１２，０００", 1_200_000)],
    ids=["whole", "tenths_and_commas", "fen", "full_width"],
)
def test_people_type_money_in_many_ways(typed, fen):
    assert fen_of(typed) == fen


@pytest.mark.parametrize("typed", ["", "-1", "1.005", "1e3", "一千", "99999999"])
def test_what_is_no_money_is_refused(typed):
    assert fen_of(typed) is None
