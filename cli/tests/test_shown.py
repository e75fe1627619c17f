"""What the command prints: words, not codes."""

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from contracts.programme import load
from songjiao_cli.clock import Passing
from songjiao_cli.season.play import figures
from songjiao_cli.season.script import read
from songjiao_cli.season.stage import ZONE
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
        ("enterprise", "demo01", "示例一号机械（演示） Demo Machinery No. 1"),
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


def test_in_a_file_the_clock_tells_each_day_that_it_comes_to():
    file, begins = io.StringIO(), datetime(2026, 5, 6, 8, tzinfo=ZONE)
    with Passing(Console(file=file)) as passing:
        for hours in (0, 1, 20, 21, 60):
            passing.at(begins + timedelta(hours=hours))
    assert file.getvalue().split("\n")[:-1] == [
        "2026-05-06 08:00 …",
        "2026-05-07 04:00 …",
        "2026-05-08 20:00 …",
    ]


def test_on_a_screen_it_tells_where_it_is():
    file = io.StringIO()
    with Passing(Console(file=file, force_terminal=True)) as passing:
        passing.at(datetime(2026, 5, 6, 8, tzinfo=ZONE))
    assert "2026-05-06 08:00" in file.getvalue()
