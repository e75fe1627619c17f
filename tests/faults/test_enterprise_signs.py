"""An order comes back, is mended, signed and held; certificates follow. Each test goes on where the last one ended."""

import io
import re
import zipfile

import openpyxl
import pytest

from .enterprise import (
    KEY,
    LINE,
    certified,
    drafted,
    ending,
    held,
    hidden,
    key_of,
    logged_in,
    people,
)
from .story import good


@pytest.fixture
def house(enterprise_house):
    return enterprise_house


async def a_submitted(house, client) -> str:
    page = await drafted(client, people(4))
    order = re.search(r"/orders/([0-9a-f-]{36})/lines/1/roster", page.text)[1]
    taken = await client.post(f"/orders/{order}/lines/1/roster/take", data=hidden(page))
    page = await client.get(taken.headers["location"])
    told = LINE | {"l1.people": "4", "key": key_of(page), "do": "submit"}
    assert (await client.post(f"/orders/{order}/edit", data=told)).status_code == 303
    await house.carry()
    return order


async def test_the_union_returns_an_order_with_reasons_takes_the_mended_one_and_the_enterprise_signs_it(
    house,
):
    clerk, union = await logged_in(house), await logged_in(house, "coordinator")
    order = await a_submitted(house, clerk)
    # the page of a draft, sent when the order was submitted by somebody else
    shown = ending(await clerk.get(f"/orders/{order}/end", params={"lang": "en"})) | {"way": "discard"}
    deleted = await clerk.post(f"/orders/{order}/end", data=shown)
    assert (deleted.status_code, "nothing was done" in deleted.text) == (409, True), deleted.text
    assert (
        good(await house.client("order-intake", "enterprise").get(f"/orders/{order}"))["state"] == "submitted"
    )
    board = await union.get("/board", params={"lang": "en"})
    assert f'href="/orders/{order}/intake"' in board.text
    page = await union.get(f"/orders/{order}/intake", params={"lang": "en"})
    for word in (
        "Other orders of this enterprise",
        "Perhaps a duplicate",
        "every crew is free at",
        "Accept order",
    ):
        assert word in page.text, word
    assert page.text.count("Perhaps a duplicate") == 1  # one note, however many there are
    key = KEY.findall(page.text)[-1]
    none = await union.post(f"/orders/{order}/intake/return", data={"key": key})
    assert (none.status_code, "at least one reason" in none.text) == (422, True)
    told = {"key": key, "reason": ["order.dates_too_near", "order.roster_unclear"], "note": "请核对"}
    assert (await union.post(f"/orders/{order}/intake/return", data=told)).status_code == 303
    await house.carry()
    board = await clerk.get("/board", params={"lang": "en"})
    assert f'href="/orders/{order}/edit"' in board.text
    page = await clerk.get(f"/orders/{order}/edit", params={"lang": "en"})
    for word in ("the dates are too near", "请核对", "Mend order"):
        assert word in page.text, word
    told = LINE | {"l1.people": "4", "l1.units": "el5-safety", "key": key_of(page), "do": "submit"}
    assert (await clerk.post(f"/orders/{order}/edit", data=told)).status_code == 303
    await house.carry()
    page = await union.get(f"/orders/{order}/intake")
    assert (await clerk.get(f"/orders/{order}/intake")).status_code == 403
    accepted = await union.post(f"/orders/{order}/intake", data={"key": KEY.findall(page.text)[-1]})
    assert (accepted.status_code, accepted.headers["location"]) == (303, f"/orders/{order}/scheme")
    await the_portal_hears_first(house, order)
    coming = await union.get(f"/orders/{order}/scheme", params={"lang": "en"})
    assert "its scheme is being drafted" in coming.text
    assert f'data-live="/orders/{order}/scheme/part"' in coming.text
    assert "data-settled" not in coming.text
    await house.carry()
    drafted = await union.get(f"/orders/{order}/scheme/part", params={"lang": "en"})
    assert "<h1>" in drafted.text
    assert "data-block" in drafted.text
    assert "data-settled" in drafted.text, (
        "nothing is swapped any more under the hands of whoever works on it"
    )
    await signs(house, clerk, order)
    house.known["signed"] = order


async def the_portal_hears_first(house, order):
    """Of what order-intake has said, before scheduling does."""
    said = "select subject, body from event where subject = $1 order by position"
    async with house.services["order-intake"].transactions.begin() as tx:
        rows = await tx.driver.fetch(said, order)
    records = [(row["subject"].encode(), row["body"]) for row in rows]
    await house.services["portal"].deliver_raw(records)


