"""The board of sessions: place, time, who was firm, who attended. Heads and person-times come from here."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Uuid

from contracts.evaluation import (
    AttendanceCorrected,
    DeliveryFact,
    SessionClosed,
    SessionConfirmed,
    SessionDisputed,
    SessionMissed,
    SessionOpened,
)
from contracts.instructor_dispatch import (
    AssignmentAccepted,
    AssignmentFact,
    AssignmentOffered,
    AssignmentReleased,
    AssignmentSubstituted,
    SessionUnstaffable,
)
from contracts.scheduling import (
    SessionCancelled,
    SessionFact,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
    SessionWithPlace,
)
from contracts.values import Role
from portal.metadata import metadata
from servicekit.boards import Board, renewed
from servicekit.db import Cause, UtcTime

session_row = Table(
    "session_row",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    *(Column(name, String, nullable=False) for name in ("enterprise_id", "division", "occupation", "level")),
    *(Column(name, String, nullable=False) for name in ("unit", "mode", "band", "state")),
    Column("cohort_id", Uuid),
    Column("day", Date),
    Column("starts_at", UtcTime),
    Column("ends_at", UtcTime),
    *(Column(name, Integer, nullable=False) for name in ("position", "class_hours", "moved", "cancelled")),
    *(Column(name, String) for name in ("college", "held_by")),
    *(Column(name, Uuid) for name in ("person", "taught_by")),
    Column("attended", JSON(none_as_null=True)),
    Column("lapsed", Boolean, nullable=False),
    *(Index(f"ix_session_row_{name}", name) for name in ("day", "state", "person", "taught_by")),
)


@dataclass(frozen=True)
class SessionRow:
    """A session. `college` and `person` are firm now; `held_by` was firm when it was opened.

    `attended` has the minutes of each worker who was there; nothing before it was closed. `lapsed`: it is confirmed,
    because its enterprise was silent.
    """

    session_id: UUID
    order_id: UUID
    enterprise_id: str = ""
    division: str = ""
    occupation: str = ""
    level: str = ""
    unit: str = ""
    mode: str = ""
    band: str = ""
    state: str = "scheduled"
    cohort_id: UUID | None = None
    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    position: int = 0
    class_hours: int = 0
    moved: int = 0
    cancelled: int = 0
    college: str | None = None
    person: UUID | None = None
    held_by: str | None = None
    taught_by: UUID | None = None
    attended: dict[str, int] | None = field(default=None)
    lapsed: bool = False

    @property
    def stands(self) -> str:
        """Its state in a word's name; confirmed by silence has a word of its own."""
        return "lapsed" if self.state == "confirmed" and self.lapsed else self.state

    @property
    def workers(self) -> frozenset[UUID]:
        """Who was there: what `staffing.counting` counts."""
        return frozenset(map(UUID, self.attended or ()))


board = Board("session_row", session_row, key=lambda fact: fact.session_id, row=SessionRow)
Row = SessionRow | None


def _row(row: Row, fact: Any) -> SessionRow:
    return row or SessionRow(fact.session_id, fact.order_id)


@board.on(SessionScheduled, SessionMoved)
def placed(row: Row, fact: SessionWithPlace, _: Cause) -> SessionRow:
    """When and where it is to be held."""
    row = _row(row, fact)
    return renewed(
        row,
        enterprise_id=fact.enterprise_id,
        division=fact.division,
        occupation=fact.occupation,
        level=fact.level,
        unit=fact.unit,
        mode=fact.mode,
        band=fact.slot.band,
        state="scheduled",
        cohort_id=fact.cohort_id,
        day=fact.slot.day,
        starts_at=fact.slot.starts_at,
        ends_at=fact.slot.ends_at,
        position=fact.position,
        class_hours=fact.class_hours,
        moved=row.moved + (fact.type == SessionMoved.type),
    )


_STATE = {
    SessionUnplaced.type: "unplaced",
    SessionUnstaffable.type: "unstaffable",
    SessionDisputed.type: "disputed",
    SessionConfirmed.type: "confirmed",
}


@board.on(SessionCancelled)
def cancelled(row: Row, fact: SessionFact, _: Cause) -> SessionRow:
    """It will not be held."""
    row = _row(row, fact)
    return renewed(row, state="cancelled", cancelled=row.cancelled + 1)


@board.on(SessionUnplaced, SessionUnstaffable, SessionDisputed, SessionConfirmed)
def went_on(row: Row, fact: Any, _: Cause) -> SessionRow:
    """Only its state is different; what was cancelled stays so, though dispatch has not heard of it yet."""
    row = _row(row, fact)
    if row.state == "cancelled" and isinstance(fact, SessionUnstaffable):
        return row
    return renewed(row, state=_STATE[fact.type], lapsed=bool(getattr(fact, "lapsed", False)))


@board.on(SessionMissed)
def missed(row: Row, fact: SessionMissed, _: Cause) -> SessionRow:
    """Nobody opened it, unless it was moved or cancelled while evaluation said so."""
    row = _row(row, fact)
    if row.state == "cancelled" or row.starts_at not in (None, fact.slot.starts_at):
        return row
    return renewed(row, state="missed")


@board.on(AssignmentOffered)
def asked(row: Row, fact: AssignmentFact, _: Cause) -> SessionRow:
    """A college is asked, by dispatch or by the coordinator's open call: the session is stuck no longer."""
    return _not_stuck(_row(row, fact)) if fact.role is Role.LEAD else _row(row, fact)


@board.on(AssignmentAccepted, AssignmentSubstituted)
def firm(row: Row, fact: Any, _: Cause) -> SessionRow:
    """A college sends somebody; who assists is not who holds it."""
    if fact.role is not Role.LEAD:
        return _row(row, fact)
    row = _not_stuck(_row(row, fact))
    return renewed(row, college=fact.college_id, person=fact.person_id)


def _not_stuck(row: SessionRow) -> SessionRow:
    return renewed(row, state="scheduled") if row.state in {"unstaffable", "unplaced"} else row


@board.on(AssignmentReleased)
def released(row: Row, fact: AssignmentFact, _: Cause) -> SessionRow:
    """Whoever was firm comes no longer; an offer that nobody had accepted changes nothing here."""
    row = _row(row, fact)
    if not isinstance(fact, AssignmentReleased) or not fact.was_firm or fact.person_id != row.person:
        return row
    return renewed(row, person=None)


@board.on(SessionOpened)
def opened(row: Row, fact: SessionOpened, _: Cause) -> SessionRow:
    """Whose person was firm at this moment has taught it."""
    row = _row(row, fact)
    return renewed(row, state="opened", held_by=row.college or "", taught_by=fact.person_id)


@board.on(SessionClosed)
def closed(row: Row, fact: SessionClosed, _: Cause) -> SessionRow:
    """Who was there: their number is the session's person-times."""
    attended = {str(each.worker_id): each.minutes for each in fact.attended}
    return renewed(_row(row, fact), state="closed", class_hours=fact.class_hours, attended=attended)


@board.on(AttendanceCorrected)
def corrected(row: Row, fact: DeliveryFact, _: Cause) -> SessionRow:
    """One worker's attendance was wrong; no minutes take it back."""
    row = _row(row, fact)
    assert isinstance(fact, AttendanceCorrected)
    worker = str(fact.worker_id)
    attended = {key: minutes for key, minutes in (row.attended or {}).items() if key != worker}
    if fact.minutes:
        attended[worker] = fact.minutes
    # to a dispute it is the answer: the enterprise is to confirm again
    return renewed(row, attended=attended, state="closed" if row.state == "disputed" else row.state)
