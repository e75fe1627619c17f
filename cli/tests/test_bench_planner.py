"""The benches of planner and repairs: every figure is there, the page is written from them. No times are judged."""

import json
from pathlib import Path

import pytest

from scheduling.planner.engine import bound
from songjiao_cli.bench import dispatch, planner
from songjiao_cli.bench.planner_page import write

BENCH = Path(__file__).parents[2] / "tests/bench/planning"


@pytest.fixture
def short(monkeypatch):
    """Seconds instead of minutes."""
    monkeypatch.setattr(planner, "SHORT", 1)
    monkeypatch.setattr(planner, "LONG", 2)
    monkeypatch.setattr(bound, "EACH_SECONDS", 0.2)
    monkeypatch.setattr(dispatch, "PLAN_SECONDS", 1)
    monkeypatch.setattr(dispatch, "DECLINES", 20)
    monkeypatch.setattr(dispatch, "ASKED_WHY", 10)


@pytest.mark.usefixtures("short")
def test_a_page_with_every_figure_of_a_size(tmp_path):
    said = []
    run = planner.Run(BENCH, [137], [11], best=2, rival=False)
    found = planner.with_long_runs(run, planner.measured(run, said.append), said.append)
    rows = planner.rows(found)
    write(tmp_path, found, rows, {"processor": "a quiet one"})
    page = (tmp_path / "planner.md").read_text()
    for row in rows:
        assert f"| {row.figure} |" in page
    (left_out,) = [row for row in rows if "Timefold" in row.figure]
    assert (left_out.why, left_out.ok) == ("left out", False)
    told = json.loads((tmp_path / "planner.json").read_text())
    (case,) = told["cases"]
    assert case["best_known"] >= case["bound"]["score"]
    assert "- processor: a quiet one" in page
    assert case["bound"]["score"] <= planner.rows(found)[0].runs[0]
    assert case["curve"][-1][1] <= case["curve"][0][1]
    assert "<svg" in (tmp_path / "planner-curves.svg").read_text()
    assert "137-11" in said[0]


@pytest.mark.usefixtures("short")
def test_repairs_have_every_figure():
    rows = list(dispatch.rows(BENCH, [500], [1], lambda _: None))
    assert [row.figure.partition(":")[0] for row in rows] == ["500"] * 5
    points, unstaffed, *_ = rows
    assert points.ratio is not None
    assert points.ratio >= 1
    assert unstaffed.value == 0
