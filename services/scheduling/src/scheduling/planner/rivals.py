"""Who competes: sessions of the same week that hold whom one needs, and what is scarce in which week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import LevelCode, OccupationCode, PersonId
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed, Session, Teacher, World
from staffing.diary import Kind
from staffing.moments import Span, at, overlap, week_of
from staffing.people import reasons_against_teaching


@dataclass(frozen=True)
class Rival:
    """A session that holds somebody who could teach the one asked for."""

    placed: Placed
    could_do_without: int
    """Others who could hold it at its time (count)."""


@dataclass(frozen=True)
class Scarcity:
    """A needed qualification in one week."""

    monday: date
    occupation: OccupationCode
    level: LevelCode
    demand: int
    """Sessions of the week that need it."""
    people: int
    """Who hold it at that level or above."""
    capacity: int
    """Sessions that they may give that week: their own maxima, the days on which they are there, an agreement."""
    held: int
    """Sessions that they give that week, whatever those need."""


def rivals(ledger: Ledger, session: Session, day: date) -> tuple[Rival, ...]:
    """The scarcest first: who could hold it instead is counted with the rival itself taken out."""
    needed = {id_ for id_, teacher in ledger.teachers.items() if _able(ledger.world, teacher, session, day)}
    found = [
        placed
        for placed in ledger.placed()
        if placed.person_id in needed
        and week_of(placed.day) == week_of(day)
        and placed.session.session_id != session.session_id
    ]
    told = [Rival(placed, _without(ledger, placed)) for placed in found]
    return tuple(
        sorted(told, key=lambda r: (r.could_do_without, r.placed.day, str(r.placed.session.session_id)))
    )


def _without(ledger: Ledger, placed: Placed) -> int:
    span = ledger.book.span(placed.day, placed.band)
    ledger.remove(placed)
    try:
        others = (t for t in ledger.able(placed.session.needs) if t.person.person_id != placed.person_id)
        return sum(ledger.why_not(placed.session, span, teacher) is None for teacher in others)
    finally:
        ledger.add(placed)


def scarcity(world: World) -> tuple[Scarcity, ...]:
    """Every week from this one on, and every qualification that its sessions need; the tightest first."""
    weeks: dict[int, list[Placed]] = defaultdict(list)
    for placed in (p for p in world.sessions if week_of(p.day) >= week_of(world.today)):
        weeks[week_of(placed.day)].append(placed)
    return tuple(one for week in sorted(weeks) for one in _of_week(world, week, weeks[week]))


def _of_week(world: World, week: int, sessions: list[Placed]) -> list[Scarcity]:
    monday = date.fromordinal(week * 7 + 1)
    held: dict[PersonId | None, int] = defaultdict(int)
    demand: dict[tuple[OccupationCode, LevelCode], int] = defaultdict(int)
    for placed in sessions:
        held[placed.person_id] += 1
        demand[placed.session.needs.occupation, placed.session.needs.level] += 1
    room = {t.person.person_id: _room(world, t, monday) for t in world.teachers}
    found = []
    for (occupation, level), count in demand.items():
        one = next(p.session for p in sessions if _needs(p) == (occupation, level))
        able = [t.person.person_id for t in world.teachers if _able(world, t, one, monday)]
        capacity, given = sum(room[id_] for id_ in able), sum(held[id_] for id_ in able)
        found.append(Scarcity(monday, occupation, level, count, len(able), capacity, given))
    return sorted(found, key=lambda s: (s.capacity - s.held, s.occupation, s.level))


def _needs(placed: Placed) -> tuple[OccupationCode, LevelCode]:
    return placed.session.needs.occupation, placed.session.needs.level


def _room(world: World, teacher: Teacher, monday: date) -> int:
    """Sessions that the person may give in the week: none on a closed day, one whole day away, without agreement."""
    person, days = teacher.person, (monday + timedelta(days=n) for n in range(7))
    opens, closes = world.book.day_open, world.book.day_close
    away = [thing.span for thing in teacher.fixed if thing.kind is Kind.ABSENCE]
    there = sum(
        not world.book.calendar.is_closed(day)
        and world.terms(person.college_id, day) is not None
        and sum(overlap(span, Span(at(day, opens), at(day, closes))) for span in away) < closes - opens
        for day in days
    )
    return min(person.most_sessions_week, there * person.most_sessions_day)


def _able(world: World, teacher: Teacher, session: Session, day: date) -> bool:
    return not reasons_against_teaching(teacher.person.qualifications, session.needs, day, world.book.ladder)
