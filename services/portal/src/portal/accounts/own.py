"""What somebody does about their own account."""

import asyncio
from uuid import UUID

from contracts.refusals import Invalid
from portal.accounts import logins, rules
from portal.accounts.store import Account
from portal.known import known
from servicekit.db import Tx

PASSWORD = "update account set password = $2 where id = $1"  # noqa: S105  a statement
LANGUAGE = "update account set language = $2 where id = $1"


async def set_password(tx: Tx, account: Account, password: str) -> None:
    """Another password: it must be one, and every browser has to log in again."""
    rules.check_password(password, account.username)
    passwords = known(tx).passwords
    if await asyncio.to_thread(passwords.fits, account.password, password):
        raise Invalid("account.password_same", field="password")
    await tx.driver.execute(PASSWORD, account.id, await asyncio.to_thread(passwords.hashed, password))
    await logins.end_all(tx, account.id)


async def renew_hash(tx: Tx, account_id: UUID, password: str) -> None:
    """The same password, hashed as the settings ask for now."""
    renewed = await asyncio.to_thread(known(tx).passwords.hashed, password)
    await tx.driver.execute(PASSWORD, account_id, renewed)


async def speak(tx: Tx, account: Account, language: str) -> None:
    """The language in which pages are shown wherever this account logs in."""
    await tx.driver.execute(LANGUAGE, account.id, language)
