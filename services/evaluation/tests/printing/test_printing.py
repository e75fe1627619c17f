"""All certificates of an order on paper: by a job that can die at any moment, and sent as one file."""

import asyncio
import base64
import io
import os
import sys
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from pypdf import PdfReader

from evaluation.printing.streamed import length, stream
from servicekit.testing import test_keys as the_keys  # no test, though its name says so

from .. import builders as a
from ..conftest import KEY


async def certified(given, heads):
    played = await given.an_order(heads=heads, sessions=0)
    await given.certified(played, line=1)
    return played, f"/orders/{played.order_id}"


async def packed(client, order):
    answer = await client.get(f"{order}/certificates.zip")
    assert answer.status_code == 200, answer.text
    assert len(answer.content) == int(answer.headers["content-length"])
    return zipfile.ZipFile(io.BytesIO(answer.content))


class TestAllOfAnOrder:
    async def test_they_are_asked_for_printed_and_sent_with_badges_and_a_register(
        self, evaluation, given, union, jinniu, bgzb
    ):
        played, order = await certified(given, 3)
        refused = await jinniu.get(f"{order}/certificates.zip")
        assert (refused.status_code, refused.json()["code"]) == (409, "printing.not_done")
        assert (await union.get(f"{order}/printing")).json()["asked_at"] is None
        asked = await jinniu.post(f"{order}/printing")
        assert (asked.status_code, asked.json()["total"], asked.json()["done"]) == (202, 3, 0)
        await evaluation.work_off_jobs()
        told = (await union.get(f"{order}/printing")).json()
        assert (told["done"], told["unprintable"]) == (3, [])
        assert told["ended_at"]

        found = await packed(jinniu, order)
        listed = (await union.get(f"/certificates?order_id={played.order_id}")).json()
        assert set(found.namelist()) == {
            "证书登记.xlsx",
            *(f"{one['number']} {one['name']}.pdf" for one in listed),
            *(f"badges/{one['number']}.jwt" for one in listed),
        }
        one = listed[0]
        alone = await jinniu.get(f"/certificates/{one['certificate_id']}/pdf")
        assert found.read(f"{one['number']} {one['name']}.pdf") == alone.content
        rows = list(openpyxl.load_workbook(io.BytesIO(found.read("证书登记.xlsx"))).active.values)
        assert [row[:2] for row in rows[1:]] == [(each["number"], each["name"]) for each in listed]
        assert one["url"] in rows[1]
        for path in ("printing", "certificates.zip"):
            assert (await bgzb.get(f"{order}/{path}")).status_code == 404

    async def test_what_changed_since_is_printed_again_and_nothing_else(
        self, evaluation, given, union, intake
    ):
        played, order = await certified(given, 2)
        await union.post(f"{order}/printing")
        await evaluation.work_off_jobs()
        before = await papers(evaluation, played.order_id)
        async with evaluation.transactions.begin() as tx:
            await tx.driver.execute("delete from directory where worker_id = $1", played.workers[0])
        assert (await union.get(f"{order}/certificates.zip")).json()["parameters"] == {"left": 1}
        await union.post(f"{order}/printing")
        await evaluation.work_off_jobs()
        after = await papers(evaluation, played.order_id)
        assert sum(before[each] != after[each] for each in before) == 1
        assert f"#{str(played.workers[0])[:8]}" in " ".join((await packed(union, order)).namelist())

    async def test_who_has_a_character_that_no_font_has_is_told_and_left_out(
        self, evaluation, given, union, intake
    ):
        odd = "王\U0002ffff"
        workers = [*given.people(1), *given.people(1, name=odd)]
        played = await given.an_order(sessions=0, workers=workers)
        batch = await given.a_batch(played, line=1)
        await given.marked(batch)
        until = await given.posted(batch)
        seen = (await union.get(f"/batches/{batch.batch_id}")).json()
        assert seen["unprintable"] == [{"name": odd, "characters": odd[1]}]
        await given.move_to(a.at(until + timedelta(days=1), 9))
        assert (await union.post(f"/batches/{batch.batch_id}/certificates")).status_code == 201
        listed = (await union.get(f"/certificates?order_id={played.order_id}")).json()
        (lacking,) = (one for one in listed if one["name"] == odd)
        answer = await union.get(f"/certificates/{lacking['certificate_id']}/pdf")
        assert (answer.status_code, answer.json()["code"]) == (409, "certificate.unprintable")
        order = f"/orders/{played.order_id}"
        await union.post(f"{order}/printing")
        await evaluation.work_off_jobs()
        told = (await union.get(f"{order}/printing")).json()
        assert told["unprintable"] == [{"number": lacking["number"], "characters": odd[1]}]
        found = await packed(union, order)
        assert len([each for each in found.namelist() if each.endswith(".pdf")]) == 1
        rows = list(openpyxl.load_workbook(io.BytesIO(found.read("证书登记.xlsx"))).active.values)
        assert any(row[0] == lacking["number"] and odd[1] in row[-1] for row in rows)

    async def test_they_are_forgotten_after_a_week(self, evaluation, given, union):
        played, order = await certified(given, 1)
        await union.post(f"{order}/printing")
        await evaluation.work_off_jobs()
        await evaluation.fire_deadlines(await evaluation.now() + timedelta(days=8))
        assert await papers(evaluation, played.order_id) == {}
        assert (await union.get(f"{order}/printing")).json()["asked_at"] is None


