"""What is to come of a programme: classes and batches that are agreed, by day. No people, no enterprises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import String, bindparam, cast, func, select

from portal.boards.cards import ENDED, Batch, Line
from portal.boards.orders import order_card
from portal.boards.sessions import session_row
from servicekit.db import Tx

MOST = 200
"""Rows on the page."""
TO_COME = ("scheduled", "unstaffable")
"""States of a session that is still to be held."""
CLASSES = (
    select(
        session_row.c.division,
        session_row.c.occupation,
        session_row.c.level,
        order_card.c.special,
        func.min(session_row.c.day).label("first"),
        func.max(session_row.c.day).label("last"),
        func.count().label("sessions"),
        func.sum(session_row.c.class_hours).label("class_hours"),
    )
    .join_from(session_row, order_card, order_card.c.order_id == session_row.c.order_id)
    .where(
        order_card.c.programme == bindparam("programme"),
        session_row.c.state.in_(TO_COME),
        session_row.c.day >= bindparam("today"),
    )
    .group_by(
        session_row.c.cohort_id,
        session_row.c.division,
        session_row.c.occupation,
        session_row.c.level,
        order_card.c.special,
    )
    .order_by("first", session_row.c.division, session_row.c.occupation)
    .limit(MOST)
)
EXAMINED = select(order_card.c.division, order_card.c.lines, order_card.c.batches).where(
    order_card.c.programme == bindparam("programme"),
    order_card.c.state.not_in(ENDED),
    cast(order_card.c.batches, String) != "{}",
)


@dataclass(frozen=True)
class Examined:
    """What is published of an order with batches is made of this."""

    division: str
    lines: tuple[Line, ...]
    batches: dict[str, Batch]


_EXAMINED: TypeAdapter[Examined] = TypeAdapter(Examined)


@dataclass(frozen=True)
class ToCome:
    """A class or a batch; `last` is its last day, `count` its sessions or candidates."""

    kind: str
    """`special` (专场), `class` or `batch`."""
    first: date
    last: date
    division: str
    occupation: str
    level: str
    count: int
    class_hours: int = 0


async def to_come(tx: Tx, programme: str, today: date) -> list[ToCome]:
    """From today on, by day."""
    asked = {"programme": programme, "today": today}
    found = [_class(row._mapping) for row in await tx.execute(CLASSES, asked)]  # noqa: SLF001
    orders = await tx.execute(EXAMINED, {"programme": programme})
    found += _batches((_EXAMINED.validate_python(dict(row._mapping)) for row in orders), today)  # noqa: SLF001
    return sorted(found, key=lambda one: (one.first, one.division, one.occupation))[:MOST]


def _class(row: Any) -> ToCome:
    kind = "special" if row["special"] else "class"
    return ToCome(
        kind, row["first"], row["last"], row["division"], row["occupation"], row["level"], row["sessions"],
        int(row["class_hours"]),
    )  # fmt: skip


def _batches(orders: Iterable[Examined], today: date) -> list[ToCome]:
    """Batches that are planned for a day to come; which occupation and level says the order's line."""
    found = []
    for order in orders:
        lines = {line.line: line for line in order.lines}
        for batch in order.batches.values():
            line = lines.get(batch.line)
            if batch.state != "planned" or batch.day is None or batch.day < today or line is None:
                continue
            found.append(
                ToCome(
                    "batch", batch.day, batch.day, order.division, line.occupation, line.level,
                    batch.candidates,
                )
            )  # fmt: skip
    return found
