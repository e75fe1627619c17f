"""Certificates suspended, holding again, and issued anew."""

from dataclasses import replace
from uuid import uuid4

import pytest

from contracts.refusals import Invalid, Refused
from contracts.values import because
from evaluation.certificates import rules, standing, store

from .test_rules import MAY_6, PROGRAMME, a_certificate

CAUSES = PROGRAMME.revocation_causes
REVIEW, CLEARED = because("certificate.under_review"), because("certificate.review_cleared")
MISPRINTED = because("certificate.name_misprinted")


@pytest.mark.rules
class TestRules:
    def test_it_rests_and_holds_again(self):
        certificate = a_certificate()
        resting = rules.evolve(certificate, standing.suspend(certificate, REVIEW, CAUSES, today=MAY_6))
        assert (resting.valid, resting.stands) == (False, True)
        with pytest.raises(Refused, match=r"certificate\.suspended_already"):
            standing.suspend(resting, REVIEW, CAUSES, today=MAY_6)
        with pytest.raises(Refused, match=r"certificate\.suspended_now"):
            standing.check_reissue(resting, MISPRINTED, CAUSES)
        again = rules.evolve(resting, standing.reinstate(resting, CLEARED, CAUSES, today=MAY_6))
        assert again == replace(certificate, reason=CLEARED)
        with pytest.raises(Refused, match=r"certificate\.not_suspended"):
            standing.reinstate(again, CLEARED, CAUSES, today=MAY_6)

    def test_what_is_at_its_end_neither_rests_nor_comes_back(self):
        gone = replace(a_certificate(), revoked_on=MAY_6)
        for act in (
            lambda: standing.suspend(gone, REVIEW, CAUSES, today=MAY_6),
            lambda: standing.reinstate(gone, CLEARED, CAUSES, today=MAY_6),
            lambda: standing.check_reissue(gone, MISPRINTED, CAUSES),
        ):
            with pytest.raises(Refused, match=r"certificate\.revoked_already"):
                act()

    def test_a_suspended_one_can_be_revoked(self):
        resting = replace(a_certificate(), suspended_on=MAY_6)
        (fact,) = rules.revoke(resting, (), because("certificate.data_corrected"), CAUSES, today=MAY_6)
        after = rules.evolve(resting, fact)
        assert (after.suspended_on, after.revoked_on) == (None, MAY_6)

    def test_each_act_has_causes_of_its_own(self):
        with pytest.raises(Invalid, match=r"standing\.cause_unknown"):
            standing.suspend(a_certificate(), CLEARED, CAUSES, today=MAY_6)
        with pytest.raises(Invalid, match=r"standing\.cause_unknown"):
            standing.reinstate(a_certificate(), REVIEW, CAUSES, today=MAY_6)
        with pytest.raises(Invalid, match=r"standing\.cause_unknown"):
            standing.check_reissue(a_certificate(), REVIEW, CAUSES)

    def test_old_and_new_name_each_other_and_only_the_new_one_holds(self):
        old, new_id = a_certificate(), uuid4()
        number = f"{old.number[:-6]}000099"
        told = standing.reissue(
            old, MISPRINTED, new_id=new_id, number=number, demo=True, check="abcdefghij",
            check_code="a1" * 16, today=MAY_6,
        )  # fmt: skip
        new = rules.evolve(None, told[0])
        ended = rules.evolve(rules.evolve(old, told[1]), told[2])
        assert (new.replaces, ended.replaced_by) == (old.certificate_id, new_id)
        assert (new.valid, ended.valid) == (True, False)
        same = ("evaluation_id", "worker_id", "kind", "occupation", "level", "parts", "issuer")
        assert all(getattr(new, each) == getattr(old, each) for each in same)


async def listed_of(client, played):
    return (await client.get("/certificates", params={"order_id": str(played.order_id)})).json()


async def test_the_union_suspends_lifts_and_issues_anew(evaluation, given, union, jinniu):
    played = await given.an_order(heads=1, sessions=0)
    await given.certified(played, line=1)
    (one,) = await listed_of(union, played)
    path = f"/certificates/{one['certificate_id']}"

    def why(cause):
        return {"reason": {"code": f"certificate.{cause}"}}

    assert (await jinniu.post(f"{path}/suspend", json=why("under_review"))).status_code == 403
    assert (await union.post(f"{path}/suspend", json=why("under_review"))).status_code == 204
    (resting,) = await listed_of(jinniu, played)
    assert (resting["valid"], resting["revoked_on"]) == (False, None)
    answer = await jinniu.get(f"{path}/pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.suspended_now")
    assert (await union.post(f"{path}/reinstate", json=why("review_cleared"))).status_code == 204
    assert (await jinniu.get(f"{path}/pdf")).status_code == 200

    answer = await union.post(f"{path}/reissue", json=why("name_misprinted"))
    assert answer.status_code == 201
    old, new = await listed_of(union, played)
    assert answer.json() == {"certificate_id": new["certificate_id"], "number": new["number"]}
    assert (old["replaced_by"], new["replaces"]) == (new["certificate_id"], old["certificate_id"])
    assert ([old["valid"], new["valid"]], new["name"]) == ([False, True], old["name"])
    assert new["number"] != old["number"]
    assert new["url"] != old["url"]
    again = await union.post(f"{path}/reissue", json=why("name_misprinted"))
    assert (again.status_code, again.json()["code"]) == (409, "certificate.revoked_already")

    told = {}
    for fact in await evaluation.facts(played.order_id):
        if isinstance(fact, rules.CertificateFact):
            told[fact.certificate_id] = rules.evolve(told.get(fact.certificate_id), fact)
    async with evaluation.transactions.begin() as tx:
        kept = {each.certificate_id: each for each in await store.of_order(tx, played.order_id)}
    assert kept == told
