"""The week of a scheme that is shown: where a session is that was chosen, and what has no time."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from contracts.programme import load
from portal.desks.union.side import side_of
from portal.desks.union.week import Asked, WeekSession, week_of
from portal.web.names import Names
from portal.web.text import Text

PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
NAMES = Names(Text("en", ZoneInfo("Asia/Shanghai")), PROGRAMMES, {}, {})
TODAY = date(2027, 3, 3)
MONDAY = date(2027, 3, 1)


def session(n: int, day: date | None) -> WeekSession:
    return WeekSession(
        session_id=UUID(int=n), cohort="A", position=n, unit="el5-safety", mode="onsite", class_hours=4, day=day,
        band="eve" if day else None, person_id=None, division="350428",
    )  # fmt: skip


def shown(sessions, **asked):
    return week_of(sessions, [], {}, {}, NAMES, Asked("/x", **asked), TODAY)


@pytest.mark.rules
class TestWeek:
    def test_sessions_without_any_time_are_shown_beside_an_empty_week(self):
        week = shown([session(1, None), session(2, None)])
        assert week is not None
        assert (week.monday, len(week.unplaced), week.rows) == (MONDAY, 2, ())
        assert shown([]) is None

    def test_a_chosen_session_is_shown_where_it_is_by_now_whatever_week_was_looked_at(self):
        here, moved = session(1, MONDAY), session(2, MONDAY + timedelta(days=15))
        assert shown([here, moved], monday=MONDAY, session=moved.session_id).monday == MONDAY + timedelta(
            days=14
        )

    def test_one_that_lost_its_time_leaves_the_week_as_it_was(self):
        rows = [session(1, MONDAY), session(2, MONDAY + timedelta(days=15)), session(3, None)]
        week = shown(rows, monday=MONDAY + timedelta(days=14), session=rows[2].session_id)
        assert week.monday == MONDAY + timedelta(days=14)
        assert [block.selected for block in week.unplaced] == [True]

    def test_a_column_names_its_month_where_the_week_or_the_month_begins_and_is_narrow_without_sessions(self):
        week = shown([session(1, date(2027, 3, 30)), session(2, date(2027, 4, 1))])
        assert [day.date for day in week.days] == ["29 Mar", "30", "31", "1 Apr", "2", "3", "4"]
        assert [day.free for day in week.days] == [True, False, True, False, True, True, True]

    def test_beside_a_session_it_is_told_that_it_has_begun_and_that_nobody_comes(self):
        one, starts = session(1, MONDAY), PROGRAMMES.bands["eve"].starts
        begins = datetime.combine(MONDAY, starts, NAMES.text.zone)

        def side(line: WeekSession, at: datetime):
            return side_of(line, [line], None, None, NAMES, Asked("/x"), at)

        before, at = (side(one, moment) for moment in (begins - timedelta(minutes=1), begins))
        assert (before.begun, at.begun) == (False, True)
        assert (before.person, at.person) == ("to be found", "nobody")
        sent = side(one.model_copy(update={"person_id": UUID(int=9)}), begins)
        without = side(session(2, None), datetime.combine(TODAY, time(), NAMES.text.zone))
        assert (sent.nobody, without.nobody, without.begun) == ("", "", False)
