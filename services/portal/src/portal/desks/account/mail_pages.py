"""My account: whether notices come by mail too, where to, which, and at which hours none."""

import re
from datetime import time
from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.desks.account.pages import PAGE, account_page
from portal.desks.account.shown import kinds_for
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.notices import addresses, leaving
from portal.notices.addresses import NOBODY
from portal.notices.leaving import Wish
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
ADDRESS = re.compile(r"[^@\s,;<>\"()]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
Clock = Annotated[str, Form(max_length=5, pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]


@router.post("/account/mail")
@without_key  # the form has a one-time key of its own
async def choose_mail(
    at: Desk, *, key: Key, address: Annotated[str, Form(max_length=254)] = "",
    kinds: Annotated[list[str], Form(max_length=40)] = [],  # noqa: B006  none is chosen
    quiet_starts: Clock = "", quiet_ends: Clock = "",
) -> Response:  # fmt: skip
    """From now on; another address once its link is opened; an empty one ends it. What was typed wrongly stays."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    address, account = address.strip(), at.viewer.account.id
    if not address:
        await addresses.drop(at.tx, account)
        await leaving.end_wish(at.tx, account)
        return _kept()
    without = frozenset(await kinds_for(at)) - frozenset(kinds)
    quiet = (_clock(quiet_starts), _clock(quiet_ends)) if quiet_starts and quiet_ends else None
    if not ADDRESS.fullmatch(address):
        return await account_page(
            at, Wrong(at.text("mail.no_address"), 422), typed=Wish(address, quiet, without)
        )
    kept = await leaving.wish_of(at.tx, account) or NOBODY
    await leaving.keep_wish(at.tx, account, Wish(kept.address, quiet, without))
    if address == kept.address:
        await addresses.drop(at.tx, account)
        return _kept()
    waiting = await addresses.waiting(at.tx, account)
    return _kept() if waiting and waiting.address == address else await _ask(at, address)


@router.post("/account/mail/again")
@without_key
async def send_again(at: Desk, *, key: Key) -> Response:
    """Another link to the address that waits; the one before opens nothing any more."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    waiting = await addresses.waiting(at.tx, at.viewer.account.id)
    if waiting is None:
        return await account_page(at, Wrong(at.text("mail.nothing_waits"), 409))
    return await _ask(at, waiting.address)


@router.post("/account/mail/drop")
@without_key
async def drop_address(at: Desk, *, key: Key) -> Response:
    """The address that waits is wanted no longer; one that was confirmed before counts on."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    await addresses.drop(at.tx, at.viewer.account.id)
    return _kept()


async def _ask(at: AtDesk, address: str) -> Response:
    if await addresses.ask(at.tx, at.viewer.account.id, address):
        return _kept()
    return await account_page(at, Wrong(at.text("mail.asked_too_often"), 429))


def _kept() -> Response:
    return RedirectResponse(f"{PAGE}#mail", 303)


def _clock(told: str) -> time:
    return time.fromisoformat(told)
