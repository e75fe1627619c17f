"""Signing in by a scan, and acts that come again and again: over HTTP, on a real database."""

import base64
import random
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as some

from evaluation.delivery import acts, codes
from evaluation.delivery.session import State
from evaluation.known import known
from servicekit.testing import test_keys as keys
from servicekit.tokens import Issuer

from .. import builders as a
from ..conftest import KEY

TICKETS = "select count(*) from sign_in_ticket where session_id = $1"
SECONDS = 15
SIXTY = [a.a_worker(n) for n in range(60)]


async def the_portal(evaluation):
    client = evaluation.client()
    token = Issuer.from_file("portal", keys() / "portal.pem").service_token()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def scanned(given, heads=3):
    """An open session, its lead, and what the lead's phone shows."""
    played = await given.an_order(heads=heads, sessions=1)
    session = played.sessions[0]
    lead = await given.opened(played, session)
    told = (await lead.get(f"/sessions/{session.session_id}/code-key")).json()
    window = codes.window_of(session.slot.starts_at, SECONDS)
    return played, lead, codes.code_of(base64.b64decode(told["secret"]), session.session_id, window)


def last_four(given, worker, digits):
    known = given.intake.known[worker]
    given.intake.known[worker] = known.model_copy(update={"last_four": digits})


class TestScan:
    async def test_a_worker_scans_and_is_signed_in_once(self, evaluation, given):
        first = given.people(3)
        for number, worker in enumerate(first):
            last_four(given, worker, f"000{number}")
        played = await given.an_order(workers=first, sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        secret = base64.b64decode(
            (await lead.get(f"/sessions/{session.session_id}/code-key")).json()["secret"]
        )
        code = codes.code_of(secret, session.session_id, codes.window_of(session.slot.starts_at, SECONDS))
        portal = await the_portal(evaluation)
        answer = await portal.post("/sign-in/tickets", json={"code": code})
        assert answer.status_code == 200, answer.text
        ticket = answer.json()
        path = f"/sign-in/tickets/{ticket['ticket']}"
        wrong = (await portal.post(path, json={"digits": "9999"})).json()
        assert (wrong["outcome"], wrong["reason"], wrong["parameters"]) == (
            "refused", "sign_in.not_on_roster", {"left": 2},
        )  # fmt: skip
        assert "name" not in str(wrong["sentences"])
        signed = [(await portal.post(path, json={"digits": "0001"})).json() for _ in range(2)]
        name = given.intake.known[first[1]].name
        assert [(each["outcome"], each["name"]) for each in signed] == [("taken", name), ("already", name)]
        assert signed[0]["at"] == signed[1]["at"]
        rows = (await lead.get(f"/sessions/{session.session_id}")).json()["rows"]
        assert [(row["signed_in"], row["way"]) for row in rows] == [
            (False, None),
            (True, "scan"),
            (False, None),
        ]

    async def test_old_forged_and_early_codes_are_refused_and_nothing_is_kept(self, evaluation, given):
        played, _, code = await scanned(given)
        portal = await the_portal(evaluation)
        other = codes.code_of(b"o" * 32, codes.read(code).session_id, codes.read(code).window)
        nobody = UUID(int=1)  # a session that is none, under the right key
        secret = codes.secret_of(codes.key_from(base64.b64decode(KEY)), nobody)
        unknown = codes.code_of(secret, nobody, codes.read(code).window)
        for forged in (other, unknown, "x", "签到码"):
            answer = await portal.post("/sign-in/tickets", json={"code": forged})
            assert (answer.status_code, answer.json()["code"]) == (409, "sign_in.code_unknown")
        async with evaluation.transactions.begin() as tx:
            assert await tx.driver.fetchval(TICKETS, played.sessions[0].session_id) == 0
        played, _, code = await scanned(given)
        await given.move_to(played.sessions[0].slot.starts_at + timedelta(minutes=2))
        answer = await portal.post("/sign-in/tickets", json={"code": code})
        assert (answer.status_code, answer.json()["code"]) == (409, "sign_in.code_expired")
        async with evaluation.transactions.begin() as tx:
            assert await tx.driver.fetchval(TICKETS, played.sessions[0].session_id) == 0

    async def test_the_secret_is_the_leads_and_tickets_are_the_portals(self, evaluation, given, union):
        played, lead, code = await scanned(given)
        session = played.sessions[0].session_id
        other = given.as_person("instructor", uuid4())
        assert (await other.get(f"/sessions/{session}/code-key")).status_code == 404
        assert (await union.get(f"/sessions/{session}/code-key")).status_code == 403
        assert (await lead.post("/sign-in/tickets", json={"code": code})).status_code == 403
        portal = await the_portal(evaluation)
        answer = await portal.post(f"/sign-in/tickets/{uuid4()}", json={"digits": "1234"})
        assert (answer.status_code, answer.json()["code"]) == (404, "sign_in.ticket_unknown")

    async def test_a_closed_session_takes_no_scan_and_keeps_no_ticket(self, evaluation, given):
        played, lead, code = await scanned(given)
        session = played.sessions[0]
        portal = await the_portal(evaluation)
        ticket = (await portal.post("/sign-in/tickets", json={"code": code})).json()["ticket"]
        await given.move_to(session.slot.ends_at)
        await lead.post(f"/sessions/{session.session_id}/close")
        answer = await portal.post(f"/sign-in/tickets/{ticket}", json={"digits": "1234"})
        assert (answer.status_code, answer.json()["code"]) == (404, "sign_in.ticket_unknown")


def an_act(session, worker, **told):
    act = {"act_id": str(uuid4()), "worker_id": str(worker), "at": session.slot.starts_at.isoformat()}
    return act | {"way": "roll_call"} | told


class TestFigures:
    async def test_a_phone_that_fetched_its_sheet_before_shows_codes_that_are_taken_on_the_day(
        self, evaluation, given, monkeypatch
    ):
        played = await given.an_order(heads=1, sessions=1)
        session = played.sessions[0]
        async with evaluation.transactions.begin() as tx:
            figures = known(tx).programmes.rules.delivery
        [before] = figures.scan
        slower = before.model_copy(update={"since": session.slot.day, "code_seconds": 60})
        monkeypatch.setitem(figures.__dict__, "scan", (before, slower))
        lead = given.as_person("instructor", played.lead)
        told = (await lead.get(f"/sessions/{session.session_id}/code-key")).json()
        assert (await given.today() < session.slot.day, told["seconds"]) == (True, 60)
        await given.opened(played, session)
        window = codes.window_of(session.slot.starts_at, told["seconds"])
        code = codes.code_of(base64.b64decode(told["secret"]), session.session_id, window)
        portal = await the_portal(evaluation)
        taken = await portal.post("/sign-in/tickets", json={"code": code})
        assert taken.status_code == 200, taken.text


class TestAgainAndAgain:
    async def test_sixty_acts_three_times_from_two_phones_in_any_order_are_sixty_records(
        self, evaluation, given
    ):
        played = await given.an_order(heads=60, sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        other_phone = given.as_person("instructor", played.lead)
        acts = [an_act(session, each, clock_offset=7) for each in played.workers]
        told = acts * 3
        random.Random(7).shuffle(told)
        counts: dict[str, list[str]] = {}
        for at in range(0, len(told), 12):
            phone = (lead, other_phone)[at // 12 % 2]
            answer = await phone.post(
                f"/sessions/{session.session_id}/sign-in", json={"acts": told[at : at + 12]}
            )
            for each in answer.json():
                counts.setdefault(each["act_id"], []).append(each["outcome"])
        assert {tuple(each) for each in counts.values()} == {("taken", "already", "already")}
        async with evaluation.transactions.begin() as tx:
            rows = await tx.driver.fetch(
                "select act_id, clock_offset from sign_in where session_id = $1", session.session_id
            )
        assert {str(row["act_id"]) for row in rows} == {each["act_id"] for each in acts}
        assert {row["clock_offset"] for row in rows} == {7}

    async def test_a_phone_whose_clock_is_three_days_off_is_told_so_and_nothing_is_kept(
        self, evaluation, given
    ):
        played = await given.an_order(sessions=1)
        session = played.sessions[0]
        lead = await given.opened(played, session)
        days = 3 * 86400
        acts = [
            an_act(session, played.workers[0], clock_offset=days),
            an_act(session, played.workers[1], clock_offset=-days),
            an_act(session, played.workers[2], at=(session.slot.starts_at + timedelta(days=3)).isoformat()),
            an_act(session, played.workers[3], at=(session.slot.starts_at - timedelta(days=3)).isoformat()),
        ]
        answer = await lead.post(f"/sessions/{session.session_id}/sign-in", json={"acts": acts})
        assert [each["reason"] for each in answer.json()] == [
            "sign_in.clock_off", "sign_in.clock_off", "sign_in.after_end", "sign_in.too_early",
        ]  # fmt: skip
        assert "4320" in answer.json()[0]["sentences"]["zh"]
        async with evaluation.transactions.begin() as tx:
            kept = "select count(*) from sign_in where session_id = $1"
            assert await tx.driver.fetchval(kept, session.session_id) == 0


LIMITS = a.the_programmes().rules.delivery


@settings(max_examples=60, deadline=None)
@drawn(some.permutations(range(180)), some.integers(1, 60))
def test_in_whatever_order_and_parts_they_come_each_counts_once(order, part):
    """By the rule itself: two phones with own ids for the same workers, each sending all that it has."""
    session = a.a_session(state=State.OPEN, opened_by=UUID(int=7))
    one = [a.an_act(worker) for worker in SIXTY]
    other = [a.an_act(worker) for worker in SIXTY[:30]]
    sent = [one, one, [*other, *one[30:]]]
    flat = [sent[at // 60][at % 60] for at in order]
    signed, taken = {}, []
    for begin in range(0, len(flat), part):
        for act in flat[begin : begin + part]:
            answer = acts.sign_in(session, SIXTY, signed, act, at=act.at, limits=LIMITS)
            assert answer.outcome in {"taken", "already"}
            if answer.outcome == "taken":
                signed[act.worker_id] = act
                taken.append(act.worker_id)
    assert sorted(taken) == sorted(SIXTY)
