"""The coordinator moves one session, of a version on the desk or of the scheme in force, or cancels one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from contracts.refusals import NotFound, Refused
from contracts.values import BandCode, OrderId, PersonId, Reason, SessionId, because
from scheduling.known import known
from scheduling.planner import again, place_by_hand, within_tolerance
from scheduling.planner.keeping import to_keep
from scheduling.planner.world import Draft, Placed, Unplaced, World
from scheduling.schemes import commands, content, drafting, kept, store
from scheduling.schemes.by_hand import store as changes
from scheduling.schemes.by_hand.diff import Line, Step
from scheduling.schemes.rules import OPEN, PROPOSES, State
from scheduling.schemes.store import Stored
from scheduling.schemes.world import Surroundings, read_surroundings
from scheduling.sessions import commands as sessions
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.identity import Actor


@dataclass(frozen=True)
class Wish:
    """Where a session is to be held, and by whom; nobody named = whoever suits best."""

    session_id: SessionId
    day: date
    band: BandCode
    person_id: PersonId | None = None


async def move_session(tx: Tx, order_id: OrderId, wish: Wish, *, by: Actor, if_match: str | None) -> Stored:
    """Checked by every rule of the planner; refused with all that stands against it.

    On a desk it makes a new version, where anything is different; one that was declined is taken up again, and what
    of it no longer holds is left without a time, with the reasons. In force, a move that the enterprise allowed
    beforehand is told at once, any other becomes a version that waits for approval and confirmation.
    """
    stored = await commands.lock(tx, order_id, by=by, if_match=if_match)
    state = stored.scheme.state
    if state not in OPEN | {State.CONFIRMED}:
        raise Refused("scheme.not_open", state=state)
    await store.draw_plan_number(tx)  # from here on nobody else puts anything into the plan
    around = await read_surroundings(tx, order_id)
    if state in OPEN:
        return await _on_the_desk(tx, stored, wish, around, by=by)
    return await _in_force(tx, stored, wish, around, by=by)


async def cancel_session(
    tx: Tx, order_id: OrderId, session_id: SessionId, reason: Reason, *, by: Actor, if_match: str | None
) -> Stored:
    """One session of the scheme in force will not be held: dispatch frees who was to come, the rest stands."""
    stored = await commands.lock(tx, order_id, by=by, if_match=if_match)
    row = await sessions.find(tx, session_id)
    gone = await sessions.cancelled_by_hand(tx, order_id, session_id, reason)
    stored = await drafting.keep(tx, stored, stored.scheme)
    await record(tx, gone, by=by)
    assert row is not None  # it was cancelled
    await _can_be_undone(tx, order_id, sessions.as_placed(row, known(tx).book), None, by=by)
    return await follow(tx, stored, gone={session_id}, by=by)


async def follow(
    tx: Tx,
    stored: Stored,
    moved: tuple[Placed, ...] = (),
    *,
    gone: Collection[SessionId] = (),
    by: Actor | None = None,
) -> Stored:
    """Sessions in force were moved or cancelled while a newer version waits to be signed: it is revised with them."""
    if stored.scheme.state not in PROPOSES or stored.scheme.in_force is None:
        return stored
    version = await store.version_of(tx, stored.scheme.order_id, stored.scheme.version)
    if version is None:
        return stored
    drafted = content.without(content.with_placed(version.draft, moved), gone)
    return await drafting.add_version(tx, stored, reckoned(tx, stored, drafted), by=by)


async def _on_the_desk(tx: Tx, stored: Stored, wish: Wish, around: Surroundings, *, by: Actor) -> Stored:
    version = await store.version_of(tx, stored.scheme.order_id, stored.scheme.version)
    if version is None:
        raise Refused("scheme.not_drafted", state=stored.scheme.state)
    draft, declined = version.draft, stored.scheme.state is State.DECLINED
    if declined:
        draft = await taken_up(tx, stored, draft, around)
    around = with_draft(around, draft, wish.session_id)
    placed, old = _placed(tx, stored, wish, around)
    if not declined and (placed.day, placed.band, placed.person_id) == (old.day, old.band, old.person_id):
        return stored
    drafted = reckoned(tx, stored, content.with_placed(draft, [placed]))
    made = await drafting.add_version(tx, stored, drafted, by=by)
    await kept.keep_tailored(tx, made.scheme.order_id, made.scheme.version, drafted, around, version.draft)
    await _can_be_undone(tx, made.scheme.order_id, old, placed, by=by)
    return made


async def _can_be_undone(
    tx: Tx, order_id: OrderId, was: Placed, becomes: Placed | None, *, by: Actor
) -> None:
    step = Step(Line.of(was), None if becomes is None else Line.of(becomes))
    await changes.add(tx, order_id, (step,), made_by=by.user, made_at=await now(tx))


async def taken_up(tx: Tx, stored: Stored, draft: Draft, around: Surroundings) -> Draft:
    """A plan as far as it holds today: its rooms, people and learners were free for others since it was made."""
    here = known(tx)
    gone = await cancelled(tx, stored.scheme.order_id)
    draft = content.without(draft, gone)
    held = {p.session.session_id for p in around.sessions if p.held}
    ahead = [p for p in draft.placed if p.session.session_id not in held]
    around = with_draft(around, replace(draft, placed=tuple(ahead)))
    placed, lost = again(ahead, around.world(here.book), here.programme(stored.ordered.programme))
    return content.with_lost(content.with_placed(draft, placed), lost)


async def cancelled(tx: Tx, order_id: OrderId) -> set[SessionId]:
    """Sessions of the order that will not be held at all."""
    return await sessions.cancelled_of(tx, order_id)


async def _in_force(tx: Tx, stored: Stored, wish: Wish, around: Surroundings, *, by: Actor) -> Stored:
    placed, old = _placed(tx, stored, wish, around)
    if (placed.day, placed.band) == (old.day, old.band):
        raise Refused("session.not_moved", day=wish.day.isoformat(), band=wish.band)
    here = known(tx)
    cohort = around.cohorts[placed.session.cohort_id]
    programme = here.programme(stored.ordered.programme)
    row = await sessions.find(tx, wish.session_id)
    assert row is not None  # it was found in the world
    # what was missed is past: the enterprise has not agreed to any later time
    if not row.is_missed and within_tolerance(placed, old, cohort, programme, around.today):
        fact = sessions.moved(row, placed, because("session.moved_by_hand"), here.book)
        await sessions.apply(tx, [fact])
        stored = await drafting.keep(tx, stored, stored.scheme)
        await record(tx, fact, by=by)
        moved = kept.with_moves(around.world(here.book), [placed])
        await kept.keep_moves(tx, [(row, placed)], to_keep(moved, [placed]))
        await _can_be_undone(tx, stored.scheme.order_id, old, placed, by=by)
        return stored
    version = await store.version_of(tx, stored.scheme.order_id, stored.scheme.version)
    assert version is not None  # it was confirmed
    standing = [p for p in around.sessions if p.session.session_id in around.ahead]
    gone = await cancelled(tx, stored.scheme.order_id)
    drafted = content.with_placed(content.without(version.draft, gone), [*standing, placed])
    drafted = reckoned(tx, stored, drafted)
    made = await drafting.add_version(tx, stored, drafted, by=by)
    await kept.keep_tailored(tx, made.scheme.order_id, made.scheme.version, drafted, around, version.draft)
    await _can_be_undone(tx, made.scheme.order_id, old, placed, by=by)
    return made


def _placed(tx: Tx, stored: Stored, wish: Wish, around: Surroundings) -> tuple[Placed, Placed]:
    """The session where it is wished and where it was, or a refusal with every reason."""
    here = known(tx)
    world: World = around.world(here.book)
    own = (p for p in around.sessions if _is_own(around, p, stored.scheme.order_id))
    old = next((p for p in own if p.session.session_id == wish.session_id), None)
    if old is None:
        raise NotFound("scheme.session_unknown", session_id=str(wish.session_id))
    place = partial(
        place_by_hand,
        wish.session_id,
        world,
        here.programme(stored.ordered.programme),
        day=wish.day,
        band=wish.band,
    )
    placed, reasons = place(person_id=wish.person_id or _stays(wish, old))
    if placed is None and wish.person_id is None:
        placed, reasons = place()
    if wish.day <= around.today:
        reasons = (because("slot.day_past", day=wish.day), *reasons)
    if placed is None or reasons:
        raise Refused("session.cannot_move", reasons=[each.model_dump(mode="json") for each in reasons])
    return placed, old


def _stays(wish: Wish, old: Placed) -> PersonId | None:
    """Who is proposed already, when the time is the same and nobody else is named."""
    return old.person_id if (wish.day, wish.band) == (old.day, old.band) else None


def _is_own(around: Surroundings, placed: Placed, order_id: OrderId) -> bool:
    return around.cohorts[placed.session.cohort_id].order_id == order_id


def with_draft(around: Surroundings, draft: Draft, wanted: SessionId | None = None) -> Surroundings:
    """The world with the version on the desk in place of what the order has on the timetable."""
    held = {p.session.session_id for p in around.without_own_plan().sessions}
    mine = [p for p in draft.placed if p.session.session_id not in held]
    mine += [_somewhere(draft, u) for u in draft.unplaced if u.session.session_id == wanted]
    cohorts = {**around.cohorts, **{c.cohort_id: c for c in draft.cohorts}}
    return replace(
        around, sessions=(*around.without_own_plan().sessions, *mine), cohorts=cohorts, ahead=frozenset()
    )


def _somewhere(draft: Draft, unplaced: Unplaced) -> Placed:
    """A session without a time, so that it can be moved to one."""
    session = unplaced.session
    cohort = next(c for c in draft.cohorts if c.cohort_id == session.cohort_id)
    return Placed(session, cohort.earliest, session.bands[0], None)


def reckoned(tx: Tx, stored: Stored, draft: Draft) -> Draft:
    """The draft with its cost as its sessions now stand."""
    here, ordered = known(tx), stored.ordered
    programme = here.programme(ordered.programme)
    return content.reckoned(draft, ordered.lines, ordered.enterprise, programme, here.book)
