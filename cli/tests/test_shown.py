"""What the command prints: words, not codes."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from contracts.programme import load
from songjiao_cli.season.play import figures
from songjiao_cli.season.script import read
from songjiao_cli.shown import SeasonProgress, named, report
from songjiao_cli.verify.run import NOTHING_PARKED, Verdict

pytestmark = pytest.mark.rules
FOLDER = Path(__file__).parents[2] / "programmes"
PROGRAMMES = load(FOLDER)


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


def test_in_a_file_a_stage_is_told_at_each_quarter():
    file = io.StringIO()
    with SeasonProgress(Console(file=file)) as show:
        for done in range(1, 9):
            show("sessions", done, 8)
    assert [line.split()[-1] for line in file.getvalue().splitlines()] == ["1/8", "2/8", "4/8", "6/8", "8/8"]


def test_what_nobody_could_count_is_no_zero():
    season = read(FOLDER / "seasons" / "rehearsal.yaml")
    verdict = Verdict(
        {NOTHING_PARKED: []}, {}, 0, {f"{NOTHING_PARKED} at portal": "away", "no orphan": "no Kafka"}
    )
    result = figures(verdict, season, 1, 1)
    assert (result["ok"], result["double_bookings"], result["parked"]) == (False, None, None)
    file = io.StringIO()
    report(Console(file=file), result, PROGRAMMES)
    assert "not checked: no Kafka" in file.getvalue()
