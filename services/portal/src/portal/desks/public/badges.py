"""What an auditor fetches without a login: a certificate's badge, which certificates hold, who issues with which keys.

Evaluation signs; here it is handed out, as often as the public may ask for certificates.
"""

from typing import Annotated

import httpx
from fastapi import Path, Query, Request
from starlette.responses import Response

from portal.desks.asking import EVALUATION
from portal.known import known
from portal.web.public_limits import asked_once_more, limits_of
from portal.web.viewer import NotForYou
from servicekit.db import Tx
from servicekit.http import Router, Transaction

router = Router(include_in_schema=False)
JWT, JSON = "application/jwt", "application/json"
MISSED = frozenset({404, 422})
Part = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,22}$")]


@router.get("/c/{number}/badge")
async def download_badge(
    request: Request, tx: Transaction, number: Part, k: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """The certificate as an Open Badge 3.0, for whoever has its code."""
    code = k.strip().lower()
    if not code.isalnum():
        raise NotForYou("check.no_badge", 404)
    handed = await _from_evaluation(request, tx, f"/certificates/{number.upper()}?code={code}", JWT)
    handed.headers["content-disposition"] = f'attachment; filename="{number.upper()}.jwt"'
    return handed


@router.get("/c/status/{issuer}/{series}/{purpose}")
async def show_status(
    request: Request, tx: Transaction, issuer: Part, series: Part, purpose: Part
) -> Response:
    """Which certificates of a series are revoked, or suspended: a signed list."""
    return await _from_evaluation(request, tx, f"/status/{issuer}/{series}/{purpose}", JWT)


@router.get("/c/issuers/{issuer}")
async def show_issuer(request: Request, tx: Transaction, issuer: Part) -> Response:
    """Who an issuer is."""
    return await _from_evaluation(request, tx, f"/issuers/{issuer}", JSON)


@router.get("/c/issuers/{issuer}/did.json")
async def show_keys(request: Request, tx: Transaction, issuer: Part) -> Response:
    """The issuer's keys (did:web)."""
    return await _from_evaluation(request, tx, f"/issuers/{issuer}/did.json", JSON)


async def _from_evaluation(request: Request, tx: Tx, path: str, kind: str) -> Response:
    asked_once_more(request, limits_of(request).checks)
    neighbours = known(tx).neighbours
    try:
        content = await neighbours.read(EVALUATION, f"/badges{path}", neighbours.token())
    except httpx.HTTPStatusError as refused:
        if refused.response.status_code in MISSED:
            raise NotForYou("check.no_badge", 404) from None
        raise NotForYou("error.away", 503) from None
    except (LookupError, httpx.HTTPError):
        raise NotForYou("error.away", 503) from None
    return Response(content, media_type=kind, headers={"cache-control": "no-store"})
