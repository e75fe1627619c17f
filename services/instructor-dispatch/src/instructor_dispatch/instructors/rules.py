"""What is known of somebody who is sent, and what follows from a fact about them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.instructor_dispatch import (
    Away,
    InstructorAvailable,
    InstructorRetired,
    InstructorUnavailable,
    PersonFact,
)
from contracts.refusals import Conflict, Invalid, NotFound
from contracts.values import BandCode, CollegeId, DivisionCode, PersonId, Qualification
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
    "away",
)


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
    for band in fact.avoids:
        if band not in book.programmes.bands:
            known = ", ".join(book.programmes.bands)
            raise Invalid("person.band_unknown", field="avoids", band=band, known=known)
    for away in fact.away:
        if away.ends_at <= away.starts_at:
            raise Invalid("absence.ends_before_it_begins", field="away")


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
