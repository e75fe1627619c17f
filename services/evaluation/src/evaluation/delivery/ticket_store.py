"""Rows of tickets: of the sessions that are open, and of nothing older."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.values import SessionId
from evaluation.delivery.tables import ticket
from evaluation.delivery.tickets import Ticket
from servicekit.db import Tx

READ = select(ticket).where(ticket.c.ticket_id == bindparam("ticket_id"))
_save = upsert(ticket)
SAVE = _save.on_conflict_do_update(
    index_elements=["ticket_id"], set_={name: _save.excluded[name] for name in ("tries", "worker_id", "at")}
)
WRONG = select(func.coalesce(func.sum(ticket.c.tries), 0)).where(
    ticket.c.session_id == bindparam("session_id"), ticket.c.made_at >= bindparam("since")
)
FORGET = delete(ticket).where(ticket.c.session_id == bindparam("session_id"))


async def read(tx: Tx, ticket_id: UUID) -> Ticket | None:
    """The ticket, if there is one."""
    row = (await tx.execute(READ, {"ticket_id": ticket_id})).one_or_none()
    return None if row is None else Ticket(**row._mapping)  # noqa: SLF001  a row as a mapping


async def save(tx: Tx, one: Ticket) -> None:
    """Write it as it is now."""
    await tx.execute(SAVE, {c.name: getattr(one, c.name) for c in ticket.c})


async def wrong_since(tx: Tx, session_id: SessionId, since: datetime) -> int:
    """Wrong tries with all tickets of the session that were made since then."""
    return int(await tx.scalar(WRONG, {"session_id": session_id, "since": since}) or 0)


async def forget(tx: Tx, session_id: SessionId) -> None:
    """The session is closed: nobody signs in any more."""
    await tx.execute(FORGET, {"session_id": session_id})
