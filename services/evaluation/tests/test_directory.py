"""Names and evidence come from order-intake by a job, and lie here encrypted."""

import json

import pytest

from evaluation import directory

from . import builders as a


async def test_the_directory_is_filled_when_a_scheme_is_confirmed(evaluation, given, intake):
    before = len(intake.asked)
    played = await given.an_order(heads=3)
    (asked,) = intake.asked[before:]
    told = json.loads(asked.content)
    assert (told["purpose"], told["order_id"], len(told["workers"])) == (
        "evaluation",
        str(played.order_id),
        3,
    )
    assert asked.headers["authorization"] == "Bearer a-token"
    async with evaluation.transactions.begin() as tx:
        known = await directory.known_workers(tx, played.workers)
        raw = await tx.driver.fetchrow("select * from directory where worker_id = $1", played.workers[0])
    assert known[played.workers[0]] == intake.known[played.workers[0]]
    for column in ("name", "id_masked", "last_four", "birth_date"):
        assert isinstance(raw[column], bytes)
        assert b"1234" not in raw[column]


async def test_while_order_intake_is_away_names_show_as_numbers_and_the_job_waits(
    evaluation, given, intake, union
):
    intake.down = True
    workers = given.people(2)
    order = a.an_order(a.uuid4(), [a.a_line(1, a.ServiceLine.SKILL_EVALUATION, workers)])
    await evaluation.deliver(order, a.a_scheme(order.order_id, [], 0))
    with pytest.raises(AssertionError, match=r"directory\.fill"):
        await evaluation.work_off_jobs()
    async with evaluation.transactions.begin() as tx:
        names = await directory.names(tx, workers)
        assert names == {each: f"#{str(each)[:8]}" for each in workers}
        await tx.driver.execute("update due set again_at = null")
    intake.down = False
    assert await evaluation.service.runner.do_one()
    async with evaluation.transactions.begin() as tx:
        assert (await directory.names(tx, workers))[workers[0]] == intake.known[workers[0]].name


async def test_many_people_are_asked_for_in_several_questions(evaluation, given, intake):
    workers = given.people(1201)
    order = a.an_order(a.uuid4(), [a.a_line(1, a.ServiceLine.SKILL_EVALUATION, workers)])
    before = len(intake.asked)
    await evaluation.deliver(order, a.a_scheme(order.order_id, [], 0))
    await evaluation.work_off_jobs()
    assert [len(json.loads(each.content)["workers"]) for each in intake.asked[before:]] == [500, 500, 201]
