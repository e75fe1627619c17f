"""What differs between two versions of a scheme, clause by clause, for people to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scheduling.planner.world import CohortName, CohortPlan, Draft
from scheduling.schemes.by_hand.diff import Line, lines_of


class Way(StrEnum):
    """In what a session is another."""

    ADDED = "added"
    DROPPED = "dropped"
    UNIT = "unit"
    TIME = "time"
    PERSON = "person"
    """Who is proposed: outside the hash."""
    PLACE = "place"
    NEEDS = "needs"
    """Qualification or level."""
    PEOPLE = "people"
    """Who sits in it."""
    PIN = "pin"
    """Outside the hash."""


@dataclass(frozen=True)
class Differing:
    """A session of the one version and the same of the other, named by cohort and position."""

    cohort: CohortName
    position: int
    one: Line | None
    other: Line | None
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class CohortDiffering:
    """A cohort that is not the same people; nothing = there is none of that name."""

    letter: CohortName
    one: CohortPlan | None
    other: CohortPlan | None


def sessions_that_differ(one: Draft, other: Draft) -> tuple[Differing, ...]:
    """By cohort and position: ids are no content, and another draft has other ids."""
    a, b = _named(one), _named(other)
    changed = {each.letter for each in cohorts_that_differ(one, other)}
    found = (
        Differing(*name, a.get(name), b.get(name), tuple(_ways(a.get(name), b.get(name), name[0] in changed)))
        for name in sorted(a.keys() | b.keys(), key=lambda name: (len(name[0]), name))
    )
    return tuple(each for each in found if each.ways)


def cohorts_that_differ(one: Draft, other: Draft) -> tuple[CohortDiffering, ...]:
    """Cohorts by name whose people or crews are others."""
    a, b = ({cohort.letter: cohort for cohort in draft.cohorts} for draft in (one, other))
    return tuple(
        CohortDiffering(letter, a.get(letter), b.get(letter))
        for letter in sorted(a.keys() | b.keys(), key=lambda letter: (len(letter), letter))
        if _sitting(a.get(letter)) != _sitting(b.get(letter))
    )


def _sitting(cohort: CohortPlan | None) -> object:
    return cohort and (cohort.line, dict(cohort.crews), cohort.workers)


def _named(draft: Draft) -> dict[tuple[CohortName, int], Line]:
    letters = {cohort.cohort_id: cohort.letter for cohort in draft.cohorts}
    return {
        (letters[line.session.cohort_id], line.session.position): line for line in lines_of(draft).values()
    }


def _ways(one: Line | None, other: Line | None, people: bool) -> Iterator[Way]:  # noqa: FBT001  read beside its words
    if one is None or other is None:
        yield Way.ADDED if one is None else Way.DROPPED
        return
    a, b = one.session, other.session
    differs = {
        Way.UNIT: (a.unit, a.class_hours) != (b.unit, b.class_hours),
        Way.TIME: one.time != other.time,
        Way.PERSON: one.person_id != other.person_id,
        Way.PLACE: (a.mode, a.place) != (b.mode, b.place),
        Way.NEEDS: a.needs != b.needs,
        Way.PEOPLE: people,
        Way.PIN: one.pinned != other.pinned,
    }
    yield from (way for way, is_so in differs.items() if is_so)
