"""Who stood on a line before its last import, so that the import can be taken back.

Forgotten when the order is asked for or ends, and when the line goes or gets its people otherwise.
"""

from collections.abc import Iterable

from sqlalchemy import Column, ForeignKey, Integer, Table, Uuid, all_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from contracts.values import OrderId
from order_intake.metadata import metadata
from servicekit.db import EncryptedText, Tx

roster_before = Table(
    "roster_before",
    metadata,
    Column("order_id", Uuid, ForeignKey("training_order.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("people", EncryptedText("roster_before.people"), nullable=False),
)
_keep = insert(roster_before)
KEEP = _keep.on_conflict_do_update(
    index_elements=["order_id", "line"], set_={"people": _keep.excluded.people}
)
OF_ORDER = roster_before.c.order_id == bindparam("of_order")
TAKE_BACK = (
    delete(roster_before)
    .where(OF_ORDER, roster_before.c.line == bindparam("of_line"))
    .returning(roster_before.c.people)
)
FORGET_LINE = delete(roster_before).where(OF_ORDER, roster_before.c.line == bindparam("of_line"))
FORGET_OTHERS = delete(roster_before).where(
    OF_ORDER, roster_before.c.line != all_(bindparam("lines", type_=ARRAY(Integer)))
)
FORGET = delete(roster_before).where(OF_ORDER)
EVERYWHERE = select(roster_before).order_by(roster_before.c.order_id, roster_before.c.line)


async def keep(tx: Tx, order_id: OrderId, line: int, people: str) -> None:
    """Who stood on the line, as the rosters write it down."""
    await tx.execute(KEEP, {"order_id": order_id, "line": line, "people": people})


async def take_back(tx: Tx, order_id: OrderId, line: int) -> str | None:
    """Who stood on the line, told once; nothing when no import can be taken back."""
    row = (await tx.execute(TAKE_BACK, {"of_order": order_id, "of_line": line})).one_or_none()
    return None if row is None else str(row.people)


async def forget_line(tx: Tx, order_id: OrderId, line: int) -> None:
    """The line got its people otherwise: taking its last import back would undo that instead."""
    await tx.execute(FORGET_LINE, {"of_order": order_id, "of_line": line})


async def forget_all_but(tx: Tx, order_id: OrderId, lines: Iterable[int]) -> None:
    """Lines that left the desk; another that gets the number of one is not that one."""
    await tx.execute(FORGET_OTHERS, {"of_order": order_id, "lines": list(lines)})


async def forget(tx: Tx, order_id: OrderId) -> None:
    """No import of this order can be taken back any more."""
    await tx.execute(FORGET, {"of_order": order_id})


async def everywhere(tx: Tx) -> list[tuple[OrderId, int, str]]:
    """Who stood on which lines, of all orders that lie on a desk."""
    rows = await tx.execute(EVERYWHERE)
    return [(row.order_id, row.line, str(row.people)) for row in rows]
