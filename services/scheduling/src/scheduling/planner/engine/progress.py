"""How far a search is, for whoever waits."""

from dataclasses import dataclass

from scheduling.planner.engine.plan import Tiers


@dataclass(frozen=True)
class Progress:
    """How far it is: of 1, and the tiers of the best plan so far."""

    share: float
    seconds: float
    rounds: int
    tiers: Tiers
