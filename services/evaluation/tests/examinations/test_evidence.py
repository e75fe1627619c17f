"""A paper about somebody who was refused: noted, and the routes are asked again."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from contracts.evaluation import CandidateAdmitted
from contracts.examined import EvidenceSeen
from contracts.refusals import Conflict, Invalid, Refused
from contracts.values import Diploma, Title
from evaluation.examinations import evidence
from evaluation.examinations.batch import Batch, BatchState, Candidate, CandidateState
from evaluation.examinations.evidence import Kind, Told
from staffing.admission import Held, Schooled, Shown, Titled

from .. import builders as a


def a_batch(state, **told):
    one = Candidate(uuid4(), a.a_worker(1), state, **told)
    slot = a.a_slot()
    return Batch(
        uuid4(), uuid4(), 2, a.ELECTRICIAN, "L4", "jinniu", "350428", slot, (), (), 3, candidates=(one,)
    )


@pytest.mark.rules
class TestRules:
    def test_papers_add_to_what_the_enterprise_told(self):
        day = date(2020, 1, 1)
        papers = [
            Told(kind=Kind.YEARS, years=9),
            Told(kind=Kind.CERTIFICATE, level="L4", since=day),
            Told(kind=Kind.TITLE, title=Title.MID),
            Told(kind=Kind.DIPLOMA, diploma=Diploma.COLLEGE, related=False),
            Told(kind=Kind.APPRENTICESHIP),
        ]
        assert evidence.together(12, [Held("L5")], papers) == Shown(
            12,
            (Held("L5"), Held("L4", day)),
            (Titled(Title.MID),),
            (Schooled(Diploma.COLLEGE, related=False),),
            True,
        )

    def test_it_is_taken_of_who_was_refused_until_the_examination_is_over(self):
        refused = a_batch(CandidateState.REFUSED)
        (one,) = refused.candidates
        begun, over = refused.slot.starts_at, refused.slot.ends_at
        evidence.check_askable(refused, one, [refused], begun)
        with pytest.raises(Refused, match=r"evidence\.too_late"):
            evidence.check_askable(refused, one, [refused], over)
        admitted = a_batch(CandidateState.ADMITTED)
        with pytest.raises(Refused, match=r"evidence\.admitted_already"):
            evidence.check_askable(admitted, admitted.candidates[0], [], begun)
        with pytest.raises(Conflict, match=r"evidence\.in_another_batch"):
            evidence.check_askable(refused, one, [refused, admitted], begun)

    def test_a_batch_that_was_cancelled_or_failed_is_no_other_batch(self):
        refused = a_batch(CandidateState.REFUSED)
        others = [a_batch(CandidateState.ADMITTED), a_batch(CandidateState.ASSESSED)]
        states = (BatchState.CANCELLED, BatchState.COMPLETED)
        ended = [Batch(**(vars(each) | {"state": state})) for each, state in zip(others, states, strict=True)]
        evidence.check_askable(refused, refused.candidates[0], ended, refused.slot.starts_at)

    @pytest.mark.parametrize("kind", list(evidence.NEEDS))
    def test_a_kind_without_its_content_shows_nothing(self, kind):
        with pytest.raises(Invalid, match=r"evidence\.says_nothing"):
            evidence.check_told(Told(kind=kind), ["L5"], a.MONDAY, a.MONDAY)

    def test_nothing_of_it_lies_ahead_and_its_level_exists(self):
        tomorrow = a.MONDAY + timedelta(days=1)
        for told, seen_on, code in (
            (Told(kind=Kind.APPRENTICESHIP), tomorrow, "evidence.ahead"),
            (Told(kind=Kind.CERTIFICATE, level="L5", since=tomorrow), a.MONDAY, "evidence.ahead"),
            (Told(kind=Kind.CERTIFICATE, level="L9"), a.MONDAY, "level.unknown"),
        ):
            with pytest.raises(Invalid, match=code.replace(".", r"\.")):
                evidence.check_told(told, ["L5"], seen_on, a.MONDAY)


async def test_whoever_was_refused_is_admitted_once_the_paper_for_a_route_was_seen(evaluation, given, union):
    others, one = given.people(1), given.people(1, years_in_trade=3, holds_level=None)
    played = await given.an_order(sessions=0, workers=[*others, *one])
    day = await given.today() + timedelta(days=1)
    body = {"line": 1, "day": day.isoformat(), "band": "am"}
    batch = (await union.post(f"/orders/{played.order_id}/batches", json=body)).json()["batch_id"]
    seen = (await union.get(f"/batches/{batch}")).json()
    (refused,) = [each for each in seen["candidates"] if each["state"] == "refused"]
    assert [each["code"] for each in refused["reasons"]] == ["admission.no_route"]
    assert {each["code"]: each["lacks"][0]["supplied_by"] for each in refused["routes"]} == {
        "2018-l4-a": "enterprise", "2018-l4-b": "worker", "2018-l4-c": "worker",
    }  # fmt: skip
    assert all(each["zh"] and each["en"] and each["source"] for each in refused["routes"])
    hidden = (await given.clerk.get(f"/batches/{batch}")).json()["candidates"]
    assert [each["routes"] for each in hidden] == [[], []]

    path = f"/evaluations/{refused['evaluation_id']}/evidence"
    today = (await given.today()).isoformat()

    async def note(**told):
        return await union.post(path, json={"told": told, "paper": "original", "seen_on": today})

    assert (await note(kind="rumour")).status_code == 422
    assert (await note(kind="diploma")).json()["code"] == "evidence.says_nothing"
    assert (await note(kind="diploma", diploma="vocational", related=False)).json() == {"admitted": False}
    after = (await union.get(f"/batches/{batch}")).json()
    again = next(each for each in after["candidates"] if each["evaluation_id"] == refused["evaluation_id"])
    assert [each["told"]["diploma"] for each in again["evidence"]] == ["vocational"]
    assert (await note(kind="diploma", diploma="vocational")).json() == {"admitted": True}
    assert (await note(kind="apprenticeship")).json()["code"] == "evidence.admitted_already"
    after = (await union.get(f"/batches/{batch}")).json()
    assert (after["admitted"], after["refused"]) == (2, 0)
    told = await evaluation.facts(played.order_id)
    assert [type(each) for each in told[-3:]] == [EvidenceSeen, EvidenceSeen, CandidateAdmitted]
    assert (told[-1].on_evidence, told[-1].attempt, told[-1].worker_id) == (True, 1, one[0])
    async with evaluation.transactions.begin() as tx:
        rows = await tx.driver.fetch("select told from evidence")
    assert all(b"vocational" not in bytes(row["told"]) for row in rows)
