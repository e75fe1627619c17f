"""How everybody who is sent stands to one session, from the rows: looked at, nobody is held."""

from dataclasses import dataclass

from contracts.refusals import NotFound
from contracts.values import AssignmentId, CollegeId, PersonId, Reason, SessionId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import store
from instructor_dispatch.offers.bearing import week_span
from instructor_dispatch.offers.commands import field as fields
from instructor_dispatch.offers.rules import LIVE, Duty
from instructor_dispatch.offers.standings import Standing, standings, without_its_own
from servicekit.db import Tx


@dataclass(frozen=True)
class Asked:
    """A session and those of its standings that may be seen."""

    duty: Duty
    free: int
    """Who could come, of all colleges."""
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Instead:
    """Somebody of the college who is not the one asked, and an offer."""

    person_id: PersonId
    place: int
    """1 = the best of those who can come; 0 = cannot come."""
    minutes: int
    """Driving that it would add to the day."""
    week: int
    """Sessions in its week, this one counted."""
    most_week: int
    against: tuple[Reason, ...]


async def of_session(tx: Tx, session_id: SessionId, *, college_id: CollegeId | None) -> Asked:
    """Everybody, or a college's own people with their place among all; `call.session_unknown`."""
    duty = await store.duty_of(tx, session_id)
    if duty is None or duty.is_batch:
        raise NotFound("call.session_unknown", session_id=str(session_id))
    asked = next(
        (o for o in await store.offers_of_duty(tx, session_id) if o.state in LIVE and o.person_id), None
    )
    people = await instructors.everybody(tx)
    field = await fields.read(
        tx,
        duty,
        people,
        among=await fields.who_share(tx, duty),
        without=asked.assignment_id if asked else None,
    )
    if asked is not None and asked.person_id is not None:
        field = without_its_own(field, asked.assignment_id, asked.person_id)
    found = standings(field)
    return Asked(
        duty,
        sum(bool(one.place) for one in found),
        tuple(one for one in found if college_id in (None, one.college_id)),
    )


async def of_offer(tx: Tx, assignment_id: AssignmentId, *, college_id: CollegeId | None) -> list[Instead]:
    """The offer's college for it, without whoever is asked; `offer.unknown`, also when it is another college's."""
    offer, _, duty = await store.one(tx, assignment_id, college_id=college_id)
    people = [p for p in await instructors.everybody(tx) if p.college_id == offer.college_id]
    among = await fields.who_share(tx, duty)
    field = await fields.read(tx, duty, people, among=among, without=assignment_id)
    of = {each.person.person_id: each for each in field.candidates}
    week = week_span(duty.slot.day)
    return [
        Instead(
            one.person_id, one.place, one.choice.minutes if one.choice else 0,
            of[one.person_id].load.diary.sessions_in(week) + 1,
            of[one.person_id].person.most_sessions_week, one.against,
        )
        for one in standings(field)
        if one.person_id != offer.person_id
    ]  # fmt: skip
