"""Rows of what a batch's rooms and its invigilators of the enterprise are called."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select

from contracts.values import BatchId
from evaluation.examinations.tables import batch_name
from servicekit.db import Tx

READ = select(batch_name.c.of, batch_name.c.text).where(batch_name.c.batch_id == bindparam("batch"))
DROP = delete(batch_name).where(batch_name.c.batch_id == bindparam("batch"))
ADD = insert(batch_name)


async def read(tx: Tx, batch_id: BatchId) -> dict[str, str]:
    """By room, or by the id of somebody of the enterprise."""
    return {row.of: row.text for row in await tx.execute(READ, {"batch": batch_id})}


async def save(tx: Tx, batch_id: BatchId, names: Mapping[str, str]) -> None:
    """These, in the place of those before."""
    await tx.execute(DROP, {"batch": batch_id})
    if names:
        rows = [{"batch_id": batch_id, "of": of, "text": text} for of, text in sorted(names.items())]
        await tx.execute(ADD, rows)
