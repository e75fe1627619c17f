"""What would help, and who competes, as they are shown over HTTP."""

from datetime import date

from pydantic import BaseModel

from contracts.values import (
    BandCode,
    LevelCode,
    Needs,
    OccupationCode,
    OrderId,
    PersonId,
    Reason,
    SessionId,
    UnitCode,
)
from scheduling.planner.rivals import Rival, Scarcity
from scheduling.planner.unlocks import Unlock, Unlocks
from scheduling.planner.world import CohortName, World


class LineView(BaseModel):
    """A line of the plan that would be another one."""

    session_id: SessionId
    day: date
    band: BandCode
    person_id: PersonId | None
    reasons: tuple[Reason, ...]
    changes: int
    """Points: 2 for another time, 1 for another person; 0 for what had neither."""


class UnlockView(BaseModel):
    """What would have to be granted, and the plan that it gives; nothing to grant = it can be held so as it is."""

    grants: tuple[Reason, ...]
    lines: tuple[LineView, ...]
    changes: int

    @classmethod
    def of(cls, unlock: Unlock) -> "UnlockView":
        """With the one line that changes."""
        placed = unlock.placed
        line = LineView(
            session_id=placed.session.session_id,
            day=placed.day,
            band=placed.band,
            person_id=placed.person_id,
            reasons=placed.reasons,
            changes=unlock.changes,
        )
        grants = tuple(grant.in_words() for grant in unlock.grants)
        return cls(grants=grants, lines=(line,), changes=unlock.changes)


class UnlocksView(BaseModel):
    """What helps, the cheapest first; nothing found says no more than what was tried."""

    unlocks: tuple[UnlockView, ...]
    tried: tuple[Reason, ...]

    @classmethod
    def of(cls, found: Unlocks) -> "UnlocksView":
        """As it was found."""
        return cls(unlocks=tuple(map(UnlockView.of, found.found)), tried=found.tried)


class RivalView(BaseModel):
    """A session that holds somebody who could teach the one asked about."""

    session_id: SessionId
    order_id: OrderId
    cohort: CohortName
    position: int
    unit: UnitCode
    needs: Needs
    day: date
    band: BandCode
    person_id: PersonId | None
    could_do_without: int
    """Others who could hold it at its time."""

    @classmethod
    def of(cls, rival: Rival, world: World) -> "RivalView":
        """With its order and cohort."""
        placed = rival.placed
        cohort = world.cohorts[placed.session.cohort_id]
        return cls(
            session_id=placed.session.session_id,
            order_id=cohort.order_id,
            cohort=cohort.letter,
            position=placed.session.position,
            unit=placed.session.unit,
            needs=placed.session.needs,
            day=placed.day,
            band=placed.band,
            person_id=placed.person_id,
            could_do_without=rival.could_do_without,
        )


class ScarcityView(BaseModel):
    """A needed qualification in a week."""

    monday: date
    occupation: OccupationCode
    level: LevelCode
    demand: int
    """Sessions of the week that need it."""
    people: int
    """Who hold it at that level or above."""
    capacity: int
    """Sessions that they may give that week."""
    held: int
    """Sessions that they give that week, whatever those need."""

    @classmethod
    def of(cls, one: Scarcity) -> "ScarcityView":
        """All figures."""
        return cls(**vars(one))
