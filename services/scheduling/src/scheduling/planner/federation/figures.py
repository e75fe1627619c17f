"""A plan in figures, to be compared side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from contracts.values import Mode
from scheduling.planner.change_points import change_points
from scheduling.planner.cost import release_of
from scheduling.planner.federation.whole import Whole
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed, Session, World


@dataclass(frozen=True)
class Figures:
    """`unstaffed`, `changes`, `preferences` and `cost_points` are the planner's four tiers, in their order."""

    sessions: int
    unstaffed: int
    changes: int
    preferences: int
    cost_points: int
    """Minutes of driving, and what unfairness is worth in them."""
    driving_minutes: int
    release_minutes: int
    """Working time lost, minutes times people."""
    fees: Decimal
    """Yuan: lecture fees and the flat sum for travel."""


def driving(world: World) -> int:
    """Minutes that all sessions add to the days of those who come."""
    ledger, total = Ledger(World(world.book, world.today, world.enterprises, world.teachers)), 0
    for placed in sorted(world.sessions, key=lambda p: (p.day, p.session.session_id)):
        total += ledger.added_by(placed)
        ledger.add(placed)
    return total


def release(world: World) -> int:
    """Minutes times people."""
    return sum(
        release_of(
            p,
            world.cohorts[p.session.cohort_id],
            world.enterprises[p.session.enterprise_id],
            world.book,
        )
        for p in world.sessions
    )


def fees(whole: Whole, world: World) -> Decimal:
    """Of all sessions, those without a time too."""
    funding = world.book.programmes.rules.funding
    sessions = [*(p.session for p in world.sessions), *_without_time(whole, world)]
    hours = sum(s.class_hours for s in sessions)
    onsite = sum(s.mode is Mode.ONSITE for s in sessions)
    return (
        hours * funding.lecture_fee_yuan_per_class_hour.value
        + onsite * funding.travel_yuan_per_onsite_session.value
    )


def figures(whole: Whole, world: World, tiers: tuple[int, int, int, int], in_force: Whole) -> Figures:
    """Of this world; what is changed is counted against the plan in force."""
    return Figures(
        sessions=len(world.sessions) + len(_without_time(whole, world)),
        unstaffed=tiers[0],
        changes=sum(change_points(p, in_force.was.get(p.session.session_id)) for p in world.sessions),
        preferences=tiers[2],
        cost_points=tiers[3],
        driving_minutes=driving(world),
        release_minutes=release(world),
        fees=fees(whole, world),
    )


def differences(in_force: Whole, now: World) -> Iterable[tuple[Placed | None, Placed]]:
    """Every session that is elsewhere: where it stands in the plan in force, and where it would be."""
    for placed in sorted(now.sessions, key=lambda p: (p.day, p.session.session_id)):
        old = in_force.was.get(placed.session.session_id)
        if old is None or (old.day, old.band, old.person_id) != (placed.day, placed.band, placed.person_id):
            yield old, placed


def _without_time(whole: Whole, world: World) -> list[Session]:
    timed = {p.session.session_id for p in world.sessions}
    return [s for s in whole.waiting if s.session_id not in timed]
