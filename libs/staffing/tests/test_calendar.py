from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from staffing.moments import Clockwork, day_of, season_of, week_of

DATES = st.dates(date(2025, 6, 1), date(2028, 6, 1))


class TestWorkingDays:
    def test_national_day_and_its_make_up_days(self, book):
        assert book.calendar.is_closed(date(2026, 10, 1))
        assert not book.calendar.is_working(date(2026, 10, 7))
        assert book.calendar.is_working(date(2026, 10, 10))
        assert book.calendar.is_working(date(2026, 9, 20))
        assert not book.calendar.is_closed(
            date(2026, 10, 11)
        )  # a Sunday: no office, but sessions may be held

    def test_five_working_days_of_posting_over_the_holiday(self, book):
        assert book.calendar.add_working_days(date(2026, 9, 29), 5) == date(2026, 10, 12)
        assert book.calendar.add_working_days(date(2026, 9, 29), 0) == date(2026, 9, 29)

    def test_a_year_without_a_notice_is_never_an_error(self, book):
        assert book.calendar.is_working(date(2027, 10, 1))  # weekends only, until the notice is imported
        assert book.calendar.add_working_days(date(2026, 12, 30), 4) == date(2027, 1, 5)

    @given(day=DATES, count=st.integers(0, 40))
    def test_counting_and_adding_agree(self, book, day, count):
        later = book.calendar.add_working_days(day, count)
        between = (day + timedelta(days=d) for d in range(1, (later - day).days + 1))
        assert sum(map(book.calendar.is_working, between)) == count
        assert count == 0 or book.calendar.is_working(later)


class TestMinutes:
    @given(moment=st.datetimes(timezones=st.just(Clockwork("Asia/Shanghai")._epoch.tzinfo)))
    def test_an_instant_lies_in_its_minute(self, moment):
        if moment.year < 3 or moment.year > 9990:
            return
        clock = Clockwork("Asia/Shanghai")
        start = clock.instant(clock.minute(moment))
        assert start <= moment < start + timedelta(minutes=1)

    def test_eight_in_shanghai_is_midnight_utc(self, book):
        slot = book.slot(date(2026, 9, 1), "am")
        assert slot.starts_at.isoformat() == "2026-09-01T00:30:00+00:00"
        assert book.span_of(slot) == book.span(date(2026, 9, 1), "am")

    def test_a_stretch_is_rounded_outwards(self, book):
        slot = book.slot(date(2026, 9, 1), "am")
        span = book.clock.span(slot.starts_at + timedelta(seconds=30), slot.ends_at + timedelta(seconds=1))
        assert span == (book.span_of(slot).start, book.span_of(slot).end + 1)

    def test_a_season_is_a_calendar_year(self):
        for day in (date(2026, 1, 1), date(2026, 12, 31)):
            assert season_of(day) == (date(2026, 1, 1), date(2027, 1, 1))

    def test_weeks_run_from_monday_to_sunday(self):
        monday = date(2026, 9, 7)
        assert len({week_of(monday + timedelta(days=d)) for d in range(7)}) == 1
        assert week_of(monday + timedelta(days=7)) == week_of(monday) + 1
        assert day_of(monday.toordinal() * 1440 + 1439) == monday
