"""Rows of accounts, browser logins, failed tries and used forms. Real time: none of it is played in a season."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from portal.metadata import metadata
from servicekit.clock import real_now
from servicekit.db import EncryptedText, Tx, UtcTime

account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", String, nullable=False, unique=True),
    Column("password", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("organisation", String),
    Column("person_id", Uuid),
    Column("name", EncryptedText("account.name"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("manages", Boolean, nullable=False),
    Column("language", String),
    Column("removed_at", UtcTime),
    Column("removed_by", Uuid),
)
failed_login = Table(
    "failed_login",
    metadata,
    Column("username", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
)
login = Table(
    "login",
    metadata,
    Column("token", LargeBinary, primary_key=True),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("until", UtcTime, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("used_at", UtcTime, nullable=False),
    Column("browser", String, nullable=False),
    Column("address", String, nullable=False),
)
used_form = Table(
    "used_form",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("until", UtcTime, nullable=False),
)

BY_NAME = select(account).where(account.c.username == bindparam("username"), account.c.removed_at.is_(None))
BY_ID = select(account).where(account.c.id == bindparam("id"), account.c.removed_at.is_(None))
GONE = select(account).where(account.c.id == bindparam("id"), account.c.removed_at.is_not(None))
OF_ORGANISATION = (
    select(account)
    .where(
        account.c.organisation.is_not_distinct_from(bindparam("organisation", type_=String())),
        account.c.removed_at.is_(None),
    )
    .order_by(account.c.username)
)
ALL = select(account).where(account.c.removed_at.is_(None)).order_by(account.c.username)
NAMES = select(account.c.id, account.c.name, account.c.organisation).where(
    account.c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
)
ADD = insert(account).on_conflict_do_nothing(index_elements=["username"]).returning(account.c.id)
ANY_ADMIN = "select true from account where roles::jsonb ? 'administrator' and removed_at is null limit 1"
FAILURES = select(failed_login).where(failed_login.c.username == bindparam("username"))
FORGET_OLD = "delete from failed_login where last_at < $1"
FORGET = "delete from failed_login where username = $1"
FAILED = """
insert into failed_login (username, failures, last_at) values ($1, 1, $2)
on conflict (username) do update set failures = failed_login.failures + 1, last_at = excluded.last_at"""
WHO = (
    select(account, login.c.until)
    .join(login, login.c.account_id == account.c.id)
    .where(
        login.c.token == bindparam("token"),
        login.c.until > bindparam("now", type_=UtcTime()),
        account.c.removed_at.is_(None),
    )
)
USE_FORM = "insert into used_form (key, until) values ($1, $2) on conflict do nothing returning true"
CLEAN_FORMS = "delete from used_form where until < $1"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in. `person` is set for those who are sent."""

    id: UUID
    username: str
    password: str
    """The argon2 hash, parameters included."""
    roles: frozenset[str]
    organisation: str | None
    person: UUID | None
    name: str
    manages: bool = False
    """Whether they say who belongs to their organisation."""
    language: str | None = None
    """In which pages are shown to them; nothing = what the browser prefers."""

    def may(self, *roles: str) -> bool:
        """Whether one of these roles is theirs."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed tries in a row, and when the last one was."""

    count: int
    last_at: datetime


def _account(row: Any) -> Account:
    return Account(
        row.id, row.username, row.password, frozenset(row.roles), row.organisation, row.person_id, row.name,
        row.manages, row.language,
    )  # fmt: skip


async def add(tx: Tx, new: Account) -> bool:
    """Store an account; false when the user name is taken."""
    values = {
        "id": new.id, "username": new.username, "password": new.password, "roles": sorted(new.roles),
        "organisation": new.organisation, "person_id": new.person, "name": new.name, "created_at": real_now(),
        "manages": new.manages, "language": new.language,
    }  # fmt: skip
    return (await tx.execute(ADD, values)).first() is not None


async def by_username(tx: Tx, username: str) -> Account | None:
    """The account of this user name."""
    row = (await tx.execute(BY_NAME, {"username": username})).first()
    return _account(row) if row else None


async def by_id(tx: Tx, id_: UUID) -> Account | None:
    """The account, if it is one still."""
    row = (await tx.execute(BY_ID, {"id": id_})).first()
    return _account(row) if row else None


async def gone(tx: Tx, id_: UUID) -> Account | None:
    """The account, if it was one once and was removed."""
    row = (await tx.execute(GONE, {"id": id_})).first()
    return _account(row) if row else None


async def of_organisation(tx: Tx, organisation: str | None) -> list[Account]:
    """Everybody of an organisation, by user name; without one those who belong to none."""
    return [_account(row) for row in await tx.execute(OF_ORGANISATION, {"organisation": organisation})]


async def all_accounts(tx: Tx) -> list[Account]:
    """Every account, by user name."""
    return [_account(row) for row in await tx.execute(ALL)]


async def names_of(tx: Tx, ids: list[UUID]) -> dict[UUID, tuple[str, str | None]]:
    """Name and organisation of these users."""
    if not ids:
        return {}
    return {row.id: (row.name, row.organisation) for row in await tx.execute(NAMES, {"ids": ids})}


async def has_administrator(tx: Tx) -> bool:
    """Whether anybody could make accounts."""
    return await tx.driver.fetchval(ANY_ADMIN) is True


async def failures_of(tx: Tx, username: str) -> Failures | None:
    """Failed tries in a row, if there are any."""
    row = (await tx.execute(FAILURES, {"username": username})).first()
    return Failures(row.failures, row.last_at) if row else None


async def add_failure(tx: Tx, username: str, *, kept: timedelta) -> None:
    """One more failed try; those older than `kept` are forgotten, whosever they are."""
    await tx.driver.execute(FORGET_OLD, real_now() - kept)
    await tx.driver.execute(FAILED, username, real_now())


async def forget_failures(tx: Tx, username: str) -> None:
    """The right password was given."""
    await tx.driver.execute(FORGET, username)


async def logged_in(tx: Tx, token: bytes) -> tuple[Account, datetime] | None:
    """Whose browser this is, and until when."""
    row = (await tx.execute(WHO, {"token": token, "now": real_now()})).first()
    return (_account(row), row.until) if row else None


async def use_form(tx: Tx, key: bytes, until: datetime) -> bool:
    """Use up a form's key; false when it was used before."""
    await tx.driver.execute(CLEAN_FORMS, real_now())
    return await tx.driver.fetchval(USE_FORM, key, until) is True
