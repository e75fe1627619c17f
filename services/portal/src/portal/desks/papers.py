"""All certificates of an order on paper: asked for, looked after while they are printed, fetched as one file."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from portal.boards.cards import OrderCard
from portal.desks.asking import EVALUATION, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import cards_of
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(prefix="/orders/{order}/papers", include_in_schema=False)
DESKS = ("union", "enterprise")


class LackingSeen(BaseModel):
    """A certificate with characters that no font has."""

    number: str
    characters: str


class PrintingSeen(BaseModel):
    """How far it is, as evaluation tells it."""

    asked_at: datetime | None
    total: int
    done: int
    ended_at: datetime | None
    unprintable: list[LackingSeen]


@router.get("")
async def show_papers(at: Desk, order: UUID) -> Response:
    """How far it is, and the way to the file."""
    return await _page(at, order)


@router.get("/part")
async def show_part(at: Desk, order: UUID) -> Response:
    """The changing part, asked for while it goes on."""
    card = await _card(at, order)
    return at.part("papers_part.html", card=card, **await _seen(at, card))


@router.post("")
@without_key  # the form has a one-time key of its own
async def print_all(at: Desk, order: UUID, *, key: Key) -> Response:
    """All of them are printed."""
    card = await _card(at, order)
    if wrong := await at.act(key, EVALUATION, f"/orders/{_of(card)}/printing", arrives=False):
        return await _page(at, order, wrong)
    return RedirectResponse(f"/orders/{order}/papers", 303)


@router.get(".zip")
async def fetch_papers(at: Desk, order: UUID) -> Response:
    """PDFs, badges and the register, as they come."""
    card = await _card(at, order)
    handed = await at.handed(EVALUATION, f"/orders/{_of(card)}/certificates.zip")
    return await _page(at, order, handed) if isinstance(handed, Wrong) else handed


async def _card(at: AtDesk, order: UUID) -> OrderCard:
    at.only(*DESKS)
    if (card := (await cards_of(at.tx, at.viewer.scope, [order])).get(order)) is None:
        raise NotForYou("error.not_found")
    return card


def _of(card: OrderCard) -> UUID:
    """The order whose certificates they are: the joint one, where this is a part of it."""
    return card.joint if card.joint is not None and not card.issued else card.order_id


async def _seen(at: AtDesk, card: OrderCard) -> dict[str, Any]:
    found = await at.read(EVALUATION, f"/orders/{_of(card)}/printing", PrintingSeen)
    if isinstance(found, PrintingSeen):
        return {"run": found, "missing": ""}
    return {"run": None, "missing": missing(found, at.text)}


async def _page(at: AtDesk, order: UUID, wrong: Wrong | None = None) -> Response:
    card = await _card(at, order)
    names = await at.names()
    return await at.page(
        "papers.html", wrong=wrong, card=card, lies=f"/orders/{order}/papers", **await _seen(at, card),
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        back=f"/evaluation/orders/{order}/certificates" if "union" in at.viewer.account.roles else "/certificates",
    )  # fmt: skip
