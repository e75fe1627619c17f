"""Who was removed from an organisation, by whom and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from portal.accounts.store import account
from servicekit.db import Tx

REMOVE = "update account set removed_at = $2, removed_by = $3, manages = false where id = $1"
_by = account.alias("by")
REMOVED = (
    select(account.c.id, account.c.removed_at, _by.c.name)
    .join_from(account, _by, _by.c.id == account.c.removed_by, isouter=True)
    .where(account.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), account.c.removed_at.is_not(None))
)


@dataclass(frozen=True, slots=True)
class Removal:
    """When it was, and the name of whoever did it; nothing for those who were removed before that was kept."""

    at: datetime
    by: str | None


async def remove(tx: Tx, id_: UUID, *, by: UUID, at: datetime) -> None:
    """The account is none any more; its row stays, for the name in what was done."""
    await tx.driver.execute(REMOVE, id_, at, by)


async def removals(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Removal]:
    """Of those among these accounts who were removed."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row.id: Removal(row.removed_at, row.name) for row in await tx.execute(REMOVED, {"ids": wanted})}
