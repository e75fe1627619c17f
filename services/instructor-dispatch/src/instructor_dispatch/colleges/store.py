"""Rows of colleges and agreements."""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from instructor_dispatch.colleges.rules import Agreement, College
from instructor_dispatch.metadata import metadata
from servicekit.db import Tx
from servicekit.facts import hold_subject

college = Table(
    "college",
    metadata,
    Column("college_id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120)),
    Column("division", String(6), nullable=False),
    Column("kind", String(64), nullable=False),
)
agreement = Table(
    "agreement",
    metadata,
    Column("college_id", ForeignKey("college.college_id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_until", Date, nullable=False),
    Column("union_id", String(40), nullable=False),
    Column("sessions_total", Integer, nullable=False),
    Column("sessions_week", Integer, nullable=False),
    Column("target", Integer, nullable=False),
)

READ = select(college).where(college.c.college_id.in_(bindparam("ids", expanding=True)))
READ_ALL = select(college).order_by(college.c.college_id)
AGREEMENTS = (
    select(agreement)
    .where(agreement.c.college_id.in_(bindparam("ids", expanding=True)))
    .order_by(agreement.c.valid_from)
)
_save = upsert(college)
SAVE = _save.on_conflict_do_update(
    index_elements=["college_id"],
    set_={name: _save.excluded[name] for name in ("name", "name_en", "division", "kind")},
)
FORGET_AGREEMENTS = delete(agreement).where(agreement.c.college_id == bindparam("of_college"))
ADD_AGREEMENTS = insert(agreement)


async def lock(tx: Tx, college_id: str) -> College:
    """The college, held to the end of the transaction; `college.unknown`."""
    found = await hold_if_there(tx, college_id)
    if found is None:
        raise NotFound("college.unknown", college_id=college_id)
    return found


async def hold_if_there(tx: Tx, college_id: str) -> College | None:
    """The college if it is known; its id is held either way."""
    await hold_subject(tx, college_id)
    return next(iter(await read(tx, [college_id])), None)


async def read(tx: Tx, ids: Collection[str] | None = None) -> list[College]:
    """These colleges, or all."""
    rows = (await tx.execute(READ_ALL) if ids is None else await tx.execute(READ, {"ids": list(ids)})).all()
    agreed: dict[str, list[Agreement]] = {row.college_id: [] for row in rows}
    for row in (await tx.execute(AGREEMENTS, {"ids": list(agreed)})).all():
        agreed[row.college_id].append(
            Agreement(
                row.union_id,
                row.valid_from,
                row.valid_until,
                row.sessions_total,
                row.sessions_week,
                row.target,
            )
        )
    return [
        College(row.college_id, row.name, row.name_en, row.division, row.kind, tuple(agreed[row.college_id]))
        for row in rows
    ]


async def save(tx: Tx, state: College) -> None:
    """Write the college as it is now, agreements included."""
    await tx.execute(
        SAVE,
        {
            "college_id": state.college_id,
            "name": state.name,
            "name_en": state.name_en,
            "division": state.division,
            "kind": state.kind,
        },
    )
    await tx.execute(FORGET_AGREEMENTS, {"of_college": state.college_id})
    if state.agreements:
        await tx.execute(ADD_AGREEMENTS, _rows(state))


def _rows(state: College) -> Sequence[dict[str, object]]:
    return [
        {
            "college_id": state.college_id,
            "valid_from": each.valid_from,
            "valid_until": each.valid_until,
            "union_id": each.union_id,
            "sessions_total": each.sessions_total,
            "sessions_week": each.sessions_week,
            "target": each.target,
        }
        for each in state.agreements
    ]
