"""`python -m portal verify`: fold all topics from the beginning, in memory, and compare with the rows."""

import sys
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import JSON, Table, select

from contracts.base import Envelope
from portal.beside import database, said_by
from portal.boards import story
from portal.reactions import BOARDS, reactions
from portal.settings import Settings
from servicekit.boards import Board
from servicekit.db import Tx
from servicekit.from_beginning import read_to_end
from servicekit.reactions import cause_of

MOST_LINES = 20
LEFT_OUT = """
select id from public.parked where consumer = $1 union select id from public.skipped where consumer = $1"""
"""Facts that wait for a person, or that a person did without: they have changed no row."""
Rows = dict[Any, Any]


async def verify(settings: Settings) -> list[str]:
    """Where the read model is not what the facts say, one line a difference; empty when it is."""
    envelopes = await read_topics(settings)
    async with database(settings, "verify") as db, db.begin() as tx:
        without = {row["id"] for row in await tx.driver.fetch(LEFT_OUT, reactions.consumer)}
        return await compare(tx, [each for each in envelopes if each.id not in without])


async def compare(tx: Tx, envelopes: Iterable[Envelope]) -> list[str]:
    """The folds of these facts beside the rows."""
    kept = list(without_repeats(envelopes))
    found: list[str] = []
    known = [(each.fact(), cause_of(each)) for each in kept if reactions.reacts_to(each.type)]
    for board in BOARDS:
        found += await _differences(tx, board, board.folded(known))
    said = {envelope.id for envelope in kept}
    stored = {row.id for row in await tx.execute(select(story.story_fact.c.id))}
    found += [f"story: fact {id_} is missing" for id_ in sorted(said - stored)]
    found += [f"story: fact {id_} was never said" for id_ in sorted(stored - said)]
    return found


def without_repeats(envelopes: Iterable[Envelope]) -> Iterable[Envelope]:
    """Each fact once, in the order of its first arrival."""
    seen: dict[tuple[str, str], int] = {}
    for envelope in envelopes:
        pair = (envelope.source, envelope.subject)
        if envelope.sequence > seen.get(pair, 0):
            seen[pair] = envelope.sequence
            yield envelope


async def _differences(tx: Tx, board: Board[Any], folded: Rows) -> list[str]:
    (key,) = board.table.primary_key.columns
    stored = {getattr(row, key.name): dict(row._mapping) for row in await tx.execute(select(board.table))}  # noqa: SLF001
    expected = {key: _columns(board.table, row) for key, row in folded.items()}
    lines = [f"{board.name} {id_}: no such row" for id_ in sorted(expected.keys() - stored.keys(), key=str)]
    lines += [
        f"{board.name} {id_}: no fact says so" for id_ in sorted(stored.keys() - expected.keys(), key=str)
    ]
    for id_ in sorted(expected.keys() & stored.keys(), key=str):
        lines += [
            f"{board.name} {id_}: {name} is {stored[id_][name]!r}, the facts say {value!r}"
            for name, value in expected[id_].items()
            if stored[id_][name] != value
        ]
    return lines


def _columns(table: Table, row: Any) -> dict[str, Any]:
    """The row as its table holds it: through JSON and back where a column is JSON."""
    reader: TypeAdapter[Any] = TypeAdapter(type(row))
    row = reader.validate_python({field.name: getattr(row, field.name) for field in fields(row)})
    return {
        column.name: to_jsonable_python(getattr(row, column.name))
        if isinstance(column.type, JSON)
        else getattr(row, column.name)
        for column in table.columns
    }


async def read_topics(settings: Settings) -> list[Envelope]:
    """All facts of all topics up to their present end; each partition in its order. What is no envelope is none."""
    records = await read_to_end(settings.kafka, settings.topic_prefix)
    read = (reactions.read(each.topic, each.partition, each.offset, each.key, each.value) for each in records)
    return [each.envelope for each in read if each.envelope is not None]


async def _work(settings: Settings) -> int:
    found = await verify(settings)
    for line in found[:MOST_LINES]:
        sys.stdout.write(f"{line}\n")
    if len(found) > MOST_LINES:
        sys.stdout.write(f"and {len(found) - MOST_LINES} more\n")
    return 1 if found else 0


def main() -> int:
    """The command: 0 when nothing differs."""
    return said_by(_work)
