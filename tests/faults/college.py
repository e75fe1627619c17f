"""A college's desk in a house of its own: three classes more wait for its answers, and people who may look."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from portal.accounts import commands
from servicekit.testing import Client

from .house import House, neighbours_in_reach
from .story import ELECTRICIAN, LINE, Played, a_played_house, an_accepted_order, good, sign

PASSWORD = "a-good-password"
ACCOUNTS = (
    ("office", "college", "smtc"), ("other-office", "college", "smu"), ("coordinator", "union", "smftu"),
    ("clerk", "enterprise", "jinniu"),
)  # fmt: skip
MORE = {
    "units": ["el5-safety", "el5-basics", "el5-wiring"],
    "bands": ["am", "pm", "eve"],
    "earliest": "2027-04-12",
}


@asynccontextmanager
async def a_college_desk(played: Played) -> AsyncIterator[House]:
    """The played house with accounts at the portal, whose neighbours are in reach."""
    async with a_played_house(played) as house:
        union = house.client("instructor-dispatch", "union")
        told = {"name": "林不合格", "college_id": "smtc", "home": "350404"}
        card = {"occupation": ELECTRICIAN, "level": "L5"}
        listed = good(await union.post("/instructors", json=told | {"qualifications": [card]}))
        house.known["unqualified"] = listed["person_id"]
        order = await an_accepted_order(house, LINE | MORE)
        house.known["waiting"] = order
        await sign(house, order)
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                for name, role, organisation in ACCOUNTS:
                    await commands.make_account(
                        tx, name, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
                    )
            yield house


async def logged_in(house: House, name: str = "office") -> Client:
    """Somebody's browser."""
    client = house.services["portal"].client()
    (key,) = re.findall(r'name="key" value="([^"]+)"', (await client.get("/login")).text)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD, "key": key})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
    return client


def key_of(page: str, action: str) -> str:
    """The one-time key of the form that goes there."""
    found = re.search(
        rf'action="{re.escape(action)}(?:#[^"]*)?"[^>]*>\s*<input type="hidden" name="key" value="([^"]+)"',
        page,
    )
    assert found, f"no form goes to {action}"
    return found[1]
