"""Who is next best, and why: pure. The rules that bar somebody are the shared ones of `staffing`.

Preferences first (bands the person avoids, one instructor a unit), then minutes of driving and unfairness
weighed against each other, as the planner does; at the end who has least.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from contracts.values import CollegeId, PersonId, Reason, because
from instructor_dispatch.offers.rules import Duty
from staffing.can import Load, Person, Task, reasons_against
from staffing.diary import Fixed, Kind, Place
from staffing.moments import day_of, week_of
from staffing.rulebook import Rulebook

MOST_REASONS = 8
"""Rules named when somebody was chosen or nobody could be (count)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might be sent, with all that decides about it."""

    person: Person
    load: Load
    sessions: int
    """Sessions this person is held to in the season of the duty."""
    target: int
    """Agreed fair number of sessions of the college."""
    teaches_unit: bool = False
    """Leads other sessions of the same unit and cohort."""


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody who might be asked for one duty."""

    duty: Duty
    task: Task
    candidates: tuple[Candidate, ...]
    book: Rulebook
    unit_has_teacher: bool = False
    """Somebody leads other sessions of the same unit and cohort."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who can come, and what it costs."""

    person_id: PersonId
    college_id: CollegeId
    preferences: int
    minutes: int
    """Driving that it adds to the day."""
    unfairness: int
    """Sessions beyond the fair share, of person and college, that it adds or (negative) mends."""
    sessions: int
    cost: int
    """Minutes of driving, unfairness included."""

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Smaller is better; the id only makes it certain."""
        return self.preferences, self.cost, self.sessions, str(self.person_id)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who can come, best first, and for everybody else every rule that stands against it."""

    choices: tuple[Choice, ...]
    barred: tuple[tuple[PersonId, tuple[Reason, ...]], ...]

    def reasons_for(self, choice: Choice) -> tuple[Reason, ...]:
        """Why this one: how many could come, what it costs, how far ahead of the next, whom which rule barred."""
        qualified = len(self.choices) + sum(not _unqualified(reasons) for _, reasons in self.barred)
        chosen = because(
            "dispatch.chosen", qualified=qualified, free=len(self.choices), minutes=choice.minutes
        )
        others = [each for each in self.choices if each.person_id != choice.person_id]
        ahead = [because("dispatch.ahead_of_next", minutes=others[0].cost - choice.cost)] if others else []
        return (chosen, *ahead, *self.tried())[:MOST_REASONS]

    def tried(self) -> tuple[Reason, ...]:
        """How many people the first rule against each of them barred."""
        counts = Counter(reasons[0].code for _, reasons in self.barred)
        return tuple(because(code, people=n) for code, n in sorted(counts.items())[:MOST_REASONS])


def rank(field: Field) -> Ranking:
    """Everybody of the field: the proposed person first if they can come, then by preference and cost."""
    choices: list[Choice] = []
    barred: list[tuple[PersonId, tuple[Reason, ...]]] = []
    for each in field.candidates:
        reasons = reasons_against(field.task, each.person, each.load, field.book)
        if reasons:
            barred.append((each.person.person_id, reasons))
        else:
            choices.append(weigh(field, each))
    proposed = field.duty.proposed
    choices.sort(key=lambda each: (each.person_id != proposed, each.order))
    return Ranking(tuple(choices), tuple(sorted(barred, key=lambda each: str(each[0]))))


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody who could come if one of his sessions went to somebody else, who is free for it."""

    comes: Choice
    gives_up: Fixed
    instead: Choice

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Smaller is better."""
        return (
            self.comes.preferences + self.instead.preferences,
            self.comes.cost + self.instead.cost,
            str(self.comes.person_id),
            str(self.instead.person_id),
        )


QUOTAS = frozenset({"college.quota_total", "college.quota_week"})
BY_SESSIONS = QUOTAS | {"session.overlaps", "session.no_time_to_drive", "load.day", "load.week"}
"""Rules that one session less can mend."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody who could come without one of his other sessions."""

    comes: Choice
    gives_up: Fixed
    at_full_quota: bool
    """His college can send nobody more: what he gives up must go to another one."""


def could_come_without(field: Field) -> list[Opening]:
    """Whom nothing but his other sessions keeps from coming, and who could without one of them; best first."""
    found: list[Opening] = []
    for each in field.candidates:
        barred = {reason.code for reason in reasons_against(field.task, each.person, each.load, field.book)}
        if not barred or not barred <= BY_SESSIONS:
            continue
        for thing in (thing for thing in each.load.diary if thing.id is not None):
            freed = replace(each, load=_without(each.load, thing))
            if not reasons_against(field.task, each.person, freed.load, field.book):
                found.append(Opening(weigh(field, freed), thing, bool(barred & QUOTAS)))
    return sorted(found, key=lambda opening: opening.comes.order)


def best_swap(openings: Iterable[Opening], others: Callable[[Fixed], Iterable[Choice]]) -> Swap | None:
    """The best pair, one deep: who comes, what he gives up, and who takes that over."""
    swaps = [
        Swap(opening.comes, opening.gives_up, instead)
        for opening in openings
        for instead in others(opening.gives_up)
        if instead.person_id != opening.comes.person_id
        and not (opening.at_full_quota and instead.college_id == opening.comes.college_id)
    ]
    return min(swaps, key=lambda swap: swap.order, default=None)


def weigh(field: Field, each: Candidate) -> Choice:
    """What it costs to send somebody."""
    preferences = int(field.duty.slot.band in each.person.avoids)
    preferences += int(field.unit_has_teacher and not each.teaches_unit)
    minutes = added_minutes(field, each)
    over_fair = int(bool(each.person.fair_load) and each.sessions >= each.person.fair_load)
    held = each.load.agreement.held_total if each.load.agreement else 0
    unfairness = over_fair + (1 if held >= each.target else -1)
    weight = field.book.programmes.rules.planning.weight_unfairness.value
    return Choice(
        person_id=each.person.person_id,
        college_id=each.person.college_id,
        preferences=preferences,
        minutes=minutes,
        unfairness=unfairness,
        sessions=each.sessions,
        cost=minutes + weight * unfairness,
    )


def added_minutes(field: Field, each: Candidate) -> int:
    """Driving that the duty adds to the person's day, from home and back home."""
    new = Fixed(field.task.span, Kind.SESSION, field.task.place)
    return field.book.travel.added(new, Place(each.person.home), each.load.diary)


def _without(load: Load, thing: Fixed) -> Load:
    """The load with one session less, which then no longer counts for the college either."""
    kept = type(load.diary)(t for t in load.diary if t is not thing and t != thing)
    terms, day = load.agreement, day_of(thing.span.start)
    if terms is not None and terms.valid_from <= day <= terms.valid_until:
        week = {**terms.held_week, week_of(day): terms.held_week.get(week_of(day), 0) - 1}
        terms = replace(terms, held_total=terms.held_total - 1, held_week=week)
    return replace(load, diary=kept, agreement=terms)


def _unqualified(reasons: Sequence[Reason]) -> bool:
    return reasons[0].code.startswith(("qualification.", "assessor."))
