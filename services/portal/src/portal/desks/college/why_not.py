"""Why not me: how somebody stands to the sessions ahead that others were asked for."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from portal.desks.asking import DISPATCH
from portal.desks.at import AtDesk, Desk
from portal.desks.college.asked import offers_path, people_named, told_beside
from portal.desks.college.offers import Told, what_of
from portal.desks.college.people_pages import person_of
from portal.desks.college.seen import OfferSeen
from portal.desks.watch.shown import SessionPeopleSeen, StandingSeen
from portal.web.names import Names
from servicekit.clock import now
from servicekit.http import Router

router = Router(include_in_schema=False)
MOST = 8
"""Sessions that are looked at, the next first."""


@dataclass(frozen=True)
class RowView:
    """A session, who was asked, and how somebody else stands to it."""

    when: str
    what: str
    url: str
    asked: str
    said: str
    can: bool
    why: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    offer: OfferSeen
    standing: StandingSeen | None
    free: int


@router.get("/fairness/why/{person}")
async def why_not(at: Desk, person: UUID) -> Response:
    """The next sessions that others were asked for: the place among those who could come, or every rule against."""
    at.only("college", "union")
    await person_of(at, person)
    lines = await _lines(at, person)
    told = await told_beside(at, [each.offer for each in lines])
    names = await people_named(
        at, {person, *(each.offer.person_id for each in lines if each.offer.person_id)}
    )
    rows = [_row(each, told, names) for each in lines]
    return await at.page("why_not.html", who=names.person(person), rows=rows)


async def _lines(at: AtDesk, person: UUID) -> list[_Line]:
    moment, found = await now(at.tx), list[OfferSeen]()
    day = moment.astimezone(at.text.zone).date()
    for state in ("open", "firm"):
        offers = await at.read_list(DISPATCH, offers_path(state, day), OfferSeen)
        found += [] if isinstance(offers, str) else offers
    ahead = sorted((each for each in found if _others(each, person) and each.slot.starts_at > moment),
                   key=lambda each: each.slot.starts_at)[:MOST]  # fmt: skip
    paths = [f"/sessions/{each.session_id}/people" for each in ahead]
    said = await asyncio.gather(*(at.read(DISPATCH, path, SessionPeopleSeen) for path in paths))
    return [
        _Line(offer, _of(person, seen.people), seen.free)
        for offer, seen in zip(ahead, said, strict=True) if not isinstance(seen, str)
    ]  # fmt: skip


def _others(offer: OfferSeen, person: UUID) -> bool:
    return offer.role == "lead" and offer.session_id is not None and offer.person_id not in {None, person}


def _of(person: UUID, people: Sequence[StandingSeen]) -> StandingSeen | None:
    return next((each for each in people if each.person_id == person), None)


def _row(line: _Line, told: Told, names: Names) -> RowView:
    text, slot, one = names.text, line.offer.slot, line.standing
    can = one is not None and one.place > 0
    reasons = (one.behind if can else one.against) if one else []
    return RowView(
        when=text.span(slot.starts_at, slot.ends_at),
        what=what_of(line.offer, told),
        url=f"/orders/{line.offer.order_id}/story",
        asked=names.person(line.offer.person_id),
        said=text("why.place", place=one.place, free=line.free) if one and can else text("why.cannot"),
        can=can,
        why=tuple(names.reason(each.code, each.figures) for each in reasons),
    )
