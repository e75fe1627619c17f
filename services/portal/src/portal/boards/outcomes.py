"""The boards of what comes out: evaluations of candidates, and certificates."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Date, Integer, String, Table, Uuid

from contracts.evaluation import (
    CandidateAdmitted,
    CandidateAssessed,
    CandidateFact,
    CandidateRefused,
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
)
from portal.metadata import metadata
from servicekit.boards import Board, renewed
from servicekit.db import Cause, UtcTime

evaluation_row = Table(
    "evaluation_row",
    metadata,
    Column("evaluation_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("batch_id", Uuid, nullable=False),
    Column("worker_id", Uuid, nullable=False),
    Column("occupation", String, nullable=False),
    Column("level", String, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("admitted", "refused")),
    *(Column(name, Boolean, nullable=False) for name in ("assessed", "passed")),
)
certificate_row = Table(
    "certificate_row",
    metadata,
    Column("certificate_id", Uuid, primary_key=True),
    Column("number", String, nullable=False, index=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("evaluation_id", Uuid),
    Column("worker_id", Uuid),
    *(Column(name, String, nullable=False) for name in ("kind", "check", "occupation", "level", "issuer")),
    Column("demo", Boolean, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("issued_on", Date, index=True),
    Column("revoked_on", Date),
    Column("reason", String),
    Column("check_code", String, nullable=False),
    Column("suspended_on", Date),
    *(Column(name, Uuid) for name in ("replaces", "replaced_by")),
    Column("valid_until", Date),
    Column("renews", Uuid, index=True),
    Column("history", JSON, nullable=False),
    Column("told_at", UtcTime, nullable=False),
)


@dataclass(frozen=True)
class EvaluationRow:
    """One candidate's whole examination."""

    evaluation_id: UUID
    order_id: UUID
    batch_id: UUID
    worker_id: UUID
    occupation: str
    level: str
    admitted: int = 0
    refused: int = 0
    assessed: bool = False
    passed: bool = False


@dataclass(frozen=True)
class CertifiedPart:
    """The mark of one part, in tenths written out; nothing when the candidate was absent."""

    part: str
    mark: str | None


@dataclass(frozen=True)
class Standing:
    """A step of a certificate (`issued suspended reinstated revoked replaced`), with the reason's code."""

    step: str
    day: date
    reason: str | None = None


@dataclass(frozen=True)
class CertificateRow:
    """A certificate, and whether it still holds."""

    certificate_id: UUID
    number: str
    order_id: UUID
    told_at: datetime
    evaluation_id: UUID | None = None
    worker_id: UUID | None = None
    kind: str = ""
    check: str = ""
    occupation: str = ""
    level: str = ""
    issuer: str = ""
    demo: bool = True
    parts: tuple[CertifiedPart, ...] = field(default=())
    issued_on: date | None = None
    revoked_on: date | None = None
    reason: str | None = None
    """Code of the reason for which it was revoked."""
    check_code: str = ""
    """Of older ones there is only the check sum."""
    suspended_on: date | None = None
    replaces: UUID | None = None
    replaced_by: UUID | None = None
    valid_until: date | None = None
    renews: UUID | None = None
    history: tuple[Standing, ...] = ()

    @property
    def proof(self) -> str:
        """What the QR code carries beside the number."""
        return self.check_code or self.check


evaluations = Board("evaluation_row", evaluation_row, key=lambda fact: fact.evaluation_id, row=EvaluationRow)
certificates = Board(
    "certificate_row", certificate_row, key=lambda fact: fact.certificate_id, row=CertificateRow
)


def _candidate(row: EvaluationRow | None, fact: CandidateFact) -> EvaluationRow:
    return row or EvaluationRow(
        fact.evaluation_id, fact.order_id, fact.batch_id, fact.worker_id, fact.occupation, fact.level
    )


