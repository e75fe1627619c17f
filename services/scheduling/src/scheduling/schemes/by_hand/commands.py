"""Changes of a scheme by hand: looked at, done, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid5

from contracts.programme import Programme
from contracts.refusals import Refused
from contracts.scheduling import SessionCancelled, SessionMoved
from contracts.values import OrderId, SessionId, because
from scheduling.known import known
from scheduling.planner import again_in
from scheduling.planner.keeping import KeptReasons, kept_of
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Draft, Placed
from scheduling.schemes import commands, content, drafting, kept, remembered, tailoring
from scheduling.schemes import store as schemes
from scheduling.schemes.by_hand import store
from scheduling.schemes.by_hand.change import Change, Move
from scheduling.schemes.by_hand.desk import Desk
from scheduling.schemes.by_hand.diff import Diff, Line, Step, differs, inverse
from scheduling.schemes.by_hand.look import Effect, Looked, look, weigh
from scheduling.schemes.by_hand.repairs import Repair, repairs
from scheduling.schemes.by_hand.views import refused
from scheduling.schemes.by_hand.worked_out import Break
from scheduling.schemes.rules import OPEN, State
from scheduling.schemes.store import Stored
from scheduling.schemes.whole import PlanNow, read_whole
from scheduling.sessions import commands as sessions
from scheduling.sessions.commands import scope_of
from scheduling.sessions.rules import Standing, Timetabled
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import record_all
from servicekit.identity import Actor


@dataclass(frozen=True)
class Seen:
    """A change that was looked at, and what else could be done where it breaks a rule."""

    stored: Stored
    desk: Desk
    looked: Looked
    repairs: tuple[Repair, ...]


async def look_at(tx: Tx, order_id: OrderId, changes: Sequence[Change], *, by: Actor) -> Seen:
    """What the changes would break, what would follow, and what else could be done; nothing is done."""
    stored = await schemes.read(tx, order_id, of=scope_of(by))
    desk = await read_desk(tx, stored)
    looked = look(desk, changes)
    return Seen(stored, desk, looked, repairs(desk, changes, looked))


async def change(
    tx: Tx, order_id: OrderId, changes: Sequence[Change], *, by: Actor, if_match: str | None
) -> Seen:
    """Do them all, or none: refused with all that breaks, and the repairs.

    On a desk they make a new version. In force, what the enterprise allowed beforehand is told at once, else a
    version is proposed that waits for approval and confirmation.
    """
    stored = await commands.lock(tx, order_id, by=by, if_match=if_match)
    await schemes.draw_plan_number(tx)  # from here on nobody else puts anything into the plan
    desk = await read_desk(tx, stored)
    looked = look(desk, changes)
    if looked.breaks:
        raise refused(desk, looked, repairs(desk, changes, looked))
    return Seen(await _done(tx, stored, desk, looked, by=by), desk, looked, ())


async def move(tx: Tx, order_id: OrderId, wish: Move, *, by: Actor, if_match: str | None) -> Stored:
    """One session at another time, or proposed to another person, by the same rules as every change.

    `session.cannot_move` with every reason; in force `session.not_moved` where the time is the same, for who comes
    is then for dispatch to decide.
    """
    stored = await commands.lock(tx, order_id, by=by, if_match=if_match)
    await schemes.draw_plan_number(tx)
    desk = await read_desk(tx, stored)
    looked = look(desk, [wish])
    against = [each.reason for each in looked.breaks]
    if wish.day <= desk.today and not any(each.code == "slot.day_past" for each in against):
        against.append(because("slot.day_past", day=wish.day))  # where it was when nobody opened it
    if against:
        raise Refused("session.cannot_move", reasons=[each.model_dump(mode="json") for each in against])
    if desk.in_force and desk.lines[wish.session_id].time == (wish.day, wish.band):
        raise Refused("session.not_moved", day=wish.day.isoformat(), band=wish.band)
    return await _done(tx, stored, desk, looked, by=by)


async def undo(tx: Tx, order_id: OrderId, *, by: Actor, if_match: str | None) -> Seen:
    """Take the newest change back by its inverse, once more for the one before; refused where it no longer holds."""
    stored = await commands.lock(tx, order_id, by=by, if_match=if_match)
    last = await store.newest(tx, order_id)
    if last is None:
        raise Refused("change.nothing_to_undo")
    await schemes.draw_plan_number(tx)
    desk = await read_desk(tx, stored)
    diff, against = taken_back(desk, last.diff)
    looked = weigh(desk, diff, against)
    if looked.breaks:
        raise refused(desk, looked, ())
    stored = await _do(tx, stored, desk, looked, by=by)
    await store.note_undone(tx, order_id, last.number)
    return Seen(stored, desk, looked, ())


def taken_back(desk: Desk, done: Diff) -> tuple[Diff, tuple[Break, ...]]:
    """The inverse on the plan as it is now, and what was changed since by something else."""
    steps: list[Step] = []
    against: list[Break] = []
    for step in inverse(done):
        here = desk.lines.get(step.session_id)
        if _changed_since(desk, step, here):
            position = step.line.session.position
            against.append(Break(step.session_id, because("change.meanwhile", position=position)))
            continue
        steps.append(Step(here, _as_it_was(desk, step, here)))
    return tuple(step for step in steps if differs(step)), tuple(against)


def _changed_since(desk: Desk, step: Step, here: Line | None) -> bool:
    """Whether it is not as the change left it, or its cohort is no more: it was drafted anew."""
    if step.line.session.cohort_id not in {cohort.cohort_id for cohort in desk.draft.cohorts}:
        return True
    was = step.before
    if here is None or was is None:
        return here is not was
    another_person = not desk.in_force and here.person_id != was.person_id  # in force dispatch says who comes
    return here.time != was.time or another_person


def _as_it_was(desk: Desk, step: Step, here: Line | None) -> Line | None:
    """A session that was cancelled in force comes as a new one; who comes to one that stands is not ours to say."""
    line = step.after
    if line is not None and line.session.session_id in desk.cancelled:
        again = uuid5(line.session.session_id, f"{desk.order.version}")
        return replace(line, session=replace(line.session, session_id=again))
    if line is None or here is None or not desk.in_force or line.time != here.time:
        return line
    return replace(here, pinned=line.pinned)


async def read_desk(tx: Tx, stored: Stored) -> Desk:
    """The order's plan with everything around it; `scheme.not_open` where nothing can be changed."""
    scheme, order_id = stored.scheme, stored.scheme.order_id
    if scheme.state not in OPEN | {State.CONFIRMED}:
        raise Refused("scheme.not_open", state=scheme.state)
    draft = await remembered.content_of(tx, order_id, scheme.version)
    if draft is None:
        raise Refused("scheme.not_drafted", state=scheme.state)
    gone = await tailoring.cancelled(tx, order_id)
    whole = await read_whole(tx)  # nothing is awaited between here and the copy
    standing = whole.standing(order_id)
    if scheme.state is State.DECLINED:
        draft = taken_up(
            whole, order_id, content.without(draft, gone), known(tx).programme(stored.ordered.programme)
        )
    stands = [placed for _, placed in standing if placed.held or scheme.state is State.CONFIRMED]
    pinned = {p.session.session_id for p in draft.placed if p.pinned}
    stands = [replace(p, pinned=p.session.session_id in pinned) for p in stands]
    draft = content.with_placed(content.without(draft, gone), stands)
    return Desk(
        draft=tailoring.reckoned(tx, stored, draft),
        ledger=_with_own(whole, order_id, draft, stands),
        order=stored.to_plan(),
        state=scheme.state,
        asked=frozenset(row.told.session_id for row, _ in standing if row.standing is Standing.OFFERED),
        firm=frozenset(row.told.session_id for row, _ in standing if row.standing is Standing.FIRM),
        cancelled=frozenset(gone),
        signed=scheme.signed,
        hash=scheme.hash,
        missed=frozenset(row.told.session_id for row, _ in standing if row.is_missed),
    )


