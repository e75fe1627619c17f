"""The people of an order. A whole ID number is shown once, to whoever says what for; the look is a fact."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from pydantic import BaseModel
from starlette.responses import Response

from contracts.refusals import NotFound
from portal.boards.cards import OrderCard
from portal.desks.asking import INTAKE, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import card_of
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
ROLES = ("enterprise", "union")
MOST = 200
"""Rows on the page; the others are found by a part of the name or the last four characters."""
Wanted = Annotated[str, Query(max_length=20)]
Why = Annotated[str, Form(max_length=60)]
Chosen = Annotated[UUID | None, Form()]


class OnLine(BaseModel):
    """Somebody on a line, as order-intake shows them."""

    line: int
    worker_id: UUID
    crew: str
    masked_name: str | None
    masked: str | None


class NumberSeen(BaseModel):
    """A whole ID number."""

    id_number: str


@router.get("/orders/{order}/people")
async def show_people(at: Desk, order: str, q: Wanted = "") -> Response:
    """Who stands on the order, masked."""
    return await _page(at, order, wanted=q)


@router.post("/orders/{order}/people")
@without_key  # the form has a one-time key of its own, and what is answered is kept nowhere
async def show_number(
    at: Desk, order: str, *, key: Key, worker: Chosen = None, reason: Why = "", q: Why = ""
) -> Response:
    """One whole ID number on the page, this once."""
    at.only(*ROLES)
    card = await _card(at, order)
    if worker is None or not reason:
        return await _page(at, order, Wrong(at.text("people_of.choose"), 422), wanted=q, worker=worker)
    if wrong := await at.once(key):
        return await _page(at, order, wrong, wanted=q, worker=worker)
    way = f"/orders/{card.order_id}/people/{worker}/reveal"
    told = await at.ask(INTAKE, way, NumberSeen, body={"reason": {"code": reason}})
    if isinstance(told, Wrong):
        return await _page(at, order, told, wanted=q, worker=worker)
    return await _page(at, order, wanted=q, worker=worker, number=told.id_number)


async def _card(at: AtDesk, order: str) -> OrderCard:
    try:
        return await card_of(at.tx, at.viewer.scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None


async def _page(
    at: AtDesk,
    order: str,
    wrong: Wrong | None = None,
    *,
    wanted: str = "",
    worker: UUID | None = None,
    number: str = "",
) -> Response:
    at.only(*ROLES)
    card = await _card(at, order)
    told = await at.read_list(INTAKE, f"/orders/{card.order_id}/trainees", OnLine)
    people = [] if isinstance(told, str) else told
    found = matching(people, wanted)
    names = await at.names()
    programme = names.programmes.programmes.get(card.programme)
    reasons = programme.reveal_reasons if programme else {}
    return await at.page(
        "order_people.html", wrong=wrong, card=card, all=len(people), found=found[:MOST],
        more=max(0, len(found) - MOST),
        away=missing(told, at.text) if isinstance(told, str) else "", wanted=wanted, number=number,
        chosen=next((one for one in people if one.worker_id == worker), None),
        reasons=[(code, names.reason(code, {})) for code in reasons], lies=f"/orders/{card.order_id}/people",
    )  # fmt: skip


def matching(people: list[OnLine], wanted: str) -> list[OnLine]:
    """By line and crew, those with these letters in the masked name or at the end of the number. Pure."""
    so = wanted.strip().upper()
    here = [one for one in people if so in (one.masked_name or "").upper() or (one.masked or "").endswith(so)]
    return sorted(here if so else people, key=lambda one: (one.line, one.crew, one.masked or ""))
