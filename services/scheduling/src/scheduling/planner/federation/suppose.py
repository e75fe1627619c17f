"""What if: changes that nobody has made, put into a copy of the federation's plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field

from contracts.base import Value
from contracts.refusals import Refused
from contracts.values import (
    BandCode,
    CollegeId,
    EnterpriseId,
    LevelCode,
    Minutes,
    OccupationCode,
    OrderLine,
    PersonId,
    Reason,
    ServiceLine,
    SessionId,
    Trainee,
    because,
)
from scheduling.planner.draft import draft
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.move import place_by_hand
from scheduling.planner.world import Draft, OrderToPlan, Placed, Teacher, World
from staffing.diary import Fixed, Kind
from staffing.moments import Span, at
from staffing.rulebook import Rulebook
from staffing.shifts import crews

Some = Annotated[int, Field(ge=1, le=1_000)]


class Away(Value):
    """Somebody cannot come on these days, the last included."""

    kind: Literal["away"]
    person_id: PersonId
    first: date
    last: date


class CollegeLeaves(Value):
    """A college sends nobody from this day on."""

    kind: Literal["college_leaves"]
    college_id: CollegeId
    day: date


class Rooms(Value):
    """An enterprise can host so many sessions at once."""

    kind: Literal["rooms"]
    enterprise_id: EnterpriseId
    rooms: Some


class Load(Value):
    """Somebody comes at most so often."""

    kind: Literal["load"]
    person_id: PersonId
    most_sessions_day: Some
    most_sessions_week: Some


class Fairness(Value):
    """Minutes of driving that one session too many is worth."""

    kind: Literal["fairness"]
    minutes: Annotated[int, Field(ge=0, le=10_000)]


class OneOrderMore(Value):
    """An enterprise that has ordered before orders once more, for one crew."""

    kind: Literal["order"]
    enterprise_id: EnterpriseId
    occupation: OccupationCode
    level: LevelCode
    people: Some
    bands: tuple[BandCode, ...] = ()
    earliest: date
    latest: date
    release_cap_minutes: Minutes = 0


class Elsewhere(Value):
    """One session at another time; nobody named = whoever suits best."""

    kind: Literal["elsewhere"]
    session_id: SessionId
    day: date
    band: BandCode
    person_id: PersonId | None = None


Change = Annotated[
    Away | CollegeLeaves | Rooms | Load | Fairness | OneOrderMore | Elsewhere, Field(discriminator="kind")
]


@dataclass(frozen=True)
class Supposed:
    """The plan as it would be, and which changes cannot even be supposed, with the reasons, by their number."""

    whole: Whole
    impossible: dict[int, tuple[Reason, ...]] = field(default_factory=dict)
    orders: tuple[Draft, ...] = ()
    """Drafts of the orders that nobody has placed."""


def suppose(whole: Whole, made: Sequence[Change], name: UUID) -> Supposed:
    """All changes, one after the other; `name` makes the ids of what does not exist."""
    found = Supposed(whole)
    for n, change in enumerate(made):
        match change:
            case Away() | CollegeLeaves() if not _is_known(found.whole.world, change):
                found = _cannot(found, n, because("scenario.unknown"))
            case Away():
                found = replace(found, whole=_without_person(found.whole, change))
            case CollegeLeaves():
                found = replace(found, whole=_without_college(found.whole, change))
            case Rooms() | Load() | Fairness():
                found = _with(found, _limits(found.whole.world, change), n)
            case OneOrderMore():
                found = _with_order(found, change, n, uuid5(name, str(n)))
            case Elsewhere():
                found = _moved(found, change, n)
    return found


def _is_known(world: World, change: Away | CollegeLeaves) -> bool:
    """Whether there is such a person, or anybody of such a college."""
    if isinstance(change, Away):
        return any(t.person.person_id == change.person_id for t in world.teachers)
    return any(t.person.college_id == change.college_id for t in world.teachers)


def _with(found: Supposed, world: World | None, n: int) -> Supposed:
    if world is None:
        return _cannot(found, n, because("scenario.unknown"))
    return replace(found, whole=replace(found.whole, world=world))


def _cannot(found: Supposed, n: int, *reasons: Reason) -> Supposed:
    return replace(found, impossible={**found.impossible, n: reasons})


def _limits(world: World, change: Rooms | Load | Fairness) -> World | None:
    """Nothing when there is no such enterprise or person."""
    if isinstance(change, Fairness):
        return replace(world, book=_weighed(world, change.minutes))
    if isinstance(change, Rooms):
        works = world.enterprises.get(change.enterprise_id)
        if works is None:
            return None
        changed = replace(works, rooms=change.rooms)
        return replace(world, enterprises={**world.enterprises, change.enterprise_id: changed})
    if not any(t.person.person_id == change.person_id for t in world.teachers):
        return None
    return replace(world, teachers=tuple(_limited(t, change) for t in world.teachers))


def _limited(teacher: Teacher, change: Load) -> Teacher:
    if teacher.person.person_id != change.person_id:
        return teacher
    day, week = change.most_sessions_day, change.most_sessions_week
    return replace(teacher, person=replace(teacher.person, most_sessions_day=day, most_sessions_week=week))


def _weighed(world: World, minutes: int) -> Rulebook:
    programmes = world.book.programmes
    planning = programmes.rules.planning
    weight = planning.weight_unfairness.model_copy(update={"value": minutes})
    planning = planning.model_copy(update={"weight_unfairness": weight})
    rules = programmes.rules.model_copy(update={"planning": planning})
    return replace(world.book, programmes=replace(programmes, rules=rules))


def _without_person(whole: Whole, change: Away) -> Whole:
    away = Fixed(Span(at(change.first), at(change.last + timedelta(days=1))), Kind.ABSENCE)
    teachers = tuple(
        _bound(t, away) if t.person.person_id == change.person_id else t for t in whole.world.teachers
    )
    return _lost(
        replace(whole, world=replace(whole.world, teachers=teachers)),
        lambda p: p.person_id == change.person_id and change.first <= p.day <= change.last,
    )


def _bound(teacher: Teacher, away: Fixed) -> Teacher:
    return replace(teacher, fixed=(*teacher.fixed, away))


def _without_college(whole: Whole, change: CollegeLeaves) -> Whole:
    world, last = whole.world, change.day - timedelta(days=1)
    signed = tuple(
        replace(each, valid_until=min(each.valid_until, last))
        for each in world.agreements.get(change.college_id, ())
        if each.valid_from <= last
    )
    theirs = {t.person.person_id for t in world.teachers if t.person.college_id == change.college_id}
    agreements = {**world.agreements, change.college_id: signed}
    return _lost(
        replace(whole, world=replace(world, agreements=agreements)),
        lambda p: p.person_id in theirs and p.day >= change.day,
    )


def _lost(whole: Whole, whose: Callable[[Placed], bool]) -> Whole:
    """Their sessions that are still to come have nobody, and are free."""
    gone = [p for p in whole.world.sessions if not p.held and p.day > whole.world.today and whose(p)]
    free = {p.session.session_id: whole.free.get(p.session.session_id, Freedom.LOST) for p in gone}
    free = {id_: Freedom.LOST if how is Freedom.TOLD else how for id_, how in free.items()}
    return replace(
        whole,
        world=whole.after(replace(p, person_id=None) for p in gone),
        free={**whole.free, **free},
    )


def _with_order(found: Supposed, change: OneOrderMore, n: int, order_id: UUID) -> Supposed:
    whole = found.whole
    works = whole.world.enterprises.get(change.enterprise_id)
    known = [c.order_id for c in whole.world.cohorts.values() if c.enterprise_id == change.enterprise_id]
    if works is None or not known:
        return _cannot(found, n, because("scenario.unknown"))
    programme = whole.programmes[known[0]]
    crew = crews(whole.world.book.programmes.shifts[works.shift])[0]
    line = OrderLine(
        line=1, service=ServiceLine.THEORY_TRAINING, occupation=change.occupation, level=change.level,
        trainees=tuple(
            Trainee(worker_id=uuid5(order_id, f"worker {each}"), crew=crew) for each in range(change.people)
        ),
        bands=change.bands, earliest=max(change.earliest, whole.open_from), latest=change.latest,
        release_cap_minutes=change.release_cap_minutes,
    )  # fmt: skip
    try:
        made = draft(OrderToPlan(order_id, 1, programme.code, works, (line,)), whole.world)
    except Refused as refused:
        return _cannot(found, n, because(refused.code))
    world = replace(
        whole.world,
        sessions=(*whole.world.sessions, *made.placed),
        cohorts={**whole.world.cohorts, **{c.cohort_id: c for c in made.cohorts}},
    )
    new = [*(p.session for p in made.placed), *(u.session for u in made.unplaced)]
    whole = replace(
        whole,
        world=world,
        programmes={**whole.programmes, order_id: programme},
        free={**whole.free, **{s.session_id: Freedom.DRAFT for s in new}},
        waiting=(*whole.waiting, *(u.session for u in made.unplaced)),
    )
    return replace(found, whole=whole, orders=(*found.orders, made))


def _moved(found: Supposed, change: Elsewhere, n: int) -> Supposed:
    whole = found.whole
    old = whole.was.get(change.session_id)
    if old is None:
        return _cannot(found, n, because("scenario.unknown"))
    place = partial(place_by_hand, change.session_id, whole.world, whole.programme(old.session))
    placed, reasons = place(day=change.day, band=change.band, person_id=change.person_id or old.person_id)
    if placed is None and change.person_id is None:
        placed, reasons = place(day=change.day, band=change.band)
    if placed is None:
        return _cannot(found, n, *reasons)
    free = {id_: how for id_, how in whole.free.items() if id_ != change.session_id}
    return replace(found, whole=replace(whole, world=whole.after([placed]), free=free))
