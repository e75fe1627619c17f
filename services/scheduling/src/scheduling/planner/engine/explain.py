"""Why a session of a plan is as it is: who else could teach it then, who could not, and by which rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.planner.engine.arrays import Given, able_of, arrays
from scheduling.planner.engine.costs import person_cost, slot_cost
from scheduling.planner.engine.instance import Instance, WrongInstance
from scheduling.planner.engine.plan import book, nothing_placed
from scheduling.planner.engine.rules import can_come, clash, slot_fits
from scheduling.planner.engine.solve import Line
from scheduling.planner.engine.state import Plan, last_day, window

UNABLE, DECLINED, AWAY, NEARBY, DAY, WEEK, QUOTA, QUOTA_WEEK = (
    "lacks the qualification or its level (H4)", "has declined (H11)", "is busy, or too far from home (H5)",
    "has a session nearby, or no time for the drive (H6)", "has no session left that day (H7)",
    "has no session left that week (H7)", "the college's agreement is used up (H8)",
    "the college's agreement for the week is used up (H8)",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who could teach the session: what that costs more than the one who does (less: negative)."""

    instructor: str
    more: int


@dataclass(frozen=True)
class Why:
    """The session's choice beside the others: persons at its time, and how many other times there were."""

    session: str
    line: Line | None
    others: tuple[Person, ...]
    """By cost, the cheapest first."""
    barred: dict[str, tuple[str, ...]]
    """Everybody else, each with every rule that bars them."""
    other_times: int
    """Slots of its window that fit and have somebody."""


def explain(instance: Instance, lines: Sequence[Line], session: str) -> Why:
    """Answered from the plan alone, the session taken out of it. The lines keep every rule, as `solve` gives them;
    `WrongInstance` when there is no session of this name.
    """
    given, names = arrays(instance)
    if session not in names.sessions:
        raise WrongInstance(f"session {session} is not in the file")
    s, own, plan = names.sessions.index(session), None, nothing_placed(given, 1)
    for line in lines:
        if line.session == session:
            own = line
        else:
            slot = line.day * given.bands + names.bands.index(line.band)
            number = names.sessions.index(line.session)
            book(given, plan, number, slot, names.instructors.index(line.instructor), 1)
    if own is None:
        return Why(session, None, (), {}, _times(given, plan, s, -1))
    slot = own.day * given.bands + names.bands.index(own.band)
    able = able_of(given, s)
    costs = {i: _cost(given, plan, s, slot, i) for i in able if can_come(given, plan, s, slot, i)}
    chosen = names.instructors.index(own.instructor)
    others = sorted((cost - costs[chosen], names.instructors[i]) for i, cost in costs.items() if i != chosen)
    others_not = [i for i in range(len(names.instructors)) if i not in costs]
    return Why(
        session, own, tuple(Person(name, more) for more, name in others),
        {names.instructors[i]: barred(given, plan, s, slot, i) for i in others_not},
        _times(given, plan, s, slot),
    )  # fmt: skip


def barred(given: Given, plan: Plan, s: int, slot: int, i: int) -> tuple[str, ...]:
    """Every rule that keeps this person from the session at this time; nothing when they can come."""
    day, college = slot // given.bands, given.college[i]
    near = range(max(0, day - 1), min(given.days - 1, day + 1) + 1) if given.over_midnight else (day,)
    booked = [o for d in near for o in plan.of_day[i, d, : plan.on_day[i, d]]]
    tests = {
        UNABLE: i not in able_of(given, s),
        DECLINED: given.declined[s, i],
        AWAY: not given.free[given.place[s], slot, i],
        NEARBY: any(clash(given, plan, s, slot, o) for o in booked),
        DAY: plan.on_day[i, day] >= given.most_day[i],
        WEEK: plan.in_week[i, day // 7] >= given.most_week[i],
        QUOTA: plan.college_all[college] >= given.most_all[college],
        QUOTA_WEEK: plan.college_week[college, day // 7] >= given.most_college_week[college],
    }
    return tuple(rule for rule, fails in tests.items() if fails)


def _cost(given: Given, plan: Plan, s: int, slot: int, i: int) -> int:
    last = last_day(given, plan, given.cohort[s], s)
    return int(slot_cost(given, s, slot, last) + person_cost(given, plan, s, slot, i))


def _times(given: Given, plan: Plan, s: int, own: int) -> int:
    lo, hi = window(given, plan, s, 0)
    able = able_of(given, s)
    return sum(
        slot != own
        and slot_fits(given, plan, s, slot)
        and any(can_come(given, plan, s, slot, i) for i in able)
        for slot in range(lo * given.bands, (hi + 1) * given.bands)
    )
