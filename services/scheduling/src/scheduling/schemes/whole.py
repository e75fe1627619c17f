"""The whole plan of the federation, read so that a change by hand is answered at once: most of it is remembered."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.values import CohortId, OrderId, SessionId
from scheduling.known import known
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import CohortPlan, Draft, Placed, World
from scheduling.schemes import remembered, store
from scheduling.schemes.world import spoken_for
from scheduling.sessions import commands as sessions
from scheduling.sessions.rules import Timetabled
from scheduling.supply import commands as supply
from scheduling.supply import waivers as put_aside
from servicekit.clock import today
from servicekit.db import Tx


@dataclass(frozen=True)
class PlanNow:
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
        mine = (id_ for id_, cohort in self.cohorts.items() if cohort.order_id == order_id)
        return [placed for id_ in mine for placed in self.ledger.by_cohort.get(id_, ())]

    def standing(self, order_id: OrderId) -> list[tuple[Timetabled, Placed]]:
        """The order's sessions on the timetable."""
        found = (self.rows.get(placed.session.session_id) for placed in self.of_order(order_id))
        return [each for each in found if each is not None]


async def read_whole(tx: Tx) -> PlanNow:
    """As it is now, what this transaction has written included."""
    here = known(tx)
    memory = here.memory
    rows = await sessions.on_the_timetable_kept(tx, here.book, memory.standing, memory.cohorts)
    drafts = await remembered.proposals(tx)
    teachers = await supply.teachers_kept(tx, here.book, memory.teachers)
    if not memory.together or memory.together[0] is not rows or memory.together[1] is not drafts:
        memory.together = (rows, drafts, *_together(rows, drafts, memory.cohorts))
    placed, cohorts = memory.together[2:]
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
    return PlanNow(memory.ledger_of(world, placed), rows, placed, cohorts)


def _together(
    rows: Mapping[SessionId, tuple[Timetabled, Placed]],
    drafts: Mapping[tuple[OrderId, int], Draft],
    known_cohorts: Mapping[CohortId, CohortPlan],
) -> tuple[Mapping[SessionId, Placed], Mapping[CohortId, CohortPlan]]:
    """All that is in the plan, and who sits in it."""
    stands = {id_: placed for id_, (_, placed) in rows.items()}
    placed = stands | {
        each.session.session_id: each for draft in drafts.values() for each in spoken_for(draft, stands)
    }
    cohorts = {id_: known_cohorts[id_] for id_ in {each.session.cohort_id for each in stands.values()}}
    cohorts |= {cohort.cohort_id: cohort for draft in drafts.values() for cohort in draft.cohorts}
    return placed, cohorts
