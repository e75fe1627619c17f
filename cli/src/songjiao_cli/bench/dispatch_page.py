"""The page of dispatch's figures, and the numbers behind it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from songjiao_cli.bench.needs import number, prose
from songjiao_cli.bench.offers import Found
from songjiao_cli.bench.proof import machine
from songjiao_cli.bench.rows import Row

PACKAGES = ("aiokafka", "asyncpg", "fastapi", "numba", "sqlalchemy", "uvloop")
SHARES = (0.5, 0.9, 0.95, 0.99, 1.0)


def write(folder: Path, found: Found | None, rows: Sequence[Row], where: dict[str, str]) -> None:
    """`dispatch.md` and `dispatch.json`; `found`: the declines through the whole system, if they were measured."""
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, Any] = {"machine": where, "rows": [row.told() for row in rows]}
    if found is not None:
        told["declines"] = dict(_kinds(found))
    (folder / "dispatch.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (folder / "dispatch.md").write_text("\n".join(page(found, rows, where)) + "\n", encoding="utf-8")


def before() -> dict[str, str]:
    """Where it is measured, and what else the machine has to do before it begins."""
    return machine(PACKAGES)


def page(found: Found | None, rows: Sequence[Row], where: dict[str, str]) -> Iterator[str]:
    """The page's lines."""
    yield from ("# How fast dispatch answers", "")
    yield from prose(
        "Written by `songjiao bench dispatch --proof docs/proof`. First, one decline after the other through the "
        "whole system on this machine: HTTP, PostgreSQL, Kafka, five services, the portal's push to the open pages of "
        "all colleges; the clock stops when the page of the college that is asked next is told of the order for the "
        "last time. Then repairs of the benchmark's plans without servers (`tests/bench/planning/README.md`). Numbers: "
        "`dispatch.json`."
    )
    yield from (f"- {name}: {value}" for name, value in where.items())
    yield from ("", "## Figures", "")
    yield "| figure | ours | beside | ratio | asked | holds |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in rows:
        ours = row.why if row.value is None else f"{number(row.value)} {row.unit}"
        ratio, beside = (number(each) if each is not None else "" for each in (row.ratio, row.baseline))
        asked = f"at most {row.at_most:g}" if row.at_most is not None else f"at least {row.at_least:g}"
        yield f"| {row.figure} | {ours} | {beside} | {ratio} | {asked} | {'yes' if row.ok else '**no**'} |"
    if found is not None:
        yield from _declines(found)


def _declines(found: Found) -> Iterator[str]:
    yield from ("", "## Declines through the whole system", "")
    yield from prose(
        f"{found.sessions:,} sessions ordered, agreed on and offered through the public doors to {found.people} "
        f"instructors in {found.filled:,.0f} s; all but the last few hundred accepted. Milliseconds; after "
        f"{found.answers.nobody} declines nobody could come at any time."
    )
    yield (
        "| | declines | "
        + " | ".join("longest" if one == 1 else f"{one:.0%} within" for one in SHARES)
        + " |"
    )
    yield "| --- | --- |" + " --- |" * len(SHARES)
    for name, values in _kinds(found):
        within = [number(float(np.quantile(values, one))) if values else "-" for one in SHARES]
        yield f"| {name} | {len(values)} | {' | '.join(within)} |"


def _kinds(found: Found) -> Iterator[tuple[str, list[float]]]:
    yield "own answer", found.answers.told
    yield "next offer, somebody else at the same time (steps 1 and 2)", found.answers.at_once
    yield "next offer, at another time (steps 3 and 4)", found.answers.elsewhere
