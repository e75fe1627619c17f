"""The schematic map: where towns stand, how large their circles are, which drives are drawn. Pure."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.programme import load
from portal.boards.sessions import SessionRow
from portal.desks.places.drawn import LEAST, MOST, WIDTH, Drive, Houses, Spot, drawing
from portal.desks.places.shown import map_view
from portal.desks.union.board_asked import Asked
from portal.desks.union.board_map import WEEK, board_map
from portal.web.names import Names
from portal.web.text import Text

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
EN = Names(Text("en", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {"smtc": "Sanming Technician College"})
COUNTIES = sorted(code for code, row in PROGRAMMES.divisions.items() if row.level == "county")
HOUSES = Houses({"smtc": "350405", "smu": "350404"}, {"350428": 3})
spots = st.dictionaries(
    st.sampled_from(COUNTIES), st.builds(Spot, st.integers(0, 400), st.just(""), st.just("/"))
)
drives = st.lists(
    st.builds(
        Drive, st.sampled_from(COUNTIES), st.sampled_from(COUNTIES), st.just("smtc"), st.integers(1, 40)
    )
)


def drawn(some, ways=()):
    return drawing(some, ways, HOUSES, PROGRAMMES.divisions)


class TestDrawing:
    @given(spots, drives)
    def test_everything_is_on_the_paper_and_the_circles_are_as_the_values(self, some, ways):
        told = drawn(some, ways)
        for town in told.towns:
            assert MOST <= town.x <= WIDTH - MOST
            assert MOST <= town.y <= told.height - MOST
            assert LEAST <= town.radius <= MOST
        circles = sorted((town.spot.value, town.radius) for town in told.towns if town.spot)
        assert [radius for _, radius in circles] == sorted(radius for _, radius in circles)
        for arc in told.arcs:
            assert arc.home != arc.to
            assert arc.width >= 1
        driven = sum(way.sessions for way in ways if way.home != way.to)
        assert sum(arc.sessions for arc in told.arcs) == driven

    def test_the_north_is_on_top_and_the_east_on_the_right(self):
        at = {town.code: (town.x, town.y) for town in drawn({"350428": Spot(1, "", "/")}).towns}
        assert at["350429"][1] < at["350425"][1], "Taining lies north of Datian"
        assert at["350426"][0] > at["350424"][0], "Youxi lies east of Ninghua"
        assert len(at) == len(COUNTIES), "the neighbours are drawn, empty"

    def test_there_and_back_are_two_arcs(self):
        ways = [Drive("350404", "350405", "smu", 2), Drive("350405", "350404", "smtc", 4)]
        one, other = drawn({}, ways).arcs
        assert one.path != other.path
        assert (one.width, other.width) == (3.5, 6)

    def test_without_a_place_that_is_known_there_is_no_map_but_the_row(self):
        assert drawn({"999999": Spot(1, "", "/")}).towns == ()
        told = map_view("t", "c", {"999999": Spot(1, "", "/")}, [], HOUSES, EN)
        assert [row.name for row in told.rows] == ["999999"]


class TestShown:
    def test_a_town_says_what_is_there_and_the_table_who_comes(self):
        ways = [Drive("350405", "350428", "smtc", 3)]
        told = map_view("t", "c", {"350428": Spot(2, "2 orders under way", "/b")}, ways, HOUSES, EN)
        (jiangle,) = [one for one in told.towns if one.town.spot]
        assert jiangle.label == "Jiangle"
        assert jiangle.told == "Jiangle County: 2 orders under way; 3 enterprises"
        assert [arc.told for arc in told.arcs] == ["Shaxian District → Jiangle County: 3 sessions"]
        assert [(row.name, row.comes) for row in told.rows] == [
            ("Jiangle County", "Sanming Technician College 3")
        ]
        assert all(re.fullmatch(r"M\d+ \d+Q-?\d+ -?\d+ \d+ \d+", arc.arc.path) for arc in told.arcs)


class TestBoard:
    def test_only_a_session_to_which_somebody_drives_is_an_arc(self):
        monday = date(2026, 5, 4)
        goes = SessionRow(
            UUID(int=1), UUID(int=9), division="350428", mode="onsite", college="smtc", person=UUID(int=8),
            day=monday,
        )  # fmt: skip
        others = ({"mode": "online"}, {"person": None}, {"state": "unplaced"}, {"day": monday + WEEK * 2})
        told = board_map(
            [], [goes, *(replace(goes, **other) for other in others)], HOUSES, monday, EN, Asked()
        )
        assert [arc.told for arc in told.arcs] == ["Shaxian District → Jiangle County: 1 session"]
