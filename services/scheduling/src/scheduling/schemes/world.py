"""What a plan has to fit into, read from the rows: the timetable, the drafts of others, who can be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from uuid import uuid5

from contracts.programme import load
from contracts.values import CohortId, CollegeId, EnterpriseId, OrderId, SessionId
from scheduling.known import known
from scheduling.planner.world import CohortPlan, Draft, Enterprise, Placed, Teacher, World
from scheduling.schemes import store
from scheduling.sessions import commands as sessions
from scheduling.sessions.rules import AHEAD
from scheduling.supply import commands as supply
from scheduling.supply import waivers as put_aside
from servicekit.clock import today
from servicekit.db import Tx
from staffing.can import Agreement
from staffing.overrides import Waiver
from staffing.rulebook import Rulebook


@dataclass(frozen=True)
class Surroundings:
    """The world of one order without the rules: small enough to be sent to a process of its own.

    `number` is how far the plan was when it was read; `ahead` are the order's own sessions that are still to
    come, a part of `sessions`.
    """

    folder: Path
    number: int
    today: date
    enterprises: Mapping[EnterpriseId, Enterprise]
    teachers: tuple[Teacher, ...]
    agreements: Mapping[CollegeId, tuple[Agreement, ...]]
    sessions: tuple[Placed, ...]
    cohorts: Mapping[CohortId, CohortPlan]
    ahead: frozenset[SessionId] = frozenset()
    waivers: tuple[Waiver, ...] = ()

    def world(self, book: Rulebook) -> World:
        """All of it, the order's own sessions that stand included."""
        return World(
            book, self.today, self.enterprises, self.teachers, self.agreements, self.sessions, self.cohorts,
            self.waivers,
        )  # fmt: skip

    def without_own_plan(self) -> "Surroundings":
        """As if nothing of the order were planned; what was held stays."""
        kept = tuple(p for p in self.sessions if p.session.session_id not in self.ahead)
        return replace(self, sessions=kept, ahead=frozenset())


@cache
def book_of(folder: Path) -> Rulebook:
    """The rules, read once a process."""
    return Rulebook.of(load(folder))


async def read_surroundings(tx: Tx, order_id: OrderId) -> Surroundings:
    """Everything that counts for a plan of this order, its own unconfirmed draft left out; what is pinned is marked."""
    number = await store.plan_number(tx)
    here, day = known(tx), await today(tx)
    standing, cohorts, rows = await sessions.on_the_timetable(tx, here.book)
    pinned = {each.placed.session.session_id for each in await store.pinned(tx, order_id)}
    standing = [replace(p, pinned=True) if p.session.session_id in pinned else p for p in standing]
    drafts = await store.proposed(tx, but=order_id)
    stands = {placed.session.session_id: placed for placed in standing}
    proposed = [placed for draft in drafts for placed in spoken_for(draft, stands)]
    return Surroundings(
        folder=here.folder,
        number=number,
        today=day,
        enterprises=await store.enterprises(tx),
        teachers=await supply.teachers(tx, here.book),
        agreements=await supply.agreements(tx),
        sessions=(*standing, *proposed),
        cohorts={**cohorts, **{c.cohort_id: c for draft in drafts for c in draft.cohorts}},
        ahead=frozenset(
            row.told.session_id for row in rows if row.told.order_id == order_id and row.state in AHEAD
        ),
        waivers=await put_aside.standing(tx, day),
    )


def spoken_for(draft: Draft, stands: Mapping[SessionId, Placed]) -> Iterator[Placed]:
    """What a version that waits for a signature would put anywhere new; what stays where it stands counts there."""
    for placed in draft.placed:
        old = stands.get(placed.session.session_id)
        if old is None:
            yield placed
        elif not old.held and (placed.day, placed.band) != (old.day, old.band):
            yield _beside(placed)


def _beside(placed: Placed) -> Placed:
    """A move of a session that stands on the timetable: both times are spoken for until it is confirmed."""
    beside = uuid5(placed.session.session_id, "proposed")
    return replace(placed, session=replace(placed.session, session_id=beside))
