"""The best choice for one session, and a first plan made of such choices."""

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints
from scheduling.planner.engine.compiled import compiled, inlined
from scheduling.planner.engine.costs import CHANGE, DROPPED, PREFERENCE, slot_cost, visit_cost
from scheduling.planner.engine.plan import book
from scheduling.planner.engine.rules import can_come, slot_fits
from scheduling.planner.engine.state import Plan, below, last_day, share, window

FIRST_DAYS = 3
"""A first plan looks at so many days that have anybody: with more it pleases more wishes and leaves more unstaffed."""
UNIT = 32
"""More teachers of one unit than that are not told apart."""
EVERYBODY = EVERY_DAY = 1 << 30
MORE_THAN_ALL = 1 << 60
"""A cost that no choice has."""
NOBODY, TOO_DEAR = -1, -2
"""Instead of who comes."""


@compiled
def place_best(
    given: Given, plan: Plan, s: int, noise: float, most_days: int, most_people: int, spare: int,
    anywhere: int = 0,
) -> bool:  # fmt: skip
    """Put the session where it costs least, time and person together; whether there was a choice.

    `noise` is added to each cost by chance, up to this much; `most_days`: days with anybody to look at;
    `most_people`: who can come, asked from a chance beginning; `spare`: days left to each session still missing
    between its neighbours (`window`); `anywhere` (0 or 1): the days looked at begin at a chance one, not at the first.
    """
    k = given.cohort[s]
    lo, hi = window(given, plan, s, spare)
    last = last_day(given, plan, k, s)
    known, teachers = _teachers(given, plan, s)
    dropped = DROPPED * CHANGE if given.was_slot[s] >= 0 else 0
    best, best_slot, best_who = MORE_THAN_ALL, -1, -1
    span = hi - lo + 1
    begin = below(plan, span) if anywhere and span > most_days else 0
    for wish in range(1, -1, -1):  # the bands that the cohort likes; others only where they could cost less
        if wish == 0 and PREFERENCE - given.unfairness - dropped >= best:
            break
        days = 0
        for n in range(span):
            day = lo + begin + n - (span if begin + n >= span else 0)
            if day > last:
                late = given.lateness * (max(0, day - given.due[k]) - max(0, last - given.due[k]))
                if late - given.unfairness - dropped >= best:
                    continue  # a day that is too late already
            cost, slot, who, anybody = _on_day(
                given, plan, s, day, wish, last, best, known, teachers, noise, most_people
            )
            if who >= 0:
                best, best_slot, best_who = cost, slot, who
            days += anybody
            if days >= most_days:
                break
    if best_slot < 0:
        return False
    book(given, plan, s, best_slot, best_who, 1)
    return True


@inlined
def _on_day(
    given: Given, plan: Plan, s: int, day: int, wish: int, last: int, best: int, known: int, teachers: Ints,
    noise: float, most_people: int,
) -> tuple[int, int, int, bool]:  # fmt: skip
    """Cost, slot and number of the cheapest who comes on this day for less than `best`, `NOBODY` where none does: in
    the bands that the cohort likes (`wish` 1) or in the others (0). And whether anybody could come at all.
    """
    k, anybody, best_slot, best_who = given.cohort[s], False, -1, NOBODY
    for slot in range(day * given.bands, (day + 1) * given.bands):
        if given.likes[k, slot - day * given.bands] != wish or not slot_fits(given, plan, s, slot):
            continue
        base = slot_cost(given, s, slot, last)
        if base - given.unfairness >= best:  # no person costs less than that
            continue
        cost, who = _cheapest(given, plan, s, slot, base, best, known, teachers, noise, most_people)
        anybody = anybody or who != NOBODY
        if cost < best:
            best, best_slot, best_who = cost, slot, who
    return best, best_slot, best_who, anybody


