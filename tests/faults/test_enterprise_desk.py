"""The enterprise's desk through all services: an order is written, its roster mended, sent, answered, signed, ended."""

import io
import re
import zipfile

import openpyxl
import pytest

from .enterprise import (
    KEY,
    LINE,
    an_enterprise_desk,
    an_excel,
    certified,
    drafted,
    ending,
    held,
    hidden,
    key_of,
    logged_in,
    people,
)
from .story import SERIALS, a_number, good


@pytest.fixture(scope="module")
async def house(played):
    async with an_enterprise_desk(played) as house:
        yield house


async def test_sixty_people_from_a_sheet_with_three_bad_rows_are_mended_and_submitted(house):
    """The way of a clerk; clicks, fields and keys together are at most 14."""
    client = await logged_in(house)
    rows = people(60)
    rows[10] = (rows[10][0], int(rows[10][1][:17]), *rows[10][2:])
    rows[20] = (rows[20][0], rows[20][1], "Q", *rows[20][3:])
    rows[30] = ("", *rows[30][1:])
    steps = 1  # New order
    steps += 5  # occupation, level, first and last day, one band
    steps += 2  # the file, Submit
    page = await drafted(client, rows, do="submit")
    assert page.status_code == 200, page.text
    for word in ("Take 57 of 60", "stored as a number", "no such crew", "name is missing", "Row 13"):
        assert word in page.text, word
    order = re.search(r"/orders/([0-9a-f-]{36})/lines/1/roster", page.text)[1]
    clerk = house.client("order-intake", "enterprise")
    assert good(await clerk.get(f"/orders/{order}/trainees")) == []
    fixed = {"e.13.id_number": a_number(next(SERIALS)), "e.23.crew": "甲班", "e.33.name": "演示 乙"}
    told = hidden(page) | fixed
    steps += len(fixed)
    way = f"/orders/{order}/lines/1/roster"
    part = await client.post(f"{way}/look", data=told, headers={"hx-request": "true"})
    assert "Take 60 of 60" in part.text
    assert "<html" not in part.text
    assert good(await clerk.get(f"/orders/{order}/trainees")) == []
    steps += 1  # Take
    taken = await client.post(f"{way}/take", data=hidden(part))
    assert (taken.status_code, taken.headers["location"]) == (
        303, f"/orders/{order}/edit?done=taken&line=1&taken=60&of=60",
    )  # fmt: skip
    assert len(good(await clerk.get(f"/orders/{order}/trainees"))) == 60
    page = await client.get(taken.headers["location"], params={"lang": "en"})
    assert "60 of 60 people" in (await client.get(f"{taken.headers['location']}&lang=en")).text
    page = await client.get(f"/orders/{order}/edit")
    steps += 1  # Submit
    sent = await client.post(
        f"/orders/{order}/edit", data=LINE | {"l1.people": "60", "key": key_of(page), "do": "submit"}
    )
    assert sent.headers.get("location") == f"/orders/{order}/edit?done=submit", sent.text
    assert steps <= 14
    page = await client.get(f"{sent.headers['location']}&lang=en")
    assert "until Thu 4 Mar" in page.text
    for word in ("What was ordered", "60 people", "Mon 5 Apr – Fri 25 Jun"):
        assert word in page.text, "what was sent is read again"
    assert good(await clerk.get(f"/orders/{order}"))["state"] == "submitted"


async def test_an_order_that_lacks_something_says_all_of_it_and_what_was_typed_stays(house):
    client = await logged_in(house)
    page = await drafted(client, do="submit", **{"l1.level": "", "l1.latest": "2027-01-01"})
    assert page.status_code == 422
    for word in (
        'href="#l1-level"',
        'href="#l1-latest"',
        'href="#l1-roster"',
        "电工 6-31-01-03",
        "2027-01-01",
    ):
        assert word in page.text, word
    page = await drafted(client, **{"l1.occupation": "工"})
    assert (page.status_code, 'href="#l1-occupation"' in page.text, 'value="工"' in page.text) == (
        422,
        True,
        True,
    )
    assert "of." not in re.sub(r'(href|src|name|value|id|for)="[^"]*"|class="[^"]*"', "", page.text)


async def test_a_draft_is_kept_without_what_is_unclear_and_what_was_typed_stays(house):
    client = await logged_in(house)
    page = await drafted(
        client, **{"l1.sizes": "abc", "l2.service": "theory_training", "l2.occupation": "工"}
    )
    assert page.status_code == 422
    for word in ("The draft is kept, without 2 things", 'value="abc"', 'value="工"', 'href="#l1-sizes"'):
        assert word in page.text, word
    order = re.search(r'action="/orders/([0-9a-f-]{36})/edit"', page.text)[1]
    kept = good(await house.client("order-intake", "enterprise").get(f"/orders/{order}"))
    assert [line["cohort_sizes"] for line in kept["lines"]] == [[]]


