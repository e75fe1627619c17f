"""The single answer to "can this person come to this session then?", for the planner and dispatch alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from contracts.values import (
    BandCode,
    CollegeId,
    DivisionCode,
    Needs,
    PersonId,
    Qualification,
    Reason,
    ReasonCode,
    Role,
    UnitCode,
    because,
)
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import Span, at, day_of, week_of
from staffing.overrides import CLOSED_DAY, puts_aside
from staffing.people import reasons_against_assessing, reasons_against_teaching
from staffing.rulebook import Rulebook
from staffing.travel import Clash, DriveRule


@dataclass(frozen=True, slots=True)
class Task:
    """A session (or a batch) that somebody is to be sent to, at a time."""

    needs: Needs
    span: Span
    place: Place | None
    """None = online: no drive, no home window."""
    role: Role = Role.LEAD
    declined: frozenset[PersonId] = frozenset()
    """Who said no to it."""
    lapsed: frozenset[PersonId] = frozenset()
    """Whose offer for it, at this time, was left without an answer."""
    taught_by: frozenset[PersonId] = frozenset()
    """For an assessor: who taught the candidates."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be sent."""

    person_id: PersonId
    college_id: CollegeId
    home: DivisionCode
    qualifications: tuple[Qualification, ...]
    most_sessions_day: int = 2
    most_sessions_week: int = 6
    avoids: frozenset[BandCode] = frozenset()
    fair_load: int = 0
    prefers_divisions: frozenset[DivisionCode] = frozenset()
    prefers_units: frozenset[UnitCode] = frozenset()
    most_evenings_week: int | None = None
    """Wishes bar nobody (`staffing.wishes`)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much a college sends, and how much it is already held to."""

    valid_from: date
    valid_until: date
    sessions_total: int
    sessions_week: int
    held_total: int = 0
    held_week: Mapping[int, int] = field(default_factory=dict)
    """Sessions by week (`moments.week_of`)."""


@dataclass(frozen=True, slots=True)
class Load:
    """What else binds the person, and the agreement of the college; without an agreement nobody is sent."""

    diary: Diary
    agreement: Agreement | None
    waived: frozenset[ReasonCode] = frozenset()
    """Rules that somebody put aside for the person and this task, by name (`staffing.overrides`)."""


def reasons_against(
    task: Task, person: Person, load: Load, book: Rulebook, rule: DriveRule = DriveRule.WHOLE_GAP
) -> tuple[Reason, ...]:
    """Everything that stands against sending the person, the cheapest to know first; empty = can come."""
    return tuple(_standing(task, person, load, book, rule))


def first_reason_against(
    task: Task, person: Person, load: Load, book: Rulebook, rule: DriveRule = DriveRule.WHOLE_GAP
) -> Reason | None:
    """The first of the reasons, for searches."""
    return next(_standing(task, person, load, book, rule), None)


def _standing(task: Task, person: Person, load: Load, book: Rulebook, rule: DriveRule) -> Iterator[Reason]:
    """What stands against it, and is not put aside."""
    found = _against(task, person, load, book, rule)
    if not load.waived:
        return found
    return (each for each in found if not puts_aside(load.waived, each, task.role, book.ladder))


def every_reason_against(task: Task, person: Person, load: Load, book: Rulebook) -> tuple[Reason, ...]:
    """The same question answered for people who read: every rule that bars the person, in the order of `ORDER`.

    Empty exactly when `reasons_against` is. Where several things bind the person, each is named: once all named
    things are gone, nothing else that they hid stands in the way.
    """
    found = [
        each
        for each in _by_rule(task, person, load, book)
        if not puts_aside(load.waived, each, task.role, book.ladder)
    ]
    found += [_bound(clash) for clash in in_the_way(task, load.diary, book)]
    return tuple(sorted(found, key=lambda reason: rank_of_rule(reason.code)))


