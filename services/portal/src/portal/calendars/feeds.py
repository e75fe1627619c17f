"""The secret links: made, renewed, ended, and what a program finds behind one. Only a hash of a link is kept."""

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, Integer, LargeBinary, Table, Uuid, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts import people
from portal.accounts.logins import hashed
from portal.accounts.people import Account
from portal.calendars.entries import KEPT_DAYS, Entry, Kept, changes
from portal.metadata import metadata
from servicekit.clock import real_now
from servicekit.db import Tx, UtcTime

BYTES = 16
"""Of a link's secret: 128 bits."""
feed = Table(
    "calendar_feed",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("secret", LargeBinary, nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
    Column("read_at", UtcTime),
)
kept_entry = Table(
    "calendar_entry",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("about", Uuid, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("told", JSON, nullable=False),
)
MAKE = """
insert into calendar_feed (account_id, secret, made_at) values ($1, $2, $3)
on conflict (account_id) do update set secret = excluded.secret, made_at = excluded.made_at, read_at = null"""
END = "delete from calendar_feed where account_id = $1"
OF_ACCOUNT = "select made_at, read_at from calendar_feed where account_id = $1"
READ = "update calendar_feed set read_at = $2 where secret = $1 returning account_id"
"""Its row is held until the end: two who fetch at once count the changes one after the other."""
FORGET = delete(kept_entry).where(
    kept_entry.c.account_id == bindparam("account"),
    kept_entry.c.ends_at <= bindparam("since", type_=UtcTime()),
)
KEPT = select(kept_entry).where(kept_entry.c.account_id == bindparam("account"))
KEEP = insert(kept_entry)
KEEP = KEEP.on_conflict_do_update(
    index_elements=["account_id", "about"],
    set_={name: KEEP.excluded[name] for name in ("sequence", "changed_at", "cancelled", "ends_at", "told")},
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A link that is good: when it was made, and when a program last came by it."""

    made_at: datetime
    read_at: datetime | None


async def make(tx: Tx, account: Account) -> str:
    """What the link ends with, new each time; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(BYTES)
    await tx.driver.execute(MAKE, account.id, hashed(secret), real_now())
    return secret


async def end(tx: Tx, account: Account) -> None:
    """The link opens nothing any more. What was told by it is kept: by a new link the same entries go on counting."""
    await tx.driver.execute(END, account.id)


async def of(tx: Tx, account: Account) -> Feed | None:
    """The link of somebody, if there is one."""
    row = await tx.driver.fetchrow(OF_ACCOUNT, account.id)
    return Feed(row["made_at"], row["read_at"]) if row else None


async def whose(tx: Tx, secret: str) -> Account | None:
    """Whose link this is; nothing when it was ended, or its account was removed."""
    id_ = await tx.driver.fetchval(READ, hashed(secret), real_now())
    return await people.still_there(tx, id_) if id_ else None


async def told(tx: Tx, account: Account, due: list[Entry], at: datetime) -> list[Kept]:
    """All entries as they are told from now on, those cancelled too; those long over are forgotten."""
    await tx.execute(FORGET, {"account": account.id, "since": at - KEPT_DAYS})
    rows = (await tx.execute(KEPT, {"account": account.id})).mappings()
    kept = {row["about"]: _kept(row) for row in rows}
    new = changes(kept, due, at)
    if new:
        await tx.execute(KEEP, [_row(account.id, one) for one in new.values()])
    return list((kept | new).values())


def _row(account: UUID, one: Kept) -> dict[str, Any]:
    entry = one.entry
    words = asdict(entry) | {"about": str(entry.about)}
    words |= {name: words[name].astimezone(UTC).isoformat() for name in ("starts_at", "ends_at")}
    return {
        "account_id": account, "about": entry.about, "sequence": one.sequence, "changed_at": one.changed_at,
        "cancelled": one.cancelled, "ends_at": entry.ends_at, "told": words,
    }  # fmt: skip


def _kept(row: Any) -> Kept:
    words = dict(row["told"])
    times = {name: datetime.fromisoformat(words[name]) for name in ("starts_at", "ends_at")}
    entry = Entry(**(words | times | {"about": row["about"]}))
    return Kept(entry, row["sequence"], row["changed_at"], row["cancelled"])
