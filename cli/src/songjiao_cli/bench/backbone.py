"""All figures of the backbone, one after another, on servers of their own."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from servicekit.local import LocalServers
from songjiao_cli.bench import figures, folding, storing, versus, waiting
from songjiao_cli.bench.figures import Bench
from songjiao_cli.bench.house import House
from songjiao_cli.bench.rows import Row
from songjiao_cli.bench.work import Say, Sizes

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


def measured(sizes: Sizes, names: Sequence[str], programmes: Path, say: Say) -> list[Row]:
    """The rows of these figures."""
    rows: list[Row] = []
    with (
        tempfile.TemporaryDirectory(prefix="songjiao-bench-") as folder,
        LocalServers(ephemeral=True, say=say) as addresses,
    ):
        bench = Bench(House(addresses, Path(folder)), sizes, say, programmes)
        for name in names:
            say(f"{name} …")
            rows += asyncio.run(FIGURES[name](bench))
    return rows
