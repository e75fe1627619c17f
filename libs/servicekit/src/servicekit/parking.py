"""Facts that wait for a person: the one that could not be digested, and behind it those of its subject.

`poison` could not be applied; `gap` came before its forerunner; `behind` waits for one of these. Whoever
writes or reads a subject's parked rows for a decision holds its parking lock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

import asyncpg

from servicekit.db import Tx

if TYPE_CHECKING:
    from servicekit.reactions import Arrived

Reason = Literal["poison", "behind", "gap"]
MOST_ERROR = 4000

LOCK = """
select pg_advisory_xact_lock(k) from
(select distinct hashtextextended($1 || x, 1) k from unnest($2::text[]) x order by 1) q"""
BLOCKED = "select distinct subject from parked where consumer = $1 and subject = any($2::text[])"
FIRST = """
select distinct on (subject) subject, sender, reason, sequence from parked
where consumer = $1 and subject = any($2::text[]) order by subject, seq"""
PARK = """
insert into parked (consumer, subject, sender, sequence, id, type, body, reason, error)
select $1, s, f, n, i, t, b, r, e
from unnest($2::text[], $3::text[], $4::bigint[], $5::uuid[], $6::text[], $7::bytea[], $8::text[], $9::text[])
     with ordinality u(s, f, n, i, t, b, r, e, o)
order by o
on conflict (consumer, id) do nothing"""
ROWS = "select * from parked where consumer = $1 and subject = $2 order by seq"
DROP = "delete from parked where seq = $1"
MARK = "update parked set reason = $2, error = $3, tries = tries + 1 where seq = $1"
SKIPPED = """
insert into skipped (consumer, subject, sender, sequence, id, type, body, error, by, reason, parked_at)
select consumer, subject, sender, sequence, id, type, body, error, $2, $3, at from parked where seq = $1"""
IS_SKIPPED = "select exists (select from skipped where consumer = $1 and id = $2)"
LIST = """
select consumer, subject, count(*) as facts, min(at) as since,
  (array_agg(reason order by seq))[1] as reason, (array_agg(type order by seq))[1] as type,
  (array_agg(id order by seq))[1] as id, (array_agg(error order by seq))[1] as error
from parked group by consumer, subject order by min(at) limit $1"""
SHOW = "select * from parked where id = $1 order by seq"
COUNT = "select consumer, count(*) as facts from parked group by consumer"


@dataclass(frozen=True, slots=True)
class First:
    """The fact a subject waits for."""

    sender: str
    reason: Reason
    sequence: int | None


@dataclass(frozen=True, slots=True)
class ParkedSubject:
    """A subject that waits at a consumer, by its first fact."""

    consumer: str
    subject: str
    facts: int
    since: datetime
    reason: Reason
    type: str
    id: UUID
    error: str


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked fact. `body` are the bytes as they came; `sequence` is unknown when they are no envelope."""

    seq: int
    consumer: str
    subject: str
    sender: str
    sequence: int | None
    id: UUID
    type: str
    body: bytes
    reason: Reason
    error: str
    at: datetime
    tries: int

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Parked":
        """From its row."""
        return cls(**{name: row[name] for name in cls.__slots__})


async def lock(tx: Tx, consumer: str, subjects: Iterable[str]) -> None:
    """Hold the parking of these subjects to the end of the transaction."""
    await tx.driver.execute(LOCK, consumer, list(subjects))


async def blocked(tx: Tx, consumer: str, subjects: Sequence[str]) -> dict[str, First]:
    """Those of the subjects that have parked facts, locked; read again under the lock."""
    found = [row["subject"] for row in await tx.driver.fetch(BLOCKED, consumer, subjects)]
    if not found:
        return {}
    await lock(tx, consumer, found)
    return await first_of(tx, consumer, found)


async def first_of(tx: Tx, consumer: str, subjects: Sequence[str]) -> dict[str, First]:
    """What each of these subjects waits for, if it does."""
    rows = await tx.driver.fetch(FIRST, consumer, subjects)
    return {row["subject"]: First(row["sender"], row["reason"], row["sequence"]) for row in rows}


async def park(tx: Tx, consumer: str, facts: Sequence[tuple["Arrived", Reason, str]]) -> None:
    """Park these facts in this order, in one trip; one that is parked already stays where it is."""
    await tx.driver.execute(
        PARK,
        consumer,
        [fact.subject for fact, _, _ in facts],
        [fact.sender for fact, _, _ in facts],
        [fact.sequence or None for fact, _, _ in facts],
        [fact.id for fact, _, _ in facts],
        [fact.type for fact, _, _ in facts],
        [fact.body for fact, _, _ in facts],
        [reason for _, reason, _ in facts],
        [error[:MOST_ERROR].replace("\0", "") for _, _, error in facts],
    )


async def rows_of(tx: Tx, consumer: str, subject: str) -> list[Parked]:
    """The parked facts of a subject, in the order they came."""
    return [Parked.of(row) for row in await tx.driver.fetch(ROWS, consumer, subject)]


async def drop(tx: Tx, row: Parked) -> None:
    """The fact was applied, or seen before."""
    await tx.driver.execute(DROP, row.seq)


async def mark(tx: Tx, row: Parked, reason: Reason, error: str) -> None:
    """It failed again: keep the newest reason."""
    await tx.driver.execute(MARK, row.seq, reason, error[:MOST_ERROR].replace("\0", ""))


async def skip(tx: Tx, row: Parked, *, by: str, reason: str) -> None:
    """A person decides that this fact has no effect here; who and why is kept for good."""
    await tx.driver.execute(SKIPPED, row.seq, by, reason)
    await drop(tx, row)


async def is_skipped(tx: Tx, consumer: str, id_: UUID) -> bool:
    """Whether a person has decided to do without this record."""
    return bool(await tx.driver.fetchval(IS_SKIPPED, consumer, id_))


async def waiting(tx: Tx, most: int = 500) -> list[ParkedSubject]:
    """The subjects that wait, the longest first."""
    rows = await tx.driver.fetch(LIST, most)
    return [ParkedSubject(**dict(row)) for row in rows]


async def show(tx: Tx, id_: UUID) -> list[Parked]:
    """A parked fact, once per consumer that parked it."""
    return [Parked.of(row) for row in await tx.driver.fetch(SHOW, id_)]


async def counts(tx: Tx) -> dict[str, int]:
    """Parked facts per consumer."""
    return {row["consumer"]: row["facts"] for row in await tx.driver.fetch(COUNT)}


def fills(first: First, fact: "Arrived", seen: int) -> bool:
    """Whether this is the forerunner a parked fact waits for."""
    return first.reason == "gap" and fact.sender == first.sender and fact.sequence == seen + 1


def next_of(rows: Sequence[Parked], last: Mapping[tuple[str, str], int], missing: int) -> Parked:
    """The row to try: the first; when that waits for a forerunner which came later, the forerunner."""
    first = rows[0]
    if first.sequence:
        seen = last.get((first.sender, first.subject), 0)
        if first.sequence > seen + 1 + missing:
            for row in rows[1:]:
                if row.sender == first.sender and row.sequence == seen + 1:
                    return row
    return first
