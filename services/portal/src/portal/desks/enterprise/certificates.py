"""Certificates of the enterprise's people, by order: looked through, saved as a list, fetched as paper."""

import asyncio
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import or_
from starlette.responses import Response

from portal.boards.cards import OrderCard
from portal.boards.orders import order_card
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk
from portal.desks.claims import claim_of
from portal.desks.orders import cards_of, cards_where
from portal.desks.past_orders import serial
from portal.web.names import Names
from portal.web.sheets import Sheet, excel
from portal.web.text import Text
from portal.web.viewer import NotForYou
from servicekit.http import Router

router = Router(include_in_schema=False)
AT_ONCE = 4
"""Certificates printed or orders asked for, beside each other: each takes evaluation a moment of a processor."""
PRINTED_AT_ONCE = 60
"""Certificates fetched as one file while somebody waits; more are printed by a job first."""
MOST = 12
"""Orders on a page."""
After = Annotated[int, Query(ge=0, le=1_000_000)]
ZIP, PDF = "application/zip", "application/pdf"


class CertificateSeen(BaseModel):
    """A certificate, as evaluation tells of it."""

    certificate_id: UUID
    name: str
    kind: str
    number: str
    demo: bool
    occupation: str
    level: str
    issued_on: date
    first_issued_on: date
    valid: bool
    suspended_on: date | None = None
    revoked_on: date | None
    replaced_by: UUID | None = None
    valid_until: date | None = None
    expired: bool = False
    url: str


@router.get("/certificates")
async def show_certificates(at: Desk, after: After = 0) -> Response:
    """By order, the newest first, each worker with what they hold; so many orders on a page."""
    at.only("enterprise")
    cards = await _certified(at)
    names, found = await at.names(), list[tuple[OrderCard, list[CertificateSeen]]]()
    for first in range(after, len(cards), MOST):
        found += await _found(at, cards[first : first + MOST])
        if len(found) > MOST:  # one more is known, so there is a next page
            break
    older = cards.index(found[MOST][0]) if len(found) > MOST else 0
    return await at.page(
        "enterprise_certificates.html", after=after, older=older, most=MOST, at_once=PRINTED_AT_ONCE,
        orders=[(card, names.occupation(_one(card)), rows) for card, rows in found[:MOST]],
        state=lambda one: _standing(one, at.text, at.text.day), level=names.level_whole, occupation=names.occupation,
        claim=lambda one: _claim(one, names),
    )  # fmt: skip


@router.get("/certificates.xlsx")
async def save_list(at: Desk) -> Response:
    """All of them as one list."""
    at.only("enterprise")
    names, text = await at.names(), at.text
    columns = ("ct.name", "ct.what", "ct.level", "ct.certificate", "ct.issued", "ct.state", "claim.until")
    head = [text("column.number"), *map(text, columns)]
    rows = [
        (card.number, one.name, names.occupation(one.occupation), names.level_whole(one.level), one.number,
         one.issued_on.isoformat(), _state(one, names), _claim(one, names))
        for card, found in await _found(at, await _certified(at)) for one in found
    ]  # fmt: skip
    return excel([Sheet(text("ct.file"), head, rows)], text("ct.file"))


@router.get("/certificates/{certificate}.pdf")
async def fetch_one(at: Desk, certificate: UUID) -> Response:
    """One on paper."""
    at.only("enterprise")
    content = await at.fetch(EVALUATION, f"/certificates/{certificate}/pdf")
    if not isinstance(content, bytes):
        raise NotForYou("error.not_found" if content != "away" else "error.away")
    return _file(content, str(certificate), "pdf", PDF)


@router.get("/orders/{order}/certificates.zip")
async def fetch_all(at: Desk, order: UUID) -> Response:
    """All of an order that hold, each as a PDF of its number."""
    at.only("enterprise")
    cards = await cards_of(at.tx, at.viewer.scope, [order])
    if not (found := await _found(at, list(cards.values()))):
        raise NotForYou("error.not_found")
    ((card, rows),) = found
    return await _zipped(at, card, [one for one in rows if one.valid])