def taken_up(whole: PlanNow, order_id: OrderId, draft: Draft, programme: Programme) -> Draft:
    """A plan as far as it holds today: its rooms, people and learners were free for others since it was made."""
    held = {p.session.session_id for p in whole.of_order(order_id) if p.held}
    ledger = whole.ledger.copy()
    for placed in whole.of_order(order_id):
        if not placed.held:
            ledger.remove(placed)
    for cohort in draft.cohorts:
        ledger.know(cohort)
    ahead = [placed for placed in draft.placed if placed.session.session_id not in held]
    placed_again, lost = again_in(ahead, ledger, programme)
    return content.with_lost(content.with_placed(draft, placed_again), lost)


def _with_own(whole: PlanNow, order_id: OrderId, draft: Draft, stands: Sequence[Placed]) -> Ledger:
    """The whole plan with the order's own as it lies on the desk; what was held of older versions stays."""
    ledger = whole.ledger.copy()
    for placed in whole.of_order(order_id):
        ledger.remove(placed)
    for cohort in draft.cohorts:
        ledger.know(cohort)
    own = {placed.session.session_id: placed for placed in (*stands, *draft.placed)}
    for placed in own.values():
        ledger.add(placed)
    return ledger


async def _done(tx: Tx, stored: Stored, desk: Desk, looked: Looked, *, by: Actor) -> Stored:
    """It is done, and can be taken back."""
    stored = await _do(tx, stored, desk, looked, by=by)
    if looked.diff:
        order_id = stored.scheme.order_id
        await store.add(tx, order_id, looked.diff, made_by=by.user, made_at=await now(tx))
    return stored


