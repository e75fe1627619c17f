"""Ruin and recreate: related sessions are taken out and put in again, better or, while it is hot, a little worse."""

from typing import NamedTuple

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints
from scheduling.planner.engine.compiled import compiled
from scheduling.planner.engine.plan import TIERS, book, score
from scheduling.planner.engine.search import place_best
from scheduling.planner.engine.state import Plan, below, share, window

MOST_OUT = 64
ALSO_TRIED = 4
"""So many of the unstaffed sessions try again in each round."""
OTHERS_SEEN = 3
NEAR_DAYS = 4
LATER_DAYS = 21


class Kinds(NamedTuple):
    """The sessions of each kind: of_kind[at[q] : at[q + 1]]."""

    of_kind: Ints
    at: Ints


def kinds_of(given: Given) -> Kinds:
    """Of this instance."""
    of_kind = np.argsort(given.kind, kind="stable")
    return Kinds(of_kind, np.searchsorted(given.kind[of_kind], np.arange(len(given.able_at))))


class Best(NamedTuple):
    """The best plan so far."""

    slot: Ints
    who: Ints
    tiers: Ints


class Manner(NamedTuple):
    """How a search goes about it."""

    most: int
    """Sessions taken out in a round, at most."""
    noise: float
    """Added to the cost of a choice by chance, in half of the rounds."""
    most_people: int
    """Who can come, asked for each slot."""
    most_days: int
    """Days with anybody, looked at for each session, from a chance one on."""


@compiled
def improve(
    given: Given, plan: Plan, best: Best, kinds: Kinds, manner: Manner, rounds: int, heat: float
) -> None:
    """So many rounds at one heat: a plan worse by `heat` is kept about once in e times. `best` follows."""
    sessions = len(given.cohort)
    slot, who = plan.slot.copy(), plan.who.copy()  # the plan that was kept last
    missing = np.empty(sessions, np.int64)
    n_missing = _unstaffed(slot, missing)
    out = np.empty(MOST_OUT + 1 + ALSO_TRIED, np.int64)
    ahead = False  # the plan kept last is the best, and not written down as that yet
    for _ in range(rounds):
        before = score(plan)
        n = _ruin(given, plan, kinds, out, min(manner.most, MOST_OUT), missing, n_missing)
        if n == 0:
            continue
        n = _also(plan, slot, missing, n_missing, out, n)
        _in_some_order(given, plan, slot, out, n)
        noise = manner.noise * share(plan) if below(plan, 2) else 0.0
        spare = min(1, below(plan, 4))  # in one of four rounds a missing session is not waited for
        for m in range(n):
            place_best(given, plan, out[m], noise, manner.most_days, manner.most_people, spare, 1)
        worse = score(plan) - before
        if worse > 0 and share(plan) >= np.exp(-worse / heat):
            _back(given, plan, slot, who, out, n)
            continue
        leads = better(plan.tiers, best.tiers)
        if ahead and not leads:
            best.slot[:], best.who[:] = slot, who
            ahead = False
        if _keep(plan, slot, who, out, n):
            n_missing = _unstaffed(slot, missing)
        if leads:
            best.tiers[:] = plan.tiers
            ahead = True
    if ahead:
        best.slot[:], best.who[:] = slot, who


@compiled
def _keep(plan: Plan, slot: Ints, who: Ints, out: Ints, n: int) -> bool:
    """The plan as it is now is what was kept last; whether other sessions are unstaffed than before."""
    others = False
    for m in range(n):
        s = out[m]
        others = others or (slot[s] < 0) != (plan.slot[s] < 0)
        slot[s], who[s] = plan.slot[s], plan.who[s]
    return others


@compiled
def _back(given: Given, plan: Plan, slot: Ints, who: Ints, out: Ints, n: int) -> None:
    """The plan as it was kept last."""
    for m in range(n):
        if plan.slot[out[m]] >= 0:
            book(given, plan, out[m], plan.slot[out[m]], plan.who[out[m]], -1)
    for m in range(n):
        if slot[out[m]] >= 0:
            book(given, plan, out[m], slot[out[m]], who[out[m]], 1)


@compiled
def better(one: Ints, other: Ints) -> bool:
    """Whether these tiers come before the others."""
    for tier in range(TIERS):
        if one[tier] != other[tier]:
            lower: bool = one[tier] < other[tier]
            return lower
    return False


@compiled
def _unstaffed(slot: Ints, missing: Ints) -> int:
    n = 0
    for s in range(len(slot)):
        if slot[s] < 0:
            missing[n] = s
            n += 1
    return n


@compiled
def _take_out(given: Given, plan: Plan, s: int, out: Ints, n: int, most: int) -> int:
    if n < most and plan.slot[s] >= 0 and not given.pinned[s]:
        out[n] = s
        book(given, plan, s, plan.slot[s], plan.who[s], -1)
        n += 1
    return n


