"""The page on which an order ends before it is fulfilled: what follows is shown first."""

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
OPEN = TAKEN | {"submitted", "returned"}


@router.get("/orders/{order}/end")
async def show_end(at: Desk, order: str) -> Response:
    """What follows when the order is withdrawn or cancelled."""
    return await _page(at, await _open(at, order))


@router.post("/orders/{order}/end")
@without_key  # the form has a one-time key of its own
async def end(
    at: Desk, order: str, *, key: Key, reason: Annotated[str, Form(max_length=60)] = ""
) -> Response:
    """Withdraw what was not accepted yet, cancel what was."""
    seen = await _open(at, order)
    cancels = seen.state in TAKEN
    body = {"reason": {"code": reason}} if cancels else None
    path = f"/orders/{seen.order_id}/{'cancel' if cancels else 'withdraw'}"
    if wrong := await at.act(key, INTAKE, path, body):
        return await _page(at, await of_the_enterprise(at, order), wrong)
    return RedirectResponse(f"/orders/{seen.order_id}/story", 303)


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
    title = at.text("of.cancel_title" if cancels else "of.withdraw_title", number=seen.number)
    return await at.page(
        "enterprise_end.html", wrong=wrong, order=seen, title=title,
        act=at.text("of.cancel" if cancels else "of.withdraw", number=seen.number),
        consequences=follows(sessions, cost, names, ends=True) if cancels else [at.text("im.withdrawn")],
        reasons=[(code, names.reason(code, {})) for code in codes],
    )  # fmt: skip
