"""The pages of subsidies, for the enterprise that claims and the union that notes what was paid."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Form, Query
from starlette.responses import RedirectResponse, Response

from contracts.programme import Programme
from contracts.refusals import NotFound
from portal.boards.cards import OrderCard
from portal.boards.orders import order_card
from portal.desks.asking import EVALUATION, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import card_of, cards_where
from portal.desks.subsidy.seen import StandSeen
from portal.desks.subsidy.shown import fen_of, left, shown, step, yuan
from portal.web.names import Names
from portal.web.sheets import Cell, Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
MOST = 12
"""Orders on a page; evaluation is asked for each."""
AT_ONCE = 4
PACK_SECONDS = 30.0
"""Every certificate of a claim is printed anew: some 15 ms each, of hundreds."""
After = Annotated[int, Query(ge=0, le=1_000_000)]
Whole = Annotated[int, Form(ge=0, le=10**9)]
Typed = Annotated[str, Form(max_length=20)]
BEFORE = (
    "draft",
    "submitted",
    "returned",
    "rejected",
    "withdrawn",
    "pooled",
    "pooling",
    "dissolved",
    "cancelled",
)
"""Of such an order nothing will be claimed, or by its joint one."""
ROLES = ("enterprise", "union")
UNTYPED = {"claim": "", "paid": "", "why": ""}
DONE = frozenset({"filed", "withdrawn", "settled"})
"""What was done, as the address of the page says it."""


@router.get("/subsidies")
async def show_orders(at: Desk, after: After = 0) -> Response:
    """By order, those with certificates first: what can be claimed, until when, or what is missing and by whom."""
    at.only(*ROLES)
    cards = await _cards(at)
    found = await _stands(at, cards[after : after + MOST])
    names = await at.names()
    return await at.page(
        "subsidies.html", after=after, most=MOST, older=after + MOST if len(cards) > after + MOST else 0,
        rows=[_row(card, seen, names) for card, seen in found],
    )  # fmt: skip


@router.get("/subsidies.xlsx")
async def save_orders(at: Desk) -> Response:
    """All certificates of all orders with what they bring, as a sheet."""
    at.only(*ROLES)
    names, text = await at.names(), at.text
    rows: list[list[Cell]] = []
    for card, seen in await _stands(at, [card for card in await _cards(at) if card.issued]):
        if seen is None:  # a list that lacks an order would be taken for whole
            raise NotForYou("error.away", 503)
        rows += [
            [card.number, one.name, one.number, one.what, one.issued, one.yuan, one.until, one.state]
            for one in shown(seen, names).lines
        ]
    columns = ("ct.name", "ct.certificate", "ct.what", "ct.issued", "subsidy.yuan", "claim.until", "ct.state")
    head = [text("column.number"), *map(text, columns)]
    return excel([Sheet(text("subsidy.title"), head, rows)], text("subsidy.title"))


@router.get("/orders/{order}/subsidy")
async def show_order(at: Desk, order: str, done: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The countdown, what is missing, each certificate, and what was claimed."""
    return await _page(at, order, done=done)


@router.post("/orders/{order}/subsidy")
@without_key  # the form has a one-time key of its own
async def file_claim(
    at: Desk, order: str, *, count: Annotated[int, Form(ge=0)], fen: Annotated[int, Form(ge=0)], key: Key
) -> Response:
    """Claim for all that can be, if that is still what the page has shown."""
    at.only("enterprise")
    seen = await _seen(at, order)
    if seen is None:
        return await _page(at, order, Wrong(missing("away", at.text), 409))
    if (seen.claimable, seen.fen) != (count, fen):
        return await _page(at, order, Wrong(at.text("subsidy.changed"), 409))
    body = {"certificates": [str(one.certificate_id) for one in seen.rows if one.against is None]}
    if wrong := await at.act(key, EVALUATION, f"/orders/{seen.order_id}/claims", body, arrives=False):
        return await _page(at, order, wrong)
    return RedirectResponse(f"/orders/{seen.order_id}/subsidy?done=filed#claims", 303)


@router.get("/orders/{order}/subsidy/{claim}.zip")
async def fetch_pack(at: Desk, order: str, claim: UUID) -> Response:
    """What goes to the labour bureau with the claim."""
    at.only(*ROLES)
    card = await _card(at, order)
    if await _of_another(at, order, claim):
        raise NotForYou("error.not_found")
    made = await at.fetch(EVALUATION, f"/claims/{claim}/pack", seconds=PACK_SECONDS)
    if not isinstance(made, bytes):
        raise NotForYou("error.away" if made == "away" else "error.not_found")
    name = f"{card.number} {at.text('subsidy.title')} {claim}.zip"
    said = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(made, media_type="application/zip", headers={"content-disposition": said})


