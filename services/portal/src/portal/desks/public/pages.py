"""The public check of a certificate (P1): no login, no script, no cookie, no search by name, limited by address."""

import re
from datetime import date
from secrets import compare_digest
from typing import Any

from fastapi import Request
from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from starlette.responses import RedirectResponse, Response

from portal import directory
from portal.boards.outcomes import CertificateRow, certificate_row
from portal.web.limit import address_of
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.public_limits import limits_of
from portal.web.text import Text
from portal.web.viewer import text_of
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.http import Router, Transaction

router = Router(include_in_schema=False)
NUMBER = re.compile(r"^[YS]\d{21}$")
BY_NUMBER = select(certificate_row).where(certificate_row.c.number == bindparam("number"))
ATTENDED = "select day from session_row where order_id = $1 and attended ->> $2 is not null"
POSTED = """
select o.batches -> e.batch_id::text ->> 'until' from evaluation_row e join order_card o using (order_id)
where e.evaluation_id = $1"""
_ROW: TypeAdapter[CertificateRow] = TypeAdapter(CertificateRow)


@router.get("/c")
async def ask_number(request: Request, number: str = "", k: str = "", lang: str | None = None) -> Response:
    """The form; with a number, on to the verdict."""
    text = text_of(request, lang)
    wanted = "".join(number.split()).upper()
    if wanted:
        more = (
            f"?k={k.strip().lower()[:20]}&lang={text.language}"
            if k.strip().isalnum()
            else f"?lang={text.language}"
        )
        if NUMBER.fullmatch(wanted):
            return RedirectResponse(f"/c/{wanted}{more}", 303)
    return page(
        request, "check.html", text, verdict=None, number=number[:40], k=k[:20], malformed=bool(wanted)
    )


@router.get("/c/{number}")
async def check(
    request: Request, number: str, tx: Transaction, k: str = "", lang: str | None = None
) -> Response:
    """The verdict first: valid, revoked, unknown, or changed (the check sum is not the number's)."""
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
            k=k[:20],
            malformed=True,
        )
    row = (await tx.execute(BY_NUMBER, {"number": number})).first()
    certificate = _ROW.validate_python(dict(row._mapping)) if row else None  # noqa: SLF001
    verdict = verdict_of(certificate, k.strip().lower())
    shown: dict[str, Any] = {}
    if certificate is not None and verdict in {"valid", "revoked"}:
        shown = await _shown(tx, text, certificate, whole=bool(k))
    status = 404 if verdict == "unknown" else 200
    at = text.stamp(await now(tx))
    return page(
        request, "check.html", text, status=status,
        verdict=verdict, number=number, k=k[:20], malformed=False, at=at, shown=shown,
    )  # fmt: skip


def verdict_of(certificate: CertificateRow | None, check_sum: str) -> str:
    """`unknown`, `changed`, `revoked`, `valid`, or `valid_number` when no check sum was given."""
    if certificate is None or not certificate.issued_on:
        return "unknown"
    if check_sum and not compare_digest(check_sum.encode(), certificate.check.encode()):
        return "changed"
    if certificate.revoked_on is not None:
        return "revoked"
    return "valid" if check_sum else "valid_number"


async def _shown(tx: Tx, text: Text, certificate: CertificateRow, *, whole: bool) -> dict[str, Any]:
    """What stands below the verdict: with the right check sum the masked holder, marks and training too."""
    names = await names_for(tx, text)
    worker = certificate.worker_id
    holder = (await directory.names_of(tx, [worker])).get(worker) if whole and worker else None
    days: list[date] = []
    if whole and worker:
        rows = await tx.driver.fetch(ATTENDED, certificate.order_id, str(worker))
        days = sorted(row["day"] for row in rows if row["day"])
    posted = None
    if whole and certificate.evaluation_id:
        posted = await tx.driver.fetchval(POSTED, certificate.evaluation_id)
    marks = [
        f"{text(f'part.{part.part}')} {part.mark if part.mark is not None else text('part.absent')}"
        for part in certificate.parts
    ]
    return {
        "whole": whole,
        "holder": holder,
        "occupation": text(
            "check.with_code", name=names.occupation(certificate.occupation), code=certificate.occupation
        ),
        "level": names.level_whole(certificate.level),
        "marks": " · ".join(marks),
        "issuer": names.called.get(certificate.issuer, certificate.issuer),
        "posted": posted or "",
        "demo": certificate.demo,
        "issued_on": certificate.issued_on.isoformat() if certificate.issued_on else "",
        "revoked_on": certificate.revoked_on.isoformat() if certificate.revoked_on else "",
        "reason": text.reason(certificate.reason, {}) if certificate.reason else "",
        "sessions": len(days),
        "attended": _from_to(days, text),
    }


def _from_to(days: list[date], text: Text) -> str:
    """With their years: a certificate is looked at for as long as it holds."""
    ends = [day.isoformat() for day in days[:1] + days[-1:]]
    return text("time.from_to", first=ends[0], last=ends[1]) if len(set(ends)) > 1 else "".join(ends[:1])
