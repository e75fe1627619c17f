"""Hard rules, answered from counters: whether a slot may be, and whether a person can come then."""

from scheduling.planner.engine.arrays import Given
from scheduling.planner.engine.compiled import inlined
from scheduling.planner.engine.state import Plan


@inlined
def slot_fits(given: Given, plan: Plan, s: int, slot: int) -> bool:
    """H1, H2, H9 and the pace of H3, whoever teaches. The order of H3 is the `window`."""
    k, day = given.cohort[s], slot // given.bands
    band, released = slot - day * given.bands, given.release[k, slot]
    if given.may[s, band] == 0 or released < 0 or plan.released[k] + released > given.release_cap[k]:
        return False
    if plan.held[k, day // 7] >= given.pace[k]:
        return False
    place = given.place[s]
    if place > 0:
        for piece in range(given.pieces.shape[1]):
            if given.pieces[band, piece] and plan.room[place, day, piece] >= given.rooms[place]:
                return False
    return True


@inlined
def can_come(given: Given, plan: Plan, s: int, slot: int, i: int) -> bool:
    """H5 to H8 and H11 for somebody who is able (H4)."""
    place, day, college = given.place[s], slot // given.bands, given.college[i]
    if given.free[place, slot, i] == 0 or given.declined[s, i]:
        return False
    if plan.on_day[i, day] >= given.most_day[i] or plan.in_week[i, day // 7] >= given.most_week[i]:
        return False
    if plan.college_all[college] >= given.most_all[college]:
        return False
    if plan.college_week[college, day // 7] >= given.most_college_week[college]:
        return False
    band = slot - day * given.bands
    reach = 1 if given.over_midnight else 0
    for near in range(max(0, day - reach), min(given.days - 1, day + reach) + 1):
        for n in range(plan.on_day[i, near]):
            other = plan.of_day[i, near, n]
            if clash(
                given, band, place, plan.slot[other] - near * given.bands, given.place[other], near - day
            ):
                return False
    return True


@inlined
def clash(given: Given, band: int, place: int, band2: int, place2: int, days: int) -> bool:
    """H6: whether two sessions, the second so many days later, overlap, or drive and buffer do not fit between."""
    gap = 0
    if place > 0 and place2 > 0 and place != place2:
        gap = given.drive[place, place2] + given.buffer
    start2, end2 = given.start[band2] + days * 1440, given.end[band2] + days * 1440
    both: bool = given.start[band] < end2 + gap and start2 < given.end[band] + gap
    return both
