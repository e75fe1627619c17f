"""The city's report, counted from the read model. `songjiao verify` counts it again from the raw facts."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.boards.house import survey_row
from portal.boards.offers import COUNTED, offer_row
from portal.boards.orders import order_card
from portal.boards.outcomes import certificate_row, evaluation_row
from portal.boards.sessions import session_row
from portal.scope import Scope
from portal.whose import Whose, whose_people
from servicekit.db import Tx
from staffing.counting import DIMENSIONS, Figures, HeldSession, by, by_enterprise, count

ORDERS = select(order_card.c.order_id, order_card.c.state, order_card.c.special).where(
    order_card.c.state != ""
)
BATCHES = select(order_card.c.batches)
SURVEYS = select(survey_row.c.opened, survey_row.c.visited, survey_row.c.person_times)
HELD = select(session_row).where(session_row.c.attended.is_not(None))
MOVED = select(func.sum(session_row.c.moved), func.sum(session_row.c.cancelled))
OFFERS = select(*(func.sum(offer_row.c[name]) for name in COUNTED)).where(offer_row.c.role == "lead")
EVALUATIONS = select(
    func.sum(evaluation_row.c.admitted),
    func.sum(evaluation_row.c.refused),
    func.count().filter(evaluation_row.c.assessed),
    func.count().filter(evaluation_row.c.assessed, evaluation_row.c.passed),
).where(evaluation_row.c.batch_id.not_in(bindparam("cancelled", expanding=True)))
CERTIFICATES = select(
    func.count().filter(certificate_row.c.issued_on.is_not(None), certificate_row.c.replaces.is_(None)),
    func.count().filter(certificate_row.c.revoked_on.is_not(None), certificate_row.c.replaced_by.is_(None)),
)
"""A certificate and those issued in its place, one after the other, are one."""


async def report(tx: Tx, scope: Scope) -> dict[str, Any]:
    """Every figure of the season that is in scope. Heads are different workers, person-times attendances.

    Of a joint order an enterprise's figures are those of its own people.
    """
    orders = list(await tx.execute(ORDERS.where(scope.orders())))
    special = {row.order_id for row in orders if row.special}
    whose = await whose_people(tx, scope)
    held = await held_sessions(tx, scope, special, whose)
    total = count(held)
    without = {"cancelled": await _cancelled_batches(tx)}
    tested = evaluation_row.c.order_id, evaluation_row.c.worker_id
    certified = certificate_row.c.order_id, certificate_row.c.worker_id
    marks = EVALUATIONS.where(whose.tested(scope, *tested))
    certificates = CERTIFICATES.where(whose.tested(scope, *certified))
    moved, cancelled = _whole(await tx.execute(MOVED.where(scope.sessions())))
    admitted, refused, assessed, passed = _whole(await tx.execute(marks, without))
    issued, revoked = _whole(await tx.execute(certificates))
    return {
        "orders": dict(sorted(Counter(row.state for row in orders).items())),
        "surveys": await _surveys(tx, scope),
        "sessions": {
            "held": total.sessions,
            "special": total.special_sessions,
            "moved": moved,
            "cancelled": cancelled,
        },
        "heads": total.heads,
        "person_times": total.person_times,
        "class_hours": total.class_hours,
        "offers": dict(zip(COUNTED, _whole(await tx.execute(OFFERS.where(scope.offers()))), strict=True)),
        "evaluations": {"admitted": admitted, "refused": refused, "assessed": assessed, "passed": passed},
        "certificates": {"issued": issued, "revoked": revoked},
        "by": {
            name: {place: _place(figures) for place, figures in groups.items()}
            for name, groups in _groups(held, scope, whose)
        },
    }


def _groups(held: list[HeldSession], scope: Scope, whose: Whose) -> list[tuple[str, dict[str, Figures]]]:
    """The figures by each dimension. Who sees everything sees each enterprise with its own people."""
    dimensions = [(name, by(held, key)) for name, key in DIMENSIONS.items()]
    return [*dimensions, ("enterprise", by_enterprise(held, whose.joint if scope.everything else {}))]


async def held_sessions(tx: Tx, scope: Scope, special: set[UUID], whose: Whose) -> list[HeldSession]:
    """The sessions that were closed, with who was there and counts: of a joint order an enterprise's own people."""
    return [held_session(row, special, whose) for row in await tx.execute(HELD.where(whose.taught(scope)))]


def held_session(row: Any, special: set[UUID], whose: Whose) -> HeldSession:
    """A row of the board of sessions as it is counted."""
    return HeldSession(
        session_id=row.session_id,
        order_id=row.order_id,
        enterprise=whose.enterprise or row.enterprise_id,
        division=row.division,
        occupation=row.occupation,
        level=row.level,
        college=row.held_by or "",
        class_hours=row.class_hours,
        special=row.order_id in special,
        workers=whose.people(row.order_id, map(UUID, row.attended)),
    )


async def _cancelled_batches(tx: Tx) -> list[UUID]:
    """Batches that were not held after all: what was decided in them counts nowhere."""
    return [
        UUID(batch_id)
        for row in await tx.execute(BATCHES)
        for batch_id, batch in row.batches.items()
        if batch["state"] == "cancelled"
    ]


async def _surveys(tx: Tx, scope: Scope) -> dict[str, int]:
    rows = list(await tx.execute(SURVEYS)) if scope.everything else []
    return {
        "enterprises": len({enterprise for row in rows for enterprise in row.visited}),
        "rounds": sum(row.opened for row in rows),
        "person_times": sum(row.person_times for row in rows),
    }


def _place(figures: Figures) -> dict[str, int]:
    return {
        "sessions": figures.sessions,
        "person_times": figures.person_times,
        "class_hours": figures.class_hours,
        "heads": figures.heads,
    }


def _whole(rows: Any) -> list[int]:
    return [int(value or 0) for value in rows.one()]
