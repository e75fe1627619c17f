"""`songjiao plan` as somebody at a terminal has it: a file in, a plan out that others accept, a wrong file refused."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "tests/bench/planning"
COMMAND = Path(sys.executable).with_name("songjiao")


def run(*words, status=0):
    done = subprocess.run(
        [*map(str, words)], capture_output=True, text=True, cwd=ROOT, check=False, timeout=550
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    made = tmp_path_factory.mktemp("plan") / "s137-1.json"
    run(sys.executable, BENCH / "generate.py", "--sessions", 137, "--seed", 1, "--out", made)
    return made


def test_the_plan_is_accepted_and_the_same_each_time(file, tmp_path):
    plans = []
    for name in ("one.json", "two.json"):
        said = run(COMMAND, "plan", file, "--iterations", 500, "--seed", 3, "-o", tmp_path / name)
        assert "every rule holds" in said
        plans.append(json.loads((tmp_path / name).read_text()))
    assert plans[0] == plans[1]
    assert "s137-1: feasible" in run(sys.executable, BENCH / "check.py", file, tmp_path / "one.json")


def test_a_session_is_explained(file):
    said = run(COMMAND, "plan", file, "--iterations", 200, "--explain", "S00005")
    assert "S00005: day" in said
    assert "lacks the qualification or its level (H4)" in said


def test_what_nobody_can_hold_is_named_and_what_would_help_is_said(file, tmp_path):
    given = json.loads(file.read_text())
    first, other = given["sessions"][0], given["sessions"][1]
    first["qualification"] = "diver"
    for person in given["instructors"]:  # the other's people are all in a lesson of their own, all the time
        if person["skills"].get(other["qualification"], 0) >= other["min_level"]:
            person["busy"] = [[0, given["days"] * 1440, person["home"]]]
    gaps = tmp_path / "gaps.json"
    gaps.write_text(json.dumps(given))
    said = run(COMMAND, "plan", gaps, "--iterations", 0, "--explain", other["id"]).replace("\n", " ")
    assert (
        f"unstaffed: {first['id']} of {first['cohort']} (diver, level {first['min_level']}): nobody in"
        in said
    )
    assert f"{other['id']}: 未排 unstaffed; 0 times in its window would still do" in said
    assert "own lesson of day 0" in said


def test_ctrl_c_gives_the_best_so_far(file, tmp_path):
    out = tmp_path / "plan.json"
    command = [COMMAND, "plan", file, "--seconds", "600", "-o", out]
    screen = os.environ | {"TTY_COMPATIBLE": "1"}  # the bar is drawn while it works, not at the end
    with subprocess.Popen(
        map(str, command), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT, env=screen
    ) as planning:
        assert planning.stderr is not None
        told = b""
        while b"unstaffed 0" not in told:
            told += planning.stderr.read1()
            assert planning.poll() is None, told.decode()
        planning.send_signal(signal.SIGINT)
        planning.stderr.read()
        assert planning.wait(30) == 0
    assert "feasible" in run(sys.executable, BENCH / "check.py", file, out)


def test_a_wrong_file_is_one_sentence(file, tmp_path):
    given = json.loads(file.read_text())
    given["cohorts"][0]["crew"] = "nobody"
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(given))
    said = run(COMMAND, "plan", wrong, status=1)
    assert f"{wrong}: cohort K0001: crew nobody is not in the file" in said.replace("\n", " ")
    assert "Traceback" not in said
    assert "is no folder" in run(COMMAND, "plan", file, "-o", tmp_path / "none" / "p.json", status=1)
    assert "--seconds" in run(COMMAND, "plan", file, "--seconds", "inf", status=2)
    missing = run(COMMAND, "plan", tmp_path / "none.json", status=1)
    assert str(tmp_path / "none.json") in missing.replace("\n", "")
    assert "session S9 is not in the file" in run(
        COMMAND, "plan", file, "--iterations", 0, "--explain", "S9", status=1
    )
