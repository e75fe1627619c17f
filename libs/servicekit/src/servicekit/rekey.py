"""All that is encrypted at rest, put under the key of now: while services run, and on after a stop."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    Table,
    and_,
    bindparam,
    func,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from servicekit.columns import EncryptedBytes, EncryptedText, NoKey, opened

ROWS = 500
"""Read at once. Each value is a transaction of its own, as the engine commits: nobody waits for more than one."""
Progress = Callable[[str, int, int], None]
"""Table, rows looked at, rows there were at the beginning."""


@dataclass
class Rekeyed:
    """What was found: values that are under the new key now, and was there before; cells that no key opens."""

    changed: int = 0
    stood: int = 0
    closed: dict[str, int] = field(default_factory=dict)
    """By `table.column`."""


def encrypted(metadata: MetaData) -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Tables with encrypted columns."""
    for table in metadata.sorted_tables:
        columns = [each for each in table.columns if isinstance(each.type, EncryptedText | EncryptedBytes)]
        if columns:
            yield table, columns


async def rekey(engine: AsyncEngine, metadata: MetaData, progress: Progress) -> Rekeyed:
    """Look at every encrypted value once. A value that somebody writes meanwhile is under the new key already."""
    told = Rekeyed()
    for table, columns in encrypted(metadata):
        keys = list(table.primary_key.columns)
        async with engine.connect() as connection:
            there = await connection.scalar(select(func.count()).select_from(table)) or 0
        seen, last = 0, None
        while True:
            async with engine.connect() as connection:
                rows = (await connection.execute(_next(keys, columns, last))).all()
                for row in rows:
                    await _row(connection, row, keys, columns, told)
            seen += len(rows)
            progress(table.name, seen, max(there, seen))
            if len(rows) < ROWS:
                break
            last = tuple(rows[-1][: len(keys)])
    return told


def _next(keys: Sequence[Column[Any]], columns: Sequence[Column[Any]], last: tuple[Any, ...] | None) -> Any:
    raw = [type_coerce(each, LargeBinary) for each in columns]
    after = select(*keys, *raw).order_by(*keys).limit(ROWS)
    return after if last is None else after.where(tuple_(*keys) > tuple_(*last))


async def _row(
    connection: AsyncConnection,
    row: Sequence[Any],
    keys: Sequence[Column[Any]],
    columns: Sequence[Column[Any]],
    told: Rekeyed,
) -> None:
    own = and_(*(key == value for key, value in zip(keys, row, strict=False)))
    for column, stored in zip(columns, row[len(keys) :], strict=True):
        if stored is None:
            continue
        assert isinstance(column.type, EncryptedText | EncryptedBytes)
        try:
            content, current = opened(column.type.place, bytes(stored))
        except NoKey:
            where = f"{column.table.name}.{column.name}"
            told.closed[where] = told.closed.get(where, 0) + 1
            continue
        if current:
            told.stood += 1
            continue
        value = content.decode() if isinstance(column.type, EncryptedText) else content
        as_read = type_coerce(column, LargeBinary) == bindparam("as_read", type_=LargeBinary)
        statement = update(column.table).where(own, as_read).values({column: value})
        done = await connection.execute(statement, {"as_read": bytes(stored)})
        told.changed += done.rowcount
