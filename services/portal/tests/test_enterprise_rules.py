"""The enterprise's desk without a server: what was typed, rows that the page carries, the week as the crews work it."""

import base64
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.programme import load
from portal.boards.cards import Line, OrderCard, Scheme
from portal.desks.enterprise import carried, typed
from portal.desks.enterprise.asked import LineSeen, OrderSeen, WorksSeen
from portal.desks.enterprise.confirm import PlacedSeen, ToSignSeen, to_sign
from portal.desks.enterprise.ordered import ordered
from portal.desks.enterprise.plain import plain_of
from portal.desks.enterprise.typed import TypedLine
from portal.desks.enterprise.week import answer_day, first_day, week_of
from portal.desks.enterprise.window import doubts, said
from portal.desks.intake import beside
from portal.desks.intake.beside import history, room
from portal.desks.past_orders import Other
from portal.desks.signed import CostSeen
from portal.web.names import Names
from portal.web.text import Text
from staffing.rulebook import Rulebook

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
RULES = Rulebook.of(PROGRAMMES)
EN, ZH = (Text(language, ZoneInfo("Asia/Shanghai")) for language in ("en", "zh"))
TODAY = date(2027, 3, 1)
WORKS = WorksSeen(
    name="水泥", name_en=None, division="350428", shift_pattern="4x3", shift_anchor=date(2026, 1, 1), rooms=1
)
CELL = (
    st.none()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
)
ROWS = st.lists(
    st.tuples(st.integers(1, 10_000), st.lists(CELL, min_size=5, max_size=5), st.booleans()), max_size=20
)


class TestPlain:
    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("none", "being drafted"), ("drafted", "waits for the union's approval"), ("declined", "given back"),
            ("approved", "The union approved scheme v3"), ("confirmed", "confirmed by you"),
        ],
    )  # fmt: skip
    def test_a_clerk_reads_what_the_union_said_yes_to(self, state, said):
        card = OrderCard(UUID(int=1), state="accepted", scheme=Scheme(version=3, state=state))
        plain = plain_of(card, EN)
        assert plain is not None
        assert said in plain.text
        assert bool(plain.href) == (state == "approved"), "only what is theirs to do leads somewhere"

    def test_nothing_is_said_before_the_union_took_it_and_once_it_is_over(self):
        for state in ("submitted", "returned", "cancelled", "fulfilled"):
            assert plain_of(OrderCard(UUID(int=1), state=state), EN) is None


