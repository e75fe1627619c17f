"""The enterprise's desk through all services: an order is written, its roster mended, sent, amended, ended."""

import io
import re

import openpyxl
import pytest

from .enterprise import (
    LINE,
    an_excel,
    drafted,
    ending,
    hidden,
    key_of,
    logged_in,
    people,
)
from .story import SERIALS, a_number, good


@pytest.fixture
def house(enterprise_house):
    return enterprise_house


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
    for word in ("What was ordered", "60 people", "Mon 5 Apr – Fri 25 Jun", "cohorts of any size"):
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


async def test_a_clerk_reads_who_stands_on_a_line_and_by_which_four_characters_they_sign_in(house):
    client = await logged_in(house)
    rows = people(3)
    page = await drafted(client, rows)
    order = re.search(r"/orders/([0-9a-f-]{36})/lines/1/roster", page.text)[1]
    way = f"/orders/{order}/lines/1/roster"
    await client.post(f"{way}/take", data=hidden(page))
    page = (await client.get(way, params={"lang": "en"})).text
    assert "Who is on this line (3 people)" in page
    shown = re.findall(r"<tr><td>A</td><td>([^<]+)</td><td>([^<]+)</td></tr>", page)
    assert sorted(last for _, last in shown) == sorted(row[1][-4:] for row in rows)
    assert [name for name, _ in shown] == ["演*甲"] * 3
    assert not [row for row in rows if row[1] in page]


async def test_in_the_other_language_a_new_order_is_looked_at_where_it_was_kept(house):
    client = await logged_in(house)
    page = await client.get("/orders/new", params={"lang": "en"})
    files = {"l1.file": ("花名册.xlsx", b"no sheet")}
    page = await client.post("/orders/new", data=LINE | {"key": key_of(page), "do": "save"}, files=files)
    assert page.status_code == 422
    (there,) = re.findall(r'class="sh-tool" href="([^"]+)" hreflang="zh"', page.text)
    order = re.search(r"/orders/([0-9a-f-]{36})/", there)[1]
    assert there == f"/orders/{order}/lines/1/roster?lang=zh"
    assert (await client.get(there)).status_code == 200
    kept = await client.get(f"/orders/{order}/edit")
    told = {**hidden(kept), **LINE, "key": key_of(kept), "do": "submit", "l1.latest": ""}
    page = await client.post("/orders/new", data=told | {"order": order})
    assert (page.status_code, f'href="/orders/{order}/edit?lang=en" hreflang="en"' in page.text) == (
        422,
        True,
    )


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
    for language, level, taken, unknown in (
        ("zh", "五级", "收下 3 行中的 0 行", "没有这个等级"),
        ("en", "L5", "Take 0 of 3", "There is no such level"),
    ):  # fmt: skip  the samples that somebody leaves in are understood, and nobody
        template = await client.get("/roster-template.xlsx", params={"lang": language})
        assert openpyxl.load_workbook(io.BytesIO(template.content)).active["E2"].value == level
        page = await client.get(way, params={"lang": language})
        files = {"file": ("a.xlsx", template.content)}
        page = await client.post(way, data={"key": key_of(page)}, files=files)
        assert (taken in page.text, unknown in page.text) == (True, False), page.text
    page = await client.get(way, params={"lang": "en"})
    broken = await client.post(way, data={"key": key_of(page)}, files={"file": ("a.xlsx", b"words")})
    assert (broken.status_code, "What is expected" in broken.text) == (422, True)


async def test_who_is_taught_stands_on_the_line_of_the_evaluation_by_one_press(house):
    client = await logged_in(house)
    page = await drafted(client, people(3))
    order = re.search(r"/orders/([0-9a-f-]{36})/lines/1/roster", page.text)[1]
    taken = await client.post(f"/orders/{order}/lines/1/roster/take", data=hidden(page))
    page = await client.get(taken.headers["location"])
    assert "same-" not in page.text  # nothing to copy to
    two = {name.replace("l1", "l2"): value for name, value in LINE.items()} | {
        "l2.service": "skill_evaluation"
    }
    told = LINE | two | {"l1.people": "3", "l2.people": "0"}
    for missing, status in (({"l2.occupation": ""}, 422), ({}, 303)):
        data = told | missing | {"key": key_of(page), "do": "same-2-1"}
        answer = await client.post(f"/orders/{order}/edit", data=data)
        assert answer.status_code == status, answer.text
        page = answer
    page = await client.get(answer.headers["location"])
    assert "3 people of line 1 stand on line 2 now" in page.text
    stands = good(await house.client("order-intake", "enterprise").get(f"/orders/{order}/trainees"))
    by_line = {line: {one["worker_id"] for one in stands if one["line"] == line} for line in (1, 2)}
    assert by_line[1] == by_line[2]
    assert len(by_line[2]) == 3


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
