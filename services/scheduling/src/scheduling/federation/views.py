"""Runs as they are shown over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from contracts.values import (
    BandCode,
    DivisionCode,
    EnterpriseId,
    OrderId,
    PersonId,
    Reason,
    SessionId,
    UnitCode,
)
from scheduling.federation.rules import How, Kept, Kind, Line, Run, State
from scheduling.planner.federation.figures import Figures
from scheduling.planner.federation.suppose import Change
from scheduling.planner.world import Placed


class TiersView(BaseModel):
    """In the order in which they count; the smaller the better."""

    unstaffed: int
    changes: int
    preferences: int
    cost_points: int

    @classmethod
    def of(cls, tiers: tuple[int, int, int, int] | None) -> "TiersView | None":
        """Nothing before the first piece is computed."""
        if tiers is None:
            return None
        unstaffed, changed, preferences, cost = tiers
        return cls(unstaffed=unstaffed, changes=changed, preferences=preferences, cost_points=cost)


class FiguresView(BaseModel):
    """A plan in figures."""

    sessions: int
    unstaffed: int
    changes: int
    preferences: int
    cost_points: int
    driving_minutes: int
    release_person_hours: Decimal
    fees: Decimal

    @classmethod
    def of(cls, figures: Figures) -> "FiguresView":
        """Release in person-hours."""
        return cls(
            sessions=figures.sessions,
            unstaffed=figures.unstaffed,
            changes=figures.changes,
            preferences=figures.preferences,
            cost_points=figures.cost_points,
            driving_minutes=figures.driving_minutes,
            release_person_hours=(Decimal(figures.release_minutes) / 60).quantize(Decimal("0.1")),
            fees=figures.fees,
        )


class SpotView(BaseModel):
    """A time and who comes."""

    day: date
    band: BandCode
    person_id: PersonId | None

    @classmethod
    def of(cls, placed: Placed) -> "SpotView":
        """Without the session."""
        return cls(day=placed.day, band=placed.band, person_id=placed.person_id)


class LineView(BaseModel):
    """A session that would be elsewhere; `was` is none where it has no time yet."""

    session_id: SessionId
    order_id: OrderId
    enterprise_id: EnterpriseId
    division: DivisionCode
    unit: UnitCode
    was: SpotView | None
    now: SpotView
    how: How
    changes: int
    wins: int
    """Points that it wins by itself: minutes of driving; a preference is 2,000 of them."""
    reasons: tuple[Reason, ...]

    @classmethod
    def of(cls, line: Line) -> "LineView":
        """From, to, and why."""
        session = line.now.session
        return cls(
            session_id=session.session_id,
            order_id=line.order_id,
            enterprise_id=session.enterprise_id,
            division=session.division,
            unit=session.unit,
            was=SpotView.of(line.was) if line.was else None,
            now=SpotView.of(line.now),
            how=line.how,
            changes=line.changes,
            wins=line.wins,
            reasons=line.now.reasons,
        )


class KeptView(BaseModel):
    """What became of a session's change; no reasons = adopted."""

    session_id: SessionId
    reasons: tuple[Reason, ...]

    @classmethod
    def of(cls, kept: Kept) -> "KeptView":
        """Of one line."""
        return cls(session_id=kept.session_id, reasons=kept.reasons)


class SupposedView(BaseModel):
    """A change that was supposed; with reasons where it could not be."""

    change: Change
    impossible: tuple[Reason, ...]


class RunView(BaseModel):
    """A run: asked by whom and when, how far it is, what it has found."""

    run_id: UUID
    kind: Kind
    name: str
    state: State
    asked_by: str
    asked_at: datetime
    price: int
    first: date | None
    last: date | None
    divisions: tuple[DivisionCode, ...]
    promised: bool
    again_days: int | None
    rounds: int
    done: int
    reason: Reason | None
    before: TiersView | None
    now: TiersView | None
    supposed: tuple[SupposedView, ...]
    in_force: FiguresView | None
    other: FiguresView | None
    changes: int
    """Sessions that would be elsewhere."""

    @classmethod
    def of(cls, run: Run) -> "RunView":
        """Without the lines."""
        return cls(**_told(run))


class RunWithLinesView(RunView):
    """With every session that would be elsewhere, and what became of each when it was adopted."""

    lines: tuple[LineView, ...]
    adopted: tuple[KeptView, ...]

    @classmethod
    def of(cls, run: Run) -> "RunWithLinesView":
        """The whole of it."""
        lines: Sequence[Line] = run.result.lines if run.result else ()
        return cls(
            **_told(run),
            lines=tuple(LineView.of(line) for line in lines),
            adopted=tuple(KeptView.of(kept) for kept in run.adopted),
        )


def _told(run: Run) -> dict[str, Any]:
    result, asked = run.result, run.asked
    impossible = result.impossible if result else {}
    return {
        "run_id": run.run_id,
        "kind": run.kind,
        "name": run.name,
        "state": run.state,
        "asked_by": run.asked_by,
        "asked_at": run.asked_at,
        "price": asked.price,
        "first": asked.first,
        "last": asked.last,
        "divisions": asked.divisions,
        "promised": asked.promised,
        "again_days": asked.again_days,
        "rounds": asked.rounds,
        "done": run.done,
        "reason": run.reason,
        "before": TiersView.of(run.before),
        "now": TiersView.of(run.now),
        "supposed": tuple(
            SupposedView(change=change, impossible=impossible.get(n, ()))
            for n, change in enumerate(asked.changes)
        ),
        "in_force": FiguresView.of(result.in_force) if result else None,
        "other": FiguresView.of(result.other) if result else None,
        "changes": len(result.lines) if result else 0,
    }
