"""Three rounds on the real system, and the plan and page of many."""

import json

import pytest
from typer.testing import CliRunner

from songjiao_cli.chaos import proof
from songjiao_cli.chaos.faults.versions import unpack
from songjiao_cli.chaos.rounds import Round, faults_of, plan
from songjiao_cli.chaos.run import kept, result
from songjiao_cli.main import app

from .planted import ROOT


@pytest.mark.timeout(900)
def test_three_rounds_leave_every_ledger_equal(tmp_path):
    book = tmp_path / "rounds.jsonl"
    asked = ["chaos", "--rounds", "3", "--seed", "5", "--quick", "--book", str(book), "--json", "-"]
    told = CliRunner().invoke(app, [*asked, "--programmes", str(ROOT / "programmes")])
    assert told.exit_code == 0, told.output
    said = json.loads(told.stdout)
    assert said["ok"]
    assert said["rounds"] == len(kept(book)) == 3
    assert min(one["done"] for one in said["each"]) > 0, "no command was done: nothing was shown"
    assert said["each"][-1]["facts"] > said["each"][0]["facts"]
    assert all(one["seen"] for one in said["each"])


@pytest.mark.rules
def test_the_same_seed_plans_the_same_faults_and_every_kind_has_its_turn():
    among = faults_of()
    planned = [[each.name for each in plan(3, number, among)[1]] for number in range(2 * len(among))]
    assert planned == [[each.name for each in plan(3, number, among)[1]] for number in range(2 * len(among))]
    for turn in (planned[: len(among)], planned[len(among) :]):
        assert {names[0] for names in turn} == {each.name for each in among}
    assert planned != [[each.name for each in plan(4, number, among)[1]] for number in range(2 * len(among))]


@pytest.mark.rules
def test_the_version_before_is_one_that_notes_no_effects_yet(tmp_path):
    sources = unpack(tmp_path)
    if not sources:
        pytest.skip("no history here")
    assert any((each / "servicekit" / "relay.py").exists() for each in sources)
    assert not any((each / "servicekit" / "effects.py").exists() for each in sources)


@pytest.mark.rules
def test_a_fault_that_there_is_not_is_said_with_those_there_are():
    with pytest.raises(SystemExit, match="service killed"):
        faults_of(["earthquake"])


@pytest.mark.rules
def test_the_page_says_what_was_found():
    whole = Round(
        0, ["service killed"], ["portal killed"], seconds=9, commands=10, done=8, refused=2, facts=30
    )
    broken = Round(1, ["database killed"], ["database killed"], found=["S: a gap"], seconds=9)
    assert "no ledger differs" in proof.written([whole], 3)
    tried = Round(2, ["killed in the relay"], several=3)
    assert "| killed in the relay | 0 |" in proof.written([whole, tried], 3), "drawn is not struck"
    assert "3 commands that changed several orders" in proof.written([whole, tried], 3)
    page = proof.written([whole, broken], 3)
    assert "1 differences" in page
    assert "- round 1 of unknown code (database killed): S: a gap" in page
    assert "no ledger differs" not in page
    assert not result([whole, broken], 3)["ok"]
    again = Round(1, ["database killed"], ["database killed"], seconds=9, code="abc1234")
    page = proof.written([whole, again], 3, [whole, broken, again])
    assert "no ledger differs" in page
    assert "## Found, mended, and played again" in page
    assert "S: a gap" in page
    assert "- abc1234: 1 rounds" in page
