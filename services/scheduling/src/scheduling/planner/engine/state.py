"""The plan's arrays, and what is read off them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduling.planner.engine.arrays import Given, Ints, Small
from scheduling.planner.engine.compiled import inlined


class Plan(NamedTuple):
    """Who teaches what when, and the counters that every question is answered from (sizes: `arrays.Given`)."""

    slot: Ints
    """[S] -1 unstaffed, as `who`."""
    who: Ints
    tiers: Ints
    """[4] unstaffed, changes, preferences, cost."""
    released: Small
    """[K] minutes on shift in use."""
    held: Small
    """[K, weeks] sessions of a cohort."""
    on_day: Small
    """[I, days] sessions of an instructor."""
    of_day: Small
    """[I, days, B] which ones: the first `on_day` entries."""
    in_week: Small
    """[I, weeks]"""
    in_all: Small
    """[I]"""
    college_all: Small
    """[C]"""
    college_week: Small
    """[C, weeks]"""
    room: Small
    """[P, days, G] onsite sessions in a piece of the day."""
    chance: NDArray[np.uint64]
    """[1] state of the generator (xorshift64)."""


@inlined
def below(plan: Plan, n: int) -> int:
    """A number from 0 to n - 1."""
    x = plan.chance[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    plan.chance[0] = x
    return int(np.int64((x >> np.uint64(11)) % np.uint64(n)))


@inlined
def share(plan: Plan) -> float:
    """A number from 0 up to 1."""
    return below(plan, 1 << 52) / (1 << 52)


@inlined
def last_day(given: Given, plan: Plan, k: int, without: int) -> int:
    """Day of the cohort's last placed session, one left out; 0 where there is none, as lateness counts it."""
    for o in range(given.first[k + 1] - 1, given.first[k] - 1, -1):
        if o != without and plan.slot[o] >= 0:
            day: int = plan.slot[o] // given.bands
            return day
    return 0


@inlined
def window(given: Given, plan: Plan, s: int, spare: int) -> tuple[int, int]:
    """First and last day that the order in the cohort leaves, with `spare` days (0 or 1) for each session that is still
    missing between and that somebody is able to teach.
    """
    k, kept = given.cohort[s], 0
    lo, hi = given.earliest[k], given.days - 1
    for o in range(s - 1, given.first[k] - 1, -1):
        if plan.slot[o] >= 0:
            lo = plan.slot[o] // given.bands + 1
            break
        kept += spare * (given.able_at[given.kind[o] + 1] > given.able_at[given.kind[o]])
    lo, kept = lo + kept, 0
    for o in range(s + 1, given.first[k + 1]):
        if plan.slot[o] >= 0:
            hi = plan.slot[o] // given.bands - 1 - kept
            break
        kept += spare * (given.able_at[given.kind[o] + 1] > given.able_at[given.kind[o]])
    return lo, hi
