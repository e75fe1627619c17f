"""One form of a masked name, on every screen of every service."""

import pytest

from contracts.masking import masked_name

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张小伟", "张*伟"), ("李四", "李*"), ("欧阳修文", "欧**文"), ("王", "*"), ("", "*")],
)
def test_the_first_and_the_last_sign_stay(name, shown):
    assert masked_name(name) == shown
