"""The page of notices: what waits for oneself and what is different, read one by one or all at once."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.notices import own
from portal.notices.seen import views_of
from portal.notices.shown import place_of
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
PAGE = "/notices"
MOST = 60
Kind = Annotated[str, Form(max_length=40)]
Of = Annotated[str, Form(max_length=40)]


@router.get("/notices")
async def show_notices(at: Desk) -> Response:
    """Those still to be read first."""
    return await _page(at)


@router.post("/notices/open")
@without_key  # the form has a one-time key of its own
async def open_notice(at: Desk, *, kind: Kind, key: Key, order: Of = "") -> Response:
    """It is read, and what it is about is opened."""
    if wrong := await at.once(key):
        return await _page(at, wrong)
    account = at.viewer.account
    wanted = _order(order)
    found = [
        each for each in await own.groups(at.tx, account.id) if (each.kind, each.order) == (kind, wanted)
    ]
    if not found:
        return await _page(at, Wrong(at.text("notice.gone"), 409))
    await own.read(at.tx, account.id, kind, wanted)
    return RedirectResponse(place_of(found[0], account.roles), 303)


@router.post("/notices/read")
@without_key
async def read_notices(at: Desk, *, key: Key, kind: Kind = "", order: Of = "") -> Response:
    """One group is read, or everything."""
    if wrong := await at.once(key):
        return await _page(at, wrong)
    await own.read(at.tx, at.viewer.account.id, kind or None, _order(order))
    return RedirectResponse(PAGE, 303)


async def _page(at: AtDesk, wrong: Wrong | None = None) -> Response:
    account = at.viewer.account
    groups = (await own.groups(at.tx, account.id))[:MOST]
    views = await views_of(at.tx, groups, await at.names(), account.roles)
    return await at.page(
        "notices.html", wrong=wrong, open=[each for each in views if each.open],
        read=[each for each in views if not each.open], sees_mail=account.may("union", "administrator"),
    )  # fmt: skip


def _order(told: str) -> UUID | None:
    try:
        return UUID(told) if told else None
    except ValueError:
        return None
