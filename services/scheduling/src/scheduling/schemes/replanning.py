"""Steps 3 and 4 of dispatch: another time for a session that nobody can come to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial

from contracts.scheduling import SessionFact
from contracts.values import OrderId, PersonId, ProgrammeCode, Reason, SessionId, because
from scheduling.known import known
from scheduling.planner import move as plan_move
from scheduling.planner import within_tolerance
from scheduling.planner.federation.explain import explained
from scheduling.planner.federation.ready import Engine
from scheduling.planner.federation.whole import Freedom, Whole
from scheduling.planner.keeping import KeptReasons, to_keep
from scheduling.planner.world import Placed
from scheduling.schemes import kept, store, tailoring
from scheduling.schemes.rules import State as SchemeState
from scheduling.schemes.standing import all_standing
from scheduling.schemes.world import Surroundings, book_of, read_surroundings
from scheduling.sessions import commands as sessions
from scheduling.sessions.rules import AHEAD, Standing, State, Timetabled, may_be_replanned
from servicekit.clock import now
from servicekit.db import Cause, Tx
from servicekit.facts import hold_subject, record_all
from servicekit.timers import ask_for

REPLAN = "session.replan"


@dataclass(frozen=True)
class Question:
    """A session that nobody can come to, and the world around it."""

    session_id: SessionId
    programme: ProgrammeCode
    declined: frozenset[PersonId]
    around: Surroundings
    programmes: Mapping[OrderId, ProgrammeCode]
    may_make_room: frozenset[SessionId]
    """Those of its cohort that are ahead, and others' that nobody was asked for yet; what is pinned never."""
    engine: bool
    """Whether the engine is compiled: a session that nobody can come to does not wait for that."""


@dataclass(frozen=True)
class Answer:
    """Sessions at their new times, or what was tried; good for the plan as it was at `number`."""

    session_id: SessionId
    number: int
    step: int
    moved: tuple[Placed, ...]
    tried: tuple[Reason, ...]
    orders: frozenset[OrderId] = frozenset()
    """Whose sessions move."""
    kept: Mapping[SessionId, KeptReasons] = field(default_factory=dict)
    """The reasons for the moves."""


async def note_unstaffable(
    tx: Tx, order_id: object, session_id: SessionId, declined: tuple[PersonId, ...], *, because: Cause
) -> None:
    """Nobody can come as the session stands: another time is sought, as a job."""
    if await sessions.nobody_comes(tx, session_id, declined):
        await ask_for(tx, REPLAN, key=session_id, subject=order_id, because=because)


async def read(tx: Tx, session_id: SessionId) -> Question | None:
    """What the planner needs; nothing when somebody comes after all, or it is too late."""
    row = await sessions.find(tx, session_id)
    if row is None or not may_be_replanned(row, now=await now(tx)):
        return None
    stored = await store.read(tx, row.told.order_id)
    standing = await all_standing(tx)
    pinned = await store.all_pinned(tx)
    _, _, rows = await sessions.on_the_timetable(tx, known(tx).book)
    return Question(
        session_id,
        stored.ordered.programme,
        row.declined,
        await read_surroundings(tx, row.told.order_id),
        {order_id: each.programme for order_id, each in standing.items()},
        frozenset(
            other.told.session_id
            for other in rows
            if other.state is State.SCHEDULED
            and other.told.session_id not in pinned
            and standing[other.told.order_id].state is SchemeState.CONFIRMED
            and (other.told.cohort_id == row.told.cohort_id or other.standing is Standing.PROPOSED)
        ),
        Engine.ready,
    )


