"""Qualifications and licences that end: what is said of them, and when to look again. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.instructor_dispatch import QualificationExpired, QualificationExpiring, QualificationFact
from contracts.values import Qualification
from instructor_dispatch.instructors.rules import Person
from staffing.people import Ladder, includes
from staffing.rulebook import Rulebook

Said = tuple[Qualification, bool]
"""A qualification of which it was said that it ends soon, or (true) that it has ended."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How many days ahead it is said, and how many days ahead promises after the end go to others."""

    warn: int
    replace: int

    @classmethod
    def of(cls, book: Rulebook) -> "Terms":
        """From the rules."""
        people = book.programmes.rules.people
        return cls(people.warn_days.value, people.replace_days.value)


def ends(person: Person, ladder: Ladder) -> list[Qualification]:
    """Those that end, and that nothing else the person holds includes for longer; the earliest first."""
    held = person.qualifications
    last = {q: q.valid_until for q in held if q.valid_until is not None}
    counts = [q for q in last if not any(includes(other, q, ladder) for other in held)]
    return sorted(counts, key=lambda q: (last[q], q.occupation, q.level, q.assessor))


def to_be_said(
    person: Person, said: Collection[Said], today: date, terms: Terms, ladder: Ladder
) -> list[QualificationFact]:
    """What is to be said of the person's qualifications today, each once."""
    facts: list[QualificationFact] = []
    for held in ends(person, ladder):
        until = held.valid_until
        if until is None or today < until - timedelta(days=terms.warn):
            continue
        over = until < today
        if (held, over) in said:
            continue
        who, college = person.person_id, person.college_id
        if over:
            facts.append(QualificationExpired(person_id=who, college_id=college, held=held))
        else:
            facts.append(QualificationExpiring(person_id=who, college_id=college, held=held))
    return facts


def goes_to_others(person: Person, today: date, terms: Terms, ladder: Ladder) -> bool:
    """Whether promises after some qualification's end go to others by now, unless it is renewed."""
    return any(
        today >= held.valid_until - timedelta(days=terms.replace)
        for held in ends(person, ladder)
        if held.valid_until is not None
    )


def look_again_on(
    person: Person, said: Iterable[Said], today: date, terms: Terms, ladder: Ladder
) -> date | None:
    """The day on which there is something to say or do next, today included; none = nothing ends."""
    if person.retired:
        return None
    if to_be_said(person, tuple(said), today, terms, ladder):
        return today
    days = (
        day
        for held in ends(person, ladder)
        if held.valid_until is not None
        for day in (
            held.valid_until - timedelta(days=terms.warn),
            held.valid_until - timedelta(days=terms.replace),
            held.valid_until + timedelta(days=1),
        )
    )
    return min((day for day in days if day > today), default=None)
