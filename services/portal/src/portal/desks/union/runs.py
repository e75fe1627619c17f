"""Improvements and scenarios of the whole plan, side by side with the plan in force; scheduling keeps all of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, RootModel

from portal.desks.asking import Missing
from portal.desks.signed import ReasonSeen, read_as
from portal.desks.union.planned import yuan
from portal.desks.union.signatures import Users, name_of, users_of
from portal.web.text import Text
from servicekit.db import Tx

MOST = 5
"""Columns beside the plan in force: more are not compared by eye."""
Kind = Literal["improvements", "scenarios"]
KINDS: tuple[Kind, ...] = ("improvements", "scenarios")
ACTS: dict[str, tuple[str, ...]] = {
    "preparing": ("stop", "drop"), "running": ("stop", "drop"), "done": ("adopt", "drop"),
    "stopped": ("adopt", "drop"), "failed": ("drop",),
}  # fmt: skip
"""What can be done in a state."""
GONE = frozenset({"dropped"})


class FiguresSeen(BaseModel):
    """A plan in figures."""

    sessions: int
    unstaffed: int
    changes: int
    preferences: int
    cost_points: int
    driving_minutes: int
    release_person_hours: Decimal
    fees: Decimal


class SupposedSeen(BaseModel):
    """A change that was supposed."""

    change: dict[str, object]
    impossible: list[ReasonSeen]


class RunSeen(BaseModel):
    """A run, without its lines."""

    run_id: UUID
    kind: Kind
    name: str
    state: str
    asked_by: str
    asked_at: datetime
    rounds: int
    done: int
    supposed: list[SupposedSeen]
    in_force: FiguresSeen | None
    other: FiguresSeen | None
    changes: int


class RunsSeen(RootModel[list[RunSeen]]):
    """The newest first."""


@dataclass(frozen=True)
class Column:
    """A run beside the others."""

    id: UUID
    title: str
    state: str
    acts: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """The runs of one kind. `compared`: a figure in words, of the plan in force, and of each run."""

    kind: Kind
    columns: tuple[Column, ...]
    compared: tuple[tuple[str, str, tuple[str, ...]], ...]


async def sections(tx: Tx, text: Text, token: str | None) -> tuple[Section, ...] | Missing:
    """Improvements, then scenarios; or why there is nothing to show."""
    if token is None:
        return "away"
    asked = [read_as(tx, token, f"/federation/{kind}", RunsSeen) for kind in KINDS]
    found = await asyncio.gather(*asked)  # both at once: none touches `tx`
    shown = []
    for kind, runs in zip(KINDS, found, strict=True):
        if not isinstance(runs, RunsSeen):
            return runs
        kept = [run for run in runs.root if run.state not in GONE][:MOST]
        shown.append(section(kind, kept, text, await users_of(tx, (run.asked_by for run in kept))))
    return tuple(shown)


def section(kind: Kind, runs: Sequence[RunSeen], text: Text, users: Users) -> Section:
    """One comparison."""
    in_force = next((run.in_force for run in runs if run.in_force), None)
    return Section(
        kind,
        tuple(Column(run.run_id, title_of(run, text), _state(run, text), acts_on(run)) for run in runs),
        tuple(_rows(in_force, runs, text, users)) if runs else (),
    )


def acts_on(run: RunSeen) -> tuple[str, ...]:
    """What can be done with it; a finished run that changes nothing has nothing to adopt."""
    return tuple(act for act in ACTS.get(run.state, ()) if not (act == "adopt" and found_nothing(run)))


def found_nothing(run: RunSeen) -> bool:
    """It came to its end with the plan in force."""
    return run.state == "done" and run.changes == 0 and run.other == run.in_force


def _state(run: RunSeen, text: Text) -> str:
    return text("runs.nothing") if found_nothing(run) else text.or_code("run_state", run.state)


def title_of(run: RunSeen, text: Text) -> str:
    """The scenario's name; of an improvement when it was asked for."""
    return run.name or text("runs.improvement_of", day=text.moment(run.asked_at))


def _rows(
    in_force: FiguresSeen | None, runs: Sequence[RunSeen], text: Text, users: Users
) -> list[tuple[str, str, tuple[str, ...]]]:
    figures: dict[str, Callable[[FiguresSeen], str]] = {
        "runs.sessions": lambda f: f"{f.sessions:,}",
        "runs.unstaffed": lambda f: f"{f.unstaffed:,}",
        "runs.changes": lambda f: f"{f.changes:,}",
        "runs.preferences": lambda f: f"{f.preferences:,}",
        "runs.cost_points": lambda f: f"{f.cost_points:,}",
        "plan.driving": lambda f: f"{f.driving_minutes:,}",
        "plan.hours_lost": lambda f: f"{f.release_person_hours:,}",
        "runs.fees": lambda f: yuan(f.fees),
    }

    def told(key: str, of: FiguresSeen | None) -> str:
        return figures[key](of) if of else "—"

    rows = [
        (
            text("runs.asked"),
            "",
            tuple(f"{name_of(run.asked_by, users)} · {text.moment(run.asked_at)}" for run in runs),
        ),
        (text("runs.progress"), "", tuple(f"{run.done:,} / {run.rounds:,}" for run in runs)),
        *((text(key), told(key, in_force), tuple(told(key, run.other) for run in runs)) for key in figures),
        (text("runs.elsewhere"), "", tuple(f"{run.changes:,}" for run in runs)),
    ]
    if any(run.supposed for run in runs):
        rows.append((text("runs.supposed"), "", tuple(_supposed(run, text) for run in runs)))
    return rows


def _supposed(run: RunSeen, text: Text) -> str:
    def said(one: SupposedSeen) -> str:
        change = text(f"runs.change.{one.change['kind']}")
        return text.aside(change, text("runs.impossible")) if one.impossible else change

    return text.listed(map(said, run.supposed))
