"""The oracle is worth something: each planted bug is found within twenty rounds by the ledgers it breaks, and
nothing is found where there is none.
"""

import pytest

from songjiao_cli.chaos.rounds import faults_of
from songjiao_cli.chaos.run import run

from .planted import BUGS, ROOT

WITHIN = 20
SEED = 11


@pytest.mark.rules
@pytest.mark.parametrize("name", BUGS)
def test_the_text_that_a_planted_bug_exchanges_is_in_the_sources(name, tmp_path):
    BUGS[name].plant(tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name, tmp_path):
    sources = (BUGS[name].plant(tmp_path),)
    rounds = run(
        WITHIN, SEED, ROOT / "programmes", among=faults_of(list(BUGS[name].faults)), file=tmp_path / "rounds.jsonl",
        told=print, say=print, sources=sources, until_found=True,
    )  # fmt: skip
    found = rounds[-1].found
    assert found, f"{name}: not found in {len(rounds)} rounds"
    assert any(BUGS[name].shows_in(line) for line in found), f"{name}: found by something else: {found[:5]}"
    lost = [line for line in found if line.startswith(("the system is lost", "not quiet"))]
    assert not lost, f"{name}: the system broke, which needs no oracle: {lost}"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_is_found_where_no_bug_is_planted(tmp_path):
    """The control: the same seed, the same clients, every fault that the bugs are sought with."""
    names = list(dict.fromkeys(name for bug in BUGS.values() for name in bug.faults))
    rounds = run(
        len(names), SEED, ROOT / "programmes", among=faults_of(names), file=tmp_path / "rounds.jsonl",
        told=print, say=print, until_found=True,
    )  # fmt: skip
    assert [line for one in rounds for line in one.found] == []
    assert len(rounds) == len(names)
