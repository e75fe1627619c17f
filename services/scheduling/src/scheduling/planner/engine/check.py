"""Every hard rule looked at once more in plain loops over the instance's arrays, without a counter of the search."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np

from scheduling.planner.engine.arrays import DAY, Given, Ints, Names, able_of


def broken(given: Given, slot: Ints, who: Ints, names: Names) -> list[str]:
    """Every hard rule that the plan breaks, each with the session or person; nothing when it keeps all."""
    placed = [int(s) for s in np.flatnonzero(slot >= 0)]
    return [
        *_sessions(given, placed, slot, who, names),
        *_cohorts(given, slot, names),
        *_people(given, placed, slot, who, names),
        *_sums(given, placed, slot, who),
    ]


def _times(given: Given, slot: Ints, s: int) -> tuple[int, int]:
    day, band = divmod(int(slot[s]), given.bands)
    return day * DAY + int(given.start[band]), day * DAY + int(given.end[band])


def _sessions(given: Given, placed: list[int], slot: Ints, who: Ints, names: Names) -> Iterator[str]:
    for s in placed:
        t, i, name = int(slot[s]), int(who[s]), names.sessions[s]
        if not given.may[s, t % given.bands] or given.release[given.cohort[s], t] < 0:
            yield f"H1, H2: {name} may not be held then"
        if i not in able_of(given, s):
            yield f"H4: {names.instructors[i]} may not teach {name}"
        if not given.free[given.place[s], t, i]:
            yield f"H5: {names.instructors[i]} cannot come to {name}"
        if given.declined[s, i]:
            yield f"H11: {names.instructors[i]} has declined {name}"
    for s in map(int, np.flatnonzero(given.pinned)):
        if slot[s] != given.was_slot[s] or who[s] != given.was_with[s]:
            yield f"H10: {names.sessions[s]} is not where it was pinned"


def _cohorts(given: Given, slot: Ints, names: Names) -> Iterator[str]:
    for k, (a, b) in enumerate(pairwise(given.first.tolist())):
        own = [s for s in range(a, b) if slot[s] >= 0]
        if sum(int(given.release[k, slot[s]]) for s in own) > given.release_cap[k]:
            yield f"H2: too many minutes released for the cohort of {names.sessions[a]}"
        for s, after in pairwise(own):
            if slot[s] // given.bands >= slot[after] // given.bands:
                yield f"H3: {names.sessions[after]} is not on a later day than the one before it"
        if max(Counter(int(slot[s]) // given.bands // 7 for s in own).values(), default=0) > given.pace[k]:
            yield f"H3: too many sessions in a week for the cohort of {names.sessions[a]}"


def _people(given: Given, placed: list[int], slot: Ints, who: Ints, names: Names) -> Iterator[str]:
    of_person: dict[int, list[int]] = defaultdict(list)
    for s in placed:
        of_person[int(who[s])].append(s)
    for i, own in of_person.items():
        days = Counter(int(slot[s]) // given.bands for s in own)
        weeks = Counter(int(slot[s]) // given.bands // 7 for s in own)
        if max(days.values()) > given.most_day[i] or max(weeks.values()) > given.most_week[i]:
            yield f"H7: too many sessions for {names.instructors[i]}"
        for one, other in combinations(sorted(own, key=lambda s: _times(given, slot, s)), 2):
            here, there = int(given.place[one]), int(given.place[other])
            gap = int(given.drive[here, there]) + given.buffer if here and there and here != there else 0
            if _times(given, slot, other)[0] < _times(given, slot, one)[1] + gap:
                yield f"H6: {names.instructors[i]} cannot come from {names.sessions[one]} to {names.sessions[other]}"


def _sums(given: Given, placed: list[int], slot: Ints, who: Ints) -> Iterator[str]:
    colleges = Counter(int(given.college[who[s]]) for s in placed)
    weeks = Counter((int(given.college[who[s]]), int(slot[s]) // given.bands // 7) for s in placed)
    if any(n > given.most_all[c] for c, n in colleges.items()):
        yield "H8: more sessions of a college than agreed"
    if any(n > given.most_college_week[c] for (c, _), n in weeks.items()):
        yield "H8: more sessions of a college in a week than agreed"
    rooms: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for s in placed:
        if given.place[s]:
            rooms[int(given.place[s]), int(slot[s]) // given.bands].append(_times(given, slot, s))
    for (place, _), held in rooms.items():
        for begin, _ in held:
            if sum(a <= begin < b for a, b in held) > given.rooms[place]:
                yield "H9: more sessions at an enterprise than it has rooms"
