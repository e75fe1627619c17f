"""The union's page of a scheme (U4): the timetable with its reasons, approving it, giving it back, changing it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Form, Query
from starlette.responses import RedirectResponse, Response

from portal.boards.cards import OrderCard
from portal.desks.asking import SCHEDULING, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.union import schemes
from portal.desks.union.pages import of_the_union
from portal.desks.union.scheme_sheet import sheets_of
from portal.desks.union.timetable import Change, timetable_of
from portal.desks.union.week import Asked
from portal.web.sheets import excel
from portal.web.usual import usual
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Field = Annotated[str, Form(max_length=300)]
Changes = Annotated[str, Form(max_length=10_000)]
Chosen = Annotated[str, Form(max_length=36)]
Seen = Annotated[int, Form(ge=0)]
"""The scheme's row version that the page showed: what somebody else changed meanwhile is not written over."""
Version = Annotated[int, Form(ge=1, le=1_000_000)]
Asking = Annotated[str, Query(max_length=60)]
CAN_BE_ASKED = ("do", "session_id", "other_id", "day", "band", "person_id")
CHANGED = "changed"


class Stood(NamedTuple):
    """Where somebody stood on the page when they sent a form: they stand there again when it is done."""

    week: str
    session: str
    only: str


async def _stood(week: Chosen = "", session: Chosen = "", only: Chosen = "") -> Stood:
    return Stood(week, session, only)


Standing = Annotated[Stood, Depends(_stood)]


@router.get("/orders/{order}/scheme")
async def show_scheme(
    at: Desk,
    order: str,
    *,
    week: Asking = "",
    session: Asking = "",
    only: Annotated[Literal["", "changed"], usual("")] = "",
) -> Response:
    """The week, the session that is chosen, what a change would mean; then the plans that could be taken instead."""
    card = await of_the_union(at.tx, at.viewer, order)
    asked = _asked(card, Stood(week, session, only))
    return await _scheme(at, card, asked, change=_change(at.request.query_params, asked))


@router.get("/orders/{order}/scheme/part")
async def show_drafting(
    at: Desk, order: str, *, week: Asking = "", session: Asking = "", only: Asking = ""
) -> Response:
    """The changing part, while a draft is being made; what was chosen on the page stays chosen."""
    card = await of_the_union(at.tx, at.viewer, order)
    asked = _asked(card, Stood(week, session, only))
    return at.part(
        "scheme_part.html", **await _given(at, card, asked, _change(at.request.query_params, asked))
    )


@router.get("/orders/{order}/scheme.xlsx")
async def download_scheme(at: Desk, order: str) -> Response:
    """The newest version, a sheet for each cohort."""
    card = await of_the_union(at.tx, at.viewer, order)
    found = await sheets_of(at, card)
    if isinstance(found, str):
        return await _scheme(at, card, Asked(_base(card)), wrong=Wrong(missing(found, at.text), 409))
    return excel(found, f"{card.number} {at.text('plan.title')}")


@router.post("/orders/{order}/scheme/take")
@without_key  # the form has a one-time key of its own
async def take_alternative(
    at: Desk, order: str, *, way: Field, seen: Seen, key: Key, stood: Standing
) -> Response:
    """One of the plans becomes the next version; a refusal is told on the page."""
    path = f"alternatives/{quote(way, safe='')}/take"
    return await _acted(at, order, path, key, stood, seen=seen)


@router.post("/orders/{order}/scheme/change")
@without_key
async def change_session(
    at: Desk, order: str, *, changes: Changes, seen: Seen, key: Key, stood: Standing
) -> Response:
    """What was looked at is done; the page shows the session where it is then."""
    card = await of_the_union(at.tx, at.viewer, order)
    try:
        body = {"changes": json.loads(changes)}
    except (ValueError, RecursionError):  # the latter: arrays in one another, thousands deep
        wrong: Wrong | None = Wrong(at.text("plan.form_used"), 422)
    else:
        wrong = await at.act(key, SCHEDULING, f"/orders/{card.order_id}/scheme/changes", body, if_match=seen)
    asked = _asked(card, stood)
    if wrong:
        return await _scheme(at, card, asked, wrong=wrong)
    return _back(asked)


