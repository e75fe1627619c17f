"""What the command prints: words, not codes."""

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from contracts.programme import load
from songjiao_cli.clock import Passing, moment_of
from songjiao_cli.processes import DidNotStart
from songjiao_cli.screens import screen
from songjiao_cli.season.play import figures
from songjiao_cli.season.script import read
from songjiao_cli.season.stage import ZONE
from songjiao_cli.shown import SeasonProgress, named, report
from songjiao_cli.verify.run import NOTHING_PARKED, Verdict

pytestmark = pytest.mark.rules
FOLDER = Path(__file__).parents[2] / "programmes"
PROGRAMMES = load(FOLDER)
COUNTED = {
    "surveys": {"enterprises": 1, "rounds": 1, "person_times": 1}, "offers": {"sent": 1, "declined": 0},
    "sessions": {"special": 0, "held": 1, "moved": 0, "cancelled": 0}, "orders": {"fulfilled": 1}, "heads": 20,
    "person_times": 20, "class_hours": 4, "evaluations": {"passed": 20}, "certificates": {"issued": 20},
}  # fmt: skip


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


def test_a_stage_whose_end_nobody_knows_is_told_when_it_begins_and_how_far_it_came():
    file = io.StringIO()
    with SeasonProgress(Console(file=file)) as show:
        for issued in (0, 0, 12, 30, 30, 41):
            show("certificates", issued, issued)
        assert file.getvalue().split("\n")[:-1] == ["证书 certificates          12/12"]
    assert file.getvalue().splitlines()[-1].split()[-1] == "41/41"


def test_in_a_pipe_no_table_is_cut(monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    counts = {"sessions": 1, "person_times": 20, "heads": 20, "class_hours": 4}
    result = COUNTED | {"by": {"enterprise": {"demo01": counts}}, "checks": {}}
    report(screen(), result, PROGRAMMES)
    told = capsys.readouterr().out
    assert "示例一号机械（演示） Demo Machinery No. 1" in told
    assert "…" not in told


@pytest.mark.parametrize("typed", ["bla", "2026-06-29", "29.6.2026 08:00"])
def test_a_time_that_is_none_is_answered_with_the_form_that_is_expected(typed):
    with pytest.raises(
        DidNotStart, match=r'请按当地时间这样写 .* like this: songjiao clock "2026-06-29 08:00"'
    ):
        moment_of(typed)
    assert moment_of("2026-06-29 08:00") == datetime(2026, 6, 29, 8, tzinfo=ZONE)


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
