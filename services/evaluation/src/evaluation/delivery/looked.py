"""Sessions as they were held, for whoever looks at several of them side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contracts.values import CrewCode, PersonId, SessionId, WorkerId
from evaluation.delivery import store
from evaluation.delivery.session import HELD, Session
from servicekit.db import Tx
from servicekit.removals import note_removal

DAY = timedelta(days=1)


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
    await note_removal(tx, "devices", await store.forget_devices(tx, session_id))


async def led_by(tx: Tx, people: Sequence[PersonId]) -> list[Session]:
    """All sessions that one of them has held, of any order."""
    return await store.held_by(tx, people)


async def several(tx: Tx, sessions: Sequence[SessionId]) -> list[Session]:
    """These sessions, in this order."""
    return [await store.read(tx, each) for each in sessions]
