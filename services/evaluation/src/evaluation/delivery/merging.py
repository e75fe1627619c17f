"""Rows of sign-ins that count nothing, and of what was merged."""

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.values import SessionId, Way, WorkerId
from evaluation.delivery import store
from evaluation.delivery.session import SignIn
from evaluation.delivery.sources import Merged
from evaluation.delivery.tables import sign_in_again
from servicekit.db import Tx

NOTE = upsert(sign_in_again).on_conflict_do_nothing()
AGAIN = (
    select(sign_in_again)
    .where(sign_in_again.c.session_id == bindparam("session_id"))
    .order_by(sign_in_again.c.at, sign_in_again.c.act_id)
)


async def keep(tx: Tx, session_id: SessionId, found: Merged) -> None:
    """What counts, and what is only noted."""
    await store.sign(tx, session_id, found.taken)
    if found.again:
        rows = [
            {
                "session_id": session_id,
                "act_id": act.act_id,
                "worker_id": act.worker_id,
                "at": act.at,
                "way": act.way,
                "on_paper": act.on_paper,
            }
            for act in found.again
        ]
        await tx.execute(NOTE, rows)


async def again(tx: Tx, session_id: SessionId) -> dict[WorkerId, list[SignIn]]:
    """What else was told of whom, by time."""
    noted: dict[WorkerId, list[SignIn]] = {}
    for row in await tx.execute(AGAIN, {"session_id": session_id}):
        act = SignIn(row.act_id, row.worker_id, row.at, Way(row.way), on_paper=row.on_paper)
        noted.setdefault(row.worker_id, []).append(act)
    return noted
