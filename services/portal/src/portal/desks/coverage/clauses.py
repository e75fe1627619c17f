"""The clauses of an order and what became of each. Every clause stands in exactly one place."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field

from contracts.base import Value
from contracts.values import (
    CertificateNumber,
    ClassHours,
    Code,
    CohortId,
    Count,
    EnterpriseId,
    LevelCode,
    LineNumber,
    Mode,
    OccupationCode,
    OrderId,
    OrderNumber,
    Ordinal,
    Part,
    Reason,
    ServiceLine,
    SessionId,
    Slot,
    Stage,
    UnitCode,
    WorkerId,
)


class Status(StrEnum):
    """What became of a clause."""

    DELIVERED = "delivered"
    PARTLY = "partly"
    AHEAD = "ahead"
    """Not yet: nothing has ended it."""
    NOT = "not"
    """It will not be delivered; the reasons say why."""


class Move(Value):
    """A session was held, or is to be held, at another time than before."""

    was: Slot
    to: Slot
    because: Reason


class SessionClause(Value):
    """One session of the scheme."""

    session_id: SessionId
    cohort_id: CohortId
    unit: UnitCode
    mode: Mode
    position: Ordinal
    slot: Slot
    """When it was held or is to be held."""
    status: Status
    state: Code
    class_hours: ClassHours
    """As promised."""
    delivered: ClassHours
    """As the session's own facts say; 0 before it was closed."""
    expected: Count
    """People of its cohort."""
    present: Count
    reasons: tuple[Reason, ...] = ()
    moves: tuple[Move, ...] = ()


class UnitClause(Value):
    """The class-hours of one unit for one cohort, and the sessions that bring them."""

    cohort_id: CohortId
    cohort: Code
    """Its letter; from the second run through the alphabet on with its series."""
    unit: UnitCode
    status: Status
    class_hours: ClassHours
    delivered: ClassHours
    ahead: ClassHours
    not_delivered: ClassHours
    sessions: tuple[SessionClause, ...]


class CertificateHeld(Value):
    """A certificate that was issued, when it was revoked, and the number of the one now in its place."""

    kind: Code
    number: CertificateNumber
    revoked_on: date | None = None
    suspended_on: date | None = None
    replaced_by: CertificateNumber | None = None


class PersonClause(Value):
    """The evaluation of one person of a line, up to the certificate."""

    worker_id: WorkerId
    status: Status
    reasons: tuple[Reason, ...] = ()
    passed: tuple[Part, ...] = ()
    failed: tuple[Part, ...] = ()
    """Marked below the pass mark."""
    absent: tuple[Part, ...] = ()
    certificates: tuple[CertificateHeld, ...] = ()


class PartFigures(Value):
    """One part of a line's evaluation: its people by what came of it; they add up to the line's people."""

    part: Part
    status: Status
    passed: Count
    failed: Count
    absent: Count
    not_examined: Count


class LineCoverage(Value):
    """One line of the order."""

    line: LineNumber
    service: ServiceLine
    stage: Stage | None
    """None = no stage ends it: it is closed by hand."""
    occupation: OccupationCode
    level: LevelCode
    people: Count
    status: Status
    reasons: tuple[Reason, ...] = ()
    units: tuple[UnitClause, ...] = ()
    earlier: tuple[SessionClause, ...] = ()
    """Sessions of versions that the one in force has replaced."""
    parts: tuple[PartFigures, ...] = ()
    persons: tuple[PersonClause, ...] = ()
    """Everybody who is, or was, on the line: those who left it too."""
    closed_heads: Count | None = None
    """People who took part, of a line closed by hand."""


class Totals(Value):
    """The sums over all clauses."""

    sessions: Count
    sessions_held: Count
    sessions_ahead: Count
    sessions_not_held: Count
    sessions_replaced: Count
    """Of earlier versions, and never held."""
    class_hours: ClassHours
    class_hours_delivered: ClassHours
    people: Count
    """Different people on the lines that are taught."""
    heads: Count
    """Different people who attended at least once (人数)."""
    person_times: Count
    people_to_certify: Count
    """People who are, or were, on the lines that are examined."""
    people_certified: Count
    """Of them, those who hold every certificate."""
    certificates_issued: Count
    """One and those in its place, one after the other, are one."""
    certificates_revoked: Count


class Completed(Value):
    """What evaluation counted when the delivery was complete."""

    sessions: Count
    heads: Count
    person_times: Count
    class_hours: ClassHours


class Coverage(Value):
    """An order's whole proof."""

    order_id: OrderId
    number: OrderNumber
    version: Ordinal | None
    """The version that was confirmed last; none = none was."""
    in_force: bool
    status: Status
    lines: tuple[LineCoverage, ...]
    totals: Totals
    completed: Completed | None
    agrees: bool
    """The sums are those of the completed delivery; true while it is not complete."""
    by_enterprise: dict[EnterpriseId, Totals] = Field(default_factory=dict)
    """The sums of every enterprise's own people, of a joint order, for the union."""

    def by_status(self) -> dict[Status, int]:
        """How many clauses there are of each kind: sessions of the version, persons of the lines, lines by hand."""
        return counted(clause_statuses(self.lines))

    @classmethod
    def of_status(cls, lines: tuple[LineCoverage, ...], **told: object) -> Self:
        """With the status that its lines make."""
        return cls.model_validate({"status": together(line.status for line in lines), "lines": lines, **told})


def clause_statuses(lines: Iterable[LineCoverage]) -> Iterable[Status]:
    """The status of each clause that nothing else contains."""
    for line in lines:
        leaves = [s.status for unit in line.units for s in unit.sessions] + [p.status for p in line.persons]
        yield from leaves or [line.status]


def counted(statuses: Iterable[Status]) -> dict[Status, int]:
    """Each status with how often it occurs."""
    found = dict.fromkeys(Status, 0)
    for each in statuses:
        found[each] += 1
    return found


def together(statuses: Iterable[Status]) -> Status:
    """What several clauses make: something delivered and something not is in part; nothing yet is ahead."""
    found = set(statuses)
    if len(found) == 1:
        return found.pop()
    if found & {Status.DELIVERED, Status.PARTLY}:
        return Status.PARTLY
    return Status.AHEAD
