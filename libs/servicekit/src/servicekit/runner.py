"""Fires deadlines and does jobs. Any number of replicas may run: each row is taken by one at a time.

Locks go subject first, then the row: a command that holds the subject and drops the deadline never waits in
a ring with the runner. A job is leased, not locked: its computation happens outside any transaction.
A passing failure (the connection is cut, a deadlock) is no try: the same is done again, for a minute at most.
"""

import asyncio
import contextlib
import inspect
from datetime import timedelta
from typing import Any

import asyncpg
import structlog

from servicekit import telemetry
from servicekit.db import Cause, Transactions, Tx
from servicekit.facts import hold_with
from servicekit.faults import passed
from servicekit.patience import PATIENCE_SECONDS, Patience, Stopping
from servicekit.pool import CpuPool
from servicekit.timers import Due, Job, Timers, drop

LEASE = timedelta(seconds=30)
FIRST_PAUSE, LAST_PAUSE = 1.0, 300.0
MOST_ERROR = 2000

DUE = """
select * from due where not job and kind = any($1::text[]) and due <= songjiao_now()
  and (again_at is null or again_at <= clock_timestamp())
order by due, kind, key limit 1"""
TAKE = """
select * from due where kind = $1 and key = $2 and version = $3 and due <= songjiao_now() for update"""
LEASE_ONE = """
update due set leased_until = clock_timestamp() + $2 where (kind, key) = (
  select kind, key from due where job and kind = any($1::text[])
    and (leased_until is null or leased_until < clock_timestamp())
    and (again_at is null or again_at <= clock_timestamp())
  order by asked_at, kind, key limit 1 for update skip locked)
returning *"""
KEEP = "update due set leased_until = clock_timestamp() + $4 where kind = $1 and key = $2 and version = $3"
RELEASE = "update due set leased_until = null where kind = $1 and key = $2"
FAILED = """
update due set tries = tries + 1, error = $4, leased_until = null,
  again_at = clock_timestamp()
    + make_interval(secs => least($6::float8, $5::float8 * power(2, least(tries, 20))))
where kind = $1 and key = $2 and version = $3"""
STATE = """
select count(*) filter (where job) as jobs, count(*) filter (where not job and due <= songjiao_now()) as late,
  count(*) filter (where tries > 0) as failing,
  min(due) filter (where not job and due > songjiao_now()) as next_due,
  coalesce(extract(epoch from max(songjiao_now() - due) filter (where not job)), 0)::float8 as late_seconds
from due"""
FAILING = """
select kind, key, subject, tries, error, again_at from due where tries > 0 order by asked_at limit 100"""

log = structlog.get_logger("timers")


class Moved(Exception):  # noqa: N818
    """The job was asked for again while it was computed: its outcome is old."""


