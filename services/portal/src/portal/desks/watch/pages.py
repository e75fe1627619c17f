"""The union's page of dispatch, and the one act by which the sessions of somebody who is ill go to others."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query
from pydantic import TypeAdapter
from sqlalchemy import or_, select
from starlette.responses import RedirectResponse, Response

from portal.boards import story
from portal.boards.offers import OfferRow, offer_row
from portal.desks.asking import DISPATCH, Missing, missing
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.college.asked import Offers, Waiting, offers_told, people_named, told_beside, waiting
from portal.desks.college.away import FreedSeen, TouchesSeen, touched_of
from portal.desks.college.seen import OfferSeen, PersonSeen
from portal.desks.orders import cards_of, sessions_of, sessions_waiting
from portal.desks.watch.shown import (
    NOBODY,
    UNSTAFFABLE,
    GapView,
    OutcomeView,
    SessionPeopleSeen,
    gaps_of,
    next_of,
    offers_of,
    outcomes_of,
    people_in,
)
from portal.desks.watch.words import WordsSeen, words_said
from portal.scope import Scope
from servicekit.clock import today
from servicekit.db import Tx
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
SOONEST = 3
"""Of so many offers, the nearest deadlines, it is asked ahead who comes next."""
OFFERS = TypeAdapter(OfferRow)
Ids = Annotated[str, Query(max_length=20_000)]


@router.get("/dispatch")
async def show_dispatch(at: Desk) -> Response:
    """Every offer that waits, every session without anybody, and the form for somebody who is ill."""
    at.only("union")
    people, refusals, waits = await asyncio.gather(
        at.read_list(DISPATCH, "/instructors", PersonSeen),
        at.read_list(DISPATCH, "/refusals/words", WordsSeen),
        waiting(at),
    )
    listed = [] if isinstance(people, str) else sorted(people, key=lambda each: (each.college_id, each.name))
    names = await at.names()
    return await at.page(
        "dispatch.html", **await _watched(at, waits),
        words=await words_said(at, refusals),
        people=[(str(p.person_id), p.name, names.organisation(p.college_id)) for p in listed if not p.retired],
    )  # fmt: skip


@router.get("/dispatch/part")
async def show_dispatch_part(at: Desk) -> Response:
    """The changing part of it."""
    at.only("union")
    return at.part("dispatch_part.html", **await _watched(at, await waiting(at)))


@router.get("/dispatch/next/{offer}")
async def show_next(at: Desk, offer: UUID) -> Response:
    """Who is asked next if this one is not answered."""
    at.only("union")
    found = await at.read(DISPATCH, f"/offers/{offer}", OfferSeen)
    said = missing(found, at.text) if isinstance(found, str) else await _next(at, found)
    return at.part("dispatch_next.html", said=said)


@router.get("/dispatch/ill")
async def show_ill(at: Desk, person: UUID) -> Response:
    """Which sessions of today and tomorrow would go to others; nothing is changed."""
    return await _ill(at, person)


@router.post("/dispatch/ill")
@without_key  # the form has a one-time key of its own
async def is_ill(at: Desk, *, person: Annotated[UUID, Form()], key: Key) -> Response:
    """Away today and tomorrow: the next best are asked for every session in the same moment."""
    at.only("union")
    if wrong := await at.once(key):
        return await _ill(at, person, wrong)
    freed = await at.ask(
        DISPATCH, f"/instructors/{person}/absences", FreedSeen, body=await _two_days(at), key=key
    )
    if isinstance(freed, Wrong):
        return await _ill(at, person, freed)
    return RedirectResponse(f"/dispatch/ill/{person}?freed={','.join(map(str, freed.freed))}", 303)


@router.get("/dispatch/ill/{person}")
async def show_outcome(at: Desk, person: UUID, freed: Ids = "") -> Response:
    """What became of each session, as it becomes known."""
    at.only("union")
    who, rows = await outcomes_now(at, person, freed)
    return await at.page("dispatch_outcome.html", who=who, freed=freed, person=person, rows=rows)


@router.get("/dispatch/ill/{person}/part")
async def show_outcome_part(at: Desk, person: UUID, freed: Ids = "") -> Response:  # noqa: ARG001  of the address
    """The changing part of it."""
    at.only("union")
    return at.part("dispatch_outcome_part.html", rows=await _outcomes(at, freed))


async def _watched(at: AtDesk, waits: Waiting | Missing) -> dict[str, Any]:
    found = waits if isinstance(waits, str) else await offers_told(at, waits)
    shown = found if isinstance(found, Offers) else None
    offers = offers_of(shown.offers, shown.told) if shown else []
    of = {str(each.assignment_id): each for each in shown.offers} if shown else {}
    soon = [of[one.id] for one in offers if one.session][:SOONEST]
    said = await asyncio.gather(*(at.read(DISPATCH, _people_path(each), SessionPeopleSeen) for each in soon))
    seen = [each for each in said if not isinstance(each, str)]
    names = await people_named(at, {p.person_id for each in seen for p in each.people if p.place})
    nexts = {
        str(offer.assignment_id): next_of(people, offer.person_id, names)
        for offer, people in zip(soon, said, strict=True) if not isinstance(people, str)
    }  # fmt: skip
    return {
        "missing": missing(found, at.text) if isinstance(found, str) else "", "offers": offers,
        "nexts": nexts, "gaps": await gaps_now(at),
    }  # fmt: skip


async def gaps_now(at: AtDesk) -> list[GapView]:
    """The sessions that nobody can come to as they stand."""
    scope = at.viewer.scope
    sessions = await sessions_waiting(at.tx, scope, *NOBODY)
    orders = list({each.order_id for each in sessions})
    facts = await story.of_type(at.tx, orders, UNSTAFFABLE)
    names = await people_named(at, people_in(facts))
    return gaps_of(sessions, await cards_of(at.tx, scope, orders), facts, names)


async def _next(at: AtDesk, offer: OfferSeen) -> str:
    people = await at.read(DISPATCH, _people_path(offer), SessionPeopleSeen)
    if isinstance(people, str):
        return missing(people, at.text)
    names = await people_named(at, {each.person_id for each in people.people if each.place})
    return next_of(people, offer.person_id, names)


def _people_path(offer: OfferSeen) -> str:
    return f"/sessions/{offer.session_id}/people"


async def _two_days(at: AtDesk) -> dict[str, str]:
    """Today and tomorrow, local, as an absence."""
    day: date = await today(at.tx)
    begins = datetime(day.year, day.month, day.day, tzinfo=at.text.zone)
    ends = begins + timedelta(days=2)
    return {"starts_at": begins.isoformat(), "ends_at": ends.isoformat(), "reason": "illness"}


async def _ill(at: AtDesk, person: UUID, wrong: Wrong | None = None) -> Response:
    at.only("union")
    url = f"/instructors/{person}/absences/preview"
    seen = await at.ask(DISPATCH, url, TouchesSeen, body=await _two_days(at))
    if isinstance(seen, Wrong):
        wrong = wrong or seen
    touched = [] if isinstance(seen, Wrong) else touched_of(seen.touched, await told_beside(at, seen.touched))
    names = await people_named(at, {person})
    return await at.page(
        "dispatch_ill.html", wrong=wrong, who=names.person(person), person=person, touched=touched
    )


async def outcomes_now(at: AtDesk, person: UUID, freed: str) -> tuple[str, list[OutcomeView]]:
    """The name of somebody who fell ill, and what became of each of their sessions."""
    return (await people_named(at, {person})).person(person), await _outcomes(at, freed)


async def _outcomes(at: AtDesk, freed: str) -> list[OutcomeView]:
    ids = [UUID(one) for one in freed.split(",") if _is_id(one)]
    offers = await _same_duties(at.tx, at.viewer.scope, ids)
    sessions = await sessions_of(at.tx, at.viewer.scope, list({each.order_id for each in offers}))
    names = await people_named(at, {each.person_id for each in offers if each.person_id})
    return outcomes_of(ids, offers, {each.session_id: each for each in sessions}, names)


async def _same_duties(tx: Tx, scope: Scope, ids: Sequence[UUID]) -> list[OfferRow]:
    """These offers and every other of the same sessions and batches."""
    duties = select(offer_row.c.session_id, offer_row.c.batch_id).where(offer_row.c.assignment_id.in_(ids))
    rows = (await tx.execute(duties)).all()
    same = or_(
        offer_row.c.session_id.in_([row.session_id for row in rows if row.session_id]),
        offer_row.c.batch_id.in_([row.batch_id for row in rows if row.batch_id]),
    )
    found = await tx.execute(select(offer_row).where(same, scope.offers()))
    return [OFFERS.validate_python(dict(row)) for row in found.mappings()]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
