"""The changes of each scheme by hand, one row each: what is needed to take them back."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    update,
)

from contracts.values import OrderId
from scheduling.metadata import metadata
from scheduling.schemes.by_hand.diff import Diff
from servicekit.db import Tx, UtcTime

scheme_change = Table(
    "scheme_change",
    metadata,
    Column("order_id", Uuid, ForeignKey("scheme.order_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("diff", JSON, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("undone", Boolean, nullable=False),
)

_of_order = scheme_change.c.order_id == bindparam("of_order")
ADD = insert(scheme_change)
LAST = select(func.coalesce(func.max(scheme_change.c.number), 0)).where(_of_order)
NEWEST = (
    select(scheme_change)
    .where(_of_order, scheme_change.c.undone.is_(False))
    .order_by(scheme_change.c.number.desc())
    .limit(1)
)
UNDO = (
    update(scheme_change)
    .where(_of_order, scheme_change.c.number == bindparam("of_number"))
    .values(undone=True)
)
DIFF = TypeAdapter(Diff)


@dataclass(frozen=True)
class Change:
    """A change that was done and can be taken back."""

    number: int
    diff: Diff
    made_by: str
    made_at: datetime


async def add(tx: Tx, order_id: OrderId, diff: Diff, *, made_by: str, made_at: datetime) -> None:
    """Keep the newest change. The order is held by whoever calls."""
    number = int(await tx.scalar(LAST, {"of_order": order_id}) or 0) + 1
    kept = {"order_id": order_id, "number": number, "diff": DIFF.dump_python(diff, mode="json")}
    await tx.execute(ADD, kept | {"made_by": made_by, "made_at": made_at, "undone": False})


async def newest(tx: Tx, order_id: OrderId) -> Change | None:
    """The newest that was not taken back."""
    row = (await tx.execute(NEWEST, {"of_order": order_id})).one_or_none()
    if row is None:
        return None
    return Change(row.number, DIFF.validate_python(row.diff), row.made_by, row.made_at)


async def note_undone(tx: Tx, order_id: OrderId, number: int) -> None:
    """It was taken back."""
    await tx.execute(UNDO, {"of_order": order_id, "of_number": number})
