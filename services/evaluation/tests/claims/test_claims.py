"""Claims over HTTP, on a real database: what is missing from the first day on, once, and at the same moment."""

import asyncio
import csv
import io
import zipfile
from uuid import uuid4

from contracts.claims import ClaimedCertificate, ClaimFiled, ClaimSettled, ClaimWithdrawn
from evaluation.claims import rules, store
from servicekit.packs import check

from .. import builders as a


def a_claim(workers):
    """The same people for the same, by certificates of their own."""
    certificates = tuple(
        ClaimedCertificate(
            certificate_id=uuid4(),
            worker_id=a.a_worker(each),
            occupation=a.ELECTRICIAN,
            level="L4",
            fen=100_000,
        )
        for each in workers
    )
    return ClaimFiled(
        order_id=uuid4(), claim_id=uuid4(), enterprise_id="jinniu", certificates=certificates, fen=300_000,
        place="sanming", filed_on=a.MONDAY,
    )  # fmt: skip


async def stand(client, played):
    answer = await client.get(f"/orders/{played.order_id}/claims")
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(seen):
    return [(each["what"], each["count"], each["who"]) for each in seen["missing"]]


class TestFromTheFirstDayOn:
    async def test_it_says_what_is_missing_and_whose_turn_it_is(self, given, jinniu):
        played = await given.an_order(heads=3, sessions=2)
        seen = await stand(jinniu, played)
        assert told(seen) == [("sessions_ahead", 2, "instructor"), ("candidates_unplanned", 3, "union")]
        assert (seen["claimable"], seen["fen"], seen["until"]) == (0, 0, None)
        await given.closed(played, played.sessions[0])
        assert ("sessions_unconfirmed", 1, "enterprise") in told(await stand(jinniu, played))

    async def test_the_last_thing_missing_gone_the_countdown_runs(self, given, jinniu):
        played = await given.delivered(heads=3, sessions=1)
        batch = await given.a_batch(played)
        assert told(await stand(jinniu, played)) == [("marks", 3, "assessor")]
        await given.marked(batch, batch.evaluations[0])
        assert told(await stand(jinniu, played)) == [("results_unposted", 1, "union")]
        await given.posted(batch)
        assert told(await stand(jinniu, played)) == [("posting_days", 1, "union")]

    async def test_certified(self, given, jinniu):
        played = await given.delivered(heads=3, sessions=1)
        await given.certified(played, 0)
        seen = await stand(jinniu, played)
        assert (seen["claimable"], seen["fen"], seen["missing"]) == (2, 200_000, [])
        assert 364 <= seen["days_left"] <= 366
        assert (seen["rule"]["place"], seen["rule"]["months"]) == ("sanming", 12)