async def _do(tx: Tx, stored: Stored, desk: Desk, looked: Looked, *, by: Actor) -> Stored:
    match looked.follows.effect:
        case Effect.NOTHING:
            return stored
        case Effect.TOLD:
            return await _tell(tx, stored, desk, looked.diff, by=by)
        case _:
            stored = await drafting.add_version(tx, stored, looked.plan, by=by)
            reasons = _reasons(desk, looked.diff)
            await kept.keep_version(tx, stored.scheme.order_id, stored.scheme.version, looked.plan, reasons)
            return stored


def _reasons(desk: Desk, diff: Diff) -> dict[SessionId, KeptReasons]:
    """Why each session that the diff puts somewhere, or gives to somebody, is as it then is."""
    chosen = [step.after.placed for step in diff if step.after and (step.moves or _another_person(step))]
    return kept_of(desk.after(diff), [placed for placed in chosen if placed is not None])


def _another_person(step: Step) -> bool:
    return step.before is None or step.after is None or step.before.person_id != step.after.person_id


async def _tell(tx: Tx, stored: Stored, desk: Desk, diff: Diff, *, by: Actor) -> Stored:
    """Sessions in force are moved or cancelled at once; what is pinned makes a version that stays in force."""
    order_id, book = stored.scheme.order_id, known(tx).book
    facts: list[SessionMoved | SessionCancelled] = []
    moves: list[tuple[Timetabled, Placed]] = []
    for step in diff:
        placed = step.after.placed if step.after else None
        if placed is None:
            reason = because("session.dropped_by_hand")
            facts.append(await sessions.cancelled_by_hand(tx, order_id, step.session_id, reason))
        elif step.moves:
            row = await sessions.find(tx, step.session_id)
            assert row is not None  # it stands on the timetable
            fact = sessions.moved(row, placed, because("session.moved_by_hand"), book)
            await sessions.apply(tx, [fact])
            facts.append(fact)
            moves.append((row, placed))
    await kept.keep_moves(tx, moves, _reasons(desk, diff))
    stored = await drafting.keep(tx, stored, stored.scheme)
    await record_all(tx, facts, by=by)
    if not any(_pins(step) for step in diff):
        return stored
    draft = await remembered.content_of(tx, order_id, stored.scheme.version)
    assert draft is not None  # it was read for the desk
    pinned = {p.session.session_id for p in draft.placed if p.pinned}
    pinned |= {step.session_id for step in diff if step.after and step.after.pinned}
    pinned -= {step.session_id for step in diff if step.after and not step.after.pinned}
    return await drafting.add_version(tx, stored, content.with_pins(draft, pinned), by=by, only_pins=True)


def _pins(step: Step) -> bool:
    return step.before is not None and step.after is not None and step.before.pinned != step.after.pinned
