"""What can be claimed, once, in time, and what becomes of a claim: rules only."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.programme_subsidy import YearlyRules, subsidy_in
from contracts.refusals import Invalid, Refused
from contracts.values import Part, PartMark, because
from evaluation.certificates.rules import Certificate
from evaluation.claims import rules
from evaluation.claims.rules import ClaimState
from evaluation.claims.what_if import compare

from .. import builders as a

pytestmark = pytest.mark.rules
ISSUED = date(2027, 3, 31)
LAST_DAY = date(2028, 3, 31)
ORDER = uuid4()
CUTS = ("claim.papers_incomplete", "claim.other_cut")


def certificate(worker=1, level="L4", serial=1, **told):
    return Certificate(**_plain(worker, level, serial) | told)


def _plain(worker, level, serial):
    return {
        "certificate_id": uuid4(), "order_id": ORDER, "evaluation_id": uuid4(), "worker_id": a.a_worker(worker),
        "kind": "skill_level", "number": f"S000035000000274{serial:06d}", "demo": True, "check": "7k2m9q0abc",
        "occupation": a.ELECTRICIAN, "level": level,
        "parts": (PartMark(part=Part.THEORY, mark=80, pass_mark=60),), "issuer": "三明市总工会", "issued_on": ISSUED,
    }  # fmt: skip


def rows(*certificates, claimed=None, today=ISSUED):
    return rules.rows(certificates, claimed or {}, a.the_programmes(), today=today)


def filed(known, chosen=None):
    return rules.file(
        chosen, known, claim_id=uuid4(), order_id=ORDER, enterprise_id="jinniu", place="sanming", today=ISSUED
    )


class TestWhatCanBeClaimed:
    @pytest.mark.parametrize(
        ("level", "fen"),
        [("L5", 70_000), ("L4", 100_000), ("L3", 150_000), ("L2", 200_000), ("L1", 300_000)],
    )
    def test_the_amount_is_the_notices_in_fen(self, level, fen):
        (row,) = rows(certificate(level=level))
        assert (row.fen, row.until, row.against) == (fen, LAST_DAY, None)

    @pytest.mark.parametrize(
        ("today", "why"),
        [(LAST_DAY, None), (LAST_DAY + timedelta(days=1), "claim.too_late")],
        ids=["on_the_last_day", "a_day_late"],
    )
    def test_within_twelve_months_of_the_issue(self, today, why):
        (row,) = rows(certificate(), today=today)
        assert (row.against.code if row.against else None) == why

    def test_a_revoked_one_and_the_enterprises_own_bring_nothing(self):
        told = rows(
            certificate(revoked_on=ISSUED, reason=because("certificate.cheating")),
            certificate(kind="enterprise"),
        )
        assert [row.against.code for row in told] == ["claim.not_valid", "claim.no_amount"]

    def test_issued_anew_it_keeps_the_last_day_of_the_first(self):
        later = date(2028, 3, 20)
        first = certificate(revoked_on=later, reason=because("certificate.paper_damaged"))
        anew = certificate(serial=2, issued_on=later, replaces=first.certificate_id)
        told = rows(first, anew, today=later)
        assert [(row.until, row.against.code if row.against else "") for row in told] == [
            (LAST_DAY, "claim.not_valid"),
            (LAST_DAY, ""),
        ]

    def test_what_was_claimed_and_does_not_hold_any_more_is_not_called_claimed(self):
        gone = certificate(revoked_on=ISSUED, reason=because("certificate.cheating"))
        (row,) = rows(gone, claimed={rules.once(gone): gone.certificate_id})
        assert row.against.code == "claim.not_valid"

    def test_once_for_a_person_an_occupation_and_a_level(self):
        first, second, other_level = certificate(), certificate(serial=2), certificate(level="L3", serial=3)
        claimed = {rules.once(first): first.certificate_id}
        told = rows(first, second, other_level, claimed=claimed)
        assert [row.against.code if row.against else "" for row in told] == [
            "claim.claimed",
            "claim.once",
            "",
        ]


class TestAClaim:
    def test_is_for_all_that_can_be_or_for_those_chosen(self):
        known = rows(certificate(1), certificate(2, serial=2), certificate(3, serial=3, kind="enterprise"))
        assert filed(known).fen == 200_000
        one = known[0].certificate.certificate_id
        assert [each.certificate_id for each in filed(known, [one]).certificates] == [one]

    def test_what_cannot_be_claimed_is_refused_by_its_own_reason(self):
        known = rows(certificate(kind="enterprise"))
        with pytest.raises(Refused, match=r"claim\.no_amount"):
            filed(known, [known[0].certificate.certificate_id])
        with pytest.raises(Invalid, match=r"claim\.not_of_this_order"):
            filed(known, [uuid4()])
        with pytest.raises(Refused, match=r"claim\.nothing_to_claim"):
            filed(known)

    def test_two_certificates_of_one_person_for_the_same_are_claimed_once(self):
        assert len(filed(rows(certificate(1), certificate(1, serial=2))).certificates) == 1

    def test_less_than_claimed_needs_its_reason_and_more_is_refused(self):
        claim = rules.evolve(None, filed(rows(certificate())))
        with pytest.raises(Invalid, match=r"claim\.why_less"):
            rules.settle(claim, 99_999, None, CUTS, today=ISSUED)
        with pytest.raises(Invalid, match=r"claim\.paid_too_much"):
            rules.settle(claim, 100_001, None, CUTS, today=ISSUED)
        with pytest.raises(Invalid, match=r"claim\.paid_whole"):
            rules.settle(claim, 100_000, because("claim.other_cut"), CUTS, today=ISSUED)
        paid = rules.evolve(claim, rules.settle(claim, 100_000, None, CUTS, today=ISSUED))
        assert (paid.state, paid.stands) == (ClaimState.SETTLED, True)
        with pytest.raises(Refused, match=r"claim\.not_filed"):
            rules.withdraw(paid)

    def test_paid_nothing_or_taken_back_its_certificates_can_be_claimed_again(self):
        claim = rules.evolve(None, filed(rows(certificate())))
        assert claim.stands
        refused = rules.settle(claim, 0, because("claim.papers_incomplete"), CUTS, today=ISSUED)
        assert not rules.evolve(claim, refused).stands
        assert not rules.evolve(claim, rules.withdraw(claim)).stands

    @given(
        st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["L5", "L4", "L3"])), min_size=1, max_size=12)
    )
    def test_the_sum_is_exact_and_nobody_is_paid_twice(self, held):
        told = rows(
            *(certificate(worker, level, serial) for serial, (worker, level) in enumerate(held, start=1))
        )
        claim = filed(told)
        assert claim.fen == sum(each.fen for each in claim.certificates)
        paid_for = [(each.worker_id, each.occupation, each.level) for each in claim.certificates]
        assert len(set(paid_for)) == len(paid_for) == len(set(held))


def test_yuan_are_exact():
    assert [rules.yuan(each) for each in (0, 5, 100, 123_456)] == ["0.00", "0.05", "1.00", "1234.56"]


def test_a_claim_keeps_what_it_was_filed_with():
    claim = rules.evolve(None, filed(rows(certificate())))
    settled = rules.evolve(claim, rules.settle(claim, 1, because("claim.other_cut"), CUTS, today=ISSUED))
    assert replace(settled, state=claim.state, paid_fen=None, reason=None, settled_on=None) == claim


def limited(**told):
    """The programmes with a rule that limits a year."""
    programmes = a.the_programmes()
    year = YearlyRules(since=date(2027, 1, 1), source="public fact", **told)
    subsidy = programmes.rules.subsidy.model_copy(update={"yearly": (year,)})
    return replace(programmes, rules=programmes.rules.model_copy(update={"subsidy": subsidy}))


class TestInAYear:
    """Off for the pilot by its data; another federation's notice may limit what one person brings."""

    def test_of_one_person_only_the_highest_can_be_claimed(self):
        both = (
            certificate(level="L5"),
            certificate(level="L4", serial=2),
            certificate(worker=2, level="L5", serial=3),
        )
        known = rules.rows(both, {}, limited(highest_only=True), today=ISSUED)
        assert [row.against and row.against.code for row in known] == ["claim.year_highest", None, None]
        assert filed(known).fen == 170_000
        assert [row.claimable for row in rows(*both)] == [True, True, True]

    def test_no_more_than_the_year_may_bring_with_what_was_claimed_before(self):
        one = certificate(level="L4")
        told = {a.a_worker(1): [70_000]}
        (row,) = rules.rows([one], {}, limited(most_yuan=1000), today=ISSUED, this_year=told)
        assert (row.fen, row.claimable) == (30_000, True)
        told = {a.a_worker(1): [70_000, 40_000]}
        (row,) = rules.rows([one], {}, limited(most_yuan=1000), today=ISSUED, this_year=told)
        assert row.against == because("claim.year_full")


