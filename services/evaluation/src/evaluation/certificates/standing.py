"""A certificate that rests for a while, holds again, or gives way to another with a number of its own. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from contracts.evaluation import (
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
)
from contracts.programme_certificates import KindRules
from contracts.programme_rules import RevocationCauses
from contracts.refusals import Invalid, Refused
from contracts.values import CertificateId, CertificateNumber, CheckCode, CheckSum, Reason
from evaluation.certificates.rules import (
    Certificate,
    Drawn,
    cause_of,
    check_stands,
    check_valid,
    last_day,
    revoked,
)


def suspend(
    certificate: Certificate, reason: Reason, causes: RevocationCauses, *, today: date
) -> CertificateSuspended:
    """It does not hold while its case is looked into."""
    _check_cause(reason, causes.suspension)
    check_stands(certificate)
    if certificate.suspended_on is not None:
        raise Refused("certificate.suspended_already", suspended_on=certificate.suspended_on)
    return CertificateSuspended(
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        number=certificate.number,
        reason=reason,
        suspended_on=today,
    )


def reinstate(
    certificate: Certificate, reason: Reason, causes: RevocationCauses, *, today: date
) -> CertificateReinstated:
    """It holds again."""
    _check_cause(reason, causes.reinstatement)
    check_stands(certificate)
    if certificate.suspended_on is None:
        raise Refused("certificate.not_suspended")
    return CertificateReinstated(
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        number=certificate.number,
        reason=reason,
        reinstated_on=today,
    )


def check_reissue(certificate: Certificate, reason: Reason, causes: RevocationCauses) -> None:
    """Only one that holds gives way to another; asked before a number is drawn for it."""
    _check_cause(reason, causes.reissue)
    check_valid(certificate)


def reissue(
    certificate: Certificate,
    reason: Reason,
    *,
    new_id: CertificateId,
    number: CertificateNumber,
    demo: bool,
    check: CheckSum,
    check_code: CheckCode,
    today: date,
) -> tuple[CertificateIssued, CertificateRevoked, CertificateReissued]:
    """The new one proves the same; the old one ends, and both name the other."""
    new = CertificateIssued(
        order_id=certificate.order_id,
        certificate_id=new_id,
        evaluation_id=certificate.evaluation_id,
        worker_id=certificate.worker_id,
        kind=certificate.kind,
        number=number,
        demo=demo,
        check=check,
        check_code=check_code,
        replaces=certificate.certificate_id,
        occupation=certificate.occupation,
        level=certificate.level,
        parts=certificate.parts,
        issuer=certificate.issuer,
        issued_on=today,
        valid_until=certificate.valid_until,
        renews=certificate.renews,
    )
    reissued = CertificateReissued(
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        number=certificate.number,
        replaced_by=new_id,
        new_number=number,
        reason=reason,
        reissued_on=today,
    )
    return new, revoked(certificate, reason, today), reissued


def _check_cause(reason: Reason, allowed: Sequence[str]) -> None:
    if cause_of(reason) not in allowed:
        raise Invalid(
            "standing.cause_unknown",
            field="body.reason.code",
            cause=cause_of(reason),
            allowed=", ".join(allowed),
        )


def check_renew(
    certificate: Certificate,
    rules: KindRules,
    reason: Reason,
    causes: RevocationCauses,
    *,
    renewed: bool,
    today: date,
) -> None:
    """By proof of continued work: only of a kind that ends and says so, near its end or after it, and once."""
    _check_cause(reason, causes.renewal)
    check_valid(certificate)
    if rules.renewal is None or "work_proof" not in rules.renewal.ways or certificate.valid_until is None:
        raise Refused("certificate.not_renewed_so")
    if renewed:
        raise Refused("certificate.renewed_already")
    opens = certificate.valid_until - timedelta(days=rules.renewal.opens_days)
    if today < opens:
        raise Refused("certificate.renewal_too_early", opens=opens)


def renew(
    certificate: Certificate,
    rules: KindRules,
    *,
    new_id: CertificateId,
    drawn: Drawn,
    check: CheckSum,
    check_code: CheckCode,
    today: date,
) -> CertificateIssued:
    """One that follows: of the same result, with a number and an end of its own; the old one ends on its day."""
    return CertificateIssued(
        order_id=certificate.order_id,
        certificate_id=new_id,
        evaluation_id=certificate.evaluation_id,
        worker_id=certificate.worker_id,
        kind=certificate.kind,
        number=drawn.number,
        demo=drawn.demo,
        check=check,
        check_code=check_code,
        occupation=certificate.occupation,
        level=certificate.level,
        parts=certificate.parts,
        issuer=certificate.issuer,
        issued_on=today,
        valid_until=last_day(today, rules),
        renews=certificate.certificate_id,
    )
