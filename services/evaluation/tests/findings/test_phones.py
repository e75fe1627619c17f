"""One phone that signs in four of a class: seen by its mark, which nobody can tie to anything else."""

import base64
from datetime import timedelta
from uuid import uuid4

from contracts.findings import FindingRaised
from evaluation.delivery import codes, phones
from servicekit import testing
from servicekit.tokens import Issuer

from ..conftest import KEY

NUMBER = "0123456789abcdef0123456789abcdef"
WAITS = "select count(*) from due where kind = 'phone_marks_end' and key = $1"
MARKS = "select device from sign_in where session_id = $1 and device is not null"


def test_a_mark_is_one_sessions_own_and_says_nothing_of_the_number():
    one, other = uuid4(), uuid4()
    mark = phones.mark_of(b"k", one, NUMBER)
    assert mark == phones.mark_of(b"k", one, NUMBER)
    assert len({mark, phones.mark_of(b"k", other, NUMBER), phones.mark_of(b"o", one, NUMBER)}) == 3
    assert NUMBER not in mark


async def scanned(evaluation, given, marked):
    """Six of a class scan; the first of them with one phone."""
    workers = given.people(6)
    for number, worker in enumerate(workers):
        known = given.intake.known[worker]
        given.intake.known[worker] = known.model_copy(update={"last_four": f"000{number}"})
    played = await given.an_order(workers=workers, sessions=1)
    (session,) = played.sessions
    lead = await given.opened(played, session)
    told = (await lead.get(f"/sessions/{session.session_id}/code-key")).json()
    window = codes.window_of(session.slot.starts_at, told["seconds"])
    code = codes.code_of(base64.b64decode(told["secret"]), session.session_id, window)
    portal = evaluation.client()
    token = Issuer.from_file("portal", testing.test_keys() / "portal.pem").service_token()
    portal.headers["Authorization"] = f"Bearer {token}"
    for number in range(6):
        ticket = (await portal.post("/sign-in/tickets", json={"code": code})).json()["ticket"]
        device = {"device": NUMBER} if number < marked else {}
        answer = await portal.post(f"/sign-in/tickets/{ticket}", json={"digits": f"000{number}"} | device)
        assert answer.json()["outcome"] == "taken"
    return played, lead


async def devices(union):
    (told,) = [each for each in (await union.get("/kept")).json() if each["of"] == "devices"]
    return told


async def test_four_of_a_class_with_one_phone_are_worth_a_look(evaluation, given, union):
    played, lead = await scanned(evaluation, given, marked=4)
    (session,), workers = played.sessions, played.workers
    assert (await devices(union))["waiting"] == 4
    async with evaluation.transactions.begin() as tx:
        marks = {row["device"] for row in await tx.driver.fetch(MARKS, session.session_id)}
    await given.move_to(session.slot.ends_at)
    assert (await lead.post(f"/sessions/{session.session_id}/close")).status_code == 200
    await evaluation.work_off_jobs()
    facts = await evaluation.facts(played.order_id)
    (fact,) = [each for each in facts if isinstance(each, FindingRaised)]
    assert (fact.kind, set(fact.workers)) == ("one_phone", set(workers[:4]))
    async with evaluation.transactions.begin() as tx:
        assert await tx.driver.fetch(MARKS, session.session_id) == [], "it was looked at: they are gone"
        assert await tx.driver.fetchval(WAITS, str(session.session_id)) == 0
    key = codes.key_from(base64.b64decode(KEY))
    assert marks == {phones.mark_of(key, session.session_id, NUMBER)}
    assert not any(mark in each.model_dump_json() for each in facts for mark in (*marks, NUMBER))


async def test_marks_that_nobody_looks_at_are_gone_after_thirty_days(evaluation, given, union):
    """The session is never closed: no look asks for them, and still they are not kept."""
    played, _ = await scanned(evaluation, given, marked=2)
    (session,) = played.sessions
    before = await devices(union)
    assert before["waiting"] == 2
    assert before["next_due"] is not None
    await evaluation.fire_deadlines(session.slot.starts_at + timedelta(days=29))
    assert (await devices(union))["waiting"] == 2
    await evaluation.fire_deadlines(session.slot.ends_at + timedelta(days=30))
    after = await devices(union)
    assert (after["waiting"], after["removed"], after["next_due"]) == (0, 2, None)
