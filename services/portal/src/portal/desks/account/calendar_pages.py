"""My account: the link by which my own calendar program shows my sessions. It is shown once, when it is made."""

from starlette.responses import RedirectResponse, Response

from portal.calendars import feeds
from portal.desks.account.pages import PAGE, account_page
from portal.desks.at import Desk, Key
from portal.web.viewer import settings_of
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
ROLES = ("instructor", "assessor", "enterprise")


@router.post("/account/calendar")
@without_key  # the form has a one-time key of its own
async def make_link(at: Desk, *, key: Key) -> Response:
    """A new link; one that there was before opens nothing any more."""
    at.only(*ROLES)
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    secret = await feeds.make(at.tx, at.viewer.account)
    link = f"{settings_of(at.request).public_url.rstrip('/')}/calendar/{secret}.ics"
    return await account_page(at, link=link)


@router.post("/account/calendar/end")
@without_key
async def end_link(at: Desk, *, key: Key) -> Response:
    """The link opens nothing any more."""
    at.only(*ROLES)
    if wrong := await at.once(key):
        return await account_page(at, wrong)
    await feeds.end(at.tx, at.viewer.account)
    return RedirectResponse(f"{PAGE}#calendar", 303)
