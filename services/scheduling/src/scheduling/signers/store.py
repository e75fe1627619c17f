"""Rows of who may sign."""

from datetime import datetime

from sqlalchemy import Column, Date, String, Table, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.values import Code
from scheduling.metadata import metadata
from scheduling.signers.rules import Deputy, Pens, Side
from servicekit.db import Tx, UtcTime

approver = Table(
    "signer_approver",
    metadata,
    Column("signer", String, primary_key=True),
    Column("organisation", String, primary_key=True),
    Column("user", String, primary_key=True),
    Column("named_by", String, nullable=False),
    Column("named_at", UtcTime, nullable=False),
)
deputy = Table(
    "signer_deputy",
    metadata,
    Column("signer", String, primary_key=True),
    Column("organisation", String, primary_key=True),
    Column("user", String, primary_key=True),
    Column("deputy", String, primary_key=True),
    Column("first", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("named_at", UtcTime, nullable=False),
)
"""One row for each pair: named again, the newest days count."""

HOLD = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
_signer, _organisation = bindparam("of_signer", type_=String), bindparam("of_organisation", type_=String)
_user, _deputy = bindparam("of_user", type_=String), bindparam("of_deputy", type_=String)
APPROVERS = select(approver.c.user).where(
    approver.c.signer == _signer, approver.c.organisation == _organisation
)
DEPUTIES = (
    select(deputy)
    .where(deputy.c.signer == _signer, deputy.c.organisation == _organisation)
    .order_by(deputy.c.first, deputy.c.user, deputy.c.deputy)
)
ADD_APPROVER = upsert(approver).on_conflict_do_nothing()
DROP_APPROVER = delete(approver).where(
    approver.c.signer == _signer, approver.c.organisation == _organisation, approver.c.user == _user
)
_save = upsert(deputy)
SAVE_DEPUTY = _save.on_conflict_do_update(
    index_elements=["signer", "organisation", "user", "deputy"],
    set_={name: _save.excluded[name] for name in ("first", "until", "named_at")},
)
DROP_DEPUTIES = delete(deputy).where(
    deputy.c.signer == _signer,
    deputy.c.organisation == _organisation,
    or_(deputy.c.user == _user, deputy.c.deputy == _user),
)
DROP_DEPUTY = delete(deputy).where(
    deputy.c.signer == _signer,
    deputy.c.organisation == _organisation,
    deputy.c.user == _user,
    deputy.c.deputy == _deputy,
)


def _of(side: Side) -> dict[str, str]:
    return {"of_signer": side.signer.value, "of_organisation": side.organisation}


async def hold(tx: Tx, side: Side) -> None:
    """Who is named for the side changes one after the other: whoever comes second sees what the first has done."""
    await tx.driver.execute(HOLD, f"signers/{side.signer.value}/{side.organisation}")


async def pens(tx: Tx, side: Side) -> Pens:
    """Everybody who is named for a side."""
    named = (await tx.execute(APPROVERS, _of(side))).scalars().all()
    rows = (await tx.execute(DEPUTIES, _of(side))).all()
    return Pens(frozenset(named), tuple(Deputy(row.user, row.deputy, row.first, row.until) for row in rows))


async def add_approver(tx: Tx, side: Side, user: Code, *, by: Code, at: datetime) -> None:
    """Nothing happens to one who is named already."""
    row = {"signer": side.signer.value, "organisation": side.organisation, "user": user}
    await tx.execute(ADD_APPROVER, row | {"named_by": by, "named_at": at})


async def drop(tx: Tx, side: Side, user: Code) -> None:
    """No longer named; nobody signs in their stead, and they in nobody's."""
    await tx.execute(DROP_APPROVER, _of(side) | {"of_user": user})
    await tx.execute(DROP_DEPUTIES, _of(side) | {"of_user": user})


async def save_deputy(tx: Tx, side: Side, one: Deputy, *, at: datetime) -> None:
    """The pair's days are these from now on."""
    row = {"signer": side.signer.value, "organisation": side.organisation, "user": one.user}
    days = {"deputy": one.deputy, "first": one.first, "until": one.until, "named_at": at}
    await tx.execute(SAVE_DEPUTY, row | days)


async def drop_deputy(tx: Tx, side: Side, user: Code, named: Code) -> None:
    """A deputy no more."""
    await tx.execute(DROP_DEPUTY, _of(side) | {"of_user": user, "of_deputy": named})
