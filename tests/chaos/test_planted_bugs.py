"""The oracle is worth something: each planted bug is found within twenty rounds, with the differences it makes."""

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
    assert rounds[-1].found, f"{name}: not found in {len(rounds)} rounds"
