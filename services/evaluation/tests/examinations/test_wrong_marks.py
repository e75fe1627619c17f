"""Marks that cannot be: refused by name, and nothing of the sheet is stored."""

from uuid import uuid4

import pytest


@pytest.fixture
async def batch(given):
    played = await given.an_order(heads=2, sessions=0)
    return await given.a_batch(played, line=1)


async def kept(evaluation):
    async with evaluation.transactions.begin() as tx:
        return await tx.driver.fetchval("select count(*) from part_mark")


async def test_each_is_refused_by_name_and_nothing_is_stored(evaluation, given, batch):
    one, other = (given.as_person("assessor", each) for each in batch.assessors[:2])
    path = f"/batches/{batch.batch_id}/marks"
    first, second = batch.evaluations
    stranger = await given.a_batch(await given.an_order(heads=1, sessions=0), line=1)

    async def enter(*marks, part="theory", by=one, to="", **more):
        told = [{"evaluation_id": id_, "mark": mark, **more} for id_, mark in marks]
        return await by.post(path + to, json={"part": part, "marks": told})

    for wrong in ("100.5", "-1", "60.55", "六十", "６０", "缺考", "8_5", "1e1", "+85", " 85 ", "-0", "085"):
        told = (await enter((first, "60"), (second, wrong))).json()
        assert (told["status"], told["code"], told["field"]) == (
            422,
            "request.invalid",
            "body.marks.1.mark",
        ), told
    for answer, status, code in (
        (await enter((first, "60"), (first, "61")), 422, "request.invalid"),
        (await enter((first, "60"), (str(uuid4()), "60")), 404, "evaluation.unknown"),
        (await enter((first, "60"), (stranger.evaluations[0], "60")), 404, "evaluation.unknown"),
        (await enter((first, "60"), part="review"), 422, "marks.no_such_part"),
        (await enter((first, "60"), failed=["electrician-earth"]), 422, "marks.no_such_item"),
        (await enter((first, "60"), part="practical", failed=["welder-gas"]), 422, "marks.no_such_item"),
        (
            await enter((first, None), part="practical", failed=["electrician-earth"]),
            422,
            "marks.absent_failed",
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await kept(evaluation) == 0
    sheet = ((first, "60.5"), (second, None))
    assert (await enter(*sheet)).status_code == 204
    seen = await enter((first, "60.5"), (second, None), by=other, to="/confirm")
    assert seen.json() == {"confirmed": [first, second], "differing": []}
    earth = {"part": "practical", "failed": ["electrician-earth"]}
    assert (await enter((first, "90"), **earth)).status_code == 204
    assert (await enter((second, None), part="practical")).status_code == 204
    both = await enter((first, "90"), by=other, to="/confirm", **earth)
    assert both.json()["confirmed"] == [first]
    await enter((second, None), part="practical", by=other, to="/confirm")
    told = (await given.union.get(f"/batches/{batch.batch_id}")).json()
    by_id = {each["evaluation_id"]: each for each in told["candidates"]}
    assert (by_id[first]["passed"], by_id[first]["failed"]) == (False, ["electrician-earth"])
    assert [each["code"] for each in told["starred"]][:1] == ["electrician-isolate"]
    await given.posted(batch)
    late = await enter((first, "61"))
    assert (late.status_code, late.json()["code"]) == (409, "batch.not_marking")
    assert await kept(evaluation) == 4
