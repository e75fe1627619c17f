"""The planner on the benchmark's instances, beside the prototype's minute; scored by the benchmark's own checker."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from scheduling.planner.engine.instance import Instance, read
from scheduling.planner.engine.solve import Solved, solve
from songjiao_cli.bench.rows import Row

SHORT, LONG = 10, 60
"""Seconds."""
SEEDS = (11, 12, 13)
"""Of the instances that others were scored on."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a size: scores as part of the prototype's after a minute, seconds, sessions."""

    short: float
    long: float
    draft: float
    unstaffed: int


ASKED = {
    137: Asked(1.00, 0.98, 0.1, 0), 500: Asked(1.00, 0.93, 0.5, 1), 1500: Asked(1.00, 0.90, 3, 0),
    5000: Asked(1.05, 0.75, 8, 0),
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One plan of one instance."""

    solved: Solved
    report: dict[str, Any]
    """The checker's."""
    beside: dict[str, float]
    """What others scored on it (reference.json)."""

    @property
    def part(self) -> float:
        """Of the prototype's score after a minute."""
        return float(self.report["score"]) / self.beside["60s"]


def rows(bench: Path, sizes: Sequence[int], seeds: Sequence[int], say: Callable[[str], None]) -> list[Row]:
    """The figures of every size; the checker must accept every plan, or there is no figure at all."""
    reference = json.loads((bench / "reference.json").read_text(encoding="utf-8"))["instances"]
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="songjiao-planner-") as folder:
        for size in sizes:
            each: dict[int, list[Measured]] = {SHORT: [], LONG: []}
            for file, beside in _instances(bench, Path(folder), size, seeds, reference):
                instance = read(file)
                for seconds, measured in each.items():
                    measured.append(_planned(bench, file, instance, seconds, beside))
                    one = measured[-1]
                    say(
                        f"  {instance.name}, {seconds} s: {tuple(one.solved.tiers)}, score {one.report['score']:,}, "
                        f"{one.part:.3f} of the prototype's; first draft {one.solved.first_seconds:.2f} s, "
                        f"{one.solved.first.unstaffed} unstaffed; {one.solved.rounds:,} rounds"
                    )
            found += _figures(size, each[SHORT], each[LONG])
    return found


def _instances(
    bench: Path, folder: Path, size: int, seeds: Sequence[int], reference: dict[str, dict[str, float]]
) -> Iterator[tuple[Path, dict[str, float]]]:
    for seed in seeds:
        file = folder / f"s{size}-{seed}.json"
        words = ["--sessions", str(size), "--seed", str(seed), "--out", str(file)]
        subprocess.run([sys.executable, str(bench / "generate.py"), *words], check=True)  # noqa: S603  our own
        yield file, reference[f"{size}-{seed}"]


def _planned(bench: Path, file: Path, instance: Instance, seconds: int, beside: dict[str, float]) -> Measured:
    solved = solve(instance, seconds=seconds)
    out = file.with_suffix(".plan")
    out.write_text(json.dumps(solved.told(instance)), encoding="utf-8")
    command = [sys.executable, str(bench / "check.py"), str(file), str(out), "--json"]
    report = json.loads(subprocess.run(command, check=False, capture_output=True).stdout)  # noqa: S603  our own
    if not report["feasible"]:
        raise AssertionError(f"{instance.name}: the checker refuses the plan: {report['violations'][:3]}")
    return Measured(solved, report, beside)


def _figures(size: int, short: list[Measured], long: list[Measured]) -> list[Row]:
    asked = ASKED[size]
    drafts = [one.solved.first_seconds for one in [*short, *long]]
    return [
        _score(f"{size}: score after {SHORT} s", short, asked.short),
        _score(f"{size}: score after {LONG} s", long, asked.long),
        Row(f"{size}: first draft", "s", max(drafts), at_most=asked.draft, runs=tuple(drafts)),
        Row(
            f"{size}: unstaffed after {LONG} s", "sessions", max(one.report["unstaffed"] for one in long),
            at_most=asked.unstaffed, runs=tuple(one.report["unstaffed"] for one in long),
        ),
        *_beside_timefold(size, long),
    ]  # fmt: skip


def _beside_timefold(size: int, long: list[Measured]) -> list[Row]:
    """Where the benchmark has what Timefold scored in its minute (default configuration, same rules)."""
    known = [
        (one.report["score"], one.beside["timefold_60s"]) for one in long if "timefold_60s" in one.beside
    ]
    figure = f"{size}: score after {LONG} s beside Timefold's"
    return [
        Row(figure, "score", ours, theirs, ours / theirs, at_most=1.0) for ours, theirs in known
    ]  # fmt: skip


def _score(figure: str, measured: list[Measured], at_most: float) -> Row:
    scores, beside = [one.report["score"] for one in measured], [one.beside["60s"] for one in measured]
    part = mean(one.part for one in measured)
    return Row(
        figure, "score", mean(scores), mean(beside), part, at_most=at_most, runs=tuple(scores), beside=tuple(beside)
    )  # fmt: skip
