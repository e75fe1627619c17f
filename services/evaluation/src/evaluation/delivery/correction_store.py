"""Rows of corrections of attendance."""

from typing import Any

from sqlalchemy import Column, Integer, String, Table, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from contracts.values import CorrectionId, OrderId, Reason, SessionId
from evaluation.delivery.corrections import Asked, Correction, Decision
from evaluation.metadata import metadata
from servicekit.db import Tx, UtcTime

correction = Table(
    "correction",
    metadata,
    Column("correction_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("session_id", Uuid, nullable=False, index=True),
    Column("worker_id", Uuid, nullable=False),
    Column("was", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("act_id", Uuid, nullable=False),
    Column("reason", JSONB, nullable=False),
    Column("proposed_by", String(80)),
    Column("proposed_at", UtcTime, nullable=False),
    Column("state", String(9), nullable=False, index=True),
    Column("decided_by", String(80)),
    Column("decided_at", UtcTime),
    Column("answer", JSONB(none_as_null=True)),
)
READ = select(correction).where(
    correction.c.correction_id == bindparam("correction_id"),
    correction.c.session_id == bindparam("session_id"),
)
OF_SESSION = (
    select(correction)
    .where(correction.c.session_id == bindparam("session_id"))
    .order_by(correction.c.proposed_at, correction.c.correction_id)
)
WAITING = (
    select(correction)
    .where(correction.c.state == Decision.PROPOSED)
    .order_by(correction.c.proposed_at, correction.c.correction_id)
)
WAITING_OF = (
    select(correction.c.correction_id)
    .where(correction.c.order_id == bindparam("order_id"), correction.c.state == Decision.PROPOSED)
    .limit(1)
)
_save = upsert(correction)
SAVE = _save.on_conflict_do_update(
    index_elements=["correction_id"],
    set_={name: _save.excluded[name] for name in ("state", "decided_by", "decided_at", "answer")},
)


async def read(tx: Tx, session_id: SessionId, correction_id: CorrectionId) -> Correction:
    """One of the session's; `attendance.correction_unknown`."""
    found = await tx.execute(READ, {"session_id": session_id, "correction_id": correction_id})
    row = found.one_or_none()
    if row is None:
        raise NotFound("attendance.correction_unknown", correction_id=correction_id)
    return _correction(row)


async def of_session(tx: Tx, session_id: SessionId) -> list[Correction]:
    """All of the session, by time."""
    return [_correction(row) for row in await tx.execute(OF_SESSION, {"session_id": session_id})]


async def waits(tx: Tx, order_id: OrderId) -> bool:
    """Whether one of the order is decided by nobody yet."""
    return (await tx.execute(WAITING_OF, {"order_id": order_id})).first() is not None


async def waiting(tx: Tx) -> list[Correction]:
    """All that nobody has decided, the oldest first."""
    return [_correction(row) for row in await tx.execute(WAITING)]


async def save(tx: Tx, state: Correction) -> None:
    """Write it as it is now; what was proposed stays as it was."""
    asked = state.asked
    await tx.execute(
        SAVE,
        {
            "correction_id": asked.correction_id,
            "order_id": state.order_id,
            "session_id": state.session_id,
            "worker_id": asked.worker_id,
            "was": state.was,
            "minutes": asked.minutes,
            "act_id": asked.act_id,
            "reason": asked.reason.model_dump(mode="json"),
            "proposed_by": state.proposed_by,
            "proposed_at": state.proposed_at,
            "state": state.state,
            "decided_by": state.decided_by,
            "decided_at": state.decided_at,
            "answer": state.answer and state.answer.model_dump(mode="json"),
        },
    )


def _correction(row: Any) -> Correction:
    return Correction(
        order_id=row.order_id,
        session_id=row.session_id,
        asked=Asked(
            row.correction_id, row.worker_id, row.minutes, row.act_id, Reason.model_validate(row.reason)
        ),
        was=row.was,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=Decision(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        answer=Reason.model_validate(row.answer) if row.answer else None,
    )
