"""What planning for all orders at once reads of their schemes, and does to them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.scheduling import FromRun, SessionMoved
from contracts.values import OrderId, SessionId
from scheduling.planner.keeping import KeptReasons
from scheduling.planner.world import Draft, Placed
from scheduling.schemes import content, drafting, kept, store, tailoring
from scheduling.schemes.world import Surroundings, read_surroundings
from scheduling.sessions import commands as sessions
from servicekit.db import Tx
from servicekit.facts import record_all
from servicekit.identity import Actor

NO_ORDER = UUID(int=0)
Reasons = Mapping[SessionId, KeptReasons]
"""What is kept of each choice."""
keep_moves = kept.keep_moves


async def surroundings(tx: Tx) -> Surroundings:
    """The plan in force, with the drafts of all orders."""
    return await read_surroundings(tx, NO_ORDER)


async def proposed(tx: Tx) -> list[Draft]:
    """Newest versions that wait for approval or confirmation."""
    return await store.proposed(tx, but=NO_ORDER)


async def pinned(tx: Tx) -> frozenset[SessionId]:
    """Sessions of schemes in force that stay at their time."""
    return await store.all_pinned(tx)


async def hold_plan(tx: Tx) -> None:
    """From here on nobody else puts anything into the plan."""
    await store.draw_plan_number(tx)


async def revise(
    tx: Tx, order_id: OrderId, placed: Sequence[Placed], reasons: Reasons, *, run: FromRun, by: Actor
) -> None:
    """The draft on the desk gets a version in which these sessions are where they are now; `run` found them."""
    stored = await store.read(tx, order_id)
    version = await store.version_of(tx, order_id, stored.scheme.version)
    assert version is not None  # whoever asks has read its sessions
    drafted = tailoring.reckoned(tx, stored, content.with_placed(version.draft, placed))
    made = await drafting.add_version(tx, stored, drafted, by=by, run=run)
    await kept.keep_version(tx, order_id, made.scheme.version, drafted, reasons)


async def move(tx: Tx, order_id: OrderId, facts: Sequence[SessionMoved], *, by: Actor) -> None:
    """Sessions of the scheme in force are held at other times, within what the enterprise has allowed."""
    await sessions.apply(tx, facts)
    stored = await store.read(tx, order_id)
    await drafting.keep(tx, stored, stored.scheme)
    await record_all(tx, facts, by=by)
