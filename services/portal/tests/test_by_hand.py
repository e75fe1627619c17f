"""What can be chosen on the page of changes by hand."""

from pathlib import Path

from contracts.programme import load
from portal.desks.union.by_hand import units_of

PROGRAMMES = load(Path(__file__).parents[3] / "programmes")


def test_only_units_of_the_trades_and_levels_that_are_taught_are_offered():
    units = PROGRAMMES.units
    offered = units_of(["el5-safety", "el5-safety"], PROGRAMMES)
    assert {"el5-safety", "el5-basics"} <= set(offered)
    mine = units["el5-safety"]
    assert {(units[code].occupation, units[code].level) for code in offered} == {
        (mine.occupation, mine.level)
    }
    assert set(offered) < set(units)
    both = units_of(["el5-safety", "wd5-safety"], PROGRAMMES)
    assert set(both) == set(offered) | set(units_of(["wd5-safety"], PROGRAMMES))
    assert units_of([], PROGRAMMES) == ()
