"""Unified social credit codes."""

import pytest

from contracts.refusals import Invalid
from order_intake.enterprises import credit_code

pytestmark = pytest.mark.rules


def a_code(first_eight: str, organisation: str = "MAXXX001") -> str:
    first = first_eight + organisation + credit_code.inner_check(organisation)
    return first + credit_code.outer_check(first)


class TestCreditCode:
    @pytest.mark.parametrize(
        "code", ["91350428MAXXX00156", "91350481MAXXX0023Q", "91350481MAXXX004XB", "89350400MAXXX901X7"]
    )
    def test_codes_of_the_pilot_hold(self, code):
        credit_code.check(code)

    @pytest.mark.parametrize("first_eight", ["N2350428", "A1350428", "Y1350428", "12350400"])
    def test_rural_collectives_and_the_military_have_letters_and_hold(self, first_eight):
        credit_code.check(a_code(first_eight))

    def test_a_real_public_code_holds(self):
        credit_code.check("91110000600037341L")

    @pytest.mark.parametrize(
        ("code", "refusal"),
        [
            ("91350428MAXXX0015", "credit_code.length"),
            ("91350428MAXXX0015I", "credit_code.character"),
            ("B1350428MAXXX00156", "credit_code.authority"),
            ("9135042AMAXXX00156", "credit_code.division"),
            ("91350428MAXXX00157", "credit_code.check"),
        ],
    )
    def test_each_fault_has_its_name(self, code, refusal):
        with pytest.raises(Invalid) as refused:
            credit_code.check(code)
        assert (refused.value.code, refused.value.field) == (refusal, "credit_code")

    def test_the_inner_check_character_counts_even_when_the_outer_one_fits(self):
        first = "91350428MAXXX0014"  # 5 would be right
        with pytest.raises(Invalid, match=r"credit_code\.organisation_check"):
            credit_code.check(first + credit_code.outer_check(first))
