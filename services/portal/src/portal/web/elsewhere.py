"""Signing in at the organisation's own OpenID provider, where one is set. An account is found, never made."""

from typing import Annotated

import httpx
import structlog
from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands, people
from portal.accounts.provider import NotVouched, Provider
from portal.settings import Settings
from portal.web.routes import BACK, logged_in, own_way
from portal.web.viewer import NotForYou, settings_of
from servicekit.http import Router

router = Router(include_in_schema=False)
WAY = "/login/elsewhere"
BROWSER, WANTED = "sj_elsewhere", "sj_wanted"
SECONDS = 600
"""How long somebody may take at the provider."""
Told = Annotated[str, Query(max_length=4000)]
log = structlog.get_logger("login")


@router.get("/login/elsewhere")
async def leave(request: Request, back: Told = BACK) -> Response:
    """On to the provider."""
    provider = _provider(settings_of(request))
    browser = commands.new_browser()
    state = commands.new_form_key(browser)
    try:
        way = await provider.way_to(state, browser)
    except (httpx.HTTPError, KeyError, ValueError) as error:
        log.warning("the provider does not answer", error=repr(error))
        raise NotForYou("error.provider_away", 503) from error
    response = RedirectResponse(way, 303)
    secure = settings_of(request).secure
    for name, value in ((BROWSER, browser), (WANTED, own_way(back))):
        response.set_cookie(
            name, value, max_age=SECONDS, httponly=True, samesite="lax", secure=secure, path=WAY
        )
    return response


@router.get("/login/elsewhere/back")
async def come_back(request: Request, code: Told = "", state: Told = "") -> Response:
    """Whoever the provider sends is logged in, if the same browser began here, once, and has an account."""
    provider = _provider(settings_of(request))
    browser = request.cookies.get(BROWSER, "")
    transactions = request.app.state.transactions
    async with transactions.begin() as tx:
        began = bool(browser) and await commands.use_form_key(tx, state, browser)
    if not began or not code:
        raise NotForYou("error.not_begun_here")
    try:
        name = await provider.came_back(code, state, browser)
    except NotVouched as error:
        log.warning("the provider vouches for nobody", error=repr(error.__cause__))
        raise NotForYou("error.not_vouched") from error
    except httpx.HTTPError as error:
        log.warning("the provider does not answer", error=repr(error))
        raise NotForYou("error.provider_away", 503) from error
    async with transactions.begin() as tx:
        account = await people.found(tx, name)
    if account is None:
        raise NotForYou("error.no_account")
    response = await logged_in(request, account, request.cookies.get(WANTED, BACK))
    for each in (BROWSER, WANTED):
        response.delete_cookie(each, path=WAY)
    return response


def _provider(settings: Settings) -> Provider:
    """The one that is set; without one there is no such page."""
    if not settings.oidc_issuer:
        raise NotForYou("error.not_found")
    return Provider(
        settings.oidc_issuer, settings.oidc_client, settings.oidc_secret.get_secret_value(), settings.oidc_claim,
        f"{settings.public_url.rstrip('/')}{WAY}/back",
    )  # fmt: skip
