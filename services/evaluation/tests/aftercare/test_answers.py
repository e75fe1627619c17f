"""An order from the answer after a lesson to the answers months later."""

from datetime import timedelta
from uuid import uuid4

from contracts.aftercare import FollowupAnswered, FollowupDue, FollowupReminded, SatisfactionGiven
from contracts.order_intake import OrderFulfilled
from contracts.values import because
from contracts.workers import WorkerErased
from evaluation import links
from evaluation.links import Link
from servicekit.testing import test_keys as keys
from servicekit.tokens import Issuer

from .. import builders as a
from .test_rules import FARES, FIVE

MONTH = timedelta(days=31)


def erased(worker, day):
    return WorkerErased(worker_id=worker, reason=because("worker.asked_to_be_erased"), erased_on=day)


def portal_of(evaluation):
    client = evaluation.client()
    issuer = Issuer.from_file("portal", keys() / "portal.pem")
    client.headers["Authorization"] = f"Bearer {issuer.service_token()}"
    return client


def link_of(evaluation, session, worker):
    key = evaluation.transactions.known.code_key
    return links.made(key, Link("session", session.session_id, worker))


async def test_those_who_were_there_say_how_it_was_once_and_few_answers_stay_unseen(evaluation, given, union):
    played = await given.an_order(heads=6, sessions=1)
    (session,) = played.sessions
    portal = portal_of(evaluation)
    mine = link_of(evaluation, session, played.workers[1])
    seen = (await portal.post("/answers/look", json={"link": mine})).json()
    assert (seen["kind"], seen["reason"], len(seen["questions"])) == ("session", "satisfaction.not_yet", 3)
    await given.closed(played, session, absent=1)
    told = {"link": mine, "answers": FIVE, "text": "讲得很清楚"}
    assert (await portal.post("/answers", json=told)).status_code == 204
    again = await portal.post("/answers", json=told)
    assert (again.status_code, again.json()["code"]) == (409, "satisfaction.given_already")
    absent = link_of(evaluation, session, played.workers[0])
    seen = (await portal.post("/answers/look", json={"link": absent})).json()
    assert (seen["name"][:2], seen["reason"]) == ("演示", "satisfaction.not_present")
    refused = await portal.post("/answers", json={"link": absent, "answers": FIVE})
    assert refused.json()["code"] == "satisfaction.not_present"

    words = f"/orders/{played.order_id}/satisfaction-words"
    assert (await union.get(words)).json() == [], "one answer alone is not shown"
    for worker in played.workers[2:]:
        body = {"link": link_of(evaluation, session, worker), "answers": FIVE}
        assert (await portal.post("/answers", json=body)).status_code == 204
    assert (await union.get(words)).json() == ["讲得很清楚"]
    (sums,) = (await portal.get("/satisfaction", params={"order_id": str(played.order_id)})).json()
    assert (sums["answers"], sums["present"], sums["least"]) == (5, 5, 5)
    assert sums["sums"] == {"content": 25, "instructor": 20, "usefulness": 15}

    correction = {
        "worker_id": str(played.workers[1]), "minutes": 0, "act_id": str(uuid4()),
        "reason": {"code": "attendance.paper_list"},
    }  # fmt: skip
    path = f"/sessions/{session.session_id}"
    proposed = await union.post(f"{path}/attendance", json=correction)
    another = given.as_person("union", uuid4())
    way = f"{path}/corrections/{proposed.json()['correction_id']}/confirm"
    assert (await another.post(way)).status_code == 204
    (sums,) = (await portal.get("/satisfaction", params={"order_id": str(played.order_id)})).json()
    assert (sums["answers"], sums["present"]) == (4, 4), "whoever was not there does not count"
    said = [each for each in await evaluation.facts(played.order_id) if isinstance(each, SatisfactionGiven)]
    assert len(said) == 5
    assert all("清楚" not in each.model_dump_json() for each in said)


