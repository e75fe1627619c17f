"""Who stood on a line before its last import, so that the import can be taken back; forgotten once it is asked for."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Uuid, bindparam, delete
from sqlalchemy.dialects.postgresql import insert

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
FORGET = delete(roster_before).where(OF_ORDER)


async def keep(tx: Tx, order_id: OrderId, line: int, people: str) -> None:
    """Who stood on the line, as the rosters write it down."""
    await tx.execute(KEEP, {"order_id": order_id, "line": line, "people": people})


async def take_back(tx: Tx, order_id: OrderId, line: int) -> str | None:
    """Who stood on the line, told once; nothing when no import can be taken back."""
    row = (await tx.execute(TAKE_BACK, {"of_order": order_id, "of_line": line})).one_or_none()
    return None if row is None else str(row.people)


async def forget(tx: Tx, order_id: OrderId) -> None:
    """No import of this order can be taken back any more."""
    await tx.execute(FORGET, {"of_order": order_id})
