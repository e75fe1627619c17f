"""Rows of photos."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, String, Table, Uuid, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.values import PhotoId, SessionId
from evaluation.metadata import metadata
from evaluation.photos.rules import Photo
from servicekit.db import EncryptedText, Tx, UtcTime

session_photo = Table(
    "session_photo",
    metadata,
    Column("photo_id", Uuid, primary_key=True),
    Column("session_id", Uuid, nullable=False, index=True),
    Column("order_id", Uuid, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    Column("place", EncryptedText("session_photo.place")),
)
"""The pictures lie in the store of photos. `place` is the union's to see."""
ADD = upsert(session_photo).on_conflict_do_nothing(index_elements=["photo_id"])
FORGET = (
    delete(session_photo).where(session_photo.c.photo_id == bindparam("photo_id")).returning(session_photo)
)
OF_SESSIONS = (
    select(session_photo)
    .where(session_photo.c.session_id.in_(bindparam("sessions", expanding=True)))
    .order_by(session_photo.c.kept_at, session_photo.c.photo_id)
)


async def forget(tx: Tx, photo_id: PhotoId) -> Photo | None:
    """The row is gone; which it was."""
    row: Any = (await tx.execute(FORGET, {"photo_id": photo_id})).one_or_none()
    return Photo(**row._mapping) if row else None  # noqa: SLF001


async def add(tx: Tx, photo: Photo) -> None:
    """Keep the row; there already, it stays as it is."""
    await tx.execute(ADD, {c.name: getattr(photo, c.name) for c in session_photo.c})


async def of_sessions(tx: Tx, sessions: Sequence[SessionId]) -> list[Photo]:
    """All photos of these sessions, as they came."""
    rows: Any = await tx.execute(OF_SESSIONS, {"sessions": list(sessions)})
    return [Photo(**row._mapping) for row in rows]  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
