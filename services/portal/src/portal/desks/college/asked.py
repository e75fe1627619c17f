"""What the page of offers reads: offers, what they put on people, orders and sessions; as the one who looks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.desks.asking import DISPATCH, Missing
from portal.desks.at import AtDesk
from portal.desks.college.offers import Told
from portal.desks.college.seen import BearingSeen, CouldComeSeen, OfferSeen, WordSeen
from portal.desks.orders import cards_of, sessions_of
from portal.web.names import Names, names_for
from servicekit.clock import now


@dataclass(frozen=True)
class Offers:
    """Offers, and what is told beside them."""

    offers: Sequence[OfferSeen]
    told: Told


Waiting = tuple[Sequence[OfferSeen], Sequence[BearingSeen]]
"""Open offers, and what each puts on whom it asks."""


async def offers_asked(at: AtDesk, state: str = "open", since: date | None = None) -> Offers | Missing:
    """The college's own, held on the day `since` or later; the union's page asks for everybody's."""
    if state == "open":
        waits = await waiting(at)
        return waits if isinstance(waits, str) else await offers_told(at, waits)
    offers = await at.read_list(DISPATCH, offers_path(state, since), OfferSeen)
    return offers if isinstance(offers, str) else Offers(offers, await told_beside(at, offers))


async def waiting(at: AtDesk) -> Waiting | Missing:
    """The open ones and what each puts on whom it asks, both asked for at once; nothing here is read meanwhile."""
    offers, bearings = await asyncio.gather(
        at.read_list(DISPATCH, offers_path("open", None), OfferSeen),
        at.read_list(DISPATCH, "/burdens", BearingSeen),
    )
    return offers if isinstance(offers, str) else (offers, [] if isinstance(bearings, str) else bearings)


async def offers_told(at: AtDesk, waits: Waiting) -> Offers:
    """They, and what is told beside them."""
    return Offers(waits[0], await told_beside(at, *waits))


def offers_path(state: str, since: date | None) -> str:
    """Where dispatch tells of offers, of those held on the day `since` or later."""
    return f"/offers?state={state}" + (f"&since={since}" if since else "")


async def told_beside(at: AtDesk, offers: Sequence[OfferSeen], bearings: Sequence[BearingSeen] = ()) -> Told:
    """Names, orders and sessions of these offers, as far as the viewer may see them."""
    orders = list({each.order_id for each in offers})
    scope = at.viewer.scope
    return Told(
        names=await people_named(at, {each.person_id for each in offers if each.person_id}),
        cards=await cards_of(at.tx, scope, orders),
        sessions={each.session_id: each for each in await sessions_of(at.tx, scope, orders)},
        bearings={each.assignment_id: each for each in bearings},
        now=await now(at.tx),
    )


async def people_named(at: AtDesk, people: set[UUID]) -> Names:
    """Names of organisations, and of those of these people whom the viewer may know."""
    return await names_for(at.tx, at.text, at.viewer.scope, people)


async def instead_of(at: AtDesk, offer: OfferSeen) -> tuple[list[CouldComeSeen], Names] | Missing:
    """Who of the college could come instead; with names, also of whom it proposes."""
    people = await at.read_list(DISPATCH, f"/offers/{offer.assignment_id}/people", CouldComeSeen)
    if isinstance(people, str):
        return people
    proposed = {offer.person_id} if offer.person_id else set()
    return people, await people_named(at, proposed | {each.person_id for each in people})


async def reasons_asked(at: AtDesk) -> list[tuple[str, str, bool]]:
    """The reasons that may be given: code, what people read, and whether own words are needed beside it."""
    words = await at.read_list(DISPATCH, "/refusals/reasons", WordSeen)
    if isinstance(words, str):
        return []
    zh = at.text.language == "zh"
    return [(each.reason, each.zh if zh else each.en, each.words) for each in words]


async def words_wanted(at: AtDesk, reason: str) -> bool:
    """Whether the field for own words stands beside this reason; where nobody tells, it does."""
    return next((words for code, _, words in await reasons_asked(at) if code == reason), True)


def next_session(offers: Sequence[OfferSeen], at: datetime) -> OfferSeen | None:
    """The next that is promised."""
    ahead = [each for each in offers if each.slot.starts_at > at]
    return min(ahead, key=lambda each: each.slot.starts_at, default=None)
