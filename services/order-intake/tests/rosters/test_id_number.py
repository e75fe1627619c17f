"""Resident ID numbers."""

import pytest

from order_intake.rosters import id_number

from ..builders import KEY, MAY_6, an_id_number

pytestmark = pytest.mark.rules


class TestIdNumber:
    @pytest.mark.parametrize("born", ["19680101", "19700315", "19721231"])
    def test_a_region_that_did_not_exist_at_birth_is_no_fault(self, born):
        assert id_number.wrong(an_id_number(7, born=born, region="350402"), today=MAY_6) is None

    @pytest.mark.parametrize("born", ["19850101", "19880101"])
    def test_yongan_before_its_code_of_1989_is_no_fault(self, born):
        assert id_number.wrong(an_id_number(7, born=born, region="350481"), today=MAY_6) is None

    @pytest.mark.parametrize("region", ["352701", "810000", "830000", "911100"])
    def test_old_prefectures_and_residents_of_elsewhere_have_the_same_form(self, region):
        number = an_id_number(7, region=region)
        assert id_number.wrong(number, today=MAY_6) is None
        assert not id_number.strange_region(number)

    def test_the_textbook_example_holds(self):
        assert id_number.check_character("11010519491231002") == "X"

    def test_an_unknown_region_is_only_told(self):
        number = an_id_number(7, region="770101")
        assert id_number.wrong(number, today=MAY_6) is None
        assert id_number.strange_region(number)

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            ("350402900101001", "roster.id_old_form"),
            ("3504021990010100", "roster.id_length"),
            ("35040219900101001A", "roster.id_characters"),
            ("35040219900230001X", "roster.id_birth_date"),
            ("35040229900101001X", "roster.id_birth_date"),
            (an_id_number(1, born="20150101"), "roster.age"),
        ],
    )
    def test_what_cannot_be_one_says_why(self, number, code):
        assert id_number.wrong(number, today=MAY_6).code == code

    def test_one_changed_digit_is_always_found(self):
        number = an_id_number(123)
        for at in range(14, 17):
            other = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
            assert id_number.wrong(other, today=MAY_6).code == "roster.id_check"

    def test_only_the_last_four_are_shown(self):
        assert id_number.masked("350402199001011234") == "*" * 14 + "1234"


class TestWorkerId:
    def test_it_is_the_same_for_the_same_number_and_key_only(self):
        number = an_id_number(1)
        assert id_number.worker_id(number, KEY) == id_number.worker_id(number, KEY)
        assert id_number.worker_id(number, KEY) != id_number.worker_id(an_id_number(2), KEY)
        assert id_number.worker_id(number, KEY) != id_number.worker_id(number, KEY[::-1])

    def test_it_is_a_uuid_of_the_own_kind(self):
        worker = id_number.worker_id(an_id_number(1), KEY)
        assert str(worker)[14] == "8"
        assert str(worker)[19] in "89ab"
