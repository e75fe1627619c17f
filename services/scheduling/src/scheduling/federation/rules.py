"""The life of a run: asked for, computed in pieces, done or stopped; adopted once, or dropped.

A run is a copy: nothing of it stands in the plan or in any fact before somebody adopts it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from contracts.refusals import Refused
from contracts.values import DivisionCode, OrderId, Reason, SessionId, because
from scheduling.planner.federation.figures import Figures
from scheduling.planner.federation.suppose import Change
from scheduling.planner.world import Placed

PIECE_ROUNDS, PIECE_SECONDS = 300, 5.0
"""Computed at a time: so soon a stop is heard, and only so much is lost with a process."""


class Kind(StrEnum):
    """Why the plan is computed anew."""

    IMPROVEMENTS = "improvements"
    SCENARIOS = "scenarios"


class State(StrEnum):
    """Where a run stands."""

    PREPARING = "preparing"
    """The engine is being compiled, at the first use of an installation."""
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """By somebody; what was found so far can be adopted."""
    FAILED = "failed"
    ADOPTED = "adopted"
    DROPPED = "dropped"


UNDER_WAY = frozenset({State.PREPARING, State.RUNNING})
OPEN = frozenset({State.DONE, State.STOPPED})
"""Somebody decides about it."""


@dataclass(frozen=True)
class Asked:
    """What is computed. `price`: points that each change point must win; `first`, `last` and `divisions` narrow it.

    `promised`: sessions that somebody has promised to come to may move too. `again_days`: asked for again then.
    """

    price: int
    rounds: int
    seed: int = 1
    first: date | None = None
    last: date | None = None
    divisions: tuple[DivisionCode, ...] = ()
    promised: bool = False
    again_days: int | None = None
    changes: tuple[Change, ...] = ()


class How(StrEnum):
    """What adopting a line does."""

    REVISED = "revised"
    """The draft on the desk gets a version more."""
    MOVED = "moved"
    """A session on the timetable is held at another time, within what its enterprise has allowed beforehand."""
    DISPATCH = "dispatch"
    """Nothing here: another person at its time is found by dispatch when what was supposed comes true."""
    SUPPOSED = "supposed"
    """Nothing: it belongs to what was supposed."""


@dataclass(frozen=True)
class Line:
    """A session that would be elsewhere. `wins` in points, alone; its reasons stand in `now`."""

    order_id: OrderId
    was: Placed | None
    now: Placed
    how: How
    changes: int
    wins: int

    @property
    def session_id(self) -> SessionId:
        """Of the session."""
        return self.now.session.session_id


@dataclass(frozen=True)
class Result:
    """The plan in force and the other one in figures, and every session that differs."""

    in_force: Figures
    other: Figures
    lines: tuple[Line, ...]
    impossible: Mapping[int, tuple[Reason, ...]] = field(default_factory=dict)
    """Changes that could not be supposed, by their number."""


@dataclass(frozen=True)
class Kept:
    """What became of a line when the run was adopted; reasons why not, none = adopted."""

    session_id: SessionId
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Run:
    """An improvement or a scenario."""

    run_id: UUID
    kind: Kind
    name: str
    asked_by: str
    asked_at: datetime
    asked: Asked
    state: State = State.PREPARING
    done: int = 0
    """Rounds."""
    piece: int = 0
    before: tuple[int, int, int, int] | None = None
    """The four tiers of the plan that is improved, and now."""
    now: tuple[int, int, int, int] | None = None
    changed: tuple[Placed, ...] = ()
    """What was found so far."""
    result: Result | None = None
    adopted: tuple[Kept, ...] = ()
    reason: Reason | None = None
    """Why it failed."""


@dataclass(frozen=True)
class Piece:
    """What one piece of the computation has found."""

    rounds: int
    before: tuple[int, int, int, int]
    now: tuple[int, int, int, int]
    changed: tuple[Placed, ...]
    result: Result


def started(run: Run) -> Run:
    """The engine is ready."""
    return replace(run, state=State.RUNNING) if run.state is State.PREPARING else run


def failed(run: Run, reason: Reason) -> Run:
    """It cannot be computed here."""
    return replace(run, state=State.FAILED, reason=reason) if run.state in UNDER_WAY else run


def rounds_of_piece(run: Run, parts: int) -> int:
    """How long a piece is of a plan of so many parts: short enough that every part has its turn."""
    each = -(-run.asked.rounds // max(parts, 1))
    return min(PIECE_ROUNDS, each, run.asked.rounds - run.done)


def after_piece(run: Run, piece: Piece) -> Run:
    """One piece further; done with the last one. A run that was stopped or dropped meanwhile stays so."""
    if run.state is not State.RUNNING:
        return run
    done = run.done + piece.rounds
    over = done >= run.asked.rounds or piece.rounds == 0
    return replace(
        run, done=done, piece=run.piece + 1, before=piece.before, now=piece.now, changed=piece.changed,
        result=piece.result, state=State.DONE if over else State.RUNNING,
    )  # fmt: skip


def stop(run: Run) -> Run:
    """What was found so far stays."""
    if run.state not in UNDER_WAY:
        raise Refused("run.not_under_way", state=run.state)
    return replace(run, state=State.STOPPED)


def drop(run: Run) -> Run:
    """Nothing of it is wanted."""
    if run.state in {State.ADOPTED, State.DROPPED}:
        raise Refused("run.settled", state=run.state)
    return replace(run, state=State.DROPPED)


def to_adopt(run: Run) -> tuple[Line, ...]:
    """The lines that adopting can bring about."""
    if run.state not in OPEN or run.result is None:
        raise Refused("run.nothing_to_adopt", state=run.state)
    return tuple(line for line in run.result.lines if line.how in {How.REVISED, How.MOVED})


def only_supposed(run: Run) -> tuple[Kept, ...]:
    """The lines that adopting leaves out because they hang on what was only supposed, each with the reason."""
    lines = run.result.lines if run.result else ()
    codes = {How.DISPATCH: "run.by_dispatch", How.SUPPOSED: "run.only_supposed"}
    return tuple(Kept(line.session_id, (because(codes[line.how]),)) for line in lines if line.how in codes)


def adopted(run: Run, kept: tuple[Kept, ...]) -> Run:
    """Once; what became of each line is kept."""
    return replace(run, state=State.ADOPTED, adopted=kept)
