"""Nothing of the numbers is in code: another season's file, and a larger scale, play and verify too."""

from pathlib import Path

import pytest

from songjiao_cli.season.play import NotEmpty, play
from songjiao_cli.season.script import read
from songjiao_cli.system import System

PROGRAMMES = Path(__file__).parents[2] / "programmes"


async def played(system, name, *, scale, seed=7):
    script = read(PROGRAMMES / "seasons" / f"{name}.yaml")
    result, _ = await play(system, script, PROGRAMMES, scale=scale, seed=seed, progress=lambda *_: None)
    return result


@pytest.mark.timeout(900)
async def test_a_small_season_three_times_over_plays_and_verifies(system):
    result = await played(system, "rehearsal", scale=3)
    assert result["ok"], result
    assert result["sessions"]["held"] == 12
    assert result["person_times"] == 3 * 94
    assert result["sessions"]["special"] == 3
    assert result["orders"] == {"fulfilled": 6}
    with pytest.raises(NotEmpty, match="down --reset"):
        await played(system, "rehearsal", scale=1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_the_sanming_season_three_times_over(tmp_path_factory):
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


@pytest.mark.timeout(900)
async def test_a_seed_plays_the_same_season_again(tmp_path_factory):
    results = []
    for number in range(2):
        system = System(
            tmp_path_factory.mktemp(f"again-{number}"), programmes=PROGRAMMES, practice=True, ephemeral=True
        )
        try:
            system.start()
            results.append(await played(system, "rehearsal", scale=1, seed=11))
        finally:
            system.stop()
    for result in results:
        result.pop("seconds")
        result.pop("calls")  # how often it was asked whether all is quiet
    assert results[0] == results[1]