def compute(question: Question) -> Answer:
    """A move that the enterprise allowed beforehand; what there is beyond that is named to the coordinator."""
    around = question.around
    book = book_of(around.folder)
    programme = book.programmes.programmes[question.programme]
    soonest = around.today + timedelta(days=max(0, programme.tolerance.notice_days - 1))
    seek = partial(
        plan_move,
        question.session_id,
        replace(around.world(book), today=soonest),
        programme,
        declined=question.declined,
    )
    told = seek(told_on=around.today)
    answer = partial(Answer, question.session_id, around.number)
    if told.moved:
        return answer(
            told.step,
            told.moved,
            told.tried,
            frozenset(_orders(told.moved, around)),
            _to_keep(question, told.moved),
        )
    chosen = _chosen_anew(question, soonest) if question.engine and not _is_pinned(question) else ()
    if chosen:
        return answer(4, chosen, told.tried, frozenset(_orders(chosen, around)), _to_keep(question, chosen))
    other = seek()
    outside = [
        because("move.outside_tolerance", day=p.day, band=p.band, position=p.session.position)
        for p in other.moved
        if not within_tolerance(
            p, _old(p, around), around.cohorts[p.session.cohort_id], programme, around.today
        )
    ]
    tried = (*other.tried, *outside) or (
        because("slot.none_left", notice_days=programme.tolerance.notice_days),
    )
    return answer(other.step, (), tried)


def _is_pinned(question: Question) -> bool:
    """Whether the coordinator keeps it at its time: then nothing moves it, and nothing makes room for it."""
    return any(p.pinned and p.session.session_id == question.session_id for p in question.around.sessions)


def _chosen_anew(question: Question, soonest: date) -> tuple[Placed, ...]:
    """What the engine finds where the plain search finds nothing: the cohort and its rivals chosen together."""
    from scheduling.planner.federation.repair import repaired  # noqa: PLC0415  loads the compiler

    around = question.around
    book = book_of(around.folder)
    world = around.world(book)
    after = {p.session.session_id for p in world.sessions if p.day > soonest}
    free = (question.may_make_room & after) | {question.session_id}
    whole = Whole(
        world=world,
        programmes={id_: book.programmes.programmes[code] for id_, code in question.programmes.items()},
        free=dict.fromkeys(free, Freedom.TOLD),
        open_from=soonest + timedelta(days=1),
    )
    moved = repaired(whole, question.session_id)
    return tuple(explained(whole, whole.after(moved), placed) for placed in moved)


def _to_keep(question: Question, moved: tuple[Placed, ...]) -> Mapping[SessionId, KeptReasons]:
    around = question.around
    return to_keep(kept.with_moves(around.world(book_of(around.folder)), moved), moved)


def _orders(moved: Iterable[Placed], around: Surroundings) -> Iterator[OrderId]:
    return (around.cohorts[placed.session.cohort_id].order_id for placed in moved)


def _old(placed: Placed, around: Surroundings) -> Placed:
    return next(p for p in around.sessions if p.session.session_id == placed.session.session_id)


async def save(tx: Tx, order_id: object, answer: Answer) -> None:
    """Say where it is held now, or that no time was found; computed again if the plan has moved meanwhile."""
    await hold_subject(tx, order_id, *answer.orders)  # all at once
    row = await sessions.find(tx, answer.session_id)
    if row is None or not may_be_replanned(row, now=await now(tx)):
        return
    if not answer.moved:
        if await store.plan_number(tx) != answer.number:
            await ask_for(tx, REPLAN, key=answer.session_id, subject=order_id)
            return
        await record_all(tx, [await sessions.unplace(tx, row, answer.tried)])
        return
    rows = [await sessions.find(tx, placed.session.session_id) for placed in answer.moved]
    ahead = [each for each in rows if each is not None and each.state in AHEAD]
    if len(ahead) < len(rows) or await store.draw_plan_number(tx) != answer.number + 1:
        await ask_for(tx, REPLAN, key=answer.session_id, subject=order_id)
        return
    await _move(tx, ahead, answer)


async def _move(tx: Tx, rows: list[Timetabled], answer: Answer) -> None:
    reason = because("session.nobody_can_come", step=answer.step)
    book = known(tx).book
    facts: list[SessionFact] = [
        sessions.moved(row, placed, reason, book) for row, placed in zip(rows, answer.moved, strict=True)
    ]
    await sessions.apply(tx, facts)
    await record_all(tx, facts)
    await kept.keep_moves(tx, zip(rows, answer.moved, strict=True), answer.kept)
    for order_id in dict.fromkeys(row.told.order_id for row in rows):
        stored = await store.read(tx, order_id)
        own = {row.told.session_id for row in rows if row.told.order_id == order_id}
        await tailoring.follow(tx, stored, tuple(p for p in answer.moved if p.session.session_id in own))
