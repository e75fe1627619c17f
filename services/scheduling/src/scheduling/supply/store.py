"""Rows of the copy: people, agreements, and examinations that people are asked to assess."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.instructor_dispatch import AgreementSigned, PersonFact
from contracts.values import AssignmentId, CollegeId, PersonId, Slot
from scheduling.metadata import metadata
from servicekit.db import Tx, UtcTime

person = Table(
    "supply_person",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("retired", Boolean, nullable=False),
    Column("told", JSON, nullable=False),
)
agreement = Table(
    "supply_agreement",
    metadata,
    Column("college_id", String, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_until", Date, nullable=False),
    Column("sessions_total", Integer, nullable=False),
    Column("sessions_week", Integer, nullable=False),
)
examination = Table(
    "supply_examination",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
)

PEOPLE = select(person.c.told).where(person.c.retired.is_(False)).order_by(person.c.person_id)
SOME = select(person.c.told).where(
    person.c.retired.is_(False), person.c.person_id.in_(bindparam("ids", expanding=True))
)
VERSIONS = """
select person_id, xmin::text || ctid::text as version from supply_person where not retired order by person_id"""
_person = upsert(person)
SAVE_PERSON = _person.on_conflict_do_update(
    index_elements=["person_id"],
    set_={"retired": _person.excluded.retired, "told": _person.excluded.told},
)
AGREEMENTS = select(agreement).order_by(agreement.c.college_id, agreement.c.valid_from)
_agreement = upsert(agreement)
SAVE_AGREEMENT = _agreement.on_conflict_do_update(
    index_elements=["college_id", "valid_from"],
    set_={name: _agreement.excluded[name] for name in ("valid_until", "sessions_total", "sessions_week")},
)
END_AGREEMENT = (
    update(agreement)
    .where(
        agreement.c.college_id == bindparam("of_college"),
        agreement.c.valid_from <= bindparam("on"),
        agreement.c.valid_until >= bindparam("on"),
    )
    .values(valid_until=bindparam("on"))
)
EXAMINATIONS = select(examination)
_examination = upsert(examination)
SAVE_EXAMINATION = _examination.on_conflict_do_update(
    index_elements=["assignment_id"],
    set_={name: _examination.excluded[name] for name in ("person_id", "starts_at", "ends_at")},
)
SENDS = (
    update(examination)
    .where(examination.c.assignment_id == bindparam("of_assignment"))
    .values(person_id=bindparam("sent"))
)
DROP_EXAMINATION = delete(examination).where(examination.c.assignment_id == bindparam("of_assignment"))
TOLD = TypeAdapter(PersonFact)


async def save_person(tx: Tx, told: PersonFact, *, retired: bool) -> None:
    """Keep the person's whole state."""
    content = {
        name: value for name, value in told.model_dump(mode="json").items() if name in PersonFact.model_fields
    }
    await tx.execute(SAVE_PERSON, {"person_id": told.person_id, "retired": retired, "told": content})


async def versions(tx: Tx) -> dict[PersonId, str]:
    """Everybody who is sent, with the version of the row."""
    return {row["person_id"]: row["version"] for row in await tx.driver.fetch(VERSIONS)}


async def some(tx: Tx, ids: Sequence[PersonId]) -> list[PersonFact]:
    """These people, as far as they are sent."""
    rows = (await tx.execute(SOME, {"ids": list(ids)})).all()
    return [TOLD.validate_python(row.told) for row in rows]


async def people(tx: Tx) -> list[PersonFact]:
    """Everybody who is sent."""
    return [TOLD.validate_python(row.told) for row in (await tx.execute(PEOPLE)).all()]


async def save_agreement(tx: Tx, told: AgreementSigned) -> None:
    """Keep an agreement."""
    await tx.execute(
        SAVE_AGREEMENT,
        {
            "college_id": told.college_id,
            "valid_from": told.valid_from,
            "valid_until": told.valid_until,
            "sessions_total": told.sessions_total,
            "sessions_week": told.sessions_week,
        },
    )


async def end_agreement(tx: Tx, college_id: CollegeId, on: date) -> None:
    """The agreement under which this day falls ends on it."""
    await tx.execute(END_AGREEMENT, {"of_college": college_id, "on": on})


async def agreements(tx: Tx) -> Mapping[CollegeId, list[Any]]:
    """The agreements of every college, oldest first."""
    of: dict[CollegeId, list[Any]] = {}
    for row in (await tx.execute(AGREEMENTS)).all():
        of.setdefault(row.college_id, []).append(row)
    return of


async def save_examination(tx: Tx, assignment_id: AssignmentId, person_id: PersonId, slot: Slot) -> None:
    """Somebody is asked to assess then."""
    await tx.execute(
        SAVE_EXAMINATION,
        {
            "assignment_id": assignment_id,
            "person_id": person_id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
        },
    )


async def sends(tx: Tx, assignment_id: AssignmentId, person_id: PersonId) -> None:
    """Somebody else may come than was asked."""
    await tx.execute(SENDS, {"of_assignment": assignment_id, "sent": person_id})


async def drop_examination(tx: Tx, assignment_id: AssignmentId) -> None:
    """Nobody comes by this assignment."""
    await tx.execute(DROP_EXAMINATION, {"of_assignment": assignment_id})


async def examinations(tx: Tx) -> Mapping[UUID, list[tuple[datetime, datetime]]]:
    """When each person assesses."""
    of: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for row in (await tx.execute(EXAMINATIONS)).all():
        of.setdefault(row.person_id, []).append((row.starts_at, row.ends_at))
    return of
