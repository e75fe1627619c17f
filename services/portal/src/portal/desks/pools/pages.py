"""The union's page of proposals, and the page on which a member consents or declines."""

from typing import Annotated, Literal, get_args
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from contracts.refusals import NotFound
from portal.boards.cards import OrderCard
from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import card_of
from portal.desks.pools.asked import PoolSeen, ProposalSeen, ProposalsSeen, orders_of
from portal.web.names import Names
from portal.web.viewer import NotForYou
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
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
async def show_proposals(at: Desk) -> Response:
    """Small orders that could be one class, with what that saves; and why not, of the others."""
    return await _proposals(at)


@router.post("/pools/propose")
@without_key  # the form has a one-time key of its own
async def propose(at: Desk, *, orders: Field, host: Field, key: Key) -> Response:
    """The union proposes the joint order; a refusal is told on the page."""
    at.only("union")
    body = {"orders": [one for one in orders.split(",") if one], "host": host}
    if wrong := await at.act(key, INTAKE, "/pools", body):
        return await _proposals(at, wrong)
    return RedirectResponse("/pools", 303)


@router.get("/orders/{order}/pool")
async def show_pool(at: Desk, order: str) -> Response:
    """The joint order that this order is asked for, part of, or is: who is in it, and the answers."""
    return await _pool(at, order)


@router.post("/orders/{order}/pool/answer")
@without_key
async def answer_pool(at: Desk, order: str, *, answer: Answer, key: Key) -> Response:
    """The member consents, or declines with a reason."""
    card = await _joined(at, order)
    consents = answer == "consent"
    path = f"/orders/{card.order_id}/pool/{'consent' if consents else 'leave'}"
    body = None if consents else {"reason": {"code": answer}}
    if wrong := await at.act(key, INTAKE, path, body):
        return await _pool(at, order, wrong)
    return RedirectResponse(f"/orders/{card.order_id}/story", 303)


async def _proposals(at: AtDesk, wrong: Wrong | None = None) -> Response:
    at.only("union")
    found = await at.read(INTAKE, "/pools/proposals", ProposalsSeen)
    names = await at.names()
    told = found if isinstance(found, ProposalsSeen) else ProposalsSeen(proposals=[], alone=[])
    return await at.page(
        "pools.html", wrong=wrong, away=found is not told,
        proposals=[_shown(one, names, at.new_key()) for one in told.proposals],
        alone=[
            (one.number, str(one.order_id), names.organisation(one.enterprise_id, one.enterprise_name),
             names.reason(one.reason.code, one.reason.figures))
            for one in told.alone
        ],
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


async def _pool(at: AtDesk, order: str, wrong: Wrong | None = None) -> Response:
    card = await _joined(at, order)
    found = await at.read(INTAKE, f"/pools/{card.joint}", PoolSeen)
    pool = found if isinstance(found, PoolSeen) else None
    names = await at.names()
    own = _own_answer(pool, card.order_id)
    clerk = "enterprise" in at.viewer.account.roles
    return await at.page(
        "pool.html", wrong=wrong, card=card, pool=pool,
        until=at.text.moment(pool.answer_by) if pool and pool.answer_by else "",
        members=[
            (one.number, names.organisation(one.enterprise_id, one.enterprise_name), one.heads,
             at.text.or_code("pool.answer", one.answer), pool is not None and one.enterprise_id == pool.host)
            for one in (pool.members if pool else [])
        ],
        may_consent=clerk and own == "asked", may_leave=clerk and own in OPEN,
        why=[(code, names.reason(code, {})) for code in WHY],
        key=at.new_key(), other=at.new_key(),
    )  # fmt: skip


def _own_answer(found: PoolSeen | None, order_id: UUID) -> str:
    if found is None:
        return ""
    return next((one.answer for one in found.members if one.order_id == order_id), "")


async def _joined(at: AtDesk, order: str) -> OrderCard:
    """An order that has to do with a joint one, for who sees it whole."""
    scope = at.viewer.scope
    try:
        card = await card_of(at.tx, scope, order)
    except NotFound:
        raise NotForYou("error.not_found") from None
    if card.joint is None or not scope.sees_whole(card.enterprise_id):
        raise NotForYou("error.not_found")
    return card
