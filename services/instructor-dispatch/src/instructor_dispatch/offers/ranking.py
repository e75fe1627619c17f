"""Who is next best, and why: pure. The rules that bar somebody are the shared ones of `staffing`.

Preferences first (bands the person avoids, one instructor a unit), then minutes of driving and unfairness
weighed against each other, as the planner does; at the end who has least.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from contracts.values import CollegeId, OverrideId, PersonId, Reason, because
from instructor_dispatch.offers.rules import Duty
from instructor_dispatch.offers.shares import Share, kinds_of
from staffing.can import Load, Person, Task, reasons_against
from staffing.diary import Fixed, Kind, Place
from staffing.moments import day_of, week_of
from staffing.overrides import Waiver
from staffing.rulebook import Rulebook
from staffing.wishes import evenings_in_week, unmet

HOUR = 60
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
    share: Share | None = None
    """What the person has in the season of hours, trips, evenings, weekends, and what would be fair; none = no
    share is agreed.
    """


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody who might be asked for one duty."""

    duty: Duty
    task: Task
    candidates: tuple[Candidate, ...]
    book: Rulebook
    unit_has_teacher: bool = False
    """Somebody leads other sessions of the same unit and cohort."""
    overrides: tuple[tuple[OverrideId, Waiver], ...] = ()
    """Rules put aside by name, of which some may be about this."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who can come, and what it costs."""

    person_id: PersonId
    college_id: CollegeId
    preferences: int
    minutes: int
    """Driving that it adds to the day."""
    unfairness: int
    """Beyond the fair share, of person and college: sessions, hours, trips, evenings, weekends that it adds to; or
    (negative) what it mends.
    """
    sessions: int
    cost: int
    """Minutes of driving, unfairness included."""
    wishes: tuple[Reason, ...] = ()
    """Those of the person that it goes against."""
    share: tuple[Reason, ...] = ()
    """What the person has against the agreed share, where one is agreed."""
    put_aside: tuple[Reason, ...] = ()
    """Rules that would stand against it, were they not put aside by name."""

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
        return (chosen, *choice.put_aside, *choice.wishes, *choice.share, *ahead, *self.tried())[
            :MOST_REASONS
        ]

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
    slot = field.duty.slot
    evenings = evenings_in_week(each.load.diary, slot.day, field.book)
    wishes = unmet(each.person, slot.band, field.task.place, field.duty.unit, evenings)
    preferences = len(wishes) + int(field.unit_has_teacher and not each.teaches_unit)
    minutes = added_minutes(field, each)
    over_fair = int(bool(each.person.fair_load) and each.sessions >= each.person.fair_load)
    held = each.load.agreement.held_total if each.load.agreement else 0
    over_share = 0
    if each.share is not None:
        over_share = each.share.over(kinds_of(field.duty.slot, onsite=field.task.place is not None))
    unfairness = over_fair + over_share + (1 if held >= each.target else -1)
    weight = field.book.programmes.rules.planning.weight_unfairness.value
    return Choice(
        person_id=each.person.person_id,
        college_id=each.person.college_id,
        preferences=preferences,
        minutes=minutes,
        unfairness=unfairness,
        sessions=each.sessions,
        cost=minutes + weight * unfairness,
        wishes=wishes,
        share=() if each.share is None else (_told(each.share),),
        put_aside=tuple(_put_aside(field, each)),
    )


def _told(share: Share) -> Reason:
    """The figures by which the share is fair or not."""
    return because(
        "dispatch.share",
        hours=share.has.minutes // HOUR,
        fair_hours=share.fair.minutes // HOUR,
        trips=share.has.trips,
        fair_trips=share.fair.trips,
        evenings=share.has.evenings,
        fair_evenings=share.fair.evenings,
    )


def _put_aside(field: Field, each: Candidate) -> Iterator[Reason]:
    """What would stand against the person, and by which override it does not."""
    if not each.load.waived:
        return
    duty, person_id = field.duty, each.person.person_id
    bare = replace(each.load, waived=frozenset())
    for reason in reasons_against(field.task, each.person, bare, field.book):
        for override_id, waiver in field.overrides:
            if waiver.rule == reason.code and waiver.holds(duty.named, duty.slot.day, person_id):
                yield because("dispatch.put_aside", rule=reason.code, override=override_id)
                break


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
