"""What the report counts: sessions held and still planned, certificates issued, and how they are cut. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from portal.whose import Own
from staffing.counting import (
    DIMENSIONS,
    HeldSession,
    by_head,
    by_special,
    count,
    parts_of,
    totals,
)

One = TypeVar("One")
CUTS = ("county", "trade", "level", "programme", "month", "college", "enterprise")
"""In the order of the page."""


@dataclass(frozen=True)
class Taught:
    """A session that was held. `cost` in yuan: the lecture fee and, at a works, the way."""

    held: HeldSession
    day: date
    starts: datetime | None
    ends: datetime | None
    unit: str
    number: str
    """Of its order."""
    programme: str
    cost: Decimal
    onsite: bool = True
    """Somebody drove there."""


@dataclass(frozen=True)
class Planned:
    """A session that is still to be held."""

    session_id: UUID
    order_id: UUID
    number: str
    """Of its order."""
    enterprise: str
    division: str
    occupation: str
    level: str
    programme: str
    college: str | None
    """Whose person is firm."""
    day: date
    starts: datetime | None
    ends: datetime | None
    unit: str


@dataclass(frozen=True)
class Certified:
    """A certificate that was issued. `allowance` in yuan: once an evaluation, nothing once it is revoked."""

    certificate_id: UUID
    number: str
    order_id: UUID
    order: str
    enterprise: str
    division: str
    occupation: str
    level: str
    programme: str
    issued_on: date
    revoked: bool
    allowance: Decimal


@dataclass(frozen=True)
class Counted:
    """Everything of a period, or of a part of it."""

    taught: tuple[Taught, ...] = ()
    planned: tuple[Planned, ...] = ()
    certified: tuple[Certified, ...] = ()
    joint: Mapping[UUID, Own] = field(default_factory=dict)
    """The people of joint orders, by enterprise."""


@dataclass(frozen=True)
class Sums:
    """The figures. Yuan, class-hours, and numbers of sessions, people and certificates."""

    sessions: int
    planned: int
    special: int
    """Special sessions: one an order, however many sessions it has."""
    person_times: int
    heads: int
    class_hours: int
    cost: Decimal
    certificates: int
    subsidy: Decimal


@dataclass(frozen=True)
class Head:
    """Somebody who learnt."""

    worker: UUID
    enterprises: tuple[str, ...]
    sessions: int
    class_hours: int


@dataclass(frozen=True)
class SpecialSession:
    """An opening event with its sessions."""

    order_id: UUID
    number: str
    enterprise: str
    first: date
    last: date
    sessions: int
    person_times: int


def sums(counted: Counted) -> Sums:
    """The figures of all that is given."""
    figures = count(one.held for one in counted.taught)
    return Sums(
        sessions=figures.sessions,
        planned=len(counted.planned),
        special=figures.special_sessions,
        person_times=figures.person_times,
        heads=figures.heads,
        class_hours=figures.class_hours,
        cost=sum((one.cost for one in counted.taught), Decimal()),
        certificates=len(counted.certified),
        subsidy=sum((one.allowance for one in counted.certified), Decimal()),
    )


def cut(name: str, counted: Counted) -> dict[str, Counted]:
    """What belongs to each part, by its code in order. What has none (no college issues certificates) is left out.

    Sessions, person-times, class-hours, yuan and certificates of the parts add up to the whole; heads and special
    sessions need not: one worker may learn in two months. A session of a joint order stands with each enterprise
    that has people on it, with its own people, so by enterprise only person-times, certificates and subsidy add up.
    """
    apart = name == "enterprise"
    taught = _grouped(_each_taught(counted) if apart else counted.taught, TAUGHT[name])
    planned = _grouped(_each_planned(counted) if apart else counted.planned, PLANNED[name])
    certified = _grouped(counted.certified, CERTIFIED[name])
    return {
        code: Counted(
            tuple(taught.get(code, ())), tuple(planned.get(code, ())), tuple(certified.get(code, ())), counted.joint
        )
        for code in sorted(taught.keys() | planned.keys() | certified.keys())
    }  # fmt: skip


def held_at_works(counted: Counted) -> Counted:
    """The same without the sessions that were held online."""
    return replace(counted, taught=tuple(one for one in counted.taught if one.onsite))


def part_of(name: str, code: str, counted: Counted) -> Counted:
    """What a figure was counted from: a part of a cut, or everything without one."""
    return cut(name, counted).get(code, Counted()) if name else counted


def only(counted: Counted, *, worker: UUID | None = None, order: UUID | None = None) -> Counted:
    """The sessions of one worker, each with that attendance alone, or those of one order."""
    taught = counted.taught
    if worker is not None:
        alone = frozenset({worker})
        taught = tuple(
            replace(one, held=replace(one.held, workers=alone))
            for one in taught
            if worker in one.held.workers
        )
    if order is not None:
        taught = tuple(one for one in taught if one.held.order_id == order)
    return Counted(taught, joint=counted.joint)


def heads_of(counted: Counted) -> list[Head]:
    """Everybody who learnt, those with the most sessions first."""
    heads = [
        Head(
            worker,
            tuple(sorted({_whose(worker, one, counted.joint) for one in held})),
            told.sessions,
            told.class_hours,
        )
        for worker, held in by_head(one.held for one in counted.taught).items()
        for told in [totals(held)]
    ]
    return sorted(heads, key=lambda head: (-head.sessions, head.worker))


def specials_of(counted: Counted) -> list[SpecialSession]:
    """The special sessions, by number."""
    whole = {one.held.session_id: one for one in counted.taught}
    return sorted(
        (
            SpecialSession(
                order, whole[held[0].session_id].number, held[0].enterprise, min(days), max(days), told.sessions,
                told.person_times,
            )
            for order, held in by_special(one.held for one in counted.taught).items()
            for days in [[whole[one.session_id].day for one in held]]
            for told in [totals(held)]
        ),
        key=lambda special: special.number,
    )  # fmt: skip


def _grouped(some: Iterable[One], key: Callable[[One], str | None]) -> dict[str, list[One]]:
    found: dict[str, list[One]] = {}
    for one in some:
        if (code := key(one)) is not None:
            found.setdefault(code, []).append(one)
    return found


def _each_taught(counted: Counted) -> Iterable[Taught]:
    for one in counted.taught:
        for part in parts_of(one.held, counted.joint.get(one.held.order_id)):
            yield replace(one, held=part)


def _each_planned(counted: Counted) -> Iterable[Planned]:
    for one in counted.planned:
        for enterprise in counted.joint.get(one.order_id, (one.enterprise,)):
            yield replace(one, enterprise=enterprise)


def _whose(worker: UUID, held: HeldSession, joint: Mapping[UUID, Own]) -> str:
    own = joint.get(held.order_id, {})
    return next((code for code, people in own.items() if worker in people), held.enterprise)


def _of_held(key: Callable[[HeldSession], str | None]) -> Callable[[Taught], str | None]:
    return lambda one: key(one.held)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


TAUGHT: Mapping[str, Callable[[Taught], str | None]] = {
    **{name: _of_held(key) for name, key in DIMENSIONS.items()},
    "programme": lambda one: one.programme,
    "month": lambda one: _month(one.day),
    "enterprise": lambda one: one.held.enterprise,
}
PLANNED: Mapping[str, Callable[[Planned], str | None]] = {
    "county": lambda one: one.division,
    "trade": lambda one: one.occupation,
    "level": lambda one: one.level,
    "programme": lambda one: one.programme,
    "month": lambda one: _month(one.day),
    "college": lambda one: one.college,
    "enterprise": lambda one: one.enterprise,
}
CERTIFIED: Mapping[str, Callable[[Certified], str | None]] = {
    "county": lambda one: one.division,
    "trade": lambda one: one.occupation,
    "level": lambda one: one.level,
    "programme": lambda one: one.programme,
    "month": lambda one: _month(one.issued_on),
    "college": lambda _: None,
    "enterprise": lambda one: one.enterprise,
}
