"""Rows of ranges of numbers, and of numbers that are never given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from contracts.values import Code, OrganisationId
from evaluation.certificates.ranges import Range, RangeId
from evaluation.metadata import metadata
from servicekit.db import Tx, UtcTime

number_range = Table(
    "number_range",
    metadata,
    Column("range_id", Uuid, primary_key=True),
    Column("issuer_id", String(40), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("prefix", String(13), nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("year", "level", "first", "last", "next")),
    Column("document", String(200), nullable=False),
    Column("entered_by", String(80), nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("closed_on", Date),
    Column("closed_cause", String(64)),
    Column("closed_by", String(80)),
)
number_void = Table(
    "number_void",
    metadata,
    Column("range_id", Uuid, primary_key=True),
    Column("serial", Integer, primary_key=True),
    Column("cause", String(64), nullable=False),
    Column("put_aside_by", String(80), nullable=False),
    Column("put_aside_at", UtcTime, nullable=False),
)
BY_ENTRY = (number_range.c.entered_at, number_range.c.range_id)
ALL = select(number_range).order_by(number_range.c.entered_at.desc(), number_range.c.range_id)
OF = select(number_range).where(
    number_range.c.issuer_id == bindparam("issuer"), number_range.c.kind == bindparam("of_kind")
)
EVER = select(OF.exists())
DRAWN_FROM = (
    OF.where(
        number_range.c.year == bindparam("of_year"),
        number_range.c.level == bindparam("of_level"),
        number_range.c.closed_on.is_(None),
    )
    .order_by(*BY_ENTRY)
    .with_for_update()
)
LOCK = select(number_range).where(number_range.c.range_id == bindparam("id")).with_for_update()
ADD = insert(number_range)
SAVE = (
    update(number_range)
    .where(number_range.c.range_id == bindparam("id"))
    .values(
        next=bindparam("then"),
        closed_on=bindparam("closed"),
        closed_cause=bindparam("cause"),
        closed_by=bindparam("closer"),
    )
)
VOIDS = (
    select(number_void)
    .where(number_void.c.range_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(number_void.c.range_id, number_void.c.serial)
)
ADD_VOIDS = upsert(number_void).on_conflict_do_nothing()


async def hold_all(tx: Tx) -> None:
    """Nobody else enters a range until the end of this transaction: two that overlap would not see each other."""
    await tx.driver.execute("lock table number_range in share row exclusive mode")


async def listed(tx: Tx) -> list[Range]:
    """All, the newest first."""
    return [_range(row) for row in await tx.execute(ALL)]


async def ever(tx: Tx, issuer_id: OrganisationId, kind: Code) -> bool:
    """Whether an authority has ever handed this issuer numbers for this kind."""
    found: bool = await tx.scalar(EVER, {"issuer": issuer_id, "of_kind": kind})
    return found


async def drawn_from(tx: Tx, issuer_id: OrganisationId, kind: Code, year: int, level: int) -> list[Range]:
    """Those in use, in the order in which they are drawn from, held to the end of the transaction."""
    asked = {"issuer": issuer_id, "of_kind": kind, "of_year": year, "of_level": level}
    return [_range(row) for row in await tx.execute(DRAWN_FROM, asked)]


async def lock(tx: Tx, range_id: RangeId) -> Range:
    """One, held; `range.unknown`."""
    row = (await tx.execute(LOCK, {"id": range_id})).one_or_none()
    if row is None:
        raise NotFound("range.unknown", range_id=range_id)
    return _range(row)


async def add(tx: Tx, new: Range) -> None:
    """A new one."""
    await tx.execute(ADD, asdict(new))


async def save(tx: Tx, state: Range) -> None:
    """Write how far it is given, and whether it is closed."""
    await tx.execute(
        SAVE,
        {
            "id": state.range_id, "then": state.next, "closed": state.closed_on, "cause": state.closed_cause,
            "closer": state.closed_by,
        },
    )  # fmt: skip


async def voids(tx: Tx, ids: Collection[RangeId]) -> Mapping[RangeId, Sequence[tuple[int, str]]]:
    """Of each of these ranges the serials that are never given, with their cause."""
    found: dict[RangeId, list[tuple[int, str]]] = {}
    for row in await tx.execute(VOIDS, {"ids": list(ids)}):
        found.setdefault(row.range_id, []).append((row.serial, row.cause))
    return found


async def put_aside(
    tx: Tx, range_id: RangeId, serials: Sequence[int], cause: str, by: str, at: datetime
) -> None:
    """These are never given; one that was put aside before keeps its cause."""
    told = {"range_id": range_id, "cause": cause, "put_aside_by": by, "put_aside_at": at}
    await tx.execute(ADD_VOIDS, [told | {"serial": each} for each in serials])


def _range(row: Any) -> Range:
    return Range(**row._mapping)  # noqa: SLF001  a row as a mapping
