from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.refusals import Invalid
from staffing.moments import Span, at, overlap
from staffing.shifts import CrewCalendar, crews

MONDAY = date(2026, 1, 5)
DAYS = st.integers(0, 400).map(lambda d: MONDAY + timedelta(days=d))


def crew(book, pattern, letter, rest_hours=11):
    own = book.crew(pattern, letter)
    return CrewCalendar(own.pattern, letter, own.calendar, own.anchor, own.night_ends, rest_hours * 60)


class TestFourCrewsThreeShifts:
    def test_the_cycle_is_read_from_the_anchor_and_the_crews_are_two_days_apart(self, book):
        letters = {
            c: "".join(book.crew("4x3", c).letter(MONDAY + timedelta(days=d)) for d in range(8))
            for c in "ABCD"
        }
        assert letters == {"A": "EEMMNN--", "B": "MMNN--EE", "C": "NN--EEMM", "D": "--EEMMNN"}

    @given(day=DAYS)
    def test_a_session_held_twice_two_days_apart_reaches_all_four_crews_without_release(self, book, day):
        def free(when):
            span = book.span(when, "am")
            return {c for c in "ABCD" if book.crew("4x3", c).release(span) == 0}

        assert free(day) | free(day + timedelta(days=2)) == set("ABCD")
        assert len(free(day)) == 2

    @given(day=DAYS)
    def test_two_bands_of_a_day_reach_all_four_crews_when_a_night_needs_ten_hours_of_rest(self, book, day):
        free = {
            c
            for c in "ABCD"
            for band in ("am", "eve")
            if crew(book, "4x3", c, rest_hours=10).release(book.span(day, band)) == 0
        }
        assert free == set("ABCD")

    def test_after_a_night_the_crew_rests_eleven_hours_and_the_evening_is_too_early(self, book):
        first_night = MONDAY + timedelta(days=4)
        assert book.crew("4x3", "A").letter(first_night) == "N"
        assert [book.crew("4x3", "A").release(book.span(first_night, b)) for b in ("am", "pm", "eve")] == [
            None
        ] * 3

    def test_a_session_on_shift_takes_its_minutes(self, book):
        assert book.crew("4x3", "A").release(book.span(MONDAY, "am")) == 195
        assert book.crew("4x3", "A").release(book.span(MONDAY, "pm")) == 90
        assert book.crew("4x3", "A").release(book.span(MONDAY, "eve")) == 0


class TestShiftsOverMidnight:
    def test_a_twelve_hour_night_ends_on_the_next_day_and_its_rest_begins_there(self, book):
        night = MONDAY + timedelta(days=2)
        own = book.crew("4x2", "A")
        assert own.letter(night) == "L"
        assert own.work(night, night) == [Span(at(night, 1200), at(night, 1920))]
        tomorrow = night + timedelta(days=1)
        assert own.rest(tomorrow, tomorrow) == [Span(at(night, 1920), at(night, 1920 + 660))]
        assert own.release(book.span(tomorrow, "am")) is None
        assert own.release(book.span(night, "pm")) == 0

    @pytest.mark.parametrize("pattern", ["4x3", "4x2", "2x12", "3x8"])
    @given(day=DAYS)
    def test_round_the_clock_patterns_never_have_two_crews_at_work_at_once(self, book, pattern, day):
        work = [
            s for c in crews(book.programmes.shifts[pattern]) for s in book.crew(pattern, c).work(day, day)
        ]
        assert not any(overlap(a, b) for i, a in enumerate(work) for b in work[i + 1 :])

    @pytest.mark.parametrize("pattern", ["4x3", "4x2"])
    @given(day=DAYS)
    def test_four_crews_cover_the_whole_day(self, book, pattern, day):
        today = Span(at(day), at(day) + 1440)
        work = [s for c in "ABCD" for s in book.crew(pattern, c).work(day, day)]
        assert sum(overlap(s, today) for s in work) == 1440

    @pytest.mark.parametrize("pattern", ["day", "day6", "3x8", "4x3", "4x2", "2x12"])
    @given(day=DAYS, start=st.integers(0, 1439), length=st.integers(30, 480))
    def test_release_is_what_lies_in_working_time_or_nothing_at_all_in_rest(
        self, book, pattern, day, start, length
    ):
        span = Span(at(day, start), at(day, start + length))
        own = book.crew(pattern, "A")
        wide = (day - timedelta(days=3), day + timedelta(days=3))
        release = own.release(span)
        if release is None:
            assert any(overlap(span, r) for r in own.rest(*wide))
        else:
            assert not any(overlap(span, r) for r in own.rest(*wide))
            assert release == sum(overlap(span, w) for w in own.work(*wide)) <= length


class TestDayPattern:
    def test_follows_public_holidays_and_make_up_days(self, book):
        own = book.crew("day", "A")
        assert own.letter(date(2026, 10, 1)) == "-"  # a Thursday, National Day
        assert own.letter(date(2026, 10, 10)) == "W"  # a Saturday, worked instead
        assert own.letter(date(2026, 9, 20)) == "W"  # a Sunday, worked instead
        assert own.letter(date(2026, 10, 11)) == "-"

    def test_a_morning_on_a_working_day_is_all_release_and_an_evening_none(self, book):
        day = date(2026, 9, 1)
        assert [book.crew("day", "A").release(book.span(day, b)) for b in ("am", "pm", "eve")] == [
            195,
            195,
            0,
        ]


def test_a_cohort_of_two_crews_is_barred_by_either_and_loses_what_the_busier_one_loses(book):
    both = book.crews_release("4x3", ("A", "D"))  # on the anchor's Monday A is on early shift, D is off
    assert both.minutes(book.span(MONDAY, "am")) == 195
    assert both.minutes(book.span(MONDAY, "eve")) == 0
    assert (
        book.crews_release("4x3", ("A", "C")).minutes(book.span(MONDAY, "am")) is None
    )  # C comes from the night


def test_a_crew_that_the_pattern_does_not_have_is_refused(book):
    with pytest.raises(Invalid, match=r"shift\.crew_unknown"):
        book.crew("day", "B")
    with pytest.raises(Invalid, match=r"shift\.pattern_unknown"):
        book.crew("5x5", "A")
