"""Which version of an order somebody has looked at: what is newer is violet, for a day at most."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Integer, Table, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from portal.boards.cards import Change, OrderCard
from portal.metadata import metadata
from servicekit.db import Tx

VIOLET = timedelta(hours=24)
seen = Table(
    "seen",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("order_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
)
OF = select(seen.c.order_id, seen.c.version).where(
    seen.c.account_id == bindparam("account"), seen.c.order_id == any_(bindparam("orders", type_=ARRAY(Uuid)))
)
SAW = insert(seen)
SAW = SAW.on_conflict_do_update(
    index_elements=["account_id", "order_id"], set_={"version": SAW.excluded.version}
)


async def looked_at(tx: Tx, account: UUID, card: OrderCard) -> None:
    """They have the order open as it is now."""
    await tx.execute(SAW, {"account_id": account, "order_id": card.order_id, "version": card.version})


async def versions_seen(tx: Tx, account: UUID, cards: Sequence[OrderCard]) -> Mapping[UUID, int]:
    """The versions they have looked at."""
    rows = await tx.execute(OF, {"account": account, "orders": [card.order_id for card in cards]})
    return {row.order_id: row.version for row in rows}


def unseen(card: OrderCard, version: int, now: datetime) -> list[Change]:
    """What is different since they looked, of the last day."""
    return [change for change in card.changes if change.version > version and now - change.at < VIOLET]
