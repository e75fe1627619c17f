"""Rows of orders. The lines stand in two columns: what is asked for or agreed, and what lies on the desk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from contracts.order_intake import OrderAmended, OrderFact, OrderPoolLeft
from contracts.refusals import NotFound
from contracts.values import EnterpriseId, OrderId, OrderLine, OrderNumber, PoolMember, Reason, Stage
from order_intake.metadata import metadata
from order_intake.orders.lines import DraftLine
from order_intake.orders.rules import Order, Pool, Progress, Site, State, evolve
from servicekit.db import EncryptedText, Tx, UtcTime
from servicekit.facts import hold_subject

training_order = Table(
    "training_order",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", String, nullable=False, unique=True),
    Column("enterprise_id", String, ForeignKey("enterprise.enterprise_id"), nullable=False, index=True),
    Column("programme", String, nullable=False),
    Column("special_session", Boolean, nullable=False),
    Column("survey_id", Uuid, ForeignKey("survey.id")),
    Column("state", String, nullable=False),
    Column("draft", JSON, nullable=False),
    Column("lines", JSON, nullable=False),
    Column("site", JSON),
    Column("union_id", String),
    Column("revision", Integer, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("closed", JSON, nullable=False),
    Column("note", EncryptedText("training_order.note")),
    Column("stages", JSON(none_as_null=True)),
    Column("by_hand", JSON, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("evaluated", JSON, nullable=False),
    Column("pool", JSON(none_as_null=True)),
    Column("members", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)
order_number = Table(
    "order_number",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

scope = bindparam("scope", type_=String)
SEEN = or_(scope.is_(None), training_order.c.enterprise_id == scope)
READ = select(training_order).where(training_order.c.id == bindparam("order_id"), SEEN)
READ_SOME = select(training_order).where(training_order.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
LIST = (
    select(training_order)
    .where(
        SEEN,
        or_(bindparam("state", type_=String).is_(None), training_order.c.state == bindparam("state")),
        or_(bindparam("before", type_=Uuid).is_(None), training_order.c.id < bindparam("before")),
    )
    .order_by(training_order.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
POOLABLE = (
    select(training_order)
    .where(
        training_order.c.state.in_([State.SUBMITTED.value, State.ACCEPTED.value]),
        training_order.c.pool.is_(None),
        training_order.c.stages.is_(None),
    )
    .order_by(training_order.c.id)
)
ADD = insert(training_order)
DISCARD = delete(training_order).where(training_order.c.id == bindparam("order_id"))
FORGET_NOTE = update(training_order).where(training_order.c.id == bindparam("order_id")).values(note=None)
SAVE = update(training_order).where(training_order.c.id == bindparam("order_id"))
_first = upsert(order_number).values(year=bindparam("of_year"), last=1)
DRAW = _first.on_conflict_do_update(
    index_elements=[order_number.c.year], set_={"last": order_number.c.last + 1}
).returning(order_number.c.last)
_given = upsert(order_number).values(year=bindparam("of_year"), last=bindparam("given"))
GIVEN = _given.on_conflict_do_update(
    index_elements=[order_number.c.year],
    set_={"last": func.greatest(order_number.c.last, _given.excluded.last)},
)

DRAFTS = TypeAdapter(tuple[DraftLine, ...])
LINES = TypeAdapter(tuple[OrderLine, ...])
REASONS = TypeAdapter(tuple[Reason, ...])
SITE = TypeAdapter(Site)
POOL = TypeAdapter(Pool)
MEMBERS = TypeAdapter(tuple[PoolMember, ...])
FOREIGN_KEY = "23503"


@dataclass(frozen=True, slots=True)
class Stored:
    """An order as it is kept: with its version, its progress, and the union's free words about it."""

    order: Order
    version: int
    progress: Progress
    note: str | None
    changed_at: datetime


def _of(row: Row[Any]) -> Stored:
    order = Order(
        id=row.id,
        number=row.number,
        enterprise_id=row.enterprise_id,
        programme=row.programme,
        special_session=row.special_session,
        survey_id=row.survey_id,
        state=State(row.state),
        draft=DRAFTS.validate_python(row.draft),
        lines=LINES.validate_python(row.lines),
        site=SITE.validate_python(row.site) if row.site else None,
        union_id=row.union_id,
        revision=row.revision,
        reasons=REASONS.validate_python(row.reasons),
        closed=frozenset(row.closed),
        pool=POOL.validate_python(row.pool) if row.pool else None,
        members=MEMBERS.validate_python(row.members),
    )
    progress = Progress(
        stages=None if row.stages is None else frozenset(map(Stage, row.stages)),
        by_hand=frozenset(row.by_hand),
        delivered=row.delivered,
        evaluated=frozenset(row.evaluated),
    )
    return Stored(order, row.version, progress, row.note, row.changed_at)


