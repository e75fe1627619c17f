"""The page of steps and waiting at the desks, and the numbers behind it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from songjiao_cli.bench.desks import MOST_MS, TASKS, Found, rows
from songjiao_cli.bench.desks_stored import Stored
from songjiao_cli.bench.needs import number, prose
from songjiao_cli.bench.proof import machine

PACKAGES = ("fastapi", "jinja2", "playwright", "asyncpg", "aiokafka", "uvloop")


def write(folder: Path, found: Found, where: dict[str, str]) -> None:
    """`desks.md` and `desks.json`; with much stored beforehand, `desks-stored.md` and `.json`."""
    name = _name(found)
    folder.mkdir(parents=True, exist_ok=True)
    steps = {
        f"{task.who}: {task.what}": [
            [(each.what, round(each.waited, 3)) for each in one] for one in found.steps[task]
        ]
        for task in TASKS
    }
    told = {
        "machine": where,
        "stored": asdict(found.stored) if found.stored else None,
        "rows": [row.told() for row in rows(found)],
        "steps": steps,
        "drafts": found.drafts,
    }
    (folder / f"{name}.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (folder / f"{name}.md").write_text("\n".join(page(found, where)) + "\n", encoding="utf-8")


def before() -> dict[str, str]:
    """Where it is measured, and what else the machine has to do before it begins."""
    return machine(PACKAGES)


def page(found: Found, where: dict[str, str]) -> Iterator[str]:
    """The page's lines."""
    much = f" --sessions {found.stored.asked}" if found.stored else ""
    yield from ("# Steps and waiting at the desks", "")
    yield from prose(
        f"Written by `songjiao bench desks{much} --proof docs/proof`: Chromium over the whole system on this machine, "
        "after the demo season was played on it. A step is one click or tap, one field that is filled in, one choice, "
        "one key, one file; the marks themselves are not counted. A step's waiting ends when the page shows what it "
        "did. "
        "Logging in and getting to the desk's home are not counted. Workers who scan a code do so on their own phones. "
        f"Every step with its time: `{_name(found)}.json`."
    )
    yield from (f"- {what}: {value}" for what, value in where.items())
    if found.stored:
        yield ""
        yield from prose(_stored(found.stored))
    yield from ("", "| who | task | steps | asked, at most | waiting, 95 of 100 within | longest | holds |")
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for task in TASKS:
        steps, waited = found.most(task), found.waited(task)
        holds = "yes" if steps <= task.asked and waited <= MOST_MS else "**no**"
        yield (
            f"| {task.who} | {task.what} | {steps} | {task.asked} | {number(waited)} ms | "
            f"{number(max(found.waits(task)))} ms | {holds} |"
        )
    yield ""
    yield from prose(
        f"Asked of the waiting: at most {number(MOST_MS)} ms. No step, but the planner's work: after an order is "
        f"taken its draft is on the open page within {number(max(found.drafts))} s."
    )


def _name(found: Found) -> str:
    return "desks-stored" if found.stored else "desks"


def _stored(stored: Stored) -> str:
    rows = ", ".join(f"{name} {count:,} rows" for name, count in stored.rows.items())
    return (
        f"Stored in the portal before the first pass: {stored.sessions:,} sessions of {stored.orders:,} "
        f"orders, {stored.facts:,} facts, {stored.certificates:,} certificates. These are the season and "
        f"the orders begun after it, and {stored.copies:,} copies of both on the same days: other orders, "
        "surveys, workers, sessions, offers and certificates of the same enterprises, colleges and people sent. The "
        "portal's `rebuild` folded them from facts. The other services would plan and offer what they hear of: beside "
        f"the season they have so many copies of their rows of orders that have ended ({rows}). Scheduling has the "
        "season alone: on its timetable nobody is at two places at once."
    )
