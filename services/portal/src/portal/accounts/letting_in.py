"""Whoever comes with a user name and a password: how often they may try, from one address and for one account."""

import asyncio
from dataclasses import dataclass, field

from fastapi import Request

from contracts.refusals import Refused
from portal.accounts import commands
from portal.accounts.commands import Denied
from portal.accounts.store import Account
from portal.web.limit import Limit, address_of

AT_ONCE = 4
"""Passwords looked at at the same time: whoever sends many waits for the others' turn, and then for their own."""


class NotLetIn(Refused):
    """The user name or the password is wrong."""

    status = 401


class Locked(Refused):
    """Too many wrong passwords, for an account or from an address."""

    status = 429


@dataclass
class Door:
    """The wrong tries of each address, and the passwords that are looked at just now."""

    wrong: Limit
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))


async def tried(request: Request, username: str, password: str) -> Account | Denied:
    """The account, or why not; a failed try is kept, whatever becomes of the request."""
    door: Door = request.app.state.door
    address = address_of(request)
    async with door.turns:
        if door.wrong.full(address):
            return Denied("too_often")
        async with request.app.state.transactions.begin() as tx:
            found = await commands.check_password(tx, username, password)
        if isinstance(found, Denied):
            door.wrong.note(address)
    return found


async def let_in(request: Request, username: str, password: str) -> Account:
    """The same as a refusal: `login.wrong`, `login.locked` or `login.too_often`."""
    found = await tried(request, username, password)
    if isinstance(found, Account):
        return found
    if found.why == "locked":
        raise Locked("login.locked", minutes=found.minutes)
    raise Locked("login.too_often") if found.why == "too_often" else NotLetIn("login.wrong")
