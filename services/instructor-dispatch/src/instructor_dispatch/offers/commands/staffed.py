"""Whether all sessions of an order have a firm lead."""

from dataclasses import replace

from contracts.instructor_dispatch import OrderStaffed
from contracts.values import OrderId, ProgrammeCode
from instructor_dispatch.offers import counts
from instructor_dispatch.offers.commands.saying import Why
from servicekit.db import Tx
from servicekit.facts import hold_subject, record


async def remember_programme(tx: Tx, order_id: OrderId, programme: ProgrammeCode) -> None:
    """The order's programme says how long a college may take to answer."""
    await hold_subject(tx, order_id)
    await counts.save_staffing(tx, replace(await counts.staffing_of(tx, order_id), programme=programme))


async def expect(tx: Tx, order_id: OrderId, version: int, sessions: int) -> None:
    """A scheme is confirmed: so many sessions follow."""
    await hold_subject(tx, order_id)
    known = await counts.staffing_of(tx, order_id)
    await counts.save_staffing(
        tx, replace(known, version=version, sessions=sessions, arrived=0, staffed=False)
    )


async def one_arrived(tx: Tx, order_id: OrderId) -> None:
    """One of the sessions that were expected."""
    known = await counts.staffing_of(tx, order_id)
    await counts.save_staffing(tx, replace(known, arrived=known.arrived + 1, staffed=False))


async def expect_nothing(tx: Tx, order_id: OrderId) -> None:
    """No scheme is in force: nothing makes the order staffed."""
    await hold_subject(tx, order_id)
    known = await counts.staffing_of(tx, order_id)
    await counts.save_staffing(tx, replace(known, sessions=None, staffed=False))


async def look(tx: Tx, order_id: OrderId, *, because: Why = None) -> None:
    """Say `order.staffed` when the last gap is closed; a new gap takes it back, and it is said again after."""
    sessions = await note(tx, order_id)
    if sessions is not None:
        await record(tx, OrderStaffed(order_id=order_id, sessions=sessions), because=because)


async def note(tx: Tx, order_id: OrderId) -> int | None:
    """Keep whether all have a lead; how many sessions, when the last gap was closed just now."""
    known = await counts.staffing_of(tx, order_id)
    if known.sessions is None or known.arrived < known.sessions:
        return None
    sessions, firm = await counts.sessions_and_firm(tx, order_id)
    staffed = sessions > 0 and firm == sessions
    if staffed == known.staffed:
        return None
    await counts.save_staffing(tx, replace(known, staffed=staffed))
    return sessions if staffed else None
