"""What the rounds have shown, as a page for the docs."""

import os
import platform
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import date

from songjiao_cli.chaos.faults import ALL
from songjiao_cli.chaos.rounds import Round

ROWS = {
    1: "kill -9 service around its commit", 2: "kill -9 relay", 3: "two relays, lock connection cut",
    4: "kill -9 consumer in each phase", 5: "broker killed, stopped, frozen", 6: "database killed, stopped, frozen",
    7: "records again, topic from the beginning", 8: "members come and go, killed, frozen",
    9: "two subjects in one command, many clients", 10: "long writing transaction", 11: "poison, unknown type",
    12: "kill in replay, replay twice at once", 13: "database slow, 40001, 40P01, deadlocks",
    14: "batch that blocks past the session", 15: "disk full", 16: "clock wrong", 17: "graceful stop",
    18: "old and new version", 19: "restore", 20: "all of it at random",
}  # fmt: skip
HEAD = """\
# Chaos: what was broken, and what held

Written by `songjiao chaos --rounds {rounds} --seed {seed} --resume --proof docs/proof/chaos.md` on {day}: {machine},
Kafka 4.1 and PostgreSQL 18.1 on the same machine.

**{rounds} rounds, seed {seed}, {minutes:.0f} minutes of wall time: {held}.**

Each round: clients give commands over HTTP to the five services as processes, right and wrong ones, some twice with
one key, some two at once. The faults strike meanwhile; then everything is begun again that should run, and when all
is quiet the oracle reads topics and databases and compares the ledgers:

- **L** no answered command lacks its fact, no refused one has any, unanswered ones are whole or absent;
- **S** sequences 1..n per sender and subject, repeats with the same bytes, topics equal to the services' logs;
- **E** one effect for each consumer and fact, none twice because of one cause, nothing left parked;
- **O** every consumer in the order of the topic, the heads at the last;
- **X** each cause resolves, a person's act has none, the portal's story has every fact once;
- the trade: nobody in two places (drives included), no step unearned, marks, results and certificates once;
- `songjiao verify`, which counts a second time and folds the read model anew.

A system lives through ten rounds, then a new one begins. The services note each effect in a table of its own while
faults are turned on; without that variable there are neither faults nor notes.

"""
FIGURES = """\
## Figures

- Commands {commands}: {done} done, {refused} refused, {unanswered} never answered (given up on purpose).
- Most facts on one system at the end of a round: {facts}; repeats on the topics, counted at each end: {repeats}.
- Until all was quiet after the last fault: median {calm:.1f} s, longest {calmest:.1f} s.
- 99 of 100 answers within, outages included: median of the rounds {slow:.0f} ms, largest {slowest:.0f} ms.

"""


def written(rounds: Sequence[Round], seed: int, played: Sequence[Round] = ()) -> str:
    """The page. `played`: all that the book has, rounds too that were played again after a finding was mended."""
    holds = {one.number for one in rounds if not one.found}
    mended = [each for each in played if each.found and each.number in holds]
    parts = (
        _head(rounds, seed), _rows(rounds), _faults(rounds), _figures(rounds), _found("Found", rounds),
        _found("Found, mended, and played again", mended), _commits(rounds),
    )  # fmt: skip
    return "\n".join([*(line for part in parts for line in part), ""])


def _head(rounds: Sequence[Round], seed: int) -> list[str]:
    differences = sum(len(each.found) for each in rounds)
    return HEAD.format(
        rounds=len(rounds),
        seed=seed,
        minutes=sum(each.seconds for each in rounds) / 60,
        held=f"{differences} differences" if differences else "no ledger differs",
        day=date.today().isoformat(),  # noqa: DTZ011  whoever runs it reads it here
        machine=f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    ).splitlines()


def _rows(rounds: Sequence[Round]) -> list[str]:
    """The list of chaos tests, with the rounds in which the harm was done, not only meant."""
    struck = Counter(name for one in rounds for name in one.struck)
    load = {
        9: (f"{sum(one.several for one in rounds)} commands that changed several orders, others working at the same",
            sum(one.several > 0 for one in rounds)),
        20: ("rounds with several faults", sum(len(one.struck) > 1 for one in rounds)),
    }  # fmt: skip
    lines = [
        "## The list",
        "",
        "| # | what | faults | rounds in which it struck |",
        "| --- | --- | --- | --- |",
    ]
    for row, what in ROWS.items():
        mine = [each.name for each in ALL.values() if each.row == row]
        if mine:
            lines.append(f"| {row} | {what} | {'; '.join(mine)} | {sum(struck[name] for name in mine)} |")
        else:
            where, times = load.get(row, ("not among the rounds", 0))
            lines.append(f"| {row} | {what} | {where} | {times} |")
    return [*lines, ""]


def _faults(rounds: Sequence[Round]) -> list[str]:
    """What became of each fault, numbers and names of services left out."""
    seen: Counter[str] = Counter()
    for one in rounds:
        seen.update(re.sub(r"\b\d+\b", "n", line) for line in one.seen)
    lines = ["## What was seen", "", "| times | what |", "| --- | --- |"]
    return [
        *lines,
        *(f"| {times} | {what} |" for what, times in sorted(seen.items(), key=lambda e: (-e[1], e[0]))),
        "",
    ]


def _figures(rounds: Sequence[Round]) -> list[str]:
    names = ("commands", "done", "refused", "unanswered", "repeats")
    calm = [one.calm_seconds for one in rounds] or [0.0]
    slow = [one.p99_milliseconds for one in rounds] or [0.0]
    return FIGURES.format(
        **{name: sum(getattr(one, name) for one in rounds) for name in names},
        facts=max((one.facts for one in rounds), default=0),
        calm=statistics.median(calm),
        calmest=max(calm),
        slow=statistics.median(slow),
        slowest=max(slow),
    ).splitlines()


def _found(title: str, rounds: Sequence[Round]) -> list[str]:
    lines = [
        f"- round {one.number} of {one.code or 'unknown code'} ({'; '.join(one.faults)}): {one.found[0]}"
        for one in rounds
        if one.found
    ]
    return [f"## {title}", "", *lines, ""] if lines else []


def _commits(rounds: Sequence[Round]) -> list[str]:
    """Which code was played, in the order of the rounds."""
    played = Counter(one.code for one in rounds if one.code)
    lines = [f"- {code}: {times} rounds" for code, times in played.items()]
    return ["## Code that was played", "", *lines, ""] if lines else []
