"""Instances of the benchmark, made by its own generator, and its own checker, which shares nothing with us."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scheduling.planner.engine.instance import read

BENCH = Path(__file__).parents[5] / "tests/bench/planning"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The file of an instance."""
    folder = tmp_path_factory.mktemp("instances")

    def make(sessions, seed, *more):
        file = folder / f"s{sessions}-{seed}{''.join(more)}.json"
        if not file.exists():
            command = [BENCH / "generate.py", "--sessions", sessions, "--seed", seed, "--out", file, *more]
            subprocess.run([sys.executable, *map(str, command)], check=True)
        return file

    return make


@pytest.fixture(scope="session")
def instance(made):
    """The instance, read."""
    return lambda *which: read(made(*which))


@pytest.fixture
def checker(tmp_path):
    """What the independent checker says of these lines: the report, with `feasible`."""

    def check(file, lines):
        given = json.loads(file.read_text())
        solution = {
            "format": "training-plan-solution/1",
            "instance": given["name"],
            "assignments": [vars(line) for line in lines],
        }
        out = tmp_path / "solution.json"
        out.write_text(json.dumps(solution))
        done = subprocess.run(
            [sys.executable, BENCH / "check.py", file, out, "--json"], capture_output=True, check=False
        )
        return json.loads(done.stdout)

    return check
