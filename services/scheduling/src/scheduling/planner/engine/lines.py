"""A plan as the exchange format has it: a line a session."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from scheduling.planner.engine.arrays import Given, Ints, Names, arrays
from scheduling.planner.engine.instance import Instance, WrongInstance
from scheduling.planner.engine.plan import book, nothing_placed
from scheduling.planner.engine.state import Plan


@dataclass(frozen=True)
class Line:
    """A session of the plan; day of the horizon."""

    session: str
    day: int
    band: str
    instructor: str


def lines_of(given: Given, names: Names, slot: Ints, who: Ints) -> tuple[Line, ...]:
    """The placed sessions, by their ids."""
    return tuple(
        Line(names.sessions[s], int(slot[s] // given.bands), names.bands[slot[s] % given.bands],
             names.instructors[who[s]])
        for s in np.flatnonzero(slot >= 0)
    )  # fmt: skip


def plan_of(given: Given, names: Names, lines: Iterable[Line]) -> Plan:
    """The plan that these lines are; they keep every rule, as `solve` gives them."""
    plan = nothing_placed(given, 1)
    sessions, people = (
        {name: n for n, name in enumerate(each)} for each in (names.sessions, names.instructors)
    )
    for line in lines:
        slot = line.day * given.bands + names.bands.index(line.band)
        book(given, plan, sessions[line.session], slot, people[line.instructor], 1)
    return plan


@dataclass(frozen=True)
class Planned:
    """An instance with a plan of it: what questions about the plan are answered from."""

    instance: Instance
    given: Given
    names: Names
    plan: Plan

    def number(self, session: str) -> int:
        """Of a session's id; `WrongInstance` when there is none."""
        if session not in self.names.sessions:
            raise WrongInstance(f"session {session} is not in the file")
        return self.names.sessions.index(session)

    def line(self, s: int, slot: int, i: int) -> Line:
        """By its ids."""
        day, band = divmod(slot, self.given.bands)
        return Line(self.names.sessions[s], day, self.names.bands[band], self.names.instructors[i])

    @contextmanager
    def without(self, s: int) -> Iterator[tuple[int, int] | None]:
        """The plan without this session, for as long as it is asked about; slot and person that it has, or none."""
        slot, i = int(self.plan.slot[s]), int(self.plan.who[s])
        if slot < 0:
            yield None
            return
        book(self.given, self.plan, s, slot, i, -1)
        try:
            yield slot, i
        finally:
            book(self.given, self.plan, s, slot, i, 1)


def planned(instance: Instance, lines: Sequence[Line]) -> Planned:
    """These lines keep every rule of the instance, as `solve` gives them."""
    given, names = arrays(instance)
    return Planned(instance, given, names, plan_of(given, names, lines))
