"""A decline until the next offer is visible: a small season through the whole system. No times are judged."""

import json
from pathlib import Path

import pytest

from songjiao_cli.bench import dispatch_page, offers

PROGRAMMES = Path(__file__).parents[2] / "programmes"


def test_what_was_left_out_is_not_ok():
    assert not offers.left_out().ok


def test_the_page_says_each_figure_beside_what_is_asked_and_the_spread_of_the_declines(tmp_path):
    answers = offers.Answers([20.0, 30.0], [100.0, 140.0, 160.0], [900.0], 2)
    found = offers.Found(1600, 150, 300.0, answers)
    rows = offers.rows(found)
    assert [row.ok for row in rows] == [True, False, True]
    dispatch_page.write(tmp_path, found, rows, {"day": "today"})
    page = (tmp_path / "dispatch.md").read_text(encoding="utf-8")
    assert "half within (1,600 sessions, 150 instructors) | 150 ms |  |  | at most 150 | yes |" in page
    assert "| the same, 99 of 100 within | 878 ms |  |  | at most 500 | **no** |" in page
    assert "after 2 declines nobody could come" in page.replace("\n", " ")
    assert "at another time (steps 3 and 4) | 1 | 900 |" in page
    told = json.loads((tmp_path / "dispatch.json").read_text(encoding="utf-8"))
    assert told["declines"]["own answer"] == [20.0, 30.0]


def test_without_the_declines_the_page_has_the_repairs_only(tmp_path):
    dispatch_page.write(tmp_path, None, [offers.left_out()], {})
    assert "left out" in (tmp_path / "dispatch.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_decline_has_its_answer_and_its_next_offer_or_nobody(monkeypatch):
    monkeypatch.setattr(offers, "WARM", 1)
    said = []
    half, nearly_all, told = offers.rows(offers.measured(PROGRAMMES, 5, said.append, scale=1))
    assert half.runs == nearly_all.runs
    assert len(told.runs) == 5
    nobody = 5 - len(nearly_all.runs)
    assert f"{len(nearly_all.runs)} declines with a next offer, {nobody} with nobody" in said[-1]
    assert min(nearly_all.runs, default=1) > 0
