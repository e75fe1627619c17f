"""Rows of overrides. The coordinator's own words are encrypted, and read by the union only."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Row,
    String,
    Table,
    Uuid,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from contracts.refusals import NotFound
from contracts.values import OverrideId, PersonId, Reason
from instructor_dispatch.metadata import metadata
from instructor_dispatch.overrides.rules import Override
from servicekit.db import EncryptedText, Tx, UtcTime
from servicekit.facts import hold_subject

override = Table(
    "override",
    metadata,
    Column("override_id", Uuid, primary_key=True),
    Column("rule", String(40), nullable=False),
    Column("duty_id", Uuid),
    Column("is_batch", Boolean, nullable=False),
    Column("person_id", Uuid),
    Column("reason", JSONB, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("granted_by", String(80), nullable=False),
    Column("granted_at", UtcTime, nullable=False),
    Column("note", EncryptedText("override.note"), nullable=False),
    Column("withdrawn_by", String(80)),
    Column("withdrawn_at", UtcTime),
    Index("override_valid_ix", "valid_until"),
)
_STATE = tuple(column for column in override.c if column.name != "note")
"""Everything but the words: a decision never decrypts them."""
IN_FORCE = select(*_STATE).where(
    override.c.withdrawn_at.is_(None), override.c.valid_until >= bindparam("day")
)
ONE = select(*_STATE).where(override.c.override_id == bindparam("id"))
LISTED = select(override).order_by(override.c.granted_at.desc(), override.c.override_id)
INSERT = insert(override)
WITHDRAW = (
    update(override)
    .where(override.c.override_id == bindparam("of_override"))
    .values(withdrawn_by=bindparam("by"), withdrawn_at=bindparam("at"))
)
NO_NOTE = ""


class Listed(NamedTuple):
    """An override with the words of whoever granted it."""

    override: Override
    note: str


async def in_force(tx: Tx, day: date) -> list[Override]:
    """Those that hold for a session of this day, or of a later one."""
    return [_state(row) for row in (await tx.execute(IN_FORCE, {"day": day})).all()]


async def lock(tx: Tx, override_id: OverrideId) -> Override:
    """The override, held; `override.unknown`."""
    await hold_subject(tx, override_id)
    row = (await tx.execute(ONE, {"id": override_id})).one_or_none()
    if row is None:
        raise NotFound("override.unknown", override_id=str(override_id))
    return _state(row)


async def add(tx: Tx, state: Override, note: str) -> None:
    """Write a new one."""
    told = {name: getattr(state, name) for name in Override.__slots__}
    await tx.execute(INSERT, told | {"reason": state.reason.model_dump(mode="json"), "note": note})


async def withdraw(tx: Tx, state: Override) -> None:
    """It counts no more."""
    of = {"of_override": state.override_id, "by": state.withdrawn_by, "at": state.withdrawn_at}
    await tx.execute(WITHDRAW, of)


async def listed(
    tx: Tx, *, rule: str | None, person_id: PersonId | None, duty_id: UUID | None
) -> list[Listed]:
    """All of these, the newest first."""
    statement = LISTED
    for column, value in (
        (override.c.rule, rule),
        (override.c.person_id, person_id),
        (override.c.duty_id, duty_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return [Listed(_state(row), row.note) for row in (await tx.execute(statement)).all()]


def _state(row: Row[Any]) -> Override:
    told = {name: getattr(row, name) for name in Override.__slots__}
    return Override(**told | {"reason": Reason.model_validate(row.reason)})
