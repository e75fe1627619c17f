"""What a passed evaluation proves, under which number, and when a certificate no longer holds. Pure."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from uuid import UUID

from dateutil.relativedelta import relativedelta

from contracts.evaluation import (
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
)
from contracts.programme_certificates import CertificateRules, KindRules
from contracts.programme_rules import RevocationCauses
from contracts.refusals import Invalid, NotFound, Refused
from contracts.values import (
    CertificateId,
    CertificateNumber,
    CheckCode,
    CheckSum,
    Code,
    EvaluationId,
    LevelCode,
    OccupationCode,
    OrderId,
    OrganisationName,
    PartMark,
    Reason,
    WorkerId,
)

CertificateFact = (
    CertificateIssued
    | CertificateRevoked
    | CertificateSuspended
    | CertificateReinstated
    | CertificateReissued
)
"""What changes a certificate."""
OF_ENTERPRISE = "enterprise"
"""The one kind that the enterprise issues itself; the federation issues every other."""
DIGITS = 6
"""Of a serial."""
ISSUER_DIGITS = 16
LAST_SERIAL = 10**DIGITS - 1


@dataclass(frozen=True)
class Passed:
    """A passed evaluation of a batch."""

    evaluation_id: EvaluationId
    worker_id: WorkerId
    parts: tuple[PartMark, ...]


@dataclass(frozen=True)
class Series:
    """Where numbers are counted: the organisation's part, the year of issue and the level's figure."""

    prefix: str
    year: int
    level: int

    def number(self, serial: int, pattern: str) -> CertificateNumber:
        """22 characters: 13 of the organisation, 2 of the year, 1 of the level, 6 of the serial."""
        if serial > LAST_SERIAL:
            raise Refused("certificate.serials_used_up", year=self.year, level=self.level)
        number = f"{self.prefix}{self.year % 100:02d}{self.level}{serial:0{DIGITS}d}"
        if not re.fullmatch(pattern, number):
            raise ValueError(f"{number} is no certificate number ({pattern})")
        return number

    @classmethod
    def of(cls, fact: CertificateIssued) -> tuple["Series", int]:
        """Where a number was counted, and its serial."""
        head, serial = fact.number[:-DIGITS], fact.number[-DIGITS:]
        return cls(head[:-3], fact.issued_on.year, int(head[-1])), int(serial)


@dataclass(frozen=True)
class Drawn:
    """A number for one certificate; `demo` = no authority has handed it out."""

    number: CertificateNumber
    demo: bool


@dataclass(frozen=True)
class Issue:
    """What all certificates of one batch have in common."""

    order_id: OrderId
    occupation: OccupationCode
    level: LevelCode
    federation: OrganisationName
    enterprise: OrganisationName
    issued_on: date


@dataclass(frozen=True)
class Certificate:
    """What one issuer says about one evaluation, and whether it still holds."""

    certificate_id: CertificateId
    order_id: OrderId
    evaluation_id: EvaluationId
    worker_id: WorkerId
    kind: Code
    number: CertificateNumber
    demo: bool
    check: CheckSum
    occupation: OccupationCode
    level: LevelCode
    parts: tuple[PartMark, ...]
    issuer: OrganisationName
    issued_on: date
    check_code: CheckCode | None = None
    suspended_on: date | None = None
    revoked_on: date | None = None
    reason: Reason | None = None
    """Of what was last done about it: why it is suspended, holds again, or is revoked."""
    replaces: CertificateId | None = None
    replaced_by: CertificateId | None = None
    valid_until: date | None = None
    renews: CertificateId | None = None

    @property
    def valid(self) -> bool:
        """It holds, as far as nobody has taken it back; whether its last day is over is asked with a day."""
        return self.revoked_on is None and self.suspended_on is None

    def expired(self, today: date) -> bool:
        """Its last day is over."""
        return self.valid_until is not None and self.valid_until < today

    def first_issued(self, known: Mapping[CertificateId, "Certificate"]) -> date:
        """When the first of those that it replaces was issued: a certificate that is issued anew is no new one."""
        before = known.get(self.replaces) if self.replaces else None
        return before.first_issued(known) if before else self.issued_on

    @property
    def stands(self) -> bool:
        """It is not at its end: it holds, or will when its suspension is lifted."""
        return self.revoked_on is None

    @property
    def issuer_key(self) -> str:
        """The part of public addresses that tells its issuer from others: a name is no part of an address."""
        return sha256(self.issuer.encode()).hexdigest()[:ISSUER_DIGITS]

    @property
    def proof(self) -> str:
        """What the QR code carries beside the number: the random code, of older ones the check sum."""
        return self.check_code or self.check


def issue(
    issue: Issue,
    passed: Sequence[Passed],
    rules: CertificateRules,
    *,
    numbers: Sequence[Drawn],
    renews: Mapping[tuple[WorkerId, Code], CertificateId],
    check_of: Callable[[str], CheckSum],
    new_code: Callable[[], CheckCode],
    new_id: Callable[[], UUID],
) -> list[CertificateIssued]:
    """One certificate of each kind of the programme for everybody who passed, with these numbers in this order.

    `renews`: the certificate of the same that ends, which a person who passed again holds.
    """
    wanted = [(one, kind) for one in passed for kind in rules.kinds]
    return [
        CertificateIssued(
            order_id=issue.order_id,
            certificate_id=new_id(),
            evaluation_id=one.evaluation_id,
            worker_id=one.worker_id,
            kind=kind,
            number=drawn.number,
            demo=drawn.demo,
            check=check_of(drawn.number),
            check_code=new_code(),
            valid_until=last_day(issue.issued_on, rules.of(kind)),
            renews=renews.get((one.worker_id, kind)),
            occupation=issue.occupation,
            level=issue.level,
            parts=one.parts,
            issuer=issue.enterprise if kind == OF_ENTERPRISE else issue.federation,
            issued_on=issue.issued_on,
        )
        for (one, kind), drawn in zip(wanted, numbers, strict=True)
    ]


def last_day(issued_on: date, rules: KindRules) -> date | None:
    """The last day on which a certificate of this kind holds, so many months on; none = it has no end.

    Issued on the 31st it ends with a month that has no 31st.
    """
    if rules.valid_months is None:
        return None
    last: date = issued_on + relativedelta(months=rules.valid_months, days=-1)
    return last


def revoke(
    certificate: Certificate,
    of_evaluation: Collection[Certificate],
    reason: Reason,
    causes: RevocationCauses,
    *,
    today: date,
) -> list[CertificateRevoked]:
    """One certificate for a cause of its issuer's own, and its sisters where the cause holds for them too.

    A void result takes all of the evaluation: that is another act. The one that was meant comes first.
    """
    if cause_of(reason) in causes.void_result:
        raise Refused("revocation.takes_all", cause=cause_of(reason))
    check_cause(reason, causes.issuers_own)
    check_stands(certificate)
    sisters = of_evaluation if cause_of(reason) in causes.takes_sister else ()
    goes = [each for each in sisters if each.stands and each.certificate_id != certificate.certificate_id]
    return [revoked(each, reason, today) for each in (certificate, *goes)]


def check_stands(certificate: Certificate) -> None:
    """`certificate.revoked_already` when it is at its end."""
    if not certificate.stands:
        raise Refused("certificate.revoked_already", revoked_on=certificate.revoked_on)


def check_valid(certificate: Certificate) -> None:
    """`certificate.revoked_already` or `certificate.suspended_now` when it does not hold."""
    check_stands(certificate)
    if certificate.suspended_on is not None:
        raise Refused("certificate.suspended_now", suspended_on=certificate.suspended_on)


def unknown(certificate_id: CertificateId) -> NotFound:
    """There is none, or not for the one who asks."""
    return NotFound("certificate.unknown", certificate_id=certificate_id)


def void(
    certificates: Collection[Certificate], reason: Reason, causes: RevocationCauses, *, today: date
) -> list[CertificateRevoked]:
    """The result never held: every certificate of the evaluation that still stands is revoked."""
    check_cause(reason, causes.void_result)
    standing = [each for each in certificates if each.stands]
    if not standing:
        raise Refused("evaluation.no_certificates")
    return [revoked(each, reason, today) for each in standing]


def cause_of(reason: Reason) -> str:
    """The cause's own name, as the programme lists it."""
    return reason.code.rpartition(".")[2]


