"""What was taught of a scheme: its sessions, and the class-hours of every unit for every cohort. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from contracts.base import Fact
from contracts.evaluation import SessionDisputed
from contracts.instructor_dispatch import SessionUnstaffable
from contracts.scheduling import (
    SchemeConfirmed,
    SchemeWithdrawn,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
    SessionWithPlace,
)
from contracts.values import Cohort, CohortId, LineNumber, Reason, SessionId, UnitCode, because
from portal.boards.sessions import SessionRow, board
from portal.desks.coverage.clauses import Move, SessionClause, Status, UnitClause
from servicekit.db import Cause
from staffing.counting import person_times

HELD = frozenset({"closed", "confirmed", "disputed"})
REPLACED = "scheme.confirmed"
"""The reason of a session that a newer version no longer has."""
NO_SESSION = UUID(int=0)
Known = Sequence[tuple[Fact, Cause]]


@dataclass
class Said:
    """What scheduling said of a session, and why it is as it is."""

    told: SessionWithPlace
    moves: list[Move] = field(default_factory=list)
    why: tuple[Reason, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True)
class Teaching:
    """The sessions of an order by line: those of the version confirmed last in units, and those it replaced."""

    version: int | None
    in_force: bool
    units: Mapping[LineNumber, tuple[UnitClause, ...]]
    earlier: Mapping[LineNumber, tuple[SessionClause, ...]]
    rows: Sequence[SessionRow]

    def held(self) -> list[SessionRow]:
        """Every session that took place, whichever version it was of."""
        return [row for row in self.rows if row.state in HELD]


def teaching_of(known: Known) -> Teaching:
    """Every session that was ever scheduled, once."""
    said, cohorts = _said(known), _cohorts(known)
    rows = {id_: row for id_, row in board.folded(known).items() if id_ in said}
    confirmed = [fact for fact, _ in known if isinstance(fact, SchemeConfirmed)]
    current = {cohort.cohort_id: cohort for cohort in confirmed[-1].cohorts} if confirmed else {}
    units: dict[LineNumber, dict[tuple[CohortId, UnitCode], list[SessionClause]]] = {}
    earlier: dict[LineNumber, list[SessionClause]] = {}
    for id_, row in sorted(rows.items(), key=lambda pair: _order(said[pair[0]])):
        one = said[id_]
        clause = _clause(one, row, cohorts)
        if one.told.cohort_id not in current or any(reason.code == REPLACED for reason in one.why):
            earlier.setdefault(one.told.line, []).append(clause)
        else:
            of_line = units.setdefault(one.told.line, {})
            of_line.setdefault((one.told.cohort_id, one.told.unit), []).append(clause)
    return Teaching(
        version=confirmed[-1].version if confirmed else None,
        in_force=_in_force(known),
        units={line: tuple(_unit(current[key[0]], some) for key, some in found.items())
               for line, found in units.items()},
        earlier={line: tuple(some) for line, some in earlier.items()},
        rows=list(rows.values()),
    )  # fmt: skip


def _order(one: Said) -> tuple[str, int, str]:
    return (str(one.told.cohort_id), one.told.position, str(one.told.session_id))


def _in_force(known: Known) -> bool:
    last = [fact for fact, _ in known if isinstance(fact, SchemeConfirmed | SchemeWithdrawn)]
    return bool(last) and isinstance(last[-1], SchemeConfirmed)


def _cohorts(known: Known) -> dict[CohortId, Cohort]:
    return {
        cohort.cohort_id: cohort
        for fact, _ in known
        if isinstance(fact, SchemeConfirmed)
        for cohort in fact.cohorts
    }


def _said(known: Known) -> dict[SessionId, Said]:
    said: dict[SessionId, Said] = {}
    for fact, _ in known:
        if isinstance(fact, SessionScheduled):
            said[fact.session_id] = Said(fact)
            continue
        one = said.get(getattr(fact, "session_id", NO_SESSION))
        if one is None or one.cancelled:
            continue  # who was asked for it may answer after it was cancelled
        match fact:
            case SessionMoved():
                one.told, one.why = fact, ()
                one.moves.append(Move(was=fact.was, to=fact.slot, because=fact.because))
            case SessionCancelled():
                one.why, one.cancelled = (fact.reason,), True
            case SessionDisputed():
                one.why = (fact.reason,)
            case SessionUnplaced() | SessionUnstaffable():
                one.why = fact.tried
    return said


def _clause(one: Said, row: SessionRow, cohorts: Mapping[CohortId, Cohort]) -> SessionClause:
    cohort = cohorts.get(one.told.cohort_id)
    expected = len(cohort.workers) if cohort else 0
    present = person_times(row) if row.state in HELD else 0
    status, reasons = _became(one, row, max(0, expected - present))
    return SessionClause(
        session_id=row.session_id, cohort_id=one.told.cohort_id, unit=one.told.unit, mode=one.told.mode,
        position=one.told.position, slot=one.told.slot, status=status, state=row.state,
        class_hours=one.told.class_hours, delivered=row.class_hours if row.state in HELD else 0,
        expected=expected, present=present, reasons=reasons, moves=tuple(one.moves),
    )  # fmt: skip


def _became(one: Said, row: SessionRow, absent: int) -> tuple[Status, tuple[Reason, ...]]:
    if row.state == "cancelled":
        return Status.NOT, one.why
    if row.state == "missed":
        return Status.NOT, (because("coverage.missed"),)
    if row.state not in HELD:
        return Status.AHEAD, one.why if row.state in {"unplaced", "unstaffable"} else ()
    reasons = (because("coverage.absent", people=absent),) if absent else ()
    if row.state == "disputed":
        return Status.PARTLY, (*one.why, *reasons)
    if row.class_hours < one.told.class_hours:
        reasons = (because("coverage.shorter", hours=row.class_hours), *reasons)
    if row.state == "closed":
        reasons = (*reasons, because("coverage.to_confirm"))
    return Status.PARTLY if absent or row.class_hours < one.told.class_hours else Status.DELIVERED, reasons


def _unit(cohort: Cohort, sessions: Sequence[SessionClause]) -> UnitClause:
    promised = sum(each.class_hours for each in sessions)
    delivered = sum(each.delivered for each in sessions)
    ahead = sum(each.class_hours for each in sessions if each.status is Status.AHEAD)
    return UnitClause(
        cohort_id=cohort.cohort_id,
        cohort=f"{cohort.letter}{cohort.series if cohort.series > 1 else ''}",
        unit=sessions[0].unit,
        status=_of_hours(promised, delivered, ahead, sessions),
        class_hours=promised,
        delivered=delivered,
        ahead=ahead,
        not_delivered=max(0, promised - delivered - ahead),
        sessions=tuple(sessions),
    )


def _of_hours(promised: int, delivered: int, ahead: int, sessions: Iterable[SessionClause]) -> Status:
    """By class-hours: people who were absent leave a unit delivered, their sessions say so; a dispute does not."""
    if delivered >= promised and not any(each.state == "disputed" for each in sessions):
        return Status.DELIVERED
    if delivered:
        return Status.PARTLY
    return Status.AHEAD if ahead else Status.NOT
