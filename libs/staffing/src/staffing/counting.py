"""The figures of a report. Heads (人数) are different workers, person-times (人次) are attendances.

One definition of each, for report, pages, sheets and what is said of a delivery; `songjiao verify` counts a second
time, on purpose. A figure and the rows behind it are one: heads are the keys of `by_head`, special sessions those of
`by_special`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from contracts.values import (
    ClassHours,
    CollegeId,
    DivisionCode,
    EnterpriseId,
    LevelCode,
    OccupationCode,
    OrderId,
    SessionId,
    WorkerId,
)


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session that took place, with everybody who was counted as present."""

    session_id: SessionId
    order_id: OrderId
    enterprise: EnterpriseId
    """Where it was held, or, of a part of it, whose people are counted."""
    division: DivisionCode
    occupation: OccupationCode
    level: LevelCode
    college: CollegeId | None
    class_hours: ClassHours
    special: bool
    """Part of a special session (专场), which is counted once an order."""
    workers: frozenset[WorkerId]


class Attended(Protocol):
    """What counting asks of a session that took place."""

    @property
    def session_id(self) -> SessionId:
        """Which it is."""

    @property
    def class_hours(self) -> ClassHours:
        """How many were taught."""

    @property
    def workers(self) -> Collection[WorkerId]:
        """Everybody who was counted as present, each once."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A session that took place, as far as it is counted."""

    session_id: SessionId
    class_hours: ClassHours
    workers: frozenset[WorkerId]


@dataclass(frozen=True, slots=True)
class Totals:
    """What is said of a set of sessions wherever they are counted."""

    sessions: int
    heads: int
    person_times: int
    class_hours: int
    """Class-hours taught, each session once."""
    trainee_hours: int
    """Class-hours received, each attendance once."""


@dataclass(frozen=True, slots=True)
class Figures(Totals):
    """What a report says about a set of sessions."""

    special_sessions: int


A = TypeVar("A", bound=Attended)


def totals(held: Iterable[Attended]) -> Totals:
    """The figures of the sessions; one that is given twice counts once."""
    sessions = _once(held)
    return Totals(
        sessions=len(sessions),
        heads=len(by_head(sessions)),
        person_times=sum(map(person_times, sessions)),
        class_hours=sum(s.class_hours for s in sessions),
        trainee_hours=sum(s.class_hours * person_times(s) for s in sessions),
    )


def person_times(session: Attended) -> int:
    """The attendances of one session: each who was there once."""
    return len(session.workers)


def by_head(held: Iterable[A]) -> dict[WorkerId, list[A]]:
    """Everybody who was there, with the sessions of each: the rows behind the heads."""
    found: dict[WorkerId, list[A]] = {}
    for session in held:
        for worker in session.workers:
            found.setdefault(worker, []).append(session)
    return found


def by_special(held: Iterable[HeldSession]) -> dict[OrderId, list[HeldSession]]:
    """The special sessions (专场): one an order, however many sessions it has."""
    found: dict[OrderId, list[HeldSession]] = {}
    for session in held:
        if session.special:
            found.setdefault(session.order_id, []).append(session)
    return found


def count(held: Iterable[HeldSession]) -> Figures:
    """The figures of a report; a session that is given twice counts once."""
    sessions = _once(held)
    told = totals(sessions)
    return Figures(
        sessions=told.sessions,
        heads=told.heads,
        person_times=told.person_times,
        class_hours=told.class_hours,
        trainee_hours=told.trainee_hours,
        special_sessions=len(by_special(sessions)),
    )


def _once(held: Iterable[A]) -> list[A]:
    return list({s.session_id: s for s in held}.values())


def by(held: Iterable[HeldSession], key: Callable[[HeldSession], str | None]) -> dict[str, Figures]:
    """The figures of each group; sessions without a key (nobody's college) are left out.

    Sessions, person-times and class-hours of the groups add up to the whole; heads need not, because one
    worker may learn in two groups.
    """
    groups: dict[str, list[HeldSession]] = {}
    for session in held:
        if (name := key(session)) is not None:
            groups.setdefault(name, []).append(session)
    return {name: count(groups[name]) for name in sorted(groups)}


def by_enterprise(
    held: Iterable[HeldSession], joint: Mapping[OrderId, Mapping[EnterpriseId, frozenset[WorkerId]]]
) -> dict[str, Figures]:
    """The figures of each enterprise: a session of a joint order stands with everybody who has people on it.

    Heads and person-times are those of its own people, so person-times add up to the whole; sessions and class-hours
    of joint orders need not, because several enterprises learn in one.
    """
    parts = (part for session in held for part in parts_of(session, joint.get(session.order_id)))
    return by(parts, lambda part: part.enterprise)


def parts_of(
    session: HeldSession, people: Mapping[EnterpriseId, frozenset[WorkerId]] | None
) -> Iterable[HeldSession]:
    """A session as each enterprise of a joint order has it, with its own people; any other stands as it is."""
    if people is None:
        return [session]
    return [replace(session, enterprise=of, workers=session.workers & own) for of, own in people.items()]


DIMENSIONS: dict[str, Callable[[HeldSession], str | None]] = {
    "county": lambda s: s.division,
    "trade": lambda s: s.occupation,
    "level": lambda s: s.level,
    "college": lambda s: s.college,
}
"""What a report is broken down by."""