async def test_people_are_asked_months_later_by_the_clerk_or_by_their_own_link(
    evaluation, given, union, jinniu, bgzb
):
    played = await given.delivered(heads=3, sessions=1)
    ended = await given.today()
    await evaluation.deliver(OrderFulfilled(order_id=played.order_id, fulfilled_on=ended))
    path = f"/orders/{played.order_id}/followups"
    assert (await jinniu.get(path)).json()["people"] == []
    await evaluation.fire_deadlines(a.at(ended + MONTH, 9))
    (due,) = [each for each in await evaluation.facts(played.order_id) if isinstance(each, FollowupDue)]
    assert (due.months, {each.worker_id for each in due.people}) == (1, set(played.workers))

    people = (await jinniu.get(path)).json()["people"]
    first, second, third = ({"worker_id": each["worker_id"], "answers": FARES} for each in people)
    wrong = {"people": [first, second | {"answers": FARES | {"pay": "gold"}}]}
    assert (await jinniu.post(f"{path}/1", json=wrong)).json()["code"] == "aftercare.answer_unknown"
    assert (await jinniu.post(f"{path}/1", json={"people": [first]})).json() == 1
    assert (await jinniu.post(f"{path}/1", json={"people": [first]})).json() == 0, "said again it is the same"
    assert (await jinniu.post(f"{path}/3", json={"people": [first]})).status_code == 404
    stranger = {"people": [first | {"worker_id": str(uuid4())}]}
    assert (await jinniu.post(f"{path}/1", json=stranger)).json()["code"] == "followup.not_asked"
    assert (await bgzb.get(path)).status_code == 404
    assert (await bgzb.get("/followups")).json() == []

    portal = portal_of(evaluation)
    own = next(each["link"] for each in people if each["worker_id"] == second["worker_id"])
    assert (await portal.post("/answers/look", json={"link": own})).json()["months"] == 1
    assert (await portal.post("/answers", json={"link": own, "answers": FARES})).status_code == 204

    remind = f"{path}/1/remind"
    assert (await union.post(remind, json={"enterprise_id": "jinniu"})).json() == 1
    again = await union.post(remind, json={"enterprise_id": "jinniu"})
    assert again.json()["code"] == "followup.reminded_today"
    await given.move_to(a.at(ended + 2 * MONTH, 9))
    (seen,) = [
        each for each in (await union.get("/followups")).json() if each["order_id"] == str(played.order_id)
    ]
    assert (seen["due"], seen["answered"], seen["overdue"]) == (3, 2, 1)
    assert seen["answers"]["pay"] == {"higher": 2}
    assert (await jinniu.post(f"{path}/1", json={"people": [third]})).json() == 1, "overdue it is still taken"
    facts = await evaluation.facts(played.order_id)
    assert [each.by for each in facts if isinstance(each, FollowupAnswered)] == [
        "enterprise",
        "worker",
        "enterprise",
    ]
    assert [each.waiting for each in facts if isinstance(each, FollowupReminded)] == [1]


async def test_whoever_was_erased_is_asked_nothing_more_about_what_was_before(evaluation, given, jinniu):
    played = await given.delivered(heads=3, sessions=1)
    ended = await given.today()
    await evaluation.deliver(OrderFulfilled(order_id=played.order_id, fulfilled_on=ended))
    gone, later, stays = played.workers
    await evaluation.deliver(erased(gone, ended))
    await evaluation.fire_deadlines(a.at(ended + MONTH, 9))
    (due,) = [each for each in await evaluation.facts(played.order_id) if isinstance(each, FollowupDue)]
    assert {each.worker_id for each in due.people} == {later, stays}
    path = f"/orders/{played.order_id}/followups"
    links_of = {each["worker_id"]: each["link"] for each in (await jinniu.get(path)).json()["people"]}
    await evaluation.deliver(erased(later, ended + MONTH))
    told = {"people": [{"worker_id": str(later), "answers": FARES}]}
    assert (await jinniu.post(f"{path}/1", json=told)).json()["code"] == "followup.erased"
    portal, own = portal_of(evaluation), links_of[str(later)]
    assert (await portal.post("/answers/look", json={"link": own})).json()["reason"] == "followup.erased"
    answer = await portal.post("/answers", json={"link": own, "answers": FARES})
    assert answer.json()["code"] == "followup.erased"
    told = {"people": [{"worker_id": str(stays), "answers": FARES}]}
    assert (await jinniu.post(f"{path}/1", json=told)).json() == 1
