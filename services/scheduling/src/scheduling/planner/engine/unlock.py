"""What would let an unstaffed session be held: single relaxations, each tried and answered with the line that it gives.

In the order of what they cost those who must agree. Two at once only where no single one helps; nothing is called
impossible beyond what was tried (planning.md §4).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints, able_of, free_of
from scheduling.planner.engine.instance import Instructor
from scheduling.planner.engine.lines import Line, Planned
from scheduling.planner.engine.search import EVERY_DAY, EVERYBODY, place_best
from scheduling.planner.engine.together import copied

MORE_RELEASE = 210
"""Minutes: one morning or afternoon of a shift."""


@dataclass(frozen=True)
class Unlock:
    """What would have to be granted, and where the session would be held then."""

    what: tuple[str, ...]
    line: Line


Relaxed = Callable[[Given, int], Given]


def unlocks(asked: Planned, session: str) -> list[Unlock]:
    """Everything tried that helps; empty where neither one nor two of them do, or where it could be held as it is.

    `WrongInstance` when there is no session of this name.
    """
    s, given = asked.number(session), asked.given
    with asked.without(s):
        if _placed(asked, s, given) is not None:
            return []
        ways = _ways(asked, s)
        single = [
            Unlock((what,), line)
            for what, relaxed in ways.items()
            if (line := _placed(asked, s, relaxed(given, s)))
        ]
        single += _lessons(asked, s)
        if single:
            return single
        return [
            Unlock((one, other), line)
            for one, other in combinations(ways, 2)
            if (line := _placed(asked, s, ways[other](ways[one](given, s), s)))
        ]


def _placed(asked: Planned, s: int, relaxed: Given) -> Line | None:
    """Where the session comes to lie beside the plan as it is, under these rules."""
    plan = copied(asked.plan, 1)
    if not place_best(relaxed, plan, s, 0.0, EVERY_DAY, EVERYBODY, 0):
        return None
    return asked.line(s, int(plan.slot[s]), int(plan.who[s]))


def _ways(asked: Planned, s: int) -> dict[str, Relaxed]:
    """Each relaxation by the words of what is to be granted, the cheapest first."""
    given, names = asked.given, asked.names
    session = next(one for one in asked.instance.sessions if one.id == names.sessions[s])
    ways: dict[str, Relaxed] = {}
    for b in np.flatnonzero(given.may[s] == 0):
        ways[f"the band {names.bands[b]} for this session"] = _band(int(b))
    ways["one session a week more for the cohort"] = lambda g, s: g._replace(
        pace=_plus(g.pace, int(g.cohort[s]))
    )
    ways[f"{MORE_RELEASE} minutes more released from the shift"] = lambda g, s: g._replace(
        release_cap=_plus(g.release_cap, int(g.cohort[s]), MORE_RELEASE)
    )
    ways["one room more at the enterprise"] = lambda g, s: g._replace(rooms=_plus(g.rooms, int(g.place[s])))
    for i in able_of(given, s):
        ways[f"one session a week more for {names.instructors[i]}"] = _of_person("most_week", i)
        ways[f"one session a day more for {names.instructors[i]}"] = _of_person("most_day", i)
    colleges = sorted(each.id for each in asked.instance.colleges)
    for c in sorted({int(given.college[i]) for i in able_of(given, s)}):
        ways[f"one session more in the agreement of {colleges[c]}"] = _of_person("most_all", c)
        ways[f"one session a week more in the agreement of {colleges[c]}"] = _of_person(
            "most_college_week", c
        )
    levels = {each.id: each.skills.get(session.qualification) for each in asked.instance.instructors}
    lower = [n for n, name in enumerate(names.instructors) if levels[name] == session.min_level - 1]
    if lower:
        ways[f"level {session.min_level - 1} of {session.qualification} instead of {session.min_level}"] = (
            _level(lower)
        )
    return ways


def _plus(values: Ints, at: int, more: int = 1) -> Ints:
    changed = values.copy()
    changed[at] += more
    return changed


def _band(b: int) -> Relaxed:
    def relaxed(given: Given, s: int) -> Given:
        may = given.may.copy()
        may[s, b] = 1
        return given._replace(may=may)

    return relaxed


def _of_person(field: str, at: int) -> Relaxed:
    return lambda given, _: given._replace(**{field: _plus(getattr(given, field), at)})  # type: ignore[arg-type]


def _level(lower: list[int]) -> Relaxed:
    """The session becomes one of a kind of its own, which these may teach too."""

    def relaxed(given: Given, s: int) -> Given:
        able = [*able_of(given, s), *lower]
        kind = given.kind.copy()
        kind[s] = len(given.able_at) - 1
        return given._replace(
            kind=kind,
            able=np.concatenate([given.able, np.array(able, np.int64)]),
            able_at=np.append(given.able_at, given.able_at[-1] + len(able)),
        )

    return relaxed


def _lessons(asked: Planned, s: int) -> Iterator[Unlock]:
    """One lesson of somebody's own moved away: of each person the first that helps."""
    people = {each.id: each for each in asked.instance.instructors}
    for i in able_of(asked.given, s):
        person = people[asked.names.instructors[i]]
        for n, (start, end, site) in enumerate(person.busy):
            if site is None:
                continue  # away, on leave or ill: nothing that could be moved
            without = person.model_copy(update={"busy": [*person.busy[:n], *person.busy[n + 1 :]]})
            if line := _free_for_it(asked, s, i, without):
                day, minute = divmod(start, 1440)
                lesson = f"day {day}, {minute // 60:02}:{minute % 60:02}, {end - start} minutes"
                yield Unlock((f"{person.id}'s own lesson of {lesson}, moved",), line)
                break


def _free_for_it(asked: Planned, s: int, i: int, person: Instructor) -> Line | None:
    free = asked.given.free
    before = free[:, :, i].copy()
    free[:, :, i] = free_of(asked.instance, person)
    try:
        return _placed(asked, s, asked.given)
    finally:
        free[:, :, i] = before
