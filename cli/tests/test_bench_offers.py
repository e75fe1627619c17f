"""A decline until the next offer is visible: a small season through the whole system. No times are judged."""

from pathlib import Path

import pytest

from songjiao_cli.bench import offers

PROGRAMMES = Path(__file__).parents[2] / "programmes"


def test_what_was_left_out_is_not_ok():
    assert not offers.left_out().ok


@pytest.mark.slow
def test_every_decline_has_its_answer_and_its_next_offer_or_nobody(monkeypatch):
    monkeypatch.setattr(offers, "WARM", 1)
    said = []
    half, nearly_all, told = offers.rows(PROGRAMMES, 5, said.append, scale=1)
    assert half.runs == nearly_all.runs
    assert len(told.runs) == 5
    nobody = 5 - len(nearly_all.runs)
    assert f"{len(nearly_all.runs)} declines with a next offer, {nobody} with nobody" in said[-1]
    assert min(nearly_all.runs, default=1) > 0
