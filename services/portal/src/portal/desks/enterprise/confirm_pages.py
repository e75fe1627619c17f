"""The page on which the enterprise signs exactly the version that it has seen, or gives it back with reasons."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from contracts.refusals import NotFound
from portal.boards.cards import OrderCard
from portal.desks.asking import INTAKE, SCHEDULING, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.enterprise.asked import WorksSeen
from portal.desks.enterprise.confirm import ToSign, ToSignSeen, to_sign
from portal.desks.enterprise.orders import rules_of
from portal.desks.orders import card_of
from portal.desks.union.changed import DifferencesSeen
from portal.known import known
from portal.web.names import names_for
from portal.web.sheets import Sheet, excel
from portal.web.viewer import NotForYou
from servicekit.clock import today
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Version = Annotated[int, Form(ge=1, le=1_000_000)]
Reasons = Annotated[list[str], Form(max_length=8)]


@router.get("/orders/{order}/confirm")
async def show_scheme(at: Desk, order: str) -> Response:
    """The timetable by crew, the money, what differs from before, and the one button."""
    return await _page(at, await _card(at, order))


@router.get("/orders/{order}/confirm.xlsx")
async def save_scheme(at: Desk, order: str) -> Response:
    """The timetable as Excel."""
    card = await _card(at, order)
    shown = await _shown(at, card)
    if isinstance(shown, Wrong):
        return await _page(at, card)
    text, name = at.text, at.text("cf.file", number=card.number, version=shown.version)
    if shown.examined:
        told = [(text("cf.what"), shown.examined), *shown.figures]
        return excel([Sheet(name, [what for what, _ in told], [[said for _, said in told]])], name)
    head = [
        text("column.when"),
        text("cf.clock"),
        text("column.cohort"),
        text("column.unit"),
        text("cf.person"),
    ]
    head += [text("column.place"), text("cf.hours"), text("cf.people"), text("cf.who"), text("cf.notes")]
    rows = [
        (
            one.when,
            one.hours_of_day,
            one.cohort,
            one.unit,
            one.person,
            one.place,
            one.hours,
            one.people,
            one.away,
            text.listed(one.notes(text)),
        )
        for one in shown.lines
    ]
    return excel([Sheet(name, head, rows)], name)


@router.post("/orders/{order}/confirm")
@without_key  # the form has a one-time key of its own
async def confirm(
    at: Desk, order: str, *, version: Version, hash: Annotated[str, Form(max_length=64)], key: Key  # noqa: A002
) -> Response:  # fmt: skip
    """Sign the version that was shown, by its hash."""
    card = await _card(at, order)
    body = {"version": version, "hash": hash}
    if wrong := await at.act(key, SCHEDULING, f"/orders/{card.order_id}/scheme/confirm", body):
        return await _page(at, card, wrong)
    return RedirectResponse(f"/orders/{card.order_id}/story", 303)


@router.post("/orders/{order}/confirm/decline")
@without_key
async def decline(at: Desk, order: str, *, version: Version, key: Key, reason: Reasons = []) -> Response:  # noqa: B006
    """Give it back, with reasons of the programme."""
    card = await _card(at, order)
    if not reason:
        return await _page(at, card, Wrong(at.text("cf.no_reason"), 422), reason)
    body = {"version": version, "reasons": [{"code": code} for code in reason]}
    if wrong := await at.act(key, SCHEDULING, f"/orders/{card.order_id}/scheme/decline", body):
        return await _page(at, card, wrong, reason)
    return RedirectResponse(f"/orders/{card.order_id}/story", 303)


async def _card(at: AtDesk, order: str) -> OrderCard:
    at.only("enterprise")
    try:
        card = await card_of(at.tx, at.viewer.scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None
    if not at.viewer.scope.sees_whole(card.enterprise_id):
        raise NotForYou("error.not_found")
    return card


async def _shown(at: AtDesk, card: OrderCard) -> ToSign | Wrong:
    seen = await at.read(SCHEDULING, f"/orders/{card.order_id}/scheme", ToSignSeen)
    works = await at.read(INTAKE, f"/enterprises/{card.enterprise_id}", WorksSeen)
    if not isinstance(seen, ToSignSeen) or not isinstance(works, WorksSeen):
        why = seen if isinstance(seen, str) else works if isinstance(works, str) else "away"
        return Wrong(missing(why, at.text), 409)
    differing = None
    if seen.in_force and seen.in_force != seen.version:
        way = f"/orders/{card.order_id}/schemes/{seen.in_force}/differences/{seen.version}"
        told = await at.read(SCHEDULING, way, DifferencesSeen)
        differing = told if isinstance(told, DifferencesSeen) else None
    programme = known(at.tx).programmes.programmes[card.programme]
    people = {one.person_id for one in seen.sessions if one.person_id}
    names = await names_for(at.tx, at.text, at.viewer.scope, people)
    return to_sign(seen, works, programme, differing, rules_of(at), names, await today(at.tx))


async def _page(
    at: AtDesk, card: OrderCard, wrong: Wrong | None = None, given: Sequence[str] | None = None
) -> Response:
    """With the reasons of `given`, if it was to be given back: what was pressed stands open, with why not."""
    shown, names = await _shown(at, card), await at.names()
    programme = known(at.tx).programmes.programmes[card.programme]
    scheme, away = (None, shown.text) if isinstance(shown, Wrong) else (shown, "")
    return await at.page(
        "enterprise_confirm.html", wrong=wrong, given=given, card=card, scheme=scheme, away=away,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        reasons=[(code, names.reason(code, {})) for code in programme.return_reasons],
    )  # fmt: skip