@compiled
def _ruin(given: Given, plan: Plan, kinds: Kinds, out: Ints, most: int, missing: Ints, n_missing: int) -> int:
    """Take related sessions out, in one of four ways; how many. An unstaffed one that room is made for is with them."""
    size = min(most, 2 + below(plan, most - 1))
    sought = n_missing > 0 and below(plan, 2) == 0
    s = missing[below(plan, n_missing)] if sought else _one_to_better(given, plan)
    if plan.slot[s] < 0:
        n = (
            _a_piece(given, plan, s, out, size)
            if below(plan, 2)
            else _rivals(given, plan, kinds, s, out, size)
        )
        out[n] = s
        return n + 1
    way = below(plan, 10)
    if way < 3:  # noqa: PLR2004  three in ten: a piece of a cohort
        return _a_piece(given, plan, s, out, size)
    if way < 6:  # noqa: PLR2004  three: the instructor's days around
        return _days_around(given, plan, s, out, size)
    if way < 9:  # noqa: PLR2004  three: rivals for the same qualification
        return _rivals(given, plan, kinds, s, out, size)
    n = 0
    for o in range(given.first[given.cohort[s]], given.first[given.cohort[s] + 1]):  # one: a unit
        if given.unit[o] == given.unit[s]:
            n = _take_out(given, plan, o, out, n, most)
    return n


@compiled
def _one_to_better(given: Given, plan: Plan) -> int:
    """A session by chance; in a quarter of the rounds rather one with a wish unmet, in another the one of a few that
    its instructor drives farthest for.
    """
    s, way = below(plan, len(given.cohort)), below(plan, 4)
    if way == 0:
        for _ in range(OTHERS_SEEN):
            if plan.slot[s] < 0 or _unmet(given, plan, s):
                break
            s = below(plan, len(given.cohort))
    elif way == 1:
        for _ in range(OTHERS_SEEN):
            other = below(plan, len(given.cohort))
            if _driven(given, plan, other) > _driven(given, plan, s):
                s = other
    return s


@compiled
def _unmet(given: Given, plan: Plan, s: int) -> bool:
    """Whether the band is not the cohort's wish, or not the instructor's."""
    band = plan.slot[s] % given.bands
    unmet: bool = given.likes[given.cohort[s], band] == 0 or given.avoids[plan.who[s], band] > 0
    return unmet


@compiled
def _driven(given: Given, plan: Plan, s: int) -> float:
    """Minutes there and back, shared among the sessions of the instructor's day; of an unstaffed one more than any."""
    if plan.slot[s] < 0:
        return float(1 << 30)
    i = plan.who[s]
    minutes: float = given.home[i, given.place[s]] / plan.on_day[i, plan.slot[s] // given.bands]
    return minutes


@compiled
def _a_piece(given: Given, plan: Plan, s: int, out: Ints, size: int) -> int:
    k, n = given.cohort[s], 0
    lo = max(given.first[k], s - below(plan, size + 1))
    for o in range(lo, min(given.first[k + 1], lo + size)):
        n = _take_out(given, plan, o, out, n, size)
    return n


@compiled
def _days_around(given: Given, plan: Plan, s: int, out: Ints, size: int) -> int:
    i, day, k, n = plan.who[s], plan.slot[s] // given.bands, given.cohort[s], 0
    reach = 1 + below(plan, NEAR_DAYS + 2)
    for near in range(max(0, day - reach), min(given.days, day + reach + 1)):
        for m in range(plan.on_day[i, near] - 1, -1, -1):
            n = _take_out(given, plan, int(plan.of_day[i, near, m]), out, n, size)
    for o in range(max(given.first[k], s - 1), min(given.first[k + 1], s + 2)):
        n = _take_out(given, plan, o, out, n, size)
    return n


@compiled
def _rivals(given: Given, plan: Plan, kinds: Kinds, s: int, out: Ints, size: int) -> int:
    k, kind, n = given.cohort[s], given.kind[s], 0
    if plan.slot[s] >= 0:
        day = plan.slot[s] // given.bands
    else:
        lo, hi = window(given, plan, s, 0)
        day = min(given.days - 1, lo + below(plan, max(1, min(hi - lo + 1, LATER_DAYS))))
        for o in range(max(given.first[k], s - 2), min(given.first[k + 1], s + 3)):
            n = _take_out(given, plan, o, out, n, size)
    n = _take_out(given, plan, s, out, n, size)
    for _ in range(6 * size):
        if n >= size:
            break
        o = kinds.of_kind[kinds.at[kind] + below(plan, kinds.at[kind + 1] - kinds.at[kind])]
        if plan.slot[o] >= 0 and abs(plan.slot[o] // given.bands - day) <= NEAR_DAYS:
            n = _take_out(given, plan, o, out, n, size)
    return n


@compiled
def _also(plan: Plan, slot: Ints, missing: Ints, n_missing: int, out: Ints, n: int) -> int:
    """Some of the sessions that were unstaffed before are tried with those taken out."""
    for _ in range(min(n_missing, ALSO_TRIED)):
        s = missing[below(plan, n_missing)]
        new = plan.slot[s] < 0 and slot[s] < 0
        for m in range(n):
            new = new and out[m] != s
        if new:
            out[n] = s
            n += 1
    return n


@compiled
def _in_some_order(given: Given, plan: Plan, slot: Ints, out: Ints, n: int) -> None:
    """By chance, by scarcity, or in teaching order; those that were unstaffed first but for the last."""
    way, keys = below(plan, 3), np.empty(MOST_OUT + 1 + ALSO_TRIED, np.float64)
    for m in range(n):
        s = out[m]
        able = given.able_at[given.kind[s] + 1] - given.able_at[given.kind[s]]
        keys[m] = share(plan) if way == 0 else able + 4 * share(plan) if way == 1 else float(s)
        if slot[s] < 0 and way < 2:  # noqa: PLR2004
            keys[m] -= 1e6
    for m in range(1, n):
        key, s, at = keys[m], out[m], m
        while at > 0 and keys[at - 1] > key:
            keys[at], out[at] = keys[at - 1], out[at - 1]
            at -= 1
        keys[at], out[at] = key, s
