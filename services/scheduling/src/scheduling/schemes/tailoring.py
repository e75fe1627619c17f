"""The coordinator cancels one session of the scheme in force; what follows for a newer version on the desk."""

from collections.abc import Collection
from dataclasses import replace

from contracts.refusals import Refused
from contracts.values import OrderId, Reason, SessionId
from scheduling.known import known
from scheduling.planner import again
from scheduling.planner.world import Draft, Placed
from scheduling.schemes import commands, content, drafting, store
from scheduling.schemes.by_hand import store as changes
from scheduling.schemes.by_hand.diff import Line, Step
from scheduling.schemes.rules import PROPOSES
from scheduling.schemes.store import Stored
from scheduling.schemes.world import Surroundings
from scheduling.sessions import commands as sessions
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.identity import Actor


async def cancel_session(
    tx: Tx, order_id: OrderId, session_id: SessionId, reason: Reason, *, by: Actor, if_match: str | None
) -> Stored:
    """One session of the scheme in force will not be held: dispatch frees who was to come, the rest stands.

    What is pinned is not cancelled, as it is not moved: it is unpinned first.
    """
    stored = await commands.lock(tx, order_id, by=by, if_match=if_match)
    await _check_not_pinned(tx, stored, session_id)
    row = await sessions.find(tx, session_id)
    gone = await sessions.cancelled_by_hand(tx, order_id, session_id, reason)
    stored = await drafting.keep(tx, stored, stored.scheme)
    await record(tx, gone, by=by)
    assert row is not None  # it was cancelled
    await _can_be_undone(tx, order_id, sessions.as_placed(row, known(tx).book), None, by=by)
    return await follow(tx, stored, gone={session_id}, by=by)


async def _check_not_pinned(tx: Tx, stored: Stored, session_id: SessionId) -> None:
    version = await store.version_of(tx, stored.scheme.order_id, stored.scheme.version)
    for placed in version.draft.placed if version else ():
        if placed.pinned and placed.session.session_id == session_id:
            raise Refused("session.pinned", position=placed.session.position)


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


def with_draft(around: Surroundings, draft: Draft) -> Surroundings:
    """The world with the version on the desk in place of what the order has on the timetable."""
    held = {p.session.session_id for p in around.without_own_plan().sessions}
    mine = [p for p in draft.placed if p.session.session_id not in held]
    cohorts = {**around.cohorts, **{c.cohort_id: c for c in draft.cohorts}}
    return replace(
        around, sessions=(*around.without_own_plan().sessions, *mine), cohorts=cohorts, ahead=frozenset()
    )


def reckoned(tx: Tx, stored: Stored, draft: Draft) -> Draft:
    """The draft with its cost as its sessions now stand."""
    here, ordered = known(tx), stored.ordered
    programme = here.programme(ordered.programme)
    return content.reckoned(draft, ordered.lines, ordered.enterprise, programme, here.book)
