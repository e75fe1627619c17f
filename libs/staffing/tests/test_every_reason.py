"""All that bars somebody, in the order in which it is asked for; once it is gone, nothing that it hid is left."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.values import Needs, Qualification
from staffing.can import (
    Agreement,
    Load,
    Person,
    Task,
    every_reason_against,
    in_the_way,
    rank_of_rule,
    reasons_against,
)
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import Span, at

DAY = date(2026, 9, 2)
WORKS = Place("350481", "bgzb")
TERMS = Agreement(date(2026, 1, 1), date(2026, 12, 31), sessions_total=100, sessions_week=10)
TEACHER = Person(UUID(int=1), "smtc", "350404", (Qualification(occupation="6-31-01-03", level="L2"),), 1, 3)
TASK = Needs(occupation="6-31-01-03", level="L3")


@st.composite
def things(draw):
    """Sessions, lessons and absences about the day, some over each other."""
    found = []
    for n in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(sorted(Kind)))
        start = at(DAY, draw(st.integers(-600, 1500)))
        place = draw(st.sampled_from([None, WORKS, Place("350404"), Place("350430")]))
        length = draw(st.integers(30, 500 if kind is Kind.ABSENCE else 200))
        found.append(
            Fixed(Span(start, start + length), kind, None if kind is Kind.ABSENCE else place, UUID(int=n))
        )
    return found


@given(
    fixed=things(), band=st.sampled_from(["am", "pm", "eve"]), online=st.booleans(), agreed=st.booleans(),
    level=st.sampled_from(["L4", "L3", "L1"]),
)  # fmt: skip
def test_every_reason_is_told_in_order_and_none_is_hidden(book, fixed, band, online, agreed, level):
    task = Task(TASK.model_copy(update={"level": level}), book.span(DAY, band), None if online else WORKS)
    load = Load(Diary(fixed), TERMS if agreed else None)
    told = every_reason_against(task, TEACHER, load, book)
    ranks = [rank_of_rule(reason.code) for reason in told]
    assert ranks == sorted(ranks)
    # the same answer as the one that searches get, and at least as much
    searched = reasons_against(task, TEACHER, load, book)
    assert bool(told) == bool(searched)
    assert all(reason in told for reason in searched)
    gone = {clash.other for clash in in_the_way(task, load.diary, book)}
    left = Load(Diary(thing for thing in fixed if thing not in gone), load.agreement)
    assert not in_the_way(task, left.diary, book)
    assert not any(
        r.code.startswith(("absence", "lesson", "session"))
        for r in reasons_against(task, TEACHER, left, book)
    )


def test_own_lessons_behind_an_absence_are_named_with_it(book):
    away = Fixed(Span(at(DAY), at(DAY + timedelta(days=1))), Kind.ABSENCE)
    lesson = Fixed(book.span(DAY, "am"), Kind.LESSON, Place("350404"))
    task = Task(TASK, book.span(DAY, "am"), WORKS)
    told = every_reason_against(task, TEACHER, Load(Diary([away, lesson]), TERMS), book)
    assert [reason.code for reason in told] == ["absence.overlaps", "lesson.overlaps"]
