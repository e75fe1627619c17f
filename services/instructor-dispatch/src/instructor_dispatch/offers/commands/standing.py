"""How everybody who is sent stands to one session, from the rows: looked at, nobody is held."""

from dataclasses import dataclass

from contracts.refusals import NotFound
from contracts.values import CollegeId, SessionId
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.offers import store
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
