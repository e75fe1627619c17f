"""The story: every fact as it came, known types or not, in the order of the topic."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, BigInteger, Column, Identity, Integer, String, Table, UniqueConstraint, Uuid

from contracts.base import Envelope
from portal.metadata import metadata
from servicekit.db import Tx, UtcTime

story_fact = Table(
    "story_fact",
    metadata,
    Column("arrived", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("source", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("type", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String),
    Column("cause", Uuid),
    Column("data", JSON, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("subject", "source", "sequence"),
)

KEPT = ("id", "source", "subject", "sequence", "type", "at", "actor", "cause", "data")
KEEP = """
insert into story_fact (id, source, subject, sequence, type, at, actor, cause, data)
select a, b, c, d, e, f, g, h, i::json
from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::text[],
            $8::uuid[], $9::text[]) with ordinality u(a, b, c, d, e, f, g, h, i, o)
order by o on conflict do nothing"""
COLUMNS = "arrived, id, source, subject, sequence, type, at, actor, cause, data::text as data"
OF_SUBJECT = f"select {COLUMNS} from story_fact where subject = $1 order by arrived"  # noqa: S608  our own words
OF_TYPE = f"""
select {COLUMNS} from story_fact where subject = any($1::text[]) and type = $2
order by arrived"""  # noqa: S608
OF_IDS = f"select {COLUMNS} from story_fact where id = any($1::uuid[])"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a story."""

    arrived: int
    id: UUID
    source: str
    subject: str
    sequence: int
    type: str
    at: datetime
    actor: str | None
    cause: UUID | None
    data: dict[str, Any]


async def keep(tx: Tx, envelopes: Sequence[Envelope]) -> None:
    """Every fact as it is, with one statement."""
    if envelopes:
        rows = [as_row(each) for each in envelopes]
        await tx.driver.execute(KEEP, *(list(column) for column in zip(*rows, strict=True)))


def as_row(e: Envelope) -> tuple[Any, ...]:
    """What is kept of a fact, in the order of `KEPT`."""
    data = orjson.dumps(e.data).decode()
    return (e.id, e.source, e.subject, e.sequence, e.type, e.time, e.actor, e.causationid, data)


async def of_subject(tx: Tx, subject: object) -> list[Told]:
    """The whole story of an order, or of another subject, oldest first."""
    return [_told(row) for row in await tx.driver.fetch(OF_SUBJECT, str(subject))]


async def of_type(tx: Tx, subjects: Sequence[object], type_: str) -> list[Told]:
    """The facts of this type about any of these subjects, oldest first."""
    return [_told(row) for row in await tx.driver.fetch(OF_TYPE, [str(one) for one in subjects], type_)]


async def of_ids(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Told]:
    """Facts by id, whatever they are about; those not here yet are left out."""
    return {row["id"]: _told(row) for row in await tx.driver.fetch(OF_IDS, list(ids))}


def _told(row: Any) -> Told:
    values = dict(row)
    data = values["data"]
    values["data"] = json.loads(data) if isinstance(data, str) else data
    values["at"] = values["at"].astimezone(UTC)
    return Told(**values)
