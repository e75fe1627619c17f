"""The page on which an order ends before it is fulfilled, or a draft is thrown away: what follows is shown first."""

from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.enterprise.asked import TAKEN, OrderSeen
from portal.desks.enterprise.impact import follows
from portal.desks.enterprise.orders import cost_of, of_the_enterprise
from portal.desks.orders import sessions_of
from portal.known import known
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
DRAFT = "draft"
WORDS = {
    "cancel": ("of.cancel_title", "of.cancel", ""),
    "withdraw": ("of.withdraw_title", "of.withdraw", "im.withdraw"),
    "discard": ("of.discard_title", "of.discard", "im.discard"),
}
"""Of each way to end: its title, its button, and what follows where that is always the same."""
OPEN = TAKEN | {DRAFT, "submitted", "returned"}


@router.get("/orders/{order}/end")
async def show_end(at: Desk, order: str) -> Response:
    """What follows when the order is withdrawn or cancelled, or the draft deleted."""
    return await _page(at, await _open(at, order))


@router.post("/orders/{order}/end")
@without_key  # the form has a one-time key of its own
async def end(
    at: Desk, order: str, *, key: Key, way: Annotated[str, Form(max_length=8)], seen_version: Annotated[int, Form()],
    reason: Annotated[str, Form(max_length=60)] = "",
) -> Response:  # fmt: skip
    """Delete what was never asked for, withdraw what was not accepted yet, cancel what was.

    Only that of the three whose page was looked at, and only of the order as it was then.
    """
    seen = await _open(at, order)
    if way != _way(seen):
        state = at.text.or_code("order_state", seen.state)
        return await _page(at, seen, Wrong(at.text("of.end_other", state=state), 409))
    cancels = seen.state in TAKEN
    body = {"reason": {"code": reason}} if cancels else None
    if wrong := await at.act(key, INTAKE, f"/orders/{seen.order_id}/{way}", body, if_match=seen_version):
        return await _page(at, await of_the_enterprise(at, order), wrong)
    if seen.state == DRAFT:
        return RedirectResponse(f"/orders/drafts?gone={seen.number}", 303)
    return RedirectResponse(f"/orders/{seen.order_id}/story", 303)


def _way(seen: OrderSeen) -> str:
    return "cancel" if seen.state in TAKEN else "discard" if seen.state == DRAFT else "withdraw"


async def _open(at: AtDesk, order: str) -> OrderSeen:
    seen = await of_the_enterprise(at, order)
    if seen.state not in OPEN:
        raise NotForYou("error.not_found")
    return seen


async def _page(at: AtDesk, seen: OrderSeen, wrong: Wrong | None = None) -> Response:
    names, cancels = await at.names(), seen.state in TAKEN
    sessions = await sessions_of(at.tx, at.viewer.scope, [seen.order_id]) if cancels else []
    cost = await cost_of(at, str(seen.order_id)) if cancels else None
    programme = known(at.tx).programmes.programmes.get(seen.programme)
    codes = programme.order_cancel_reasons if programme and cancels else {}
    title, act, always = WORDS[_way(seen)]
    told = follows(sessions, cost, names, ends=True) if cancels else [at.text(always)]
    if seen.state == DRAFT and (people := sum(one.people for one in seen.lines)):
        told.append(at.text("im.discard_people", count=people))
    return await at.page(
        "enterprise_end.html", wrong=wrong, order=seen, way=_way(seen), title=at.text(title, number=seen.number),
        act=at.text(act, number=seen.number), consequences=told,
        reasons=[(code, names.reason(code, {})) for code in codes],
    )  # fmt: skip