class TestAClaim:
    async def test_is_filed_once_taken_back_and_filed_again(self, evaluation, given, jinniu):
        played = await given.delivered(heads=2, sessions=1)
        await given.certified(played)
        path = f"/orders/{played.order_id}/claims"
        filed = await jinniu.post(path, json={})
        assert (filed.status_code, filed.json()["fen"]) == (201, 200_000), filed.text
        again = await jinniu.post(path, json={})
        assert (again.status_code, again.json()["code"]) == (409, "claim.nothing_to_claim")
        seen = await stand(jinniu, played)
        assert [each["against"]["code"] for each in seen["rows"]] == ["claim.claimed"] * 2
        (told,) = seen["claims"]
        assert told["amounts"] == dict.fromkeys(told["claimed"], 100_000)
        claim = filed.json()["claim_id"]
        assert (await jinniu.post(f"/claims/{claim}/withdraw")).status_code == 204
        assert (await jinniu.post(path, json={})).status_code == 201
        facts = await evaluation.facts(played.order_id)
        assert [type(each) for each in facts if each.type.startswith("claim.")] == [
            ClaimFiled,
            ClaimWithdrawn,
            ClaimFiled,
        ]

    async def test_what_was_paid_is_noted_by_the_union(self, evaluation, given, jinniu, union):
        played = await given.delivered(heads=2, sessions=1)
        await given.certified(played)
        claim = (await jinniu.post(f"/orders/{played.order_id}/claims", json={})).json()["claim_id"]
        assert (await jinniu.post(f"/claims/{claim}/settle", json={"paid_fen": 1})).status_code == 403
        less = await union.post(f"/claims/{claim}/settle", json={"paid_fen": 100_000})
        assert (less.status_code, less.json()["code"]) == (422, "claim.why_less")
        unknown = {"paid_fen": 100_000, "reason": {"code": "claim.no_such"}}
        answer = await union.post(f"/claims/{claim}/settle", json=unknown)
        assert (answer.status_code, answer.json()["code"]) == (422, "claim.reason_unknown")
        body = {"paid_fen": 100_000, "reason": {"code": "claim.not_eligible"}}
        assert (await union.post(f"/claims/{claim}/settle", json=body)).status_code == 204
        (settled,) = await evaluation.facts(played.order_id, type=ClaimSettled.type)
        assert settled.paid_fen == 100_000
        (seen,) = (await stand(union, played))["claims"]
        assert (seen["state"], seen["paid_fen"], seen["fen"]) == ("settled", 100_000, 200_000)

    async def test_its_papers_are_one_file_that_checks_itself(self, evaluation, given, jinniu, tmp_path):
        played = await given.delivered(heads=2, sessions=1)
        await given.certified(played)
        claim = (await jinniu.post(f"/orders/{played.order_id}/claims", json={})).json()["claim_id"]
        answer = await jinniu.get(f"/claims/{claim}/pack")
        assert answer.status_code == 200
        file = tmp_path / "claim.zip"
        file.write_bytes(answer.content)
        assert check(file).wrong == []
        with zipfile.ZipFile(file) as zipped:
            files = {each: zipped.read(each).decode("utf-8-sig", "replace") for each in zipped.namelist()}
        assert "2000.00" in files["1-申领表/申领表.csv"]
        rows = list(csv.DictReader(io.StringIO(files["1-申领表/申领明细.csv"])))
        assert [row["补贴（元）"] for row in rows] == ["1000.00", "1000.00"]
        assert {f"5-证书/{row['证书编号']}.pdf" for row in rows} <= files.keys()
        signed = list(csv.DictReader(io.StringIO(files["3-培训签到/签到明细.csv"])))
        assert sorted(row["姓名"] for row in signed) == sorted(row["姓名"] for row in rows)
        assert len(list(csv.DictReader(io.StringIO(files["4-成绩/成绩.csv"])))) == 4
        other = evaluation.client("enterprise", organisation="bgzb")
        assert (await other.get(f"/claims/{claim}/pack")).status_code == 404

    async def test_other_rules_are_laid_beside_todays_and_change_nothing(self, given, union, jinniu):
        played = await given.delivered(heads=2, sessions=1)
        await given.certified(played)
        rules_file = (
            "subsidy:\n  place: {value: x, source: invented}\n"
            "  certificate_allowance_yuan: {x: {source: invented, amounts: {L4: 1200}}}\n"
        )
        found = (await union.post("/claims/what-if", json={"rules": rules_file})).json()
        (line,) = [each for each in found["lines"] if each["order_id"] == str(played.order_id)]
        assert (line["certificates"], line["fen"], line["other_fen"], line["difference"]) == (
            2, 200_000, 240_000, 40_000,
        )  # fmt: skip
        assert found["difference"] == sum(each["difference"] for each in found["lines"])
        assert (await stand(jinniu, played))["fen"] == 200_000
        wrong = await union.post("/claims/what-if", json={"rules": "subsidy: {place: 3}"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "claim.rules_wrong")
        assert (await jinniu.post("/claims/what-if", json={"rules": rules_file})).status_code == 403

    async def test_of_two_filed_at_the_same_moment_one_is(self, given, jinniu):
        played = await given.delivered(heads=2, sessions=1)
        await given.certified(played)
        path = f"/orders/{played.order_id}/claims"
        answers = await asyncio.gather(*(jinniu.post(path, json={}) for _ in range(6)))
        assert sorted(each.status_code for each in answers) == [201] + [409] * 5

    async def test_of_two_orders_that_claim_for_one_person_at_once_one_has_it(self, evaluation):
        """Neither order holds the other up: the constraint decides."""
        filed = [rules.evolve(None, a_claim(workers)) for workers in ((1, 2, 3), (3, 2, 1))]

        async def save(claim):
            async with evaluation.transactions.begin() as tx:
                return len(await store.save(tx, claim))

        assert sorted(await asyncio.gather(*map(save, filed))) == [0, 3]

    async def test_another_enterprise_and_a_college_learn_nothing(self, evaluation, given, jinniu):
        played = await given.delivered(heads=1, sessions=1)
        await given.certified(played)
        claim = (await jinniu.post(f"/orders/{played.order_id}/claims", json={})).json()["claim_id"]
        other = evaluation.client("enterprise", organisation="bgzb")
        assert (await other.get(f"/orders/{played.order_id}/claims")).status_code == 404
        answer = await other.post(f"/claims/{claim}/withdraw")
        assert (answer.status_code, answer.json()["code"]) == (404, "claim.unknown")
        college = evaluation.client("college", organisation="smtc")
        assert (await college.get(f"/orders/{played.order_id}/claims")).status_code == 403
