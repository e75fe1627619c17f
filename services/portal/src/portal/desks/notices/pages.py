"""The page of notices: what waits for oneself and what is different, read one by one or all at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.notices.shown import Order, place_of, sessions_in, view_of
from portal.notices import own
from portal.notices.own import Group
from servicekit.clock import now
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
PAGE = "/notices"
MOST = 60
ORDERS = (
    "select order_id, number, enterprise_id, enterprise_name from order_card where order_id = any($1::uuid[])"
)
TIMES = """
select session_id, starts_at, ends_at from session_row
where session_id = any($1::uuid[]) and starts_at is not null and ends_at is not null"""
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
    groups = (await own.groups(at.tx, at.viewer.account.id))[:MOST]
    orders, times = await _orders(at, groups), await _times(at, groups)
    names, roles, moment = await at.names(), at.viewer.account.roles, await now(at.tx)
    views = [view_of(group, orders, times, names, roles, moment) for group in groups]
    return await at.page(
        "notices.html", wrong=wrong, open=[each for each in views if each.open],
        read=[each for each in views if not each.open],
    )  # fmt: skip


async def _orders(at: AtDesk, groups: list[Group]) -> dict[UUID, Order]:
    names = await at.names()
    rows = await at.tx.driver.fetch(ORDERS, list({group.order for group in groups if group.order}))
    return {
        row["order_id"]: Order(
            row["number"], names.organisation(row["enterprise_id"], row["enterprise_name"])
        )
        for row in rows
    }


async def _times(at: AtDesk, groups: list[Group]) -> dict[str, tuple[datetime, datetime]]:
    rows = await at.tx.driver.fetch(TIMES, sessions_in(groups))
    return {str(row["session_id"]): (row["starts_at"], row["ends_at"]) for row in rows}


def _order(told: str) -> UUID | None:
    try:
        return UUID(told) if told else None
    except ValueError:
        return None
