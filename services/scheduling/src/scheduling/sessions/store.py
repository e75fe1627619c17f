"""Rows of the timetable, and the cohorts that sit in its sessions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    bindparam,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from contracts.scheduling import SessionWithPlace
from contracts.values import CohortId, EnterpriseId, OrderId, Reason, SessionId
from scheduling.metadata import metadata
from scheduling.planner.world import CohortPlan
from scheduling.sessions.rules import Standing, State, Timetabled
from servicekit.db import Tx, UtcTime

cohort = Table(
    "cohort",
    metadata,
    Column("cohort_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("plan", JSON, nullable=False),
)
session = Table(
    "session",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("enterprise_id", String, nullable=False),
    Column("cohort_id", Uuid, ForeignKey("cohort.cohort_id"), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("told", JSON, nullable=False),
    Column("scheme_version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("person_id", Uuid),
    Column("standing", String),
    Column("declined", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
)

_of_order = bindparam("of_order", type_=Uuid)
_scope = bindparam("scope", type_=String)
READ = select(session).where(session.c.session_id == bindparam("session_id"))
LIST = (
    select(session)
    .where(
        or_(_of_order.is_(None), session.c.order_id == _of_order),
        or_(_scope.is_(None), session.c.enterprise_id == _scope),
    )
    .order_by(session.c.starts_at, session.c.session_id)
)
STANDING = (
    select(session)
    .where(session.c.state != State.CANCELLED.value)
    .order_by(session.c.starts_at, session.c.session_id)
)
SOME = select(session).where(session.c.session_id.in_(bindparam("ids", expanding=True)))
VERSIONS = """
select session_id, xmin::text || ctid::text as version from session where state <> 'cancelled'
order by starts_at, session_id"""
CANCELLED = "select session_id from session where order_id = $1 and state = $2"
COHORTS = select(cohort).where(cohort.c.cohort_id.in_(bindparam("ids", expanding=True)))
_save = upsert(session)
SAVE = _save.on_conflict_do_update(
    index_elements=["session_id"],
    set_={c.name: _save.excluded[c.name] for c in session.c if c.name != "session_id"},
)
_cohort = upsert(cohort)
SAVE_COHORT = _cohort.on_conflict_do_nothing(index_elements=["cohort_id"])

PLAN = TypeAdapter(CohortPlan)
REASONS = TypeAdapter(tuple[Reason, ...])


async def find(tx: Tx, session_id: SessionId) -> Timetabled | None:
    """The session, if it is on the timetable. Its order is held by whoever changes it."""
    row = (await tx.execute(READ, {"session_id": session_id})).one_or_none()
    return _of(row) if row else None


async def read(tx: Tx, session_id: SessionId) -> Timetabled:
    """The session; `session.unknown`."""
    found = await find(tx, session_id)
    if found is None:
        raise NotFound("scheme.session_unknown", session_id=str(session_id))
    return found


async def listed(tx: Tx, *, order_id: OrderId | None, of: EnterpriseId | None = None) -> list[Timetabled]:
    """The sessions of an order (or of all), by time; of one enterprise only, when told."""
    return [_of(row) for row in (await tx.execute(LIST, {"of_order": order_id, "scope": of})).all()]


async def cancelled(tx: Tx, order_id: OrderId) -> set[SessionId]:
    """Which sessions of the order will not be held at all."""
    rows = await tx.driver.fetch(CANCELLED, order_id, State.CANCELLED.value)
    return {row["session_id"] for row in rows}


async def standing(tx: Tx) -> list[Timetabled]:
    """All that is or was to be held, of all orders."""
    return [_of(row) for row in (await tx.execute(STANDING)).all()]


async def versions(tx: Tx) -> dict[SessionId, str]:
    """All that is or was to be held, of all orders, with the version of the row."""
    return {row["session_id"]: row["version"] for row in await tx.driver.fetch(VERSIONS)}


async def some(tx: Tx, ids: Sequence[SessionId]) -> list[Timetabled]:
    """These sessions."""
    return [_of(row) for row in (await tx.execute(SOME, {"ids": list(ids)})).all()]


async def cohorts(tx: Tx, ids: Collection[CohortId]) -> Mapping[CohortId, CohortPlan]:
    """These cohorts."""
    rows = (await tx.execute(COHORTS, {"ids": sorted(ids)})).all() if ids else []
    return {row.cohort_id: PLAN.validate_python(row.plan) for row in rows}


async def save(tx: Tx, rows: Sequence[Timetabled]) -> None:
    """Write the sessions as they are now."""
    if rows:
        await tx.execute(SAVE, [_row(row) for row in rows])


async def add_cohorts(tx: Tx, plans: Iterable[CohortPlan]) -> None:
    """Keep the cohorts of a scheme; a cohort never changes."""
    told = [
        {"cohort_id": p.cohort_id, "order_id": p.order_id, "plan": PLAN.dump_python(p, mode="json")}
        for p in plans
    ]
    if told:
        await tx.execute(SAVE_COHORT, told)


def _of(row: Row[Any]) -> Timetabled:
    return Timetabled(
        told=SessionWithPlace.model_validate(row.told),
        scheme_version=row.scheme_version,
        state=State(row.state),
        person_id=row.person_id,
        standing=Standing(row.standing) if row.standing else None,
        declined=frozenset(map(UUID, row.declined)),
        reasons=REASONS.validate_python(row.reasons),
    )


def _row(row: Timetabled) -> dict[str, Any]:
    told = row.told
    return {
        "session_id": told.session_id,
        "order_id": told.order_id,
        "enterprise_id": told.enterprise_id,
        "cohort_id": told.cohort_id,
        "starts_at": told.slot.starts_at,
        "told": SessionWithPlace.model_validate(told.model_dump()).model_dump(mode="json"),
        "scheme_version": row.scheme_version,
        "state": row.state.value,
        "person_id": row.person_id,
        "standing": row.standing.value if row.standing else None,
        "declined": sorted(map(str, row.declined)),
        "reasons": REASONS.dump_python(row.reasons, mode="json"),
    }
