"""An enterprise's desk in a house of its own: accounts, an order as it is typed, and what happens to it later."""

import html
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from xlsxwriter import Workbook

from portal.accounts import commands
from servicekit.testing import test_keys as the_keys  # no test, though its name says so
from servicekit.tokens import Issuer

from .house import House, neighbours_in_reach
from .story import HEAD, SERIALS, Played, a_number, a_played_house, good

PASSWORD = "a-good-password"
ACCOUNTS = (
    ("clerk", "enterprise", "jinniu"), ("coordinator", "union", "smftu"), ("other", "enterprise", "bgzb"),
)  # fmt: skip
KEY = re.compile(r'name="key" value="([^"]+)"')
HIDDEN = re.compile(r'name="(key|sheet|taken)" value="([^"]*)"')
LINE = {
    "l1.service": "theory_training", "l1.occupation": "电工 6-31-01-03", "l1.level": "L5", "l1.band": "eve",
    "l1.earliest": "2027-04-05", "l1.latest": "2027-06-25",
}  # fmt: skip


@asynccontextmanager
async def an_enterprise_desk(played: Played) -> AsyncIterator[House]:
    """The played house with accounts at the portal, whose neighbours are in reach."""
    async with a_played_house(played) as house:
        await assessors_accepted(house)
        with neighbours_in_reach(house) as portal:
            async with portal.transactions.begin() as tx:
                for name, role, organisation in ACCOUNTS:
                    await commands.make_account(
                        tx, name, PASSWORD, roles={role}, organisation=organisation, name=f"{role} 王"
                    )
            yield house


async def assessors_accepted(house) -> None:
    """The batch's offers are answered while they can be: later tests let time pass."""
    college = house.client("instructor-dispatch", "college")
    offers = good(await college.get("/offers"))
    for at, offer in enumerate([one for one in offers if one["batch_id"]], start=1):
        good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
        house.known[f"assessor_{at}"] = offer["person_id"]
    await house.carry()


async def logged_in(house, name="clerk"):
    client = house.services["portal"].client()
    (key,) = KEY.findall((await client.get("/login")).text)
    answer = await client.post("/login", data={"username": name, "password": PASSWORD, "key": key})
    assert answer.status_code == 303, answer.text
    return client


def an_excel(rows) -> bytes:
    content = io.BytesIO()
    with Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "金牛水泥培训花名册")
        for at, row in enumerate([HEAD.split(","), *rows], start=1):
            sheet.write_row(at, 0, row)
    return content.getvalue()


def people(count):
    return [("演示甲", a_number(next(SERIALS)), "A", 8, "") for _ in range(count)]


def hidden(page) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page.text)}


def key_of(page) -> str:
    return KEY.findall(page.text)[-1] if "of-page" not in page.text else re.findall(
        r'enctype="multipart/form-data" data-upload>\s*<input type="hidden" name="key" value="([^"]+)"', page.text
    )[0]  # fmt: skip


def ending(page) -> dict[str, str]:
    """The hidden fields of the form by which an order ends."""
    form = page.text.partition('/end">')[2]
    return dict(re.findall(r'name="(key|way|seen_version)" value="([^"]+)"', form))


async def drafted(client, rows=None, do="save", **more):
    page = await client.get("/orders/new", params={"lang": "en"})
    assert page.status_code == 200, page.text
    files = {"l1.file": ("花名册.xlsx", an_excel(rows))} if rows is not None else {"x": ("", b"")}
    told = LINE | {"key": key_of(page), "do": do} | more
    return await client.post("/orders/new", data=told, files=files)


async def until(house, moment):
    for service in house.services.values():
        await service.fire_deadlines(moment)
    await house.carry()


async def held(house, session):
    """The session takes place, with nobody absent from the report's point of view."""
    begins, ends = (datetime.fromisoformat(session["slot"][name]) for name in ("starts_at", "ends_at"))
    await until(house, begins)
    lead = house.client("evaluation", "instructor", person=session["person_id"])
    good(await lead.post(f"/sessions/{session['session_id']}/open"))
    await until(house, ends)
    good(await lead.post(f"/sessions/{session['session_id']}/close"))
    await house.carry()


def an_assessor(house, n: int):
    """The nth who was sent, with an account of their own: nobody confirms their own marks."""
    issuer = Issuer.from_file("portal", the_keys() / "portal.pem")
    who = house.known[f"assessor_{n}"]
    return house.client(
        "evaluation", token=issuer.user_token(f"assessor-{n}", ["assessor"], None, person=who)
    )


async def certified(house, order: str, batch: str) -> None:
    """The batch is held, marked twice, posted, and its certificates are issued."""
    union = house.client("evaluation", "union")
    seen = good(await union.get(f"/batches/{batch}"))
    await until(house, datetime.fromisoformat(seen["slot"]["starts_at"]))
    one, other = (an_assessor(house, n) for n in (1, 2))
    for part in ("theory", "practical"):
        marks = [{"evaluation_id": each["evaluation_id"], "mark": "75"} for each in seen["candidates"]]
        body = {"part": part, "marks": marks}
        good(await one.post(f"/batches/{batch}/marks", json=body))
        assert good(await other.post(f"/batches/{batch}/marks/confirm", json=body))["differing"] == []
    await until(house, datetime.fromisoformat(seen["slot"]["ends_at"]))
    last = good(await union.post(f"/batches/{batch}/post"))["objections_until"]
    await until(house, datetime.fromisoformat(f"{last}T23:00:00+08:00") + timedelta(hours=12))
    good(await union.post(f"/batches/{batch}/certificates"))
    await house.carry()