def in_the_way(task: Task, diary: Diary, book: Rulebook) -> tuple[Clash, ...]:
    """Everything that would have to go before the person has the time and the drives, and why."""
    new, found = Fixed(task.span, Kind.SESSION, task.place), list[Clash]()
    while (clash := book.travel.clash(new, diary)) is not None:
        found.append(clash)
        diary = diary.without(clash.other)
    return tuple(found)


ORDER = (
    "assessor",
    "qualification",
    "offer",
    "slot",
    "absence",
    "lesson",
    "home",
    "session",
    "load",
    "college",
)
"""Rules as people ask for them: who may, who will, who is there; then what can be granted."""


def rank_of_rule(code: str) -> int:
    """Where a rule stands in `ORDER`."""
    return ORDER.index(code.partition(".")[0])


def _against(task: Task, person: Person, load: Load, book: Rulebook, rule: DriveRule) -> Iterator[Reason]:
    yield from _by_rule(task, person, load, book)
    clash = book.travel.clash(Fixed(task.span, Kind.SESSION, task.place), load.diary, rule)
    if clash is not None:
        yield _bound(clash)


def _by_rule(task: Task, person: Person, load: Load, book: Rulebook) -> Iterator[Reason]:
    """All but the person's own time."""
    day = day_of(task.span.start)
    if task.role is Role.ASSESSOR:
        yield from reasons_against_assessing(
            person.person_id, person.qualifications, task.needs, day, book.ladder, taught_by=task.taught_by
        )
    else:
        yield from reasons_against_teaching(person.qualifications, task.needs, day, book.ladder)
    if person.person_id in task.declined:
        yield because("offer.declined_before")
    elif person.person_id in task.lapsed:
        yield because("offer.lapsed_before")
    if book.calendar.is_closed(day):
        yield because(CLOSED_DAY, day=day)
    yield from _agreement(day, load.agreement)
    yield from _load(day, person, load.diary)
    if task.place is not None:
        yield from _home(task.span, task.place, person.home, book)


def _agreement(day: date, agreement: Agreement | None) -> Iterator[Reason]:
    if agreement is None or not agreement.valid_from <= day <= agreement.valid_until:
        yield because("college.no_agreement", day=day)
        return
    if agreement.held_total >= agreement.sessions_total:
        yield because("college.quota_total", most=agreement.sessions_total, held=agreement.held_total)
    held = agreement.held_week.get(week_of(day), 0)
    if held >= agreement.sessions_week:
        left = max(agreement.sessions_total - agreement.held_total, 0)
        yield because("college.quota_week", most=agreement.sessions_week, held=held, left=left)


def _load(day: date, person: Person, diary: Diary) -> Iterator[Reason]:
    if diary.sessions_in(Span(at(day), at(day) + 1440)) >= person.most_sessions_day:
        yield because("load.day", most=person.most_sessions_day)
    monday = day - timedelta(days=day.weekday())
    if diary.sessions_in(Span(at(monday), at(monday) + 7 * 1440)) >= person.most_sessions_week:
        yield because("load.week", most=person.most_sessions_week)


def _home(span: Span, place: Place, home: DivisionCode, book: Rulebook) -> Iterator[Reason]:
    drive = book.travel.minutes(Place(home), place)
    midnight = at(day_of(span.start))
    if span.start - drive < midnight + book.day_open:
        yield because("home.leaves_too_early", minutes=drive)
    if span.end + drive > midnight + book.day_close:
        yield because("home.back_too_late", minutes=drive)


def _bound(clash: Clash) -> Reason:
    kind = clash.other.kind
    if clash.needed:
        code = "session.no_time_to_drive" if kind is Kind.SESSION else "lesson.no_time_to_drive"
        return because(code, minutes=clash.needed, gap=clash.there)
    code = {
        Kind.SESSION: "session.overlaps",
        Kind.LESSON: "lesson.overlaps",
        Kind.ABSENCE: "absence.overlaps",
    }[kind]
    figures = {"id": clash.other.id} if clash.other.id else {}
    return because(code, day=day_of(clash.other.span.start), **figures)
