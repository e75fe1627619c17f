"""Sessions as they were held, for whoever looks at several of them side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.values import CrewCode, PersonId, SessionId, WorkerId
from evaluation.delivery import store
from evaluation.delivery.session import HELD, Session
from evaluation.known import known
from servicekit.db import Tx
from servicekit.removals import note_removal
from servicekit.timers import drop_deadline, set_deadline

DAY = timedelta(days=1)
MARKS_END = "phone_marks_end"
"""Deadline of every session in which a phone was marked."""


@dataclass(frozen=True)
class Beside:
    """A session, those of the days around it, and those of its class; marks of phones by session and worker."""

    session: Session
    near: list[Session]
    cohort: list[Session]
    devices: Mapping[tuple[SessionId, WorkerId], str]
    crews: frozenset[CrewCode] | None
    """None = told before it was kept."""


async def beside(tx: Tx, session_id: SessionId) -> Beside | None:
    """What was held around a session; nothing when it was not held."""
    session = await store.read(tx, session_id)
    if session.state not in HELD:
        return None
    day = session.slot.day
    return Beside(
        session=session,
        near=await store.held_on(tx, [day - DAY, day, day + DAY]),
        cohort=await store.held_for(tx, session.cohort_id),
        devices=await store.devices(tx, [session_id]),
        crews=await store.crews_of(tx, session.cohort_id),
    )


async def done_with(tx: Tx, session_id: SessionId) -> None:
    """The session was looked at: the marks of its phones have no use any more."""
    await drop_deadline(tx, MARKS_END, session_id)
    await forget_marks(tx, session_id)


async def await_marks_end(tx: Tx, session: Session, first: datetime) -> None:
    """Looked at or not, no mark is kept longer than the rules of its day say (`personal.kept.devices`)."""
    due = known(tx).programmes.rules.personal.over("devices", first)
    await set_deadline(tx, MARKS_END, key=session.session_id, subject=session.order_id, due=due)


async def forget_marks(tx: Tx, session_id: SessionId) -> None:
    """No phone of the session is known any more."""
    await note_removal(tx, "devices", await store.forget_devices(tx, session_id))


async def led_by(tx: Tx, people: Sequence[PersonId]) -> list[Session]:
    """All sessions that one of them has held, of any order."""
    return await store.held_by(tx, people)


async def several(tx: Tx, sessions: Sequence[SessionId]) -> list[Session]:
    """These sessions, in this order."""
    return [await store.read(tx, each) for each in sessions]
