from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from contracts.values import Needs, Qualification, Role
from staffing.can import Agreement, Load, Person, Task, first_reason_against, reasons_against
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import Span, at, week_of

DAY = date(2026, 9, 2)
WORKS = Place("350481", "bgzb")
TERMS = Agreement(date(2026, 1, 1), date(2026, 12, 31), sessions_total=100, sessions_week=10)
TEACHER = Person(UUID(int=1), "smtc", "350404", (Qualification(occupation="6-31-01-03", level="L2"),), 2, 3)


def a_task(book, band="am", place=WORKS, day=DAY, **more):
    return Task(Needs(occupation="6-31-01-03", level="L3"), book.span(day, band), place, **more)


def codes(book, task, *things, person=TEACHER, terms=TERMS):
    return [r.code for r in reasons_against(task, person, Load(Diary(things), terms), book)]


def held(book, band, day=DAY, place=WORKS, n=9):
    return Fixed(book.span(day, band), Kind.SESSION, place, UUID(int=n))


class TestWhoCanCome:
    def test_a_free_and_qualified_teacher_can(self, book):
        assert codes(book, a_task(book)) == []
        assert first_reason_against(a_task(book), TEACHER, Load(Diary(), TERMS), book) is None

    def test_who_declined_is_not_asked_again(self, book):
        assert codes(book, a_task(book, declined=frozenset({TEACHER.person_id}))) == ["offer.declined_before"]

    def test_who_did_not_answer_is_not_asked_again_for_the_same_and_that_is_no_no(self, book):
        silent = frozenset({TEACHER.person_id})
        assert codes(book, a_task(book, lapsed=silent)) == ["offer.lapsed_before"]
        assert codes(book, a_task(book, lapsed=silent, declined=silent)) == ["offer.declined_before"]

    def test_own_lessons_count_with_the_drive(self, book):
        until_nine = Fixed(Span(at(DAY, 480), at(DAY, 540)), Kind.LESSON, Place("350404"))
        assert codes(book, a_task(book), until_nine) == ["lesson.overlaps"]
        until_one = Fixed(Span(at(DAY, 720), at(DAY, 800)), Kind.LESSON, Place("350404"))
        found = reasons_against(a_task(book, "pm"), TEACHER, Load(Diary([until_one]), TERMS), book)
        assert [(r.code, r.figures) for r in found] == [
            ("lesson.no_time_to_drive", {"minutes": 79, "gap": 70})
        ]

    def test_who_is_away_cannot_come_even_online(self, book):
        away = Fixed(Span(at(DAY), at(DAY + timedelta(days=1))), Kind.ABSENCE)
        assert codes(book, a_task(book, place=None), away) == ["absence.overlaps"]

    def test_home_is_left_after_half_past_five_and_reached_before_half_past_eleven(self, book):
        far = replace(TEACHER, home="350430")
        early = Task(Needs(occupation="6-31-01-03", level="L3"), Span(at(DAY, 420), at(DAY, 480)), WORKS)
        late = Task(Needs(occupation="6-31-01-03", level="L3"), Span(at(DAY, 1200), at(DAY, 1300)), WORKS)
        assert codes(book, early, person=far) == ["home.leaves_too_early"]
        assert codes(book, late, person=far) == ["home.back_too_late"]
        assert codes(book, replace(late, place=None), person=far) == []

    def test_most_sessions_a_day_and_a_week(self, book):
        two = (held(book, "am", n=2), held(book, "pm", n=3))
        assert codes(book, a_task(book, "eve"), *two) == ["load.day"]
        monday = DAY - timedelta(days=DAY.weekday())
        week = [held(book, "am", monday + timedelta(days=d), n=d + 2) for d in (0, 1, 4)]
        assert codes(book, a_task(book), *week) == ["load.week"]
        assert codes(book, a_task(book, day=DAY + timedelta(days=7)), *week) == []

    def test_the_colleges_agreement(self, book):
        assert codes(book, a_task(book), terms=None) == ["college.no_agreement"]
        assert codes(book, a_task(book), terms=replace(TERMS, valid_until=date(2026, 9, 1))) == [
            "college.no_agreement"
        ]
        full = replace(TERMS, held_total=100, held_week={week_of(DAY): 10})
        assert codes(book, a_task(book), terms=full) == ["college.quota_total", "college.quota_week"]

    def test_an_assessor_is_asked_for_the_card_and_whom_he_taught(self, book):
        task = a_task(book, role=Role.ASSESSOR, taught_by=frozenset({TEACHER.person_id}))
        assert codes(book, task) == ["assessor.taught_cohort", "assessor.no_card"]

    def test_every_reason_is_told_at_once(self, book):
        away = Fixed(Span(at(DAY), at(DAY + timedelta(days=1))), Kind.ABSENCE)
        nobody = replace(TEACHER, qualifications=())
        assert codes(book, a_task(book), away, person=nobody, terms=None) == [
            "qualification.missing",
            "college.no_agreement",
            "absence.overlaps",
        ]
