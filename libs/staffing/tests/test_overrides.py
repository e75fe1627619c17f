"""Rules put aside: only those that can be, only for what is named, only until the day."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.values import Qualification, Role
from staffing.can import Agreement, Load, reasons_against
from staffing.diary import Diary, Fixed, Kind
from staffing.moments import Span, at
from staffing.overrides import WAIVABLE, Waiver, waived

from .test_can import DAY, TEACHER, TERMS, a_task, held

HOLIDAY = date(2026, 10, 1)
ALL = frozenset(WAIVABLE) | {
    "session.overlaps",
    "session.no_time_to_drive",
    "absence.overlaps",
    "lesson.overlaps",
}


def codes(book, task, *things, person=TEACHER, terms=TERMS, aside=ALL):
    return [r.code for r in reasons_against(task, person, Load(Diary(things), terms, frozenset(aside)), book)]


class TestPutAside:
    def test_a_job_on_a_public_holiday_is_refused_unless_it_is(self, book):
        task = a_task(book, day=HOLIDAY)
        assert codes(book, task, aside=()) == ["slot.closed_day"]
        assert codes(book, task, aside={"slot.closed_day"}) == []
        assert codes(book, task, aside={"load.week"}) == ["slot.closed_day"]

    def test_load_home_and_quota(self, book):
        full = replace(TERMS, held_total=100)
        three = replace(TEACHER, most_sessions_day=1, most_sessions_week=1, home="350430")
        assert codes(book, a_task(book), held(book, "eve"), person=three, terms=full, aside=()) != []
        assert codes(book, a_task(book), held(book, "eve"), person=three, terms=full) == []

    def test_without_an_agreement_nobody_comes(self, book):
        assert codes(book, a_task(book), terms=None) == ["college.no_agreement"]

    def test_one_level_lower_and_still_valid(self, book):
        def holding(level, **more):
            return replace(
                TEACHER, qualifications=(Qualification(occupation="6-31-01-03", level=level, **more),)
            )

        assert codes(book, a_task(book), person=holding("L4")) == []
        assert codes(book, a_task(book), person=holding("L5")) == ["qualification.too_low"]
        over = holding("L4", valid_until=DAY - timedelta(days=1))
        assert codes(book, a_task(book), person=over) == ["qualification.expired"]

    def test_an_assessors_level_never(self, book):
        card = Qualification(occupation="6-31-01-03", level="L4", assessor=True)
        task = a_task(book, role=Role.ASSESSOR)
        assert codes(book, task, person=replace(TEACHER, qualifications=(card,))) == ["qualification.too_low"]


@given(st.integers(0, 95), st.integers(1, 20), st.sampled_from(list(Kind)))
@settings(max_examples=200, deadline=None)
def test_nothing_lets_a_person_be_in_two_places(book, start, length, kind):
    other = Fixed(Span(at(DAY, 15 * start), at(DAY, 15 * (start + length))), kind, None, UUID(int=3))
    task = a_task(book)
    overlaps = other.span.start < task.span.end and task.span.start < other.span.end
    assert (f"{kind}.overlaps" in codes(book, task, other)) is overlaps


def test_an_override_holds_for_what_it_names_until_its_day():
    duty, person = UUID(int=1), UUID(int=2)
    both = Waiver("load.week", DAY, duty, person)
    assert waived([both], duty, DAY, person) == {"load.week"}
    assert waived([both], duty, DAY + timedelta(days=1), person) == set()
    assert waived([both], UUID(int=9), DAY, person) == set()
    assert waived([both], duty, DAY, UUID(int=9)) == set()
    anybody = Waiver("slot.closed_day", DAY, duty)
    assert waived([anybody], duty, DAY, person) == waived([anybody], duty, DAY, None) == {"slot.closed_day"}


def test_a_person_whose_agreement_is_over_is_no_exception(book):
    over = Agreement(date(2025, 1, 1), date(2025, 12, 31), 10, 10)
    assert codes(book, a_task(book), terms=over) == ["college.no_agreement"]
