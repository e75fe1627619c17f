"""Another time for a session that nobody can come to (steps 3 and 4), and for one that is moved by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from contracts.programme import Programme
from contracts.values import BandCode, PersonId, Reason, SessionId, because
from scheduling.planner.against import against_person, against_slot
from scheduling.planner.choice import Allowed, Search
from scheduling.planner.ledger import Ledger
from scheduling.planner.manner import windows
from scheduling.planner.world import CohortPlan, Placed, World
from staffing.moments import week_of


@dataclass(frozen=True)
class Moves:
    """Sessions at their new times with new proposals, in teaching order; none = nothing was found."""

    moved: tuple[Placed, ...]
    tried: tuple[Reason, ...]
    step: int = 3


def move(
    session_id: SessionId,
    world: World,
    programme: Programme,
    *,
    declined: frozenset[PersonId] = frozenset(),
    told_on: date | None = None,
) -> Moves:
    """Step 3: another slot inside the cohort's gap. Step 4: later, and the sessions after it make room.

    `declined` are people not to propose again for this session. With `told_on` only what the enterprise has allowed
    beforehand is sought, as of that day. `LookupError` when the world does not have the session; one that is held
    or pinned is not moved.
    """
    old = _find(session_id, world)
    if stays := tuple(_fixed(old)):
        return Moves((), stays)
    session = replace(old.session, declined=old.session.declined | declined)
    cohort = world.cohorts[session.cohort_id]
    chain = sorted(
        (p for p in world.sessions if p.session.cohort_id == session.cohort_id),
        key=lambda p: p.session.position,
    )
    before = [p for p in chain if p.session.position < session.position]
    after = [p for p in chain if p.session.position > session.position]
    first = max(
        cohort.earliest, world.today + timedelta(days=1), *(p.day + timedelta(days=1) for p in before)
    )
    last = min([cohort.latest, *(p.day - timedelta(days=1) for p in after)])
    room = _Room(cohort, world, programme, first, told_on)
    search = Search(Ledger(world, without={session_id}), session, programme.sessions_per_week.value)
    found = search.first(_near(first, last, old.day), not_at=(old.day, old.band), allowed=room.allowed(old))
    if found is not None:
        return Moves((found,), search.tried())
    moved, tried = _push([replace(old, session=session), *after], room)
    return Moves(moved, (*search.tried(), *tried), step=4)


@dataclass(frozen=True)
class _Room:
    """What the sessions of a cohort can be moved into, from the first day on."""

    cohort: CohortPlan
    world: World
    programme: Programme
    first: date
    told_on: date | None

    def allowed(self, old: Placed) -> Allowed | None:
        """Whether a slot may be told instead of agreed; none = any slot is sought."""
        if self.told_on is None:
            return None
        told_on = self.told_on
        return lambda day, band: within_tolerance(
            replace(old, day=day, band=band), old, self.cohort, self.programme, told_on
        )


def place_by_hand(
    session_id: SessionId,
    world: World,
    programme: Programme,
    *,
    day: date,
    band: BandCode,
    person_id: PersonId | None = None,
) -> tuple[Placed | None, tuple[Reason, ...]]:
    """The session there, with this person or whoever suits best; or the reasons against it."""
    old = _find(session_id, world)
    session, ledger = old.session, Ledger(world, without={session_id})
    stays = not old.held and (old.day, old.band) == (day, band)
    reasons = [] if stays else list(_fixed(old))
    if band not in session.bands:
        return None, (*reasons, because("slot.band_too_short", band=band))
    pace = programme.sessions_per_week.value
    reasons += [each.reason for each in against_slot(session, ledger, pace, day=day, band=band)]
    search = Search(ledger, session, pace)
    if person_id is None:
        found = None if reasons else search.at(day, band)
        if found is None:
            return None, tuple(reasons) or (because("slot.nobody_can_come", slots=1),)
        return replace(found, pinned=old.pinned), ()
    teacher = ledger.teachers.get(person_id)
    if teacher is None:
        return None, (*reasons, because("person.unknown", id=person_id))
    reasons += [each.reason for each in against_person(session, ledger, teacher, day=day, band=band)]
    if reasons:
        return None, tuple(reasons)
    return replace(search.with_person(day, band, teacher), pinned=old.pinned), ()


def _fixed(placed: Placed) -> Iterator[Reason]:
    """Why the session stays where it is, whatever the rules leave open."""
    if placed.held:
        yield because("session.held", position=placed.session.position)
    if placed.pinned:
        yield because("session.pinned", position=placed.session.position)


def within_tolerance(new: Placed, old: Placed, cohort: CohortPlan, programme: Programme, today: date) -> bool:
    """A move that the enterprise is only told of; any other waits for its confirmation.

    Notice is owed for both days: for the one on which people are to come, and for the one on which they need not.
    """
    allowed = programme.tolerance
    return (
        (not allowed.same_week or week_of(new.day) == week_of(old.day))
        and (not allowed.wished_bands or not cohort.bands or new.band in cohort.bands)
        and (min(new.day, old.day) - today).days >= allowed.notice_days
    )


def _near(first: date, last: date, day: date) -> list[list[date]]:
    """The days of the same week first, then the rest in order of time."""
    days = [d for window in windows(first, last) for d in window]
    same = [d for d in days if week_of(d) == week_of(day)]
    rest = [d for d in days if week_of(d) != week_of(day)]
    return [same, *(rest[i : i + 7] for i in range(0, len(rest), 7))]


def _find(session_id: SessionId, world: World) -> Placed:
    for placed in world.sessions:
        if placed.session.session_id == session_id:
            return placed
    raise LookupError(f"the world has no session {session_id}")


def _push(chain: Sequence[Placed], room: _Room) -> tuple[tuple[Placed, ...], tuple[Reason, ...]]:
    """The first of the chain later, and as few as possible of those after it pushed on to make room."""
    tried: tuple[Reason, ...] = ()
    for count in range(2, len(chain) + 1):
        pushed, kept = chain[:count], chain[count:]
        if stays := tuple(_fixed(pushed[-1])):
            return (), (*tried, *stays)
        last = min([room.cohort.latest, *(p.day - timedelta(days=1) for p in kept)])
        moved, tried = _one_after_the_other(pushed, room, last)
        if moved:
            return moved, ()
    return (), tried


def _one_after_the_other(
    pushed: Sequence[Placed], room: _Room, last: date
) -> tuple[tuple[Placed, ...], tuple[Reason, ...]]:
    """All of them on new days up to the last one, or none with the reasons of the one that found no slot."""
    ledger = Ledger(room.world, without={p.session.session_id for p in pushed})
    first, moved = room.first, list[Placed]()
    for placed in pushed:
        search = Search(ledger, placed.session, room.programme.sessions_per_week.value)
        not_at = (placed.day, placed.band) if placed is pushed[0] else None
        found = search.first(windows(first, last), not_at=not_at, allowed=room.allowed(placed))
        if found is None:
            return (), search.tried()
        ledger.add(found)
        moved.append(found)
        first = found.day + timedelta(days=1)
    return tuple(moved), ()
