"""The public keys that badges were ever signed with: a badge outlives the key of its day."""

from typing import Any

from sqlalchemy import Column, String, Table, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from evaluation.metadata import metadata
from servicekit.db import Tx

badge_key = Table(
    "badge_key",
    metadata,
    Column("name", String(43), primary_key=True),
    Column("jwk", JSONB, nullable=False),
)
KEEP = upsert(badge_key).on_conflict_do_nothing()
ALL = select(badge_key).order_by(badge_key.c.name)


async def keep_key(tx: Tx, name: str, jwk: dict[str, Any]) -> None:
    """This key signs; kept once."""
    await tx.execute(KEEP, {"name": name, "jwk": jwk})


async def keys(tx: Tx) -> dict[str, dict[str, Any]]:
    """All that ever signed, by name."""
    return {row.name: row.jwk for row in await tx.execute(ALL)}