@router.post("/orders/{order}/subsidy/{claim}/withdraw")
@without_key
async def withdraw_claim(at: Desk, order: str, claim: UUID, *, key: Key) -> Response:
    """Take it back while nobody has answered."""
    at.only("enterprise")
    card = await _card(at, order)
    if wrong := await _of_another(at, order, claim):
        return await _page(at, order, wrong)
    if wrong := await at.act(key, EVALUATION, f"/claims/{claim}/withdraw", arrives=False):
        return await _page(at, order, wrong)
    return RedirectResponse(f"/orders/{card.order_id}/subsidy?done=withdrawn#claims", 303)


@router.post("/orders/{order}/subsidy/{claim}/settle")
@without_key
async def settle_claim(
    at: Desk, order: str, claim: UUID, *, paid: Typed, key: Key, why: Annotated[str, Form(max_length=60)] = ""
) -> Response:
    """Note what was paid."""
    at.only("union")
    card = await _card(at, order)
    if wrong := await _of_another(at, order, claim):
        return await _page(at, order, wrong)
    typed = {"claim": str(claim), "paid": paid, "why": why}
    fen = fen_of(paid)
    if fen is None:
        return await _page(
            at, order, Wrong(at.text("subsidy.no_amount", typed=paid.strip() or "—"), 422), typed=typed
        )
    body: dict[str, Any] = {"paid_fen": fen} | ({"reason": {"code": why}} if why else {})
    if wrong := await at.act(key, EVALUATION, f"/claims/{claim}/settle", body, arrives=False):
        return await _page(at, order, wrong, typed=typed)
    return RedirectResponse(f"/orders/{card.order_id}/subsidy?done=settled#claims", 303)


async def _cards(at: AtDesk) -> list[OrderCard]:
    so = order_card.c.state.not_in(BEFORE)
    return await cards_where(at.tx, at.viewer.scope, so, most=None, first=order_card.c.issued > 0)


async def _stands(at: AtDesk, cards: list[OrderCard]) -> list[tuple[OrderCard, StandSeen | None]]:
    some = asyncio.Semaphore(AT_ONCE)

    async def of(card: OrderCard) -> StandSeen | None:
        async with some:
            seen = await at.read(EVALUATION, f"/orders/{card.order_id}/claims", StandSeen)
        return seen if isinstance(seen, StandSeen) else None

    return list(zip(cards, await asyncio.gather(*map(of, cards)), strict=True))


def _row(card: OrderCard, seen: StandSeen | None, names: Names) -> dict[str, Any]:
    text = names.text
    first = step(seen.missing[0], text) if seen and seen.missing else None
    return {
        "order": card.order_id,
        "number": card.number,
        "enterprise": names.organisation(card.enterprise_id, card.enterprise_name),
        "away": seen is None,
        "claimable": seen.claimable if seen else 0,
        "yuan": yuan(seen.fen) if seen and seen.claimable else "",
        "until": seen.until.isoformat() if seen and seen.until else "",
        "left": left(seen.days_left, text) if seen else "",
        "first": first,
        "waiting": yuan(seen.waiting) if seen and seen.waiting else "",
        "paid": yuan(seen.paid) if seen and seen.paid else "",
    }


async def _seen(at: AtDesk, order: str) -> StandSeen | None:
    card = await _card(at, order)
    found = await at.read(EVALUATION, f"/orders/{card.order_id}/claims", StandSeen)
    if found == "none":
        raise NotForYou("error.not_found")
    return found if isinstance(found, StandSeen) else None


async def _card(at: AtDesk, order: str) -> OrderCard:
    try:
        return await card_of(at.tx, at.viewer.scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None


async def _of_another(at: AtDesk, order: str, claim: UUID) -> Wrong | None:
    """Why this claim is not looked at here: it is none of the order's. Nothing while nobody can say so."""
    seen = await _seen(at, order)
    if seen is None or claim in {one.claim_id for one in seen.claims}:
        return None
    return Wrong(missing("none", at.text), 409)


async def show_wrong(at: AtDesk, order: str, wrong: Wrong) -> Response:
    """The order's page, with why something was not done."""
    return await _page(at, order, wrong)


async def _page(
    at: AtDesk, order: str, wrong: Wrong | None = None, *, done: str = "", typed: dict[str, str] | None = None
) -> Response:
    at.only(*ROLES)
    card = await _card(at, order)
    seen, names = await _seen(at, order), await at.names()
    programme = names.programmes.programmes.get(card.programme)
    cuts = programme.claim_cut_reasons if programme else {}
    return await at.page(
        "subsidy.html", wrong=wrong, card=card, seen=seen, shown=shown(seen, names) if seen else None,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name), typed=typed or UNTYPED,
        done=at.text.or_code("subsidy.done", done) if done in DONE and not wrong else "",
        cuts=[(code, names.reason(code, {})) for code in cuts],
        purposes=_purposes(programme, at.text.language),
        claims=at.viewer.account.roles & {"enterprise"}, notes=at.viewer.account.roles & {"union"},
    )  # fmt: skip


def _purposes(programme: Programme | None, language: str) -> list[tuple[str, str]]:
    """What whole ID numbers may be had for."""
    told = programme.full_roster_purposes if programme else {}
    return [(code, words.en if language == "en" else words.zh) for code, words in told.items()]
