"""What the union does with runs: asks, looks, stops, drops."""

from datetime import timedelta
from uuid import UUID

from pydantic import TypeAdapter

from scheduling.federation import computing, rules, store
from scheduling.federation.rules import Asked, Kind, Run
from scheduling.known import known
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.identity import Actor
from servicekit.ids import new_id
from servicekit.timers import Due, drop_deadline, set_deadline

AGAIN = "plan.improve_again"
ASKED = TypeAdapter(Asked)


def price_of(tx: Tx, asked: int | None) -> int:
    """What the union said, else the installation's."""
    planning = known(tx).programmes.rules.planning
    return planning.price_of_change.value if asked is None else asked


async def ask(tx: Tx, kind: Kind, name: str, asked: Asked, *, by: Actor) -> Run:
    """A run begins; of improvements the newest asking says whether it is repeated."""
    if kind is Kind.IMPROVEMENTS:
        await _repeat(tx, asked, by.user)
    return await _begin(tx, kind, name, asked, by.user)


async def _repeat(tx: Tx, asked: Asked, user: str) -> None:
    if asked.again_days is None:
        await drop_deadline(tx, AGAIN, Kind.IMPROVEMENTS)
        return
    due = await now(tx) + timedelta(days=asked.again_days)
    told = {"user": user, "asked": ASKED.dump_python(asked, mode="json")}
    await set_deadline(tx, AGAIN, key=Kind.IMPROVEMENTS, subject=AGAIN, due=due, data=told)


async def again(tx: Tx, due: Due) -> None:
    """The week is over: the plan is improved again, as it was asked for."""
    asked = ASKED.validate_python(due.data["asked"])
    user = str(due.data["user"])
    await _repeat(tx, asked, user)
    await _begin(tx, Kind.IMPROVEMENTS, "", asked, user)


async def _begin(tx: Tx, kind: Kind, name: str, asked: Asked, user: str) -> Run:
    run = Run(new_id(), kind, name, user, await now(tx), asked)
    await store.add(tx, run)
    await computing.ask(tx, run)
    return run


async def stop(tx: Tx, kind: Kind, run_id: UUID) -> None:
    """What was found so far stays."""
    run, _ = await store.lock(tx, kind, run_id)
    await store.save(tx, rules.stop(run))


async def drop(tx: Tx, kind: Kind, run_id: UUID) -> None:
    """Thrown away; nothing of it was in the plan."""
    run, _ = await store.lock(tx, kind, run_id)
    await store.save(tx, rules.drop(run))
