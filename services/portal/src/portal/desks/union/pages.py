"""The union's pages: the board (U1), the story of an order (U9), the report. Others see their own orders on them."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Request
from fastapi import Query as QueryField
from starlette.responses import Response

from contracts.refusals import Invalid, NotFound
from contracts.sentences import sentences_of
from contracts.values import OccupationCode
from portal.accounts.routes import token_for
from portal.boards.cards import Desk, OrderCard
from portal.desks.enterprise.plain import plain_of
from portal.desks.frame import frame
from portal.desks.orders import card_of
from portal.desks.past import as_it_was
from portal.desks.union import seen, story
from portal.desks.union.due import StepView, due_on, page_of, steps_of
from portal.desks.union.fair import fair_page
from portal.desks.union.folded import Folded, folded
from portal.desks.union.shown import as_on, card_view
from portal.desks.union.then import then_view
from portal.stuck import Stuck, TriesOf, Watch
from portal.web.names import names_for
from portal.web.pages import page
from portal.web.viewer import ASK, Language, Looking, NotForYou, Viewer, keep_language
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.http import Router, Transaction

router = Router(include_in_schema=False)
At = Annotated[str, ASK(alias="at", description="2026-05-06T15:02, local time.")]
READ_SECONDS = 60
"""How long the token lasts by which scheduling is asked for a scheme's content."""
Field = Annotated[str, Form(max_length=300)]
Year = QueryField(ge=2000, le=2100)


@router.get("/orders/{order}/story")
async def show_story(
    request: Request,
    order: str,
    tx: Transaction,
    viewer: Looking,
    lang: Language = None,
    *,
    all: bool = False,  # noqa: A002  the word in the address
    at: At = "",
) -> Response:
    """Every fact of an order, the newest first; with `at` as it was then."""
    if at:
        response = await _past(request, tx, viewer, order, at, everything=all)
        keep_language(request, response, lang)
        return response
    given = await _story(request, tx, viewer, order, everything=all)
    await seen.looked_at(tx, viewer.account.id, given["card"])
    response = page(
        request, "story.html", viewer.text, asked="", wrong="", **given, **await frame(request, tx, viewer)
    )
    keep_language(request, response, lang)
    return response


@router.get("/orders/{order}/story/part")
async def show_story_part(
    request: Request,
    order: str,
    tx: Transaction,
    viewer: Looking,
    *,
    all: bool = False,  # noqa: A002
) -> Response:
    """The changing part of the story."""
    given = await _story(request, tx, viewer, order, everything=all)
    return page(request, "story_part.html", viewer.text, **given)


@router.get("/fairness")
async def show_fairness(
    request: Request,
    tx: Transaction,
    viewer: Looking,
    year: Annotated[int | None, Year] = None,
    occupation: Annotated[OccupationCode | None, QueryField()] = None,
    lang: Language = None,
) -> Response:
    """Who has how much of hours, trips, evenings and weekends, and whose qualification ends: a college its own part."""
    if viewer.account.roles.isdisjoint({"union", "college"}):
        raise NotForYou("error.forbidden", roles=("union", "college"))
    token = token_for(request, viewer.account, READ_SECONDS)
    shown = await fair_page(tx, viewer.text, viewer.scope, year, occupation, token)
    response = page(request, "fair.html", viewer.text, fair=shown, **await frame(request, tx, viewer))
    keep_language(request, response, lang)
    return response


@router.get("/help")
async def show_help(request: Request, tx: Transaction, viewer: Looking, lang: Language = None) -> Response:
    """The keys, and what a desk's people do until its own pages come: the documented calls."""
    response = page(
        request, "help.html", viewer.text, steps=steps_of(viewer.account.roles, viewer.text),
        token=[StepView(viewer.text("help.token"), "portal", "POST /token")],
        **await frame(request, tx, viewer),
    )  # fmt: skip
    keep_language(request, response, lang)
    return response


def stuck_for(request: Request, viewer: Viewer, order: UUID | None = None) -> Sequence[Stuck]:
    """What is parked, for those who see every order; nobody else can do anything about it."""
    watch: Watch = request.app.state.stuck
    if not viewer.scope.everything:
        return ()
    return watch.of(order) if order else watch.everything


def tries_for(request: Request, viewer: Viewer) -> TriesOf:
    """Which long work of an order is tried again, for those who see every order."""
    watch: Watch = request.app.state.stuck
    return watch.tries_of if viewer.scope.everything else lambda _: ()


async def _card(tx: Tx, viewer: Viewer, order: str) -> OrderCard:
    try:
        return await card_of(tx, viewer.scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None


async def of_the_union(tx: Tx, viewer: Viewer, order: str) -> OrderCard:
    """The order, for somebody of the union."""
    if "union" not in viewer.account.roles:
        raise NotForYou("error.forbidden", roles=("union",))
    return await _card(tx, viewer, order)


async def _story(request: Request, tx: Tx, viewer: Viewer, order: str, *, everything: bool) -> dict[str, Any]:
    card = await _card(tx, viewer, order)
    at = await now(tx)
    told = await story.tell(tx, viewer.text, viewer.scope, card)
    names = await names_for(tx, viewer.text)
    now_card = as_on(card, names, at)
    stuck = stuck_for(request, viewer, card.order_id)
    view = card_view(now_card, names, at, seen=card.version, home=viewer.turn, stuck=bool(stuck),
                     tries=tries_for(request, viewer)(card.order_id))  # fmt: skip
    return {
        "card": card,
        "view": view,
        "stuck": stuck,
        "due": due_on(now_card, viewer.turn, viewer.text),
        "do": page_of(now_card, viewer.turn),
        "plain": plain_of(card, viewer.text) if viewer.home == Desk.ENTERPRISE else None,
        "facts": _shown(told, viewer, everything=everything),
        "total": len(told),
        "everything": everything,
        "as_of": viewer.text.clock(at),
        "latest": viewer.text.field(at),
    }


def _shown(told: Sequence[story.Sentence], viewer: Viewer, *, everything: bool) -> list[Folded]:
    shown = [fact for fact in reversed(told) if everything or fact.important]
    return folded(shown, viewer.text.zone)


async def _past(
    request: Request, tx: Tx, viewer: Viewer, order: str, asked: str, *, everything: bool
) -> Response:
    """The story up to a moment, and where the order stood; a moment that cannot be is told beside the field."""
    card = await _card(tx, viewer, order)
    around = await frame(request, tx, viewer)
    try:
        past = await as_it_was(tx, viewer.scope, card, asked)
    except Invalid as wrong:
        why = sentences_of(wrong.code, wrong.parameters)[viewer.text.language]
        given = await _story(request, tx, viewer, order, everything=everything) | around
        return page(request, "story.html", viewer.text, status=wrong.status, asked=asked, wrong=why, **given)
    token = token_for(request, viewer.account, READ_SECONDS)
    then = await then_view(tx, viewer.text, viewer.scope, past, token, viewer.turn)
    told = await story.tell(tx, viewer.text, viewer.scope, card, past)
    return page(
        request, "story_then.html", viewer.text, card=card, then=then, asked=asked, everything=everything,
        facts=_shown(told, viewer, everything=everything), total=len(told),
        whole=viewer.scope.sees_whole(card.enterprise_id), latest=viewer.text.field(await now(tx)), **around,
    )  # fmt: skip