def check_cause(reason: Reason, allowed: Sequence[str]) -> None:
    """`revocation.cause_unknown` unless the programme has this cause for the act."""
    if cause_of(reason) not in allowed:
        raise Invalid(
            "revocation.cause_unknown",
            field="body.reason.code",
            cause=cause_of(reason),
            allowed=", ".join(allowed),
        )


def revoked(certificate: Certificate, reason: Reason, today: date) -> CertificateRevoked:
    """It ends."""
    return CertificateRevoked(
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        number=certificate.number,
        reason=reason,
        revoked_on=today,
    )


def evolve(certificate: Certificate | None, fact: CertificateFact) -> Certificate:
    """The certificate after a fact about it. Nothing else changes it."""
    if isinstance(fact, CertificateIssued):
        return Certificate(
            certificate_id=fact.certificate_id,
            order_id=fact.order_id,
            evaluation_id=fact.evaluation_id,
            worker_id=fact.worker_id,
            kind=fact.kind,
            number=fact.number,
            demo=fact.demo,
            check=fact.check,
            check_code=fact.check_code,
            occupation=fact.occupation,
            level=fact.level,
            parts=fact.parts,
            issuer=fact.issuer,
            issued_on=fact.issued_on,
            replaces=fact.replaces,
            valid_until=fact.valid_until,
            renews=fact.renews,
        )
    if certificate is None:
        raise TypeError(f"{fact.type} before the certificate was issued")
    if isinstance(fact, CertificateSuspended):
        return replace(certificate, suspended_on=fact.suspended_on, reason=fact.reason)
    if isinstance(fact, CertificateReinstated):
        return replace(certificate, suspended_on=None, reason=fact.reason)
    if isinstance(fact, CertificateReissued):
        return replace(certificate, replaced_by=fact.replaced_by, reason=fact.reason)
    return replace(certificate, revoked_on=fact.revoked_on, suspended_on=None, reason=fact.reason)
