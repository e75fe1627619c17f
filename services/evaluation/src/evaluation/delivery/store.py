"""Rows of sessions, cohorts and sign-ins."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from contracts.values import (
    Attendance,
    Cohort,
    CrewCode,
    Excused,
    Handed,
    OrderId,
    SessionId,
    Slot,
    Way,
    WorkerId,
)  # fmt: skip
from evaluation.delivery.session import HELD, Confirmed, Delivery, Session, SignIn, SignOut, State
from evaluation.delivery.tables import cohort, delivery, note, session, sign_in, sign_out
from servicekit.db import Tx
from servicekit.facts import hold_subject

ATTENDED = TypeAdapter(tuple[Attendance, ...])
EXCUSED = TypeAdapter(tuple[Excused, ...])
MATERIALS = TypeAdapter(tuple[Handed, ...])


def _one(condition: ColumnElement[bool]) -> Any:
    return select(session).where(condition).order_by(session.c.slot["starts_at"].astext, session.c.session_id)


ORDER_OF = select(session.c.order_id).where(session.c.session_id == bindparam("session_id"))
BEGUN = select(session.c.opened_by.is_not(None)).where(session.c.session_id == bindparam("session_id"))
READ = _one(session.c.session_id == bindparam("session_id"))
OF_ORDER = _one(session.c.order_id == bindparam("order_id"))
OF_PERSON = _one(session.c.lead == bindparam("person"))
WAS_HELD = session.c.state.in_([each.value for each in HELD])
HELD_ON = _one(session.c.slot["day"].astext.in_(bindparam("days", expanding=True)) & WAS_HELD)
HELD_FOR = _one((session.c.cohort_id == bindparam("cohort_id")) & WAS_HELD)
HELD_BY = _one(session.c.opened_by.in_(bindparam("people", expanding=True)) & WAS_HELD)
DEVICES = select(sign_in.c.session_id, sign_in.c.worker_id, sign_in.c.device).where(
    sign_in.c.session_id.in_(bindparam("sessions", expanding=True)), sign_in.c.device.is_not(None)
)
FORGET_DEVICES = (
    update(sign_in)
    .where(sign_in.c.session_id == bindparam("of_session"), sign_in.c.device.is_not(None))
    .values(device=None)
    .returning(sign_in.c.worker_id)
)
CREWS = select(cohort.c.crews).where(cohort.c.cohort_id == bindparam("cohort_id"))
BY_ASSIGNMENT = _one(session.c.assignment == bindparam("assignment"))
_save = upsert(session)
SAVE = _save.on_conflict_do_update(
    index_elements=["session_id"],
    set_={c.name: _save.excluded[c.name] for c in session.c if c.name not in ("session_id", "order_id")},
)
_note = upsert(note)
NOTE = _note.on_conflict_do_update(
    index_elements=["session_id", "kind"], set_={"text": _note.excluded["text"]}
)
NOTES = select(note.c.kind, note.c.text).where(note.c.session_id == bindparam("session_id"))
_cohort = upsert(cohort)
SAVE_COHORT = _cohort.on_conflict_do_update(
    index_elements=["cohort_id"], set_={name: _cohort.excluded[name] for name in ("workers", "line", "crews")}
)
WORKERS = select(cohort.c.workers).where(cohort.c.cohort_id == bindparam("cohort_id"))
COHORTS = select(cohort.c.cohort_id, cohort.c.workers).where(cohort.c.order_id == bindparam("order_id"))
SIGNED = select(sign_in).where(sign_in.c.session_id == bindparam("session_id"))
SIGN = insert(sign_in)
LEFT = select(sign_out).where(sign_out.c.session_id == bindparam("session_id"))
LEAVE = insert(sign_out)
COHORTS_OF_LINE = select(cohort.c.cohort_id, cohort.c.workers).where(
    cohort.c.order_id == bindparam("order_id"), cohort.c.line == bindparam("of_line")
)
DELIVERY = select(delivery).where(delivery.c.order_id == bindparam("order_id"))
_delivery = upsert(delivery)
SAVE_DELIVERY = _delivery.on_conflict_do_update(
    index_elements=["order_id"],
    set_={name: _delivery.excluded[name] for name in ("promised", "arrived", "completed")},
)


async def lock(tx: Tx, session_id: SessionId) -> Session:
    """The session, its order held to the end of the transaction; `session.unknown`."""
    order_id = await tx.scalar(ORDER_OF, {"session_id": session_id})
    if order_id is not None:
        await hold_subject(tx, order_id)
    return await read(tx, session_id)


async def read(tx: Tx, session_id: SessionId) -> Session:
    """The session, not held; `session.unknown`."""
    row = (await tx.execute(READ, {"session_id": session_id})).one_or_none()
    if row is None:
        raise NotFound("session.unknown", session_id=session_id)
    return _session(row)


async def is_begun(tx: Tx, session_id: SessionId) -> bool:
    """Whether the session is known here and was opened."""
    return bool(await tx.scalar(BEGUN, {"session_id": session_id}))


async def of_order(tx: Tx, order_id: OrderId) -> list[Session]:
    """All sessions of an order by time, cancelled ones too."""
    return [_session(row) for row in await tx.execute(OF_ORDER, {"order_id": order_id})]


async def of_person(tx: Tx, person: UUID) -> list[Session]:
    """All sessions that this person is to lead, by time."""
    return [_session(row) for row in await tx.execute(OF_PERSON, {"person": person})]


async def held_on(tx: Tx, days: Sequence[date]) -> list[Session]:
    """All sessions that were held on one of these days, by time."""
    rows = await tx.execute(HELD_ON, {"days": [each.isoformat() for each in days]})
    return [_session(row) for row in rows]


async def held_for(tx: Tx, cohort_id: UUID) -> list[Session]:
    """All sessions that this class has had, by time."""
    return [_session(row) for row in await tx.execute(HELD_FOR, {"cohort_id": cohort_id})]


async def held_by(tx: Tx, people: Sequence[UUID]) -> list[Session]:
    """All sessions that one of these people opened and that were held, by time."""
    return [_session(row) for row in await tx.execute(HELD_BY, {"people": list(people)})]


async def all_held(tx: Tx, order_ids: Collection[OrderId] | None) -> list[Session]:
    """All sessions that were held, of these orders or of all, by time."""
    asked = _one(WAS_HELD)
    if order_ids is not None:
        asked = asked.where(session.c.order_id.in_(list(order_ids)))
    return [_session(row) for row in await tx.execute(asked)]


async def devices(tx: Tx, sessions: Sequence[SessionId]) -> dict[tuple[SessionId, WorkerId], str]:
    """The marks of phones that scanned, where they are known."""
    rows = await tx.execute(DEVICES, {"sessions": list(sessions)})
    return {(row.session_id, row.worker_id): row.device for row in rows}


async def forget_devices(tx: Tx, session_id: SessionId) -> int:
    """No mark of a phone is known of the session any more; how many were."""
    return len((await tx.execute(FORGET_DEVICES, {"of_session": session_id})).all())


async def crews_of(tx: Tx, cohort_id: UUID) -> frozenset[CrewCode] | None:
    """The crews that the confirmed scheme made the cohort of; nothing where that was told before it was kept."""
    crews = await tx.scalar(CREWS, {"cohort_id": cohort_id})
    return None if crews is None else frozenset(crews)


async def by_assignment(tx: Tx, assignment: UUID) -> Session | None:
    """The session whose lead came by this assignment."""
    row = (await tx.execute(BY_ASSIGNMENT, {"assignment": assignment})).one_or_none()
    return None if row is None else _session(row)


async def save(tx: Tx, state: Session) -> None:
    """Write the session as it is now."""
    told = {c.name: getattr(state, c.name) for c in session.c}
    told["slot"] = state.slot.model_dump(mode="json")
    told["attended"] = ATTENDED.dump_python(state.attended, mode="json")
    told["excused"] = EXCUSED.dump_python(state.excused, mode="json")
    told["incidents"] = list(state.incidents)
    told["materials"] = MATERIALS.dump_python(state.materials, mode="json")
    await tx.execute(SAVE, told)


async def save_note(tx: Tx, session_id: SessionId, kind: str, text: str) -> None:
    """Keep free words about a session, encrypted."""
    await tx.execute(NOTE, {"session_id": session_id, "kind": kind, "text": text})


async def notes(tx: Tx, session_id: SessionId) -> dict[str, str]:
    """Free words about a session by kind: `report`, `incident`, `dispute`."""
    return {row.kind: row.text for row in await tx.execute(NOTES, {"session_id": session_id})}


async def save_cohorts(tx: Tx, order_id: OrderId, cohorts: Sequence[Cohort]) -> None:
    """Remember who learns together."""
    if cohorts:
        rows = [
            {
                "cohort_id": each.cohort_id,
                "order_id": order_id,
                "line": each.line,
                "letter": each.letter,
                "workers": list(each.workers),
                "crews": list(each.crews),
            }
            for each in cohorts
        ]
        await tx.execute(SAVE_COHORT, rows)


async def workers_of(tx: Tx, cohort_id: UUID) -> tuple[WorkerId, ...]:
    """The cohort's workers; nobody when it is unknown."""
    return tuple(await tx.scalar(WORKERS, {"cohort_id": cohort_id}) or ())


