"""Step 4 of a repair by the engine: a session's cohort and its rivals chosen anew together, exactly."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.values import SessionId
from scheduling.planner.engine.arrays import Given, able_of
from scheduling.planner.engine.exact import choose, columns, strict
from scheduling.planner.engine.repair import NEAR_DAYS
from scheduling.planner.federation.adapt import Adapted, Spot
from scheduling.planner.federation.settle import broken_anew
from scheduling.planner.federation.whole import Whole
from scheduling.planner.world import Placed

SECONDS = 5.0
MOST_FREE = 14
"""Sessions chosen anew: all must find a place before the time is over, so fewer than the engine's own repair takes."""


def repaired(whole: Whole, session_id: SessionId, *, seconds: float = SECONDS) -> tuple[Placed, ...]:
    """The session and as few others as possible at new places, in order of time; none when nothing was found.

    Only what is free moves, and only where it may; within a week each way. The seconds are a fuse.
    """
    adapted = Adapted(whole, 1)
    s = adapted.numbers[session_id]
    group = _around(whole, adapted, s)
    given = _in_force(whole, adapted, group)
    adapted.take_out(s)
    for other in group[1:]:
        adapted.take_out(other)
    plan = adapted.plan
    choices = [c for c in columns(given, plan, group) if whole.may(adapted.at(c.s, Spot(c.slot, c.who)))]
    answer = choose(given, plan, group, choices, seconds, strict(given, choices, len(group)))
    if {c.s for c in answer.chosen} != set(group):
        return ()
    found = []
    for column in answer.chosen:
        new = adapted.at(column.s, Spot(column.slot, column.who))
        old = whole.was[new.session.session_id]
        if (new.day, new.band, new.person_id) != (old.day, old.band, old.person_id):
            found.append(replace(old, day=new.day, band=new.band, person_id=new.person_id))
    changed = {p.session.session_id for p in found}
    if broken_anew(whole, whole.world, whole.after(found), changed):
        return ()
    return tuple(sorted(found, key=lambda p: (p.day, p.session.position)))


def _around(whole: Whole, adapted: Adapted, s: int) -> list[int]:
    """The session, its cohort's within a week, then those of whoever could hold it, the nearest first."""
    given, able, day = adapted.given, set(able_of(adapted.given, s)), whole.was[adapted.ids[s]].day
    far = {
        o: abs((whole.was[adapted.ids[o]].day - day).days) for o in adapted.free if adapted.plan.slot[o] >= 0
    }
    near = sorted((o for o, days in far.items() if days <= NEAR_DAYS), key=lambda o: (far[o], o))
    own = [o for o in near if given.cohort[o] == given.cohort[s]][: MOST_FREE // 2]
    rivals = [o for o in near if int(adapted.plan.who[o]) in able and o not in own]
    return [s, *own, *rivals][:MOST_FREE]


def _in_force(whole: Whole, adapted: Adapted, group: Sequence[int]) -> Given:
    """The arrays with the plan in force of these sessions, so that a change has its price."""
    slot, who = adapted.given.was_slot.copy(), adapted.given.was_with.copy()
    for s in group:
        old = whole.was[adapted.ids[s]]
        slot[s] = adapted.slot_of(old)
        who[s] = adapted.spot(old).who if old.person_id in adapted.people else -1
    return adapted.given._replace(was_slot=slot, was_with=who)