@router.post("/orders/{order}/scheme/undo")
@without_key
async def undo_change(at: Desk, order: str, *, seen: Seen, key: Key, stood: Standing) -> Response:
    """The newest change is taken back."""
    return await _acted(at, order, "undo", key, stood, seen=seen)


@router.post("/orders/{order}/scheme/approve")
@without_key
async def approve(
    at: Desk, order: str, *, version: Version, hash: Field, key: Key, stood: Standing  # noqa: A002
) -> Response:  # fmt: skip
    """The union signs exactly the version that was shown."""
    return await _acted(at, order, "approve", key, stood, {"version": version, "hash": hash})


@router.post("/orders/{order}/scheme/decline")
@without_key
async def give_back(
    at: Desk,
    order: str,
    *,
    version: Version,
    key: Key,
    stood: Standing,
    reason: Annotated[list[str], Form(max_length=8)] = [],  # noqa: B006
) -> Response:
    """The version is given back for one reason or several; those that were ticked stay if it is refused."""
    body = {"version": version, "reasons": [{"code": code} for code in reason]}
    return await _acted(at, order, "decline", key, stood, body, given=reason)


@router.post("/orders/{order}/scheme/redraft")
@without_key
async def draft_again(at: Desk, order: str, *, seen: Seen, key: Key, stood: Standing) -> Response:
    """Another draft is asked for: it comes as the next version."""
    return await _acted(at, order, "redraft", key, stood, seen=seen)


async def _acted(
    at: AtDesk,
    order: str,
    what: str,
    key: str,
    stood: Stood,
    body: Mapping[str, object] | None = None,
    *,
    seen: int | None = None,
    given: Sequence[str] | None = None,
) -> Response:
    card = await of_the_union(at.tx, at.viewer, order)
    asked = _asked(card, stood)
    if wrong := await at.act(key, SCHEDULING, f"/orders/{card.order_id}/scheme/{what}", body, if_match=seen):
        return await _scheme(at, card, asked, wrong=wrong, given=given)
    return _back(asked)


def _back(asked: Asked) -> Response:
    chosen = asked.monday or asked.session or asked.only_changed
    return RedirectResponse(asked.address(asked.monday, asked.session) if chosen else asked.base, 303)


async def _scheme(
    at: AtDesk, card: OrderCard, asked: Asked, *, change: Change | None = None, wrong: Wrong | None = None,
    given: Sequence[str] | None = None,
) -> Response:  # fmt: skip
    """With the reasons of `given`, if it was to be given back: that form stands open, with why not."""
    return await at.page(
        "scheme.html", wrong=wrong, **await _given(at, card, asked, change) | {"given": given}
    )


async def _given(at: AtDesk, card: OrderCard, asked: Asked, change: Change | None) -> dict[str, Any]:
    way = f"/orders/{card.order_id}/scheme"
    scheme, beside = await asyncio.gather(  # both at once, and once: none touches `tx`
        at.fetch(SCHEDULING, way), at.read(SCHEDULING, f"{way}/alternatives", schemes.BesideSeen)
    )
    shown = await schemes.scheme_page(at.tx, at.text, at.viewer.scope, card.order_id, scheme, beside)
    names = await at.names()
    return {
        "card": card,
        "scheme": shown,
        "comes": bool(shown.drafting) or (shown.unheard and card.state == "accepted"),
        "table": await timetable_of(at, card, scheme, asked, change),
        "asked": asked,
        "given": None,
        "enterprise": names.organisation(card.enterprise_id, card.enterprise_name),
        "keys": {way.code: at.new_key() for way in shown.ways},
    }


def _base(card: OrderCard) -> str:
    return f"/orders/{card.order_id}/scheme"


def _asked(card: OrderCard, stood: Stood) -> Asked:
    return Asked(_base(card), _day(stood.week), _id(stood.session), stood.only == CHANGED)


def _change(query: Mapping[str, str], asked: Asked) -> Change | None:
    """What the address asks to be looked at; of the chosen session, where none is named."""
    if not query.get("do"):
        return None
    found = {name: query[name][:60] for name in CAN_BE_ASKED if query.get(name)}
    return {"session_id": str(asked.session)} | found if asked.session else found


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None
