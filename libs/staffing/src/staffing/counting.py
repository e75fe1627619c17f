"""The figures of a report. Heads (人数) are different workers, person-times (人次) are attendances."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report says about a set of sessions."""

    sessions: int
    special_sessions: int
    heads: int
    person_times: int
    class_hours: int
    """Class-hours taught, each session once."""
    trainee_hours: int
    """Class-hours received, each attendance once."""


def count(held: Iterable[HeldSession]) -> Figures:
    """The figures of the sessions; one that is given twice counts once."""
    sessions = {s.session_id: s for s in held}.values()
    heads: set[UUID] = set()
    for session in sessions:
        heads |= session.workers
    return Figures(
        sessions=len(sessions),
        special_sessions=len({s.order_id for s in sessions if s.special}),
        heads=len(heads),
        person_times=sum(len(s.workers) for s in sessions),
        class_hours=sum(s.class_hours for s in sessions),
        trainee_hours=sum(s.class_hours * len(s.workers) for s in sessions),
    )


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
