"""The planner on the benchmark's instances, beside the prototype's minute, first fit, Timefold and a bound.

Every plan, also the others', is scored by the benchmark's own checker; one that it refuses gives no figure.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean
from typing import Any

from scheduling.planner.engine.bound import Bound, bound
from scheduling.planner.engine.instance import Instance, read
from scheduling.planner.engine.progress import Progress
from scheduling.planner.engine.solve import Solved, by_hand, solve
from songjiao_cli.bench.rival_planner import built as rival_built
from songjiao_cli.bench.rival_planner import plan as rival_plan
from songjiao_cli.bench.rival_planner import ready as rival_away
from songjiao_cli.bench.rows import Row, not_run

SHORT, LONG = 10, 60
"""Seconds."""
SEEDS = (11, 12, 13)
"""Of the instances that others were scored on."""

Curve = tuple[tuple[float, float], ...]
"""Seconds, and the score of the best plan by then."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a size. Scores as part of others': `short` and `long` of the prototype's minute, `first_fit` of
    first fit's, `settled` is that of 10 s as part of 60 s; `preferences` of first fit's; seconds; sessions.
    """

    short: float
    long: float
    draft: float
    unstaffed: int
    preferences: float
    first_fit: float
    settled: float


ASKED = {
    137: Asked(1.00, 0.98, 0.1, 0, 0.30, 0.30, 1.15), 500: Asked(1.00, 0.93, 0.5, 1, 0.25, 0.28, 1.15),
    1500: Asked(1.00, 0.90, 3, 0, 0.25, 0.22, 1.30), 5000: Asked(1.05, 0.75, 8, 0, 0.25, 0.25, 2.0),
}  # fmt: skip
DRAFT_UNSTAFFED = 0.02
"""Of the sessions, in a first draft."""
GAP, GAP_PREFERENCES, GAP_AT = 1.20, 1.15, 137
"""Score and preferences after a minute beside the bound, where that is tight."""


@dataclass(frozen=True)
class Measured:
    """One plan of one instance."""

    solved: Solved
    report: dict[str, Any]
    """The checker's."""
    curve: Curve


@dataclass(frozen=True)
class Case:
    """One instance with everything that was measured on it."""

    name: str
    size: int
    seed: int
    reference: dict[str, float]
    """What others scored (reference.json)."""
    short: Measured
    long: Measured
    hand: Measured
    """First fit."""
    bound: Bound
    rival: Curve | None
    rival_score: float | None
    best_known: float | None


@dataclass(frozen=True)
class Run:
    """What is to be measured."""

    bench: Path
    sizes: Sequence[int]
    seeds: Sequence[int]
    best: int = 0
    """Seconds of a long run of the first seed, to compare with; 0 = none."""
    rival: bool = True


@dataclass
class Found:
    """All cases, and why the rival was not run, where it was not."""

    cases: list[Case] = field(default_factory=list)
    rival_away: str = ""


def measured(run: Run, say: Callable[[str], None]) -> Found:
    """Every instance in turn."""
    reference = json.loads((run.bench / "reference.json").read_text(encoding="utf-8"))["instances"]
    found = Found(rival_away="left out" if not run.rival else rival_away())
    with tempfile.TemporaryDirectory(prefix="songjiao-planner-") as folder:
        built = None if found.rival_away else rival_built(Path(folder) / "rival")
        for size in run.sizes:
            for seed in run.seeds:
                file = instance_file(run.bench, Path(folder), size, seed)
                first = seed == run.seeds[0]
                case = _case(run, file, size, seed, reference[f"{size}-{seed}"], built if first else None)
                found.cases.append(case)
                say(_told(case))
    return found


def with_long_runs(run: Run, found: Found, say: Callable[[str], None]) -> Found:
    """The same with `run.best` seconds for the first seed of each size: last, as nothing else waits for them then."""
    cases = list(found.cases)
    with tempfile.TemporaryDirectory(prefix="songjiao-planner-") as folder:
        for at, case in enumerate(cases):
            if case.seed != run.seeds[0]:
                continue
            file = instance_file(run.bench, Path(folder), case.size, case.seed)
            best = float(_planned(run.bench, file, read(file), run.best).report["score"])
            cases[at] = replace(case, best_known=best)
            say(f"  {case.name}: {best:,.0f} after {run.best} s")
    return replace(found, cases=cases)


def _told(case: Case) -> str:
    short, long = case.short.report["score"], case.long.report["score"]
    beside = case.reference["60s"]
    rival = "" if case.rival_score is None else f", Timefold {case.rival_score:,.0f}"
    return (
        f"  {case.name}: {SHORT} s {short:,} ({short / beside:.3f} of the prototype's minute), {LONG} s {long:,} "
        f"({long / beside:.3f}), unstaffed {case.long.report['unstaffed']}; first draft "
        f"{case.long.solved.first_seconds:.2f} s, {case.long.solved.first.unstaffed} unstaffed; first fit "
        f"{case.hand.report['score']:,}{rival}, bound {case.bound.score:,}"
    )


def instance_file(bench: Path, folder: Path, size: int, seed: int, *more: str) -> Path:
    """The benchmark's instance, made by its own generator."""
    file = folder / f"s{size}-{seed}{''.join(more)}.json"
    words = ["--sessions", str(size), "--seed", str(seed), "--out", str(file), *more]
    subprocess.run([sys.executable, str(bench / "generate.py"), *words], check=True)  # noqa: S603  our own
    return file


