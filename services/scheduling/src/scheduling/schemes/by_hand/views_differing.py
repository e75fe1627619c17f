"""The differences of two versions as they are shown over HTTP."""

from collections import Counter
from datetime import datetime

from pydantic import BaseModel

from contracts.values import CrewCode, Hash, Mode, Needs, OrderId, Reason, SessionId
from scheduling.planner.world import CohortName
from scheduling.schemes.by_hand.diff import Line
from scheduling.schemes.by_hand.differing import (
    CohortDiffering,
    Differing,
    Way,
    cohorts_that_differ,
    sessions_that_differ,
)
from scheduling.schemes.by_hand.views import LineView
from scheduling.schemes.content import differences
from scheduling.schemes.store import Version
from scheduling.schemes.views import CostView


class SideView(LineView):
    """A session of one version, with what is needed to teach it and where it is."""

    session_id: SessionId
    mode: Mode
    needs: Needs

    @classmethod
    def whole(cls, line: Line | None) -> "SideView | None":
        """Nothing where there is none."""
        if line is None:
            return None
        session = line.session
        return cls(
            unit=session.unit, day=line.day, band=line.band, person_id=line.person_id, pinned=line.pinned,
            session_id=session.session_id, mode=session.mode, needs=session.needs,
        )  # fmt: skip


class DifferingView(BaseModel):
    """A session that is another, from the one version to the other, and why it is so in the other."""

    cohort: CohortName
    position: int
    ways: tuple[Way, ...]
    one: SideView | None
    other: SideView | None
    why: tuple[Reason, ...]

    @classmethod
    def of(cls, each: Differing) -> "DifferingView":
        """Both sides."""
        return cls(
            cohort=each.cohort,
            position=each.position,
            ways=each.ways,
            one=SideView.whole(each.one),
            other=SideView.whole(each.other),
            why=each.other.reasons if each.other else (),
        )


class CohortDifferingView(BaseModel):
    """A cohort of which others learn; crews with their number of workers, none = no cohort of that name."""

    letter: CohortName
    one: dict[CrewCode, int]
    other: dict[CrewCode, int]
    joined: int
    left: int

    @classmethod
    def of(cls, each: CohortDiffering) -> "CohortDifferingView":
        """In numbers."""
        a, b = (frozenset(side.workers if side else ()) for side in (each.one, each.other))
        return cls(
            letter=each.letter,
            one=dict(each.one.crews) if each.one else {},
            other=dict(each.other.crews) if each.other else {},
            joined=len(b - a),
            left=len(a - b),
        )


class SignedView(BaseModel):
    """A version: what of it is signed, who made it, what it costs."""

    version: int
    hash: Hash
    made_by: str
    made_at: datetime
    cost: CostView

    @classmethod
    def of(cls, version: Version) -> "SignedView":
        """Its head."""
        return cls(
            version=version.version,
            hash=version.hash,
            made_by=version.made_by,
            made_at=version.made_at,
            cost=CostView.of(version.draft.cost),
        )


class DifferencesView(BaseModel):
    """From one version to the other."""

    order_id: OrderId
    one: SignedView
    other: SignedView
    clauses: tuple[str, ...]
    """Which of `content`, `times`, `places`, `needs`, `cost` are not the same: what has to be signed anew."""
    counts: dict[Way, int]
    """Sessions by what is another; people and pins are outside the hash."""
    sessions: tuple[DifferingView, ...]
    cohorts: tuple[CohortDifferingView, ...]

    @classmethod
    def of(cls, order_id: OrderId, one: Version, other: Version) -> "DifferencesView":
        """Clause by clause."""
        found = sessions_that_differ(one.draft, other.draft)
        return cls(
            order_id=order_id,
            one=SignedView.of(one),
            other=SignedView.of(other),
            clauses=differences(one.draft, other.draft),
            counts=dict(Counter(way for each in found for way in each.ways)),
            sessions=tuple(map(DifferingView.of, found)),
            cohorts=tuple(map(CohortDifferingView.of, cohorts_that_differ(one.draft, other.draft))),
        )
