"""The union's page of the whole plan: what could be adopted, or thrown away."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands
from portal.accounts.routes import token_for
from portal.desks.frame import frame
from portal.desks.union import runs
from portal.desks.union.pages import READ_SECONDS
from portal.desks.union.run_lines import run_view
from portal.web.pages import page
from portal.web.viewer import LOGIN, Language, Looking, NotForYou, Viewer, from_our_page, keep_language
from servicekit.db import Tx
from servicekit.http import Router, Transaction, without_key

router = Router(include_in_schema=False)
Field = Annotated[str, Form(max_length=300)]


@router.get("/federation")
async def show_runs(request: Request, tx: Transaction, viewer: Looking, lang: Language = None) -> Response:
    """Improvements and scenarios, in figures side by side."""
    response = await _runs(request, tx, viewer)
    keep_language(request, response, lang)
    return response


@router.get("/federation/{kind}/{run}")
async def show_run(
    request: Request, kind: runs.Kind, run: UUID, tx: Transaction, viewer: Looking, lang: Language = None
) -> Response:
    """Every session of a run that would be elsewhere."""
    _only_the_union(viewer)
    token = token_for(request, viewer.account, READ_SECONDS)
    shown = await run_view(tx, viewer.text, viewer.scope, kind, run, token)
    missing = viewer.text(f"plan.missing_{shown}") if isinstance(shown, str) else ""
    response = page(
        request, "run.html", viewer.text, kind=kind, number=str(run)[-6:], missing=missing,
        run=None if missing else shown, **await frame(request, tx, viewer),
    )  # fmt: skip
    keep_language(request, response, lang)
    return response


@router.post("/federation/ask")
@without_key  # the form has a one-time key of its own
async def ask_for_improvement(
    request: Request,
    tx: Transaction,
    viewer: Looking,
    *,
    price: Annotated[int, Form(ge=0, le=1_000_000)],
    key: Field,
) -> Response:
    """Have a better plan sought in a copy; it comes onto the page as it gets on."""
    return await _done(request, tx, viewer, partial(runs.ask, price=price), key)


@router.post("/federation/act")
@without_key  # the form has a one-time key of its own
async def act_on_run(
    request: Request,
    tx: Transaction,
    viewer: Looking,
    *,
    kind: Field,
    run: Annotated[UUID, Form()],
    what: Field,
    key: Field,
) -> Response:
    """Adopt, stop or throw away; a refusal is told on the page."""
    return await _done(request, tx, viewer, partial(runs.act, kind=kind, run=str(run), what=what), key)


async def _done(
    request: Request, tx: Tx, viewer: Viewer, do: Callable[..., Awaitable[str]], key: str
) -> Response:
    _only_the_union(viewer)
    browser = request.cookies.get(LOGIN, "")
    if not from_our_page(request) or not await commands.use_form_key(tx, key, browser):
        return await _runs(request, tx, viewer, wrong=viewer.text("plan.form_used"), status=403)
    token = token_for(request, viewer.account, READ_SECONDS)
    wrong = await do(tx, token, key=key.partition(".")[0], text=viewer.text)
    if wrong:
        return await _runs(request, tx, viewer, wrong=wrong, status=409)
    return RedirectResponse("/federation", 303)


async def _runs(request: Request, tx: Tx, viewer: Viewer, *, wrong: str = "", status: int = 200) -> Response:
    _only_the_union(viewer)
    token = token_for(request, viewer.account, READ_SECONDS)
    shown = await runs.sections(tx, viewer.text, token)
    missing = viewer.text(f"plan.missing_{shown}") if isinstance(shown, str) else ""
    return page(
        request, "runs.html", viewer.text, status=status, sections=() if missing else shown, missing=missing,
        wrong=wrong, new_key=lambda: commands.new_form_key(request.cookies.get(LOGIN, "")),
        **await frame(request, tx, viewer),
    )  # fmt: skip


def _only_the_union(viewer: Viewer) -> None:
    if "union" not in viewer.account.roles:
        raise NotForYou("error.forbidden")
