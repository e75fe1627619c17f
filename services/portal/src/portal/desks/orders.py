"""What somebody may see of orders: every read takes a scope, and nothing leaves here that is not in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, not_, or_, select

from contracts.refusals import NotFound
from portal.boards import story
from portal.boards.cards import ENDED, Desk, OrderCard
from portal.boards.offers import offer_row
from portal.boards.orders import order_card
from portal.boards.own import Own, is_theirs, own_part
from portal.boards.sessions import SessionRow, session_row
from portal.boards.story import Told
from portal.scope import Condition, Scope
from portal.whose import Whose
from servicekit.db import Tx

_CARD: TypeAdapter[OrderCard] = TypeAdapter(OrderCard)
_SESSION: TypeAdapter[SessionRow] = TypeAdapter(SessionRow)
NOTHING = Own()
AT_ITS_END = and_(order_card.c.state.in_(ENDED), order_card.c.waits_for == Desk.NOBODY)
"""Orders of which nobody has anything to do any more, over the board of order cards."""


@dataclass(frozen=True)
class Story:
    """The facts of an order that somebody may read, oldest first, and those elsewhere that led to them.

    A cause that is neither is not theirs, or has not arrived: `hidden` has those of other orders, `apart` those of
    this order that belong to others' parts.
    """

    facts: Sequence[Told]
    elsewhere: Mapping[UUID, Told]
    hidden: frozenset[UUID]
    apart: frozenset[UUID]


async def cards_under_way(tx: Tx, scope: Scope) -> tuple[list[OrderCard], list[OrderCard]]:
    """Orders under way, the nearest deadline first, then who waits longest; and those of them over for this scope.

    To a college or a person an order has ended when nothing of it is theirs to do any more.
    """
    going = _cards(scope).where(not_(AT_ITS_END))
    going = going.order_by(order_card.c.deadline.asc().nulls_last(), order_card.c.since, order_card.c.number)
    seen = await _read(tx, scope, going)
    over = [card for card in seen if card.waits_for == Desk.NOBODY]
    return [card for card in seen if card.waits_for != Desk.NOBODY], over


async def cards_where(
    tx: Tx, scope: Scope, *so: Condition, most: int | None, first: Condition | None = None
) -> list[OrderCard]:
    """Orders of which all of this is so, the one that changed last first; before all those of which `first` is so."""
    newest = *(() if first is None else (first.desc(),)), order_card.c.updated.desc(), order_card.c.number
    return await _read(tx, scope, _cards(scope).where(*so).order_by(*newest).limit(most))


async def cards_open(tx: Tx, scope: Scope) -> list[OrderCard]:
    """Orders that have not ended."""
    return await _read(tx, scope, _cards(scope).where(order_card.c.state.not_in(ENDED)))


async def all_cards(tx: Tx, scope: Scope) -> list[OrderCard]:
    """Every order, by number."""
    return await _read(tx, scope, _cards(scope).order_by(order_card.c.number))


STILL_OPEN = ("unstaffable", "unplaced", "missed", "opened", "closed", "disputed")


async def card_of(tx: Tx, scope: Scope, order: str) -> OrderCard:
    """The order of this id or number; `order.unknown` when there is none, or not for this scope."""
    try:
        same = order_card.c.order_id == UUID(order)
    except ValueError:
        same = order_card.c.number == order
    found = await _read(tx, scope, _cards(scope).where(same))
    if not found:
        raise NotFound("order.unknown", order_id=order)
    return found[0]


async def cards_of(tx: Tx, scope: Scope, orders: Sequence[UUID]) -> dict[UUID, OrderCard]:
    """Those of these orders that may be seen, by id."""
    found = await _read(tx, scope, _cards(scope).where(order_card.c.order_id.in_(orders)))
    return {card.order_id: card for card in found}


async def in_scope(tx: Tx, scope: Scope, orders: Sequence[UUID]) -> set[UUID]:
    """Those of these orders whose changes somebody is told."""
    wanted = select(order_card.c.order_id).where(order_card.c.order_id.in_(orders), scope.signals())
    return {row.order_id for row in await tx.execute(wanted)}


async def sessions_of(tx: Tx, scope: Scope, orders: Sequence[UUID]) -> list[SessionRow]:
    """The sessions of these orders, in time."""
    wanted = select(session_row).where(session_row.c.order_id.in_(orders), scope.sessions())
    return [_session(row) for row in await tx.execute(wanted.order_by(session_row.c.starts_at))]


async def own_sessions(tx: Tx, scope: Scope) -> list[SessionRow]:
    """Every session in scope, in time."""
    wanted = select(session_row).where(scope.sessions())
    return [_session(row) for row in await tx.execute(wanted.order_by(session_row.c.starts_at))]


async def session_in(tx: Tx, scope: Scope, session: UUID) -> SessionRow | None:
    """The session, if it is in scope."""
    wanted = select(session_row).where(session_row.c.session_id == session, scope.sessions())
    row = (await tx.execute(wanted)).first()
    return None if row is None else _session(row)


async def sessions_waiting(tx: Tx, scope: Scope, *states: str) -> list[SessionRow]:
    """Sessions in one of these states, in time."""
    wanted = select(session_row).where(session_row.c.state.in_(states), scope.sessions())
    return [_session(row) for row in await tx.execute(wanted.order_by(session_row.c.starts_at))]


async def sessions_lapsed(tx: Tx, scope: Scope, most: int) -> list[SessionRow]:
    """The last sessions that are confirmed because their enterprise was silent, the newest first."""
    wanted = select(session_row).where(session_row.c.lapsed, scope.sessions())
    newest = wanted.order_by(session_row.c.starts_at.desc()).limit(most)
    return [_session(row) for row in await tx.execute(newest)]


async def sessions_between(tx: Tx, scope: Scope, first: date, last: date) -> list[SessionRow]:
    """Sessions on these days, both included, and those of any day that wait for somebody, in time."""
    wanted = select(session_row).where(
        scope.sessions(),
        or_(session_row.c.day.between(first, last), session_row.c.state.in_(STILL_OPEN)),
    )
    return [_session(row) for row in await tx.execute(wanted.order_by(session_row.c.starts_at))]


async def sessions_elsewhere(tx: Tx, whose: Whose, first: date, last: date) -> list[SessionRow]:
    """Sessions on these days of joint orders that the enterprise's people go to, wherever they are held, in time."""
    if not whose.mine:
        return []
    wanted = select(session_row).where(
        session_row.c.order_id.in_(whose.mine), session_row.c.day.between(first, last)
    )
    return [_session(row) for row in await tx.execute(wanted.order_by(session_row.c.starts_at))]


