"""Which failures pass by themselves: the database is away, somebody else holds a lock, a time-out.

Such a failure is retried and says nothing about the fact or command in hand. Told by class and SQLSTATE;
with asyncpg it is never SQLAlchemy's `OperationalError`.
"""

from collections.abc import Iterator

import asyncpg
from asyncpg.exceptions import InternalClientError
from sqlalchemy import exc

_CLASSES = ("08", "53", "57P0")
_STATES = frozenset({"25P03", "25P04", "40001", "40P01", "55P03", "57014"})
_SEQUENCE_TAKEN = ("23505", "event_subject_sequence_key")
_KINDS = (asyncpg.InterfaceError, InternalClientError, OSError, TimeoutError, exc.TimeoutError)
_TIMEOUTS = frozenset({"25P03", "25P04", "57014"})


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps: SQLAlchemy keeps the driver's error as `orig` and its cause."""
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        left.append(getattr(one, "orig", None))
        if type(one).__module__.startswith("sqlalchemy."):
            left.append(one.__cause__)


def passing(error: BaseException) -> bool:
    """Whether the failure passes by itself and the same work may simply be done again."""
    for one in _chain(error):
        state = getattr(one, "sqlstate", None)
        if isinstance(state, str):
            constraint = getattr(one, "constraint_name", None)
            return state in _STATES or state.startswith(_CLASSES) or (state, constraint) == _SEQUENCE_TAKEN
        if isinstance(one, asyncpg.DataError):  # an InterfaceError by inheritance, but about a value
            return False
        if isinstance(one, _KINDS):
            return True
    return False


def timed_out(error: BaseException) -> bool:
    """Whether less work at once might have helped."""
    return any(
        isinstance(one, TimeoutError) or getattr(one, "sqlstate", None) in _TIMEOUTS for one in _chain(error)
    )


def unstorable(error: BaseException) -> bool:
    """Whether a value was refused by its type: out of range, a NUL in a text. The asker's fault, not ours."""
    return any(
        isinstance(one, asyncpg.DataError) or str(getattr(one, "sqlstate", "") or "").startswith("22")
        for one in _chain(error)
    )
