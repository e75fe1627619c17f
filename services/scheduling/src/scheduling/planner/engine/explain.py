"""Why a session of a plan is as it is: who else could teach it then and at what price, who could not and by which
rules, which other times there are, and who competes for the people it needs.
"""

from dataclasses import dataclass

from scheduling.planner.engine.arrays import Given, able_of
from scheduling.planner.engine.costs import trip
from scheduling.planner.engine.lines import Line, Planned
from scheduling.planner.engine.plan import Tiers, book, tiers_of
from scheduling.planner.engine.rules import can_come, clash, slot_fits
from scheduling.planner.engine.state import Plan, window

UNABLE, DECLINED, AWAY, NEARBY, DAY, WEEK, QUOTA, QUOTA_WEEK = (
    "lacks the qualification or its level (H4)", "has declined (H11)", "is busy, or too far from home (H5)",
    "has a session nearby, or no time for the drive (H6)", "has no session left that day (H7)",
    "has no session left that week (H7)", "the college's agreement is used up (H8)",
    "the college's agreement for the week is used up (H8)",
)  # fmt: skip


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
        costs = {
            i: _costs(given, plan, s, slot, i) for i in able_of(given, s) if can_come(given, plan, s, slot, i)
        }
        others = [_beside(asked.names.instructors[i], costs[i], costs[chosen]) for i in costs if i != chosen]
        return Why(
            session, asked.line(s, slot, chosen),
            tuple(sorted(others, key=lambda one: (one.more, one.instructor))),
            {
                name: barred(given, plan, s, slot, i)
                for i, name in enumerate(asked.names.instructors) if i not in costs
            },
            _times(given, plan, s, slot),
        )  # fmt: skip


def _costs(given: Given, plan: Plan, s: int, slot: int, i: int) -> tuple[Tiers, int]:
    """Tiers of the plan with this choice, and the minutes that its person drives that day."""
    book(given, plan, s, slot, i, 1)
    tiers = tiers_of(plan.tiers)
    book(given, plan, s, slot, i, -1)
    day, band = divmod(slot, given.bands)
    return tiers, int(trip(given, plan, i, day, given.place[s], band) - trip(given, plan, i, day, 0, band))


def _beside(name: str, one: tuple[Tiers, int], chosen: tuple[Tiers, int]) -> Person:
    (tiers, minutes), (own, own_minutes) = one, chosen
    more = minutes - own_minutes
    return Person(
        name, tiers.changes - own.changes, tiers.preferences - own.preferences, more, tiers.cost - own.cost - more
    )  # fmt: skip


def barred(given: Given, plan: Plan, s: int, slot: int, i: int) -> tuple[str, ...]:
    """Every rule that keeps this person from the session at this time; nothing when they can come."""
    day, college = slot // given.bands, given.college[i]
    near = range(max(0, day - 1), min(given.days - 1, day + 1) + 1) if given.over_midnight else (day,)
    band, place = slot - day * given.bands, given.place[s]
    booked = [(d, int(o)) for d in near for o in plan.of_day[i, d, : plan.on_day[i, d]]]
    tests = {
        UNABLE: i not in able_of(given, s),
        DECLINED: given.declined[s, i],
        AWAY: not given.free[given.place[s], slot, i],
        NEARBY: any(
            clash(given, band, place, int(plan.slot[o]) - d * given.bands, given.place[o], d - day)
            for d, o in booked
        ),
        DAY: plan.on_day[i, day] >= given.most_day[i],
        WEEK: plan.in_week[i, day // 7] >= given.most_week[i],
        QUOTA: plan.college_all[college] >= given.most_all[college],
        QUOTA_WEEK: plan.college_week[college, day // 7] >= given.most_college_week[college],
    }
    return tuple(rule for rule, fails in tests.items() if fails)


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


def _times(given: Given, plan: Plan, s: int, own: int) -> int:
    lo, hi = window(given, plan, s, 0)
    able = able_of(given, s)
    return sum(
        slot != own
        and slot_fits(given, plan, s, slot)
        and any(can_come(given, plan, s, slot, i) for i in able)
        for slot in range(lo * given.bands, (hi + 1) * given.bands)
    )