async def test_days_that_are_too_few_are_told_before_the_order_is_sent_and_it_is_sent_all_the_same(house):
    client = await logged_in(house)
    few = {"l1.earliest": "2027-04-05", "l1.latest": "2027-04-07"}
    page = await drafted(client, people(4), do="submit", **few)
    order = re.search(r"/orders/([0-9a-f-]{36})/lines/1/roster", page.text)[1]
    await client.post(f"/orders/{order}/lines/1/roster/take", data=hidden(page))
    told = LINE | few | {"l1.people": "4", "do": "submit"}
    key = key_of(await client.get(f"/orders/{order}/edit"))
    page = await client.post(f"/orders/{order}/edit?lang=en", data=told | {"key": key})
    assert (page.status_code, "of.doubt" in page.text) == (200, True), page.text
    (warned,) = re.findall(r'name="warned" value="([^"]+)"', page.text)
    sent = await client.post(f"/orders/{order}/edit", data=told | {"key": key_of(page), "warned": warned})
    assert sent.headers.get("location") == f"/orders/{order}/edit?done=submit", sent.text
    intake = await (await logged_in(house, "coordinator")).get(f"/orders/{order}/intake?lang=en")
    assert "there are no more than" in intake.text


async def test_what_is_typed_is_kept_as_a_draft_and_a_form_is_taken_once(house):
    client = await logged_in(house)
    page = await client.get("/orders/new", params={"lang": "zh"})
    (kept,) = set(re.findall(r'name="kept" value="([^"]+)"', page.text))
    first = await client.post("/orders/kept", data=LINE | {"kept": kept, "l1.occupation": "电工"})
    assert "已存草稿" in first.text, first.text
    order = re.search(r'name="order" value="([^"]+)"', first.text)[1]
    assert (await client.get(f"/orders/{order}/edit")).status_code == 200
    again = await client.post("/orders/kept", data=LINE | {"kept": kept, "order": order})
    assert "已存草稿" not in again.text
    assert (await (await logged_in(house, "other")).get(f"/orders/{order}/edit")).status_code == 404
    assert (await (await logged_in(house, "coordinator")).get(f"/orders/{order}/edit")).status_code == 403


def draft_of(page) -> str:
    return re.search(r'name="draft" value="([^"]+)"', page.text)[1]


async def drafts(house) -> list[str]:
    clerk = house.client("order-intake", "enterprise")
    return [one["order_id"] for one in good(await clerk.get("/orders?state=draft&limit=500"))]


async def test_a_form_has_one_draft_whatever_comes_first_and_a_draft_is_deleted_after_a_look(house):
    client = await logged_in(house)
    page = await client.get("/orders/new", params={"lang": "en"})
    before = await drafts(house)
    (kept,) = set(re.findall(r'name="kept" value="([^"]+)"', page.text))
    first = await client.post(
        "/orders/kept", data=LINE | {"kept": kept, "draft": draft_of(page), "order": ""}
    )
    assert "Draft kept" in first.text, first.text
    # the button was pressed before the page had learnt of the draft
    told = LINE | {"draft": draft_of(page), "order": "", "key": key_of(page), "do": "save"}
    saved = await client.post("/orders/new", data=told)
    assert saved.status_code == 303, saved.text
    (order,) = set(await drafts(house)) - set(before)
    assert saved.headers["location"] == f"/orders/{order}/edit?done=save"
    page = await client.get("/orders/drafts")
    assert page.text.count("<tr role") == 1 + len(before) + 1
    assert f"/orders/{order}/end" in page.text
    page = await client.get(f"/orders/{order}/end")
    assert "deleted for good" in page.text
    assert order in await drafts(house)
    seen = ending(page)
    assert seen["way"] == "discard"
    more = good(await house.client("order-intake", "enterprise").get(f"/orders/{order}"))
    lines = [
        {name: line[name] for name in ("line", "service", "occupation", "level")} | {"heads": 9}
        for line in more["lines"]
    ]
    good(await house.client("order-intake", "enterprise").put(f"/orders/{order}", json={"lines": lines}))
    unseen = await client.post(f"/orders/{order}/end", data=seen)
    assert (unseen.status_code, "changed meanwhile" in unseen.text) == (409, True), unseen.text
    gone = await client.post(f"/orders/{order}/end", data=ending(unseen))
    assert gone.headers["location"].startswith("/orders/drafts?gone="), gone.text
    assert "was deleted" in (await client.get(gone.headers["location"])).text
    assert await drafts(house) == before
    # and the first window still has the form
    page = await client.get("/orders/new", params={"lang": "en"})
    told |= {"order": order, "key": key_of(page), "do": "submit", "l1.latest": "2027-06-24"}
    lost = await client.post("/orders/new", data=told)
    assert (lost.status_code, "2027-06-24" in lost.text) == (409, True), lost.text
    assert "deleted in another window" in lost.text
    told |= {"order": "", "draft": draft_of(lost), "key": key_of(lost), "do": "save"}
    assert (await client.post("/orders/new", data=told)).status_code == 303
    assert len(await drafts(house)) == len(before) + 1


