"""What can be chosen on the page of changes by hand."""

from datetime import date
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from contracts.programme import load
from portal.desks.signed import ReasonSeen
from portal.desks.union.asked import ThenSeen
from portal.desks.union.by_hand import units_of
from portal.desks.union.cuts import CutSeen, CutsSeen, cuts_table
from portal.desks.union.free_days import MOST, free_days
from portal.web.names import Names
from portal.web.text import Text

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


NAMES = Names(Text("en", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {})
SESSION = UUID(int=7)


def slot(day, band, *against):
    return ThenSeen(day=date(2027, 4, day), band=band, free=2, against=against)


@pytest.mark.parametrize(
    ("own", "days"),
    [((date(2027, 4, 8), "am"), ["8 Apr", "9 Apr", "5 Apr"]), ((None, None), ["5 Apr", "8 Apr", "8 Apr"])],
)
def test_a_session_can_be_moved_to_the_nearest_days_that_are_free(own, days):
    closed = ReasonSeen(code="slot.closed_day", figures={})
    slots = [slot(5, "pm"), slot(7, "am", closed), slot(8, "am"), slot(8, "pm"), slot(9, "am")]
    found = free_days(SESSION, "A, session 3", slots, own, NAMES)
    assert [day for one, day in zip(found.times, days, strict=False) if day not in one.when] == []
    assert all("7 Apr" not in one.when for one in found.times)
    assert "day=2027-04-0" in found.times[0].look
    assert free_days(SESSION, "", [slot(n, "am") for n in range(1, 29)], own, NAMES).more >= 27 - MOST


def test_work_lost_is_told_in_person_hours_in_the_table_and_in_what_decided():
    one = CutSeen(name="by_crew", cohorts=2, sessions=8, unplaced=0, last=date(2027, 4, 8), release_minutes=5070,
                  cost=0, taken=True)  # fmt: skip
    other = one.model_copy(update={"release_minutes": 6000, "taken": False})
    why = ReasonSeen(code="cut.least_release", figures={"minutes": 5070, "others": 6000})
    table = cuts_table(CutsSeen(tried=[one, other], why=why), NAMES)
    assert dict(table.rows)["Work lost (person-hours)"] == ("84.5", "100.0")
    assert "84.5 person-hours, next best 100.0" in table.why
