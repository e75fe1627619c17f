"""A plan that nobody kept free meanwhile: what of it still holds, and why the rest does not."""

from collections.abc import Iterable
from dataclasses import replace

from contracts.programme import Programme
from contracts.values import Reason, because
from scheduling.planner.against import against_person, against_slot
from scheduling.planner.choice import Search
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed, Unplaced, World


def again(
    plan: Iterable[Placed], world: World, programme: Programme
) -> tuple[tuple[Placed, ...], tuple[Unplaced, ...]]:
    """The plan's sessions at their times, with somebody else where that is enough; and those that lost theirs.

    What is pinned comes first, and what cannot stand beside it goes. The world has the plan's cohorts, and its
    sessions or not.
    """
    mine = tuple(plan)
    ledger = Ledger(world, without={p.session.session_id for p in mine})
    return again_in(mine, ledger, programme)


def again_in(
    plan: Iterable[Placed], ledger: Ledger, programme: Programme
) -> tuple[tuple[Placed, ...], tuple[Unplaced, ...]]:
    """The same in a ledger that knows the plan's cohorts and has none of its sessions; what holds is added to it."""
    mine = sorted(plan, key=lambda placed: not placed.pinned)
    holds: list[Placed] = []
    lost: list[Unplaced] = []
    for placed in mine:
        found, reasons = where_it_was(placed, ledger, programme.sessions_per_week.value)
        if found is None:
            lost.append(Unplaced(placed.session, reasons))
        else:
            ledger.add(found)
            holds.append(found)
    return tuple(holds), tuple(lost)


def where_it_was(placed: Placed, ledger: Ledger, pace: int) -> tuple[Placed | None, tuple[Reason, ...]]:
    """At its own time, by its person or by somebody else; or why not. The ledger is without it."""
    session, day, band = placed.session, placed.day, placed.band
    if band not in session.bands:
        return None, (because("slot.band_too_short", band=band),)
    reasons = tuple(each.reason for each in against_slot(session, ledger, pace, day=day, band=band))
    if reasons:
        return None, reasons
    teacher = ledger.teachers.get(placed.person_id) if placed.person_id else None
    if teacher is not None and not any(against_person(session, ledger, teacher, day=day, band=band)):
        return placed, ()
    found = Search(ledger, session, pace).at(day, band)
    if found is None:
        return None, (because("slot.nobody_can_come", slots=1),)
    return replace(found, pinned=placed.pinned), ()