class Runner:
    """Works off the due rows of one service."""

    def __init__(
        self,
        timers: Timers,
        transactions: Transactions,
        *,
        poll: float = 0.05,
        workers: int = 2,
        pool: CpuPool | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.timers = timers
        self.transactions = transactions
        self._poll = poll
        self._workers = workers
        self._pool = pool
        self._patience = Patience(self._again, patience)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`. One worker for deadlines (they fire in order), several for jobs."""
        tasks = [self._loop(self.fire_one)] if self.timers.deadlines else []
        if self.timers.jobs:
            tasks += [self._loop(self.do_one) for _ in range(self._workers)]
        await asyncio.gather(*tasks)

    def stop(self) -> None:
        """End after the work in hand."""
        self._stopping.set()
        self._patience.stop()
        self.transactions.asked.set()

    def _again(self, error: Exception, pause: float) -> None:
        log.warning("again after a pause", error=repr(error), pause=pause)

    async def _loop(self, work: Any) -> None:
        while not self._stopping.is_set():
            asked = self.transactions.asked  # of now: what is asked for while we look is not slept over
            try:
                if await work():
                    continue
            except Exception as error:  # noqa: BLE001  the database is away: the rows are still there
                log.warning("again after a pause", error=repr(error))
                await asyncio.sleep(FIRST_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asked.wait(), self._poll)

    async def fire_one(self) -> bool:
        """Fire the earliest deadline that is due; whether there was one."""
        async with self.transactions.begin() as tx:
            row = await tx.driver.fetchrow(DUE, list(self.timers.deadlines))
        if row is None:
            return False
        deadline = Due.of(row)
        try:
            await self._patience.with_(lambda: self._fire(deadline))
        except Stopping:
            return True  # the row is still there
        except Exception as error:  # noqa: BLE001  kept with the row and tried again
            await self._failed(deadline, error)
        return True

    async def _fire(self, deadline: Due) -> None:
        async with self.transactions.begin() as tx:
            await hold_with(tx, [deadline.subject], self.timers.bound.get(deadline.kind))
            if await tx.driver.fetchrow(TAKE, deadline.kind, deadline.key, deadline.version) is None:
                return  # dropped, moved, or fired by another replica meanwhile
            await drop(tx, deadline.kind, deadline.key, deadline.version)
            with _because(tx, deadline.cause):
                await self.timers.deadlines[deadline.kind](tx, deadline)
        passed("timers.after_commit")

    async def do_one(self) -> bool:
        """Do the job that waits longest; whether there was one."""
        async with self.transactions.begin() as tx:
            row = await tx.driver.fetchrow(LEASE_ONE, list(self.timers.jobs), LEASE)
        if row is None:
            return False
        due = Due.of(row)
        keeping = asyncio.create_task(self._keep(due))
        try:
            await self._do(self.timers.jobs[due.kind], due)
        except (Moved, Stopping):
            await self._patience.with_(lambda: self._write(RELEASE, due.kind, due.key))
        except Exception as error:  # noqa: BLE001  kept with the row and tried again
            await self._failed(due, error)
        finally:
            keeping.cancel()
        return True

    async def _do(self, job: Job[Any, Any], due: Due) -> None:
        given = await self._patience.with_(lambda: self._read(job, due))
        output = await self._compute(job, given)
        await self._patience.with_(lambda: self._save(job, due, output))
        passed("timers.after_commit")

    async def _read(self, job: Job[Any, Any], due: Due) -> Any:
        async with self.transactions.begin() as tx:
            with _because(tx, due.cause):
                return await job.read(tx, due)

    async def _save(self, job: Job[Any, Any], due: Due, output: Any) -> None:
        async with self.transactions.begin() as tx:
            with _because(tx, due.cause):
                await job.save(tx, due, output)
            if not await drop(tx, due.kind, due.key, due.version):
                raise Moved

    async def _compute(self, job: Job[Any, Any], given: Any) -> Any:
        if inspect.iscoroutinefunction(job.compute):
            return await job.compute(given)
        if job.cpu_bound and self._pool is not None:
            return await self._pool.run(job.compute, given)
        return await asyncio.to_thread(job.compute, given)

    async def _keep(self, due: Due) -> None:
        """Renew the lease while the job is computed."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with contextlib.suppress(Exception):  # a lost lease costs a second computation, no wrong outcome
                await self._write(KEEP, due.kind, due.key, due.version, LEASE)

    async def _failed(self, due: Due, error: Exception) -> None:
        """Keep the error where a person sees it, and try again after a pause that doubles."""
        log.error("due work failed", kind=due.kind, subject=due.subject, tries=due.tries + 1, exc_info=error)
        told = f"{type(error).__name__}: {error}"[:MOST_ERROR].replace("\0", "")
        values = (due.kind, due.key, due.version, told, FIRST_PAUSE, LAST_PAUSE)
        await self._patience.with_(lambda: self._write(FAILED, *values))

    async def _write(self, statement: str, *values: object) -> None:
        async with self.transactions.begin() as tx:
            await tx.driver.execute(statement, *values)


@contextlib.contextmanager
def _because(tx: Tx, cause: Cause | None) -> Any:
    """What is recorded meanwhile has this cause, and goes on in its trace."""
    links = telemetry.link_to(cause.traceparent if cause else None)
    with telemetry.tracer().start_as_current_span("due", links=links):
        tx.cause = cause
        tx.correlation = cause.correlation if cause else None
        tx.traceparent = telemetry.current_traceparent() or (cause.traceparent if cause else None)
        yield


async def state(tx: Tx) -> asyncpg.Record:
    """Counts of due work: jobs, late (deadlines due and not fired), failing, next_due, late_seconds."""
    row = await tx.driver.fetchrow(STATE)
    assert row is not None
    return row


async def failing(tx: Tx) -> list[dict[str, Any]]:
    """What failed and tries again."""
    return [dict(row) for row in await tx.driver.fetch(FAILING)]
