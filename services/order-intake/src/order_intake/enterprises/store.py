"""Rows of enterprises."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from contracts.order_intake import EnterpriseChanged, EnterpriseFact
from contracts.refusals import NotFound
from contracts.values import EnterpriseId
from order_intake.metadata import metadata
from servicekit.db import Tx
from servicekit.facts import hold_subject

enterprise = Table(
    "enterprise",
    metadata,
    Column("enterprise_id", String, primary_key=True),
    Column("credit_code", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("name_en", String),
    Column("division", String, nullable=False),
    Column("industry", String, nullable=False),
    Column("shift_pattern", String, nullable=False),
    Column("shift_anchor", Date, nullable=False),
    Column("rooms", Integer, nullable=False),
    Column("pilot", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
scope = bindparam("scope", type_=String)
READ = select(enterprise).where(
    enterprise.c.enterprise_id == bindparam("id"),
    or_(scope.is_(None), enterprise.c.enterprise_id == scope),
)
LIST = (
    select(enterprise)
    .where(or_(scope.is_(None), enterprise.c.enterprise_id == scope))
    .order_by(enterprise.c.enterprise_id)
)
HOLDER = select(enterprise.c.enterprise_id).where(enterprise.c.credit_code == bindparam("code"))
ADD = insert(enterprise)
SAVE = update(enterprise).where(enterprise.c.enterprise_id == bindparam("id"))

Enterprise = EnterpriseChanged
"""An enterprise's state is what its newest fact says."""


def _of(row: Row[tuple[object, ...]]) -> tuple[Enterprise, int]:
    return Enterprise.model_validate(row._asdict()), row.version


async def hold(tx: Tx, enterprise_id: EnterpriseId, code: str | None = None) -> None:
    """One writer per enterprise, and per credit code."""
    await hold_subject(tx, enterprise_id, *([f"credit-code/{code}"] if code else []))


async def find(tx: Tx, enterprise_id: EnterpriseId, *, of: str | None) -> tuple[Enterprise, int] | None:
    """The enterprise and its version, if it is there and the organisation `of` may see it (`None`: all)."""
    row = (await tx.execute(READ, {"id": enterprise_id, "scope": of})).one_or_none()
    return _of(row) if row else None


async def read(tx: Tx, enterprise_id: EnterpriseId, *, of: str | None) -> tuple[Enterprise, int]:
    """The same, or `enterprise.unknown`."""
    found = await find(tx, enterprise_id, of=of)
    if found is None:
        raise NotFound("enterprise.unknown", enterprise_id=enterprise_id)
    return found


async def all_of(tx: Tx, *, of: str | None) -> list[Enterprise]:
    """Every enterprise the organisation may see, by id."""
    return [_of(row)[0] for row in await tx.execute(LIST, {"scope": of})]


async def holder(tx: Tx, code: str) -> EnterpriseId | None:
    """Which enterprise has this credit code."""
    found: EnterpriseId | None = await tx.scalar(HOLDER, {"code": code})
    return found


async def add(tx: Tx, fact: EnterpriseFact) -> None:
    """A new row, version 1."""
    await tx.execute(ADD, dict(fact) | {"version": 1})


async def save(tx: Tx, fact: EnterpriseFact, version: int) -> None:
    """The whole new state."""
    await tx.execute(SAVE, dict(fact) | {"id": fact.enterprise_id, "version": version})
