"""What is known of somebody who is sent, and what follows from a fact about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.instructor_dispatch import (
    Away,
    InstructorAvailable,
    InstructorChanged,
    InstructorRetired,
    InstructorTimetabled,
    InstructorUnavailable,
    PersonFact,
)
from contracts.refusals import Conflict, Invalid, NotFound
from contracts.values import BandCode, CollegeId, DivisionCode, PersonId, Qualification, UnitCode
from staffing.diary import Place
from staffing.rulebook import Rulebook

MOST_AWAY = 400
"""Most times away that one person may have ahead (count): a fact carries them all."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is sent, instructor or assessor. The name is not here: it is in no decision and no fact."""

    person_id: PersonId
    college_id: CollegeId
    home: DivisionCode
    qualifications: tuple[Qualification, ...]
    most_sessions_day: int = 2
    most_sessions_week: int = 6
    fair_load: int = 0
    """Sessions a season that are this person's fair share; 0 = not set."""
    avoids: tuple[BandCode, ...] = ()
    prefers_divisions: tuple[DivisionCode, ...] = ()
    prefers_units: tuple[UnitCode, ...] = ()
    most_evenings_week: int | None = None
    away: tuple[Away, ...] = ()
    """Own lessons and absences as they were told, earliest first."""
    retired: bool = False


def evolve(_person: Person | None, fact: PersonFact) -> Person:
    """The person after the fact: every fact about a person carries the whole state."""
    return Person(
        **{name: getattr(fact, name) for name in FIELDS}, retired=isinstance(fact, InstructorRetired)
    )


FIELDS = (
    "person_id",
    "college_id",
    "home",
    "qualifications",
    "most_sessions_day",
    "most_sessions_week",
    "fair_load",
    "avoids",
    "prefers_divisions",
    "prefers_units",
    "most_evenings_week",
    "away",
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that somebody wishes: never a bar, but part of the choice."""

    avoids: tuple[BandCode, ...] = ()
    prefers_divisions: tuple[DivisionCode, ...] = ()
    prefers_units: tuple[UnitCode, ...] = ()
    most_evenings_week: int | None = None


def wish(person: Person, wishes: Wishes) -> InstructorChanged:
    """Other wishes than before."""
    if person.retired:
        raise Conflict("person.retired", person_id=str(person.person_id))
    told = {name: getattr(wishes, name) for name in Wishes.__slots__}
    return InstructorChanged(**whole(person) | told)


def whole(person: Person) -> dict[str, Any]:
    """The fields of a fact that carries this person's whole state."""
    return {name: getattr(person, name) for name in FIELDS}


def check(fact: PersonFact, book: Rulebook) -> None:
    """Levels, divisions and bands are those of the installation; `Invalid` names the first that is not."""
    for qualification in fact.qualifications:
        book.ladder.rank(qualification.level)
        if qualification.occupation not in book.programmes.occupations:
            raise Invalid(
                "person.occupation_unknown", field="qualifications", occupation=qualification.occupation
            )
    for division in {fact.home, *(each.division for each in fact.away if each.division)}:
        check_division(division, book)
    _check_wishes(fact, book)
    for away in fact.away:
        if away.ends_at <= away.starts_at:
            raise Invalid("absence.ends_before_it_begins", field="away")


def _check_wishes(fact: PersonFact, book: Rulebook) -> None:
    for band in fact.avoids:
        if band not in book.programmes.bands:
            known = ", ".join(book.programmes.bands)
            raise Invalid("person.band_unknown", field="avoids", band=band, known=known)
    for division in fact.prefers_divisions:
        check_division(division, book)
    for unit in fact.prefers_units:
        if unit not in book.programmes.units:
            raise Invalid("person.unit_unknown", field="prefers_units", unit=unit)


def check_division(division: DivisionCode, book: Rulebook) -> None:
    """Drives from and to the place can be reckoned with; `division.unknown`."""
    book.travel.minutes(Place(division), Place(division))


def unavailable(person: Person, away: Away, *, now: datetime) -> InstructorUnavailable:
    """The person cannot come for a time. What is over is told no more; the new time is the last."""
    if away.ends_at <= away.starts_at:
        raise Invalid("absence.ends_before_it_begins", field="ends_at")
    if away.ends_at <= now:
        raise Invalid("absence.over", field="ends_at", ended=away.ends_at.isoformat())
    if person.retired:
        raise Conflict("person.retired", person_id=str(person.person_id))
    ahead = [each for each in person.away if each.ends_at > now and each != away]
    if len(ahead) >= MOST_AWAY:
        raise Invalid("absence.too_many", most=MOST_AWAY)
    told = tuple(sorted(ahead, key=lambda each: each.starts_at))
    return InstructorUnavailable(**whole(replace(person, away=(*told, away))))


def timetable_change(
    person: Person, calendar: str, told: Sequence[Away], *, now: datetime
) -> tuple[tuple[Away, ...], tuple[Away, ...]]:
    """What a calendar told anew gives back of what it said before, and what it takes more; what is over stays."""
    before = {each for each in person.away if each.calendar == calendar and each.ends_at > now}
    after = {each for each in told if each.ends_at > now}
    return _in_order(before - after), _in_order(after - before)


def timetabled(person: Person, calendar: str, told: Sequence[Away], *, now: datetime) -> InstructorTimetabled:
    """A calendar of the person is told anew; what was told otherwise stays."""
    if person.retired:
        raise Conflict("person.retired", person_id=str(person.person_id))
    others = [each for each in person.away if each.calendar != calendar and each.ends_at > now]
    away = _in_order({*others, *(each for each in told if each.ends_at > now)})
    if len(away) > MOST_AWAY:
        raise Invalid("absence.too_many", most=MOST_AWAY)
    return InstructorTimetabled(**whole(replace(person, away=away)), calendar=calendar)


def _in_order(times: Collection[Away]) -> tuple[Away, ...]:
    return tuple(sorted(times, key=lambda each: (each.starts_at, each.ends_at, each.calendar or "")))


def available(person: Person, away: Away, ended_at: datetime | None, *, now: datetime) -> InstructorAvailable:
    """A time away ends at `ended_at`; without it the person never was away. What is over stays as it was."""
    if person.retired:
        raise Conflict("person.retired", person_id=str(person.person_id))
    if away not in person.away:
        raise NotFound("absence.unknown", field="away")
    if away.ends_at <= now:
        raise Invalid("absence.over", field="away", ended=away.ends_at.isoformat())
    free_from = away.starts_at if ended_at is None else ended_at
    if not away.starts_at <= free_from < away.ends_at:
        raise Invalid("absence.not_shorter", field="ended_at", ends_at=away.ends_at.isoformat())
    left = [away.model_copy(update={"ends_at": free_from})] if free_from > away.starts_at else []
    others = [each for each in person.away if each != away]
    told = tuple(sorted([*others, *left], key=lambda each: each.starts_at))
    return InstructorAvailable(**whole(replace(person, away=told)), starts_at=free_from, ends_at=away.ends_at)


def retire(person: Person) -> InstructorRetired:
    """The person is no longer sent; once is enough."""
    if person.retired:
        raise Conflict("person.retired", person_id=str(person.person_id))
    return InstructorRetired(**whole(person))
