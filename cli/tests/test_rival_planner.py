"""The planner's rival: what is said where it cannot run, and (slow) that its plans and scores are the checker's."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from songjiao_cli.bench import rival_planner
from songjiao_cli.bench.rival_planner import RivalFailed, built, curve, plan, ready

BENCH = Path(__file__).parents[2] / "tests" / "bench" / "planning"


@pytest.mark.parametrize(
    ("installed", "why"),
    [
        ({"java", "mvn"}, ""),
        ({"java"}, "not run: Maven is not installed"),
        ({"mvn"}, "not run: Java is not installed"),
        (set(), "not run: Java and Maven are not installed"),
    ],
)
def test_what_is_missing_is_told(monkeypatch, installed, why):
    monkeypatch.setattr(rival_planner.shutil, "which", lambda name: name if name in installed else None)
    assert ready() == why


def test_a_build_that_fails_is_told_with_mavens_last_lines(tmp_path, monkeypatch):
    mvn = tmp_path / "mvn"
    mvn.write_text("#!/bin/sh\necho '[ERROR] no such version'\nexit 1\n", encoding="utf-8")
    mvn.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RivalFailed, match=r"(?s)Maven could not build.*no such version"):
        built(tmp_path / "build")


def test_a_curve_is_seconds_and_scores():
    assert curve("0.512 167475\n1.020 60211\n") == [(0.512, 167475.0), (1.02, 60211.0)]


@pytest.mark.slow
@pytest.mark.parametrize("more", [[], ["--replan"]], ids=["plan", "replan"])
def test_its_plan_is_accepted_and_scored_alike(tmp_path, more):
    if why := ready():
        pytest.skip(why)
    instance, out = tmp_path / "instance.json", tmp_path / "plan.json"
    made = [
        sys.executable,
        BENCH / "generate.py",
        "--sessions",
        "137",
        "--seed",
        "11",
        "--out",
        instance,
        *more,
    ]
    subprocess.run(list(map(str, made)), check=True)
    found = plan(built(tmp_path / "build"), instance, 5, out)
    check = [sys.executable, str(BENCH / "check.py"), str(instance), str(out), "--json"]
    report = json.loads(subprocess.run(check, capture_output=True, text=True, check=False).stdout)
    assert report["feasible"], report["violations"]
    assert found[-1][1] == report["score"]
    assert [at for at, _ in found] == sorted(at for at, _ in found)
