"""What colleges wrote in their own words when they said no: for the union beside the offers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from contracts.values import Slot
from portal.desks.asking import Missing
from portal.desks.at import AtDesk
from portal.desks.college.asked import people_named
from portal.desks.orders import cards_of


class WordsSeen(BaseModel):
    """A no with words, as instructor-dispatch tells it."""

    assignment_id: UUID
    order_id: UUID
    college_id: str
    person_id: UUID | None
    slot: Slot
    reason: str
    words: str
    said_at: datetime


@dataclass(frozen=True)
class WordsView:
    """The same in words; `number` and `url` are the order's, if its card is here already."""

    college: str
    when: str
    person: str
    reason: str
    words: str
    said: str
    number: str
    url: str


async def words_said(at: AtDesk, found: list[WordsSeen] | Missing) -> list[WordsView]:
    """The newest first; none while instructor-dispatch is away, whose absence the page tells already."""
    if isinstance(found, str):
        return []
    names = await people_named(at, {each.person_id for each in found if each.person_id})
    cards = await cards_of(at.tx, at.viewer.scope, list({each.order_id for each in found}))
    return [
        WordsView(
            college=names.organisation(each.college_id),
            when=at.text.moment(each.slot.starts_at),
            person=names.person(each.person_id) if each.person_id else "",
            reason=names.reason(f"decline.{each.reason}", {}),
            words=each.words,
            said=at.text.moment(each.said_at),
            number=cards[each.order_id].number if each.order_id in cards else "",
            url=f"/orders/{each.order_id}/story",
        )
        for each in found
    ]