async def cohorts_of(tx: Tx, order_id: OrderId) -> Mapping[UUID, frozenset[WorkerId]]:
    """Who learns in which cohort of the order."""
    rows = await tx.execute(COHORTS, {"order_id": order_id})
    return {row.cohort_id: frozenset(row.workers) for row in rows}


async def signed(tx: Tx, session_id: SessionId) -> dict[WorkerId, SignIn]:
    """Who has signed in, each once."""
    rows = await tx.execute(SIGNED, {"session_id": session_id})
    return {
        row.worker_id: SignIn(
            row.act_id,
            row.worker_id,
            row.at,
            Way(row.way),
            row.clock_offset,
            row.device,
            on_paper=row.on_paper,
            left_at=row.left_at,
        )
        for row in rows
    }


async def sign(tx: Tx, session_id: SessionId, acts: Sequence[SignIn]) -> None:
    """Keep the acts that count."""
    if acts:
        rows = [
            {
                "session_id": session_id,
                "worker_id": act.worker_id,
                "act_id": act.act_id,
                "at": act.at,
                "way": act.way,
                "clock_offset": act.clock_offset,
                "device": act.device,
                "on_paper": act.on_paper,
                "left_at": act.left_at,
            }
            for act in acts
        ]
        await tx.execute(SIGN, rows)


