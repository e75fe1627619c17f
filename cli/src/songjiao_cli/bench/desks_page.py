"""The page of steps and waiting at the desks, and the numbers behind it."""

import json
from collections.abc import Iterator
from pathlib import Path

from songjiao_cli.bench.desks import MOST_MS, TASKS, Found, rows
from songjiao_cli.bench.needs import number, prose
from songjiao_cli.bench.proof import machine

PACKAGES = ("fastapi", "jinja2", "playwright", "asyncpg", "aiokafka", "uvloop")


def write(folder: Path, found: Found, where: dict[str, str]) -> None:
    """`desks.md` and `desks.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    steps = {
        f"{task.who}: {task.what}": [
            [(each.what, round(each.waited, 3)) for each in one] for one in found.steps[task]
        ]
        for task in TASKS
    }
    told = {
        "machine": where,
        "rows": [row.told() for row in rows(found)],
        "steps": steps,
        "drafts": found.drafts,
    }
    (folder / "desks.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (folder / "desks.md").write_text("\n".join(page(found, where)) + "\n", encoding="utf-8")


def before() -> dict[str, str]:
    """Where it is measured, and what else the machine has to do before it begins."""
    return machine(PACKAGES)


def page(found: Found, where: dict[str, str]) -> Iterator[str]:
    """The page's lines."""
    yield from ("# Steps and waiting at the desks", "")
    yield from prose(
        "Written by `songjiao bench desks --proof docs/proof`: Chromium over the whole system on this machine, after "
        "the demo season was played on it. A step is one click or tap, one field that is filled in, one choice, one "
        "key, one file; the marks themselves are not counted. A step's waiting ends when the page shows what it did. "
        "Logging in and getting to the desk's home are not counted. Workers who scan a code do so on their own phones. "
        "Every step with its time: `desks.json`."
    )
    yield from (f"- {name}: {value}" for name, value in where.items())
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
