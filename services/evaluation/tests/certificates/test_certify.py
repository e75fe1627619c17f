"""Certificates issued, listed, printed and revoked: over HTTP, on a real database."""

import asyncio
import io
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from pypdf import PdfReader

from contracts.evaluation import CertificateIssued, CertificateRevoked, EvaluationCompleted
from contracts.values import because
from evaluation.certificates import rules, store
from evaluation.certificates.rules import Series

from .. import builders as a


async def certificates_of(client, played):
    answer = await client.get("/certificates", params={"order_id": str(played.order_id)})
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestIssue:
    async def test_who_passed_is_certified_after_the_posting_days(self, evaluation, given, jinniu):
        played = await given.delivered(heads=3, sessions=1)
        await given.certified(played, 0)
        told = await evaluation.facts(played.order_id)
        issued = [each for each in told if isinstance(each, CertificateIssued)]
        assert len(issued) == 2
        assert all(re.fullmatch(r"[YS]\d{21}", each.number) and each.demo for each in issued)
        assert told[-1] == EvaluationCompleted(
            order_id=played.order_id,
            batch_id=told[-1].batch_id,
            line=2,
            candidates=3,
            passed=2,
            certificates=2,
            retake_until=told[-1].retake_until,
        )
        listed = await certificates_of(jinniu, played)
        assert [each["number"] for each in listed] == [each.number for each in issued]
        assert listed[0]["url"] == f"http://127.0.0.1:8100/c/{issued[0].number}?k={issued[0].check_code}"
        assert listed[0]["issuer"] == "三明市总工会"

    async def test_not_within_the_posting_days_and_not_twice(self, given, union):
        played = await given.an_order(sessions=0)
        batch = await given.a_batch(played, line=1)
        path = f"/batches/{batch.batch_id}/certificates"
        answer = await union.post(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.not_posted")
        await given.marked(batch)
        until = await given.posted(batch)
        await given.move_to(a.at(until, 23))
        answer = await union.post(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.posting_not_over")
        await given.move_to(a.at(until + timedelta(days=1), 0, 1))
        assert (await union.post(path)).json() == {"certificates": 4}
        answer = await union.post(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.not_posted")

    async def test_an_open_objection_stops_them(self, given, union, jinniu):
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.a_batch(played, line=1)
        await given.marked(batch, batch.evaluations[0])
        until = await given.posted(batch)
        path = f"/evaluations/{batch.evaluations[0]}/objections"
        await jinniu.post(path, json={"reason": {"code": "objection.added_wrongly"}})
        await given.move_to(a.at(until + timedelta(days=1), 9))
        answer = await union.post(f"/batches/{batch.batch_id}/certificates")
        assert (answer.status_code, answer.json()["code"]) == (409, "batch.objections_open")
        settled = {"reason": {"code": "objection.sheet_checked"}, "upheld": False}
        assert (await union.post(f"{path}/settle", json=settled)).status_code == 204
        assert (await union.post(f"/batches/{batch.batch_id}/certificates")).json() == {"certificates": 0}

    async def test_who_failed_comes_again_in_another_batch(self, evaluation, given):
        played = await given.an_order(heads=2, sessions=0)
        await given.certified(played, 0, line=1)
        await given.certified(played, line=1)
        assert [
            each.attempt for each in await evaluation.facts(played.order_id, type="candidate.admitted.v1")
        ] == [1, 1, 2]
        issued = await evaluation.facts(played.order_id, type="certificate.issued.v1")
        assert len({each.worker_id for each in issued}) == 2

    async def test_who_holds_our_certificate_is_not_examined_for_the_same_again(self, given, union):
        played = await given.an_order(heads=2, sessions=0)
        await given.certified(played, 0, line=1)
        again = await given.an_order(sessions=0, workers=played.workers)
        batch = await given.a_batch(again, line=1)
        candidates = (await union.get(f"/batches/{batch.batch_id}")).json()["candidates"]
        assert sorted((each["state"], [why["code"] for why in each["reasons"]]) for each in candidates) == [
            ("admitted", []),
            ("refused", ["admission.level_held"]),
        ]

    async def test_one_evaluation_gives_a_certificate_of_each_kind_and_void_takes_them_all(
        self, evaluation, given, union, monkeypatch
    ):
        known = evaluation.transactions.known
        programme = known.programmes.programmes["send-teachers-home"]
        kinds = programme.certificates.model_copy(update={"kinds": ("skill_level", "enterprise")})
        dual = {programme.code: programme.model_copy(update={"certificates": kinds})}
        programmes = replace(known.programmes, programmes=dual)
        monkeypatch.setattr(evaluation.transactions, "known", replace(known, programmes=programmes))
        played = await given.an_order(heads=1, sessions=0)
        batch = await given.certified(played, line=1)
        listed = await certificates_of(union, played)
        assert [(each["kind"], each["issuer"]) for each in listed] == [
            ("skill_level", "三明市总工会"),
            ("enterprise", "福建金牛水泥集团有限公司"),
        ]
        assert [each["number"][0] for each in listed] == ["S", "Y"], "each kind has a number rule of its own"
        assert [each["valid_until"] is None for each in listed] == [True, False]
        body = {"reason": {"code": "certificate.marks_forged"}}
        answer = await union.post(f"/evaluations/{batch.evaluations[0]}/void", json=body)
        assert answer.json() == {"revoked": 2}
        revoked = await evaluation.facts(played.order_id, type="certificate.revoked.v1")
        assert {each.number for each in revoked} == {each["number"] for each in listed}

    async def test_numbers_drawn_at_the_same_time_are_never_the_same(self, evaluation):
        series = Series("S000035999999", 2099, 1)

        async def draw() -> int:
            async with evaluation.transactions.begin() as tx:
                return await store.draw(tx, series, 3)

        firsts = await asyncio.gather(*(draw() for _ in range(20)))
        assert sorted(firsts) == [1 + 3 * n for n in range(20)]


class TestPrint:
    async def test_the_enterprise_prints_its_own_and_nobody_elses(self, given, jinniu, bgzb):
        played = await given.an_order(heads=1, sessions=0)
        await given.certified(played, line=1)
        (listed,) = await certificates_of(jinniu, played)
        path = f"/certificates/{listed['certificate_id']}/pdf"
        printed = await jinniu.get(path)
        assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
        assert printed.content == (await jinniu.get(path)).content
        text = PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
        assert listed["name"] in text
        assert listed["name"].startswith("演示")
        assert listed["number"] in text
        answer = await bgzb.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate.unknown")
        assert (await bgzb.get(f"/certificates?order_id={played.order_id}")).status_code == 404

    async def test_an_unknown_name_shows_as_its_number(self, evaluation, given, jinniu):
        played = await given.an_order(heads=1, sessions=0)
        await given.certified(played, line=1)
        async with evaluation.transactions.begin() as tx:
            await tx.driver.execute("delete from directory where worker_id = $1", played.workers[0])
        (listed,) = await certificates_of(jinniu, played)
        assert listed["name"] == f"#{str(played.workers[0])[:8]}"
        printed = await jinniu.get(f"/certificates/{listed['certificate_id']}/pdf")
        assert listed["name"] in PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()


class TestRevoke:
    async def test_one_is_revoked_for_the_issuers_own_cause(self, evaluation, given, union, jinniu):
        played = await given.an_order(heads=2, sessions=0)
        await given.certified(played, line=1)
        first, second = await certificates_of(union, played)
        path = f"/certificates/{first['certificate_id']}/revoke"
        body = {"reason": {"code": "certificate.issued_in_error"}}
        assert (await jinniu.post(path, json=body)).status_code == 403
        assert (await union.post(path, json=body)).status_code == 204
        (revoked,) = await evaluation.facts(played.order_id, type="certificate.revoked.v1")
        assert isinstance(revoked, CertificateRevoked)
        assert (revoked.number, revoked.reason) == (
            first["number"],
            because("certificate.issued_in_error"),
        )
        listed = await certificates_of(union, played)
        assert [each["valid"] for each in listed] == [False, True]
        assert second["valid"]
        answer = await union.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "certificate.revoked_already")
        answer = await union.get(f"/certificates/{first['certificate_id']}/pdf")
        assert (answer.status_code, answer.json()["code"]) == (409, "certificate.revoked_already")

    async def test_a_void_result_takes_all_of_the_evaluation_and_no_other(self, evaluation, given, union):
        played = await given.an_order(heads=2, sessions=0)
        batch = await given.certified(played, line=1)
        body = {"reason": {"code": "certificate.cheating"}}
        answer = await union.post(f"/evaluations/{batch.evaluations[0]}/void", json=body)
        assert answer.json() == {"revoked": 1}
        listed = await certificates_of(union, played)
        assert {each["evaluation_id"]: each["valid"] for each in listed} == {
            batch.evaluations[0]: False,
            batch.evaluations[1]: True,
        }
        answer = await union.post(f"/evaluations/{batch.evaluations[0]}/void", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "evaluation.no_certificates")
        assert len(await evaluation.facts(played.order_id, type="certificate.revoked.v1")) == 1

    @pytest.mark.parametrize(
        ("code", "status", "refusal"),
        [
            ("certificate.cheating", 409, "revocation.takes_all"),
            ("certificate.dislike", 422, "revocation.cause_unknown"),
            ("words in here", 422, "request.invalid"),
        ],
    )
    async def test_causes_are_the_programmes(self, given, union, code, status, refusal):
        played = await given.an_order(heads=1, sessions=0)
        await given.certified(played, line=1)
        (listed,) = await certificates_of(union, played)
        answer = await union.post(
            f"/certificates/{listed['certificate_id']}/revoke", json={"reason": {"code": code}}
        )
        assert (answer.status_code, answer.json()["code"]) == (status, refusal)

    async def test_what_does_not_exist_is_not_revoked(self, union):
        body = {"reason": {"code": "certificate.cheating"}}
        answer = await union.post(f"/certificates/{uuid4()}/revoke", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate.unknown")
        answer = await union.post(f"/evaluations/{uuid4()}/void", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "evaluation.unknown")


async def test_the_state_of_certificates_is_what_their_facts_say(evaluation, given, union):
    played = await given.an_order(heads=2, sessions=0)
    await given.certified(played, line=1)
    first, _ = await certificates_of(union, played)
    body = {"reason": {"code": "certificate.duplicate"}}
    await union.post(f"/certificates/{first['certificate_id']}/revoke", json=body)
    told = {}
    for fact in await evaluation.facts(played.order_id):
        if isinstance(fact, CertificateIssued | CertificateRevoked):
            told[fact.certificate_id] = rules.evolve(told.get(fact.certificate_id), fact)
    async with evaluation.transactions.begin() as tx:
        kept = {each.certificate_id: each for each in await store.of_order(tx, played.order_id)}
    assert kept == told
