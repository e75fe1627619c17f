"""`docs/proof/backbone.md`, written from what was measured: figures, costs, growth, scale. Pure but for the files."""

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from songjiao_cli.bench import needs
from songjiao_cli.bench.costs import Costs, picture
from songjiao_cli.bench.growth import Growth
from songjiao_cli.bench.needs import number, prose
from songjiao_cli.bench.rows import Row
from songjiao_cli.bench.scale import At
from songjiao_cli.bench.sizes import Sizes

WHY = {
    "http": "What is around the same trips to the database costs: routing, dependencies and middlewares of the "
    "framework, the body's hash, metrics. Tried: facts and answer in one trip, fewer collections of "
    "garbage, the key checked without a thread, connections that stay open (docs/decisions/0018).",
    "effect after": "Load, service, relay, consumer, PostgreSQL and Kafka share this machine's cores, and at this rate "
    "little is left of them: the service alone has three quarters of one. Of 60 ms in a calm run "
    "(medians): 15-20 until the answer, 5-10 until the relay is free, 10-14 until Kafka has acknowledged, "
    "4 for the effect, the rest waits for the consumer. Tried: a relay in a process of its own, a pause "
    "between its small pages, another HTTP parser, which gain nothing; no waiting for company at relay (2 "
    "ms) and acknowledgement (5 ms), which does.",
    "read model rebuild": "Bare code keeps each fact as it is; to check it against its contract and fold it "
    "into nine boards is the work itself, done by one process. Tried: rows kept in memory, copy instead of "
    "insert, boards that copy less, few collections of garbage.",
    "throughput with": "The same statements on larger tables. Probably pages: after a checkpoint each "
    "page is written to the log whole when it is touched first (`full_page_writes`), and full "
    "tables have many more of them. Tried: pages compressed (pglz) and a log of 4 GB, which gains nothing.",
}
"""By the beginning of a figure's name: why it may be below its line, and what was tried."""
PACKAGES = ("aiokafka", "asyncpg", "faststream", "fastapi", "pydantic", "sqlalchemy", "uvloop")


@dataclass(frozen=True)
class Proof:
    """All that was measured."""

    rows: Sequence[Row]
    costs: Sequence[Costs]
    growth: Growth
    scales: Sequence[At]
    sizes: Sizes


def machine(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Where it was measured, and what else the machine had to do."""
    known = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip() for line in known.read_text().splitlines() if "model name" in line
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{os.cpu_count()} x {names[0] if names else platform.machine()}",
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in packages),
        "load before it began": f"{os.getloadavg()[0]:.1f} processes at work (quiet = below 0.5)",
        "day": datetime.now(UTC).date().isoformat(),
    }


def write(folder: Path, proof: Proof, where: dict[str, str]) -> None:
    """The page, its picture, and the numbers behind both."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backbone-costs.svg").write_text(picture(proof.costs), encoding="utf-8")
    told: dict[str, Any] = {
        "machine": where,
        "rows": [row.told() for row in proof.rows],
        "costs": [asdict(each) for each in proof.costs],
        "growth": proof.growth.told(),
        "scales": [asdict(each) for each in proof.scales],
        "sizes": asdict(proof.sizes),
    }
    (folder / "backbone.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (folder / "backbone.md").write_text("\n".join(page(proof, where)) + "\n", encoding="utf-8")


def page(proof: Proof, where: dict[str, str]) -> Iterator[str]:
    """The page's lines."""
    yield from ("# What the backbone carries", "")
    yield from prose(
        "Written by `songjiao bench backbone --proof docs/proof`. Everything runs on one machine: load, service, "
        "relay, consumer, PostgreSQL and Kafka in a process each, `fsync` on, `acks=all`, commit before answer, also "
        "where the work is done by bare code. The numbers behind this page are in `backbone.json`."
    )
    yield from (f"- {name}: {value}" for name, value in where.items())
    yield from _figures(proof)
    yield from _costs(proof.costs)
    yield from _growth(proof.growth)
    yield from needs.needs(proof.growth)
    yield from needs.scale(proof.growth, proof.scales, proof.rows)


def _spread(runs: Sequence[float]) -> str:
    return f"{number(min(runs))} - {number(max(runs))}" if runs else "-"


def _figures(proof: Proof) -> Iterator[str]:
    yield from ("", "## Figures", "")
    yield from prose(
        f"Medians of {proof.sizes.runs} paired runs, now ours first, now the baseline; the ratio is the median of the "
        "pairs' ratios. In brackets the least and the greatest run. A rebuild counts less an empty one."
    )
    yield "| figure | ours | bare code | ratio | asked | holds |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in proof.rows:
        asked = f"at most {row.at_most:g}" if row.at_most is not None else f"at least {row.at_least:g}"
        ours = f"{number(row.value)} {row.unit} ({_spread(row.runs)})" if row.value is not None else row.why
        beside = f"{number(row.baseline)} ({_spread(row.beside)})" if row.baseline is not None else ""
        ratio = number(row.ratio) if row.ratio is not None else ""
        yield f"| {row.figure} | {ours} | {beside} | {ratio} | {asked} | {'yes' if row.ok else '**no**'} |"
    yield from _below(proof.rows)


def _below(rows: Sequence[Row]) -> Iterator[str]:
    """What is not reached, with the reason."""
    below = [row.figure for row in rows if not row.ok]
    for name, why in WHY.items():
        if figures := [each for each in below if each.startswith(name)]:
            yield ""
            yield from prose(f"**Below its line: {', '.join(figures)}.** {why}")


def _costs(costs: Sequence[Costs]) -> Iterator[str]:
    yield from ("", "## Where the time goes", "")
    if not costs:
        yield "Not looked at: `py-spy` is not installed (it comes with `requirements-dev.txt`)."
        return
    yield from prose(
        "Processor time of each part of ours, by the package of the innermost frame that we can name (py-spy, 250 "
        "samples a second; waiting does not count)."
    )
    yield "![costs](backbone-costs.svg)"
    yield ""
    yield "| part | most of it |"
    yield "| --- | --- |"
    for each in costs:
        yield f"| {each.part} | {', '.join(f'{kind} {share:.0%}' for kind, share in each.shares[:4])} |"


def _growth(growth: Growth) -> Iterator[str]:
    yield from ("", "## What one order leaves behind", "")
    yield from prose(
        f"After a season of send-teachers-home: {growth.orders} orders, {growth.facts:,} facts, every table of every "
        "service's database (indexes included, after `vacuum full`) and every topic (segments on one broker's disk)."
    )
    yield "| place | table or topic | rows | bytes | rows an order | bytes an order |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for each in sorted([*growth.tables, *growth.topics], key=lambda each: -each.bytes):
        rows, size = each.per_order(growth.orders)
        yield f"| {each.place} | {each.name} | {each.rows:,} | {each.bytes:,} | {number(rows)} | {number(size)} |"
    yield ""
    yield from prose(
        f"Together an order takes {growth.database_bytes / 1e3:,.0f} kB of databases, "
        f"{growth.topic_bytes / 1e3:,.0f} kB of topics (one copy) and {growth.facts / growth.orders:,.0f} facts."
    )
