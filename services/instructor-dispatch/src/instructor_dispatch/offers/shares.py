"""Who has how much of what is a burden, against the shares that were agreed. Pure.

A share is fair of what all together have: whoever is agreed for a tenth of the sessions has a tenth of the hours,
trips, evenings and weekends. Without an agreed share nobody is compared, and what they have is not shared out.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from contracts.values import Slot

K = TypeVar("K", bound=Hashable)
EVENING = "eve"
SATURDAY = 6
KINDS = ("minutes", "trips", "evenings", "weekends")


@dataclass(frozen=True, slots=True)
class Burden:
    """What somebody has in a season, asked for or promised as a lead."""

    sessions: int = 0
    minutes: int = 0
    """Of these sessions."""
    trips: int = 0
    """Days with a drive to a works."""
    evenings: int = 0
    weekends: int = 0

    def __add__(self, other: "Burden") -> "Burden":
        return Burden(*(getattr(self, name) + getattr(other, name) for name in Burden.__slots__))


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody has, and what would be fair by the agreed shares."""

    has: Burden
    fair: Burden
    percent: int
    """Agreed share of the whole, rounded."""

    def over(self, kinds: Collection[str]) -> int:
        """In how many of these kinds it is more than fair already."""
        return sum(getattr(self.has, kind) > getattr(self.fair, kind) for kind in kinds)

    def percent_of(self, kind: str) -> int | None:
        """What is had of what is fair; none = nothing would be fair yet."""
        fair = getattr(self.fair, kind)
        return round(100 * getattr(self.has, kind) / fair) if fair else None


def shares(of: Mapping[K, tuple[Burden, int]]) -> dict[K, Share]:
    """By what each has and the weight agreed for it; a weight of 0 = nothing is agreed, and no share."""
    agreed = {key: (has, weight) for key, (has, weight) in of.items() if weight > 0}
    whole = sum(weight for _, weight in agreed.values())
    total = sum((has for has, _ in agreed.values()), Burden())
    return {
        key: Share(
            has,
            Burden(*(-(-getattr(total, name) * weight // whole) for name in Burden.__slots__)),
            round(100 * weight / whole),
        )
        for key, (has, weight) in agreed.items()
    }


def kinds_of(slot: Slot, *, onsite: bool) -> tuple[str, ...]:
    """What a session at this time is a burden by."""
    found = ["minutes"]
    if onsite:
        found.append("trips")
    if slot.band == EVENING:
        found.append("evenings")
    if slot.day.isoweekday() >= SATURDAY:
        found.append("weekends")
    return tuple(found)
