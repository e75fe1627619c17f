"""What the command prints: words, not codes."""

from pathlib import Path

import pytest

from contracts.programme import load
from songjiao_cli.shown import named

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[2] / "programmes")


@pytest.mark.parametrize(
    ("dimension", "code", "words"),
    [
        ("county", "350428", "将乐县 Jiangle County"),
        ("trade", "6-18-01-01", "车工 Lathe operator"),
        ("level", "L4", "四级/中级工 Level 4 / intermediate worker"),
        ("college", "smtc", "三明技师学院 Sanming Technician College"),
        ("college", "elsewhere", "elsewhere"),
    ],
)
def test_a_code_of_the_report_is_said_in_words(dimension, code, words):
    assert named(dimension, code, PROGRAMMES) == words
