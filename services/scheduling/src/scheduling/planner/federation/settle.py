"""Nothing that breaks a rule gets through: what a change breaks anew, and which changes hold together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from contracts.values import Mode, Reason, SessionId
from scheduling.planner.check import Breach, check
from scheduling.planner.federation.whole import Whole
from scheduling.planner.world import Placed, World

Breaches = frozenset[tuple[SessionId, str]]


def broken_anew(whole: Whole, before: World, after: World, changed: Collection[SessionId]) -> Breaches:
    """What the changes break that was not broken before, in the sessions that changed and all that they can touch."""
    touched = _touched(before, changed) | _touched(after, changed)
    found = _breaches(whole, after, touched)
    return frozenset(found - _breaches(whole, before, touched)) if found else frozenset()


def settled(whole: Whole, wanted: Mapping[SessionId, Placed]) -> dict[SessionId, Placed]:
    """As many of the wanted changes as hold together today; the others stay where they are."""
    kept = {id_: placed for id_, placed in wanted.items() if whole.may(placed)}
    while kept:
        bad = {id_ for id_, _ in broken_anew(whole, whole.world, whole.after(kept.values()), kept)}
        if not bad:
            break
        own = sorted(bad & kept.keys()) or sorted(_touched(whole.after(kept.values()), bad) & kept.keys())
        del kept[(own or sorted(kept))[-1]]
    return kept


def why_not(whole: Whole, wanted: Mapping[SessionId, Placed], id_: SessionId) -> tuple[Reason, ...]:
    """The rules that the change of one session would break beside the others that are wanted."""
    breaches = _check(whole, whole.after([*wanted.values()]), {id_})
    return tuple(dict.fromkeys(breach.reason for breach in breaches))


def _touched(world: World, changed: Collection[SessionId]) -> set[SessionId]:
    """The sessions themselves, their cohorts', their people's of the days around, and who needs a room then."""
    mine = [p for p in world.sessions if p.session.session_id in changed]
    cohorts = {p.session.cohort_id for p in mine}
    people = {
        (p.person_id, p.day + timedelta(days=d)) for p in mine if p.person_id for d in (-1, 0, 1)
    }  # a drive can reach into the day beside
    rooms = {(p.session.enterprise_id, p.day) for p in mine if p.session.mode is Mode.ONSITE}
    return set(changed) | {
        p.session.session_id
        for p in world.sessions
        if p.session.cohort_id in cohorts
        or (p.person_id, p.day) in people
        or (p.session.enterprise_id, p.day) in rooms
    }


def _breaches(whole: Whole, world: World, of: Collection[SessionId]) -> set[tuple[SessionId, str]]:
    return {(breach.session_id, breach.reason.code) for breach in _check(whole, world, of)}


def _check(whole: Whole, world: World, of: Collection[SessionId]) -> Iterable[Breach]:
    by_limits: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for placed in world.sessions:
        if placed.session.session_id in of:
            programme = whole.programme(placed.session)
            limits = programme.sessions_per_week.value, programme.class_size_max.value
            by_limits[limits].append(placed)
    return [
        breach
        for (pace, limit), mine in by_limits.items()
        for breach in check(mine, {}, world, pace=pace, limit=limit)
    ]
