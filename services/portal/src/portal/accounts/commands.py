"""Making accounts, checking passwords, browser logins, one-time forms."""

import asyncio
import math
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.refusals import Conflict
from portal.accounts import own, rules, store
from portal.accounts.logins import hashed as _hash
from portal.accounts.store import Account
from portal.known import known
from servicekit.clock import real_now
from servicekit.columns import blind_index
from servicekit.db import Tx
from servicekit.ids import new_id

FORM_LASTS = timedelta(hours=12)
ADMINISTRATOR = "admin"


@dataclass(frozen=True, slots=True)
class Denied:
    """Why somebody was not let in: `locked` names the minutes to wait."""

    why: Literal["wrong", "locked", "too_often"]
    minutes: int = 0


async def make_account(
    tx: Tx, username: str, password: str, *, roles: Iterable[str], organisation: str | None = None,
    person: UUID | None = None, name: str, manages: bool = False,
) -> Account:  # fmt: skip
    """Give somebody an account; `account.username_taken` when the user name is another's."""
    roles = frozenset(roles)
    rules.check_account(roles, organisation, person)
    hashed = await asyncio.to_thread(known(tx).passwords.hashed, password)
    new = Account(new_id(), username.lower(), hashed, roles, organisation, person, name, manages)
    if not await store.add(tx, new):
        raise Conflict("account.username_taken", field="username", username=new.username)
    return new


async def list_accounts(tx: Tx) -> list[Account]:
    """Every account, by user name."""
    return await store.all_accounts(tx)


async def names_of(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, tuple[str, str | None]]:
    """Name and organisation of users; unknown ones are left out."""
    return await store.names_of(tx, list(ids))


async def ensure_administrator(tx: Tx, password: str) -> bool:
    """Make the first account when nobody could make any; whether somebody can now."""
    if await store.has_administrator(tx):
        return True
    if not password:
        return False
    hashed = await asyncio.to_thread(known(tx).passwords.hashed, password)
    id_ = new_id()
    await store.add(
        tx, Account(id_, ADMINISTRATOR, hashed, frozenset({"administrator"}), None, None, "管理员 administrator")
    )  # fmt: skip
    return True


async def check_password(tx: Tx, username: str, password: str) -> Account | Denied:
    """The account, or why not. It answers instead of raising: a failed try must be kept, not taken back."""
    username = username.lower()
    now = real_now()
    failures = await store.failures_of(tx, username)
    if failures and (until := rules.locked_until(failures.count, failures.last_at, now)):
        return Denied("locked", math.ceil((until - now).total_seconds() / 60))
    account = await store.by_username(tx, username)
    passwords = known(tx).passwords
    if not await asyncio.to_thread(passwords.fits, account.password if account else None, password):
        await store.add_failure(tx, username, kept=rules.LOCKED)
        return Denied("wrong")
    assert account is not None
    if passwords.weaker(account.password):
        await own.renew_hash(tx, account.id, password)
    if failures:
        await store.forget_failures(tx, username)
    return account


def new_browser() -> str:
    """What a browser is known by before anybody is logged in."""
    return secrets.token_urlsafe(16)


def new_form_key(browser: str) -> str:
    """A key for one POST of one form, good for this browser only; nothing is kept until it is used."""
    nonce = secrets.token_urlsafe(16)
    until = int((real_now() + FORM_LASTS).timestamp())
    return f"{nonce}.{until}.{_signed(browser, nonce, until)}"


async def use_form_key(tx: Tx, key: str, browser: str) -> bool:
    """Whether the form came from our own page in this browser, for the first time, and not too late."""
    nonce, _, rest = key.partition(".")
    told, _, signature = rest.partition(".")
    if not told.isdecimal() or len(told) > 12:  # noqa: PLR2004  seconds since 1970, for a long time to come
        return False
    until = int(told)
    if not secrets.compare_digest(signature.encode(), _signed(browser, nonce, until).encode()):
        return False
    moment = datetime.fromtimestamp(until, tz=real_now().tzinfo)
    return real_now() < moment and await store.use_form(tx, _hash(nonce), moment)


def _signed(browser: str, nonce: str, until: int) -> str:
    return blind_index("portal.form", f"{browser}.{nonce}.{until}").hex()
