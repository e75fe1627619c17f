"""Failures that pass, on purpose and at one place: somebody waits for a lock, and is cut off there."""

from contextlib import asynccontextmanager

from kit_house.system import until

WAITING = """
select l.pid from pg_locks l join pg_database d on d.oid = l.database
where not l.granted and d.datname = current_database()"""
CUTS = {
    "connection cut": "select pg_terminate_backend($1)",
    "statement ended": "select pg_cancel_backend($1)",
}


class Blocked:
    """Whoever comes to the held place waits there, and can be cut off."""

    def __init__(self, driver):
        self.driver = driver

    async def cut(self, how="connection cut", *, times=1):
        """Wait until somebody waits, end that; so many times, each another connection or statement."""
        for _ in range(times):
            await until(self._cut_one(CUTS[how]), what="somebody waits for the lock")

    def _cut_one(self, statement):
        async def cut():
            pids = [row["pid"] for row in await self.driver.fetch(WAITING)]
            for pid in pids:
                await self.driver.fetchval(statement, pid)
                await until(lambda: self._gone(pid), what="cut off")  # noqa: B023
            return pids

        return cut

    async def _gone(self, pid):
        return pid not in [row["pid"] for row in await self.driver.fetch(WAITING)]


@asynccontextmanager
async def blocked(service, statement, *values):
    """What this statement locks is held until the end of the block."""
    async with service.transactions.begin() as tx:
        await tx.driver.execute(statement, *values)
        yield Blocked(tx.driver)


def subject_held(service, subject):
    """Whoever wants to hold the subject waits."""
    return blocked(service, "select pg_advisory_xact_lock(hashtextextended($1, 0))", str(subject))
