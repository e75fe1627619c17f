"""What is done with sessions on the timetable. Their order is held by whoever calls."""

from collections.abc import Iterable, Mapping, Sequence

from contracts.evaluation import SessionMissed
from contracts.instructor_dispatch import AssignmentFact
from contracts.refusals import NotAllowed, NotFound
from contracts.scheduling import (
    SessionCancelled,
    SessionFact,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
)
from contracts.values import CohortId, EnterpriseId, OrderId, PersonId, Reason, SessionId
from scheduling.memory import Remembered
from scheduling.planner.world import CohortPlan, Placed, Session
from scheduling.sessions import rules, store
from scheduling.sessions.rules import Timetabled
from servicekit.db import Tx
from servicekit.identity import Actor
from staffing.rulebook import Rulebook


async def schedule(
    tx: Tx, facts: Sequence[SessionScheduled], cohorts: Iterable[CohortPlan], *, version: int
) -> None:
    """Sessions of a confirmed version come onto the timetable; the caller says so."""
    await store.add_cohorts(tx, cohorts)
    await store.save(tx, [rules.scheduled(fact, version=version) for fact in facts])


def moved(row: Timetabled, placed: Placed, because: Reason, book: Rulebook) -> SessionMoved:
    """That the session is held at another time."""
    return rules.moved(
        row,
        book.slot(placed.day, placed.band),
        because=because,
        proposed=placed.person_id,
        reasons=placed.reasons,
    )


def cancelled(row: Timetabled, reason: Reason) -> SessionCancelled | None:
    """That the session will not be held; nothing when it was held, or is cancelled already."""
    return rules.cancel(row, reason)


async def cancelled_by_hand(
    tx: Tx, order_id: OrderId, session_id: SessionId, reason: Reason
) -> SessionCancelled:
    """That one session of the order will not be held; the fact is the caller's to record."""
    rows = await store.listed(tx, order_id=order_id)
    row = next((each for each in rows if each.told.session_id == session_id), None)
    if row is None:
        raise NotFound("scheme.session_unknown", session_id=str(session_id))
    fact = rules.cancel_one(row, rows, reason)
    await apply(tx, [fact])
    return fact


async def apply(tx: Tx, facts: Sequence[SessionFact]) -> None:
    """The sessions after the facts; the facts are the caller's to record."""
    rows = [rules.evolve(await store.read(tx, fact.session_id), fact) for fact in facts]
    await store.save(tx, rows)


async def unplace(tx: Tx, row: Timetabled, tried: Sequence[Reason]) -> SessionUnplaced:
    """No other time was found; the fact is the caller's to record."""
    fact = rules.unplaced(row, tried)
    await store.save(tx, [rules.evolve(row, fact)])
    return fact


async def cancel_all(tx: Tx, order_id: OrderId, reason: Reason) -> list[SessionCancelled]:
    """Whatever of the order was not held; the facts are the caller's to record."""
    rows = await store.listed(tx, order_id=order_id)
    facts = [fact for row in rows if (fact := rules.cancel(row, reason)) is not None]
    await apply(tx, facts)
    return facts


async def learn(tx: Tx, session_id: SessionId, fact: AssignmentFact) -> None:
    """Dispatch says who comes."""
    row = await store.read(tx, session_id)
    learnt = rules.learn(row, fact)
    if learnt != row:
        await store.save(tx, [learnt])


async def nobody_comes(tx: Tx, session_id: SessionId, declined: Sequence[PersonId]) -> bool:
    """Dispatch has found nobody; whether the session is still ahead and another time should be sought."""
    row = await store.read(tx, session_id)
    if row.state not in rules.AHEAD:
        return False
    await store.save(tx, [rules.nobody_comes(row, declined)])
    return True


async def note_opened(tx: Tx, session_id: SessionId) -> None:
    """The session takes place."""
    await store.save(tx, [rules.opened(await store.read(tx, session_id))])


async def note_missed(tx: Tx, fact: SessionMissed) -> None:
    """Nobody opened the session."""
    await store.save(tx, [rules.missed(await store.read(tx, fact.session_id), fact.slot)])


async def find(tx: Tx, session_id: SessionId) -> Timetabled | None:
    """The session, if it is on the timetable."""
    return await store.find(tx, session_id)


async def of_order(tx: Tx, order_id: OrderId) -> list[Timetabled]:
    """All sessions of the order that ever stood on the timetable, by time."""
    return await store.listed(tx, order_id=order_id)


async def cancelled_of(tx: Tx, order_id: OrderId) -> set[SessionId]:
    """Sessions of the order that will not be held at all."""
    return await store.cancelled(tx, order_id)


async def cohorts(tx: Tx, ids: Sequence[CohortId]) -> list[CohortPlan]:
    """These cohorts, in this order."""
    known = await store.cohorts(tx, ids)
    return [known[each] for each in ids]


async def on_the_timetable(
    tx: Tx, book: Rulebook
) -> tuple[list[Placed], Mapping[CohortId, CohortPlan], list[Timetabled]]:
    """All that is or was to be held, of all orders, as the planner sees it; the cohorts; and the rows."""
    rows = await store.standing(tx)
    cohorts = await store.cohorts(tx, {row.told.cohort_id for row in rows})
    return [as_placed(row, book) for row in rows], cohorts, rows


async def on_the_timetable_kept(
    tx: Tx, book: Rulebook, kept: Remembered[tuple[Timetabled, Placed]], known: dict[CohortId, CohortPlan]
) -> dict[SessionId, tuple[Timetabled, Placed]]:
    """The same, by id; what did not change is the same object as before, and `known` has every cohort afterwards."""

    async def load(ids: list[SessionId]) -> Mapping[SessionId, tuple[Timetabled, Placed]]:
        rows = await store.some(tx, ids)
        known.update(await store.cohorts(tx, {row.told.cohort_id for row in rows} - known.keys()))
        return {row.told.session_id: (row, as_placed(row, book)) for row in rows}

    return await kept.read(await store.versions(tx), load)


async def list_sessions(
    tx: Tx, order_id: OrderId | None, *, by: Actor
) -> tuple[list[Timetabled], Mapping[CohortId, CohortPlan]]:
    """The sessions that somebody may see, by time, with their cohorts."""
    rows = await store.listed(tx, order_id=order_id, of=scope_of(by))
    return rows, await store.cohorts(tx, {row.told.cohort_id for row in rows})


def scope_of(by: Actor) -> EnterpriseId | None:
    """Whose orders somebody sees: all, or those of their own enterprise."""
    if by.may("union", "service"):
        return None
    if not by.organisation:
        raise NotAllowed("scheme.organisation_missing")
    return by.organisation


def as_placed(row: Timetabled, book: Rulebook) -> Placed:
    """The session as the planner sees it."""
    told = row.told
    unit = book.programmes.units.get(told.unit)
    bands = book.programmes.bands_for(unit) if unit else (told.slot.band,)
    return Placed(
        session=Session(
            session_id=told.session_id,
            cohort_id=told.cohort_id,
            position=told.position,
            unit=told.unit,
            mode=told.mode,
            class_hours=told.class_hours,
            needs=told.needs,
            enterprise_id=told.enterprise_id,
            division=told.division,
            bands=bands,
            declined=row.declined,
        ),
        day=told.slot.day,
        band=told.slot.band,
        person_id=row.person_id,
        reasons=told.reasons,
        held=row.state is rules.State.HELD,
    )