async def left(tx: Tx, session_id: SessionId) -> dict[WorkerId, SignOut]:
    """Who has left before the end, each once."""
    rows = await tx.execute(LEFT, {"session_id": session_id})
    return {
        row.worker_id: SignOut(row.act_id, row.worker_id, row.at, Way(row.way), row.clock_offset)
        for row in rows
    }


async def leave(tx: Tx, session_id: SessionId, acts: Sequence[SignOut]) -> None:
    """Keep who left."""
    if acts:
        rows = [
            {
                "session_id": session_id,
                "worker_id": act.worker_id,
                "act_id": act.act_id,
                "at": act.at,
                "way": act.way,
                "clock_offset": act.clock_offset,
            }
            for act in acts
        ]
        await tx.execute(LEAVE, rows)


async def cohorts_of_line(tx: Tx, order_id: OrderId, line: int) -> Mapping[UUID, frozenset[WorkerId]]:
    """Who learns the same in which cohort of the order."""
    rows = await tx.execute(COHORTS_OF_LINE, {"order_id": order_id, "of_line": line})
    return {row.cohort_id: frozenset(row.workers) for row in rows}


async def delivery_of(tx: Tx, order_id: OrderId) -> Delivery:
    """How far the teaching of the order is; nothing promised when no scheme was confirmed."""
    row = (await tx.execute(DELIVERY, {"order_id": order_id})).one_or_none()
    if row is None:
        return Delivery(order_id)
    return Delivery(order_id, row.promised, row.arrived, row.completed)


async def save_delivery(tx: Tx, state: Delivery) -> None:
    """Write how far the teaching is."""
    await tx.execute(
        SAVE_DELIVERY,
        {
            "order_id": state.order_id,
            "promised": state.promised,
            "arrived": state.arrived,
            "completed": state.completed,
        },
    )


def _session(row: Any) -> Session:
    told = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    told["slot"] = Slot.model_validate(told["slot"])
    told["attended"] = ATTENDED.validate_python(told["attended"])
    told["excused"] = EXCUSED.validate_python(told["excused"])
    told["incidents"] = tuple(told["incidents"])
    told["materials"] = MATERIALS.validate_python(told["materials"])
    told["state"] = State(told["state"])
    told["confirmed"] = Confirmed(told["confirmed"]) if told["confirmed"] else None
    return Session(**told)
