"""In which manner a draft is made: what it puts first where the rules leave a choice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from contracts.values import BandCode, Minutes, Reason, because
from scheduling.planner.world import Draft


class MannerName(StrEnum):
    """Under which an alternative is asked for."""

    WISHED = "wished"
    """The draft itself: within a week the wished bands first, then without release, then early."""
    EARLIEST = "earliest"
    LEAST_TRAVEL = "least_travel"
    LEAST_RELEASE = "least_release"


@dataclass(frozen=True)
class OpenSlot:
    """A slot that no rule about time and place bars."""

    day: date
    band: BandCode
    start: Minutes
    unwished: bool
    """The cohort wishes for other bands."""
    release: Minutes
    """Working minutes that it takes from the crew that loses most."""


@dataclass(frozen=True)
class Manner:
    """Within one window the order of slots decides, from one to the next the date."""

    name: MannerName
    window: int
    """Days; 0 = all that the line leaves, but for those that the later sessions need."""
    order: Callable[[OpenSlot], Any]
    """Smaller is better."""
    goal: Callable[[Draft, Minutes], Any]
    """What a whole plan is judged by, with the driving that it adds; smaller is better."""
    by_drive: bool = False
    """Among all slots of a window, whoever drives least decides; else the first slot with somebody."""

    def windows(self, first: date, last: date, *, later: int, pace: int) -> list[list[date]]:
        """The days from first to last in windows; `later` sessions follow, at most `pace` a week."""
        if self.window:
            return windows(first, last, days=self.window)
        if first > last:
            return []
        kept = min(last, max(first + timedelta(days=6), last - timedelta(days=7 * -(-later // pace))))
        return [*windows(first, kept, days=(kept - first).days + 1), *windows(kept + timedelta(days=1), last)]

    def why(self, slots: int, added: Minutes) -> Reason:
        """Why this time: among so many open slots of its window, with so many minutes of driving added."""
        match self.name:
            case MannerName.WISHED:
                return because("chosen.as_wished", slots=slots)
            case MannerName.EARLIEST:
                return because("chosen.earliest")
            case MannerName.LEAST_TRAVEL:
                return because("chosen.least_driving", minutes=added, slots=slots)
            case MannerName.LEAST_RELEASE:
                return because("chosen.least_release", slots=slots)


def _by_wish(slot: OpenSlot) -> Any:
    return slot.unwished, bool(slot.release), slot.day, slot.start


def _end(draft: Draft, _driving: Minutes) -> Any:
    days = sorted((placed.day for placed in draft.placed), reverse=True)
    return len(draft.unplaced), days


def _driving(draft: Draft, driving: Minutes) -> Any:
    return len(draft.unplaced), driving


def _release(draft: Draft, _driving: Minutes) -> Any:
    return len(draft.unplaced), draft.cost.release_minutes


def _by_release(slot: OpenSlot) -> Any:
    return slot.release, slot.unwished, slot.day, slot.start


WISHED = Manner(MannerName.WISHED, 7, _by_wish, _end)
ALTERNATIVES = (
    Manner(MannerName.EARLIEST, 1, _by_wish, _end),
    Manner(MannerName.LEAST_TRAVEL, 14, _by_wish, _driving, by_drive=True),
    Manner(MannerName.LEAST_RELEASE, 0, _by_release, _release),
)


def windows(first: date, last: date, *, days: int = 7) -> list[list[date]]:
    """The days from first to last in windows."""
    count = (last - first).days + 1
    return [
        [first + timedelta(days=d) for d in range(start, min(start + days, count))]
        for start in range(0, count, days)
    ]
