"""Everybody who might be asked for a duty, with all that decides about it, from the rows."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from contracts.values import CollegeId, PersonId, Reason, Role
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.colleges.rules import College
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors.rules import Person
from instructor_dispatch.offers import burdens, counts, store
from instructor_dispatch.offers.commands.seeing import Seen
from instructor_dispatch.offers.ranking import Candidate, Field
from instructor_dispatch.offers.rules import Duty
from instructor_dispatch.offers.shares import Burden, shares
from instructor_dispatch.overrides import commands as overrides
from instructor_dispatch.reservations import commands as reservations
from instructor_dispatch.reservations import rules as reservation_rules
from servicekit.db import Tx
from staffing.can import Agreement, Load, Task, reasons_against
from staffing.can import Person as Sent
from staffing.diary import Diary, Place
from staffing.moments import at, season_of, week_of
from staffing.overrides import waived
from staffing.rulebook import Rulebook

NO_QUOTA = -1
"""Held sessions that no quota is too small for."""


async def load(
    tx: Tx,
    duty: Duty,
    *,
    only: Person | None = None,
    college_id: CollegeId | None = None,
    without: UUID | None = None,
    seen: Seen | None = None,
) -> Field:
    """Everybody for the duty, or of one college, or one person. Their colleges are held from here on.

    `without`: an assignment that is about to go, and counts no more for its college. `seen`: what the same search has
    read already.
    """
    seen = seen or Seen()
    of = duty.needs.occupation, duty.is_batch
    among = [only] if only is not None else await seen.once(("who", *of), lambda: who_share(tx, duty))
    people = [each for each in among if college_id in (None, each.college_id)]
    await reservations.hold_colleges(tx, {each.college_id for each in people})
    return await read(tx, duty, people, among=among, without=without, seen=seen)


async def who_share(tx: Tx, duty: Duty) -> list[Person]:
    """Among whom the shares are weighed: whoever holds the duty's occupation, of all colleges."""
    return await instructors.with_occupation(tx, duty.needs.occupation, assessor=duty.is_batch)


async def read(
    tx: Tx,
    duty: Duty,
    people: Sequence[Person],
    *,
    among: Sequence[Person],
    without: UUID | None = None,
    seen: Seen | None = None,
) -> Field:
    """These people for the duty, as the rows are now: to look at, unless their colleges are held.

    `among`: whose shares are weighed against each other, the same whoever of them is looked at.
    """
    book: Rulebook = tx.known
    seen = seen or Seen()
    ids = tuple({each.person_id: None for each in (*people, *among)})
    of = frozenset(each.college_id for each in people)
    known = (
        {each.college_id: each for each in await seen.once(of, lambda: colleges.colleges(tx, of))}
        if of
        else {}
    )
    agreements = await _agreements(tx, duty, known.values(), without)
    monday, season = duty.slot.day - timedelta(days=duty.slot.day.weekday()), season_of(duty.slot.day)
    diaries = await seen.once((monday, ids), lambda: _diaries(tx, ids, monday))
    held = await seen.once((season, ids), lambda: burdens.of_people(tx, ids, season))
    fair = shares({each.person_id: (held.get(each.person_id, Burden()), each.fair_load) for each in among})
    teachers = await counts.teachers_of_unit(tx, duty)
    aside = await overrides.in_force(tx, duty.slot.day)
    waivers = [each.waiver() for each in aside]
    return Field(
        duty=duty,
        task=await task_of(tx, duty),
        candidates=tuple(
            Candidate(
                person=_sent(each),
                load=Load(
                    diaries[each.person_id],
                    agreements.get(each.college_id),
                    waived(waivers, duty.named, duty.slot.day, each.person_id),
                ),
                sessions=held.get(each.person_id, Burden()).sessions,
                target=_target(known.get(each.college_id), duty),
                teaches_unit=each.person_id in teachers,
                share=fair.get(each.person_id),
            )
            for each in people
        ),
        book=book,
        unit_has_teacher=bool(teachers),
        overrides=tuple((each.override_id, each.waiver()) for each in aside),
    )


async def _diaries(tx: Tx, ids: Sequence[PersonId], monday: date) -> dict[PersonId, Diary]:
    """What each has in the week from this Monday on."""
    book: Rulebook = tx.known
    first, last = book.clock.instant(at(monday)), book.clock.instant(at(monday + timedelta(days=7)))
    bound = await reservations.in_time(tx, ids, first, last)
    return {person_id: reservation_rules.diary(rows, book) for person_id, rows in bound.items()}


async def reasons_against_person(
    tx: Tx, duty: Duty, person: Person, *, without: UUID | None = None
) -> tuple[Reason, ...]:
    """Everything that stands against sending this person; their college is held."""
    field = await load(tx, duty, only=person, without=without)
    one = field.candidates[0]
    return reasons_against(field.task, one.person, one.load, field.book)


async def task_of(tx: Tx, duty: Duty) -> Task:
    """The duty as the shared rules see it."""
    book: Rulebook = tx.known
    refusing = await store.pairs(tx, duty.duty_id)
    # whoever teaches is barred by the batch itself; it does not know who assists
    helped = await counts.assistants_of_order(tx, duty.order_id) if duty.is_batch else frozenset()
    return Task(
        needs=duty.needs,
        span=book.span_of(duty.slot),
        place=None if duty.division is None else Place(duty.division, duty.site),
        role=duty.role,
        declined=refusing.declined,
        lapsed=refusing.lapsed,
        taught_by=duty.barred | helped,
    )


async def _agreements(
    tx: Tx, duty: Duty, of: Iterable[College], without: UUID | None
) -> dict[CollegeId, Agreement]:
    """The agreements under which the duty's day falls, with what the colleges are held to.

    Quotas are of sessions led: for assistants and for a batch nothing counts as held.
    """
    day = duty.slot.day
    signed = {each.college_id: agreed for each in of if (agreed := each.agreement_on(day)) is not None}
    monday = day - timedelta(days=day.weekday())
    held = await counts.of_colleges(
        tx,
        {college: (agreed.valid_from, agreed.valid_until) for college, agreed in signed.items()},
        (monday, monday + timedelta(days=7)),
        without=without,
    )
    return {
        college: Agreement(
            valid_from=agreed.valid_from,
            valid_until=agreed.valid_until,
            sessions_total=agreed.sessions_total,
            sessions_week=agreed.sessions_week,
            held_total=NO_QUOTA if duty.role is not Role.LEAD else held[college][0],
            held_week={week_of(day): NO_QUOTA if duty.role is not Role.LEAD else held[college][1]},
        )
        for college, agreed in signed.items()
    }


def _target(college: College | None, duty: Duty) -> int:
    agreed = college.agreement_on(duty.slot.day) if college else None
    return agreed.target if agreed else 0


def _sent(person: Person) -> Sent:
    return Sent(
        person_id=person.person_id,
        college_id=person.college_id,
        home=person.home,
        qualifications=person.qualifications,
        most_sessions_day=person.most_sessions_day,
        most_sessions_week=person.most_sessions_week,
        avoids=frozenset(person.avoids),
        fair_load=person.fair_load,
        prefers_divisions=frozenset(person.prefers_divisions),
        prefers_units=frozenset(person.prefers_units),
        most_evenings_week=person.most_evenings_week,
    )
