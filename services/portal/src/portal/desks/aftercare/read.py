"""How sessions were, asked of evaluation by the portal itself; who held each is of the board, within a scope."""

from uuid import UUID

import httpx
from pydantic import TypeAdapter, ValidationError

from portal.boards.sessions import session_row
from portal.desks.aftercare.seen import ToldSeen
from portal.desks.asking import EVALUATION
from portal.known import known
from portal.report import HELD
from portal.scope import Scope
from servicekit.db import Tx

TOLD = TypeAdapter(list[ToldSeen])


async def told_of(tx: Tx, order: UUID | None = None) -> list[ToldSeen] | None:
    """Every session that was held, with its sums; nothing while evaluation is away."""
    neighbours = known(tx).neighbours
    path = f"/satisfaction?order_id={order}" if order else "/satisfaction"
    try:
        return TOLD.validate_json(await neighbours.read(EVALUATION, path, neighbours.token()))
    except (LookupError, httpx.HTTPError, ValidationError):
        return None


async def colleges_of(tx: Tx, scope: Scope) -> dict[UUID, str]:
    """By session, whose person has held it."""
    wanted = HELD.with_only_columns(session_row.c.session_id, session_row.c.held_by).where(scope.sessions())
    return {row.session_id: row.held_by for row in await tx.execute(wanted) if row.held_by}
