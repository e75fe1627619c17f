"""The browsers in which somebody is logged in: which they are, and how they are ended."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.accounts import store
from portal.accounts.store import Account
from servicekit.clock import real_now
from servicekit.db import Tx
from servicekit.ids import new_id

MOST_TEXT = 300
LOG_IN = """
insert into login (token, account_id, until, id, since, used_at, browser, address)
values ($1, $2, $3, $4, $5, $5, $6, $7)"""
CLEAN = "delete from login where until < $1"
LOG_OUT = "delete from login where token = $1"
PROLONG = "update login set until = $2, used_at = $3 where token = $1"
OF_ACCOUNT = """
select id, since, used_at, browser, address, token = $2 as this from login
where account_id = $1 and until > $3 order by used_at desc"""
END_ONE = "delete from login where account_id = $1 and id = $2 returning true"
END_ALL = "delete from login where account_id = $1"
WORD = re.compile(r"(Edg|OPR|MicroMessenger|Firefox|Chrome|Safari)/(\d+)")
CALLED = {"Edg": "Edge", "OPR": "Opera", "MicroMessenger": "WeChat"}
SYSTEM = re.compile(r"Windows|Android|iPhone|iPad|Macintosh|Linux")


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that is logged in; `this` is the one that asks."""

    id: UUID
    since: datetime
    used_at: datetime
    """To the hour."""
    name: str
    address: str
    this: bool


async def log_in(tx: Tx, account: Account, *, hours: float, browser: str = "", address: str = "") -> str:
    """Log a browser in; answers what its cookie holds, new at each log-in. Only a hash of it is kept."""
    token, now = secrets.token_urlsafe(32), real_now()
    await tx.driver.execute(CLEAN, now)
    await tx.driver.execute(
        LOG_IN, hashed(token), account.id, now + timedelta(hours=hours), new_id(), now,
        called(browser), address[:MOST_TEXT],
    )  # fmt: skip
    return token


async def log_out(tx: Tx, token: str) -> None:
    """End a browser's login."""
    await tx.driver.execute(LOG_OUT, hashed(token))


async def whose_browser(tx: Tx, token: str, *, hours: float) -> Account | None:
    """Who is logged in with this cookie; using it prolongs the login, written at most once an hour."""
    found = await store.logged_in(tx, hashed(token))
    if found is None:
        return None
    account, until = found
    now = real_now()
    wanted = now + timedelta(hours=hours)
    if wanted - until > min(timedelta(hours=1), timedelta(hours=hours) / 2):
        await tx.driver.execute(PROLONG, hashed(token), wanted, now)
    return account


async def browsers_of(tx: Tx, account: Account, token: str) -> list[Browser]:
    """Where somebody is logged in, the last used first; `token` is the cookie of the one that asks."""
    rows = await tx.driver.fetch(OF_ACCOUNT, account.id, hashed(token), real_now())
    return [
        Browser(row["id"], row["since"], row["used_at"], row["browser"], row["address"], row["this"])
        for row in rows
    ]


async def end_one(tx: Tx, account: Account, id_: UUID) -> bool:
    """End one login of somebody's own; whether there was one."""
    return await tx.driver.fetchval(END_ONE, account.id, id_) is True


async def end_all(tx: Tx, account_id: UUID) -> None:
    """End every login of somebody: the password is another, or they are gone."""
    await tx.driver.execute(END_ALL, account_id)


def called(browser: str) -> str:
    """What a browser calls itself, in two words: Chrome 124, Windows."""
    word, system = WORD.search(browser), SYSTEM.search(browser)
    name = f"{CALLED.get(word[1], word[1])} {word[2]}" if word else ""
    return ", ".join(part for part in (name, system[0] if system else "") if part)


def hashed(token: str) -> bytes:
    """What is kept of a cookie."""
    return hashlib.sha256(token.encode()).digest()
