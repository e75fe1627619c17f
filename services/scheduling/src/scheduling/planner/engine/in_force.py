"""What still stands of the plan in force."""

import numpy as np

from scheduling.planner.engine.arrays import Given, Names, able_of
from scheduling.planner.engine.instance import WrongInstance
from scheduling.planner.engine.plan import book, nothing_placed
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.state import Plan, window


def plan_in_force(given: Given, names: Names, seed: int) -> Plan:
    """The plan in force as far as it stands: pins first, then the rest. `WrongInstance` where a pin does not."""
    plan = nothing_placed(given, seed)
    standing = np.flatnonzero(given.was_slot >= 0)
    for s in map(int, (*standing[given.pinned[standing] > 0], *standing[given.pinned[standing] == 0])):
        slot, who, able = int(given.was_slot[s]), int(given.was_with[s]), able_of(given, s)
        lo, hi = window(given, plan, s, 0)
        fits = lo <= slot // given.bands <= hi and who in able and slot_fits(given, plan, s, slot)
        if fits and can_come(given, plan, s, slot, who):
            book(given, plan, s, slot, who, 1)
        elif given.pinned[s]:
            what = (
                "that person cannot come then" if fits else
                "that person lacks the qualification" if who not in able else
                "the time runs against the crew, the order of sessions, the pace or the rooms"
            )  # fmt: skip
            raise WrongInstance(
                f"the pin of session {names.sessions[s]} to day {slot // given.bands}, "
                f"{names.bands[slot % given.bands]}, {names.instructors[who]} is against a rule: {what}; unpin it, or "
                "mend what it runs against"
            )
    return plan
