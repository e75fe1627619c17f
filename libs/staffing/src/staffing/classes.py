"""Cuts the trainees of a line into classes: by crew, by size, with the wished sizes honoured."""

from collections.abc import Iterable, Iterator, Sequence

from contracts.values import CrewCode, OrderLine, WorkerId

Cut = dict[CrewCode, tuple[WorkerId, ...]]
"""One cohort: its workers by crew."""


def cut_line(line: OrderLine, limit: int) -> list[Cut]:
    """The line's trainees as cohorts of at most `limit` people.

    Without a wish every crew is cut into the fewest equal parts: a crew has one timetable. A wished size is
    taken out of one crew where one is large enough, else of several; wishes above the limit count as the
    limit, and who is left over is cut as if nothing had been wished.
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
    rest = [{crew: part} for crew, people in left.items() for part in _equal_parts(people, limit)]
    return sorted([*wished, *rest], key=lambda c: (sorted(c), -sum(map(len, c.values())), sorted(c.values())))


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
