"""A run, computed in pieces, one region and then one qualification after the other.

Each piece begins with the plan as it stands then, and with what was found so far.

So a run that takes an hour is never an hour old, a stop is heard within seconds, and a process that dies costs one
piece.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts.values import Reason, SessionId, because
from scheduling.federation import rules, store
from scheduling.federation.reach import Reach, read_reach
from scheduling.federation.rules import How, Kind, Line, Piece, Result, Run
from scheduling.planner.change_points import change_points
from scheduling.planner.federation.explain import explained
from scheduling.planner.federation.figures import differences, figures
from scheduling.planner.federation.ready import NOT_KEPT, Engine
from scheduling.planner.federation.suppose import Supposed, suppose
from scheduling.planner.federation.turns import turns
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.world import Placed, World
from servicekit.db import Tx
from servicekit.timers import Due, ask_for

PREPARE, IMPROVE = "plan.prepare", "plan.improve"


@dataclass(frozen=True)
class Question:
    """The run, and the world it is computed in."""

    run: Run
    reach: Reach


@dataclass(frozen=True)
class Prepared:
    """Whether the engine can be used here, and why not."""

    reason: Reason | None = None


async def ask(tx: Tx, run: Run) -> None:
    """Have it computed, as soon as the engine is ready."""
    await ask_for(tx, PREPARE, key=run.run_id, subject=run.run_id, data={"kind": run.kind})


async def prepare(_: object) -> Prepared:
    """In a process of its own, of low priority: no draft waits for the compiler."""
    if Engine.ready:
        return Prepared()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scheduling.planner.federation.ready",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await child.communicate()
    if child.returncode == NOT_KEPT:
        return Prepared(because("run.engine_not_kept"))
    if child.returncode:
        raise RuntimeError(f"the engine does not compile: {told.decode(errors='replace')[-1500:]}")
    Engine.ready = True
    return Prepared()


async def save_prepared(tx: Tx, due: Due, prepared: Prepared) -> None:
    """The run begins, or says why it cannot."""
    run, _ = await store.lock(tx, Kind(due.data["kind"]), UUID(due.key))
    run = rules.failed(run, prepared.reason) if prepared.reason else rules.started(run)
    await store.save(tx, run)
    await _ask_for_piece(tx, run)


async def read(tx: Tx, due: Due) -> Question | None:
    """The next piece; nothing when it was stopped or dropped."""
    run, _ = await store.read(tx, Kind(due.data["kind"]), UUID(due.subject))
    if run.state is not rules.State.RUNNING:
        return None
    return Question(run, await read_reach(tx, run.asked))


def compute(question: Question) -> Piece:
    """One piece; the result is whole after each."""
    from scheduling.planner.federation.improve import improve, tiers_of  # noqa: PLC0415  loads the compiler

    run, in_force = question.run, question.reach.whole()
    supposed = suppose(in_force, run.asked.changes, run.run_id)
    parts = turns(supposed.whole)
    found = improve(
        supposed.whole,
        price=run.asked.price,
        rounds=rules.rounds_of_piece(run, len(parts)),
        seed=run.asked.seed + run.piece,
        seconds=rules.PIECE_SECONDS,
        so_far={p.session.session_id: p for p in run.changed},
        among=parts[run.piece % len(parts)] if parts else (),
    )
    now = supposed.whole.after(found.changed.values())
    before = _plain(tiers_of(in_force))
    after = _plain(found.now if supposed.whole.free else tiers_of(supposed.whole))
    over = run.done + found.rounds >= run.asked.rounds or not found.rounds
    result = Result(
        in_force=figures(in_force, in_force.world, before, in_force),
        other=figures(supposed.whole, now, after, in_force),
        lines=tuple(_lines(in_force, supposed, now, found.wins, explain=over)),
        impossible=supposed.impossible,
    )
    return Piece(found.rounds, before, after, tuple(found.changed.values()), result)


def _plain(tiers: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Without the engine's type: whoever unpickles it would load the compiler."""
    unstaffed, changed, preferences, cost = tiers
    return unstaffed, changed, preferences, cost


def _lines(
    in_force: Whole, supposed: Supposed, now: World, wins: Mapping[SessionId, int], *, explain: bool
) -> list[Line]:
    return [
        Line(
            order_id=now.cohorts[placed.session.cohort_id].order_id,
            was=old,
            now=explained(supposed.whole, now, placed) if explain else placed,
            how=_how(in_force, old, placed),
            changes=change_points(placed, old),
            wins=wins.get(placed.session.session_id, 0),
        )
        for old, placed in differences(in_force, now)
    ]


def _how(in_force: Whole, old: Placed | None, placed: Placed) -> How:
    freedom = in_force.free.get(placed.session.session_id)
    if placed.session.cohort_id not in in_force.world.cohorts:
        return How.SUPPOSED
    if freedom is Freedom.DRAFT:
        return How.REVISED
    if old is not None and (old.day, old.band) == (placed.day, placed.band):
        return How.DISPATCH
    return How.MOVED


async def save(tx: Tx, due: Due, piece: Piece) -> None:
    """One piece further, and on to the next."""
    run, _ = await store.lock(tx, Kind(due.data["kind"]), UUID(due.subject))
    if f"{run.piece}" != due.key.rpartition("/")[2]:
        return  # saved before, and its row left over
    after = rules.after_piece(run, piece)
    if after != run:
        await store.save(tx, after)
        await _ask_for_piece(tx, after)


async def _ask_for_piece(tx: Tx, run: Run) -> None:
    if run.state is rules.State.RUNNING:
        key = f"{run.run_id}/{run.piece}"
        await ask_for(tx, IMPROVE, key=key, subject=run.run_id, data={"kind": run.kind})
