"""What scheduling does because time passed, and its long work.

A scheme's draft, another time for a session, the whole federation's plan.
"""

from uuid import UUID

from scheduling.federation import commands as federation
from scheduling.federation import computing
from scheduling.federation.rules import Piece
from scheduling.schemes import deadlines, drafting, replanning
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


@timers.job(computing.PREPARE)
class PrepareEngine(Job[None, computing.Prepared]):
    """The compiled engine, before the first run: a service never waits for the compiler."""

    async def read(self, tx: Tx, due: Due) -> None:
        """Nothing."""

    async def compute(self, given: None) -> computing.Prepared:
        """In a process of low priority."""
        return await computing.prepare(given)

    async def save(self, tx: Tx, due: Due, output: computing.Prepared) -> None:
        """The run begins."""
        await computing.save_prepared(tx, due, output)


@timers.job(computing.IMPROVE)
class ImprovePlan(Job[computing.Question | None, Piece | None]):
    """A piece of a run: the federation's plan improved, or supposed otherwise."""

    cpu_bound = True

    async def read(self, tx: Tx, due: Due) -> computing.Question | None:
        """The run, and the plan as it stands now."""
        return await computing.read(tx, due)

    def compute(self, given: computing.Question | None) -> Piece | None:
        """Some seconds of search."""
        return computing.compute(given) if given else None

    async def save(self, tx: Tx, due: Due, output: Piece | None) -> None:
        """What was found so far; then the next piece."""
        if output is not None:
            await computing.save(tx, due, output)


timers.at(federation.AGAIN)(federation.again)


@timers.at(deadlines.REMIND)
async def when_the_time_to_sign_is_nearly_over_remind(tx: Tx, deadline: Due) -> None:
    """Whoever is asked to sign hears of it once more."""
    await drafting.remind(tx, UUID(deadline.key), because=deadline.cause)


@timers.at(deadlines.ESCALATE)
async def when_nobody_has_signed_tell_somebody_above(tx: Tx, deadline: Due) -> None:
    """The time is over; the scheme still waits."""
    await drafting.escalate(tx, UUID(deadline.key), because=deadline.cause)
