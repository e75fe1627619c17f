"""From when a session can be opened and closed, said before anybody presses. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from contracts.programme_delivery import DeliveryRules
from contracts.values import Slot
from portal.web.text import Text


@dataclass(frozen=True)
class Beforehand:
    """Both moments with their sentences, and whether each is still ahead."""

    opens_at: datetime
    opens: str
    early: bool
    """It cannot be opened yet."""
    closes_at: datetime
    closes: str
    not_over: bool
    """It cannot be closed yet."""


def beforehand(slot: Slot, now: datetime, limits: DeliveryRules, text: Text) -> Beforehand:
    """Opened from the beginning of its day on, closed shortly before its end: as evaluation takes it."""
    opens_at = datetime.combine(slot.day, time(), text.zone)
    closes_at = slot.ends_at - timedelta(minutes=limits.close_early_minutes.value)
    return Beforehand(
        opens_at=opens_at,
        opens=text("my.opens", moment=text.moment(opens_at)),
        early=now < opens_at,
        closes_at=closes_at,
        closes=text("my.closes", time=text.clock(closes_at)),
        not_over=now < closes_at,
    )
