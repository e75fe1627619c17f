"""Addresses of one certificate's standing: suspended, holding again, another issued in its place."""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from contracts.values import CertificateId, CertificateNumber
from evaluation.certificates import standing_commands
from evaluation.certificates.routes import Cause
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["certificates"])
Union = Annotated[Actor, Depends(actor_with("union"))]


class Reissued(BaseModel):
    """What came in the old one's place."""

    certificate_id: CertificateId
    number: CertificateNumber


@router.post(
    "/certificates/{certificate_id}/suspend",
    status_code=204,
    responses=refusals(
        "certificate.unknown",
        "certificate.revoked_already",
        "certificate.suspended_already",
        "standing.cause_unknown",
    ),
)
async def suspend(certificate_id: CertificateId, given: Cause, tx: Transaction, by: Union) -> None:
    """It does not hold until that is lifted; a cause of the programme's `suspension`."""
    await standing_commands.suspend(tx, certificate_id, given.reason, by=by)


@router.post(
    "/certificates/{certificate_id}/reinstate",
    status_code=204,
    responses=refusals(
        "certificate.unknown",
        "certificate.revoked_already",
        "certificate.not_suspended",
        "standing.cause_unknown",
    ),
)
async def reinstate(certificate_id: CertificateId, given: Cause, tx: Transaction, by: Union) -> None:
    """A suspended certificate holds again; a cause of the programme's `reinstatement`."""
    await standing_commands.reinstate(tx, certificate_id, given.reason, by=by)


@router.post(
    "/certificates/{certificate_id}/reissue",
    status_code=201,
    responses=refusals(
        "certificate.unknown",
        "certificate.revoked_already",
        "certificate.suspended_now",
        "certificate.serials_used_up",
        "certificate.numbers_used_up",
        "standing.cause_unknown",
    ),
)
async def reissue(certificate_id: CertificateId, given: Cause, tx: Transaction, by: Union) -> Reissued:
    """Another with a number of its own, of the same result; the old one ends. A cause of the programme's `reissue`."""
    new = await standing_commands.reissue(tx, certificate_id, given.reason, by=by)
    return Reissued(certificate_id=new.certificate_id, number=new.number)


@router.post(
    "/certificates/{certificate_id}/renew",
    status_code=201,
    responses=refusals(
        "certificate.unknown",
        "certificate.revoked_already",
        "certificate.suspended_now",
        "certificate.serials_used_up",
        "certificate.numbers_used_up",
        "certificate.not_renewed_so",
        "certificate.renewed_already",
        "certificate.renewal_too_early",
        "standing.cause_unknown",
    ),
)
async def renew(certificate_id: CertificateId, given: Cause, tx: Transaction, by: Union) -> Reissued:
    """Another follows one that ends, by proof of continued work. A cause of the programme's `renewal`."""
    new = await standing_commands.renew(tx, certificate_id, given.reason, by=by)
    return Reissued(certificate_id=new.certificate_id, number=new.number)
