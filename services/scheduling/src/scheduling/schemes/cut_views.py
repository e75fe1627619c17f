"""Which cuts into cohorts were tried for a draft, as they are shown."""

from datetime import date

from pydantic import BaseModel

from contracts.values import Minutes, Reason, Yuan
from scheduling.planner.world import Cuts
from scheduling.schemes.rules import CENT
from staffing.classes import CutName


class TriedCutView(BaseModel):
    """A cut in figures."""

    name: CutName
    cohorts: int
    sessions: int
    unplaced: int
    last: date | None
    release_minutes: Minutes
    """Working time lost, minutes times people."""
    cost: Yuan
    taken: bool


class CutsView(BaseModel):
    """The cuts that were tried for the draft that this version goes back to, and why the taken one is the best."""

    tried: tuple[TriedCutView, ...]
    why: Reason

    @classmethod
    def of(cls, cuts: Cuts) -> "CutsView":
        """Side by side."""
        return cls(
            tried=tuple(
                TriedCutView(
                    name=CutName(each.name),
                    cohorts=each.cohorts,
                    sessions=each.sessions,
                    unplaced=each.unplaced,
                    last=each.last,
                    release_minutes=each.release_minutes,
                    cost=each.cost.quantize(CENT),
                    taken=each.taken,
                )
                for each in cuts.tried
            ),
            why=cuts.why,
        )
