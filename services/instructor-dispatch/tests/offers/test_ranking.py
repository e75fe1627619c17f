"""Who is next best, and why: pure."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from contracts.values import Needs, Qualification, Role
from instructor_dispatch.offers.ranking import Candidate, Field, best_swap, could_come_without, rank
from instructor_dispatch.offers.rules import Duty, answer_by
from staffing.can import Agreement, Load, Person, Task
from staffing.diary import Diary, Fixed, Kind, Place

pytestmark = pytest.mark.rules
DAY = date(2027, 3, 1)
NEEDS = Needs(occupation="6-31-01-03", level="L3")
AGREEMENT = Agreement(date(2027, 1, 1), date(2027, 12, 31), 100, 50)


def candidate(number: int, *, home="350404", level="L2", sessions=0, things=(), held=0, target=10, **more):
    person = Person(
        UUID(int=number),
        "smtc",
        home,
        (Qualification(occupation="6-31-01-03", level=level),),
        **{key: more.pop(key) for key in ("most_sessions_day", "avoids", "fair_load") if key in more},
    )
    return Candidate(
        person, Load(Diary(things), replace(AGREEMENT, held_total=held)), sessions, target, **more
    )


def field_of(book, *candidates, proposed=None, band="pm", **more):
    """All of these might come to one session on the day."""
    slot = book.slot(DAY, band)
    duty = Duty(
        uuid4(), uuid4(), Role.LEAD, NEEDS, slot, "350404", "jinniu",
        proposed=UUID(int=proposed) if proposed else None,
    )  # fmt: skip
    task = Task(NEEDS, book.span_of(slot), Place("350404", "jinniu"))
    return Field(duty, task, tuple(candidates), book, **more)


@pytest.fixture
def field(book):
    return partial(field_of, book)


def order(field):
    return [each.person_id.int for each in rank(field).choices]


class TestRank:
    def test_the_proposed_person_comes_first_if_he_can(self, field):
        assert order(field(candidate(1), candidate(2, home="350424"), proposed=2)) == [2, 1]
        assert order(field(candidate(1), candidate(2, level="L5"), proposed=2)) == [1]

    def test_less_driving_comes_first(self, field):
        assert order(field(candidate(1, home="350424"), candidate(2, home="350405"), candidate(3))) == [
            3,
            2,
            1,
        ]

    def test_a_preference_outranks_any_driving(self, field):
        avoids = candidate(1, avoids=frozenset({"pm"}))
        assert order(field(avoids, candidate(2, home="350424"))) == [2, 1]

    def test_who_teaches_the_unit_goes_on_teaching_it(self, field):
        knows = candidate(2, home="350424", teaches_unit=True)
        assert order(field(candidate(1), knows, unit_has_teacher=True)) == [2, 1]

    def test_who_has_more_than_a_fair_share_comes_later(self, field):
        assert order(field(candidate(1, sessions=5, fair_load=5), candidate(2, sessions=4, fair_load=5))) == [
            2,
            1,
        ]

    def test_a_college_below_its_target_comes_first(self, field):
        assert order(field(candidate(1, held=10), candidate(2, held=9))) == [2, 1]

    def test_among_equals_who_has_least(self, field):
        assert order(field(candidate(1, sessions=3), candidate(2, sessions=1), candidate(3, sessions=2))) == [
            2,
            3,
            1,
        ]

    def test_the_order_of_the_list_does_not_matter(self, field):
        many = [candidate(n, sessions=n % 3, home=("350404", "350405")[n % 2]) for n in range(1, 9)]
        assert order(field(*many)) == order(field(*reversed(many)))

    def test_driving_counts_what_is_added_to_the_day(self, field, book):
        there = Fixed(book.span(DAY, "am"), Kind.SESSION, Place("350404", "jinniu"), uuid4())
        ranking = rank(field(candidate(1, home="350424", things=(there,))))
        assert ranking.choices[0].minutes == 0

    def test_reasons_say_how_many_could_come_and_what_barred_the_others(self, field):
        ranking = rank(field(candidate(1), candidate(2, home="350405"), candidate(3, level="L5")))
        chosen, ahead, barred = ranking.reasons_for(ranking.choices[0])
        assert (chosen.code, chosen.figures["qualified"], chosen.figures["free"]) == ("dispatch.chosen", 2, 2)
        assert ahead.code == "dispatch.ahead_of_next"
        assert ahead.figures["minutes"] > 0
        assert (barred.code, barred.figures) == ("qualification.too_low", {"people": 1})


class TestCouldComeWithout:
    def test_only_who_is_kept_by_his_other_sessions(self, field, book):
        other = Fixed(book.span(DAY, "am"), Kind.SESSION, Place("350404", "jinniu"), uuid4())
        bound = candidate(1, things=(other,), most_sessions_day=1)
        low = candidate(2, level="L5", things=(other,), most_sessions_day=1)
        found = could_come_without(field(bound, low))
        assert [(each.comes.person_id.int, each.gives_up) for each in found] == [(1, other)]

    def test_at_a_full_quota_what_is_given_up_counts_for_the_college_no_more(self, field, book):
        other = Fixed(book.span(DAY, "am"), Kind.SESSION, Place("350404", "jinniu"), uuid4())
        full = field(candidate(1, things=(other,), held=100))
        (opening,) = could_come_without(full)
        assert opening.at_full_quota
        assert could_come_without(field(candidate(1, things=(other,), held=101))) == []
        own, elsewhere = (
            replace(opening.comes, person_id=UUID(int=n), college_id=c) for n, c in ((2, "smtc"), (3, "smu"))
        )
        assert best_swap([opening], lambda _: [own]) is None
        swap = best_swap([opening], lambda _: [own, elsewhere])
        assert swap is not None
        assert swap.instead == elsewhere
        with_room = replace(opening, at_full_quota=False)
        assert best_swap([with_room], lambda _: [own]) is not None


class TestAnswerBy:
    def test_so_many_hours_but_an_hour_before_it_begins(self, book):
        starts = book.slot(DAY, "pm").starts_at
        assert answer_by(24, now=starts - timedelta(days=9), starts_at=starts) == starts - timedelta(days=8)
        assert answer_by(24, now=starts - timedelta(hours=9), starts_at=starts) == starts - timedelta(hours=1)

    def test_in_the_last_hour_half_of_what_is_left(self, book):
        starts = book.slot(DAY, "pm").starts_at
        assert answer_by(24, now=starts - timedelta(minutes=30), starts_at=starts) == starts - timedelta(
            minutes=15
        )
