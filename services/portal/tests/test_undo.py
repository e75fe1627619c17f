"""When a change by hand can be taken back: both pages that offer it ask this one rule."""

import pytest

from portal.desks.union.stands import can_undo

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("state", "version", "can"),
    [
        ("drafted", 1, False),
        ("approved", 1, False),
        ("drafted", 2, True),
        ("confirmed", 1, True),  # a change within the tolerance keeps the version
        ("withdrawn", 3, False),
    ],
)
def test_a_first_version_has_nothing_to_take_back_until_it_is_in_force(state, version, can):
    assert can_undo(state, version) is can
