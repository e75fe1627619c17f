"""A service's tables in a nutshell, to see whether reading everything again has changed anything."""

from collections.abc import Mapping

import asyncpg

PASSING = frozenset({"clock", "taken"})
"""What moves by itself, whatever is read: the time, and up to where everything is known."""
TABLES = """
select table_name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name"""
DIGEST = (
    "select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from public.\"{table}\" t"
)


async def digests(url: str) -> Mapping[str, str]:
    """A digest of all rows, by table."""
    connection = await asyncpg.connect(url)
    try:
        tables = [row["table_name"] for row in await connection.fetch(TABLES)]
        return {
            table: await connection.fetchval(DIGEST.format(table=table))
            for table in tables
            if table not in PASSING
        }
    finally:
        await connection.close()
