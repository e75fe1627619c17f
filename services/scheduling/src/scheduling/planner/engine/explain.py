"""Why a session of a plan is as it is: who else could teach it then and at what price, who could not and by which
rules, which other times there are, and who competes for the people it needs.
"""

from dataclasses import dataclass
from itertools import compress

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints, Small, able_of
from scheduling.planner.engine.compiled import compiled
from scheduling.planner.engine.costs import trip
from scheduling.planner.engine.lines import Line, Planned
from scheduling.planner.engine.plan import TIERS, Tiers, book
from scheduling.planner.engine.rules import can_come, clash, slot_fits
from scheduling.planner.engine.state import Plan, window

RULES = UNABLE, DECLINED, AWAY, NEARBY, DAY, WEEK, QUOTA, QUOTA_WEEK = (
    "lacks the qualification or its level (H4)", "has declined (H11)", "is busy, or too far from home (H5)",
    "has a session nearby, or no time for the drive (H6)", "has no session left that day (H7)",
    "has no session left that week (H7)", "the college's agreement is used up (H8)",
    "the college's agreement for the week is used up (H8)",
)  # fmt: skip
"""What can keep somebody from a session, in the order of `_failing`'s columns."""


@dataclass(frozen=True)
class Person:
    """Somebody who could teach the session, and by how much that differs from the one who does (less: negative).

    `changes` and `preferences` are units of those tiers, `minutes` of driving, `fairness` the rest of the fourth tier.
    """

    instructor: str
    changes: int
    preferences: int
    minutes: int
    fairness: int

    @property
    def more(self) -> int:
        """As one number, on the scale of scores."""
        return Tiers(0, self.changes, self.preferences, self.minutes + self.fairness).score


@dataclass(frozen=True)
class Rival:
    """A session of the same week that holds somebody whom this one needs."""

    line: Line
    could_do_without: int
    """Others who could hold it at its time."""


@dataclass(frozen=True)
class Why:
    """The session's choice beside the others."""

    session: str
    line: Line | None
    others: tuple[Person, ...]
    """Who could come too, the best first."""
    barred: dict[str, tuple[str, ...]]
    """Everybody else, each with every rule that bars them."""
    other_times: int
    """Slots of its window that fit and have somebody."""


def explain(asked: Planned, session: str) -> Why:
    """Answered from the plan alone, the session taken out of it; `WrongInstance` when there is none of this name."""
    s, given, plan = asked.number(session), asked.given, asked.plan
    with asked.without(s) as held:
        if held is None:
            return Why(session, None, (), {}, _times(given, plan, s, -1))
        slot, chosen = held
        costs, failing = _choices(given, plan, s, slot), _failing(given, plan, s, slot)
        others = [_beside(asked.names.instructors[i], costs[i], costs[chosen]) for i in costs if i != chosen]
        return Why(
            session, asked.line(s, slot, chosen),
            tuple(sorted(others, key=lambda one: (one.more, one.instructor))),
            {
                name: tuple(compress(RULES, failing[i]))
                for i, name in enumerate(asked.names.instructors) if i not in costs
            },
            _times(given, plan, s, slot),
        )  # fmt: skip


def _choices(given: Given, plan: Plan, s: int, slot: int) -> dict[int, tuple[Tiers, int]]:
    """Of everybody who could come: tiers of the plan with them, and the minutes that they drive that day."""
    found = np.empty((len(able_of(given, s)), 2 + TIERS), np.int64)
    n = _fill(given, plan, s, slot, found)
    return {i: (Tiers(*tiers), minutes) for i, minutes, *tiers in found[:n].tolist()}


@compiled
def _fill(given: Given, plan: Plan, s: int, slot: int, found: Ints) -> int:
    """Person, minutes and tiers, a row each; how many rows."""
    day, n = slot // given.bands, 0
    band = slot - day * given.bands
    for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
        i = given.able[at]
        if can_come(given, plan, s, slot, i):
            book(given, plan, s, slot, i, 1)
            found[n, 2:] = plan.tiers
            book(given, plan, s, slot, i, -1)
            found[n, 0] = i
            found[n, 1] = trip(given, plan, i, day, given.place[s], band) - trip(given, plan, i, day, 0, band)
            n += 1
    return n


def _beside(name: str, one: tuple[Tiers, int], chosen: tuple[Tiers, int]) -> Person:
    (tiers, minutes), (own, own_minutes) = one, chosen
    more = minutes - own_minutes
    return Person(
        name, tiers.changes - own.changes, tiers.preferences - own.preferences, more, tiers.cost - own.cost - more
    )  # fmt: skip


@compiled
def _failing(given: Given, plan: Plan, s: int, slot: int) -> Small:
    """Which of `RULES` keep whom from the session at this time: instructors x rules, 1 where it fails."""
    day, place, reach = slot // given.bands, given.place[s], 1 if given.over_midnight else 0
    band = slot - day * given.bands
    fails = np.zeros((len(given.college), len(RULES)), np.int32)
    fails[:, 0] = 1
    for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
        fails[given.able[at], 0] = 0
    for i in range(len(fails)):
        college = given.college[i]
        fails[i, 1] = given.declined[s, i] != 0
        fails[i, 2] = given.free[place, slot, i] == 0
        for near in range(max(0, day - reach), min(given.days - 1, day + reach) + 1):
            for n in range(plan.on_day[i, near]):
                other = plan.of_day[i, near, n]
                own = plan.slot[other] - near * given.bands
                if clash(given, band, place, own, given.place[other], near - day):
                    fails[i, 3] = 1
        fails[i, 4] = plan.on_day[i, day] >= given.most_day[i]
        fails[i, 5] = plan.in_week[i, day // 7] >= given.most_week[i]
        fails[i, 6] = plan.college_all[college] >= given.most_all[college]
        fails[i, 7] = plan.college_week[college, day // 7] >= given.most_college_week[college]
    return fails


def rivals(asked: Planned, session: str, week: int) -> list[Rival]:
    """Who competes: the sessions of the week, counted from 0, that hold those who could teach this one."""
    s, given, plan = asked.number(session), asked.given, asked.plan
    held = sorted(
        int(o)
        for i in able_of(given, s)
        for day in range(week * 7, min(given.days, week * 7 + 7))
        for o in plan.of_day[i, day, : plan.on_day[i, day]]
        if o != s
    )
    found = []
    for o in held:
        with asked.without(o) as place:
            assert place is not None
            slot, i = place
            others = sum(j != i and bool(can_come(given, plan, o, slot, j)) for j in able_of(given, o))
            found.append(Rival(asked.line(o, slot, i), others))
    return found


@compiled
def _times(given: Given, plan: Plan, s: int, own: int) -> int:
    """Other slots of its window that fit and have somebody."""
    lo, hi = window(given, plan, s, 0)
    fit = 0
    for slot in range(lo * given.bands, (hi + 1) * given.bands):
        if slot == own or not slot_fits(given, plan, s, slot):
            continue
        for at in range(given.able_at[given.kind[s]], given.able_at[given.kind[s] + 1]):
            if can_come(given, plan, s, slot, given.able[at]):
                fit += 1
                break
    return fit
