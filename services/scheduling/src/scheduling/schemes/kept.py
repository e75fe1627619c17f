"""Reasons that are kept with a choice: written when a version or a move is published, never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, String, Table, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.values import OrderId, SessionId
from scheduling.known import known
from scheduling.metadata import metadata
from scheduling.planner.keeping import KeptReasons, to_keep
from scheduling.planner.world import Draft, Placed, World
from scheduling.schemes.world import Surroundings
from scheduling.sessions.rules import Timetabled
from servicekit.db import Tx

reasons_kept = Table(
    "reasons_kept",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("order_id", Uuid, ForeignKey("scheme.order_id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("band", String, nullable=False),
    Column("person_id", Uuid),
    Column("kept", JSON, nullable=False),
)
"""`revision` = 0 for the choice of a version, the revision of the session for a move of the scheme in force."""
KEEP = upsert(reasons_kept).on_conflict_do_nothing()
_there = reasons_kept.c
FIND = (
    select(_there.kept)
    .where(
        _there.session_id == bindparam("of_session"),
        _there.day == bindparam("on_day"),
        _there.band == bindparam("in_band"),
        _there.person_id.is_not_distinct_from(bindparam("person", type_=Uuid)),
    )
    .order_by(_there.version.desc(), _there.revision.desc())
    .limit(1)
)
KEPT = TypeAdapter(KeptReasons)


async def find(tx: Tx, placed: Placed) -> KeptReasons | None:
    """What was kept of this choice; nothing for one that was made before reasons were kept, or lost with a database."""
    row = (
        await tx.execute(
            FIND,
            {
                "of_session": placed.session.session_id,
                "on_day": placed.day,
                "in_band": placed.band,
                "person": placed.person_id,
            },
        )
    ).one_or_none()
    return KEPT.validate_python(row.kept) if row else None


async def keep_version(
    tx: Tx, order_id: OrderId, version: int, draft: Draft, kept: Mapping[SessionId, KeptReasons]
) -> None:
    """The choices of a version; what it took over unchanged has its reasons already."""
    rows = [
        _row(order_id, placed, kept[placed.session.session_id], version, 0)
        for placed in draft.placed
        if placed.session.session_id in kept
    ]
    await _write(tx, rows)


async def keep_moves(
    tx: Tx, moves: Iterable[tuple[Timetabled, Placed]], kept: Mapping[SessionId, KeptReasons]
) -> None:
    """The choices of moves of the scheme in force; `moves` are the rows before, and where their sessions go."""
    rows = [
        _row(row.told.order_id, placed, kept[row.told.session_id], row.scheme_version, row.told.revision + 1)
        for row, placed in moves
    ]
    await _write(tx, rows)


async def keep_tailored(
    tx: Tx, order_id: OrderId, version: int, draft: Draft, around: Surroundings, before: Draft | None
) -> None:
    """What is new in a version that was made by hand; `around` is the world, with what the order has in it or not."""
    known_already = {_choice(placed) for placed in before.placed} if before else set()
    held = {p.session.session_id for p in around.sessions if p.held}
    new = [p for p in draft.placed if _choice(p) not in known_already and p.session.session_id not in held]
    world = with_choices(around.world(known(tx).book), draft)
    await keep_version(tx, order_id, version, draft, to_keep(world, new))


def with_choices(world: World, draft: Draft) -> World:
    """The world in which the version's sessions stand where it has them; what was held stays."""
    held = {p.session.session_id for p in world.sessions if p.held}
    mine = [p for p in draft.placed if p.session.session_id not in held]
    ids = {p.session.session_id for p in mine}
    kept = (p for p in world.sessions if p.session.session_id not in ids)
    cohorts = {**world.cohorts, **{c.cohort_id: c for c in draft.cohorts}}
    return replace(world, sessions=(*kept, *mine), cohorts=cohorts)


def with_moves(world: World, moved: Iterable[Placed]) -> World:
    """The world in which these sessions stand where they go."""
    new = {p.session.session_id: p for p in moved}
    return replace(world, sessions=tuple(new.get(p.session.session_id, p) for p in world.sessions))


def _choice(placed: Placed) -> tuple[Any, ...]:
    return placed.session.session_id, placed.day, placed.band, placed.person_id


def _row(order_id: OrderId, placed: Placed, kept: KeptReasons, version: int, revision: int) -> dict[str, Any]:
    return {
        "session_id": placed.session.session_id,
        "version": version,
        "revision": revision,
        "order_id": order_id,
        "day": placed.day,
        "band": placed.band,
        "person_id": placed.person_id,
        "kept": KEPT.dump_python(kept, mode="json"),
    }


async def _write(tx: Tx, rows: list[dict[str, Any]]) -> None:
    if rows:
        await tx.execute(KEEP, rows)