async def papers(evaluation, order_id):
    """When each was printed."""
    async with evaluation.transactions.begin() as tx:
        rows = await tx.driver.fetch(
            "select certificate_id, printed_at, digest, xmin::text from printed_certificate where order_id = $1",
            order_id,
        )
    return {row["certificate_id"]: tuple(row.values()) for row in rows}


async def test_killed_in_the_middle_it_goes_on_and_no_number_is_there_twice(
    evaluation, given, union, database
):
    """A process of its own works off the job; it is killed, and another goes on behind what is kept."""
    played, order = await certified(given, 60)
    await union.post(f"{order}/printing")
    worker = await working(database)
    while not len(await papers(evaluation, played.order_id)) >= 10:
        assert worker.returncode is None
        await asyncio.sleep(0.005)
    worker.kill()
    await worker.wait()
    kept = await papers(evaluation, played.order_id)
    assert 10 <= len(kept) < 60
    async with evaluation.transactions.begin() as tx:  # half a minute later
        await tx.driver.execute("update due set leased_until = null where job")
    worker = await working(database)
    assert await worker.wait() == 0
    whole = await papers(evaluation, played.order_id)
    assert len(whole) == 60
    assert kept.items() <= whole.items(), "what was printed before was not printed again"
    listed = (await union.get(f"/certificates?order_id={played.order_id}")).json()
    assert len({one["number"] for one in listed}) == 60
    found = await packed(union, order)
    texts = [
        PdfReader(io.BytesIO(found.read(each))).pages[0].extract_text() for each in found.namelist()[1::2]
    ]
    assert all(one["number"] in text for one, text in zip(listed, texts, strict=True))


async def working(database):
    """`python -m evaluation work` on the database of the tests."""
    told = {
        "DATABASE_EVALUATION": database, "PRIVATE_KEY": the_keys() / "evaluation.pem", "KEYS": the_keys() / "keys.json",
        "DATA_KEY": base64.b64encode(b"k" * 32).decode(), "CHECK_KEY": KEY, "PROGRAMMES": a.PROGRAMMES,
        "PRACTICE": "true", "PRINTED_AT_ONCE": "10", "KAFKA": "127.0.0.1:1", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "evaluation", "work",
        env={**os.environ, **{f"SONGJIAO_{name}": str(value) for name, value in told.items()}},
    )  # fmt: skip


async def pieces(files):
    for each in files:
        yield each


@pytest.mark.rules
async def test_the_length_is_known_before_the_file_is_made():
    files = [
        ("证书登记.xlsx", b"x" * 70_000),
        ("S1 䶮㛃.pdf", b""),
        *((f"badges/{n}.jwt", b"y" * n) for n in range(40)),
    ]
    whole = b"".join([each async for each in stream(pieces(files))])
    assert len(whole) == length((name, len(content)) for name, content in files)
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert read.testzip() is None
        assert [(each, read.read(each)) for each in read.namelist()] == files
