"""Addresses of certificates."""

import asyncio
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import BaseModel

from contracts.values import (
    BatchId,
    CertificateId,
    CertificateNumber,
    Code,
    EvaluationId,
    LevelCode,
    OccupationCode,
    OrderId,
    PartMark,
    Reason,
    WorkerId,
)
from evaluation import directory
from evaluation.certificates import commands
from evaluation.examinations.routes import AsRead
from evaluation.known import known
from servicekit.clock import today
from servicekit.http import Request, Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["certificates"])
Union = Annotated[Actor, Depends(actor_with("union"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise"))]


class Cause(Request):
    """Why a certificate no longer holds: `certificate.<cause>`, the cause one of the programme's."""

    reason: Reason


class CertificateView(BaseModel):
    """A certificate and whether it holds. `url` is the public check, as in the QR code."""

    certificate_id: CertificateId
    evaluation_id: EvaluationId
    worker_id: WorkerId
    name: str
    kind: Code
    number: CertificateNumber
    check: str
    demo: bool
    occupation: OccupationCode
    level: LevelCode
    parts: tuple[PartMark, ...]
    issuer: str
    issued_on: date
    first_issued_on: date
    """Of the first of those that it replaces: what is claimed for is claimed from this day on."""
    valid: bool
    suspended_on: date | None
    revoked_on: date | None
    reason: Reason | None
    replaces: CertificateId | None
    replaced_by: CertificateId | None
    valid_until: date | None
    """Its last day; none = it has no end."""
    expired: bool
    renews: CertificateId | None
    url: str


class Issued(BaseModel):
    """How many were given."""

    certificates: int


class Voided(BaseModel):
    """How many no longer hold."""

    revoked: int


@router.post(
    "/batches/{batch_id}/certificates",
    status_code=201,
    responses=refusals(
        "batch.unknown",
        "batch.not_posted",
        "batch.posting_not_over",
        "batch.objections_open",
        "certificate.serials_used_up",
        "certificate.numbers_used_up",
        "version.stale",
    ),
)
async def issue(batch_id: BatchId, tx: Transaction, by: Union, _: AsRead) -> Issued:
    """Certificates for everybody who passed, after the posting days; the batch is at its end."""
    return Issued(certificates=len(await commands.issue(tx, batch_id, by=by)))


@router.post(
    "/certificates/{certificate_id}/revoke",
    status_code=204,
    responses=refusals(
        "certificate.unknown",
        "certificate.revoked_already",
        "revocation.cause_unknown",
        "revocation.takes_all",
    ),
)
async def revoke(certificate_id: CertificateId, given: Cause, tx: Transaction, by: Union) -> None:
    """Revoke one certificate, for a cause of the issuer's own; some causes take its sisters too."""
    await commands.revoke(tx, certificate_id, given.reason, by=by)


@router.post(
    "/evaluations/{evaluation_id}/void",
    responses=refusals("evaluation.unknown", "evaluation.no_certificates", "revocation.cause_unknown"),
)
async def void(evaluation_id: EvaluationId, given: Cause, tx: Transaction, by: Union) -> Voided:
    """The result is void: all certificates of the evaluation are revoked."""
    return Voided(revoked=await commands.void(tx, evaluation_id, given.reason, by=by))


@router.get("/certificates", responses=refusals("order.unknown"))
async def list_certificates(
    tx: Transaction, by: Reader, order_id: Annotated[OrderId, Query()]
) -> list[CertificateView]:
    """Certificates of an order by number."""
    found = await commands.certificates_of(tx, order_id, seen_by=by)
    names = await directory.names(tx, {each.worker_id for each in found})
    day = await today(tx)
    address_of, by_id = known(tx).paper.address_of, {each.certificate_id: each for each in found}
    return [
        CertificateView(
            certificate_id=each.certificate_id,
            evaluation_id=each.evaluation_id,
            worker_id=each.worker_id,
            name=names[each.worker_id],
            kind=each.kind,
            number=each.number,
            check=each.check,
            demo=each.demo,
            occupation=each.occupation,
            level=each.level,
            parts=each.parts,
            issuer=each.issuer,
            issued_on=each.issued_on,
            first_issued_on=each.first_issued(by_id),
            valid=each.valid,
            suspended_on=each.suspended_on,
            revoked_on=each.revoked_on,
            reason=each.reason,
            replaces=each.replaces,
            replaced_by=each.replaced_by,
            valid_until=each.valid_until,
            expired=each.expired(day),
            renews=each.renews,
            url=address_of(each.number, each.proof),
        )
        for each in found
    ]


@router.get(
    "/certificates/{certificate_id}/pdf",
    response_class=Response,
    responses=refusals(
        "certificate.unknown",
        "certificate.revoked_already",
        "certificate.suspended_now",
        "certificate.unprintable",
    )
    | {200: {"content": {"application/pdf": {}}}},
)
async def print_certificate(certificate_id: CertificateId, tx: Transaction, by: Reader) -> Response:
    """The certificate on paper, A4; printed anew each time, the same bytes."""
    sheet = await commands.sheet_of(tx, certificate_id, seen_by=by)
    printed = await asyncio.to_thread(known(tx).paper.print, sheet)
    return Response(
        printed,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{sheet.number}.pdf"'},
    )
