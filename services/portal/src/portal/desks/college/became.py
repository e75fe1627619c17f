"""What became of an offer that could not be accepted any more: who answered it, and when."""

from collections.abc import Sequence
from uuid import UUID

from portal.boards import story as facts
from portal.desks.at import AtDesk
from portal.desks.college.offers import Told, what_of
from portal.desks.college.seen import AnsweredSeen, OfferSeen
from portal.desks.orders import card_of
from portal.desks.union import story


async def what_became(
    at: AtDesk, answers: Sequence[AnsweredSeen], offers: Sequence[OfferSeen], told: Told
) -> list[str]:
    """A line for every offer that was not accepted: when, what, why not, and the last that was said of it."""
    of = {each.assignment_id: each for each in offers}
    lines = []
    for answer in answers:
        offer = of.get(answer.assignment_id)
        if answer.accepted or answer.detail is None:
            continue
        why = answer.detail[at.text.language]
        if offer is None:
            lines.append(why)
            continue
        title = at.text(
            "offers.not_this", when=at.text.moment(offer.slot.starts_at), what=what_of(offer, told)
        )
        last = (
            await _last_said(at, offer.order_id, offer.assignment_id) if answer.code == "offer.closed" else ""
        )
        lines.append(at.text.joined(part for part in (f"{title} {why}", last) if part))
    return lines


async def _last_said(at: AtDesk, order: UUID, assignment: UUID) -> str:
    """The newest sentence of the order's story about this offer, with who and when."""
    about = {each.id for each in await facts.of_subject(at.tx, order)
             if each.data.get("assignment_id") == str(assignment)}  # fmt: skip
    card = await card_of(at.tx, at.viewer.scope, str(order))
    said = [each for each in await story.tell(at.tx, at.text, at.viewer.scope, card) if each.id in about]
    if not said:
        return ""
    last = said[-1]
    return at.text("offers.last_said", text=last.text, who=last.who, time=at.text.moment(last.at))
