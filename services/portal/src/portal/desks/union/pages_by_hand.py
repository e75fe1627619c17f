"""The union's page on which a scheme is changed by hand."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.accounts.routes import token_for
from portal.desks.asking import SCHEDULING
from portal.desks.at import SECONDS, AtDesk, Desk, Key, Wrong
from portal.desks.union import by_hand
from portal.desks.union.pages import of_the_union
from portal.web.usual import usual
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Changes = Annotated[str, Form(max_length=10_000)]
Seen = Annotated[int, Form(ge=0)]
"""The scheme's row version that the page showed."""
Done = Annotated[Literal["", "changes", "undo"], usual("")]


@router.get("/orders/{order}/scheme/by-hand")
async def show_changes(
    at: Desk, order: str, of: Annotated[UUID | None, usual(None)] = None, done: Done = ""
) -> Response:
    """The sessions with what can be done to them; what the address asks about is looked at, and not done.

    With `of`, when this session could be held instead; `done` = what has just been done here.
    """
    return await _page(at, order, of=of, done=done)


@router.post("/orders/{order}/scheme/by-hand")
@without_key  # the form has a one-time key of its own
async def change_by_hand(at: Desk, order: str, *, changes: Changes, seen: Seen, key: Key) -> Response:
    """What was looked at is done; a refusal is told on the page."""
    return await _done(at, order, "changes", key=key, changes=changes, seen=seen)


@router.post("/orders/{order}/scheme/by-hand/undo")
@without_key  # the form has a one-time key of its own
async def undo_by_hand(at: Desk, order: str, *, seen: Seen, key: Key) -> Response:
    """The newest change is taken back."""
    return await _done(at, order, "undo", key=key, seen=seen)


async def _done(at: AtDesk, order: str, what: str, *, key: str, changes: str = "", seen: int) -> Response:
    card = await of_the_union(at.tx, at.viewer, order)
    if wrong := await at.once(key):
        return await _page(at, order, wrong)
    body: dict[str, Any] | None = None
    try:
        body = {"changes": json.loads(changes)} if changes else None
    except (ValueError, RecursionError):  # the latter: arrays in one another, thousands deep
        return await _page(at, order, Wrong(at.text("plan.form_used"), 409))
    path = f"/orders/{card.order_id}/scheme/{what}"
    if wrong := await at.go_on(key, SCHEDULING, path, body, if_match=seen):
        return await _page(at, order, wrong)
    return RedirectResponse(f"/orders/{order}/scheme/by-hand?done={what}", 303)


async def _page(
    at: AtDesk, order: str, wrong: Wrong | None = None, *, of: UUID | None = None, done: Done = ""
) -> Response:
    card = await of_the_union(at.tx, at.viewer, order)
    token = token_for(at.request, at.viewer.account, SECONDS)
    asked = by_hand.asked_for(at.request.query_params) if not wrong else None
    shown, refused = await by_hand.hand_page(at.tx, at.text, at.viewer.scope, card, token, asked, of)
    names = await at.names()
    return await at.page(
        "by_hand.html", wrong=wrong or (Wrong(refused, 200) if refused else None), card=card, hand=shown, just=done,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
    )  # fmt: skip
