"""Nothing of the numbers is in code: another season's file, and a larger scale, play and verify too."""

from pathlib import Path

import pytest

from songjiao_cli.season.play import play
from songjiao_cli.season.script import read

PROGRAMMES = Path(__file__).parents[2] / "programmes"


async def played(system, name, *, scale, seed=7):
    script = read(PROGRAMMES / "seasons" / f"{name}.yaml")
    result, _ = await play(system, script, PROGRAMMES, scale=scale, seed=seed, progress=lambda *_: None)
    return result


@pytest.mark.timeout(300)
async def test_a_small_season_three_times_over_plays_and_verifies(system):
    result = await played(system, "rehearsal", scale=3)
    assert result["ok"], result
    assert result["sessions"]["held"] == 12
    assert result["person_times"] == 3 * 94
    assert result["sessions"]["special"] == 3
    assert result["orders"] == {"fulfilled": 6}


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_the_sanming_season_three_times_over(tmp_path_factory):
    from songjiao_cli.system import System  # noqa: PLC0415  a system of its own

    system = System(
        tmp_path_factory.mktemp("threefold"), programmes=PROGRAMMES, practice=True, ephemeral=True
    )
    try:
        system.start()
        result = await played(system, "send-teachers-home", scale=3)
    finally:
        system.stop()
    assert result["ok"], result
    assert result["person_times"] == 3 * 7400
