"""What may be granted so that a session can be held: each relaxes one rule for one person, college, cohort or works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID

from contracts.values import Reason, because
from scheduling.planner.world import CohortPlan, Session, Teacher, World
from staffing.can import Agreement, Person
from staffing.diary import Fixed
from staffing.moments import day_of


class Price(IntEnum):
    """Kinds of grants, in the order of what they cost those who must agree."""

    BAND = 1
    PERSON_WEEK = 2
    PERSON_DAY = 3
    PACE = 4
    RELEASE = 5
    QUOTA_WEEK = 6
    QUOTA_TOTAL = 7
    ROOM = 8
    LEVEL = 9
    LESSON = 10
    DUE = 11


CODES = {
    Price.BAND: "unlock.band", Price.PERSON_WEEK: "unlock.person_week", Price.PERSON_DAY: "unlock.person_day",
    Price.PACE: "unlock.pace", Price.RELEASE: "unlock.release", Price.QUOTA_WEEK: "unlock.quota_week",
    Price.QUOTA_TOTAL: "unlock.quota_total", Price.ROOM: "unlock.room", Price.LEVEL: "unlock.level",
    Price.LESSON: "unlock.lesson", Price.DUE: "unlock.due",
}  # fmt: skip
NAMED = {
    Price.BAND: "band", Price.PERSON_WEEK: "person", Price.PERSON_DAY: "person", Price.LESSON: "person",
    Price.QUOTA_WEEK: "college", Price.QUOTA_TOTAL: "college", Price.LEVEL: "level",
}  # fmt: skip
"""What `Grant.of` is; the session's own cohort and works go without saying."""


@dataclass(frozen=True)
class Grant:
    """One relaxation."""

    kind: Price
    of: str = ""
    """See `NAMED`."""
    more: int = 0
    """Sessions, rooms, minutes or days more."""
    lesson: Fixed | None = None
    """The own lesson that is moved away."""

    @property
    def order(self) -> tuple[int, int, str, int]:
        """The cheapest first."""
        return self.kind, self.more, self.of, self.lesson.span.start if self.lesson else 0

    def in_words(self) -> Reason:
        """As it is asked for."""
        figures: dict[str, int | str | date] = {NAMED[self.kind]: self.of} if self.kind in NAMED else {}
        if self.more:
            figures["more"] = self.more
        if self.lesson is not None:
            figures |= {"day": day_of(self.lesson.span.start), "minutes": self.lesson.span.length}
        return because(CODES[self.kind], **figures)


OF_COHORT: Mapping[Price, Callable[[CohortPlan, int], CohortPlan]] = {
    Price.RELEASE: lambda cohort, more: replace(cohort, release_cap=cohort.release_cap + more),
    Price.DUE: lambda cohort, more: replace(cohort, latest=cohort.latest + timedelta(days=more)),
}
OF_PERSON: Mapping[Price, Callable[[Person, int], Person]] = {
    Price.PERSON_WEEK: lambda one, more: replace(one, most_sessions_week=one.most_sessions_week + more),
    Price.PERSON_DAY: lambda one, more: replace(one, most_sessions_day=one.most_sessions_day + more),
}
OF_COLLEGE: Mapping[Price, Callable[[Agreement, int], Agreement]] = {
    Price.QUOTA_WEEK: lambda agreed, more: replace(agreed, sessions_week=agreed.sessions_week + more),
    Price.QUOTA_TOTAL: lambda agreed, more: replace(agreed, sessions_total=agreed.sessions_total + more),
}


@dataclass(frozen=True)
class Terms:
    """A session and the rules under which it is placed."""

    world: World
    session: Session
    pace: int
    """Most sessions of its cohort in a week."""

    def with_grant(self, grant: Grant, day: date) -> "Terms":
        """The same with one thing granted, for that day. Another band than the wished one needs no rule relaxed."""
        kind, more = grant.kind, grant.more
        if kind in OF_COHORT:
            cohort = OF_COHORT[kind](self.world.cohorts[self.session.cohort_id], more)
            return self._world(cohorts={**self.world.cohorts, cohort.cohort_id: cohort})
        if kind in OF_PERSON:
            return self._teacher(grant.of, lambda t: replace(t, person=OF_PERSON[kind](t.person, more)))
        if kind in OF_COLLEGE:
            return self._agreement(grant.of, day, lambda agreed: OF_COLLEGE[kind](agreed, more))
        if kind is Price.LESSON:
            return self._teacher(grant.of, lambda t: replace(t, fixed=_without(t.fixed, grant.lesson)))
        if kind is Price.ROOM:
            works = self.world.enterprises[self.session.enterprise_id]
            wider = replace(works, rooms=works.rooms + more)
            return self._world(enterprises={**self.world.enterprises, works.enterprise_id: wider})
        return self._of_the_session(grant)

    def _of_the_session(self, grant: Grant) -> "Terms":
        if grant.kind is Price.LEVEL:
            needs = self.session.needs.model_copy(update={"level": grant.of})
            return replace(self, session=replace(self.session, needs=needs))
        return replace(self, pace=self.pace + (grant.more if grant.kind is Price.PACE else 0))

    def _world(self, **changed: Any) -> "Terms":
        return replace(self, world=replace(self.world, **changed))

    def _teacher(self, id_: str, change: Callable[[Teacher], Teacher]) -> "Terms":
        person = UUID(id_)
        return self._world(
            teachers=tuple(change(t) if t.person.person_id == person else t for t in self.world.teachers)
        )

    def _agreement(self, college: str, day: date, change: Callable[[Agreement], Agreement]) -> "Terms":
        signed = tuple(
            change(terms) if terms.valid_from <= day <= terms.valid_until else terms
            for terms in self.world.agreements[college]
        )
        return self._world(agreements={**self.world.agreements, college: signed})


def _without(things: tuple[Fixed, ...], gone: Fixed | None) -> tuple[Fixed, ...]:
    return tuple(thing for thing in things if thing != gone)