def _case(
    run: Run,
    file: Path,
    size: int,
    seed: int,
    reference: dict[str, float],
    built: Path | None,
) -> Case:
    instance = read(file)
    rival = rival_score = None
    if built is not None:
        out = file.with_suffix(".rival")
        rival = tuple(rival_plan(built, file, LONG, out))
        rival_score = float(checked(run.bench, file, out)["score"])
    return Case(
        instance.name, size, seed, reference, _planned(run.bench, file, instance, SHORT),
        _planned(run.bench, file, instance, LONG), _scored(run.bench, file, instance, by_hand(instance), ()),
        bound(instance), rival, rival_score, None,
    )  # fmt: skip


def _planned(bench: Path, file: Path, instance: Instance, seconds: int) -> Measured:
    curve: list[tuple[float, float]] = []

    def told(now: Progress) -> None:
        if not curve or now.tiers.score < curve[-1][1]:
            curve.append((now.seconds, now.tiers.score))

    solved = solve(instance, seconds=seconds, told=told)
    return _scored(bench, file, instance, solved, ((solved.first_seconds, solved.first.score), *curve))


def _scored(bench: Path, file: Path, instance: Instance, solved: Solved, curve: Curve) -> Measured:
    out = file.with_suffix(".plan")
    out.write_text(json.dumps(solved.told(instance)), encoding="utf-8")
    return Measured(solved, checked(bench, file, out), curve)


def checked(bench: Path, file: Path, out: Path) -> dict[str, Any]:
    """The independent checker's report of a plan; an AssertionError where it refuses it."""
    command = [sys.executable, str(bench / "check.py"), str(file), str(out), "--json"]
    report: dict[str, Any] = json.loads(subprocess.run(command, check=False, capture_output=True).stdout)  # noqa: S603
    if not report["feasible"]:
        raise AssertionError(f"{file.stem}: the checker refuses the plan: {report['violations'][:3]}")
    return report


def rows(found: Found) -> list[Row]:
    """The figures, size by size."""
    sizes = dict.fromkeys(case.size for case in found.cases)
    return [
        row for size in sizes for row in _figures(size, [c for c in found.cases if c.size == size], found.rival_away)
    ]  # fmt: skip


def _figures(size: int, cases: list[Case], away: str) -> Iterator[Row]:
    asked = ASKED[size]
    minute, hand = [c.reference["60s"] for c in cases], [float(c.hand.report["score"]) for c in cases]
    short, long = ([float(m.report["score"]) for m in each] for each in _both(cases))
    yield _beside(f"{size}: score after {SHORT} s, beside the prototype's {LONG}", short, minute, asked.short)
    yield _beside(f"{size}: score after {LONG} s, beside the prototype's {LONG}", long, minute, asked.long)
    yield _beside(f"{size}: score after {LONG} s, beside first fit", long, hand, asked.first_fit)
    yield _beside(f"{size}: score after {SHORT} s, beside that after {LONG}", short, long, asked.settled)
    yield _beside(
        f"{size}: preferences after {LONG} s, beside first fit",
        [float(c.long.report["preferences"]) for c in cases], [float(c.hand.report["preferences"]) for c in cases],
        asked.preferences,
    )  # fmt: skip
    drafts = [m.solved.first_seconds for each in _both(cases) for m in each]
    yield Row(f"{size}: first draft", "s", max(drafts), at_most=asked.draft, runs=tuple(drafts))
    gaps = [float(c.long.solved.first.unstaffed) for c in cases]
    most = int(size * DRAFT_UNSTAFFED)
    yield Row(f"{size}: unstaffed in the first draft", "sessions", max(gaps), at_most=most, runs=tuple(gaps))
    left = [float(c.long.report["unstaffed"]) for c in cases]
    yield Row(
        f"{size}: unstaffed after {LONG} s", "sessions", max(left), at_most=asked.unstaffed, runs=tuple(left)
    )
    yield from _beside_bound(size, cases)
    yield from _beside_rival(size, cases, away)


def _both(cases: list[Case]) -> tuple[list[Measured], list[Measured]]:
    return [c.short for c in cases], [c.long for c in cases]


def _beside(figure: str, ours: list[float], beside: list[float], at_most: float) -> Row:
    part = mean(one / max(1.0, other) for one, other in zip(ours, beside, strict=True))
    return Row(
        figure, "score" if "score" in figure else "preferences", mean(ours), mean(beside), part, at_most=at_most,
        runs=tuple(ours), beside=tuple(beside),
    )  # fmt: skip


def _beside_bound(size: int, cases: list[Case]) -> Iterator[Row]:
    low = [(c, c.bound) for c in cases if c.bound is not None]
    if size != GAP_AT or not low:
        return
    scores, wishes = ([float(c.long.report[what]) for c, _ in low] for what in ("score", "preferences"))
    yield _beside(
        f"{size}: score after {LONG} s, beside the bound", scores, [float(b.score) for _, b in low], GAP
    )
    yield _beside(
        f"{size}: preferences after {LONG} s, beside the bound", wishes, [float(c.bound.preferences) for c in cases],
        GAP_PREFERENCES,
    )  # fmt: skip


def _beside_rival(size: int, cases: list[Case], away: str) -> Iterator[Row]:
    figure = f"{size}: score after {LONG} s, beside Timefold's"
    both = [(float(c.long.report["score"]), c.rival_score) for c in cases if c.rival_score is not None]
    if not both:
        yield not_run(figure, "score", away, at_most=1.0)
    for ours, theirs in both:
        yield Row(figure, "score", ours, theirs, ours / theirs, at_most=1.0)
