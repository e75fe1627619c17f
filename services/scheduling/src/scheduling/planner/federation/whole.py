"""The federation's plan with what of it may change, and whether a session may go somewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from contracts.programme import Programme
from contracts.values import OrderId, SessionId
from scheduling.planner.move import within_tolerance
from scheduling.planner.world import CohortPlan, Placed, Session, World


class Freedom(StrEnum):
    """How far a session may change."""

    DRAFT = "draft"
    """It lies on the union's desk: any time, any person."""
    TOLD = "told"
    """Confirmed: another time that the enterprise has allowed beforehand. Who comes at its own time is dispatch's."""
    LOST = "lost"
    """Whoever was to come cannot: somebody else at its time, or another time as above."""


@dataclass(frozen=True)
class Whole:
    """The plan in force with the drafts on desks. What is not in `free` stays as it is."""

    world: World
    programmes: Mapping[OrderId, Programme]
    free: Mapping[SessionId, Freedom]
    open_from: date
    """Nothing is moved from an earlier day, or to one."""
    waiting: tuple[Session, ...] = ()
    """Sessions of drafts that have no time yet; they are in `free`."""

    @cached_property
    def was(self) -> Mapping[SessionId, Placed]:
        """Every session that has a time, where it stands."""
        return {p.session.session_id: p for p in self.world.sessions}

    def cohort(self, session: Session) -> CohortPlan:
        """Who sits in it."""
        return self.world.cohorts[session.cohort_id]

    def programme(self, session: Session) -> Programme:
        """The programme its order was placed under."""
        return self.programmes[self.cohort(session).order_id]

    def may(self, new: Placed) -> bool:
        """Whether the session may be there, as far as it is free; the planner's rules are asked elsewhere."""
        id_ = new.session.session_id
        freedom, old = self.free.get(id_), self.was.get(id_)
        if freedom is None or new.person_id is None:
            return False
        if old is not None and (new.day, new.band) == (old.day, old.band):
            return freedom is not Freedom.TOLD or new.person_id == old.person_id
        if new.day < self.open_from:
            return False
        if freedom is Freedom.DRAFT or old is None:
            return True
        return within_tolerance(
            new, old, self.cohort(new.session), self.programme(new.session), self.world.today
        )

    def after(self, changed: Iterable[Placed]) -> World:
        """The world with these sessions where they are now."""
        new = {p.session.session_id: p for p in changed}
        stay = (p for p in self.world.sessions if p.session.session_id not in new)
        return replace(self.world, sessions=(*stay, *new.values()))
