"""Cuts the trainees of a line into classes: the wished sizes first, the rest by crew or by size."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from contracts.values import CrewCode, OrderLine, WorkerId

Cut = dict[CrewCode, tuple[WorkerId, ...]]
"""One cohort: its workers by crew."""


class CutName(StrEnum):
    """How whoever is left over by the wished sizes is cut."""

    BY_CREW = "by_crew"
    """Every crew by itself, in the fewest equal parts: a crew has one timetable."""
    WHOLE_CREWS = "whole_crews"
    """Whole crews together up to the limit; one above it by itself, in equal parts."""
    BY_SIZE = "by_size"
    """The fewest equal parts of all, whatever the crew."""


def cut_line(line: OrderLine, limit: int, how: CutName = CutName.BY_CREW) -> list[Cut]:
    """The line's trainees as cohorts of at most `limit` people.

    A wished size is taken out of one crew where one is large enough, else of several; wishes above the limit count
    as the limit, and who is left over is cut as if nothing had been wished.
    """
    crews: dict[CrewCode, list[WorkerId]] = {}
    for trainee in sorted(line.trainees, key=lambda t: (t.crew, t.worker_id)):
        crews.setdefault(trainee.crew, []).append(trainee.worker_id)
    left = dict(sorted(crews.items()))
    wished = [
        _take(min(size, limit), left)
        for size in sorted(line.cohort_sizes, reverse=True)
        if sum(map(len, left.values()))
    ]
    left = {crew: people for crew, people in left.items() if people}
    rest = list(_REST[how](left, limit))
    return sorted([*wished, *rest], key=lambda c: (sorted(c), -sum(map(len, c.values())), sorted(c.values())))


def _by_crew(left: Mapping[CrewCode, Sequence[WorkerId]], limit: int) -> Iterator[Cut]:
    for crew, people in left.items():
        yield from ({crew: part} for part in _equal_parts(people, limit))


def _whole_crews(left: Mapping[CrewCode, Sequence[WorkerId]], limit: int) -> Iterator[Cut]:
    """The largest crew first, each into the first cohort that has room for all of it."""
    together: list[Cut] = []
    for crew, people in sorted(left.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(people) > limit:
            yield from ({crew: part} for part in _equal_parts(people, limit))
            continue
        room = (each for each in together if sum(map(len, each.values())) + len(people) <= limit)
        found = next(room, None)
        if found is None:
            together.append({crew: tuple(people)})
        else:
            found[crew] = tuple(people)
    yield from together


def _by_size(left: Mapping[CrewCode, Sequence[WorkerId]], limit: int) -> Iterator[Cut]:
    """Crew after crew, so that a cohort has as few crews as may be."""
    crew_of = {worker: crew for crew, people in left.items() for worker in people}
    for part in _equal_parts(tuple(crew_of), limit):
        taken: dict[CrewCode, list[WorkerId]] = {}
        for worker in part:
            taken.setdefault(crew_of[worker], []).append(worker)
        yield {crew: tuple(people) for crew, people in taken.items()}


_REST: Mapping[CutName, Callable[[Mapping[CrewCode, Sequence[WorkerId]], int], Iterator[Cut]]] = {
    CutName.BY_CREW: _by_crew,
    CutName.WHOLE_CREWS: _whole_crews,
    CutName.BY_SIZE: _by_size,
}


def _take(size: int, left: dict[CrewCode, list[WorkerId]]) -> Cut:
    """So many people out of what is left: the tightest single crew that has them, else the fullest ones."""
    single = [crew for crew, people in left.items() if len(people) >= size]
    order: Iterable[CrewCode]
    if single:
        order = [min(single, key=lambda crew: (len(left[crew]), crew))]
    else:
        order = sorted(left, key=lambda crew: (-len(left[crew]), crew))
    taken: Cut = {}
    for crew in order:
        part, left[crew] = left[crew][:size], left[crew][size:]
        size -= len(part)
        if part:
            taken[crew] = tuple(part)
    return taken


def _equal_parts(people: Sequence[WorkerId], limit: int) -> Iterator[tuple[WorkerId, ...]]:
    parts = -(-len(people) // limit)
    for k in range(parts):
        yield tuple(people[k * len(people) // parts : (k + 1) * len(people) // parts])
