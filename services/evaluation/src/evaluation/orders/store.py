"""Rows of orders: what was accepted, and where scheme and delivery stand."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Boolean, Column, Date, String, Table, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.refusals import NotFound
from contracts.values import (
    DivisionCode,
    EnterpriseId,
    LevelCode,
    OccupationCode,
    OrderId,
    OrderLine,
    OrderNumber,
    OrganisationName,
    ProgrammeCode,
    ServiceLine,
    ShiftPatternCode,
    UnionId,
    WorkerId,
)
from evaluation.metadata import metadata
from servicekit.db import Tx
from servicekit.facts import hold_subject
from servicekit.identity import Actor

LINES = TypeAdapter(tuple[OrderLine, ...])

served_order = Table(
    "served_order",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("number", String(12), nullable=False),
    Column("enterprise_id", String(40), nullable=False),
    Column("enterprise_name", String(120), nullable=False),
    Column("programme", String(40), nullable=False),
    Column("division", String(6), nullable=False),
    Column("union_id", String(40), nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("shift_pattern", String(12)),
    Column("shift_anchor", Date),
)
READ = select(served_order).where(served_order.c.order_id == bindparam("order_id"))
NAME = (
    select(served_order.c.enterprise_name)
    .where(served_order.c.enterprise_id == bindparam("enterprise_id"))
    .order_by(served_order.c.number.desc())
    .limit(1)
)
OF_ENTERPRISE = select(
    select(served_order.c.order_id).where(served_order.c.enterprise_id == bindparam("id")).exists()
)
OF_UNION = select(select(served_order.c.order_id).where(served_order.c.union_id == bindparam("id")).exists())
_save = upsert(served_order)
SAVE = _save.on_conflict_do_update(
    index_elements=["order_id"],
    set_={c.name: _save.excluded[c.name] for c in served_order.c if c.name != "order_id"},
)


@dataclass(frozen=True)
class Order:
    """An accepted order, as far as evaluation needs it."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    enterprise_name: OrganisationName
    programme: ProgrammeCode
    division: DivisionCode
    union_id: UnionId
    lines: tuple[OrderLine, ...]
    cancelled: bool = False
    shift_pattern: ShiftPatternCode | None = None
    """How the enterprise's people work, and a day on which crew A begins its cycle; none = told before it was kept."""
    shift_anchor: date | None = None

    def line(self, number: int) -> OrderLine | None:
        """The line of this number, if the order has one."""
        return next((line for line in self.lines if line.line == number), None)

    def training_for(self, occupation: OccupationCode, level: LevelCode) -> tuple[int, ...]:
        """Lines of the order that train for this evaluation."""
        return tuple(
            line.line
            for line in self.lines
            if line.service is ServiceLine.THEORY_TRAINING
            and (line.occupation, line.level) == (occupation, level)
        )

    @property
    def workers(self) -> tuple[WorkerId, ...]:
        """Everybody on any line, each once."""
        return tuple(dict.fromkeys(t.worker_id for line in self.lines for t in line.trainees))

    @property
    def is_joint(self) -> bool:
        """Whether its people are those of several enterprises."""
        return any(t.enterprise_id is not None for line in self.lines for t in line.trainees)

    def people_of(self, enterprise_id: EnterpriseId | None) -> frozenset[WorkerId]:
        """The workers of one enterprise: of a joint order those it sent, else everybody of its own order."""
        return frozenset(
            t.worker_id
            for line in self.lines
            for t in line.trainees
            if (t.enterprise_id or self.enterprise_id) == enterprise_id
        )

    def seen_by(self, by: Actor) -> bool:
        """The union sees every order, an enterprise its own and the joint ones that it has people in."""
        if sees(by, self.enterprise_id):
            return True
        return self.is_joint and by.may("enterprise") and bool(self.people_of(by.organisation))

    def with_lines(self, lines: tuple[OrderLine, ...]) -> "Order":
        """The order after an amendment."""
        return replace(self, lines=lines)


async def lock(tx: Tx, order_id: OrderId, *, seen_by: Actor | None = None) -> Order:
    """The order, held to the end of the transaction; `order.unknown` also for another enterprise's."""
    await hold_subject(tx, order_id)
    return await read(tx, order_id, seen_by=seen_by)


async def read(tx: Tx, order_id: OrderId, *, seen_by: Actor | None = None) -> Order:
    """The order, not held; `order.unknown` also for another enterprise's."""
    found = await find(tx, order_id)
    if found is None or (seen_by is not None and not found.seen_by(seen_by)):
        raise NotFound("order.unknown", order_id=order_id)
    return found


async def find(tx: Tx, order_id: UUID) -> Order | None:
    """The order, if it was accepted."""
    row = (await tx.execute(READ, {"order_id": order_id})).one_or_none()
    if row is None:
        return None
    told = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    return Order(**(told | {"lines": LINES.validate_python(told["lines"])}))


async def name_of(tx: Tx, enterprise_id: EnterpriseId) -> str | None:
    """What an enterprise calls itself in its newest order here."""
    name: str | None = await tx.scalar(NAME, {"enterprise_id": enterprise_id})
    return name


async def is_of_enterprise(tx: Tx, organisation: str) -> bool:
    """An order of this enterprise was accepted."""
    return await tx.scalar(OF_ENTERPRISE, {"id": organisation}) is True


async def is_of_union(tx: Tx, organisation: str) -> bool:
    """This union has accepted an order."""
    return await tx.scalar(OF_UNION, {"id": organisation}) is True


async def save(tx: Tx, order: Order) -> None:
    """Write the order as it is now."""
    await tx.execute(
        SAVE,
        {
            "order_id": order.order_id,
            "number": order.number,
            "enterprise_id": order.enterprise_id,
            "enterprise_name": order.enterprise_name,
            "programme": order.programme,
            "division": order.division,
            "union_id": order.union_id,
            "lines": LINES.dump_python(order.lines, mode="json"),
            "cancelled": order.cancelled,
            "shift_pattern": order.shift_pattern,
            "shift_anchor": order.shift_anchor,
        },
    )


def sees(by: Actor, enterprise_id: EnterpriseId) -> bool:
    """The union sees every order, an enterprise its own."""
    return by.may("union") or (by.may("enterprise") and by.organisation == enterprise_id)
