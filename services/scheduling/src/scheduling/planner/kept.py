"""Pinned sessions when an order is planned again: each stays at its time in the new plan."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from contracts.values import CohortId, SessionId
from scheduling.planner.again import where_it_was
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import CohortPlan, Pinned, Placed, Session, Unplaced


def keep(
    pinned: Iterable[Pinned],
    cohorts: Iterable[CohortPlan],
    todo: Mapping[CohortId, tuple[Session, ...]],
    ledger: Ledger,
    pace: int,
) -> Mapping[SessionId, Placed | Unplaced]:
    """The new plan's sessions that are pinned, by id, added to the ledger; one that no longer can be says why.

    A pin is for the same session of the same people: a cohort that is cut otherwise, or taught another unit at that
    place of its order, has lost it.
    """
    new = {
        (cohort.letter, cohort.line, cohort.workers, session.position, session.unit): session
        for cohort in cohorts
        for session in todo[cohort.cohort_id]
    }
    found: dict[SessionId, Placed | Unplaced] = {}
    for pin in pinned:
        old, cohort = pin.placed, pin.cohort
        key = (cohort.letter, cohort.line, cohort.workers, old.session.position, old.session.unit)
        if key not in new:
            continue
        session = replace(new[key], declined=old.session.declined)
        placed, reasons = where_it_was(replace(old, session=session), ledger, pace)
        if placed is not None:
            ledger.add(placed)
        found[session.session_id] = placed or Unplaced(session, reasons)
    return found