class TestConfirm:
    def test_an_online_session_is_not_at_the_works(self):
        told = {"cohort": "A", "unit": "u", "class_hours": 4, "day": None, "band": None, "person_id": None}
        sessions = [
            PlacedSeen(position=n, mode=mode, division="350428", **told)
            for n, mode in enumerate(("onsite", "online"))
        ]
        seen = ToSignSeen(state="approved", version=1, cohorts=[], sessions=sessions, cost=None)
        programme = next(iter(PROGRAMMES.programmes.values()))
        lines = to_sign(
            seen, WORKS, programme, None, RULES, Names(EN, PROGRAMMES, {}), date(2027, 3, 1)
        ).lines
        assert [one.place for one in lines] == ["水泥", "Online"]

    @pytest.mark.parametrize(("expected", "told"), [("2800", True), ("0", False)])
    def test_an_expected_subsidy_says_until_when_it_is_claimed(self, expected, told):
        cost = {"total": "500", "lecture_fees": "500", "travel": "0", "subsidy_expected": expected}
        seen = ToSignSeen(state="approved", version=1, cohorts=[], sessions=[], cost=CostSeen(**cost))
        programme = next(iter(PROGRAMMES.programmes.values()))
        shown = to_sign(seen, WORKS, programme, None, RULES, Names(EN, PROGRAMMES, {}), date(2027, 3, 1))
        assert ("Subsidy: claim within 12 months" in shown.claim) == told

    @pytest.mark.parametrize(("wished", "told"), [(["pm"], True), (["am"], False), ([], False)])
    def test_a_session_outside_the_wished_times_says_so(self, wished, told):
        one = PlacedSeen(position=1, mode="onsite", division="350428", cohort="A", unit="u", class_hours=4,
                         day=date(2027, 4, 6), band="am", person_id=None)  # fmt: skip
        cohort = {"letter": "A", "line": 1, "workers": [], "bands": wished}
        seen = ToSignSeen(state="approved", version=1, cohorts=[cohort], sessions=[one], cost=None)
        programme = next(iter(PROGRAMMES.programmes.values()))
        (line,) = to_sign(
            seen, WORKS, programme, None, RULES, Names(EN, PROGRAMMES, {}), date(2027, 3, 1)
        ).lines
        assert line.unwished is told

    def test_an_examination_alone_says_so_instead_of_no_people_and_no_sessions(self):
        days = {"earliest": date(2027, 4, 1), "latest": date(2027, 4, 30)}
        seen = ToSignSeen(state="approved", version=1, cohorts=[], sessions=[], cost=None,
                          evaluation=[{"candidates": 24, **days}, {"candidates": 6, **days}])  # fmt: skip
        programme = next(iter(PROGRAMMES.programmes.values()))
        shown = to_sign(seen, WORKS, programme, None, RULES, Names(EN, PROGRAMMES, {}), date(2027, 3, 1))
        assert shown.figures[0] == ("People to be examined", "30")
        assert "examination only" in shown.examined


class TestTyped:
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("电工 6-31-01-03", "6-31-01-03"), ("6-31-01-03", "6-31-01-03"), ("电工", "6-31-01-03"),
            ("electrician", "6-31-01-03"), ("铣", "6-18-01-02"), ("工", None), ("", None), ("占星师", None),
        ],
    )  # fmt: skip
    def test_an_occupation_is_meant_by_code_name_or_the_only_name_with_these_words(self, words, code):
        assert typed.occupation_code(words, PROGRAMMES) == code

    def test_all_that_is_missing_is_told_at_once_with_its_field(self):
        empty = TypedLine(3, service="theory_training")
        fields = [one.field for one in typed.missing([empty], PROGRAMMES, EN, TODAY)]
        assert fields == ["l3-occupation", "l3-level", "l3-earliest", "l3-latest", "l3-roster"]
        whole = TypedLine(
            1, "theory_training", "电工", "L5", earliest="2027-04-05", latest="2027-06-25", people=1
        )
        assert typed.missing([whole], PROGRAMMES, EN, TODAY) == []

    @pytest.mark.parametrize(
        ("sizes", "numbers"), [("abc", []), ("30, x", [30]), ("30 0", [30]), ("2.5", [])]
    )
    def test_sizes_that_are_no_numbers_are_named_and_the_others_kept(self, sizes, numbers):
        one = TypedLine(2, occupation="电工", sizes=sizes)
        assert "l2-sizes" in [each.field for each in typed.missing([one], PROGRAMMES, EN, TODAY)]
        assert [each.field for each in typed.no_numbers([one], EN)] == ["l2-sizes"]
        assert typed.body_of(one, PROGRAMMES)["cohort_sizes"] == numbers

    def test_people_that_are_no_number_are_named(self):
        lines = [TypedLine(1, heads="many"), TypedLine(2, heads="30", sizes="15、15")]
        assert [each.field for each in typed.no_numbers(lines, EN)] == ["l1-heads"]

    def test_what_was_typed_goes_as_order_intake_takes_it(self):
        one = TypedLine(
            2, "theory_training", "电工", "", "", sizes="30，30", bands=("eve",), cap="480", units="a,b"
        )
        assert typed.body_of(one, PROGRAMMES) == {
            "line": 2, "service": "theory_training", "occupation": "6-31-01-03", "bands": ["eve"],
            "units": ["a", "b"], "cohort_sizes": [30, 30], "release_cap_minutes": 480,
        }  # fmt: skip

    def test_no_line_and_nothing_of_it_is_lost_on_the_way_through_the_form(self):
        sizes = ",".join(["25"] * 200)
        form = {
            f"l{n}.{name}": told for n in range(1, 100) for name, told in (("service", "x"), ("sizes", sizes))
        }
        lines = typed.lines_of(form, {})
        assert [one.line for one in lines] == list(range(1, 100))
        assert {one.sizes for one in lines} == {sizes}

    def test_a_line_with_a_roster_whose_occupation_is_unclear_holds_the_keeping_up(self):
        clear, fresh = TypedLine(1, occupation="电工", people=3), TypedLine(3)
        unclear = TypedLine(2, occupation="工", people=40)
        assert typed.would_be_lost([clear, unclear, fresh], PROGRAMMES) == [unclear]
        assert typed.would_be_lost([clear, fresh], PROGRAMMES) == []


