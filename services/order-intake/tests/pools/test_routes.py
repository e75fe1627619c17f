"""Joint orders over HTTP: proposals, consent with its deadline, members fulfilled, and what is refused."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from contracts.evaluation import DeliveryCompleted
from contracts.order_intake import (
    OrderAccepted,
    OrderFulfilled,
    OrderPoolDeclined,
    OrderPooled,
    OrderPoolProposed,
)
from contracts.scheduling import SchemeConfirmed
from contracts.values import Stage
from order_intake.orders import evolve, store
from order_intake.pools import evolve as pool_evolve
from order_intake.rosters import store as rosters
from servicekit.testing import cause, tx_of

from ..conftest import LINE, PROGRAMMES, an_enterprise

WHY = {"reason": {"code": "order.production_peak"}}
NEIGHBOURS = ("one", "two", "three")
PM = LINE | {"bands": ["pm"]}


@pytest.fixture(scope="module")
async def works(intake):
    """Three enterprises of one county and one shift pattern, each with its clerk."""
    with (PROGRAMMES / "demo" / "enterprises.csv").open(encoding="utf-8") as rows:
        codes = [row["uscc_demo"] for row in csv.DictReader(rows)][-3:]
    union = intake.client("union", organisation="smftu")
    for name, code in zip(NEIGHBOURS, codes, strict=True):
        asked = an_enterprise(name, code, f"演示企业{name}", "350428", "day")
        answer = await union.post("/enterprises", json=asked)
        assert answer.status_code == 201, answer.text
    return {name: intake.client("enterprise", organisation=name) for name in NEIGHBOURS}


@pytest.fixture
async def small(given, works):
    """One small order each, submitted."""

    async def made(name, line=PM, people=5):
        order = await given.a_draft(line, people=people, clerk=works[name])
        answer = await works[name].post(f"/orders/{order}/submit")
        assert answer.status_code == 204, answer.text
        return order

    return made


@pytest.fixture
async def opened(intake, union, small):
    """A joint order of all three, at the works of the first."""
    orders = {name: await small(name) for name in NEIGHBOURS}
    answer = await union.post("/pools", json={"orders": list(orders.values()), "host": "one"})
    assert answer.status_code == 201, answer.text
    return orders, answer.json()


async def said(intake, order):
    return [type(fact) for fact in await intake.facts(order)]


async def answers(union, joint):
    members = (await union.get(f"/pools/{joint}")).json()["members"]
    return {each["enterprise_id"]: each["answer"] for each in members}


async def consent(works, orders, *names):
    for name in names:
        answer = await works[name].post(f"/orders/{orders[name]}/pool/consent")
        assert answer.status_code == 204, answer.text


async def state_of(union, order):
    return (await union.get(f"/orders/{order}")).json()["state"]


async def named(intake, order):
    """How many people the order knows by name."""
    async with tx_of(intake) as tx:
        return len(await rosters.of_order(tx, UUID(order)))


async def test_proposals_say_what_one_class_saves_and_why_not(union, given, small, works):
    first, second = await small("one"), await small("two", people=7)
    far = await given.a_submitted(PM, people=4)  # jinniu works in shifts
    found = (await union.get("/pools/proposals")).json()
    (proposal,) = [p for p in found["proposals"] if {m["order_id"] for m in p["members"]} == {first, second}]
    assert proposal["host"] == "two"
    assert float(proposal["saved"]["total"]) > 0
    assert proposal["saved"]["sessions"] == proposal["joint"]["sessions"]
    assert proposal["lines"][0]["heads"] == 12
    assert {each["order_id"]: each["reason"]["code"] for each in found["alone"]}[far] == "pool.other_shifts"


async def test_all_consent_and_the_joint_order_is_accepted_with_everybody(intake, union, works, opened):
    orders, told = opened
    joint = told["order_id"]
    assert await answers(union, joint) == dict.fromkeys(NEIGHBOURS, "asked")
    await consent(works, orders, *NEIGHBOURS)
    assert await answers(union, joint) == dict.fromkeys(NEIGHBOURS, "pooled")
    assert await said(intake, joint) == [OrderPoolProposed, OrderAccepted]
    accepted = (await intake.facts(joint))[-1]
    assert len(accepted.lines[0].trainees) == 15
    assert OrderPooled in await said(intake, orders["two"])
    # its people are known by name to who teaches them, and to their own enterprise only
    workers = [str(t.worker_id) for t in accepted.lines[0].trainees]
    asked = {"workers": workers, "purpose": "delivery", "order_id": joint}
    named = await union.post("/people", json=asked)
    assert len(named.json()) == 15
    own = (await works["one"].get(f"/orders/{joint}/trainees")).json()
    assert len(own) == 5
    assert (await works["two"].get(f"/orders/{joint}")).status_code == 404
    mine, theirs = (
        own[0]["worker_id"],
        next(each for each in workers if each not in {one["worker_id"] for one in own}),
    )
    assert (await works["one"].get(f"/workers/{mine}")).status_code == 200
    assert (await works["one"].get(f"/workers/{theirs}")).json()["code"] == "worker.unknown", (
        "a guest is not the host's"
    )


async def test_completion_of_the_joint_order_fulfils_its_members(intake, union, works, opened):
    orders, told = opened
    await consent(works, orders, *NEIGHBOURS)
    joint = UUID(told["order_id"])
    confirmed = SchemeConfirmed(
        order_id=joint, version=1, hash="9f" * 32, stages=(Stage.DELIVERY,), cohorts=(), sessions=3
    )
    delivered = DeliveryCompleted(order_id=joint, sessions=3, heads=15, person_times=45, class_hours=9)
    await intake.deliver(confirmed, delivered, delivered)
    for order in (joint, *orders.values()):
        assert (await said(intake, order)).count(OrderFulfilled) == 1
        assert await state_of(union, order) == "fulfilled"


async def test_silence_ends_with_the_time_and_who_consented_goes_on(intake, union, works, opened):
    orders, told = opened
    await consent(works, orders, "one", "two")
    assert await state_of(union, told["order_id"]) == "pooling"
    await intake.fire_deadlines(datetime.fromisoformat(told["answer_by"]))
    assert await answers(union, told["order_id"]) == {"one": "pooled", "two": "pooled", "three": "gone"}
    left = [f for f in await intake.facts(orders["three"]) if isinstance(f, OrderPoolDeclined)]
    assert [fact.reason.code for fact in left] == ["pool.silent"]
    assert await state_of(union, orders["three"]) == "submitted"


async def test_while_asked_an_order_changes_by_its_answer_only(union, works, opened):
    orders, _ = opened
    for client, path in (
        (union, "accept"), (works["two"], "withdraw"),
    ):  # fmt: skip
        answer = await client.post(f"/orders/{orders['two']}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "order.in_pool")
    refused = await union.post("/pools", json={"orders": [orders["one"], orders["two"]]})
    assert refused.json()["code"] == "pool.order_refused"
    await works["two"].post(f"/orders/{orders['two']}/pool/leave", json=WHY)
    assert (await union.post(f"/orders/{orders['two']}/accept")).status_code == 204


async def test_a_member_leaves_later_and_the_joint_order_is_amended(intake, union, works, opened):
    orders, told = opened
    await consent(works, orders, *NEIGHBOURS)
    answer = await works["one"].post(f"/orders/{told['order_id']}/amend", json={})
    assert answer.json()["code"] == "order.is_joint"
    assert (await works["one"].post(f"/orders/{told['order_id']}/cancel", json=WHY)).status_code == 409
    assert (await works["three"].post(f"/orders/{orders['three']}/pool/leave", json=WHY)).status_code == 204
    amended = (await intake.facts(told["order_id"]))[-1]
    assert {t.enterprise_id for t in amended.lines[0].trainees} == {"one", "two"}
    assert await state_of(union, orders["three"]) == "submitted"
    assert await named(intake, told["order_id"]) == 10
    assert (await union.post(f"/orders/{told['order_id']}/cancel", json=WHY)).status_code == 204
    assert [await state_of(union, orders[name]) for name in ("one", "two")] == ["submitted"] * 2
    assert await named(intake, told["order_id"]) == 0
    assert (await union.post(f"/orders/{orders['one']}/accept")).status_code == 204


async def test_a_members_people_are_not_told_to_stand_elsewhere(intake, union, works, small, given):
    people = [(*row[:2], "A", *row[3:]) for row in given.new_people(3)]
    orders = {"one": await small("one"), "two": await given.a_draft(PM, people=0, clerk=works["two"])}
    await given.roster(orders["two"], people, clerk=works["two"])
    await works["two"].post(f"/orders/{orders['two']}/submit")
    answer = await union.post("/pools", json={"orders": list(orders.values()), "host": "one"})
    assert answer.status_code == 201, answer.text
    await consent(works, orders, "one", "two")
    again = await given.a_draft(PM, people=0, clerk=works["two"])
    rows = (await given.roster(again, people, clerk=works["two"]))["rows"]
    assert [[each["code"] for each in row["reasons"]] for row in rows] == [["roster.double_in_order"]] * 3


async def test_the_union_takes_it_back(union, works, opened):
    orders, told = opened
    await consent(works, orders, "one")
    assert (await union.post(f"/pools/{told['order_id']}/withdraw", json=WHY)).status_code == 204
    assert await answers(union, told["order_id"]) == dict.fromkeys(NEIGHBOURS, "gone")
    assert await state_of(union, told["order_id"]) == "dissolved"
    late = await works["one"].post(f"/orders/{orders['one']}/pool/consent")
    assert (late.status_code, late.json()["code"]) == (409, "pool.not_asked")


async def test_what_cannot_be_is_refused_with_its_reason(union, works, small, given):
    one, two = await small("one"), await small("two", line=PM | {"level": "L4"})
    again = await small("one")
    cases = [
        ([one], "pool.too_few"), ([one, one], "pool.order_twice"), ([one, again], "pool.enterprise_twice"),
        ([one, two], "pool.other_lines"), ([one, str(uuid4())], "order.unknown"),
    ]  # fmt: skip
    for orders, code in cases:
        answer = await union.post("/pools", json={"orders": orders})
        assert answer.json()["code"] == code, answer.text
        assert answer.json()["sentences"]["zh"]
    far = await union.post("/pools", json={"orders": [one, two], "host": "jinniu"})
    assert far.json()["code"] == "pool.host_no_member"
    draft = await given.a_draft(PM, clerk=works["three"])
    assert (await union.post("/pools", json={"orders": [one, draft]})).json()["code"] == "order.unknown"


async def test_a_joint_order_that_a_database_has_lost_is_made_known_by_its_facts(
    intake, union, works, opened
):
    orders, told = opened
    await consent(works, orders, *NEIGHBOURS)
    lost, given = uuid4(), cause()
    async with tx_of(intake) as tx:
        proposed, accepted = (
            fact.model_copy(update={"order_id": lost, "number": "2027-9000"})
            for fact in await intake.facts(told["order_id"])
        )
        due = "select count(*) from due where key = $1"
        await evolve.proposed(tx, proposed, given)
        assert await tx.driver.fetchval(due, str(lost)) == 1
        await evolve.changed(tx, accepted, given)
        assert await tx.driver.fetchval(due, str(lost)) == 0
        again = await store.read(tx, lost, of=None)
        was = await store.read(tx, UUID(told["order_id"]), of=None)
    as_it_was = replace(
        again.order,
        id=was.order.id,
        number=was.order.number,
        pool=replace(again.order.pool, joint_id=was.order.id),
    )
    assert as_it_was == replace(was.order, pool=replace(was.order.pool, answer_by=again.order.pool.answer_by))


async def test_a_restored_joint_order_knows_whom_its_members_rosters_name(intake, works, opened):
    orders, told = opened
    await consent(works, orders, *NEIGHBOURS)
    (said_,) = (each for each in await intake.facts(orders["two"]) if isinstance(each, OrderPooled))
    async with tx_of(intake) as tx:
        await tx.driver.execute("delete from roster_person where order_id = $1", UUID(told["order_id"]))
        await pool_evolve.pooled(tx, said_, cause())
        assert len(await rosters.of_order(tx, UUID(told["order_id"]))) == 5


async def test_it_is_the_unions_and_each_answer_its_own_enterprises(works, bgzb, opened):
    orders, told = opened
    assert (await works["one"].get("/pools/proposals")).status_code == 403
    assert (await bgzb.get(f"/pools/{told['order_id']}")).json()["code"] == "pool.unknown"
    assert (await works["two"].get(f"/pools/{told['order_id']}")).status_code == 200
    assert (await works["two"].post(f"/orders/{orders['one']}/pool/consent")).status_code == 404
    assert datetime.fromisoformat(told["answer_by"]) > datetime(2027, 3, 1, tzinfo=UTC)
