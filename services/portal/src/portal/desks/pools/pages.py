"""The union's page of proposals, and the page on which a member consents or declines."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import Form, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from contracts.refusals import NotFound
from portal.accounts import commands
from portal.accounts.routes import token_for
from portal.boards.cards import OrderCard
from portal.desks.orders import card_of
from portal.desks.pools.asked import PoolSeen, ProposalSeen, ProposalsSeen, do, orders_of, read
from portal.desks.union.pages import shell
from portal.web.names import Names, names_for
from portal.web.pages import page
from portal.web.viewer import (
    LOGIN,
    Language,
    Looking,
    NotForYou,
    Viewer,
    from_our_page,
    keep_language,
)
from servicekit.db import Tx
from servicekit.http import Router, Transaction, without_key

router = Router(include_in_schema=False)
SECONDS = 60
"""How long the token lasts by which order-intake is asked."""
Why = Literal["order.production_peak", "pool.travel", "pool.own_class"]
"""What a member can say when it declines or leaves."""
WHY: tuple[Why, ...] = get_args(Why)
Answer = Annotated[Literal["consent"] | Why, Form()]
Field = Annotated[str, Form(max_length=1000)]
OPEN = frozenset({"asked", "consented", "pooled"})
"""Answers that the member can still change."""


class ProposalView(BaseModel):
    """A proposal in words, and the orders that its form names."""

    title: str
    figures: list[tuple[str, str, str, str]]
    """What, apart, jointly, saved."""
    drives: str
    members: list[tuple[str, str, int, str, bool]]
    """Number, enterprise, people, travel, whether it is the host."""
    orders: str
    host: str
    key: str


@router.get("/pools")
async def show_proposals(
    request: Request, tx: Transaction, viewer: Looking, lang: Language = None
) -> Response:
    """Small orders that could be one class, with what that saves; and why not, of the others."""
    response = await _proposals(request, tx, viewer)
    keep_language(request, response, lang)
    return response


@router.post("/pools/propose")
@without_key  # the form has a one-time key of its own
async def propose(
    request: Request, tx: Transaction, viewer: Looking, *, orders: Field, host: Field, key: Field
) -> Response:
    """The union proposes the joint order; a refusal is told on the page."""
    _check_union(viewer)
    wrong, status = await _once(request, tx, viewer, key), 403
    if not wrong:
        body = {"orders": [one for one in orders.split(",") if one], "host": host}
        token = token_for(request, viewer.account, SECONDS)
        wrong = await do(tx, token, "/pools", body, key=key.partition(".")[0], text=viewer.text)
        status = 409
    if wrong:
        return await _proposals(request, tx, viewer, wrong=wrong, status=status)
    return RedirectResponse("/pools", 303)


@router.get("/orders/{order}/pool")
async def show_pool(
    request: Request, order: str, tx: Transaction, viewer: Looking, lang: Language = None
) -> Response:
    """The joint order that this order is asked for, part of, or is: who is in it, and the answers."""
    response = await _pool(request, tx, viewer, order)
    keep_language(request, response, lang)
    return response


@router.post("/orders/{order}/pool/answer")
@without_key
async def answer_pool(
    request: Request, order: str, tx: Transaction, viewer: Looking, *, answer: Answer, key: Field
) -> Response:
    """The member consents, or declines with a reason."""
    card = await _joined(tx, viewer, order)
    wrong, status = await _once(request, tx, viewer, key), 403
    if not wrong:
        consents = answer == "consent"
        step = "consent" if consents else "leave"
        body = None if consents else {"reason": {"code": answer}}
        token = token_for(request, viewer.account, SECONDS)
        path = f"/orders/{card.order_id}/pool/{step}"
        wrong = await do(tx, token, path, body, key=key.partition(".")[0], text=viewer.text)
        status = 409
    if wrong:
        return await _pool(request, tx, viewer, order, wrong=wrong, status=status)
    return RedirectResponse(f"/orders/{card.order_id}/story", 303)


async def _proposals(
    request: Request, tx: Tx, viewer: Viewer, *, wrong: str = "", status: int = 200
) -> Response:
    _check_union(viewer)
    found = await read(tx, token_for(request, viewer.account, SECONDS), "/pools/proposals", ProposalsSeen)
    names = await names_for(tx, viewer.text)
    browser = request.cookies.get(LOGIN, "")
    proposals = found.proposals if found else []
    return page(
        request, "pools.html", viewer.text, status=status, wrong=wrong, away=found is None,
        proposals=[_shown(one, names, commands.new_form_key(browser)) for one in proposals],
        alone=[
            (one.number, str(one.order_id), names.organisation(one.enterprise_id, one.enterprise_name),
             names.reason(one.reason.code, one.reason.figures))
            for one in (found.alone if found else [])
        ],
        **await shell(request, tx, viewer),
    )  # fmt: skip


def _shown(one: ProposalSeen, names: Names, key: str) -> ProposalView:
    text = names.text
    what = "、" if text.language == "zh" else ", "
    lines = what.join(
        f"{text(f'service_line.{line.service}')} {names.occupation(line.occupation)} {names.level(line.level)}"
        for line in one.lines
    )
    rows = [
        (text("pool.sessions"), one.apart.sessions, one.joint.sessions, one.saved.sessions),
        (text("pool.class_hours"), one.apart.class_hours, one.joint.class_hours, one.saved.class_hours),
    ]
    return ProposalView(
        title=text("pool.one", lines=lines, people=sum(each.heads for each in one.members)),
        figures=[
            *((name, f"{apart:,}", f"{joint:,}", f"{saved:,}") for name, apart, joint, saved in rows),
            (
                text("pool.cost"),
                f"{one.apart.total:,.2f}",
                f"{one.joint.total:,.2f}",
                f"{one.saved.total:,.2f}",
            ),
        ],
        drives=text("pool.drives", drives=one.drives_saved, minutes=one.driving_minutes_saved_at_least),
        members=[
            (
                each.number,
                names.organisation(each.enterprise_id, each.enterprise_name),
                each.heads,
                text("pool.travel_of", minutes=each.minutes, hours=each.person_minutes // 60),
                each.enterprise_id == one.host,
            )
            for each in one.members
        ],
        orders=orders_of(one.members),
        host=one.host,
        key=key,
    )


async def _pool(
    request: Request, tx: Tx, viewer: Viewer, order: str, *, wrong: str = "", status: int = 200
) -> Response:
    card = await _joined(tx, viewer, order)
    found = await read(tx, token_for(request, viewer.account, SECONDS), f"/pools/{card.joint}", PoolSeen)
    names = await names_for(tx, viewer.text)
    own = _own_answer(found, card.order_id)
    clerk, browser = "enterprise" in viewer.account.roles, request.cookies.get(LOGIN, "")
    return page(
        request, "pool.html", viewer.text, status=status, wrong=wrong, card=card, pool=found,
        until=viewer.text.moment(found.answer_by) if found and found.answer_by else "",
        members=[
            (one.number, names.organisation(one.enterprise_id, one.enterprise_name), one.heads,
             viewer.text.or_code("pool.answer", one.answer), found is not None and one.enterprise_id == found.host)
            for one in (found.members if found else [])
        ],
        may_consent=clerk and own == "asked", may_leave=clerk and own in OPEN,
        why=[(code, names.reason(code, {})) for code in WHY],
        key=commands.new_form_key(browser), other=commands.new_form_key(browser),
        **await shell(request, tx, viewer),
    )  # fmt: skip


def _own_answer(found: PoolSeen | None, order_id: UUID) -> str:
    if found is None:
        return ""
    return next((one.answer for one in found.members if one.order_id == order_id), "")


async def _joined(tx: Tx, viewer: Viewer, order: str) -> OrderCard:
    """An order that has to do with a joint one, for who sees it whole."""
    try:
        card = await card_of(tx, viewer.scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None
    if card.joint is None or not viewer.scope.sees_whole(card.enterprise_id):
        raise NotForYou("error.not_found")
    return card


async def _once(request: Request, tx: Tx, viewer: Viewer, key: str) -> str:
    """Why the form cannot be taken: it is not ours, or was used."""
    browser = request.cookies.get(LOGIN, "")
    if from_our_page(request) and await commands.use_form_key(tx, key, browser):
        return ""
    return viewer.text("plan.form_used")


def _check_union(viewer: Viewer) -> None:
    if "union" not in viewer.account.roles:
        raise NotForYou("error.forbidden")
