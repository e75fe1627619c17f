"""How everybody stands to one session: who could come in which place, and every rule against the others. Pure."""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.values import CollegeId, PersonId, Reason, because
from instructor_dispatch.offers.ranking import Candidate, Choice, Field, rank
from staffing.can import every_reason_against


@dataclass(frozen=True, slots=True)
class Standing:
    """One person and the session."""

    person_id: PersonId
    college_id: CollegeId
    place: int
    """1 = the best of those who can come; 0 = cannot come."""
    choice: Choice | None
    against: tuple[Reason, ...]
    """Every rule that bars the person, in the order in which they are asked for."""
    behind: tuple[Reason, ...]
    """What differs from the first of those who can come."""


def standings(field: Field) -> tuple[Standing, ...]:
    """Those who can come, the best first, then the others by how few rules bar them."""
    choices, first = rank(field).choices, None
    colleges = {each.person.person_id: each.person.college_id for each in field.candidates}
    found = []
    for place, choice in enumerate(choices, start=1):
        first = first or choice
        behind = _behind(choice, first) if place > 1 else ()
        found.append(Standing(choice.person_id, choice.college_id, place, choice, (), behind))
    can = {choice.person_id for choice in choices}
    barred = [
        (each.person.person_id, every_reason_against(field.task, each.person, each.load, field.book))
        for each in field.candidates
        if each.person.person_id not in can
    ]
    barred.sort(key=lambda each: (each[1][0].code.startswith("qualification."), len(each[1]), str(each[0])))
    return (*found, *(Standing(id_, colleges[id_], 0, None, against, ()) for id_, against in barred))


def without_its_own(field: Field, assignment_id: UUID, person_id: PersonId) -> Field:
    """As if nobody were asked for the session: whoever is asked or firm is not kept from it by it."""
    return replace(
        field,
        candidates=tuple(
            _freed(each, assignment_id) if each.person.person_id == person_id else each
            for each in field.candidates
        ),
    )


def _freed(each: Candidate, assignment_id: UUID) -> Candidate:
    diary = each.load.diary
    for thing in [thing for thing in diary if thing.id == assignment_id]:
        diary = diary.without(thing)
    return replace(each, load=replace(each.load, diary=diary), sessions=max(0, each.sessions - 1))


def _behind(one: Choice, first: Choice) -> tuple[Reason, ...]:
    said: list[Reason] = []
    if one.preferences > first.preferences:
        said.append(because("behind.preferences", wishes=one.preferences - first.preferences))
    if minutes := one.minutes - first.minutes:
        code = "beside.more_driving" if minutes > 0 else "beside.less_driving"
        said.append(because(code, minutes=abs(minutes)))
    if unfair := one.unfairness - first.unfairness:
        code = "beside.less_fair" if unfair > 0 else "beside.fairer"
        said.append(because(code, sessions=abs(unfair)))
    return tuple(said) or (because("beside.equal"),)
