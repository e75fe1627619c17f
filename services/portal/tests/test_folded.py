"""Many facts of one kind in a story: one line stands for them, and none is lost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.desks.union.folded import FEW, folded
from portal.desks.union.story import Sentence

pytestmark = pytest.mark.rules
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 26, 8, tzinfo=UTC)


def told(*types: str, apart: timedelta = timedelta(minutes=1)) -> list[Sentence]:
    """Newest first."""
    return [
        Sentence(UUID(int=at), at, type_, START - apart * at, type_, "", None, important=True, strong=False)
        for at, type_ in enumerate(types)
    ]


def shape(types: list[Sentence]) -> list[tuple[str, int]]:
    return [(line.newest.type, len(line.rest)) for line in folded(types, ZONE)]


def test_a_swell_on_one_day_is_a_line_for_each_kind_where_its_newest_stands():
    swell = told(*["lapsed", "offered"] * 20, "submitted")
    assert shape(swell) == [("lapsed", 19), ("offered", 19), ("submitted", 0)]


def test_a_few_stand_each_by_itself():
    assert shape(told("lapsed", "offered", "lapsed", "offered", "lapsed", "moved")) == [
        ("lapsed", 0), ("offered", 0), ("lapsed", 0), ("offered", 0), ("lapsed", 0), ("moved", 0),
    ]  # fmt: skip


def test_one_a_day_with_nothing_between_is_one_line_too():
    assert shape(told(*["lapsed"] * 9, "submitted", apart=timedelta(days=1))) == [
        ("lapsed", 8),
        ("submitted", 0),
    ]


def test_days_with_something_else_between_them_stay_apart():
    days = ["lapsed"] * 4 + ["moved"] + ["lapsed"] * 4
    assert shape(told(*days, apart=timedelta(days=1))) == [("lapsed", 3), ("moved", 0), ("lapsed", 3)]


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(1, 2000))
def test_every_sentence_stands_once_and_the_newest_of_a_line_on_top(types, minutes):
    given_ = told(*types, apart=timedelta(minutes=minutes))
    lines = folded(given_, ZONE)
    assert sorted(one.position for line in lines for one in line.all) == list(range(len(given_)))
    for line in lines:
        assert [one.position for one in line.all] == sorted(one.position for one in line.all)
        assert {one.type for one in line.all} == {line.newest.type}
        assert not line.rest or len(line.rest) >= FEW
