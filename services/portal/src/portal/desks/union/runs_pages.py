"""The union's page of the whole plan: what could be adopted, or thrown away."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.accounts.routes import token_for
from portal.desks.asking import SCHEDULING, missing
from portal.desks.at import SECONDS, AtDesk, Desk, Key, Wrong
from portal.desks.union import runs
from portal.desks.union.run_lines import run_view
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Field = Annotated[str, Form(max_length=300)]


@router.get("/federation")
async def show_runs(at: Desk) -> Response:
    """Improvements and scenarios, in figures side by side."""
    return await _runs(at)


@router.get("/federation/{kind}/{run}")
async def show_run(at: Desk, kind: runs.Kind, run: UUID) -> Response:
    """Every session of a run that would be elsewhere."""
    at.only("union")
    shown = await run_view(at.tx, at.text, at.viewer.scope, kind, run, _token(at))
    if shown == "none":
        raise NotForYou("error.no_run", 404)
    why = missing(shown, at.text) if isinstance(shown, str) else ""
    return await at.page(
        "run.html", kind=kind, id=str(run), number=str(run)[-6:], missing=why, run=None if why else shown
    )


@router.post("/federation/ask")
@without_key  # the form has a one-time key of its own
async def ask_for_improvement(
    at: Desk, *, price: Annotated[int, Form(ge=0, le=1_000_000)], key: Key
) -> Response:
    """Have a better plan sought in a copy, each change for so many points; it comes onto the page as it gets on."""
    at.only("union")
    return await _after(at, await at.act(key, SCHEDULING, "/federation/improvements", {"price": price}))


@router.post("/federation/act")
@without_key  # the form has a one-time key of its own
async def act_on_run(
    at: Desk, *, kind: Field, run: Annotated[UUID, Form()], what: Field, key: Key
) -> Response:
    """Adopt, stop or throw away; a refusal is told on the page."""
    at.only("union")
    if wrong := await at.once(key):
        return await _after(at, wrong)
    if kind not in runs.KINDS or what not in {"adopt", "drop", "stop"}:
        return await _after(at, Wrong(missing("away", at.text), 409))
    return await _after(at, await at.go_on(key, SCHEDULING, f"/federation/{kind}/{run}/{what}"))


async def _after(at: AtDesk, wrong: Wrong | None) -> Response:
    return await _runs(at, wrong) if wrong else RedirectResponse("/federation", 303)


async def _runs(at: AtDesk, wrong: Wrong | None = None) -> Response:
    at.only("union")
    shown = await runs.sections(at.tx, at.text, _token(at))
    why = missing(shown, at.text) if isinstance(shown, str) else ""
    return await at.page("runs.html", wrong=wrong, sections=() if why else shown, missing=why)


def _token(at: AtDesk) -> str | None:
    return token_for(at.request, at.viewer.account, SECONDS)
