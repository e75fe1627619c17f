"""The whole plan of the federation, read so that a change by hand is answered at once: most of it is remembered."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.values import CohortId, OrderId, SessionId
from scheduling.known import known
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import CohortPlan, Placed, World
from scheduling.schemes import store
from scheduling.schemes.world import spoken_for
from scheduling.sessions import commands as sessions
from scheduling.sessions.rules import Timetabled
from scheduling.supply import commands as supply
from scheduling.supply import waivers as put_aside
from servicekit.clock import today
from servicekit.db import Tx


@dataclass(frozen=True)
class Whole:
    """All that stands or is spoken for, of all orders."""

    ledger: Ledger
    """Shared: to be copied."""
    rows: Mapping[SessionId, tuple[Timetabled, Placed]]
    """What stands on the timetable."""
    placed: Mapping[SessionId, Placed]
    """What is in the ledger."""
    cohorts: Mapping[CohortId, CohortPlan]

    def of_order(self, order_id: OrderId) -> list[Placed]:
        """What of it is the order's."""
        cohorts = self.cohorts
        return [p for p in self.placed.values() if cohorts[p.session.cohort_id].order_id == order_id]

    def standing(self, order_id: OrderId) -> list[tuple[Timetabled, Placed]]:
        """The order's sessions on the timetable."""
        return [each for each in self.rows.values() if each[0].told.order_id == order_id]


async def read_whole(tx: Tx) -> Whole:
    """As it is now, what this transaction has written included."""
    here = known(tx)
    memory = here.memory
    rows = await sessions.on_the_timetable_kept(tx, here.book, memory.standing, memory.cohorts)
    drafts = await store.proposals(tx, memory.drafts)
    teachers = await supply.teachers_kept(tx, here.book, memory.teachers)
    stands = {id_: placed for id_, (_, placed) in rows.items()}
    placed = stands | {
        each.session.session_id: each for draft in drafts.values() for each in spoken_for(draft, stands)
    }
    cohorts = {row.told.cohort_id: memory.cohorts[row.told.cohort_id] for row, _ in rows.values()}
    cohorts |= {cohort.cohort_id: cohort for draft in drafts.values() for cohort in draft.cohorts}
    day = await today(tx)
    world = World(
        here.book,
        day,
        await store.enterprises(tx),
        teachers,
        await supply.agreements(tx),
        cohorts=cohorts,
        waivers=await put_aside.standing(tx, day),
    )
    return Whole(memory.ledger_of(world, placed), rows, placed, cohorts)
