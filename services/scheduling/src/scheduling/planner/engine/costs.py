"""What a choice costs, as a difference of scores: preferences, changes, driving, fairness, lateness."""

from scheduling.planner.engine.arrays import Given
from scheduling.planner.engine.compiled import inlined
from scheduling.planner.engine.state import Plan

CHANGE, PREFERENCE = 10_000, 2_000
DROPPED = 3
"""Changes that a session of the plan in force costs when it is no longer placed."""


@inlined
def slot_cost(given: Given, s: int, slot: int, last: int) -> int:
    """Of the time alone, when the cohort's last other session is on day `last`."""
    k, day = given.cohort[s], slot // given.bands
    cost = 0 if given.likes[k, slot - day * given.bands] else PREFERENCE
    if day > last:
        cost += given.lateness * (max(0, day - given.due[k]) - max(0, last - given.due[k]))
    if given.was_slot[s] >= 0:
        cost += CHANGE * ((2 if given.was_slot[s] != slot else 0) - DROPPED)
    return cost


@inlined
def person_cost(given: Given, plan: Plan, s: int, slot: int, i: int) -> int:
    """Of the person at this time; the session is not placed."""
    taught, same = shared_unit(given, plan, s, i)
    return visit_cost(given, plan, s, slot, i) + (PREFERENCE if taught > 0 and same == 0 else 0)


@inlined
def visit_cost(given: Given, plan: Plan, s: int, slot: int, i: int) -> int:
    """The same without the wish that a unit has one teacher."""
    day, place, college = slot // given.bands, given.place[s], given.college[i]
    band = slot - day * given.bands
    cost = PREFERENCE if given.avoids[i, band] else 0
    if place > 0:
        if plan.on_day[i, day] == 0:
            cost += 2 * given.home[i, place]
        else:
            cost += trip(given, plan, i, day, place, band) - trip(given, plan, i, day, 0, band)
    cost += given.unfairness if plan.college_all[college] >= given.target[college] else -given.unfairness
    if plan.in_all[i] >= given.fair[i]:
        cost += given.unfairness
    if given.was_slot[s] >= 0 and given.was_with[s] != i:
        cost += CHANGE
    return cost


@inlined
def shared_unit(given: Given, plan: Plan, s: int, i: int) -> tuple[int, int]:
    """Other placed sessions of the unit, and those of them with this instructor."""
    k, taught, same = given.cohort[s], 0, 0
    for o in range(given.first[k], given.first[k + 1]):
        if o != s and given.unit[o] == given.unit[s] and plan.slot[o] >= 0:
            taught += 1
            same += plan.who[o] == i
    return taught, same


@inlined
def trip(given: Given, plan: Plan, i: int, day: int, more: int, band: int) -> int:
    """Minutes from home through the day's onsite sessions and back, with one more at place `more` (0: none)."""
    minutes, at, last = 0, 0, -1
    for _ in range(plan.on_day[i, day] + 1):
        place, begins = 0, 1 << 30
        for n in range(plan.on_day[i, day]):
            other = plan.of_day[i, day, n]
            start = given.start[plan.slot[other] - day * given.bands]
            if given.place[other] > 0 and last < start < begins:
                place, begins = given.place[other], start
        if more > 0 and last < given.start[band] < begins:
            place, begins = more, given.start[band]
        if place == 0:
            break
        minutes += given.drive[at, place] if at > 0 else given.home[i, place]
        at, last = place, begins
    return minutes + (given.home[i, at] if at > 0 else 0)
