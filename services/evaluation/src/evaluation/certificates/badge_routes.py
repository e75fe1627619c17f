"""Addresses of badges, for the portal alone: it shows them to the public, and counts how often."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from contracts.values import CertificateNumber
from evaluation.certificates import badges
from evaluation.certificates.badge import Purpose
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(prefix="/badges", tags=["certificates"])
Portal = Annotated[Actor, Depends(actor_with("service"))]
Issuer = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Series = Annotated[str, Path(pattern=r"^[YS][0-9]{15}$")]
SIGNED: dict[int | str, dict[str, Any]] = {200: {"content": {"application/jwt": {}}}}


@router.get("/certificates/{number}", response_class=Response, responses=refusals("badge.unknown") | SIGNED)
async def badge_of(
    number: CertificateNumber, code: Annotated[str, Query(max_length=40)], tx: Transaction, _: Portal
) -> Response:
    """The certificate as an Open Badge 3.0 (VC-JWT), for whoever has its check code."""
    return Response(await badges.badge_of(tx, number, code), media_type="application/jwt")


@router.get(
    "/status/{issuer}/{series}/{purpose}",
    response_class=Response,
    responses=refusals("badge.unknown") | SIGNED,
)
async def status_list(
    issuer: Issuer, series: Series, purpose: Purpose, tx: Transaction, _: Portal
) -> Response:
    """Which certificates of a series are revoked, or suspended: a signed Bitstring Status List."""
    return Response(await badges.list_of(tx, issuer, series, purpose), media_type="application/jwt")


@router.get("/issuers/{issuer}", responses=refusals("badge.unknown"))
async def issuer_profile(issuer: Issuer, tx: Transaction, _: Portal) -> dict[str, Any]:
    """Who an issuer is, as badges name it."""
    return await badges.profile_of(tx, issuer)


@router.get("/issuers/{issuer}/did.json", responses=refusals("badge.unknown"))
async def did_document(issuer: Issuer, tx: Transaction, _: Portal) -> dict[str, Any]:
    """The keys that badges of this issuer are signed with (did:web)."""
    return await badges.did_of(tx, issuer)
