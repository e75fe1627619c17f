"""What a restored database learns of a joint order beside its members' own rows."""

from contracts.order_intake import OrderPooled
from order_intake.orders import evolve as orders
from order_intake.orders import store
from order_intake.rosters import commands as rosters
from servicekit.db import Cause, Tx


async def pooled(tx: Tx, fact: OrderPooled, cause: Cause) -> None:
    """The member is part of the joint order, which knows by name whom the member's roster still names."""
    await orders.changed(tx, fact, cause)
    member = (await store.read(tx, fact.order_id, of=None)).order
    workers = {trainee.worker_id for line in member.lines for trainee in line.trainees}
    await rosters.copy_people(tx, fact.order_id, fact.joint_id, workers)