async def _zipped(at: AtDesk, card: OrderCard, rows: list[CertificateSeen]) -> Response:
    some = asyncio.Semaphore(AT_ONCE)

    async def printed(one: CertificateSeen) -> bytes:
        async with some:
            content = await at.fetch(EVALUATION, f"/certificates/{one.certificate_id}/pdf")
        if not isinstance(content, bytes):  # a zip that lacks somebody would be taken for whole
            raise NotForYou("error.away", 503)
        return content

    papers = await asyncio.gather(*map(printed, rows))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:  # a PDF is compressed already
        for one, content in zip(rows, papers, strict=True):
            package.writestr(f"{one.number} {one.name}.pdf", content)
    return _file(out.getvalue(), at.text("ct.zip", number=card.number), "zip", ZIP)


async def _certified(at: AtDesk) -> list[OrderCard]:
    """The own orders with certificates, and those in a joint one, where there may be some; the newest first."""
    so = or_(order_card.c.issued > 0, order_card.c.joint.is_not(None))
    cards = await cards_where(at.tx, at.viewer.scope, so, most=None)
    return sorted(cards, key=lambda card: serial(card.number), reverse=True)


async def _found(at: AtDesk, cards: Sequence[OrderCard]) -> list[tuple[OrderCard, list[CertificateSeen]]]:
    """By order, as they come, without those that have none."""
    some = asyncio.Semaphore(AT_ONCE)

    async def of(card: OrderCard) -> list[CertificateSeen]:
        async with some:
            return await _of_order(at, card)

    told = await asyncio.gather(*map(of, cards))  # none touches `tx`
    return [(card, rows) for card, rows in zip(cards, told, strict=True) if rows]


async def _of_order(at: AtDesk, card: OrderCard) -> list[CertificateSeen]:
    """Of a joint order, which only its host sees, the own people's by the order that is part of it."""
    of = {card.order_id} if card.issued else set()
    if card.joint is not None and card.joint != card.order_id:
        of.add(card.joint)
    told: dict[UUID, CertificateSeen] = {}
    for order in of:
        seen = await at.read_list(EVALUATION, f"/certificates?order_id={order}", CertificateSeen)
        if seen == "none":  # it was asked for the joint order, and is no part of it
            continue
        if isinstance(seen, str):
            raise NotForYou("error.away", 503)
        told |= {one.certificate_id: one for one in seen}
    return sorted(told.values(), key=lambda one: one.number)


def _one(card: OrderCard) -> str:
    return next((line.occupation for line in card.lines), "")


def _state(one: CertificateSeen, names: Names) -> str:
    return _standing(one, names.text, lambda day: day.isoformat())


def _standing(one: CertificateSeen, text: Text, said: Callable[[date], str]) -> str:
    """Whether it holds, or since when not."""
    if one.suspended_on and not one.revoked_on:
        return text("ct.suspended", day=said(one.suspended_on))
    if one.valid and one.expired and one.valid_until:
        return text("ct.expired", day=said(one.valid_until))
    if one.valid or one.revoked_on is None:
        return text("ct.valid")
    return text("ct.replaced" if one.replaced_by else "ct.revoked", day=said(one.revoked_on))


def _claim(one: CertificateSeen, names: Names) -> str:
    """Last day to claim what it brings; nothing of one that was revoked."""
    return claim_of(one.first_issued_on, one.level, names.programmes, names.text) if one.valid else ""


def _file(content: bytes, name: str, ending: str, kind: str) -> Response:
    told = f"attachment; filename*=UTF-8''{quote(name)}.{ending}"
    return Response(
        content, media_type=kind, headers={"content-disposition": told, "cache-control": "no-store"}
    )