class TestCarried:
    @given(ROWS)
    def test_the_page_carries_rows_as_they_were_found(self, rows):
        assert carried.unpacked(carried.packed(rows)) == rows

    @given(st.lists(CELL, min_size=5, max_size=5))
    def test_a_cell_that_nobody_touched_stays_what_it_was(self, cells):
        told = {f"e.7.{name}": carried.shown(cell) for name, cell in zip(carried.FIELDS, cells, strict=True)}
        assert carried.mended([(7, cells, False)], told) == [(7, cells, False)]

    def test_what_is_no_row_of_ours_is_none(self):
        endless = base64.b64encode(zlib.compress(b"[" * (carried.MOST_BYTES + 10))).decode()
        for strange in ("", "!", "QUJD", base64.b64encode(zlib.compress(b'{"a": 1}')).decode(), endless):
            assert carried.unpacked(strange) == []


class TestWeek:
    def test_a_crew_is_free_when_it_neither_works_nor_rests(self):
        week = week_of(RULES, WORKS, date(2027, 4, 5))
        assert (len(week.days), week.crews) == (7, ("A", "B", "C", "D"))
        for row in week.rows:
            for day, free in zip(week.days, row.free, strict=True):
                span = RULES.span(day, row.band)
                released = {
                    crew: RULES.crew("4x3", crew, WORKS.shift_anchor).release(span) for crew in week.crews
                }
                assert {crew for crew, minutes in released.items() if minutes == 0} == set(free)
        assert {len(free) for row in week.rows for free in row.free} - {4}, "no week is free for everybody"

    def test_the_week_is_the_first_that_is_asked_for_and_ahead(self):
        assert first_day(["", "2027-05-03", "2027-02-01"], TODAY) == date(2027, 5, 3)
        assert first_day([], TODAY) == TODAY + timedelta(days=7)

    @pytest.mark.parametrize(
        ("first", "last", "told"),
        [
            ("2027-03-02", "2027-03-04", "of.doubt_over"), ("2027-03-02", "2027-06-25", "of.doubt_early"),
            ("2027-04-05", "2027-04-07", "of.doubt_few"), ("2027-04-05", "2027-06-25", None),
            ("2027-04-07", "2027-04-05", None),
        ],
    )  # fmt: skip
    def test_days_that_cannot_be_enough_are_doubted_before_anybody_plans(self, first, last, told):
        line = LineSeen(
            line=2, service="theory_training", occupation="6-31-01-03", level="L5", heads=30, bands=["eve"],
            earliest=date.fromisoformat(first), latest=date.fromisoformat(last),
        )  # fmt: skip
        found = doubts([line], "send-teachers-home", RULES, date(2027, 3, 4))
        assert [each.key for each in found] == ([told] if told else [])
        for text in (EN, ZH):
            assert all(text("of.line", n=2) in one and "{" not in one for one in said(found, text))
        assert doubts([line], "nothing", RULES, date(2027, 3, 4)) == []

    def test_an_evaluation_needs_one_time(self):
        day = date(2027, 4, 5)
        line = LineSeen(
            line=1,
            service="skill_evaluation",
            occupation="6-31-01-03",
            level="L5",
            heads=30,
            earliest=day,
            latest=day,
        )
        assert doubts([line], "send-teachers-home", RULES, date(2027, 3, 4)) == []

    def test_what_was_ordered_is_told_whole(self):
        line = LineSeen(
            line=1, service="theory_training", occupation="6-31-01-03", level="L5", heads=30, bands=["eve"],
            cohort_sizes=[15, 15], earliest=date(2027, 4, 5), latest=date(2027, 6, 25), crews={"A": 16, "B": 14},
        )  # fmt: skip
        (one,) = ordered([line], Names(EN, PROGRAMMES))
        assert (one.people, one.sizes) == ("30 people (A 16, B 14)", "15, 15")
        assert one.days == "Mon 5 Apr – Fri 25 Jun"
        assert "Level 5" in one.what
        bare = ordered(
            [line.model_copy(update={"bands": [], "cohort_sizes": [], "level": None})], Names(EN, PROGRAMMES)
        )
        assert (bare[0].bands, bare[0].sizes) == ("", "")

    def test_the_union_answers_within_working_days(self):
        assert answer_day(RULES, PROGRAMMES, "send-teachers-home", date(2027, 3, 5)) == date(2027, 3, 10)
        assert answer_day(RULES, PROGRAMMES, "nothing", TODAY) is None


