"""The one table of who is where, when. The database itself refuses the second of two.

Times are half-open, so that what ends at noon and what begins at noon do not meet.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, String, Table, Uuid, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from contracts.values import AssignmentId, PersonId
from instructor_dispatch.metadata import metadata
from instructor_dispatch.reservations.rules import Row
from servicekit.db import Tx

reservation = Table(
    "reservation",
    metadata,
    Column("reservation_id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("person_id", Uuid, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("state", String(4), nullable=False),
    Column("assignment_id", Uuid),
    Column("division", String(6)),
    Column("site", String(40)),
    ExcludeConstraint(
        ("person_id", "="), ("during", "&&"), name="reservation_one_place_at_a_time", using="gist"
    ),
    CheckConstraint("kind in ('session', 'drive', 'lesson', 'absence', 'batch')", name="reservation_kind"),
    CheckConstraint("state in ('held', 'firm')", name="reservation_state"),
    CheckConstraint(
        "not isempty(during) and lower_inc(during) and not upper_inc(during)", name="reservation_half_open"
    ),
    CheckConstraint(
        "(kind in ('session', 'batch')) = (assignment_id is not null)", name="reservation_for_an_assignment"
    ),
    Index(
        "reservation_assignment_key",
        "assignment_id",
        unique=True,
        postgresql_where=text("assignment_id is not null"),
    ),
)

IN_TIME = """
select reservation_id, person_id, lower(during) as starts_at, upper(during) as ends_at, kind, state,
       assignment_id, division, site
from reservation where person_id = any($1::uuid[]) and during && tstzrange($2, $3, '[)')
order by person_id, lower(during)"""
INSERT = """
insert into reservation (person_id, during, kind, state, assignment_id, division, site)
select p, tstzrange(s, e, '[)'), k, t, a, d, w
from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[],
            $8::text[]) u(p, s, e, k, t, a, d, w)
on conflict do nothing returning reservation_id"""
DELETE = "delete from reservation where reservation_id = any($1::uuid[])"
OF_ASSIGNMENTS = """
select reservation_id, person_id, lower(during) as starts_at, upper(during) as ends_at, kind, state,
       assignment_id, division, site
from reservation where assignment_id = any($1::uuid[])"""
MAKE_FIRM = "update reservation set state = 'firm' where assignment_id = $1 and state = 'held'"


async def in_time(tx: Tx, people: Collection[PersonId], starts_at: datetime, ends_at: datetime) -> list[Row]:
    """What these people have in a time, drives included, by person and start."""
    if not people:
        return []
    return [Row(**dict(row)) for row in await tx.driver.fetch(IN_TIME, list(people), starts_at, ends_at)]


async def of_assignments(tx: Tx, assignments: Collection[AssignmentId]) -> list[Row]:
    """The reservations of these assignments."""
    return [Row(**dict(row)) for row in await tx.driver.fetch(OF_ASSIGNMENTS, list(assignments))]


async def insert(tx: Tx, rows: Sequence[Row]) -> list[UUID]:
    """Write the rows; one that overlaps another of the same person is not written, and not returned."""
    if not rows:
        return []
    columns = zip(
        *(
            (r.person_id, r.starts_at, r.ends_at, r.kind, r.state, r.assignment_id, r.division, r.site)
            for r in rows
        ),
        strict=True,
    )
    return [row["reservation_id"] for row in await tx.driver.fetch(INSERT, *(list(c) for c in columns))]


async def delete(tx: Tx, rows: Collection[UUID | None]) -> None:
    """Take these reservations back."""
    if rows:
        await tx.driver.execute(DELETE, list(rows))


async def make_firm(tx: Tx, assignment_id: AssignmentId) -> None:
    """Held no more, but promised."""
    await tx.driver.execute(MAKE_FIRM, assignment_id)
