"""Two databases of one service, table by table and row by row: the one that lived, and the one made of facts."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg

TABLES = """
select table_name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"""
KIT = {
    "event.position": "positions are drawn anew; the order within a subject is compared",
    "event.at": "when it was recorded; after a restore, when it was sent",
    "due.version": "how often it was asked for",
    "due.asked_at": "when it was asked for",
    "due.leased_until": "who works on it just now",
    "due.tries": "how often it failed",
    "due.error": "why",
    "due.again_at": "when it is tried again",
    "clock": "practice mode only",
    "answered": "answers are in no fact: their keys are refused",
    "taken": "up to where Kafka was read",
    "seal": "windows are what a relay has sent together; a restored database closes new ones over what it lacks",
    "seal_head": "follows the windows",
    "seal_published": "roots are kept by whom they were given to",
    "kit_version": "migrations",
    "alembic_version": "migrations",
}
UUID_LETTERS = 36
IN_ORDER = "select subject, array_agg(sequence order by position) as s from event group by subject"


async def differences(lived: str, restored: str, without: Mapping[str, str]) -> list[str]:
    """What is not the same, in words; `without` are tables, columns and kinds of `due` that facts do not bring back."""
    one, other = await asyncpg.connect(lived), await asyncpg.connect(restored)
    try:
        found: list[str] = []
        left_out = KIT | dict(without)
        for table in [row["table_name"] for row in await one.fetch(TABLES)]:
            if table in left_out:
                continue
            found += _compare(table, await _rows(one, table, left_out), await _rows(other, table, left_out))
        orders = [{row["subject"]: row["s"] for row in await each.fetch(IN_ORDER)} for each in (one, other)]
        if orders[0] != orders[1]:
            found.append("event: the facts of a subject stand in another order")
        return found
    finally:
        await one.close()
        await other.close()


async def _rows(connection: Any, table: str, left_out: Iterable[str]) -> Counter[str]:
    names = {each.partition(".")[2] for each in left_out if each.startswith(f"{table}.")}
    rows = await connection.fetch(f'select * from "{table}"')
    return Counter(
        json.dumps({k: _plain(v) for k, v in row.items() if k not in names}, default=str, sort_keys=True)
        for row in rows
        if table != "due" or row["kind"] not in names
    )


def _plain(value: Any) -> Any:
    """JSON columns by their content."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return _as_set(json.loads(value))
        except ValueError:
            return value
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _as_set(value: Any) -> Any:
    """A set is written in any order: lists of ids are compared by what is in them."""
    if isinstance(value, dict):
        return {key: _as_set(each) for key, each in value.items()}
    if isinstance(value, list):
        ids = all(isinstance(each, str) and len(each) == UUID_LETTERS for each in value)
        return sorted(value) if ids else [_as_set(each) for each in value]
    return value


def _compare(table: str, lived: Counter[str], restored: Counter[str]) -> list[str]:
    lost, more = lived - restored, restored - lived
    return [f"{table}: lost {row}" for row in sorted(lost.elements())] + [
        f"{table}: more {row}" for row in sorted(more.elements())
    ]
