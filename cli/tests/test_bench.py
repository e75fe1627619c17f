"""The bench's command: which figures there are, what its rows say, and what its status means. No times are judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from songjiao_cli.bench.backbone import FIGURES
from songjiao_cli.bench.rows import alone, not_run, paired
from songjiao_cli.bench.stream import pattern, told

ROOT = Path(__file__).parents[2]
COMMAND = [Path(sys.executable).parent / "songjiao", "bench", "backbone"]


def bench(*words):
    return subprocess.run(
        [*COMMAND, *map(str, words)], capture_output=True, text=True, cwd=ROOT, check=False, timeout=500
    )


def test_rows_tell_figure_bound_and_whether_it_holds():
    done = bench("--json", "-", "--runs", 1, "--facts", 1000, "--only", "relay")
    rows = json.loads(done.stdout)
    assert [row["figure"] for row in rows] == ["relay"], done.stderr
    for row in rows:
        assert row.keys() >= {"figure", "value", "unit", "baseline", "ratio", "at_least", "ok"}
        assert row["ratio"] == pytest.approx(row["value"] / row["baseline"], rel=0.01)
        assert row["ok"] == (row["ratio"] >= row["at_least"])
    assert done.returncode == (0 if all(row["ok"] for row in rows) else 1)
    assert "relay" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_runs(figure):
    few = {
        "--runs": 1,
        "--facts": 2000,
        "--commands": 320,
        "--seconds": 1,
        "--folded": 2000,
        "--stored": 20_000,
    }
    done = bench("--json", "-", "--only", figure, *(word for pair in few.items() for word in pair))
    rows = json.loads(done.stdout)
    assert rows, done.stderr
    assert all(row["value"] > 0 for row in rows)


def test_a_figure_that_does_not_exist_is_told():
    done = bench("--only", "speed")
    assert done.returncode == 2
    assert "there is no figure speed" in done.stderr


def test_the_median_of_pairs_is_judged_and_what_was_not_run_is_not_ok():
    fast = paired("a", "facts/s", [(60, 100), (50, 100), (90, 100)], at_least=0.6)
    assert (fast.value, fast.baseline, fast.ratio, fast.ok) == (60, 100, 0.6, True)
    assert not paired("a", "facts/s", [(50, 100)], at_least=0.6).ok
    assert alone("b", "ms", [30, 50, 40], at_most=40).ok
    assert not alone("b", "ms", [30, 50, 41], at_most=40).ok
    missing = not_run("c", "commands/s", "it is not installed", at_least=2).told()
    assert (missing["value"], missing["ok"], missing["why"]) == (None, False, "it is not installed")


def test_the_stream_tells_each_subject_in_order_and_mixes_orders():
    records = list(told(1000))
    seen = {}
    for record in records:
        pair = (record.source, record.subject)
        assert record.sequence == seen.get(pair, 0) + 1
        seen[pair] = record.sequence
        assert json.loads(record.value)["subject"] == record.key.decode() == record.subject
    assert len({record.subject for record in records}) > 5
    assert len({json.loads(record.value)["id"] for record in records}) == len(records)
    assert {record.source for record in pattern()} == {
        "order-intake", "scheduling", "instructor-dispatch", "evaluation",
    }  # fmt: skip
