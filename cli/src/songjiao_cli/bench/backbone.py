"""All figures of the backbone, one after another, on servers of their own."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from servicekit.local import LocalServers
from songjiao_cli.bench import figures, folding, storing, versus, waiting
from songjiao_cli.bench.costs import Costs, read
from songjiao_cli.bench.figures import Bench
from songjiao_cli.bench.growth import after_a_season
from songjiao_cli.bench.house import House
from songjiao_cli.bench.proof import Proof, machine
from songjiao_cli.bench.rows import Row
from songjiao_cli.bench.scale import at_scales
from songjiao_cli.bench.sizes import Sizes
from songjiao_cli.bench.work import Say

FIGURES: dict[str, Callable[[Bench], Coroutine[Any, Any, list[Row]]]] = {
    "relay": figures.relay,
    "consumer": figures.consumer,
    "commands": figures.commands,
    "http": figures.http,
    "rival": versus.rival,
    "latency": waiting.latency,
    "rebuild": folding.rebuild,
    "stored": storing.stored,
}


LOOKED_AT = {
    "relay": "relay", "consumer": "consumer", "commands": "writer", "http": "serve", "rebuild": "portal-rebuild",
}  # fmt: skip
"""Figure -> the part of ours whose time is looked at."""


def measured(sizes: Sizes, names: Sequence[str], programmes: Path, say: Say) -> list[Row]:
    """The rows of these figures."""
    with _bench(sizes, programmes, say) as bench:
        return _rows(bench, names)


def proved(
    sizes: Sizes, names: Sequence[str], programmes: Path, say: Say, times: Sequence[int]
) -> tuple[Proof, dict[str, str]]:
    """The same, and where the time goes, what an order leaves behind, and what many seasons stored change."""
    where = machine()
    say("a season, for what an order leaves behind …")
    grown = after_a_season(programmes, say)
    with _bench(sizes, programmes, say) as bench:
        rows = _rows(bench, names)
        costs = _costs(bench)
        say("scale …")
        scales = asyncio.run(at_scales(bench, grown.facts, times))
    return Proof(rows, costs, grown, scales, sizes), where


@contextmanager
def _bench(sizes: Sizes, programmes: Path, say: Say) -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory(prefix="songjiao-bench-") as folder,
        LocalServers(ephemeral=True, durable=True, say=say) as addresses,
    ):
        house = House(addresses, Path(folder))
        asyncio.run(house.is_durable())
        yield Bench(house, sizes, say, programmes)


def _rows(bench: Bench, names: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        bench.say(f"{name} …")
        rows += asyncio.run(FIGURES[name](bench))
    return rows


def _costs(bench: Bench) -> list[Costs]:
    """One more run of each figure, ours under the profiler; nothing where there is none."""
    if not Path(sys.executable).with_name("py-spy").exists():
        return []
    once = replace(bench, sizes=replace(bench.sizes, runs=1))
    found: list[Costs] = []
    for figure, role in LOOKED_AT.items():
        bench.say(f"where the time goes: {figure} …")
        picture = bench.house.folder / f"{role}.raw"
        bench.house.profile[role] = picture
        asyncio.run(FIGURES[figure](once))
        del bench.house.profile[role]
        found.append(read(figure, picture))
    return found