@inlined
def _cheapest(
    given: Given, plan: Plan, s: int, slot: int, base: int, best: int, known: int, teachers: Ints,
    noise: float, most_people: int,
) -> tuple[int, int]:  # fmt: skip
    """Cost and number of the cheapest who can come at this time for less than `best`, otherwise as `_of_these`.

    Who teaches the unit already is asked first: all others cost a preference more. Then half of the others by the way
    from home, half by chance.
    """
    cost, who = _of_these(given, plan, s, slot, base, best, noise, teachers[:known], 0, known)
    another = base + (PREFERENCE if known > 0 else 0)
    if another - given.unfairness >= min(best, cost):
        return cost, who
    first, last = given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]
    count, near = last - first, given.near[given.place[s]]
    nearest = count if most_people >= count else most_people // 2
    bound = min(best, cost)
    other, i = _of_these(given, plan, s, slot, another, bound, noise, near[first:last], 0, nearest)
    if other < cost:
        cost, who = other, i
    elif who == NOBODY:
        who = i
    if nearest < count:
        begin = below(plan, count)
        bound = min(best, cost)
        other, i = _of_these(
            given, plan, s, slot, another, bound, noise, given.able[first:last], begin, most_people - nearest
        )
        if other < cost:
            cost, who = other, i
        elif who == NOBODY:
            who = i
    return cost, who


@inlined
def _of_these(
    given: Given, plan: Plan, s: int, slot: int, base: int, bound: int, noise: float, people: Ints, begin: int,
    most: int,
) -> tuple[int, int]:  # fmt: skip
    """Cost and number of the cheapest of the first `most` who can come, from `begin` on, for less than `bound`;
    `NOBODY` where nobody comes, `TOO_DEAR` where all would cost more than that.
    """
    cost, who, asked, count = bound, NOBODY, 0, len(people)
    place, day = given.place[s], slot // given.bands
    band = slot - day * given.bands
    for n in range(count):
        at = begin + n
        i = people[at - (count if at >= count else 0)]
        least = base - given.unfairness + (PREFERENCE if given.avoids[i, band] else 0)
        if place > 0 and plan.on_day[i, day] == 0:
            least += 2 * given.home[i, place]
        if least >= cost:  # whether they can come is not worth asking
            if who == NOBODY:
                who = TOO_DEAR
            asked += 1
        elif can_come(given, plan, s, slot, i):
            own = base + visit_cost(given, plan, s, slot, i) + int(noise * share(plan))
            if own < cost:
                cost, who = own, i
            elif who == NOBODY:
                who = TOO_DEAR
            asked += 1
        if asked >= most:
            break
    return (cost if who >= 0 else MORE_THAN_ALL), who


@inlined
def _teachers(given: Given, plan: Plan, s: int) -> tuple[int, Ints]:
    """Who teaches the unit already: how many, and who."""
    k, known, teachers = given.cohort[s], 0, np.empty(UNIT, np.int64)
    for o in range(given.first[k], given.first[k + 1]):
        if o == s or given.unit[o] != given.unit[s] or plan.slot[o] < 0 or known == UNIT:
            continue
        new = True
        for n in range(known):
            new = new and teachers[n] != plan.who[o]
        if new:
            teachers[known] = plan.who[o]
            known += 1
    return known, teachers


@compiled
def construct(given: Given, plan: Plan, order: Ints) -> None:
    """Cohort by cohort, session by session: the best of the first days that have anybody."""
    for k in order:
        for s in range(given.first[k], given.first[k + 1]):
            if plan.slot[s] < 0:
                place_best(given, plan, s, 0.0, FIRST_DAYS, EVERYBODY, 1)


@compiled
def first_fit(given: Given, plan: Plan, order: Ints) -> None:
    """As it is done by hand: cohort by cohort the earliest slot, and the first person in the list who can come then."""
    for k in order:
        for s in range(given.first[k], given.first[k + 1]):
            if plan.slot[s] < 0:
                _first_that_fits(given, plan, s)


@compiled
def _first_that_fits(given: Given, plan: Plan, s: int) -> None:
    lo, hi = window(given, plan, s, 0)
    for slot in range(lo * given.bands, (hi + 1) * given.bands):
        if not slot_fits(given, plan, s, slot):
            continue
        for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
            if can_come(given, plan, s, slot, given.able[at]):
                book(given, plan, s, slot, given.able[at], 1)
                return
