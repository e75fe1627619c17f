"""What the checks look at, and what they say. Plain values; times are UTC."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from contracts.values import (
    BatchId,
    CohortId,
    CrewCode,
    DivisionCode,
    EnterpriseId,
    OrderId,
    PersonId,
    Reason,
    SessionId,
    Slot,
    Way,
    WorkerId,
    because,
)
from staffing.shifts import CrewCalendar

SPACE = UUID("5b8f6f2e-6f2f-5d0a-9c55-0a7d3f1c6e11")
"""Ids of findings are made in it: the same finding has the same id wherever and whenever it is found."""


class Kind(StrEnum):
    """What does not go together."""

    TWO_PLACES = "two_places"
    LONG_DAY = "long_day"
    BURST = "burst"
    ONE_PHONE = "one_phone"
    OWN_SHIFT = "own_shift"
    LARGE_CLASS = "large_class"
    SAME_MINUTES = "same_minutes"
    ASSESSOR_TAUGHT = "assessor_taught"
    TWO_TOWNS = "two_towns"


REASONS: Mapping[Kind, str] = {
    Kind.TWO_PLACES: "finding.two_places",
    Kind.LONG_DAY: "finding.long_day",
    Kind.BURST: "finding.burst",
    Kind.ONE_PHONE: "finding.one_phone",
    Kind.OWN_SHIFT: "finding.own_shift",
    Kind.LARGE_CLASS: "finding.large_class",
    Kind.SAME_MINUTES: "finding.same_minutes",
    Kind.ASSESSOR_TAUGHT: "finding.assessor_taught",
    Kind.TWO_TOWNS: "finding.two_towns",
}


APART = frozenset({Kind.TWO_PLACES, Kind.LONG_DAY, Kind.OWN_SHIFT, Kind.ASSESSOR_TAUGHT})
"""Kinds that are so of each worker alone, whoever else is concerned."""


def least(gaps: Iterable[int]) -> int:
    """Minutes of the shortest gap; of sessions that overlap none."""
    return max(0, min(gaps))


SHOWN: Mapping[Kind, Callable[[Iterable[int]], int]] = {
    Kind.TWO_PLACES: least,
    Kind.LONG_DAY: max,
    Kind.OWN_SHIFT: max,
}
"""Which of the workers' minutes a finding tells."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One worker at a session. `at` none = set right by hand, or on paper; `device` none = no phone's mark is known."""

    worker_id: WorkerId
    minutes: int
    way: Way
    at: datetime | None = None
    device: str | None = None


@dataclass(frozen=True)
class Meeting:
    """A session as it was held."""

    session_id: SessionId
    order_id: OrderId
    cohort_id: CohortId
    enterprise_id: EnterpriseId
    division: DivisionCode
    slot: Slot
    led_by: PersonId | None
    signs: tuple[Sign, ...]
    most: int
    """Most people there may be."""
    onsite: bool = True
    """False also where nobody has told: then it has no place."""

    @property
    def workers(self) -> frozenset[WorkerId]:
        """Everybody who attended."""
        return frozenset(each.worker_id for each in self.signs)


@dataclass(frozen=True)
class Crews:
    """When the people of a session work, and which crews the confirmed scheme released for it."""

    released: frozenset[CrewCode] = frozenset()
    of: Mapping[WorkerId, CrewCalendar] = field(default_factory=dict)
    """Whoever's shifts are not known is not in it."""


@dataclass(frozen=True)
class Examined:
    """A batch with its candidates and whoever assesses them."""

    batch_id: BatchId
    order_id: OrderId
    candidates: frozenset[WorkerId]
    assessors: frozenset[PersonId]


@dataclass(frozen=True)
class Finding:
    """Worth a look: what, about which sessions or batch, and of whom. The reason has the figures that show it."""

    kind: Kind
    order_id: OrderId
    reason: Reason
    sessions: tuple[SessionId, ...] = ()
    batch_id: BatchId | None = None
    workers: tuple[WorkerId, ...] = ()
    people: tuple[PersonId, ...] = ()
    minutes: Mapping[WorkerId, int] = field(default_factory=dict, compare=False)
    """Where each worker has minutes of their own, these; of a finding that was told they are not kept."""
    taught: Mapping[WorkerId, frozenset[SessionId]] = field(default_factory=dict, compare=False)
    """Where each worker has sessions of their own, these; not kept either."""

    def of(self, workers: tuple[WorkerId, ...]) -> "Finding":
        """The same of only these workers. What several did together, a burst or one phone, counts all of them still."""
        if workers == self.workers or self.kind not in APART:
            return replace(self, workers=workers)
        figures: dict[str, int | str] = {"heads": len(workers)}
        if self.minutes:
            figures["minutes"] = SHOWN[self.kind](self.minutes[each] for each in workers)
        sessions = self.sessions
        if self.taught:
            sessions = tuple(sorted(frozenset().union(*(self.taught[each] for each in workers))))
            figures["times"] = len(sessions)
        reason = because(self.reason.code, **{**self.reason.figures, **figures})
        return replace(self, workers=workers, sessions=sessions, reason=reason)

    @property
    def about(self) -> tuple[object, ...]:
        """What it is about, whoever is concerned: a batch and people, or sessions and people."""
        return self.kind, self.batch_id or self.sessions, self.people

    @property
    def finding_id(self) -> UUID:
        """The same for the same finding."""
        told = (
            self.kind,
            self.batch_id,
            *(() if self.batch_id else self.sessions),
            *self.people,
            *self.workers,
        )
        return uuid5(SPACE, "|".join(map(str, told)))


def found(
    kind: Kind,
    order_id: OrderId,
    *,
    sessions: Iterable[SessionId] = (),
    batch_id: BatchId | None = None,
    workers: Iterable[WorkerId] = (),
    people: Iterable[PersonId] = (),
    each: Mapping[WorkerId, int] | None = None,
    taught: Mapping[WorkerId, frozenset[SessionId]] | None = None,
    **figures: int | str,
) -> Finding:
    """The finding with its ids in order; its reason has the figures. `each` = minutes by worker; one is told."""
    if each:
        figures["minutes"] = SHOWN[kind](each.values())
    return Finding(
        kind=kind,
        order_id=order_id,
        reason=because(REASONS[kind], **figures),
        sessions=tuple(sorted(set(sessions))),
        batch_id=batch_id,
        workers=tuple(sorted(set(workers))),
        people=tuple(sorted(set(people))),
        minutes=each or {},
        taught=taught or {},
    )


def fresh(seen: Iterable[Finding], known: Sequence[Finding]) -> list[Finding]:
    """Those that nobody was told yet; of one that is known, only the workers that came to it since."""
    told: dict[tuple[object, ...], set[WorkerId]] = {}
    for each in known:
        told.setdefault(each.about, set()).update(each.workers)
    new: list[Finding] = []
    for each in seen:
        before = told.get(each.about)
        left = tuple(one for one in each.workers if before is None or one not in before)
        if before is not None and not left:
            continue
        new.append(each.of(left))
        told.setdefault(each.about, set()).update(left)
    return new
