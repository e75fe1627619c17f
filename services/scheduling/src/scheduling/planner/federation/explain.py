"""Why a session is where it is, in the plan as it would be."""

from dataclasses import replace

from scheduling.planner.choice import Search
from scheduling.planner.federation.whole import Whole
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed, World


def explained(whole: Whole, now: World, placed: Placed) -> Placed:
    """With the reasons for its place, as a draft has them."""
    teacher = next((t for t in now.teachers if t.person.person_id == placed.person_id), None)
    if teacher is None:
        return replace(placed, reasons=())
    ledger = Ledger(now, without={placed.session.session_id})
    pace = whole.programme(placed.session).sessions_per_week.value
    told = Search(ledger, placed.session, pace).with_person(placed.day, placed.band, teacher)
    return replace(placed, reasons=told.reasons)
