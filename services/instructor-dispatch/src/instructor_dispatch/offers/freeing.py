"""What becomes free by the end of an offer, and which of two linked halves ends first. Pure."""

from datetime import datetime

from instructor_dispatch.offers.rules import Offer, OfferState


def frees(before: Offer, after: Offer) -> bool:
    """Whether somebody, or a place of a quota, is free by what became of the offer."""
    if before.person_id is None:
        return before.state is OfferState.TAKEN and not after.live
    return not after.live or after.person_id != before.person_id


def silent_half(offer: Offer, other: Offer | None, *, now: datetime) -> Offer:
    """Of two halves that are due at one moment, the one that was silent: it lapses, not the one that agreed."""
    if offer.state is OfferState.AGREED and other is not None and other.state is OfferState.OFFERED:
        return other if other.until <= now else offer
    return offer