class TestWhatIf:
    def test_other_rules_are_laid_beside_todays_by_order_and_level_and_add_up(self):
        some = [
            certificate(level="L4"), certificate(level="L5", serial=2), certificate(worker=2, level="L4", serial=3),
            certificate(worker=3, level="L4", serial=4, revoked_on=ISSUED),
            certificate(worker=2, level="L4", serial=5),
        ]  # fmt: skip
        orders = {ORDER: a.an_order(ORDER, ())}
        lines = compare(
            some, orders, {some[0].certificate_id: 90_000}, a.the_programmes(), limited(most_yuan=1000)
        )
        assert [(one.level, one.certificates, one.claimed_fen, one.fen, one.other_fen) for one in lines] == [
            ("L4", 2, 90_000, 200_000, 200_000), ("L5", 1, 0, 70_000, 0),
        ]  # fmt: skip
        assert sum(one.difference for one in lines) == -70_000

    def test_a_rule_file_is_read_by_its_block_and_checked(self):
        told = a.the_programmes().rules.subsidy
        text = "subsidy:\n  place: {value: x, source: invented}\n  certificate_allowance_yuan: {}\n"
        assert subsidy_in(text).place.value == "x"
        assert told.yearly == ()
        for wrong, what in (
            ("a: [", "line"),
            ("a: 2026-13-45", "not YAML"),
            ("subsidy: {place: 3}", "subsidy.place"),
            ("- 1", "subsidy"),
        ):
            with pytest.raises(Invalid, match=what):
                subsidy_in(wrong)
