"""Why a session stands as it does, why not otherwise, and what would help: over HTTP, for the coordinator."""

from asyncio import to_thread
from datetime import date
from typing import Annotated

from fastapi import Depends

from contracts.refusals import NotFound
from contracts.values import BandCode, OrderId, PersonId, SessionId
from scheduling.known import known
from scheduling.planner.rivals import rivals as find_rivals
from scheduling.planner.rivals import scarcity
from scheduling.planner.unlocks import Wish
from scheduling.planner.unlocks import unlocks as find_unlocks
from scheduling.schemes import for_all, kept
from scheduling.schemes.asking import ask
from scheduling.schemes.views_reasons import (
    PeopleView,
    StandingView,
    ThenView,
    WhyNotView,
    WhyThenView,
    WhyView,
)
from scheduling.schemes.views_unlocks import RivalView, ScarcityView, UnlocksView
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(prefix="/orders/{order_id}/scheme/sessions/{session_id}", tags=["reasons"])
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
SESSION = ("scheme.unknown", "scheme.session_unknown")


@router.get("/why", responses=refusals(*SESSION))
async def why(order_id: OrderId, session_id: SessionId, *, tx: Transaction, by: Coordinator) -> WhyView:
    """Whoever is proposed beside the next three, component by component, and whom which rule bars.

    As it was when it was chosen, and as it is today.
    """
    question = await ask(tx, order_id, session_id, by=by)
    published = question.published
    return WhyView.of(question, await kept.find(tx, published) if published else None)


@router.get(
    "/why-not", responses=refusals(*SESSION, "session.without_time", "band.unknown", "person.unknown")
)
async def why_not(
    order_id: OrderId,
    session_id: SessionId,
    *,
    person_id: PersonId,
    tx: Transaction,
    by: Coordinator,
    day: date | None = None,
    band: BandCode | None = None,
) -> WhyNotView:
    """Every rule against this person, the first of them first; where none is, what would differ.

    At the session's own time, or another one.
    """
    question = await ask(tx, order_id, session_id, by=by)
    at, then, standing = question.person(person_id, day, band)
    return WhyNotView(day=at, band=then, **StandingView.of(standing).model_dump())


@router.get("/people", responses=refusals(*SESSION, "session.without_time", "band.unknown"))
async def people(
    order_id: OrderId,
    session_id: SessionId,
    *,
    tx: Transaction,
    by: Coordinator,
    day: date | None = None,
    band: BandCode | None = None,
) -> PeopleView:
    """The same of everybody who is sent: those who can come, the best first, then those whom fewest rules bar."""
    question = await ask(tx, order_id, session_id, by=by)
    return PeopleView.of(*question.people(day, band))


@router.get("/why-then", responses=refusals(*SESSION, "session.without_time", "band.unknown"))
async def why_then(
    order_id: OrderId,
    session_id: SessionId,
    *,
    tx: Transaction,
    by: Coordinator,
    day: date | None = None,
    band: BandCode | None = None,
) -> WhyThenView:
    """What stands against a time, whoever would come; without a day, of all between the sessions before and after."""
    question = await ask(tx, order_id, session_id, by=by)
    placed = question.placed
    slots = await to_thread(question.slots, day, band)
    return WhyThenView(
        day=placed.day if placed else None,
        band=placed.band if placed else None,
        slots=tuple(map(ThenView.of, slots)),
    )


@router.get("/unlocks", responses=refusals(*SESSION, "person.unknown"))
async def unlocks(
    order_id: OrderId,
    session_id: SessionId,
    *,
    tx: Transaction,
    by: Coordinator,
    day: date | None = None,
    band: BandCode | None = None,
    person_id: PersonId | None = None,
) -> UnlocksView:
    """What would have to be granted so that it can be held, or held so: the cheapest first, each with its line.

    Two at once only where no single one helps. Nothing is granted by asking.
    """
    question = await ask(tx, order_id, session_id, by=by)
    if person_id is not None and all(t.person.person_id != person_id for t in question.world.teachers):
        raise NotFound("person.unknown", person_id=str(person_id))
    wish = Wish(day, band, person_id)
    return UnlocksView.of(
        await to_thread(find_unlocks, question.terms(), question.ledger(), wish, question.placed)
    )


@router.get("/rivals", responses=refusals(*SESSION, "session.without_time"))
async def rivals(
    order_id: OrderId, session_id: SessionId, *, tx: Transaction, by: Coordinator, day: date | None = None
) -> tuple[RivalView, ...]:
    """Sessions that hold those who could teach this one, in its week or that of another day; the scarcest first."""
    question = await ask(tx, order_id, session_id, by=by)
    found = await to_thread(find_rivals, question.ledger(), question.session, question.day(day))
    return tuple(RivalView.of(each, question.world) for each in found)


federation = Router(prefix="/federation", tags=["reasons"])


@federation.get("/scarcity")
async def read_scarcity(tx: Transaction, by: Coordinator) -> tuple[ScarcityView, ...]:  # noqa: ARG001
    """Needed qualifications with demand and capacity, week by week from this one on, the tightest first."""
    world = (await for_all.surroundings(tx)).world(known(tx).book)
    return tuple(map(ScarcityView.of, await to_thread(scarcity, world)))