async def signs(house, clerk, order):
    scheduling = house.client("scheduling", "union")
    scheme = good(await scheduling.get(f"/orders/{order}/scheme"))
    named = {"version": scheme["version"], "hash": scheme["hash"]}
    good(await scheduling.post(f"/orders/{order}/scheme/approve", json=named))
    await house.carry()
    board = await clerk.get("/board", params={"lang": "en"})
    assert f'href="/orders/{order}/confirm"' in board.text
    for place in ("story", "edit"):
        page = await clerk.get(f"/orders/{order}/{place}")
        assert "The union approved scheme v" in page.text, place
    page = await clerk.get(f"/orders/{order}/confirm", params={"lang": "en"})
    for word in (
        scheme["hash"],
        "who is away from the line when",
        "nobody leaves the line",
        "5 days of notice",
        "Seal of",
    ):
        assert word in page.text, word
    for word in ("Instructor (proposed)", "18:", "金牛"):
        assert word in page.text, word
    sheet = await clerk.get(f"/orders/{order}/confirm.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(sheet.content)).active.max_row == 1 + len(scheme["sessions"])
    assert openpyxl.load_workbook(io.BytesIO(sheet.content)).active["J1"].value in {"备注", "Remarks"}
    keys = KEY.findall(page.text)
    none = await clerk.post(
        f"/orders/{order}/confirm/decline", data={"key": keys[-2], "version": scheme["version"]}
    )
    assert none.status_code == 422
    below = none.text.split('id="decline" open>')[1]
    assert "Choose at least one reason" in below, "said where it was pressed, which stands open"
    stale = await clerk.post(
        f"/orders/{order}/confirm", data={"key": keys[-1], "version": 1, "hash": "0" * 64}
    )
    assert (stale.status_code, 'role="alert"' in stale.text) == (409, True)
    signed = await clerk.post(f"/orders/{order}/confirm", data=named | {"key": KEY.findall(stale.text)[-1]})
    assert signed.status_code == 303, signed.text
    assert good(await scheduling.get(f"/orders/{order}/scheme"))["state"] == "confirmed"
    await house.carry()


async def test_pages_without_anything_to_do_say_what_comes(house):
    client = await logged_in(house)
    for path, word in (("/sessions", "No session waits"), ("/certificates", "No certificates yet")):
        page = await client.get(path, params={"lang": "en"})
        assert (page.status_code, word in page.text) == (200, True), page.text
        assert (await (await logged_in(house, "coordinator")).get(path)).status_code == 403


async def test_what_was_held_is_confirmed_or_disputed_with_its_reason(house):
    order, college = house.known["signed"], house.client("instructor-dispatch", "college")
    for offer in good(await college.get("/offers")):
        if offer["order_id"] == order:
            good(await college.post(f"/offers/{offer['assignment_id']}/accept"))
    await house.carry()
    asked = {"order_id": order}
    first, second = good(await house.client("scheduling", "union").get("/sessions", params=asked))
    client, evaluation = await logged_in(house), house.client("evaluation", "enterprise")
    await held(house, first)
    page = await client.get("/sessions", params={"lang": "en"})
    assert first["session_id"] in page.text
    key = KEY.findall(page.text)
    assert (await client.post("/sessions/confirm", data={"key": key[1]})).status_code == 422
    told = {"key": key[1], "session": [first["session_id"]]}
    assert (await client.post("/sessions/confirm", data=told)).headers["location"] == "/sessions?done=1"
    await held(house, second)
    page = await client.get("/sessions", params={"lang": "en"})
    told = {"key": KEY.findall(page.text)[-1], "why": "session.cut_short", "words": "只上了一半"}
    assert (await client.post(f"/sessions/{second['session_id']}/dispute", data=told)).status_code == 303
    states = {
        one["session_id"]: one["state"] for one in good(await evaluation.get("/sessions", params=asked))
    }
    assert states == {first["session_id"]: "confirmed", second["session_id"]: "disputed"}
    await house.carry()
    assert "waits for the union" in (await client.get("/sessions", params={"lang": "en"})).text


async def test_certificates_are_listed_by_worker_and_fetched_one_by_one_and_all_at_once(house):
    order = house.known["evaluated"]
    await certified(house, order, house.known["batch_id"])
    client = await logged_in(house)
    page = await client.get("/certificates", params={"lang": "en"})
    numbers = [
        one["number"]
        for one in good(
            await house.client("evaluation", "enterprise").get("/certificates", params={"order_id": order})
        )
    ]
    assert len(numbers) == 4
    assert all(number in page.text for number in numbers), page.text
    (one, *_) = re.findall(r'href="(/certificates/[0-9a-f-]+\.pdf)"', page.text)
    assert (await client.get(one)).content.startswith(b"%PDF")
    package = await client.get(f"/orders/{order}/certificates.zip")
    with zipfile.ZipFile(io.BytesIO(package.content)) as papers:
        assert sorted(name.split()[0] for name in papers.namelist()) == sorted(numbers)
        assert all(papers.read(name).startswith(b"%PDF") for name in papers.namelist())
    sheet = openpyxl.load_workbook(io.BytesIO((await client.get("/certificates.xlsx")).content)).active
    assert [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)] == numbers
    stranger = await logged_in(house, "other")
    assert (await stranger.get(one)).status_code == 404
    assert (await stranger.get(f"/orders/{order}/certificates.zip")).status_code == 404
