"""The page behind the link that was sent to an address: whoever reads there confirms it, by a form, once.

Opening the link alone changes nothing: programs that look through mails open every link.
"""

from typing import Literal

from fastapi import Request
from starlette.responses import Response

from portal.accounts import people
from portal.notices import addresses
from portal.notices.addresses import Waiting
from portal.web.limit import address_of
from portal.web.pages import page
from portal.web.viewer import Language, NotForYou, from_our_page, text_of
from servicekit.db import Tx
from servicekit.http import Router, Transaction, without_key

Done = Literal["", "confirmed", "already"]
router = Router(include_in_schema=False)


@router.get("/mail/{token}")
async def show_address(request: Request, token: str, tx: Transaction, lang: Language = None) -> Response:
    """Whose notices are to come to which address, and the button."""
    used, found = await _meant(request, tx, token)
    return await _page(request, tx, found, lang, done="already" if used else "")


@router.post("/mail/{token}")
@without_key  # the link is good once
async def confirm_address(request: Request, token: str, tx: Transaction, lang: Language = None) -> Response:
    """The address is written to from now on; the link is used up."""
    if not from_our_page(request):
        raise NotForYou("error.forbidden")
    used, found = await _meant(request, tx, token)
    if used:  # pressed twice, or loaded anew
        return await _page(request, tx, found, lang, done="already")
    await addresses.confirm(tx, found)
    return await _page(request, tx, found, lang, done="confirmed")


async def _meant(request: Request, tx: Tx, token: str) -> tuple[bool, Waiting]:
    """Whether the link has done its work, and what it is for; who tries links is counted as who tries passwords."""
    if used := await addresses.confirmed(tx, token):
        return True, used
    wrong, address = request.app.state.door.wrong, address_of(request)
    if wrong.full(address):
        raise NotForYou("error.wait_seconds", 429, wait=wrong.wait(address))
    found = await addresses.opened(tx, token)
    if found is None and (used := await addresses.confirmed(tx, token)):
        return True, used  # pressed twice at once: `opened` has waited until the first press was done
    if found is None or await people.still_there(tx, found.account) is None:
        wrong.note(address)
        raise NotForYou("error.address_link", 404)
    return False, found


async def _page(request: Request, tx: Tx, found: Waiting, lang: str | None, done: Done = "") -> Response:
    account = await people.still_there(tx, found.account)
    return page(
        request, "mail_address.html", text_of(request, lang), address=found.address, done=done,
        name=account.name if account else "",
    )  # fmt: skip
