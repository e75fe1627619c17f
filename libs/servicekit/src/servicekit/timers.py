"""What a service does because time passed, and its long work. Both are rows, written with their cause.

    timers = Timers("instructor-dispatch")

    @timers.at("offer.lapses")
    async def when_offer_lapses(tx: Tx, deadline: Due) -> None: ...

    @timers.job("scheme.draft")
    class DraftScheme(Job[Input, Output]): ...      # read, compute, save

A deadline fires at least once, at or after its time, in its own transaction, its subject held. A job is
read in one transaction, computed outside any, and saved in another; asked for again meanwhile it is computed
again. What fails tries again after a growing pause and is seen at `/operations`.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import asyncpg

from servicekit.db import Cause, Position, Tx
from servicekit.facts import Bound

I = TypeVar("I")  # noqa: E741  input
O = TypeVar("O")  # noqa: E741  output

SET = """
insert into due as d (kind, key, subject, due, data, cause, job)
values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7)
on conflict (kind, key) do update set subject = excluded.subject, due = excluded.due, data = excluded.data,
  cause = excluded.cause, version = d.version + 1, tries = 0, error = null, again_at = null"""
DROP = "delete from due where kind = $1 and key = $2 and version = coalesce($3, version) returning version"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline or job, as it was asked for. `due` is nothing for a job to be done at once."""

    kind: str
    key: str
    subject: str
    due: datetime | None
    data: dict[str, Any]
    cause: Cause | None
    version: int
    tries: int
    """How often it has failed so far."""

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Due":
        """From its row."""
        due = row["due"]
        return cls(
            kind=row["kind"],
            key=row["key"],
            subject=row["subject"],
            due=due.astimezone(UTC) if due else None,
            data=_json(row["data"]),
            cause=_cause_of(row["cause"]),
            version=row["version"],
            tries=row["tries"],
        )


class Job(ABC, Generic[I, O]):
    """Long work in three steps. `compute` is pure (or `async`, when it asks neighbours by HTTP)."""

    cpu_bound: ClassVar[bool] = False
    """Compute in a process of its own: input, output and the class must be picklable."""

    @abstractmethod
    async def read(self, tx: Tx, due: Due) -> I:
        """What the computation needs."""

    @abstractmethod
    def compute(self, given: I) -> O | Awaitable[O]:
        """The work itself, outside any transaction; in a thread, or a process when it is CPU-bound."""

    @abstractmethod
    async def save(self, tx: Tx, due: Due, output: O) -> None:
        """Save the outcome, after a look whether the world has moved meanwhile; may be called twice."""


At = Callable[[Tx, Due], Awaitable[None]]
J = TypeVar("J", bound=type[Job[Any, Any]])


class Timers:
    """The register of a service's deadlines and jobs."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.deadlines: dict[str, At] = {}
        self.bound: dict[str, Bound] = {}
        self.jobs: dict[str, Job[Any, Any]] = {}

    def at(self, kind: str, *, bound: Bound | None = None) -> Callable[[At], At]:
        """Register what happens when a deadline of this kind has come.

        `bound` names further subjects it may touch; they are held together with the deadline's own.
        """

        def register(handler: At) -> At:
            self._check_new(kind)
            self.deadlines[kind] = handler
            if bound is not None:
                self.bound[kind] = bound
            return handler

        return register

    def job(self, kind: str) -> Callable[[J], J]:
        """Register a job; the class is made once, without arguments."""

        def register(job: J) -> J:
            self._check_new(kind)
            self.jobs[kind] = job()
            return job

        return register

    def _check_new(self, kind: str) -> None:
        if kind in self.deadlines or kind in self.jobs:
            raise ValueError(f"{kind} is registered twice")


async def set_deadline(
    tx: Tx,
    kind: str,
    *,
    key: object,
    subject: object,
    due: datetime,
    data: Mapping[str, Any] | None = None,
    because: Cause | Position | None = None,
) -> None:
    """Something shall happen at a time (on this service's clock); the same kind and key again moves it.

    `data` is JSON of ids, codes and dates (as text); `because` is what the deadline's facts name as cause.
    """
    if due.tzinfo is None:
        raise ValueError("a deadline needs its zone")
    await _set(tx, kind, (key, subject), due=due, data=data, because=because)


async def ask_for(
    tx: Tx,
    kind: str,
    *,
    key: object,
    subject: object,
    data: Mapping[str, Any] | None = None,
    because: Cause | Position | None = None,
) -> None:
    """Ask for a job, at once; asked for again before it is done, the newest request counts."""
    await _set(tx, kind, (key, subject), due=None, data=data, because=because)


async def drop_deadline(tx: Tx, kind: str, key: object) -> bool:
    """The deadline, or the job, is not needed any more; whether there was one."""
    return await drop(tx, kind, str(key), None)


async def drop(tx: Tx, kind: str, key: str, version: int | None) -> bool:
    """Delete the row, if it still has this version."""
    return await tx.driver.fetchval(DROP, kind, key, version) is not None


async def _set(
    tx: Tx,
    kind: str,
    names: tuple[object, object],
    *,
    due: datetime | None,
    data: Mapping[str, Any] | None,
    because: Cause | Position | None,
) -> None:
    """Write the row; one without a time is a job."""
    key, subject = map(str, names)
    kept = json.dumps(dict(data or {}), default=str)
    cause = _cause_text(tx, because or tx.cause)
    await tx.driver.execute(SET, kind, key, subject, due, kept, cause, due is None)
    tx.asked = True


def _cause_text(tx: Tx, cause: Cause | Position | None) -> str | None:
    """The cause as it is kept with the row."""
    if cause is None:
        return None
    kept = {
        "id": str(cause.id),
        "source": cause.source,
        "subject": cause.subject,
        "sequence": cause.sequence,
        "type": getattr(cause, "type", ""),
        "time": (getattr(cause, "time", None) or tx.as_of or tx.time or datetime.now(UTC)).isoformat(),
        "actor": getattr(cause, "actor", None),
        "correlation": getattr(cause, "correlation", None) or tx.correlation,
        "traceparent": getattr(cause, "traceparent", None) or tx.traceparent,
    }
    return json.dumps(kept)


def _cause_of(value: str | dict[str, Any] | None) -> Cause | None:
    if value is None:
        return None
    kept = _json(value)
    moment = datetime.fromisoformat(kept["time"])
    return Cause(**(kept | {"id": UUID(kept["id"]), "time": moment}))


def _json(value: str | dict[str, Any]) -> dict[str, Any]:
    """JSON of a row: the pool's connections decode it, a bare one does not."""
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found
