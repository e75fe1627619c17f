"""My account: whether notices come by mail too, where to, which, and at which hours none."""

import re
from datetime import time
from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.desks.account.pages import PAGE, account_page
from portal.desks.account.shown import kinds_for
from portal.desks.at import Desk, Key, Wrong
from portal.notices import leaving
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
    """From now on; an empty address ends it. What was typed stays when it cannot be one."""
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    address = address.strip()
    account = at.viewer.account
    if not address:
        await leaving.end_wish(at.tx, account.id)
        return RedirectResponse(f"{PAGE}#mail", 303)
    without = frozenset(await kinds_for(at)) - frozenset(kinds)
    quiet = (_clock(quiet_starts), _clock(quiet_ends)) if quiet_starts and quiet_ends else None
    wish = Wish(address, quiet, without)
    if not ADDRESS.fullmatch(address):
        return await account_page(at, Wrong(at.text("mail.no_address"), 422), typed=wish)
    await leaving.keep_wish(at.tx, account.id, wish)
    return RedirectResponse(f"{PAGE}#mail", 303)


def _clock(told: str) -> time:
    return time.fromisoformat(told)
