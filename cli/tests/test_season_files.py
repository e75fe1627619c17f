"""Season files and made-up people."""

from datetime import date
from pathlib import Path

import pytest

from songjiao_cli.season.people import credit_code, id_number, roster, workforce
from songjiao_cli.season.script import WrongSeason, read

pytestmark = pytest.mark.rules
SEASONS = Path(__file__).parents[2] / "programmes" / "seasons"


class TestSeasonFile:
    def test_the_sanming_season_states_the_pilot_figures(self):
        script = read(SEASONS / "send-teachers-home.yaml")
        assert script.surveys.enterprises == 40
        assert script.surveys.rounds == 21
        assert script.expected.sessions == 137
        assert script.expected.person_times == 7400
        assert sum(order.special_session for order in script.orders) == 6
        assert len({order.enterprise for order in script.orders}) == 14
        assert len(script.colleges) == 5

    def test_a_wrong_file_is_refused_with_the_place(self, tmp_path):
        text = (SEASONS / "send-teachers-home.yaml").read_text(encoding="utf-8")
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text(text.replace("heads: 112", "heads: 111", 1), encoding="utf-8")
        with pytest.raises(WrongSeason, match=r"orders\.0\.lines\.0: .*cohorts make 112 people"):
            read(wrong)

    def test_a_joint_order_is_of_orders_that_there_are(self, tmp_path):
        text = (SEASONS / "rehearsal.yaml").read_text(encoding="utf-8")
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text(
            text.replace("orders: [demo01, demo04]", "orders: [demo01, demo05]"), encoding="utf-8"
        )
        with pytest.raises(WrongSeason, match="joint: demo05 is no order"):
            read(wrong)

    def test_a_missing_file_is_said(self, tmp_path):
        with pytest.raises(WrongSeason, match="there is no season"):
            read(tmp_path / "none.yaml")


class TestPeople:
    def test_an_id_number_has_the_check_character_of_the_standard(self):
        assert id_number(date(1980, 1, 1), 2)[-1] in "0123456789X"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
        for worker in workforce(3, 500, "ABCD", seed=1):
            digits = [10 if c == "X" else int(c) for c in worker.id_number]
            assert sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 == 1
            assert worker.id_number.startswith("350400")

    def test_no_two_workers_of_a_season_share_a_number(self):
        numbers = [w.id_number for e in range(150) for w in workforce(e, 200, "A", seed=1)]
        assert len(set(numbers)) == len(numbers)

    def test_the_same_seed_makes_the_same_people(self):
        assert workforce(1, 20, "AB", seed=5) == workforce(1, 20, "AB", seed=5)
        assert workforce(1, 20, "AB", seed=5) != workforce(1, 20, "AB", seed=6)

    def test_a_roster_is_a_real_workbook(self):
        assert roster(workforce(1, 3, "A", seed=1), "L5").startswith(b"PK")

    def test_a_credit_code_has_eighteen_characters_of_the_alphabet(self):
        assert len(credit_code("350404", 7)) == 18
        assert not set(credit_code("350404", 7)) & set("IOSVZ")
