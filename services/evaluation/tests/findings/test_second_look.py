"""A session is closed, is looked at, and what does not go together is asked about and closed by two people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from contracts.findings import FindingAnswered, FindingClosed, FindingRaised
from contracts.values import because
from servicekit import testing
from servicekit.tokens import Issuer

from .. import builders as a

DAYS_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MANY = 16
"""Signed in at one moment, more than a script needs."""


def another(evaluation, user):
    client = evaluation.client("union")
    issuer = Issuer.from_file("portal", testing.test_keys() / "portal.pem")
    client.headers["Authorization"] = f"Bearer {issuer.user_token(user, ['union'], organisation='smftu')}"
    return client


async def raised(evaluation, order_id=None):
    await evaluation.work_off_jobs()
    return [each for each in await evaluation.facts(order_id) if isinstance(each, FindingRaised)]


async def test_from_a_closed_session_to_a_closed_finding(evaluation, given, union):
    played = await given.an_order(heads=MANY, sessions=1)
    (session,) = played.sessions
    await given.closed(played, session)
    (fact,) = await raised(evaluation)
    assert (fact.kind, fact.sessions, len(fact.workers)) == ("burst", (session.session_id,), MANY)
    assert fact.reason == because("finding.burst", acts=MANY, seconds=5, way="scan")

    (seen,) = (await union.get("/findings", params={"state": "open", "kind": "burst"})).json()
    assert (seen["number"], seen["workers"]) == ("2027-0001", MANY)
    assert "16" in seen["sentences"]["zh"]
    path = f"/findings/{seen['finding_id']}"
    whole = (await union.get(path)).json()
    assert whole["whom"][0]["name"].startswith("演示")
    assert whole["lessons"][0]["session_id"] == str(session.session_id)

    lin, wang = another(evaluation, "lin"), another(evaluation, "wang")
    assert (await wang.post(f"{path}/close", json={"reason": "finding.explained"})).json()[
        "code"
    ] == "finding.not_answered"
    told = {"asked": "instructor", "reason": "finding.helped_others", "text": "网络不好，统一补点"}
    assert (await lin.post(f"{path}/answer", json=told)).status_code == 204
    assert (await wang.post(f"{path}/answer", json=told)).json()["code"] == "finding.not_open"
    refused = await lin.post(f"{path}/close", json={"reason": "finding.explained"})
    assert (refused.status_code, refused.json()["code"]) == (403, "finding.same_person")
    assert (await wang.post(f"{path}/close", json={"reason": "finding.explained"})).status_code == 204

    whole = (await union.get(path)).json()
    assert (whole["state"], whole["answered_by"], whole["closed_by"]) == ("closed", "lin", "wang")
    assert whole["answer_text"] == "网络不好，统一补点"
    said = [each for each in await evaluation.facts() if isinstance(each, FindingAnswered | FindingClosed)]
    assert [each.reason.code for each in said] == ["finding.helped_others", "finding.explained"]
    assert "网络" not in "".join(each.model_dump_json() for each in said)

    async with evaluation.transactions.begin() as tx:
        end = await tx.driver.fetchval("select due from due where kind = 'finding.words_end'")
        assert end - datetime.fromisoformat(whole["answered_at"]) == timedelta(days=180)
        await tx.driver.execute("update due set due = $1 where kind = 'finding.words_end'", DAYS_AGO)
    await evaluation.fire_deadlines()
    later = (await union.get(path)).json()
    assert later == whole | {"answer_text": None}, "the words have an end; all else is as it was"


async def test_looked_at_again_nothing_is_raised_twice(evaluation, given, union):
    played = await given.an_order(heads=MANY, sessions=1)
    (session,) = played.sessions
    await given.closed(played, session)
    assert len(await raised(evaluation)) == 1
    correction = {
        "worker_id": str(played.workers[0]), "minutes": 90, "act_id": str(uuid4()),
        "reason": {"code": "attendance.paper_list"},
    }  # fmt: skip
    answer = await union.post(f"/sessions/{session.session_id}/attendance", json=correction)
    waits = f"/sessions/{session.session_id}/corrections/{answer.json()['correction_id']}"
    other = given.as_person("union", uuid4())
    assert (await other.post(f"{waits}/confirm")).status_code == 204
    assert len(await raised(evaluation)) == 1


async def test_a_small_class_that_comes_in_calmly_gives_rise_to_nothing(evaluation, given, union):
    played = await given.delivered(heads=4, sessions=2)
    assert await raised(evaluation) == []
    assert (await union.get("/findings", params={"order_id": str(played.order_id)})).json() == []


async def test_somebody_at_two_orders_classes_at_once_is_told_with_the_later_one(evaluation, given):
    one = await given.an_order(heads=3, sessions=1)
    other = await given.an_order(sessions=1, workers=[one.workers[1], *given.people(2)])
    await given.opened(one, one.sessions[0])
    for played in (one, other):
        lead = given.as_person("instructor", played.lead)
        await lead.post(f"/sessions/{played.sessions[0].session_id}/open")
        await given.signed(lead, played.sessions[0], played.workers)
    await given.move_to(one.sessions[0].slot.ends_at)
    for played in (one, other):
        lead = given.as_person("instructor", played.lead)
        assert (await lead.post(f"/sessions/{played.sessions[0].session_id}/close")).status_code == 200
        await evaluation.work_off_jobs()
    (fact,) = await raised(evaluation)
    assert (fact.kind, fact.order_id, fact.workers) == ("two_places", other.order_id, (one.workers[1],))
    assert set(fact.sessions) == {one.sessions[0].session_id, other.sessions[0].session_id}


async def test_an_assessor_who_has_taught_one_of_them_for_another_order(evaluation, given):
    taught = await given.an_order(heads=2, sessions=1)
    await given.closed(taught, taught.sessions[0])
    played = await given.an_order(sessions=0, workers=taught.workers)
    batch = await given.a_batch(played, line=1)
    await evaluation.deliver(a.an_assessor(played.order_id, batch.batch_id, taught.lead))
    await given.marked(replace(batch, assessors=[taught.lead, *batch.assessors]))
    (fact,) = await raised(evaluation, played.order_id)
    assert (fact.kind, fact.batch_id, fact.people) == ("assessor_taught", batch.batch_id, (taught.lead,))
    assert set(fact.workers) == set(taught.workers)
    assert fact.sessions == (taught.sessions[0].session_id,)
