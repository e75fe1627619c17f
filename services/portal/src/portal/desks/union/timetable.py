"""The timetable on the page of a scheme: what scheduling and dispatch tell for it, and a change that is looked at."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from portal.accounts.routes import token_for
from portal.boards.cards import OrderCard
from portal.desks.asking import DISPATCH, SCHEDULING, Missing, seen_in
from portal.desks.at import SECONDS, AtDesk
from portal.desks.signed import CohortSeen
from portal.desks.union import by_hand
from portal.desks.union.approval import Approval, approval_of
from portal.desks.union.asked import PeopleSeen
from portal.desks.union.by_hand import LookedView
from portal.desks.union.changed import DifferencesSeen, DifferingSeen
from portal.desks.union.examined import EvaluationSeen, examined_only
from portal.desks.union.side import Side, people_of, side_of
from portal.desks.union.signatures import ClauseSeen
from portal.desks.union.stands import OPEN, StandingSeen, TimetableSeen, as_they_stand, can_undo
from portal.desks.union.week import DAYS, Asked, Hours, Loaded, Week, WeekSession, week_of
from portal.web.names import Names, names_for
from servicekit.clock import now
from staffing.rulebook import Rulebook
from staffing.shifts import CrewCalendar, crews

Change = Mapping[str, Any]
"""A change, as scheduling takes it."""


class WeekSeen(BaseModel):
    """The newest version of a scheme, as far as the timetable shows it."""

    state: str
    version: int
    row_version: int
    hash: str | None
    in_force: int | None
    unplaced: int
    shift_pattern: str
    shift_anchor: date
    cohorts: list[CohortSeen] = []
    sessions: list[WeekSession]
    evaluation: list[EvaluationSeen] = []
    clauses: list[ClauseSeen] = []
    drafting: dict[str, Any] | None = None


class PersonLoadSeen(BaseModel):
    """Somebody against a fair load; 0 = none is set."""

    person_id: UUID
    college_id: str
    sessions: int
    fair_load: int


class LoadsSeen(BaseModel):
    """Everybody's load."""

    people: list[PersonLoadSeen]


@dataclass(frozen=True)
class Timetable:
    """All that the page shows of it."""

    week: Week | None
    side: Side | None
    looked: LookedView | None
    wrong: str
    """Why a change cannot be looked at."""
    approval: Approval
    open: bool
    undo: bool
    version: int
    row_version: int
    """Of the scheme as it is shown: a change is made for this one only."""


async def timetable_of(
    at: AtDesk, card: OrderCard, scheme: bytes | Missing, asked: Asked, change: Change | None
) -> Timetable | None:
    """The week that is asked for, of what scheduling tells of the scheme; nothing where it does not."""
    order = card.order_id
    seen = seen_in(scheme, WeekSeen)
    if not isinstance(seen, WeekSeen):
        return None
    seen = await as_it_stands(at, order, seen)
    chosen = next((one for one in seen.sessions if one.session_id == asked.session), None)
    differing, loads, people = await asyncio.gather(  # at once: none touches `tx`
        _differing(at, order, seen), _loads(at, seen), _people(at, order, chosen)
    )
    everybody = {one.person_id for one in seen.sessions if one.person_id} | people_of(people, differing)
    names = await names_for(at.tx, at.text, at.viewer.scope, everybody)
    moment = await now(at.tx)
    today = moment.astimezone(at.text.zone).date()
    hours = _hours(names, seen)
    week = week_of(seen.sessions, differing, loads, hours, names, asked, today)
    mine = next(
        (d for d in differing if chosen and (d.cohort, d.position) == (chosen.cohort, chosen.position)), None
    )
    looked, wrong = await _looked(at, order, seen.sessions, change)
    return Timetable(
        week=week,
        side=side_of(chosen, seen.sessions, mine, people, names, asked, moment) if chosen else None,
        looked=looked,
        wrong=wrong,
        approval=approval_of(
            seen.state, seen.version, seen.hash, seen.clauses, sessions=len(seen.sessions) - seen.unplaced,
            unplaced=seen.unplaced, examination=examined_only(seen.evaluation, seen.cohorts, seen.sessions),
            in_force=seen.in_force is not None, drafting=seen.drafting is not None,
            programme=card.programme, names=names,
        ),
        open=seen.state in OPEN,
        undo=can_undo(seen.state, seen.version),
        version=seen.version,
        row_version=seen.row_version,
    )  # fmt: skip


