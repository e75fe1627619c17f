"""Rows of the people who are sent. The name is encrypted and is read by whoever may know it only."""

from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    bindparam,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import Select

from contracts.instructor_dispatch import Away
from contracts.refusals import NotFound
from contracts.values import PersonId, Qualification
from instructor_dispatch.instructors.rules import Person
from instructor_dispatch.metadata import metadata
from servicekit.db import EncryptedText, Tx
from servicekit.facts import hold_subject

person = Table(
    "person",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("college_id", String(40), nullable=False, index=True),
    Column("name", EncryptedText("person.name"), nullable=False),
    Column("home", String(6), nullable=False),
    Column("qualifications", JSONB, nullable=False),
    Column("most_sessions_day", Integer, nullable=False),
    Column("most_sessions_week", Integer, nullable=False),
    Column("fair_load", Integer, nullable=False),
    Column("avoids", JSONB, nullable=False),
    Column("prefers_divisions", JSONB, nullable=False),
    Column("prefers_units", JSONB, nullable=False),
    Column("most_evenings_week", Integer),
    Column("away", JSONB, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index(
        "person_qualifications_ix",
        "qualifications",
        postgresql_using="gin",
        postgresql_ops={"qualifications": "jsonb_path_ops"},
    ),
)
_STATE = tuple(column for column in person.c if column.name != "name")
"""Everything but the name: a decision never decrypts one."""
READ = select(*_STATE).where(person.c.person_id.in_(bindparam("ids", expanding=True)))
WITH_OCCUPATION = (
    select(*_STATE)
    .where(person.c.qualifications.contains(type_coerce(bindparam("holds"), JSONB)))
    .where(~person.c.retired)
    .order_by(person.c.person_id)
)
EVERYBODY = select(*_STATE).where(~person.c.retired).order_by(person.c.person_id)
NAMES = select(person.c.person_id, person.c.name).where(
    person.c.person_id.in_(bindparam("ids", expanding=True))
)
LISTED = select(person).order_by(person.c.college_id, person.c.person_id)
OCCUPATIONS = """
select distinct held ->> 'occupation' as occupation from person p, jsonb_array_elements(p.qualifications) held
where p.college_id = $1 and not p.retired"""
INSERT = insert(person)
SAVE = (
    update(person)
    .where(person.c.person_id == bindparam("of_person"))
    .values(
        home=bindparam("home"),
        qualifications=bindparam("qualifications"),
        most_sessions_day=bindparam("most_sessions_day"),
        most_sessions_week=bindparam("most_sessions_week"),
        fair_load=bindparam("fair_load"),
        avoids=bindparam("avoids"),
        prefers_divisions=bindparam("prefers_divisions"),
        prefers_units=bindparam("prefers_units"),
        most_evenings_week=bindparam("most_evenings_week"),
        away=bindparam("away"),
        retired=bindparam("retired"),
        version=person.c.version + 1,
    )
)
RENAME = update(person).where(person.c.person_id == bindparam("of_person")).values(name=bindparam("called"))
_qualifications = TypeAdapter(tuple[Qualification, ...])
_aways = TypeAdapter(tuple[Away, ...])


NO_NAME = ""
"""Of a person whose name was lost with a database: nobody is called so (`names`)."""


async def lock(tx: Tx, person_id: PersonId, *, college_id: str | None = None) -> Person:
    """The person, held to the end of the transaction; `person.unknown`, also for another college."""
    await hold_subject(tx, person_id)
    found = next(iter(await read(tx, [person_id])), None)
    if found is None or (college_id is not None and found.college_id != college_id):
        raise NotFound("person.unknown", person_id=str(person_id))
    return found


async def read(tx: Tx, ids: Collection[PersonId]) -> list[Person]:
    """These people, those that are known."""
    return [_state(row) for row in (await tx.execute(READ, {"ids": list(ids)})).all()] if ids else []


async def with_occupation(tx: Tx, occupation: str, *, assessor: bool) -> list[Person]:
    """Everybody not retired with some qualification of the occupation, whatever its level or date."""
    holds: dict[str, object] = {"occupation": occupation}
    if assessor:
        holds["assessor"] = True
    return [_state(row) for row in (await tx.execute(WITH_OCCUPATION, {"holds": [holds]})).all()]


async def everybody(tx: Tx) -> list[Person]:
    """All who are sent, whatever they teach."""
    return [_state(row) for row in (await tx.execute(EVERYBODY)).all()]


async def occupations(tx: Tx, college_id: str) -> set[str]:
    """In which somebody of the college, not retired, holds a qualification."""
    return {row["occupation"] for row in await tx.driver.fetch(OCCUPATIONS, college_id)}


async def names(tx: Tx, ids: Collection[PersonId]) -> dict[PersonId, str]:
    """Names in the clear: for whoever may know them."""
    rows = (await tx.execute(NAMES, {"ids": list(ids)})).all()
    return {row.person_id: row.name for row in rows if row.name != NO_NAME}


async def listed(tx: Tx, *, college_id: str | None) -> list[tuple[Person, str, int]]:
    """The list of a college (or of all) with names and versions."""
    statement: Select[Any] = LISTED if college_id is None else LISTED.where(person.c.college_id == college_id)
    return [(_state(row), row.name, row.version) for row in (await tx.execute(statement)).all()]


async def add(tx: Tx, state: Person, name: str) -> None:
    """Write a new person."""
    await tx.execute(
        INSERT,
        {
            "person_id": state.person_id,
            "college_id": state.college_id,
            "name": name,
            "version": 1,
            **_row(state),
        },
    )


async def save(tx: Tx, state: Person, name: str | None = None) -> None:
    """Write the person as they are now; the name only when it is given."""
    await tx.execute(SAVE, {"of_person": state.person_id, **_row(state)})
    if name is not None:
        await tx.execute(RENAME, {"of_person": state.person_id, "called": name})


async def version_of(tx: Tx, person_id: PersonId) -> int:
    """How often the person's row was written: the ETag."""
    version: int = await tx.scalar(
        select(person.c.version).where(person.c.person_id == bindparam("id")), {"id": person_id}
    )
    return version


def _row(state: Person) -> dict[str, object]:
    return {
        "home": state.home,
        "qualifications": _qualifications.dump_python(state.qualifications, mode="json"),
        "most_sessions_day": state.most_sessions_day,
        "most_sessions_week": state.most_sessions_week,
        "fair_load": state.fair_load,
        "avoids": list(state.avoids),
        "prefers_divisions": list(state.prefers_divisions),
        "prefers_units": list(state.prefers_units),
        "most_evenings_week": state.most_evenings_week,
        "away": _aways.dump_python(state.away, mode="json"),
        "retired": state.retired,
    }


def _state(row: Row[Any]) -> Person:
    return Person(
        person_id=row.person_id,
        college_id=row.college_id,
        home=row.home,
        qualifications=_qualifications.validate_python(row.qualifications),
        most_sessions_day=row.most_sessions_day,
        most_sessions_week=row.most_sessions_week,
        fair_load=row.fair_load,
        avoids=tuple(row.avoids),
        prefers_divisions=tuple(row.prefers_divisions),
        prefers_units=tuple(row.prefers_units),
        most_evenings_week=row.most_evenings_week,
        away=_aways.validate_python(row.away),
        retired=row.retired,
    )
