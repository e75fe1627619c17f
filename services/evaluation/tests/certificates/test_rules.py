import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.programme_certificates import CertificateRules
from contracts.refusals import Invalid, Refused
from contracts.values import because
from evaluation.certificates import rules
from evaluation.certificates.rules import Drawn, Issue, Passed, Series
from evaluation.paper import check_sum

from .. import builders as a

pytestmark = pytest.mark.rules
PROGRAMME = a.the_programmes().programmes["send-teachers-home"]
PATTERN = a.the_programmes().rules.evaluation.certificate_number_regex.value
SERIES = Series(PROGRAMME.certificates.number_prefix, 2026, 4)
MAY_6 = date(2026, 5, 6)


def issue(heads: int = 1, kinds=("skill_level",), first: int = 1):
    rules_of = CertificateRules(source="invented", kinds=kinds, demo=True, number_prefix=SERIES.prefix)
    return rules.issue(
        Issue(uuid4(), a.ELECTRICIAN, "L4", "三明市总工会", "金牛水泥", MAY_6),
        [Passed(uuid4(), a.a_worker(n), (a.a_part("60"),)) for n in range(heads)],
        rules_of,
        numbers=[Drawn(SERIES.number(first + at, PATTERN), demo=True) for at in range(heads * len(kinds))],
        renews={},
        check_of=lambda number: check_sum(b"k" * 32, number),
        new_code=lambda: "5f" * 16,
        new_id=uuid4,
    )


def a_certificate():
    return rules.evolve(None, issue()[0])


def revoke(certificate, cause, of_evaluation=()):
    causes = PROGRAMME.revocation_causes
    return rules.revoke(certificate, of_evaluation, because(cause), causes, today=MAY_6)


class TestNumber:
    @given(st.integers(1, rules.LAST_SERIAL), st.integers(2000, 2099), st.sampled_from([1, 2, 3, 4, 5]))
    def test_a_number_is_a_letter_and_21_digits_and_says_year_level_and_serial(self, serial, year, level):
        number = Series(SERIES.prefix, year, level).number(serial, PATTERN)
        assert re.fullmatch(r"[YS]\d{21}", number)
        assert (int(number[13:15]), int(number[15]), int(number[16:])) == (year % 100, level, serial)

    def test_serials_end(self):
        with pytest.raises(Refused, match=r"certificate\.serials_used_up"):
            SERIES.number(1_000_000, PATTERN)

    def test_a_prefix_that_makes_no_number_is_a_fault(self):
        with pytest.raises(ValueError, match="no certificate number"):
            replace(SERIES, prefix="J000035000000").number(1, PATTERN)


class TestCheckSum:
    def test_it_is_short_the_same_each_time_and_another_for_another_number_or_key(self):
        number = SERIES.number(1, PATTERN)
        one = check_sum(b"k" * 32, number)
        assert re.fullmatch(r"[0-9a-z]{10}", one)
        assert one == check_sum(b"k" * 32, number)
        others = {check_sum(b"k" * 32, SERIES.number(n, PATTERN)) for n in range(2, 100)}
        assert one not in others | {check_sum(b"x" * 32, number)}


class TestIssue:
    def test_one_evaluation_gives_a_certificate_of_each_kind_with_its_own_issuer(self):
        issued = issue(heads=2, kinds=("skill_level", "enterprise"), first=7)
        assert [(each.kind, each.issuer) for each in issued] == [
            ("skill_level", "三明市总工会"),
            ("enterprise", "金牛水泥"),
        ] * 2
        assert [each.number[-6:] for each in issued] == ["000007", "000008", "000009", "000010"]
        assert len({each.evaluation_id for each in issued}) == 2
        assert all(each.demo for each in issued)

    def test_nobody_passed_nothing_is_issued(self):
        assert issue(heads=0) == []


class TestRevoke:
    causes = PROGRAMME.revocation_causes

    def test_the_issuers_own_cause_takes_one(self):
        certificate = a_certificate()
        (revoked,) = revoke(certificate, "certificate.data_corrected")
        after = rules.evolve(certificate, revoked)
        assert (after.valid, after.revoked_on) == (False, MAY_6)
        with pytest.raises(Refused, match=r"certificate\.revoked_already"):
            revoke(after, "certificate.data_corrected")

    def test_a_cause_that_holds_for_the_sister_takes_her_too_and_another_does_not(self):
        first, second = (rules.evolve(None, each) for each in issue(kinds=("skill_level", "enterprise")))
        taken = revoke(second, "certificate.issued_in_error", (first, second))
        assert [each.number for each in taken] == [second.number, first.number]
        assert [each.number for each in revoke(second, "certificate.duplicate", (first, second))] == [
            second.number
        ]
        gone = replace(first, revoked_on=MAY_6)
        assert len(revoke(second, "certificate.issued_in_error", (gone, second))) == 1

    def test_a_cause_that_voids_the_result_does_not_take_one_alone(self):
        with pytest.raises(Refused, match=r"revocation\.takes_all"):
            revoke(a_certificate(), "certificate.cheating")

    def test_causes_are_the_programmes(self):
        with pytest.raises(Invalid, match=r"revocation\.cause_unknown"):
            revoke(a_certificate(), "certificate.dislike")
        with pytest.raises(Invalid, match=r"revocation\.cause_unknown"):
            rules.void([a_certificate()], because("certificate.issued_in_error"), self.causes, today=MAY_6)

    def test_a_void_result_takes_all_that_stand(self):
        standing = [rules.evolve(None, each) for each in issue(kinds=("skill_level", "enterprise"))]
        gone = replace(a_certificate(), revoked_on=MAY_6)
        facts = rules.void([*standing, gone], because("certificate.cheating"), self.causes, today=MAY_6)
        assert [each.certificate_id for each in facts] == [each.certificate_id for each in standing]
        with pytest.raises(Refused, match=r"evaluation\.no_certificates"):
            rules.void([gone], because("certificate.cheating"), self.causes, today=MAY_6)