def test_beside_an_order_stand_the_newest_others_and_the_first_that_it_may_double():
    line = LineSeen(line=1, service="theory_training", occupation="6-31-01-03", level="L4", heads=20)
    seen = OrderSeen(
        order_id=UUID(int=1), number="2027-0001", enterprise_id="jinniu", programme="send-teachers-home",
        special_session=False, state="submitted", lines=[line], version=1, changed_at=datetime(2027, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    same, differs = (
        Line(1, "theory_training", "6-31-01-03", "L4", 30),
        Line(1, "theory_training", "x", "L4", 30),
    )
    others = [
        Other(
            UUID(int=n), f"2026-{n:04d}", "fulfilled" if n % 2 else "accepted", (differs if n > 30 else same,)
        )
        for n in range(40, 1, -1)
    ]
    found = history(seen, others, Names(ZH, PROGRAMMES))
    assert (len(found.newest), found.total) == (beside.MOST, 39)
    assert found.newest[0].number == "2026-0040"
    assert (len(found.doubles), found.doubled) == (beside.MOST_DOUBLES, 15)
    assert [one.double for one in found.newest] == [n <= 30 and n % 2 == 0 for n in range(40, 20, -1)]


class TestRoom:
    def test_an_evening_in_which_no_session_of_the_order_fits_is_no_free_time(self):
        days = {"earliest": date(2027, 4, 5), "latest": date(2027, 4, 30), "bands": ["eve"]}
        line = LineSeen(
            line=1,
            service="theory_training",
            occupation="6-31-01-03",
            level="L5",
            heads=9,
            crews={"A": 9},
            **days,
        )
        long, short = (line.model_copy(update={"units": units}) for units in (["el5-wiring"], ["el5-safety"]))
        found = room(short, WORKS, RULES, TODAY)
        assert (found.times > 0, found.hours) == (True, 3)
        assert (room(long, WORKS, RULES, TODAY).times, room(long, WORKS, RULES, TODAY).hours) == (0, 4)
        assert room(line, WORKS, RULES, TODAY) == found, "without chosen units all of its level may be taught"
        both = long.model_copy(update={"units": ["el5-wiring", "el5-safety"]})
        assert room(both, WORKS, RULES, TODAY) == found
        examined = long.model_copy(update={"service": "skill_evaluation"})
        assert (room(examined, WORKS, RULES, TODAY).times, room(examined, WORKS, RULES, TODAY).hours) == (
            found.times,
            None,
        )
