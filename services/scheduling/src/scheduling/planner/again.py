"""A plan that nobody kept free meanwhile: what of it still holds, and why the rest does not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from contracts.programme import Programme
from contracts.values import Reason, SessionId
from scheduling.planner.check import check
from scheduling.planner.move import place_by_hand
from scheduling.planner.world import Placed, Unplaced, World


def again(
    plan: Iterable[Placed], world: World, programme: Programme
) -> tuple[tuple[Placed, ...], tuple[Unplaced, ...]]:
    """The plan's sessions at their times, with somebody else where that is enough; and those that lost theirs.

    The world has the plan's cohorts, and its sessions or not.
    """
    mine = list(plan)
    ids = {p.session.session_id for p in mine}
    others = tuple(p for p in world.sessions if p.session.session_id not in ids)
    breaches: dict[SessionId, list[Reason]] = defaultdict(list)
    pace, limit = programme.sessions_per_week.value, programme.class_size_max.value
    for breach in check(mine, {}, replace(world, sessions=others), pace=pace, limit=limit):
        breaches[breach.session_id].append(breach.reason)
    holds = [p for p in mine if p.session.session_id not in breaches]
    lost: list[Unplaced] = []
    for placed in (p for p in mine if p.session.session_id in breaches):
        around = replace(world, sessions=(*others, *holds, placed))
        found, reasons = _where_it_was(placed, around, programme)
        if found is not None:
            holds.append(found)
        else:
            lost.append(Unplaced(placed.session, reasons))
    return tuple(holds), tuple(lost)


def _where_it_was(
    placed: Placed, world: World, programme: Programme
) -> tuple[Placed | None, tuple[Reason, ...]]:
    for person_id in dict.fromkeys((placed.person_id, None)):
        found, reasons = place_by_hand(
            placed.session.session_id, world, programme, day=placed.day, band=placed.band, person_id=person_id
        )
        if found is not None:
            return found, ()
    return None, reasons