async def as_it_stands(at: AtDesk, order: UUID, seen: WeekSeen) -> WeekSeen:
    """One in force: its sessions where they are held by now."""
    return standing(seen, await timetabled(at, order, seen))


async def timetabled(at: AtDesk, order: UUID, seen: WeekSeen) -> list[StandingSeen] | None:
    """Its sessions as they are held by now; nothing while it is not in force, or where scheduling does not tell."""
    if seen.state != "confirmed":
        return None
    found = await at.read(SCHEDULING, f"/sessions?order_id={order}", TimetableSeen)
    return found.root if isinstance(found, TimetableSeen) else None


def standing(seen: WeekSeen, stands: Sequence[StandingSeen] | None) -> WeekSeen:
    """The scheme with its sessions at these times; as it was agreed where none are told."""
    if stands is None:
        return seen
    return seen.model_copy(update={"sessions": as_they_stand(seen.sessions, stands)})


async def _differing(at: AtDesk, order: UUID, seen: WeekSeen) -> list[DifferingSeen]:
    """What is another than in the version before; of one in force nothing, it is no proposal any more."""
    if seen.version <= 1 or seen.state == "confirmed":
        return []
    path = f"/orders/{order}/schemes/{seen.version - 1}/differences/{seen.version}"
    found = await at.read(SCHEDULING, path, DifferencesSeen)
    return found.sessions if isinstance(found, DifferencesSeen) else []


async def _loads(at: AtDesk, seen: WeekSeen) -> dict[UUID, Loaded]:
    """Of the calendar year in which the scheme begins."""
    days = [one.day for one in seen.sessions if one.day]
    if not days:
        return {}
    year = min(days).year
    found = await at.read(DISPATCH, f"/load?from={year}-01-01&to={year}-12-31", LoadsSeen)
    people = found.people if isinstance(found, LoadsSeen) else []
    return {one.person_id: Loaded(one.college_id, one.sessions, one.fair_load) for one in people}


async def _people(at: AtDesk, order: UUID, chosen: WeekSession | None) -> PeopleSeen | None:
    if chosen is None or chosen.day is None:
        return None
    found = await at.read(
        SCHEDULING, f"/orders/{order}/scheme/sessions/{chosen.session_id}/people?", PeopleSeen
    )
    return found if isinstance(found, PeopleSeen) else None


async def _looked(
    at: AtDesk, order: UUID, sessions: Sequence[WeekSession], change: Change | None
) -> tuple[LookedView | None, str]:
    if change is None:
        return None, ""
    token = token_for(at.request, at.viewer.account, SECONDS)
    return await by_hand.look_at(at.tx, at.text, at.viewer.scope, order, token, sessions, change)


def _hours(names: Names, seen: WeekSeen) -> Hours:
    """The crews' shifts on all days of the scheme's weeks."""
    programmes = names.programmes
    pattern = programmes.shifts.get(seen.shift_pattern)
    days = [one.day for one in seen.sessions if one.day]
    if pattern is None or not days:
        return {}
    book = Rulebook.of(programmes)
    calendars = [book.crew(pattern.id, crew, seen.shift_anchor) for crew in crews(pattern)]
    first, last = min(days) - timedelta(days=2 * DAYS), max(days) + timedelta(days=2 * DAYS)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: _shifts(calendars, day) for day in every}


def _shifts(calendars: Sequence[CrewCalendar], day: date) -> list[tuple[str, str]]:
    return [(each.crew, each.letter(day)) for each in calendars]