def _row(stored: Stored) -> dict[str, Any]:
    order, progress = stored.order, stored.progress
    return {
        "number": order.number,
        "enterprise_id": order.enterprise_id,
        "programme": order.programme,
        "special_session": order.special_session,
        "survey_id": order.survey_id,
        "state": order.state.value,
        "draft": DRAFTS.dump_python(order.draft, mode="json"),
        "lines": LINES.dump_python(order.lines, mode="json"),
        "site": SITE.dump_python(order.site, mode="json") if order.site else None,
        "union_id": order.union_id,
        "revision": order.revision,
        "reasons": REASONS.dump_python(order.reasons, mode="json"),
        "closed": sorted(order.closed),
        "note": stored.note,
        "stages": None if progress.stages is None else sorted(progress.stages),
        "by_hand": sorted(progress.by_hand),
        "delivered": progress.delivered,
        "evaluated": sorted(progress.evaluated),
        "pool": POOL.dump_python(order.pool, mode="json") if order.pool else None,
        "members": MEMBERS.dump_python(order.members, mode="json"),
        "version": stored.version,
        "changed_at": stored.changed_at,
    }


async def lock(tx: Tx, order_id: OrderId, *, of: EnterpriseId | None) -> Stored:
    """The order, held to the end of the transaction: one writer per order. `of` = whose it must be."""
    await hold_subject(tx, order_id)
    return await read(tx, order_id, of=of)


async def read(tx: Tx, order_id: OrderId, *, of: EnterpriseId | None) -> Stored:
    """The order; `order.unknown` when there is none, or not for this organisation."""
    row = (await tx.execute(READ, {"order_id": order_id, "scope": of})).one_or_none()
    if row is None:
        raise NotFound("order.unknown", order_id=order_id)
    return _of(row)


async def read_some(tx: Tx, ids: Iterable[OrderId]) -> list[Stored]:
    """These orders, as far as they exist."""
    return [_of(row) for row in await tx.execute(READ_SOME, {"ids": list(ids)})]


async def newest(
    tx: Tx, *, of: EnterpriseId | None, state: State | None, before: OrderId | None, most: int
) -> list[Stored]:
    """Orders the organisation may see, newest first."""
    asked = {"scope": of, "state": state, "before": before, "most": most}
    return [_of(row) for row in await tx.execute(LIST, asked)]


async def poolable(tx: Tx) -> list[Stored]:
    """Orders that wait, or were taken and have no confirmed scheme; none that is asked for a joint order."""
    return [_of(row) for row in await tx.execute(POOLABLE)]


async def add(tx: Tx, stored: Stored) -> None:
    """A new order; `survey.unknown` when it names a survey that is not there."""
    try:
        async with tx.savepoint():
            await tx.execute(ADD, _row(stored) | {"id": stored.order.id})
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != FOREIGN_KEY:
            raise
        raise NotFound("survey.unknown", field="survey_id", survey_id=stored.order.survey_id) from None


def after(stored: Stored, fact: OrderFact, *, at: datetime) -> Stored:
    """The row after a fact of the order: its next version; an amended order waits for another scheme."""
    anew = isinstance(fact, OrderAmended | OrderPoolLeft)
    progress = stored.progress.without_scheme() if anew else stored.progress
    order = evolve(stored.order, fact)
    return replace(stored, order=order, progress=progress, version=stored.version + 1, changed_at=at)


async def save(tx: Tx, stored: Stored) -> None:
    """The order as it is now; the caller has raised the version."""
    await tx.execute(SAVE, _row(stored) | {"order_id": stored.order.id})


async def forget_note(tx: Tx, order_id: OrderId) -> None:
    """The union's words are gone; the order is the same, and so is its version."""
    await tx.execute(FORGET_NOTE, {"order_id": order_id})


async def discard(tx: Tx, order_id: OrderId) -> None:
    """No such order is there any more; what belongs to it is gone before."""
    await tx.execute(DISCARD, {"order_id": order_id})


async def number_given(tx: Tx, number: OrderNumber) -> None:
    """This number is used: the next that is drawn is a later one."""
    year, last = map(int, number.split("-"))
    await tx.execute(GIVEN, {"of_year": year, "given": last})


async def draw_number(tx: Tx, year: int) -> str:
    """The next number of the year, never given twice; one that is not used leaves a gap."""
    last = await tx.scalar(DRAW, {"of_year": year})
    return f"{year}-{last:04d}"
