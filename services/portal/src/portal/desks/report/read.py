"""What the report counts, from the boards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement

from contracts.programme import Programmes
from contracts.values import Mode
from portal.boards.orders import order_card
from portal.boards.outcomes import certificate_row
from portal.boards.sessions import session_row
from portal.calendars.due import NOT_HELD
from portal.desks.report.counted import Certified, Counted, Planned, Taught
from portal.desks.report.period import Period
from portal.known import known
from portal.report import HELD, held_session
from portal.scope import Condition, Scope
from portal.whose import Whose, whose_people
from servicekit.db import Tx
from staffing.costs import lecture_fees, travel_costs
from staffing.subsidies import certificate_allowance

ISSUED = select(certificate_row).where(certificate_row.c.issued_on.is_not(None))
AHEAD = select(session_row).where(
    session_row.c.day.is_not(None),
    session_row.c.attended.is_(None),
    session_row.c.state.not_in([*NOT_HELD, "missed"]),
)
NOTHING = Decimal()


@dataclass(frozen=True)
class Ordered:
    """What the rows behind a figure say of an order."""

    order_id: UUID
    number: str
    programme: str
    division: str
    enterprise_id: str
    special: bool


ORDERS = select(*(order_card.c[each.name] for each in fields(Ordered))).where(order_card.c.state != "")


async def counted(tx: Tx, scope: Scope, period: Period) -> Counted:
    """Every session held or still planned in the period and certificate issued in it that is in scope."""
    cards = await _orders(tx, scope)
    whose, programmes = await whose_people(tx, scope), known(tx).programmes
    return Counted(
        await _taught(tx, scope, period, cards, whose, programmes),
        await _planned(tx, scope, period, cards, whose),
        await _certified(tx, scope, period, cards, whose, programmes),
        whose.joint,
    )


async def _orders(tx: Tx, scope: Scope) -> dict[UUID, Ordered]:
    found = await tx.execute(ORDERS.where(scope.orders()))
    return {row.order_id: Ordered(**row._mapping) for row in found}  # noqa: SLF001


def _days(day: ColumnElement[Any], period: Period) -> list[Condition]:
    """That the day is in the period."""
    first = [] if period.first is None else [day >= period.first]
    return first if period.last is None else [*first, day <= period.last]


async def _taught(
    tx: Tx,
    scope: Scope,
    period: Period,
    cards: Mapping[UUID, Ordered],
    whose: Whose,
    programmes: Programmes,
) -> tuple[Taught, ...]:
    special = {card.order_id for card in cards.values() if card.special}
    rows = await tx.execute(
        HELD.where(whose.taught(scope), *_days(session_row.c.day, period)).order_by(session_row.c.starts_at)
    )
    return tuple(
        Taught(
            held=held_session(row, special, whose),
            day=row.day,
            starts=row.starts_at,
            ends=row.ends_at,
            unit=row.unit,
            number=card.number if card else "—",
            programme=card.programme if card else "",
            cost=lecture_fees(row.class_hours, programmes)
            + travel_costs(row.mode == Mode.ONSITE, programmes),
            onsite=row.mode == Mode.ONSITE,
        )
        for row in rows
        if row.day
        for card in [cards.get(row.order_id)]
    )


async def _planned(
    tx: Tx, scope: Scope, period: Period, cards: Mapping[UUID, Ordered], whose: Whose
) -> tuple[Planned, ...]:
    rows = await tx.execute(
        AHEAD.where(whose.taught(scope), *_days(session_row.c.day, period)).order_by(session_row.c.starts_at)
    )
    return tuple(
        Planned(
            session_id=row.session_id,
            order_id=row.order_id,
            number=card.number if card else "—",
            enterprise=row.enterprise_id,
            division=row.division,
            occupation=row.occupation,
            level=row.level,
            programme=card.programme if card else "",
            college=row.college if row.person else None,
            day=row.day,
            starts=row.starts_at,
            ends=row.ends_at,
            unit=row.unit,
        )
        for row in rows
        for card in [cards.get(row.order_id)]
    )


async def _certified(
    tx: Tx,
    scope: Scope,
    period: Period,
    cards: Mapping[UUID, Ordered],
    whose: Whose,
    programmes: Programmes,
) -> tuple[Certified, ...]:
    theirs = whose.tested(scope, certificate_row.c.order_id, certificate_row.c.worker_id)
    of_period = select(certificate_row.c.evaluation_id).where(*_days(certificate_row.c.issued_on, period))
    asked = ISSUED.where(
        theirs, certificate_row.c.evaluation_id.in_(of_period)
    )  # all of one: which came first?
    chains = _chains(list(await tx.execute(asked.order_by(certificate_row.c.number))))
    paid = _paid(chains)
    return tuple(
        Certified(
            certificate_id=last.certificate_id,
            number=last.number,
            order_id=first.order_id,
            order=card.number if card else "—",
            enterprise=_enterprise(first.order_id, first.worker_id, card, whose),
            division=card.division if card else "",
            occupation=first.occupation,
            level=first.level,
            programme=card.programme if card else "",
            issued_on=first.issued_on,
            revoked=last.revoked_on is not None,
            allowance=_allowance(first.level, programmes) if first.certificate_id in paid else NOTHING,
        )
        for first, last in chains
        if period.holds(first.issued_on)
        for card in [cards.get(first.order_id)]
    )


def _chains(rows: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The first certificate and the one now in its place, which is the first itself while none was reissued."""
    after = {row.replaces: row for row in rows if row.replaces}
    found = []
    for first in rows:
        if first.replaces is None:
            last = first
            while last.certificate_id in after:
                last = after[last.certificate_id]
            found.append((first, last))
    return found


def _paid(chains: Iterable[tuple[Any, Any]]) -> frozenset[UUID]:
    """Certificates with which the allowance came: the first of an evaluation that holds, however many it brought.

    One in the place of another brings nothing more: the allowance is of the day on which the first was issued.
    """
    found: dict[UUID, UUID] = {}
    for first, last in sorted(chains, key=lambda chain: (chain[0].issued_on, chain[0].number)):
        if last.revoked_on is None:
            found.setdefault(first.evaluation_id, first.certificate_id)
    return frozenset(found.values())


def _enterprise(order: UUID, worker: UUID, card: Ordered | None, whose: Whose) -> str:
    """Whose worker it is: of a joint order the enterprise that has the person on it."""
    own = whose.joint.get(order, {})
    return next(
        (code for code, people in own.items() if worker in people), card.enterprise_id if card else ""
    )


def _allowance(level: str, programmes: Programmes) -> Decimal:
    found = certificate_allowance(level, programmes)
    return found.yuan if found else NOTHING