async def test_a_file_that_could_not_be_kept_is_told_beside_its_field(house):
    client = await logged_in(house)
    page = await drafted(client, people(2), **{"l1.occupation": "工"})
    assert page.status_code == 422
    assert 'aria-describedby="l1-lost"' in page.text
    page = await client.get("/orders/new", params={"lang": "en"})
    told = LINE | {name.replace("l1", "l2"): value for name, value in LINE.items()}
    files = {f"l{line}.file": ("花名册.xlsx", an_excel(people(2))) for line in (1, 2)}
    page = await client.post("/orders/new", data=told | {"key": key_of(page), "do": "save"}, files=files)
    assert "The file of line 2 was not read" in page.text, page.text


async def test_the_rest_comes_back_as_excel_and_an_import_is_undone(house):
    client = await logged_in(house)
    rows = people(3)
    page = await drafted(client, [*rows, ("演示丁", "35040219900101001", "A", 1, "")])
    order = re.search(r"/orders/([0-9a-f-]{36})/lines/1/roster", page.text)[1]
    way = f"/orders/{order}/lines/1/roster"
    told = hidden(page)
    saved = await client.post(f"{way}/rest.xlsx", data=told)
    sheet = openpyxl.load_workbook(io.BytesIO(saved.content)).active
    [_, row] = sheet.iter_rows(values_only=True)
    assert (row[0], row[2], "17" in row[-1]) == (6, "35040219900101001", True)
    fewer = await client.post(f"{way}/take", data=told | {"e.3.crew": "Q"})
    assert (fewer.status_code, "Only 2 rows" in fewer.text) == (409, True), fewer.text
    taken = await client.post(f"{way}/take", data=hidden(fewer))
    assert taken.status_code == 303, taken.text
    page = await client.get(taken.headers["location"])
    undo = re.search(r'roster/undo"><input type="hidden" name="key" value="([^"]+)"', page.text)[1]
    undone = await client.post(f"{way}/undo", data={"key": undo})
    assert undone.headers["location"].endswith("done=undone&line=1"), undone.text
    assert good(await house.client("order-intake", "enterprise").get(f"/orders/{order}/trainees")) == []
    template = await client.get("/roster-template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(template.content)).active["B2"].value.startswith("3504021990")
    page = await client.get(way, params={"lang": "en"})
    broken = await client.post(way, data={"key": key_of(page)}, files={"file": ("a.xlsx", b"words")})
    assert (broken.status_code, "What is expected" in broken.text) == (422, True)


async def test_amending_and_cancelling_show_first_what_follows(house):
    client = await logged_in(house)
    order = house.known["evaluated"]
    page = await client.get(f"/orders/{order}/end", params={"lang": "en"})
    assert "What follows" in page.text, page.text
    order = house.known["order_id"]
    page = await client.get(f"/orders/{order}/edit", params={"lang": "en"})
    typed = LINE | {"l1.people": "4", "l1.units": "el5-safety", "l1.cap": "480", "l1.latest": "2027-06-30"}
    looked = await client.post(f"/orders/{order}/edit", data=typed | {"key": key_of(page), "do": "look"})
    assert looked.status_code == 200, looked.text
    for word in ("planned anew", "Amend order", "College smtc"):
        assert word in looked.text, word
    assert good(await house.client("order-intake", "enterprise").get(f"/orders/{order}"))["revision"] == 0
    done = await client.post(f"/orders/{order}/edit", data=typed | {"key": key_of(looked), "do": "amend"})
    assert done.headers.get("location", "").endswith("done=amend"), done.text
    page = await client.get(f"/orders/{order}/end", params={"lang": "en"})
    for word in ("sessions ahead are freed", "College smtc"):
        assert word in page.text, word
    told = ending(page) | {"reason": "order.no_longer_needed"}
    assert (await client.post(f"/orders/{order}/end", data=told)).status_code == 303
    ended = good(await house.client("order-intake", "enterprise").get(f"/orders/{order}"))
    assert (ended["state"], ended["reasons"][0]["code"]) == ("cancelled", "order.no_longer_needed")


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
    keys = KEY.findall(page.text)
    none = await clerk.post(
        f"/orders/{order}/confirm/decline", data={"key": keys[-2], "version": scheme["version"]}
    )
    assert none.status_code == 422
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
