"""The worker's page after the scan (W1): four characters, then a big yes or why not. No script, no login.

One cookie: a random number of half a day, by which evaluation sees that one phone signs in many. It says nothing of
anybody, is read on this page alone, and whoever keeps none signs in all the same.
"""

import re
import secrets
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import httpx
from fastapi import Form, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from contracts.values import Slot
from portal.desks.asking import EVALUATION, Seen, told
from portal.known import known
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.text import Text
from portal.web.viewer import set_cookie, text_of
from servicekit.db import Tx
from servicekit.http import Router, Transaction, without_key

router = Router(include_in_schema=False)
Field = Annotated[str, Form(max_length=200)]


class TicketSeen(BaseModel):
    """A ticket of five minutes, and the session that it is for."""

    ticket: UUID
    occupation: str
    enterprise_id: str
    slot: Slot


class SignedSeen(BaseModel):
    """What became of the try."""

    outcome: str
    name: str | None = None
    at: datetime | None = None
    reason: str | None = None
    sentences: dict[str, str] = {}
    answer: str | None = None


PHONE, HALF_A_DAY = "sj_phone", 12 * 3600
PHONE_NUMBER = re.compile(r"[0-9a-f]{32}")
AGAIN = frozenset({"sign_in.not_on_roster", "sign_in.four_characters"})
"""After these the worker tries again."""


@router.get("/s/{code}")
async def scanned(request: Request, code: str, tx: Transaction) -> Response:
    """The scan is exchanged for a ticket; or why nobody can sign in with it."""
    text = text_of(request)
    ticket = await ask(tx, text, "/sign-in/tickets", {"code": code[:200]}, TicketSeen)
    if isinstance(ticket, str):
        return _page(request, text, status=409, why=ticket)
    names = await names_for(tx, text)
    where = f"{names.organisation(ticket.enterprise_id)} · {names.occupation(ticket.occupation)}"
    when = text.span(ticket.slot.starts_at, ticket.slot.ends_at)
    shown = _page(request, text, ticket=str(ticket.ticket), where=where, when=when)
    if not PHONE_NUMBER.fullmatch(request.cookies.get(PHONE, "")):
        set_cookie(request, shown, PHONE, secrets.token_hex(16), seconds=HALF_A_DAY, path="/s")
    return shown


@router.get("/s")
async def scan_anew(request: Request) -> Response:
    """A refused form that is loaded again: its ticket is in no address, the code is scanned anew."""
    return _page(request, text_of(request))


@router.post("/s")
@without_key  # a ticket signs one worker in, once
async def sign(
    request: Request, tx: Transaction, *, ticket: Field, digits: Field, where: Field = "", when: Field = ""
) -> Response:
    """Who it is, by four characters; the same again says the same."""
    text = text_of(request)
    try:
        path = f"/sign-in/tickets/{UUID(ticket)}"
    except ValueError:
        return _page(request, text, status=409, why=text.refusal("sign_in.ticket_unknown"))
    phone = request.cookies.get(PHONE, "")
    kept_number = {"device": phone} if PHONE_NUMBER.fullmatch(phone) else {}
    signed = await ask(tx, text, path, {"digits": digits.strip()[:20]} | kept_number, SignedSeen)
    if isinstance(signed, str):
        return _page(request, text, status=409, why=signed)
    if signed.outcome != "refused" and signed.at is not None:
        return _page(
            request, text, name=signed.name or "", at=text.clock(signed.at), where=where, when=when,
            answer=signed.answer or "",
        )  # fmt: skip
    why = signed.sentences.get(text.language, "")
    kept = ticket if signed.reason in AGAIN else ""
    return _page(request, text, status=422 if kept else 409, why=why, ticket=kept, where=where, when=when)


async def ask(tx: Tx, text: Text, path: str, body: dict[str, Any], what: type[Seen]) -> Seen | str:
    """What evaluation answers the portal; words when it says no or nothing."""
    try:
        return what.model_validate(await known(tx).neighbours.ask(EVALUATION, path, body))
    except httpx.HTTPStatusError as refused:
        return told(refused.response, text)
    except (LookupError, httpx.HTTPError, ValidationError):
        return text("scan.away")


def _page(request: Request, text: Text, *, status: int = 200, **given: str) -> Response:
    shown = dict.fromkeys(("ticket", "where", "when", "why", "name", "at", "answer"), "") | given
    return page(request, "worker_scan.html", text, status=status, **shown)
