"""The date is near and nobody is certain: when that is said. Pure."""

from datetime import datetime, timedelta

from contracts.instructor_dispatch import AssignmentUnconfirmed
from instructor_dispatch.offers.rules import UNSETTLED, Offer


def near_at(offer: Offer, days: int) -> datetime | None:
    """So many days before what is asked for begins; nothing when the answer's own time is over by then."""
    at = offer.slot.starts_at - timedelta(days=days)
    return at if days and at < offer.until else None


def unconfirmed(
    offer: Offer, drive_minutes: int, days: int, *, now: datetime
) -> AssignmentUnconfirmed | None:
    """What is to be said, if it is so near now; nothing when it is settled, or has begun."""
    at = near_at(offer, days)
    if offer.state not in UNSETTLED or at is None or not at <= now < offer.slot.starts_at:
        return None
    return AssignmentUnconfirmed(
        **offer.about(),
        college_id=offer.college_id,
        person_id=offer.person_id,
        slot=offer.slot,
        drive_minutes=drive_minutes,
        days=days,
    )