async def colleges_called(tx: Tx, scope: Scope, of: UUID, role: str) -> set[str]:
    """Whose answer to an open call for this session or batch is not decided yet."""
    call = and_(offer_row.c.state == "offered", offer_row.c.person_id.is_(None))
    wanted = select(offer_row.c.college_id).where(
        or_(offer_row.c.session_id == of, offer_row.c.batch_id == of),
        offer_row.c.role == role,
        or_(call, offer_row.c.state == "volunteered"),
        scope.offers(),
    )
    return {row.college_id for row in await tx.execute(wanted)}


async def numbers_of(tx: Tx, scope: Scope, orders: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of those of these orders that are in scope."""
    wanted = select(order_card.c.order_id, order_card.c.number).where(
        order_card.c.order_id.in_(orders), scope.orders()
    )
    return {row.order_id: row.number for row in await tx.execute(wanted)}


async def story_of(tx: Tx, scope: Scope, card: OrderCard) -> Story:
    """The story of an order that was read in the same scope."""
    facts = await story.of_subject(tx, card.order_id)
    if not scope.sees_whole(card.enterprise_id):
        own = (await own_of(tx, scope, [card.order_id])).get(card.order_id, NOTHING)
        theirs = [fact for fact in facts if _theirs(fact, scope, own)]
    else:
        theirs = facts if scope.everything else _of_an_enterprise(facts, card.enterprise_id)
    here = {fact.id for fact in theirs}
    led = await story.of_ids(tx, [fact.cause for fact in theirs if fact.cause and fact.cause not in here])
    elsewhere = {id_: fact for id_, fact in led.items() if scope.owns(fact.data)}
    apart = frozenset(fact.id for fact in facts) - here
    return Story(theirs, elsewhere, frozenset(led) - frozenset(elsewhere) - apart, apart)


def _of_an_enterprise(facts: Sequence[Told], enterprise: str) -> list[Told]:
    """Without what the union alone asks about."""
    told = [fact for fact in facts if not fact.type.startswith("finding.")]
    return of_own_people(without_results(told), enterprise)


def without_results(facts: Sequence[Told]) -> list[Told]:
    """What an enterprise reads: who passed in a batch only once its results are posted, and not if it was cancelled."""
    posted = {fact.data["batch_id"] for fact in facts if fact.type.startswith("results.posted.")}
    posted -= {fact.data["batch_id"] for fact in facts if fact.type.startswith("batch.cancelled.")}
    return [
        fact
        for fact in facts
        if not fact.type.startswith("candidate.assessed.") or fact.data["batch_id"] in posted
    ]


def of_own_people(facts: Sequence[Told], enterprise: str) -> list[Told]:
    """Of a joint order an enterprise reads nothing about the people, certificates and claims of others.

    What is said later of a certificate or a claim names neither worker nor enterprise: it is known by its id.
    """
    others = {
        trainee["worker_id"]
        for fact in facts
        for line in fact.data.get("lines", ())
        for trainee in line.get("trainees", ())
        if trainee.get("enterprise_id", enterprise) != enterprise
    }
    theirs = {
        fact.data["certificate_id"]
        for fact in facts
        if fact.type.startswith("certificate.issued.") and fact.data["worker_id"] in others
    }
    claims = {
        fact.data["claim_id"]
        for fact in facts
        if fact.type.startswith("claim.filed.") and fact.data["enterprise_id"] == enterprise
    }
    return [
        fact
        for fact in facts
        if fact.data.get("worker_id") not in others
        and fact.data.get("certificate_id") not in theirs
        and (not fact.type.startswith("claim.") or fact.data["claim_id"] in claims)
    ]


def _theirs(fact: Told, scope: Scope, own: Own) -> bool:
    name = fact.type.rpartition(".v")[0]
    return is_theirs(name, fact.data, own, about_them=scope.owns(fact.data))


def _cards(scope: Scope) -> Select[Any]:
    return select(order_card).where(scope.orders(), order_card.c.state != "")


async def _read(tx: Tx, scope: Scope, wanted: Select[Any]) -> list[OrderCard]:
    cards = [_CARD.validate_python(dict(row._mapping)) for row in await tx.execute(wanted)]  # noqa: SLF001
    parts = [card.order_id for card in cards if not scope.sees_whole(card.enterprise_id)]
    if not parts:
        return cards
    own = await own_of(tx, scope, parts)
    return [
        card if scope.sees_whole(card.enterprise_id) else own_part(card, own.get(card.order_id, NOTHING))
        for card in cards
    ]


async def own_of(tx: Tx, scope: Scope, orders: Sequence[UUID]) -> Mapping[UUID, Own]:
    """What of these orders is theirs now."""
    wanted = select(
        offer_row.c.order_id, offer_row.c.assignment_id, offer_row.c.session_id, offer_row.c.batch_id
    ).where(offer_row.c.order_id.in_(orders), scope.holding())
    found: dict[UUID, Own] = {}
    for row in await tx.execute(wanted):
        before = found.get(row.order_id, NOTHING)
        found[row.order_id] = Own(
            before.offers | {str(row.assignment_id)},
            before.sessions | ({str(row.session_id)} if row.session_id else set()),
            before.batches | ({str(row.batch_id)} if row.batch_id else set()),
        )
    return found


def _session(row: Any) -> SessionRow:
    return _SESSION.validate_python(dict(row._mapping))  # noqa: SLF001
