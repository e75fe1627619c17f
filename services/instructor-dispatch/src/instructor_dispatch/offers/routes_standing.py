"""Who could come to a session, in which place, and why the others not: a college sees its own people."""

from pydantic import BaseModel

from contracts.values import CollegeId, PersonId, Reason, SessionId, Slot
from instructor_dispatch.instructors.routes import Office, own
from instructor_dispatch.offers.commands import standing
from instructor_dispatch.offers.ranking import Choice
from instructor_dispatch.offers.standings import Standing
from servicekit.http import Router, Transaction, refusals

router = Router(tags=["offers"])


class Weight(BaseModel):
    """What it costs to send somebody; smaller is better, the preferences before the cost."""

    preferences: int
    """Wishes that it goes against: a band that is avoided, a unit that somebody else teaches."""
    minutes: int
    """Driving that it adds to the day."""
    unfairness: int
    """Sessions beyond the fair share that it adds, or (negative) mends."""
    cost: int
    """Minutes, unfairness included."""
    share: tuple[Reason, ...]
    """What the person has in the year against the agreed share, as it was weighed: among those of the occupation."""


class PersonStanding(BaseModel):
    """One person and the session; the name by `POST /people`."""

    person_id: PersonId
    college_id: CollegeId
    place: int
    """1 = the first to be asked, among the people of all colleges; 0 = cannot come."""
    weight: Weight | None
    behind: tuple[Reason, ...]
    """What differs from the first."""
    against: tuple[Reason, ...]
    """Every rule that bars the person, in the order in which they are asked for."""


class SessionPeople(BaseModel):
    """Those who can come, the best first, then the others by how few rules bar them."""

    session_id: SessionId
    slot: Slot
    free: int
    """Who could come, of all colleges."""
    people: tuple[PersonStanding, ...]


@router.get("/sessions/{session_id}/people", responses=refusals("call.session_unknown"))
async def people(session_id: SessionId, tx: Transaction, by: Office) -> SessionPeople:
    """How everybody who is sent stands to the session now; a college sees its own people, placed among all."""
    found = await standing.of_session(tx, session_id, college_id=own(by))
    return SessionPeople(
        session_id=session_id,
        slot=found.duty.slot,
        free=found.free,
        people=tuple(map(_person, found.standings)),
    )


def _person(one: Standing) -> PersonStanding:
    return PersonStanding(
        person_id=one.person_id,
        college_id=one.college_id,
        place=one.place,
        weight=_weight(one.choice) if one.choice else None,
        behind=one.behind,
        against=one.against,
    )


def _weight(choice: Choice) -> Weight:
    return Weight(
        preferences=choice.preferences,
        minutes=choice.minutes,
        unfairness=choice.unfairness,
        cost=choice.cost,
        share=choice.share,
    )
