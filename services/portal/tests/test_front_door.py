"""Where somebody's work begins after the log-in."""

from uuid import uuid4

import pytest
from browsing import KEY, PASSWORD

from portal.accounts import commands

HOMES = [
    (("instructor", "assessor"), "", "/my/week"),
    (("assessor",), "", "/my/batches"),
    (("instructor", "college"), "", "/board"),
    (("union",), "", "/board"),
    (("instructor",), "/my/batches", "/my/batches"),
]


@pytest.mark.parametrize(("roles", "wanted", "home"), HOMES)
async def test_who_is_sent_begins_on_the_phone_everybody_else_at_the_board(portal, roles, wanted, home):
    name = f"home-{uuid4().hex[:8]}"
    person = uuid4() if {"instructor", "assessor"} & set(roles) else None
    async with portal.transactions.begin() as tx:
        await commands.make_account(
            tx, name, PASSWORD, roles=set(roles), organisation="smtc", person=person, name="王"
        )
    client = portal.client()
    (key,) = KEY.findall((await client.get("/login")).text)
    told = {"username": name, "password": PASSWORD, "key": key} | ({"back": wanted} if wanted else {})
    answer = await client.post("/login", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, home)
