"""The union's page on which a scheme is changed by hand."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands
from portal.accounts.routes import token_for
from portal.desks.frame import frame
from portal.desks.union import by_hand
from portal.desks.union.pages import READ_SECONDS, Field, of_the_union
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.viewer import LOGIN, Language, Looking, Viewer, from_our_page, keep_language
from servicekit.db import Tx
from servicekit.http import Router, Transaction, without_key

router = Router(include_in_schema=False)
Changes = Annotated[str, Form(max_length=10_000)]
Seen = Annotated[int, Form(ge=0)]
"""The scheme's row version that the page showed."""


@router.get("/orders/{order}/scheme/by-hand")
async def show_changes(
    request: Request, order: str, tx: Transaction, viewer: Looking, lang: Language = None
) -> Response:
    """The sessions with what can be done to them; what the address asks about is looked at, and not done."""
    response = await _page(request, tx, viewer, order)
    keep_language(request, response, lang)
    return response


@router.post("/orders/{order}/scheme/by-hand")
@without_key  # the form has a one-time key of its own
async def change_by_hand(
    request: Request,
    order: str,
    tx: Transaction,
    viewer: Looking,
    *,
    changes: Changes,
    seen: Seen,
    key: Field,
) -> Response:
    """What was looked at is done; a refusal is told on the page."""
    return await _done(request, tx, viewer, order, "changes", key=key, changes=changes, seen=seen)


@router.post("/orders/{order}/scheme/by-hand/undo")
@without_key  # the form has a one-time key of its own
async def undo_by_hand(
    request: Request, order: str, tx: Transaction, viewer: Looking, *, seen: Seen, key: Field
) -> Response:
    """The newest change is taken back."""
    return await _done(request, tx, viewer, order, "undo", key=key, seen=seen)


async def _done(
    request: Request, tx: Tx, viewer: Viewer, order: str, what: str, *, key: str, changes: str = "", seen: int
) -> Response:
    card = await of_the_union(tx, viewer, order)
    browser = request.cookies.get(LOGIN, "")
    if not from_our_page(request) or not await commands.use_form_key(tx, key, browser):
        return await _page(request, tx, viewer, order, wrong=viewer.text("plan.form_used"), status=403)
    token = token_for(request, viewer.account, READ_SECONDS)
    wrong = await by_hand.do(
        tx,
        token,
        card.order_id,
        what,
        key=key.partition(".")[0],
        text=viewer.text,
        changes=changes,
        seen=seen,
    )
    if wrong:
        return await _page(request, tx, viewer, order, wrong=wrong, status=409)
    return RedirectResponse(f"/orders/{order}/scheme/by-hand", 303)


async def _page(
    request: Request, tx: Tx, viewer: Viewer, order: str, *, wrong: str = "", status: int = 200
) -> Response:
    card = await of_the_union(tx, viewer, order)
    token = token_for(request, viewer.account, READ_SECONDS)
    asked = by_hand.asked_for(request.query_params) if not wrong else None
    shown, refused = await by_hand.hand_page(tx, viewer.text, viewer.scope, card.order_id, token, asked)
    names = await names_for(tx, viewer.text)
    browser = request.cookies.get(LOGIN, "")
    return page(
        request, "by_hand.html", viewer.text, status=status, card=card, hand=shown, wrong=wrong or refused,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        new_key=lambda: commands.new_form_key(browser), **await frame(request, tx, viewer),
    )  # fmt: skip
