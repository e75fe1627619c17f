"""The long work of scheduling: drafting a scheme, and seeking another time for a session."""

from uuid import UUID

from scheduling.schemes import drafting, replanning
from servicekit.db import Tx
from servicekit.timers import Due, Job, Timers

timers = Timers("scheduling")


@timers.job(drafting.DRAFT)
class DraftScheme(Job[drafting.Question | None, drafting.Answer | None]):
    """A version of an order's scheme, from the plan of the whole federation."""

    cpu_bound = True

    async def read(self, tx: Tx, due: Due) -> drafting.Question | None:
        """The order and the world it has to fit into."""
        return await drafting.read(tx, UUID(due.key))

    def compute(self, given: drafting.Question | None) -> drafting.Answer | None:
        """The draft."""
        return drafting.compute(given) if given else None

    async def save(self, tx: Tx, due: Due, output: drafting.Answer | None) -> None:
        """The next version, unless the world has moved."""
        if output is not None:
            await drafting.save(tx, UUID(due.key), output)


@timers.job(replanning.REPLAN)
class ReplanSession(Job[replanning.Question | None, replanning.Answer | None]):
    """Another time for a session that nobody can come to."""

    cpu_bound = True

    async def read(self, tx: Tx, due: Due) -> replanning.Question | None:
        """The session and the world around it."""
        return await replanning.read(tx, UUID(due.key))

    def compute(self, given: replanning.Question | None) -> replanning.Answer | None:
        """Its new time, or what was tried."""
        return replanning.compute(given) if given else None

    async def save(self, tx: Tx, due: Due, output: replanning.Answer | None) -> None:
        """The move, or that there is none, unless the world has moved."""
        if output is not None:
            await replanning.save(tx, UUID(due.subject), output)
