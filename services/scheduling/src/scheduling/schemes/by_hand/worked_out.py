"""Changes worked out on a plan: who comes where nobody was named, when where no day was."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import uuid5

from contracts.programme import Unit
from contracts.refusals import NotFound
from contracts.values import BandCode, Reason, SessionId, UnitCode, because
from scheduling.planner.against import against_person, against_slot
from scheduling.planner.choice import Search
from scheduling.planner.ledger import Ledger
from scheduling.planner.manner import windows
from scheduling.planner.timetable import session_of
from scheduling.planner.world import Teacher
from scheduling.schemes.by_hand.change import (
    Add,
    Change,
    ChangeUnit,
    Drop,
    Move,
    Pin,
    SwapPeople,
    SwapTimes,
    Unpin,
)
from scheduling.schemes.by_hand.desk import Desk
from scheduling.schemes.by_hand.diff import Diff, Line, diff_of


class Slot(NamedTuple):
    """A time of a session."""

    day: date
    band: BandCode


@dataclass(frozen=True)
class Break:
    """A rule that is broken by a session, and the other sessions that it is about, if it is about any."""

    session_id: SessionId
    reason: Reason
    others: tuple[SessionId, ...] = ()


def worked_out(
    desk: Desk, changes: Sequence[Change], *, explained: bool = True
) -> tuple[Diff, tuple[Break, ...]]:
    """What the changes make of the plan, and what of them cannot even be meant together.

    Not `explained`, whoever comes comes without the reasons: they are dear, and many ways are tried for one that is
    shown. `NotFound` for a session, cohort or unit that there is not.
    """
    working = _Working(desk)
    for change in changes:
        working.make(change)
    lines = working.lines
    ledger = desk.after(
        diff_of(desk.lines, {id_: line for id_, line in lines.items() if id_ not in working.open})
    )
    for id_ in working.open:
        lines[id_] = _settled(lines[id_], ledger, desk, explained=explained)
        if (placed := lines[id_].placed) is not None:
            ledger.add(placed)
        elif id_ in working.added:  # one more that cannot be held is none
            working.against += [Break(id_, reason) for reason in lines[id_].reasons]
    return diff_of(desk.lines, lines), tuple(working.against)


@dataclass
class _Working:
    """The plan while the changes are made one after the other."""

    desk: Desk
    lines: dict[SessionId, Line] = field(init=False)
    open: dict[SessionId, None] = field(default_factory=dict)
    """Sessions whose person is to be found, in the order in which they were named."""
    added: set[SessionId] = field(default_factory=set)
    against: list[Break] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = dict(self.desk.lines)

    def make(self, change: Change) -> None:
        match change:
            case Pin(session_id=id_):
                self._pin(id_)
            case Unpin(session_id=id_):
                self._put(replace(self._line(id_), pinned=False))
            case Move():
                self._move(change)
            case SwapTimes(session_id=one, other_id=other):
                self._swap_times(self._line(one), self._line(other))
            case SwapPeople(session_id=one, other_id=other):
                self._swap_people(self._line(one), self._line(other))
            case Add():
                self._add(change)
            case Drop(session_id=id_):
                self._drop(self._line(id_))
            case ChangeUnit(session_id=id_, unit=code):
                self._change_unit(self._line(id_), code)

    def _line(self, id_: SessionId) -> Line:
        if id_ not in self.lines:
            raise NotFound("scheme.session_unknown", session_id=str(id_))
        return self.lines[id_]

    def _put(self, line: Line, *, anybody: bool = False) -> None:
        id_ = line.session.session_id
        self.lines[id_] = line
        self.open.pop(id_, None)
        if anybody:
            self.open[id_] = None

    def _unless_fixed(self, line: Line) -> None:
        if line.pinned:
            self._stands_against(line, because("session.pinned", position=line.session.position))

    def _stands_against(self, line: Line, reason: Reason) -> None:
        self.against.append(Break(line.session.session_id, reason))

    def _pin(self, id_: SessionId) -> None:
        line = self._line(id_)
        if line.day is None:
            self._stands_against(line, because("session.not_placed", position=line.session.position))
            return
        self._put(replace(line, pinned=True), anybody=id_ in self.open)

    def _move(self, change: Move) -> None:
        line = self._line(change.session_id)
        if line.time != (change.day, change.band):
            self._unless_fixed(line)
        stays = line.time == (change.day, change.band) and line.person_id is not None
        person = change.person_id or line.person_id
        moved = replace(line, day=change.day, band=change.band, person_id=person)
        self._put(moved, anybody=change.person_id is None and not stays)

    def _swap_times(self, one: Line, other: Line) -> None:
        for line in (one, other):
            self._unless_fixed(line)
            if line.day is None:
                self._stands_against(line, because("session.not_placed", position=line.session.position))
        self._put(replace(one, day=other.day, band=other.band))
        self._put(replace(other, day=one.day, band=one.band))

    def _swap_people(self, one: Line, other: Line) -> None:
        self._put(replace(one, person_id=other.person_id))
        self._put(replace(other, person_id=one.person_id))

    def _add(self, change: Add) -> None:
        desk = self.desk
        if all(cohort.cohort_id != change.cohort_id for cohort in desk.draft.cohorts):
            raise NotFound("scheme.cohort_unknown", cohort_id=str(change.cohort_id))
        mine = (line.session for line in self.lines.values() if line.session.cohort_id == change.cohort_id)
        position = max((session.position for session in mine), default=0) + 1
        id_ = uuid5(change.cohort_id, f"{desk.order.version}/{position}")
        session = session_of(
            self._unit(change.unit), change.cohort_id, position, id_, desk.order.enterprise, desk.book
        )
        line = Line(session, change.day, change.band, change.person_id)
        self.added.add(id_)
        self._put(line, anybody=change.person_id is None or line.placed is None)

    def _drop(self, line: Line) -> None:
        self._unless_fixed(line)
        del self.lines[line.session.session_id]
        self.open.pop(line.session.session_id, None)

    def _change_unit(self, line: Line, code: UnitCode) -> None:
        if line.session.unit == code:
            return
        old, desk = line.session, self.desk
        id_ = uuid5(old.session_id, f"{desk.order.version}/{code}")
        session = session_of(
            self._unit(code), old.cohort_id, old.position, id_, desk.order.enterprise, desk.book
        )
        self._drop(line)
        self._put(replace(line, session=session, pinned=False), anybody=True)

    def _unit(self, code: UnitCode) -> Unit:
        units = self.desk.book.programmes.units
        if code not in units:
            raise NotFound("scheme.unit_unknown", unit=code)
        return units[code]


def _settled(line: Line, ledger: Ledger, desk: Desk, *, explained: bool) -> Line:
    """The line with a time and with somebody: who is there already if he can, else whoever suits best."""
    search = Search(ledger, line.session, desk.pace)
    if line.day is None or line.band is None:
        return _first(line, search, ledger, desk)
    if line.band not in line.session.bands:
        return line
    when = Slot(line.day, line.band)
    stays = _can_stay(line, when, ledger)
    if not explained:
        return line if stays else _with_somebody(line, when, search, ledger, desk)
    found = search.with_person(*when, stays) if stays else search.at(*when)
    if found is None:
        return replace(line, person_id=None)
    return replace(line, person_id=found.person_id, reasons=found.reasons)


def _can_stay(line: Line, when: Slot, ledger: Ledger) -> Teacher | None:
    """Who is there already, if he can come."""
    teacher = ledger.teachers.get(line.person_id) if line.person_id else None
    if teacher is None or any(against_person(line.session, ledger, teacher, day=when.day, band=when.band)):
        return None
    return teacher


def _with_somebody(line: Line, when: Slot, search: Search, ledger: Ledger, desk: Desk) -> Line:
    """Whoever suits best; nobody is sought for a time that breaks a rule whoever comes."""
    if any(against_slot(line.session, ledger, desk.pace, day=when.day, band=when.band)):
        return line
    somebody = search.best_at(*when)
    return replace(line, person_id=somebody.person.person_id if somebody else None)


def _first(line: Line, search: Search, ledger: Ledger, desk: Desk) -> Line:
    """At the first time that is possible, after all other sessions of the cohort."""
    session = line.session
    cohort = ledger.cohorts[session.cohort_id]
    before = [p.day for p in ledger.by_cohort[session.cohort_id] if p.session.position < session.position]
    first = max(cohort.earliest, *(day + timedelta(days=1) for day in (desk.today, *before)))

    def in_order(day: date, band: BandCode) -> bool:
        return not any(against_slot(session, ledger, desk.pace, day=day, band=band))

    found = search.first(windows(first, cohort.latest), allowed=in_order)
    if found is None:
        return replace(line, day=None, band=None, person_id=None, reasons=search.tried())
    return replace(line, day=found.day, band=found.band, person_id=found.person_id, reasons=found.reasons)
