"""Certificates that end: their last day on paper, page and badge; renewed by passing again, or by proof of work."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from contracts.programme_certificates import KindRules, Renewal
from contracts.refusals import Refused
from contracts.values import because
from evaluation.certificates import rules, standing

from .. import builders as a
from .test_badge import badge_for, claims_of
from .test_rules import MAY_6, PROGRAMME, a_certificate

ENDS = KindRules(
    source="invented",
    valid_months=12,
    renewal=Renewal(source="invented", ways=("retake", "work_proof"), opens_days=90),
)
PROVEN = because("certificate.work_proven")


@pytest.mark.rules
class TestEnd:
    @pytest.mark.parametrize(
        ("issued", "last"),
        [
            (date(2026, 5, 6), date(2027, 5, 5)),
            (date(2027, 2, 28), date(2028, 2, 27)),
            (date(2028, 2, 29), date(2029, 2, 27)),
        ],
    )
    def test_it_holds_for_whole_months(self, issued, last):
        assert rules.last_day(issued, ENDS) == last
        assert rules.last_day(issued, KindRules(source="invented")) is None

    def test_its_last_day_counts(self):
        ends = replace(a_certificate(), valid_until=MAY_6)
        assert not ends.expired(MAY_6)
        assert ends.expired(MAY_6 + timedelta(days=1))
        assert not a_certificate().expired(date.max)


@pytest.mark.rules
class TestRenewByWork:
    def check(self, certificate, today=MAY_6, of=ENDS, *, renewed=False, reason=PROVEN):
        causes = PROGRAMME.revocation_causes
        standing.check_renew(certificate, of, reason, causes, renewed=renewed, today=today)

    def test_near_its_end_or_after_it_and_once(self):
        ends = replace(a_certificate(), valid_until=date(2026, 8, 4))
        self.check(ends)
        self.check(ends, date(2030, 1, 1))
        with pytest.raises(Refused, match="renewal_too_early"):
            self.check(ends, MAY_6 - timedelta(days=1))
        with pytest.raises(Refused, match="renewed_already"):
            self.check(ends, renewed=True)

    def test_only_where_the_kind_says_so(self):
        with pytest.raises(Refused, match="not_renewed_so"):
            self.check(a_certificate())
        only = ENDS.model_copy(
            update={"renewal": Renewal(source="invented", ways=("retake",), opens_days=90)}
        )
        with pytest.raises(Refused, match="not_renewed_so"):
            self.check(replace(a_certificate(), valid_until=MAY_6), of=only)


def ending(known):
    """The programme, with certificates that hold for twelve months."""
    programme = known.programmes.programmes["send-teachers-home"]
    certificates = programme.certificates.model_copy(update={"by_kind": {"skill_level": ENDS}})
    told = {programme.code: programme.model_copy(update={"certificates": certificates})}
    return replace(known, programmes=replace(known.programmes, programmes=told))


async def test_its_end_is_on_paper_and_badge_and_what_follows_names_it(
    evaluation, given, union, portal, monkeypatch
):
    monkeypatch.setattr(evaluation.transactions, "known", ending(evaluation.transactions.known))
    played = await given.an_order(heads=1, sessions=0)
    await given.certified(played, line=1)
    (one,) = (await union.get(f"/certificates?order_id={played.order_id}")).json()
    last = date.fromisoformat(one["valid_until"])
    assert last == rules.last_day(date.fromisoformat(one["issued_on"]), ENDS)
    path = f"/certificates/{one['certificate_id']}"
    text = PdfReader(io.BytesIO((await union.get(f"{path}/pdf")).content)).pages[0].extract_text()
    assert f"{last.year} 年 {last.month} 月 {last.day} 日" in text
    claims = claims_of(await badge_for(portal, one))
    assert claims["validUntil"].startswith(last.isoformat())

    proven = {"reason": {"code": "certificate.work_proven"}}
    answer = await union.post(f"{path}/renew", json=proven)
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate.renewal_too_early")
    await given.move_to(a.at(last + timedelta(days=1), 9))
    renewed = await union.post(f"{path}/renew", json=proven)
    assert renewed.status_code == 201, renewed.text
    old, new = (await union.get(f"/certificates?order_id={played.order_id}")).json()
    assert (old["expired"], new["expired"], new["renews"]) == (True, False, old["certificate_id"])
    assert (await union.post(f"{path}/renew", json=proven)).json()["code"] == "certificate.renewed_already"


async def test_who_passes_again_near_the_end_has_one_that_names_the_old_one(
    evaluation, given, union, monkeypatch
):
    monkeypatch.setattr(evaluation.transactions, "known", ending(evaluation.transactions.known))
    played = await given.an_order(heads=1, sessions=0)
    await given.certified(played, line=1)
    (one,) = (await union.get(f"/certificates?order_id={played.order_id}")).json()
    await given.move_to(a.at(date.fromisoformat(one["valid_until"]) + timedelta(days=1), 9))
    again = await given.an_order(sessions=0, workers=played.workers)
    await given.certified(again, line=1)
    (new,) = (await union.get(f"/certificates?order_id={again.order_id}")).json()
    assert new["renews"] == one["certificate_id"]
