"""The public check of a certificate (P1): no login, no script, no cookie, no search by name, limited by address."""

import re
from datetime import date
from secrets import compare_digest
from typing import Any

from fastapi import Request
from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from starlette.responses import RedirectResponse, Response

from portal.boards.outcomes import CertificateRow, certificate_row
from portal.desks.public.proof import shown_of
from portal.web.limit import address_of
from portal.web.pages import page
from portal.web.public_limits import limits_of
from portal.web.viewer import text_of
from servicekit.clock import now
from servicekit.http import Router, Transaction

router = Router(include_in_schema=False)
NUMBER = re.compile(r"^[YS]\d{21}$")
BY_NUMBER = select(certificate_row).where(certificate_row.c.number == bindparam("number"))
CODE = 40
"""Characters of what is typed beside the number, at most."""
TOLD = frozenset({"valid", "suspended", "revoked", "replaced", "expired"})
_ROW: TypeAdapter[CertificateRow] = TypeAdapter(CertificateRow)


@router.get("/c")
async def ask_number(request: Request, number: str = "", k: str = "", lang: str | None = None) -> Response:
    """The form; with a number, on to the verdict."""
    text = text_of(request, lang)
    wanted = "".join(number.split()).upper()
    if wanted:
        more = (
            f"?k={k.strip().lower()[:CODE]}&lang={text.language}"
            if k.strip().isalnum()
            else f"?lang={text.language}"
        )
        if NUMBER.fullmatch(wanted):
            return RedirectResponse(f"/c/{wanted}{more}", 303)
    return page(
        request, "check.html", text, verdict=None, number=number[:40], k=k[:CODE], malformed=bool(wanted)
    )


@router.get("/c/{number}")
async def check(
    request: Request, number: str, tx: Transaction, k: str = "", lang: str | None = None
) -> Response:
    """The verdict first: whether it holds, or why not; unknown, or changed (the code is not the number's)."""
    text = text_of(request, lang)
    address, checks = address_of(request), limits_of(request).checks
    if not checks.allows(address):
        wait = checks.wait(address)
        slowed = page(
            request,
            "check.html",
            text,
            status=429,
            verdict="too_often",
            wait=wait,
            number="",
            k="",
            malformed=False,
        )
        slowed.headers["retry-after"] = str(wait)
        return slowed
    number = "".join(number.split()).upper()
    if not NUMBER.fullmatch(number):
        return page(
            request,
            "check.html",
            text,
            status=404,
            verdict=None,
            number=number[:40],
            k=k[:CODE],
            malformed=True,
        )
    row = (await tx.execute(BY_NUMBER, {"number": number})).first()
    certificate = _ROW.validate_python(dict(row._mapping)) if row else None  # noqa: SLF001
    moment = await now(tx)
    verdict = verdict_of(certificate, k.strip().lower(), moment.astimezone(text.zone).date())
    shown: dict[str, Any] = {}
    if certificate is not None and verdict in TOLD:
        shown = await shown_of(tx, text, certificate, whole=bool(k.strip()))
    status = 404 if verdict == "unknown" else 200
    at = text.stamp(moment)
    return page(
        request, "check.html", text, status=status,
        verdict=verdict, number=number, k=k[:CODE], malformed=False, at=at, shown=shown,
    )  # fmt: skip


def verdict_of(certificate: CertificateRow | None, code: str, today: date) -> str:
    """`unknown`, `changed`, `replaced`, `revoked`, `suspended`, `expired`, `valid`; `valid_number` without a code."""
    if certificate is None or not certificate.issued_on:
        return "unknown"
    if code and not compare_digest(code.encode(), certificate.proof.encode()):
        return "changed"
    if certificate.revoked_on is not None:
        return "replaced" if certificate.replaced_by else "revoked"
    if certificate.suspended_on is not None:
        return "suspended"
    if certificate.valid_until is not None and certificate.valid_until < today:
        return "expired"
    return "valid" if code else "valid_number"
