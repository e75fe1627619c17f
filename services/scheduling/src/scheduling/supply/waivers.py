"""Rules that the coordinator has put aside by name: a copy, kept by reactions and read for every draft."""

from datetime import date

from sqlalchemy import Column, Date, String, Table, Uuid, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.overrides import OverrideGranted
from contracts.values import OverrideId
from scheduling.metadata import metadata
from servicekit.db import Tx
from staffing.overrides import Waiver

waiver = Table(
    "supply_waiver",
    metadata,
    Column("override_id", Uuid, primary_key=True),
    Column("rule", String, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("session_id", Uuid),
    Column("person_id", Uuid),
)
_waiver = upsert(waiver)
SAVE = _waiver.on_conflict_do_nothing(index_elements=["override_id"])
DROP = delete(waiver).where(waiver.c.override_id == bindparam("of_override"))
STANDING = (
    select(waiver.c.rule, waiver.c.valid_until, waiver.c.session_id, waiver.c.person_id)
    .where(waiver.c.valid_until >= bindparam("day"))
    .order_by(waiver.c.override_id)
)


async def note_granted(tx: Tx, told: OverrideGranted) -> None:
    """A rule counts no more for what is named; what is put aside for a batch is no matter of a plan."""
    if told.batch_id is not None:
        return
    row = {
        name: getattr(told, name)
        for name in ("override_id", "rule", "valid_until", "session_id", "person_id")
    }
    await tx.execute(SAVE, row)


async def note_withdrawn(tx: Tx, override_id: OverrideId) -> None:
    """It counts again."""
    await tx.execute(DROP, {"of_override": override_id})


async def standing(tx: Tx, day: date) -> tuple[Waiver, ...]:
    """Those that hold on this day or later."""
    rows = (await tx.execute(STANDING, {"day": day})).all()
    return tuple(Waiver(row.rule, row.valid_until, row.session_id, row.person_id) for row in rows)
