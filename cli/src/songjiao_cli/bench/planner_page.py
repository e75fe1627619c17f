"""The page of the planner's figures, its picture, and the numbers behind both."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from songjiao_cli.bench.needs import number, prose
from songjiao_cli.bench.planner import ASKED, Case, Curve, Found
from songjiao_cli.bench.rows import Row

PACKAGES = ("numba", "numpy", "ortools")
SEEN = 0.005
"""Of a score: less is not seen in a picture."""


def write(folder: Path, found: Found, rows: Sequence[Row], where: dict[str, str]) -> None:
    """`planner.md`, `planner.json` and `planner-curves.svg`; `where` is the machine as it was before."""
    folder.mkdir(parents=True, exist_ok=True)
    _picture(folder / "planner-curves.svg", _firsts(found))
    told: dict[str, Any] = {
        "machine": where,
        "rows": [row.told() for row in rows],
        "cases": [_case(case) for case in found.cases],
    }
    (folder / "planner.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (folder / "planner.md").write_text("\n".join(_page(found, rows, where)) + "\n", encoding="utf-8")


def _firsts(found: Found) -> list[Case]:
    """Of each size the first seed: the one that the rival and the long run had too."""
    return list({case.size: case for case in reversed(found.cases)}.values())[::-1]


def _case(case: Case) -> dict[str, Any]:
    return {
        "instance": case.name,
        "short": case.short.report["objective"],
        "long": case.long.report["objective"],
        "first_fit": case.hand.report["objective"],
        "first_draft": list(case.long.solved.first),
        "rounds": case.long.solved.rounds,
        "bound": vars(case.bound),
        "best_known": case.best_known,
        "rival": case.rival_score,
        "curve": thinned(case.long.curve),
        "rival_curve": thinned(case.rival or ()) or None,
    }


def _page(found: Found, rows: Sequence[Row], where: dict[str, str]) -> Iterator[str]:
    yield from ("# What the planner reaches", "")
    yield from prose(
        "Written by `songjiao bench planner --proof docs/proof`. Instances, rules and score are those of "
        "`tests/bench/planning/README.md`; every plan, also first fit's and Timefold's, was accepted and scored by its "
        "independent checker. The prototype is a plain search in Python that had a minute (reference.json); first fit "
        "is how it is done by hand: the earliest slot, the first person who can come. Two searches run side by side on "
        "two cores; the seconds include the first draft. Numbers: `planner.json`."
    )
    yield from (f"- {name}: {value}" for name, value in where.items())
    yield from ("", "![score over time](planner-curves.svg)", "", "## Figures", "")
    yield "| figure | ours | beside | ratio | asked | holds |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in rows:
        ours = row.why if row.value is None else f"{number(row.value)} {row.unit}"
        ratio, beside = (number(each) if each is not None else "" for each in (row.ratio, row.baseline))
        holds = "yes" if row.ok else "**no**"
        yield f"| {row.figure} | {ours} | {beside} | {ratio} | at most {row.at_most:g} | {holds} |"
    yield from _each(found.cases)
    yield from _bounds(found.cases)


def _each(cases: Sequence[Case]) -> Iterator[str]:
    yield from ("", "## Each plan after a minute", "")
    yield "| instance | unstaffed | preferences | cost | score | first fit | prototype | rounds |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for case in cases:
        unstaffed, _, preferences, cost = case.long.report["objective"]
        values = (
            case.long.report["score"],
            case.hand.report["score"],
            case.reference["60s"],
            case.long.solved.rounds,
        )
        told = " | ".join(f"{value:,.0f}" for value in (preferences, cost, *values))
        yield f"| {case.name} | {unstaffed} | {told} |"


def _bounds(cases: Sequence[Case]) -> Iterator[str]:
    yield from ("", "## How far it could still go", "")
    yield from prose(
        "The bound: every cohort alone with the whole world free, solved exactly and added up, or where no cohort is "
        "exact every session alone, which is loose: it knows no order, no unit and nobody else. A round trip counts "
        "as its share among the most sessions that its instructor may have a day. No complete plan is below it; a plan "
        "that reaches it need not exist."
    )
    yield ""
    yield "| instance | bound (preferences) | cohorts exact | ours above it | long run | ours above that |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for case in cases:
        ours, low = float(case.long.report["score"]), case.bound
        best = beyond = ""
        if case.best_known is not None:
            best, beyond = f"{case.best_known:,.0f}", f"{100 * (ours / case.best_known - 1):.1f} %"
        above = f"{100 * (ours / low.score - 1):.0f} %"
        yield (
            f"| {case.name} | {low.score:,} ({low.preferences}) | {low.exact} of {low.cohorts} | {above} | {best} | "
            f"{beyond} |"
        )
    yield ""
    yield from prose(*_asked_beside_bound(cases))


def _asked_beside_bound(cases: Sequence[Case]) -> Iterator[str]:
    for size in dict.fromkeys(case.size for case in cases):
        low = mean(case.bound.score / case.reference["60s"] for case in cases if case.size == size)
        yield (
            f"At {size} sessions the bound itself is {low:.2f} of the prototype's minute, where at most "
            f"{ASKED[size].long:.2f} is asked."
        )


def _picture(file: Path, cases: Sequence[Case]) -> None:
    """Score over time, ours beside Timefold's, a panel a size."""
    import matplotlib as mpl  # noqa: PLC0415  slow to load, and only for the page

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "songjiao"  # the same numbers give the same file
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, panels = plt.subplots(1, max(1, len(cases)), figsize=(4 * max(1, len(cases)), 3.6), squeeze=False)
    for panel, case in zip(panels[0], cases, strict=False):
        _line(panel, case.long.curve, "ours", "#1f6f8b")
        if case.rival:
            _line(panel, case.rival, "Timefold", "#c8553d")
        panel.axhline(case.reference["60s"], linestyle=":", color="#6c757d", label="prototype after 60 s")
        panel.axhline(case.bound.score, linestyle="--", color="#588157", label="bound")
        panel.set(
            title=f"{case.size} sessions (seed {case.seed})", xlabel="seconds", xscale="log", yscale="log"
        )
        panel.grid(visible=True, which="both", linewidth=0.3)
    panels[0][0].set_ylabel("score (less is better)")
    panels[0][-1].legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def thinned(curve: Curve) -> Curve:
    """Without the points that are less than half a hundredth below the one before; the last stays."""
    kept: list[tuple[float, float]] = []
    for at, score in curve:
        if not kept or abs(score - kept[-1][1]) > SEEN * kept[-1][1]:
            kept.append((round(at, 2), score))
    if curve and kept[-1][1] != curve[-1][1]:
        kept.append((round(curve[-1][0], 2), curve[-1][1]))
    return tuple(kept)


def _line(panel: Any, curve: Curve, label: str, colour: str) -> None:
    curve = thinned(curve)
    if curve:
        times = [max(0.01, at) for at, _ in curve]
        scores = [score for _, score in curve]
        panel.step([*times, 60], [*scores, scores[-1]], where="post", label=label, color=colour)
