"""Invitations: a link that is good once and for some days; whoever is invited chooses the password."""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    LargeBinary,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
)

from contracts.refusals import Conflict, NotFound
from portal.accounts import organisations, rules, store
from portal.accounts.logins import hashed
from portal.accounts.people import may_manage
from portal.accounts.store import Account
from portal.known import known
from portal.metadata import metadata
from servicekit.clock import real_now
from servicekit.db import EncryptedText, Tx, UtcTime
from servicekit.ids import new_id

LASTS = timedelta(days=7)
invitation = Table(
    "invitation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token", LargeBinary, nullable=False, unique=True),
    Column("organisation", String),
    Column("roles", JSON, nullable=False),
    Column("person_id", Uuid),
    Column("name", EncryptedText("invitation.name"), nullable=False),
    Column("manages", Boolean, nullable=False),
    Column("invited_by", Uuid, nullable=False),
    Column("until", UtcTime, nullable=False),
)
NOW = bindparam("now", type_=UtcTime())
BY_TOKEN = select(invitation).where(invitation.c.token == bindparam("hash"), invitation.c.until > NOW)
OPEN = (
    select(invitation)
    .where(
        invitation.c.organisation.is_not_distinct_from(bindparam("organisation", type_=String())),
        invitation.c.until > NOW,
    )
    .order_by(invitation.c.until)
)
TAKE = (
    delete(invitation)
    .where(invitation.c.token == bindparam("hash"), invitation.c.until > NOW)
    .returning(invitation)
)
CANCEL = "delete from invitation where id = $1 and organisation is not distinct from $2 returning true"
CLEAN = "delete from invitation where until < $1"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who is to come, and what they will be."""

    id: UUID
    organisation: str | None
    roles: frozenset[str]
    person: UUID | None
    name: str
    manages: bool
    until: datetime


async def invite(
    tx: Tx, by: Account, organisation: str | None, *, roles: Iterable[str], name: str, person: UUID | None,
    manages: bool,
) -> str:  # fmt: skip
    """What the link ends with; only its hash is kept, so that nobody can be shown it a second time."""
    if not may_manage(by, organisation):
        raise NotFound("account.unknown")
    roles = frozenset(roles)
    kind = await organisations.kind_of(tx, organisation) if organisation else None
    organisations.check_roles(kind, roles)
    person = person if roles & rules.ARE_SENT else None
    rules.check_account(roles, organisation, person)
    await organisations.check_person(tx, organisation, person)
    token, now = secrets.token_urlsafe(32), real_now()
    await tx.driver.execute(CLEAN, now)
    await tx.execute(
        insert(invitation),
        {
            "id": new_id(), "token": hashed(token), "organisation": organisation, "roles": sorted(roles),
            "person_id": person, "name": name, "manages": manages and organisation is not None,
            "invited_by": by.id, "until": now + LASTS,
        },
    )  # fmt: skip
    return token


async def opened(tx: Tx, token: str) -> Invitation:
    """What the link is for; `account.invitation_over` when it was used, taken back, is too old, or never was."""
    row = (await tx.execute(BY_TOKEN, {"hash": hashed(token), "now": real_now()})).first()
    if row is None:
        raise NotFound("account.invitation_over")
    return _of(row)


async def open_ones(tx: Tx, organisation: str | None) -> list[Invitation]:
    """Who has not come yet."""
    rows = await tx.execute(OPEN, {"organisation": organisation, "now": real_now()})
    return [_of(row) for row in rows]


async def take_back(tx: Tx, by: Account, organisation: str | None, id_: UUID) -> None:
    """The link opens nothing any more."""
    if not may_manage(by, organisation) or not await tx.driver.fetchval(CANCEL, id_, organisation):
        raise NotFound("account.invitation_over")


async def accept(tx: Tx, token: str, username: str, password: str) -> Account:
    """The account of whoever came. Taken back whole when it is refused: the link is good until it has succeeded."""
    rules.check_username(username)
    rules.check_password(password, username)
    row = (await tx.execute(TAKE, {"hash": hashed(token), "now": real_now()})).first()
    if row is None:
        raise NotFound("account.invitation_over")
    told = _of(row)
    kept = await asyncio.to_thread(known(tx).passwords.hashed, password)
    new = Account(
        new_id(), username.lower(), kept, told.roles, told.organisation, told.person, told.name, told.manages
    )
    if not await store.add(tx, new):
        raise Conflict("account.username_taken", field="username", username=new.username)
    return new


def _of(row: Any) -> Invitation:
    return Invitation(
        row.id, row.organisation, frozenset(row.roles), row.person_id, row.name, row.manages, row.until
    )
