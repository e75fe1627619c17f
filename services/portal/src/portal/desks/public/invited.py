"""The page of whoever was invited: they choose a user name and a password, and are logged in."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form, Request
from starlette.responses import Response

from contracts.refusals import Refused
from portal.accounts import commands, invitations
from portal.accounts.invitations import Invitation
from portal.web.limit import address_of
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.routes import BACK, logged_in
from portal.web.viewer import Language, NotForYou, from_our_page, settings_of, text_of
from servicekit.db import Tx
from servicekit.http import Router, Transaction, without_key

router = Router(include_in_schema=False)
COOKIE, WAY = "sj_invited", "/invited"
NO_FIGURES: Mapping[str, Any] = {}
Field = Annotated[str, Form(max_length=300)]


@router.get("/invited/{token}")
async def show_invitation(request: Request, token: str, tx: Transaction, lang: Language = None) -> Response:
    """Who is expected, where, as what; and the form."""
    return await _page(request, tx, await _opened(request, tx, token), lang)


@router.post("/invited/{token}")
@without_key  # the form has a one-time key of its own
async def accept(
    request: Request, token: str, *, username: Field, password: Field, again: Field, key: Field
) -> Response:
    """The account is made, the link is used up, and the browser is logged in."""
    transactions = request.app.state.transactions
    async with transactions.begin() as tx:
        told = await _opened(request, tx, token)
        browser = request.cookies.get(COOKIE, "")
        if not (browser and from_our_page(request) and await commands.use_form_key(tx, key, browser)):
            return await _page(request, tx, told, None, problem="login.form_used", status=403)
        if password != again:
            return await _page(
                request, tx, told, None, problem="account.not_the_same", status=422, typed=username
            )
    try:
        async with transactions.begin() as tx:
            account = await invitations.accept(tx, token, username, password)
    except Refused as no:
        async with transactions.begin() as tx:
            told = await _opened(request, tx, token)
            return await _page(
                request,
                tx,
                told,
                None,
                problem=no.code,
                status=no.status,
                typed=username,
                figures=no.parameters,
            )
    response = await logged_in(request, account, BACK)
    response.delete_cookie(COOKIE, path=WAY)
    return response


async def _opened(request: Request, tx: Tx, token: str) -> Invitation:
    """Whoever tries links is counted with those who try passwords."""
    wrong = request.app.state.door.wrong
    if wrong.full(address_of(request)):
        raise NotForYou("error.too_often", 429)
    try:
        return await invitations.opened(tx, token)
    except Refused:
        wrong.note(address_of(request))
        raise NotForYou("error.invitation", 404) from None


async def _page(
    request: Request, tx: Tx, told: Invitation, lang: str | None, *, problem: str = "", status: int = 200,
    typed: str = "", figures: Mapping[str, Any] = NO_FIGURES,
) -> Response:  # fmt: skip
    text = text_of(request, lang)
    names = await names_for(tx, text)
    browser = request.cookies.get(COOKIE) or commands.new_browser()
    response = page(
        request, "invited.html", text, status=status, invited=told, username=typed,
        whose=names.organisation(told.organisation) if told.organisation else "",
        roles=text.joined(text(f"role.{role}") for role in sorted(told.roles)),
        problem=text.refusal(problem, **figures) if problem else "", key=commands.new_form_key(browser),
    )  # fmt: skip
    secure = settings_of(request).secure
    response.set_cookie(
        COOKIE, browser, max_age=12 * 3600, httponly=True, samesite="lax", secure=secure, path=WAY
    )
    return response
