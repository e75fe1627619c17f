"""The union's desk of schemes in a house of its own: one order more has a draft, and people may look at it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from portal.accounts import commands
from servicekit.testing import Client

from .house import House, neighbours_in_reach
from .story import LINE, Played, a_played_house, an_accepted_order

SEEN = re.compile(r'name="seen" value="(\d+)"')
PASSWORD = "a-good-password"
ACCOUNTS = (
    ("coordinator", "union", "smftu"),
    ("clerk", "enterprise", "jinniu"),
    ("chief", "administrator", None),
)
WORKING_TIME = {"bands": ["am"], "earliest": "2027-04-12", "latest": "2027-04-16"}
"""Mornings from Monday to Friday."""


@asynccontextmanager
async def a_scheme_desk(played: Played) -> AsyncIterator[House]:
    """The played house with one order more, whose draft lies on the union's desk."""
    async with a_played_house(played) as house:
        house.known["drafted"] = await an_accepted_order(house, LINE | WORKING_TIME)
        await house.carry()
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                for name, role, organisation in ACCOUNTS:
                    await commands.make_account(
                        tx, name, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
                    )
            yield house


async def logged_in(house: House, name: str = "coordinator") -> Client:
    """Somebody's browser."""
    client = house.services["portal"].client()
    (key,) = re.findall(r'name="key" value="([^"]+)"', (await client.get("/login")).text)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD, "key": key})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return client


async def desk(house: House) -> Any:
    """The scheme that lies on it, as scheduling tells of it."""
    async with house.client("scheduling", "union") as client:
        return (await client.get(f"/orders/{house.known['drafted']}/scheme")).json()


def path(house: House) -> str:
    """Its page."""
    return f"/orders/{house.known['drafted']}/scheme"


def seen_on(page: str) -> str:
    """The row version that the forms of a page say was looked at."""
    (seen,) = set(SEEN.findall(page))
    return str(seen)
