"""Core statements that were built once, run by the driver itself: compiled once, no greenlet, no cursor between.

SQLAlchemy's own way costs several times what the statement costs in the driver. It stays for what it alone can do:
many rows at once, defaults computed here, a list that is spelled out (`in_`). Types convert as they do there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import asyncpg
from asyncpg.exceptions import InternalClientError
from sqlalchemy import Executable, Result
from sqlalchemy.engine import Dialect, IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Direct:
    """A statement as the driver takes it, and how its values and rows convert."""

    compiled: SQLCompiler
    dialect: Dialect
    sql: str
    binds: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    rows: SimpleResultMetaData | None
    """Nothing where no rows come back."""

    async def run(self, driver: Driver, given: Mapping[str, Any]) -> Result[Any]:
        """One round trip."""
        known = self.compiled.construct_params(dict(given))
        values = [known[name] if convert is None else convert(known[name]) for name, convert in self.binds]
        try:
            found = await driver.fetch(self.sql, *values)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, InternalClientError) as error:
            raise _as_told(error, self.sql, self.dialect) from error
        return IteratorResult(self.rows or _NOTHING, iter(found if self.rows else ()))


_NOTHING = SimpleResultMetaData([])
_Known = dict[frozenset[str], Direct | None]
_seen: WeakKeyDictionary[Executable, _Known] = WeakKeyDictionary()
"""By statement and names of its parameters; nothing where SQLAlchemy must run it. A statement that is run a second
time was built to be kept."""


async def direct_of(
    statement: Executable, given: Mapping[str, Any], driver: Driver, dialect: Dialect
) -> Direct | None:
    """The statement for the driver; nothing at its first time, and where it must take the long way."""
    known = _seen.get(statement)
    if known is None:
        _seen[statement] = {}
        return None
    names = frozenset(given)
    if names not in known:
        known[names] = await _made(statement, list(given), driver, dialect)
    return known[names]


async def _made(statement: Executable, names: list[str], driver: Driver, dialect: Dialect) -> Direct | None:
    compiled: Any = statement.compile(dialect=dialect, column_keys=names)  # type: ignore[attr-defined]
    if not isinstance(compiled, SQLCompiler) or _needs_more(compiled):
        return None
    converts: Mapping[str, Any] = compiled._bind_processors  # noqa: SLF001  there is no other word for them
    binds = tuple((name, converts.get(name)) for name in compiled.positiontup or ())
    if any(convert is not None and not callable(convert) for _, convert in binds):
        return None
    columns = compiled._result_columns if _says_rows(compiled) else []  # noqa: SLF001
    rows = None
    if columns:
        attributes = (await driver.prepare(compiled.string)).get_attributes()
        if len(attributes) != len(columns):
            return None
        back = [
            column.type.dialect_impl(dialect).result_processor(dialect, attribute.type.oid)
            for column, attribute in zip(columns, attributes, strict=True)
        ]
        rows = SimpleResultMetaData(
            [column.keyname for column in columns], _processors=back if any(back) else None
        )
    return Direct(compiled, dialect, compiled.string, binds, rows)


def _says_rows(compiled: SQLCompiler) -> bool:
    """Whether rows were asked for; a key that SQLAlchemy would like to know of an insert is not."""
    return not compiled.isinsert or bool(compiled.statement._returning)  # type: ignore[union-attr]  # noqa: SLF001


def _needs_more(compiled: SQLCompiler) -> bool:
    """What is decided at each execution, by SQLAlchemy."""
    return bool(
        compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.insert_prefetch
        or compiled.update_prefetch
        or any(bind.callable is not None for bind in compiled.bind_names)
    )


def _as_told(error: Exception, statement: str, dialect: Any) -> Exception:
    """The driver's error as SQLAlchemy tells it: whoever catches one need not know which way it came."""
    dbapi = dialect.loaded_dbapi
    for kind in type(error).__mro__:
        if translated := dbapi._asyncpg_error_translate.get(kind):  # noqa: SLF001
            told: Exception = DBAPIError.instance(
                statement, None, translated(str(error), error), dbapi.Error, dialect=dialect
            )
            return told
    return error
