"""Where the report ends: a session, and each sign-in that was counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from portal.boards.orders import order_card
from portal.boards.sessions import session_row
from portal.report import HELD
from portal.scope import Scope
from portal.web.names import Names
from servicekit.db import Tx

NUMBER = select(order_card.c.number)


class AttendedSeen(BaseModel):
    """What counts of a worker."""

    minutes: int
    way: str
    act_id: UUID


class WorkerSeen(BaseModel):
    """A worker of the cohort."""

    worker_id: UUID
    name: str
    signed_at: datetime | None = None
    attendance: AttendedSeen | None = None


class SheetSeen(BaseModel):
    """The attendance sheet, as evaluation tells it."""

    rows: list[WorkerSeen]


@dataclass(frozen=True)
class Act:
    """A sign-in that counts."""

    name: str
    at: str
    way: str
    minutes: int
    act: str


@dataclass(frozen=True)
class SessionActs:
    """A session as it was counted."""

    title: str
    when: str
    enterprise: str
    place: str
    college: str
    number: str
    story: str
    class_hours: int
    acts: tuple[Act, ...]
    told: bool
    """Whether evaluation has said how each signed in."""


@dataclass(frozen=True)
class HeldRow:
    """A held session, with who was there by the portal's own board."""

    session_id: UUID
    order_id: UUID
    number: str
    unit: str
    enterprise_id: str
    division: str
    held_by: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    class_hours: int
    attended: dict[str, int]


async def session_of(tx: Tx, scope: Scope, session: UUID) -> HeldRow | None:
    """The session, if it was held and is in scope."""
    row = (await tx.execute(HELD.where(scope.sessions(), session_row.c.session_id == session))).one_or_none()
    if row is None:
        return None
    number = await tx.scalar(NUMBER.where(scope.orders(), order_card.c.order_id == row.order_id))
    own = {name: getattr(row, name) for name in HeldRow.__annotations__ if name != "number"}
    return HeldRow(number=number or "—", **own)


def acts_of(row: HeldRow, sheet: SheetSeen | None, names: Names) -> SessionActs:
    """Who was counted: as many as the report's person-times of it. Names only where evaluation tells them."""
    text = names.text
    told = {each.worker_id: each for each in sheet.rows} if sheet else {}
    return SessionActs(
        title=names.unit(row.unit),
        when=text.span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else "—",
        enterprise=names.organisation(row.enterprise_id),
        place=names.division(row.division),
        college=names.organisation(row.held_by),
        number=row.number,
        story=f"/orders/{row.order_id}/story",
        class_hours=row.class_hours,
        acts=tuple(
            _act(UUID(worker), minutes, told.get(UUID(worker)), names)
            for worker, minutes in row.attended.items()
        ),
        told=sheet is not None,
    )


def _act(worker: UUID, minutes: int, seen: WorkerSeen | None, names: Names) -> Act:
    text = names.text
    entry = seen.attendance if seen else None
    return Act(
        name=seen.name if seen else text("report.worker_of", number=str(worker)[-6:]),
        at=text.stamp(seen.signed_at) if seen and seen.signed_at else "—",
        way=text.or_code("my.way", entry.way) if entry else "—",
        minutes=minutes,
        act=str(entry.act_id)[-12:] if entry else "—",
    )
