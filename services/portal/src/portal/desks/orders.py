"""The orders somebody may see. Scope is part of every query, so that no route can forget it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, exists, false, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from contracts.refusals import NotFound
from portal.boards.cards import ENDED, OrderCard
from portal.boards.offers import offer_row
from portal.boards.orders import order_card
from portal.boards.sessions import SessionRow, session_row
from servicekit.db import Tx

_CARD: TypeAdapter[OrderCard] = TypeAdapter(OrderCard)
_SESSION: TypeAdapter[SessionRow] = TypeAdapter(SessionRow)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose orders may be seen: all, an enterprise's own, those a college was asked for; or none."""

    everything: bool = False
    enterprise: str | None = None
    college: str | None = None

    @classmethod
    def of(cls, roles: frozenset[str], organisation: str | None) -> "Scope":
        """What these roles of this organisation may see."""
        return cls(
            everything=not roles.isdisjoint({"union", "administrator"}),
            enterprise=organisation if "enterprise" in roles else None,
            college=organisation if "college" in roles else None,
        )

    def condition(self) -> ColumnElement[bool]:
        """The same as part of a query over order cards."""
        if self.everything:
            return true()
        asked = exists().where(
            and_(offer_row.c.order_id == order_card.c.order_id, offer_row.c.college_id == self.college)
        )
        parts = [order_card.c.enterprise_id == self.enterprise] if self.enterprise else []
        return or_(false(), *parts, *([asked] if self.college else []))


def _cards(scope: Scope) -> Select[Any]:
    return select(order_card).where(scope.condition(), order_card.c.state != "")


async def open_cards(tx: Tx, scope: Scope) -> list[OrderCard]:
    """Orders under way; the nearest deadline first, then who waits longest."""
    wanted = _cards(scope).where(order_card.c.state.not_in(ENDED))
    wanted = wanted.order_by(
        order_card.c.deadline.asc().nulls_last(), order_card.c.since, order_card.c.number
    )
    return [_read(row) for row in await tx.execute(wanted)]


async def ended_cards(tx: Tx, scope: Scope, *, most: int) -> list[OrderCard]:
    """Orders at their end, the newest first."""
    wanted = _cards(scope).where(order_card.c.state.in_(ENDED))
    wanted = wanted.order_by(order_card.c.updated.desc(), order_card.c.number).limit(most)
    return [_read(row) for row in await tx.execute(wanted)]


async def all_cards(tx: Tx, scope: Scope) -> list[OrderCard]:
    """Every order, by number."""
    return [_read(row) for row in await tx.execute(_cards(scope).order_by(order_card.c.number))]


async def card_of(tx: Tx, scope: Scope, order: str) -> OrderCard:
    """The order of this id or number; `order.unknown` when there is none, or not for this scope."""
    try:
        same = order_card.c.order_id == UUID(order)
    except ValueError:
        same = order_card.c.number == order
    row = (await tx.execute(_cards(scope).where(same))).first()
    if row is None:
        raise NotFound("order.unknown", order_id=order)
    return _read(row)


async def sessions_of(tx: Tx, orders: Sequence[UUID]) -> list[SessionRow]:
    """The sessions of these orders, in time."""
    wanted = select(session_row).where(session_row.c.order_id.in_(orders)).order_by(session_row.c.starts_at)
    return [_SESSION.validate_python(dict(row._mapping)) for row in await tx.execute(wanted)]  # noqa: SLF001


async def sessions_between(tx: Tx, scope: Scope, first: date, last: date) -> list[SessionRow]:
    """Sessions of orders in scope on these days, both included, and those that nobody can take, in time."""
    orders = select(order_card.c.order_id).where(scope.condition())
    wanted = select(session_row).where(
        session_row.c.order_id.in_(orders),
        or_(session_row.c.day.between(first, last), session_row.c.state.in_(("unstaffable", "unplaced"))),
    )
    rows = await tx.execute(wanted.order_by(session_row.c.starts_at))
    return [_SESSION.validate_python(dict(row._mapping)) for row in rows]  # noqa: SLF001


def _read(row: Any) -> OrderCard:
    return _CARD.validate_python(dict(row._mapping))  # noqa: SLF001
