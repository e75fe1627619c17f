"""Nothing of the numbers is in code: another season's file, and a larger scale, play and verify too."""

from pathlib import Path

import pytest

from songjiao_cli.season.play import NotEmpty, play
from songjiao_cli.season.script import read
from songjiao_cli.system import System

from .covered import proofs, unaccounted

PROGRAMMES = Path(__file__).parents[2] / "programmes"


async def played(system, name, *, scale, seed=7):
    script = read(PROGRAMMES / "seasons" / f"{name}.yaml")
    result, _ = await play(system, script, PROGRAMMES, scale=scale, seed=seed, progress=lambda *_: None)
    return result


TIMES = 2


@pytest.fixture(scope="module")
async def rehearsal(system):
    """The small season twice over, as it went."""
    return await played(system, "rehearsal", scale=TIMES)


@pytest.mark.timeout(900)
async def test_a_small_season_twice_over_plays_and_verifies(system, rehearsal):
    assert rehearsal["ok"], rehearsal
    assert rehearsal["sessions"]["held"] == 5 * TIMES
    assert rehearsal["person_times"] == 102 * TIMES
    assert rehearsal["sessions"]["special"] == TIMES
    assert rehearsal["orders"] == {"fulfilled": 5 * TIMES}
    with pytest.raises(NotEmpty, match="down --reset"):
        await played(system, "rehearsal", scale=1)


async def test_a_joint_order_is_taught_certified_and_counted_for_each_enterprise(system, rehearsal):
    by = rehearsal["by"]["enterprise"]
    for copy in ("", "-2"):
        one, other = by[f"demo01{copy}"], by[f"demo04{copy}"]
        assert one["heads"] + other["heads"] == one["person_times"] + other["person_times"] == 5 + 4 - 1
        assert (one["heads"], other["heads"]) == (5, 3), "in every play somebody of the member stays away"
    found = await proofs(system)
    assert {number: open_ for number, proof in found.items() if (open_ := unaccounted(proof))} == {}
    # 24 - 1 stays away - 2 fail, 6 - 1 fails, and of the joint class 9 - 1 stays away - 2 fail
    assert rehearsal["certificates"]["issued"] == (21 + 5 + 6) * TIMES


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
async def test_a_seed_plays_the_same_season_again(rehearsal, tmp_path_factory):
    system = System(tmp_path_factory.mktemp("again"), programmes=PROGRAMMES, practice=True, ephemeral=True)
    try:
        system.start()
        again = await played(system, "rehearsal", scale=TIMES)
    finally:
        system.stop()
    measured = {"seconds", "calls"}  # calls: how often it was asked whether all is quiet
    assert {k: v for k, v in again.items() if k not in measured} == {
        k: v for k, v in rehearsal.items() if k not in measured
    }