@evaluations.on(CandidateAdmitted)
def admitted(row: EvaluationRow | None, fact: CandidateAdmitted, _: Cause) -> EvaluationRow:
    """The worker may be evaluated."""
    row = _candidate(row, fact)
    refused = max(0, row.refused - 1) if fact.on_evidence else row.refused
    return renewed(row, admitted=row.admitted + 1, refused=refused)


@evaluations.on(CandidateRefused)
def refused(row: EvaluationRow | None, fact: CandidateRefused, _: Cause) -> EvaluationRow:
    """The worker may not be evaluated."""
    row = _candidate(row, fact)
    return renewed(row, refused=row.refused + 1)


@evaluations.on(CandidateAssessed)
def assessed(row: EvaluationRow | None, fact: CandidateAssessed, _: Cause) -> EvaluationRow:
    """All parts are marked; after a retake the newest counts."""
    return renewed(_candidate(row, fact), assessed=True, passed=fact.passed)


@certificates.on(CertificateIssued)
def issued(row: CertificateRow | None, fact: CertificateIssued, cause: Cause) -> CertificateRow:
    """It holds from now on."""
    parts = tuple(CertifiedPart(each.part, _mark(each.mark)) for each in fact.parts)
    row = row or CertificateRow(fact.certificate_id, fact.number, fact.order_id, cause.time)
    return renewed(
        row,
        evaluation_id=fact.evaluation_id,
        worker_id=fact.worker_id,
        kind=fact.kind,
        check=fact.check,
        occupation=fact.occupation,
        level=fact.level,
        issuer=fact.issuer,
        demo=fact.demo,
        parts=parts,
        issued_on=fact.issued_on,
        check_code=fact.check_code or "",
        replaces=fact.replaces,
        valid_until=fact.valid_until,
        renews=fact.renews,
        history=(*row.history, Standing("issued", fact.issued_on)),
    )


@certificates.on(CertificateRevoked)
def revoked(row: CertificateRow | None, fact: CertificateRevoked, cause: Cause) -> CertificateRow:
    """It holds no longer."""
    row = _row(row, fact, cause)
    step = Standing("revoked", fact.revoked_on, fact.reason.code)
    return renewed(
        row,
        revoked_on=fact.revoked_on,
        suspended_on=None,
        reason=fact.reason.code,
        history=(*row.history, step),
    )


@certificates.on(CertificateSuspended)
def suspended(row: CertificateRow | None, fact: CertificateSuspended, cause: Cause) -> CertificateRow:
    """It does not hold for a while."""
    row = _row(row, fact, cause)
    step = Standing("suspended", fact.suspended_on, fact.reason.code)
    return renewed(row, suspended_on=fact.suspended_on, history=(*row.history, step))


@certificates.on(CertificateReinstated)
def reinstated(row: CertificateRow | None, fact: CertificateReinstated, cause: Cause) -> CertificateRow:
    """It holds again."""
    row = _row(row, fact, cause)
    step = Standing("reinstated", fact.reinstated_on, fact.reason.code)
    return renewed(row, suspended_on=None, history=(*row.history, step))


@certificates.on(CertificateReissued)
def reissued(row: CertificateRow | None, fact: CertificateReissued, cause: Cause) -> CertificateRow:
    """Another has come in its place: that is how it ended."""
    row = _row(row, fact, cause)
    before = tuple(each for each in row.history if each.step != "revoked")
    step = Standing("replaced", fact.reissued_on, fact.reason.code)
    return renewed(row, replaced_by=fact.replaced_by, history=(*before, step))


def _row(
    row: CertificateRow | None,
    fact: CertificateRevoked | CertificateSuspended | CertificateReinstated | CertificateReissued,
    cause: Cause,
) -> CertificateRow:
    return row or CertificateRow(fact.certificate_id, fact.number, fact.order_id, cause.time)


def _mark(mark: Any) -> str | None:
    return None if mark is None else f"{mark.normalize():f}"
