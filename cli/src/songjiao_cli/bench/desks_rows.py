"""The services' own rows of orders that have ended, once more as other orders: the history that their reads pass by.

Rows and no facts: what has ended waits for nothing, so nothing acts on it. Who is sent, reservations, the timetable and
what is under way are what they were: nobody is at two places at once there.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg

from songjiao_cli.bench.desks_again import APART, ID, Season

OF_ORDERS = "order_id = any($1::uuid[])"
OF_BATCHES = "batch_id in (select batch_id from batch where order_id = any($1::uuid[]))"
OF_CANDIDATES = """
evaluation_id in (
  select evaluation_id from candidate join batch using (batch_id) where order_id = any($1::uuid[]))"""
ROWS: Mapping[str, Mapping[str, str]] = {
    "order-intake": {
        "training_order": "id = any($1::uuid[])",
        "roster_person": OF_ORDERS,
        "disclosure": OF_ORDERS,
    },
    "instructor-dispatch": {"staffing": OF_ORDERS, "duty": OF_ORDERS, "offer": OF_ORDERS},
    "evaluation": {
        "served_order": OF_ORDERS,
        "cohort": OF_ORDERS,
        "session": OF_ORDERS,
        "sign_in": "session_id in (select session_id from session where order_id = any($1::uuid[]))",
        "delivery": OF_ORDERS,
        "batch": OF_ORDERS,
        "batch_assessor": OF_BATCHES,
        "candidate": OF_BATCHES,
        "part_mark": OF_CANDIDATES,
        "certificate": OF_ORDERS,
    },
}
"""By service, in the order in which rows refer to each other: tables, and which rows are an order's."""
NUMBER = re.compile(rb"(?<![0-9-])(20[0-9]{2})-([0-9]{4,6})(?![0-9-])")
CERTIFICATE = re.compile(rb"\b([YS][0-9]{15})([0-9]{6})\b")
AT_ONCE = 10
"""Copies that are written with one statement a table."""


@dataclass(frozen=True)
class Table:
    """Rows as the database copies them out."""

    name: str
    rows: bytes


def database_of(server: str, service: str) -> str:
    """The URL of a service's database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{service.replace('-', '_')}"))


async def store_rows(server: str, season: Season, copies: int) -> dict[str, int]:
    """So many copies of what has ended in every service; by service how many rows there are more."""
    ended = [UUID(order) for order in season.ended]
    return {
        service: await _store(database_of(server, service), service, season, ended, copies)
        for service in ROWS
    }


async def _store(database: str, service: str, season: Season, ended: Sequence[UUID], copies: int) -> int:
    connection = await asyncpg.connect(database, command_timeout=None)
    try:
        tables = [await _read(connection, name, which, ended) for name, which in ROWS[service].items()]
        for first in range(1, copies + 1, AT_ONCE):
            some = range(first, min(first + AT_ONCE, copies + 1))
            ids = {copy: season.ids(copy, keep=season.surveys) for copy in some}
            async with connection.transaction():
                for table in tables:
                    told = b"".join(again(table.rows, ids[copy], copy) for copy in some)
                    await connection.copy_to_table(table.name, source=io.BytesIO(told))
        await connection.execute("analyze")
    finally:
        await connection.close()
    return copies * sum(table.rows.count(b"\n") for table in tables)


async def _read(
    connection: "asyncpg.Connection[asyncpg.Record]", name: str, which: str, ended: Sequence[UUID]
) -> Table:
    rows = io.BytesIO()
    await connection.copy_from_query(f'select * from "{name}" where {which}', list(ended), output=rows)  # noqa: S608  our own words
    return Table(name, rows.getvalue())


def again(rows: bytes, ids: "Mapping[bytes, bytes]", copy: int) -> bytes:
    """The rows with every id and number of a copy. Pure."""
    told = ID.sub(lambda found: ids[found[0]], rows)
    told = NUMBER.sub(lambda found: b"%b-%06d" % (found[1], copy * APART + int(found[2])), told)
    return CERTIFICATE.sub(lambda found: b"%b%06d" % (found[1], copy * APART + int(found[2])), told)
