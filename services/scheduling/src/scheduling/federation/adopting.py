"""A run becomes the plan: as far as what it touches stands where it stood, and breaks no rule today."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.scheduling import FromRun
from contracts.values import OrderId, SessionId, because
from scheduling.federation import rules, store
from scheduling.federation.reach import read_reach
from scheduling.federation.rules import Kept, Kind, Line, Run
from scheduling.known import known
from scheduling.planner.federation.explain import explained
from scheduling.planner.federation.settle import settled, why_not
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.keeping import to_keep
from scheduling.planner.world import Placed
from scheduling.schemes import for_all
from scheduling.sessions import commands as sessions
from servicekit.db import Tx
from servicekit.identity import Actor


async def adopt(tx: Tx, kind: Kind, run_id: UUID, *, by: Actor) -> Run:
    """Moves and revisions that still hold; the others are told with the reasons. What was supposed stays supposed."""
    run, seen = await store.read(tx, kind, run_id)
    orders = {line.order_id for line in rules.to_adopt(run)}
    run, version = await store.lock(tx, kind, run_id, *orders)  # all subjects at once
    lines = rules.to_adopt(run)
    if version != seen:
        lines = tuple(line for line in lines if line.order_id in orders)
    await for_all.hold_plan(tx)  # from here on nobody else puts anything into the plan
    whole = (await read_reach(tx, run.asked)).whole()
    wanted, gone = _still_there(whole, lines)
    held = settled(whole, wanted)
    told = [
        *gone,
        *(Kept(id_) for id_ in held),
        *(
            Kept(id_, why_not(whole, held | {id_: placed}, id_) or (because("run.not_allowed"),))
            for id_, placed in wanted.items()
            if id_ not in held
        ),
        *rules.only_supposed(run),
    ]
    found = FromRun(run_id=run_id, kind=kind)
    await _put(tx, whole, held, [line for line in lines if line.session_id in held], found, by=by)
    run = rules.adopted(run, tuple(told))
    await store.save(tx, run)
    return run


def _still_there(whole: Whole, lines: Sequence[Line]) -> tuple[Mapping[SessionId, Placed], Sequence[Kept]]:
    """The lines whose session stands where it stood and is free, and the others with the reason."""
    wanted, gone = {}, []
    for line in lines:
        id_ = line.session_id
        if _spot(whole.was.get(id_)) != _spot(line.was):
            gone.append(Kept(id_, (because("run.moved_meanwhile"),)))
        elif id_ not in whole.free:
            gone.append(Kept(id_, (because("run.not_allowed"),)))
        else:
            wanted[id_] = line.now
    return wanted, gone


def _spot(placed: Placed | None) -> object:
    return (placed.day, placed.band, placed.person_id) if placed else None


async def _put(
    tx: Tx, whole: Whole, held: Mapping[SessionId, Placed], lines: Sequence[Line], run: FromRun, *, by: Actor
) -> None:
    now = whole.after(held.values())
    reasons = to_keep(now, held.values())
    of_order: dict[OrderId, list[Line]] = defaultdict(list)
    for line in lines:
        of_order[line.order_id].append(line)
    for order_id, own in of_order.items():
        placed = [explained(whole, now, held[line.session_id]) for line in own]
        if (
            whole.free[own[0].session_id] is Freedom.DRAFT
        ):  # as it is now: it may be confirmed since it was computed
            await for_all.revise(tx, order_id, placed, reasons, run=run, by=by)
        else:
            await _move(tx, order_id, _New(own, placed, reasons), run, by=by)


@dataclass(frozen=True)
class _New:
    """The lines of one order, where their sessions are now, and the reasons."""

    lines: Sequence[Line]
    placed: Sequence[Placed]
    reasons: for_all.Reasons


async def _move(tx: Tx, order_id: OrderId, these: _New, run: FromRun, *, by: Actor) -> None:
    book, facts, moves = known(tx).book, [], []
    for line, new in zip(these.lines, these.placed, strict=True):
        row = await sessions.find(tx, line.session_id)
        assert row is not None  # it stands on the timetable
        reason = because("session.improved", points=line.wins, changes=line.changes)
        facts.append(sessions.moved(row, new, reason, book).model_copy(update={"run": run}))
        moves.append((row, new))
    await for_all.move(tx, order_id, facts, by=by)
    await for_all.keep_moves(tx, moves, these.reasons)
