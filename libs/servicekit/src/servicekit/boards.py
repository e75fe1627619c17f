"""Read models as declared folds: key of the row, and a pure `fold(row, fact, cause) -> row`.

    board = Board("order_card", table, key=lambda fact: fact.order_id, row=OrderCard)

    @board.on(OrderAccepted)
    def accepted(card: OrderCard | None, fact: OrderAccepted, cause: Cause) -> OrderCard: ...

The engine loads a chunk's rows with one select and writes them with one upsert. `row` is a dataclass or a
pydantic model whose fields are the table's columns; the table has one primary-key column. Nobody else
writes it. No row yet, or no row any more: `None`.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_json
from sqlalchemy import JSON, String, Table, any_, bindparam, cast, column, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

from contracts.base import Fact
from servicekit.db import Cause, Tx

R = TypeVar("R")
D = TypeVar("D")
F = TypeVar("F", bound=Fact)
Fold = Callable[[Any, Any, Cause], Any]
LOCK = """
select pg_advisory_xact_lock(k) from
(select distinct hashtextextended($1 || '/' || x, 2) k from unnest($2::text[]) x order by 1) q"""


def renewed(row: D, **known: Any) -> D:
    """`dataclasses.replace` for rows: several times as fast, for it copies what is there and calls nothing."""
    if not known.keys() <= row.__dict__.keys():
        raise TypeError(
            f"{type(row).__name__} has no {', '.join(sorted(known.keys() - row.__dict__.keys()))}"
        )
    new: D = object.__new__(type(row))
    new.__dict__.update(row.__dict__, **known)
    return new


class Board(Generic[R]):
    """One table of the read model and the facts that change it."""

    def __init__(self, name: str, table: Table, *, key: Callable[[Any], Any], row: type[R]) -> None:
        self.name = name
        self.table = table
        self.key = key
        self.folds: dict[str, Fold] = {}
        self._reader: TypeAdapter[R] = TypeAdapter(row)
        self._changed: list[Callable[[Tx, Sequence[Any]], Awaitable[None]]] = []
        (self._column,) = table.primary_key.columns
        keys = any_(bindparam("keys", type_=ARRAY(self._column.type)))
        self._read = select(table).where(self._column == keys)
        self._delete = delete(table).where(self._column == keys)
        self._write = _upsert(table)

    def on(self, *facts: type[F]) -> Callable[[Callable[[R | None, F, Cause], R | None]], Fold]:
        """Register the fold of a fact. Pure: the row before (or none), the row after (none = deleted)."""

        def register(fold: Callable[[R | None, F, Cause], R | None]) -> Fold:
            for fact in facts:
                if fact.type in self.folds:
                    raise ValueError(f"{self.name} folds {fact.type} twice")
                self.folds[fact.type] = fold
            return fold

        return register

    def changed(
        self, handler: Callable[[Tx, Sequence[Any]], Awaitable[None]]
    ) -> Callable[[Tx, Sequence[Any]], Awaitable[None]]:
        """Register `async (tx, keys)`, called in the same transaction after the rows were written."""
        self._changed.append(handler)
        return handler

    async def take(self, tx: Tx, facts: Sequence[tuple[Fact, Cause]]) -> None:
        """Fold these facts in order. A fact whose key is nothing changes no row."""
        keyed = self.keyed(facts)
        if not keyed:
            return
        keys = sorted({key for key, _, _ in keyed}, key=str)
        await tx.driver.execute(LOCK, self.name, [str(key) for key in keys])
        before = await self.read(tx, keys)
        after: dict[Any, R | None] = dict(before)
        for key, fact, cause in keyed:
            after[key] = self.folds[fact.type](after.get(key), fact, cause)
        changed = [key for key in keys if after.get(key) != before.get(key)]
        await self.write(tx, {key: after[key] for key in changed})
        if changed:
            for handler in self._changed:
                await handler(tx, changed)

    def keyed(self, facts: Iterable[tuple[Fact, Cause]]) -> list[tuple[Any, Fact, Cause]]:
        """Those of the facts that this board folds, with the key of their row."""
        return [
            (key, fact, cause)
            for fact, cause in facts
            if fact.type in self.folds and (key := self.key(fact)) is not None
        ]

    def folded(self, facts: Iterable[tuple[Fact, Cause]]) -> dict[Any, R]:
        """The rows that these facts alone make. Pure: nothing is read or written."""
        rows: dict[Any, Any] = {}
        for key, fact, cause in self.keyed(facts):
            rows[key] = self.folds[fact.type](rows.get(key), fact, cause)
        return {key: row for key, row in rows.items() if row is not None}

    async def read(self, tx: Tx, keys: Collection[Any]) -> dict[Any, R]:
        """The rows of these keys that there are."""
        found = await tx.execute(self._read, {"keys": list(keys)})
        return {
            getattr(row, self._column.name): self._reader.validate_python(dict(row._mapping))  # noqa: SLF001
            for row in found
        }

    async def write(self, tx: Tx, rows: Mapping[Any, R | None]) -> None:
        """These rows as they are now; none = no row any more. One statement for each of the two."""
        gone = [key for key, row in rows.items() if row is None]
        written = [row for row in rows.values() if row is not None]
        if gone:
            await tx.execute(self._delete, {"keys": gone})
        if written:
            await tx.execute(self._write, self._columns(written))

    def _columns(self, rows: Sequence[R]) -> dict[str, list[Any]]:
        """The rows as one array per column."""
        return {
            name: [_json(getattr(row, name), column.type) for row in rows]
            if isinstance(column.type, JSON)
            else [getattr(row, name) for row in rows]
            for name, column in self.table.columns.items()
        }


def _upsert(table: Table) -> Insert:
    """Any number of rows in one statement, one array per column: no statement and no parameter per row."""
    columns = table.columns.values()
    given = {c.name: String() if isinstance(c.type, JSON) else c.type for c in columns}
    if any(isinstance(type_, ARRAY) for type_ in given.values()):
        raise TypeError(f"{table.name}: a board keeps lists as JSON, an array of arrays is no column")
    arrays = [bindparam(name, type_=ARRAY(type_, dimensions=1)) for name, type_ in given.items()]
    rows = func.unnest(*arrays).table_valued(*(column(name, type_) for name, type_ in given.items()))
    rows = rows.render_derived()
    values = [cast(rows.c[c.name], c.type) if isinstance(c.type, JSON) else rows.c[c.name] for c in columns]
    statement = insert(table).from_select(list(given), select(*values))
    keys = [c.name for c in columns if c.primary_key]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in given if name not in keys}
    )


def _json(value: Any, type_: JSON) -> str | None:
    if value is None and type_.none_as_null:
        return None
    return to_json(value).decode()
