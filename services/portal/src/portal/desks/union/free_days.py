"""When a session could be held instead: the times that nothing stands against, the nearest first, in words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from portal.desks.union.asked import ThenSeen
from portal.desks.union.week import hours_of
from portal.web.names import Names

MOST = 8


@dataclass(frozen=True)
class FreeView:
    """A time, and where it is looked at what moving there would mean."""

    when: str
    said: str
    look: str


@dataclass(frozen=True)
class FreeDays:
    """Of one session."""

    session: str
    name: str
    times: tuple[FreeView, ...]
    more: int
    """Further ones that are free too."""


def free_days(
    session: UUID, name: str, slots: Iterable[ThenSeen], own: tuple[date | None, str | None], names: Names
) -> FreeDays:
    """The nearest to its `own` day; of a session without a time the earliest."""
    order = list(names.programmes.bands)
    free = sorted(
        (one for one in slots if not one.against and (one.day, one.band) != own),
        key=lambda one: (abs((one.day - own[0]).days) if own[0] else 0, one.day, order.index(one.band)),
    )
    times = tuple(
        FreeView(
            f"{names.text.day(one.day)} {names.band(one.band)} {hours_of(one.band, names)}",
            names.text("asked.open", free=one.free),
            urlencode(
                {"do": "move", "session_id": str(session), "day": one.day.isoformat(), "band": one.band}
            ),
        )
        for one in free[:MOST]
    )
    return FreeDays(str(session), name, times, max(0, len(free) - MOST))
