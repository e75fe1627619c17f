"""A certificate that rests for a while, holds again, or gives way to another with a number of its own. Pure."""

from collections.abc import Sequence
from datetime import date

from contracts.evaluation import (
    CertificateIssued,
    CertificateReinstated,
    CertificateReissued,
    CertificateRevoked,
    CertificateSuspended,
)
from contracts.programme_rules import RevocationCauses
from contracts.refusals import Invalid, Refused
from contracts.values import CertificateId, CertificateNumber, CheckCode, CheckSum, Reason
from evaluation.certificates.rules import (
    Certificate,
    cause_of,
    check_stands,
    check_valid,
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
