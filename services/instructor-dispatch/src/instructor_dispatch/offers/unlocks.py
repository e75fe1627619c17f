"""What would bring somebody where nobody can come: single changes, each tried, the cheapest first. Pure.

Nothing is called impossible beyond what was tried here: one change at a time, of one person or one college.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from contracts.values import Reason, because
from instructor_dispatch.offers.ranking import Candidate, Choice, Field, weigh
from staffing.can import reasons_against
from staffing.diary import Diary, Fixed, Kind
from staffing.moments import Span, day_of, week_of

DAY = 1440
"""Minutes."""
Relaxed = tuple[Field, Candidate]
Relaxation = Callable[[Field, Candidate], tuple[Relaxed, Reason] | None]
"""The field and the person with one rule less, and what that is called; nothing where it cannot help."""


def unlocks(field: Field) -> tuple[Reason, ...]:
    """Of each kind of change the one that brings the best person; `people`: how many it would each bring alone."""
    return tuple(found for relaxation in PRICE for found in _best(relaxation, field))


def _best(relaxation: Relaxation, field: Field) -> Iterator[Reason]:
    helped: list[tuple[Choice, Reason]] = []
    for each in field.candidates:
        if not reasons_against(field.task, each.person, each.load, field.book):
            continue  # comes as it is
        relaxed = relaxation(field, each)
        if relaxed is None:
            continue
        (changed, one), reason = relaxed
        if not reasons_against(changed.task, one.person, one.load, changed.book):
            helped.append((weigh(changed, one), reason))
    if helped:
        _, reason = min(helped, key=lambda found: found[0].order)
        yield because(reason.code, **reason.figures, people=len(helped))


def one_more_a_week(field: Field, each: Candidate) -> tuple[Relaxed, Reason]:
    """The person comes once more in the week than agreed."""
    most = each.person.most_sessions_week + 1
    person = replace(each.person, most_sessions_week=most)
    reason = because("unlock.week_max", person=each.person.person_id, most=most)
    return (field, replace(each, person=person)), reason


def one_more_of_the_week(field: Field, each: Candidate) -> tuple[Relaxed, Reason] | None:
    """The college sends one more in the week than agreed."""
    terms = each.load.agreement
    if terms is None:
        return None
    most = terms.held_week.get(week_of(day_of(field.task.span.start)), 0) + 1
    load = replace(each.load, agreement=replace(terms, sessions_week=max(most, terms.sessions_week)))
    return (field, replace(each, load=load)), because(
        "unlock.quota_week", college=each.person.college_id, most=most
    )


def one_more_in_all(field: Field, each: Candidate) -> tuple[Relaxed, Reason] | None:
    """The college sends one more than agreed."""
    terms = each.load.agreement
    if terms is None:
        return None
    most = terms.held_total + 1
    load = replace(each.load, agreement=replace(terms, sessions_total=max(most, terms.sessions_total)))
    return (field, replace(each, load=load)), because(
        "unlock.quota_total", college=each.person.college_id, most=most
    )


def back_a_day_earlier(field: Field, each: Candidate) -> tuple[Relaxed, Reason] | None:
    """A time away ends a day earlier, if it is the last that is known: it may lie in pieces around a session."""
    absences = [thing for thing in each.load.diary if thing.kind is Kind.ABSENCE]
    last = max(absences, key=lambda thing: thing.span.end, default=None)
    if last is None:
        return None
    end = last.span.end - DAY
    load = replace(each.load, diary=Diary(_until(each.load.diary, last, end)))
    reason = because("unlock.back_earlier", person=each.person.person_id, day=day_of(end))
    return (field, replace(each, load=load)), reason


def a_level_lower(field: Field, each: Candidate) -> tuple[Relaxed, Reason] | None:
    """The coordinator waives one level of what a lead must hold; for an assessor nobody may."""
    levels = field.book.programmes.levels
    needed = levels[field.task.needs.level].rank
    below = [level for level in levels.values() if level.rank < needed]
    if field.duty.is_batch or not below:
        return None
    lower = max(below, key=lambda level: level.rank).id
    task = replace(field.task, needs=field.task.needs.model_copy(update={"level": lower}))
    reason = because("unlock.waiver", person=each.person.person_id, level=lower)
    return (replace(field, task=task), each), reason


PRICE: tuple[Relaxation, ...] = (
    one_more_a_week,
    one_more_of_the_week,
    one_more_in_all,
    back_a_day_earlier,
    a_level_lower,
)
"""The cheapest first."""


def _until(diary: Iterable[Fixed], away: Fixed, end: int) -> Iterator[Fixed]:
    for thing in diary:
        if thing != away:
            yield thing
        elif away.span.start < end:
            yield replace(away, span=Span(away.span.start, end))
