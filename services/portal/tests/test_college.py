"""What a college's desk and the watch over dispatch show of what they are told. Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.programme import load
from contracts.values import Needs, Slot
from portal.boards.cards import OrderCard
from portal.boards.offers import OfferRow
from portal.boards.sessions import SessionRow
from portal.boards.story import Told as Fact
from portal.desks.college.away import Asked, asked_of
from portal.desks.college.form import Typed, form_of
from portal.desks.college.offers import Told, groups_of, lapsing, people_of
from portal.desks.college.people import rows_of
from portal.desks.college.seen import AwaySeen, BearingSeen, CouldComeSeen, LoadSeen, OfferSeen, PersonSeen
from portal.desks.college.week import monday_of, week_of
from portal.desks.signed import ReasonSeen
from portal.desks.watch.shown import SessionPeopleSeen, StandingSeen, gaps_of, next_of, outcomes_of
from portal.web.names import Names
from portal.web.text import Text

pytestmark = pytest.mark.rules
HERE = ZoneInfo("Asia/Shanghai")
NAMES = Names(
    Text("en", HERE), load(Path(__file__).parents[3] / "programmes"), {"smtc": "Sanming", "smu": "Other"}
)
NOW = datetime(2027, 4, 1, 1, tzinfo=UTC)
ELECTRICIAN = "6-31-01-03"


def id_(n: int) -> UUID:
    return UUID(int=n)


def a_slot(day: date = date(2027, 4, 12), hour: int = 9) -> Slot:
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=HERE)
    return Slot(day=day, band="am", starts_at=starts, ends_at=starts + timedelta(hours=3))


def an_offer(n: int = 1, **more) -> OfferSeen:
    told = {
        "assignment_id": id_(n), "order_id": id_(100), "session_id": id_(200 + n), "batch_id": None, "role": "lead",
        "college_id": "smtc", "person_id": id_(7), "slot": a_slot(), "division": "350428", "enterprise_id": "jinniu",
        "needs": Needs(occupation=ELECTRICIAN, level="L3"), "state": "offered", "open_call": False,
        "answer_by": NOW + timedelta(hours=24), "name_by": None, "step": 1, "linked": None,
    }  # fmt: skip
    return OfferSeen(**(told | more))


def told(**more) -> Told:
    return replace(Told(NAMES, {}, {}, {}, NOW), **more)


def a_person(**more) -> PersonSeen:
    known = {
        "person_id": id_(7), "college_id": "smtc", "name": "周海", "home": "350404",
        "qualifications": [{"occupation": ELECTRICIAN, "level": "L2", "valid_until": "2027-05-01"}],
        "most_sessions_day": 2, "most_sessions_week": 6, "fair_load": 20, "avoids": ["eve"], "prefers_divisions": [],
        "prefers_units": [], "most_evenings_week": 1, "away": [], "retired": False, "version": 3,
    }  # fmt: skip
    return PersonSeen(**(known | more))


class TestOffers:
    def test_a_row_says_what_it_puts_on_the_person_and_how_it_is_answered(self):
        bearings = {
            id_(1): BearingSeen(assignment_id=id_(1), person_id=id_(7), minutes=55, week=6, most_week=6)
        }
        ((row,),) = (group.rows for group in groups_of([an_offer()], told(bearings=bearings)))
        assert (row.week, row.most_week, row.tight, row.drive) == (6, 6, True, "55 min more driving that day")
        assert (row.ready, row.other, row.hours) == (True, "substitute", "09:00–12:00")

    @pytest.mark.parametrize(
        ("how", "ready", "other"),
        [
            ({"open_call": True, "person_id": None}, False, "accept"),
            ({"state": "taken", "name_by": NOW + timedelta(hours=9)}, False, "name"),
            ({"linked": id_(9)}, True, ""),
            ({"state": "volunteered"}, False, ""),
            ({"state": "firm"}, False, "substitute"),
        ],
    )
    def test_what_can_be_answered_follows_the_state(self, how, ready, other):
        (group,) = groups_of([an_offer(**how)], told())
        assert (group.rows[0].ready, group.rows[0].other) == (ready, other)

    def test_what_lapses_within_two_hours_is_told_the_nearest_first(self):
        offers = [an_offer(n, answer_by=NOW + timedelta(minutes=m)) for n, m in ((1, 119), (2, 121), (3, 30))]
        assert [at - NOW for at in lapsing(offers, NOW)] == [timedelta(minutes=30), timedelta(minutes=119)]

    @given(st.lists(st.tuples(st.integers(100, 104), st.integers(1, 90)), max_size=12))
    def test_every_offer_stands_once_under_its_order_by_the_nearest_deadline(self, given):
        offers = [an_offer(n, order_id=id_(order), answer_by=NOW + timedelta(hours=hours))
                  for n, (order, hours) in enumerate(given, start=1)]  # fmt: skip
        groups = groups_of(offers, told())
        assert sorted(row.id for group in groups for row in group.rows) == sorted(
            str(o.assignment_id) for o in offers
        )
        first = [min(o.answer_by for o in offers if str(o.order_id) == group.id) for group in groups]
        assert first == sorted(first)

    def test_who_can_come_and_every_rule_against_the_others(self):
        can = CouldComeSeen(person_id=id_(1), place=1, minutes=0, week=2, most_week=6, against=[])
        not_ = can.model_copy(
            update={"place": 0, "against": [ReasonSeen(code="load.day", figures={"most": 2})]}
        )
        best, barred = people_of([can, not_], NAMES)
        assert best[0].figures == "week 2/6 · no more driving that day"
        assert barred[0].against == ("full for the day",)


class TestWeek:
    def test_a_time_away_is_cut_into_days_and_a_session_has_its_place(self):
        away = AwaySeen(starts_at=datetime(2027, 4, 12, 14, tzinfo=HERE), ends_at=datetime(2027, 4, 14, 0, tzinfo=HERE),
                        reason="illness")  # fmt: skip
        (one,) = week_of([a_person(away=[away])], [an_offer(state="firm")], told(), date(2027, 4, 12))
        assert [[(b.hours, b.kind) for b in day.blocks] for day in one.days[:3]] == [
            [("09:00–12:00", "firm"), ("14:00–24:00", "away")], [("all day", "away")], [],
        ]  # fmt: skip
        assert (one.sessions, one.most, one.free) == (1, 6, False)

    def test_what_was_declined_or_is_another_week_is_not_there(self):
        offers = [an_offer(state="declined"), an_offer(2, slot=a_slot(date(2027, 4, 19)))]
        (one,) = week_of([a_person(), a_person(retired=True)], offers, told(), date(2027, 4, 12))
        assert (one.free, one.sessions) == (True, 0)

    @given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
    def test_a_week_begins_on_its_monday(self, day):
        assert monday_of(day).weekday() == 0
        assert timedelta() <= day - monday_of(day) < timedelta(days=7)

    def test_a_time_off_is_local_and_nothing_else_is_one(self):
        body = asked_of(Asked("2027-04-12T08:00", "2027-04-12T18:00", "time_off", "350404"), HERE)
        assert body["starts_at"] == "2027-04-12T08:00:00+08:00"
        assert (body["reason"], body["division"]) == ("time_off", "350404")
        assert asked_of(Asked("soon", "later"), HERE) is None


class TestOverdue:
    def test_what_is_past_its_deadline_is_not_ticked_to_be_accepted(self):
        late, soon = an_offer(1, answer_by=NOW - timedelta(minutes=1)), an_offer(2)
        rows = {row.id: row.ready for group in groups_of([late, soon], told()) for row in group.rows}
        assert rows == {str(id_(1)): False, str(id_(2)): True}


class TestPeople:
    def test_a_row_says_what_ends_and_the_load(self):
        load_ = LoadSeen(person_id=id_(7), sessions=3, firm=2, minutes=540, minutes_driven=80, evenings=1)
        (row,) = rows_of([a_person()], {id_(7): load_}, NAMES, date(2027, 4, 1))
        assert (row.held[0].kind, row.ends, row.load, row.hours) == ("amber", True, "3/20 sessions", "9 h")
        assert row.wishes == "rather not: evening; at most 1 evening a week"
        (later,) = rows_of([a_person()], {}, NAMES, date(2027, 5, 2))
        assert later.held[0].kind == "red"

    def test_the_form_of_somebody_says_the_same_again(self):
        form = form_of(a_person())
        assert form.body()["qualifications"] == [
            {"occupation": ELECTRICIAN, "level": "L2", "assessor": False, "valid_until": "2027-05-01"}
        ]
        assert form.shown()[-1] == ("", "", "teach", "")
        assert Typed(occupation=["", "x"], level=["L1"], does=[], until=[]).lines() == [("x", "", "", "")]


class TestWatch:
    def test_who_comes_next_is_the_best_of_the_others(self):
        people = [
            StandingSeen(person_id=id_(n), college_id="smu", place=p) for n, p in ((7, 1), (8, 2), (9, 0))
        ]
        seen = SessionPeopleSeen(session_id=id_(1), slot=a_slot(), free=2, people=people)
        assert next_of(seen, id_(7), NAMES) == "next: no. 000008 (Other), the only one left"
        assert next_of(seen.model_copy(update={"people": people[:1]}), id_(7), NAMES).startswith(
            "nobody else"
        )

    def test_of_every_session_that_was_freed_it_is_told_who_comes_or_that_nobody_can(self):
        def offer(n, session, state, person=7):
            return OfferRow(
                id_(n), id_(100), id_(session), college_id="smtc", person_id=id_(person), state=state
            )

        offers = [offer(1, 1, "released"), offer(2, 2, "released"), offer(3, 3, "released"), offer(4, 4, "released"),
                  offer(5, 1, "offered", 8), offer(6, 2, "accepted", 8), offer(8, 4, "declined", 8)]  # fmt: skip
        sessions = {
            id_(n): SessionRow(id_(n), id_(100), state="unstaffable" if n == 3 else "scheduled")
            for n in range(1, 5)
        }
        shown = outcomes_of([id_(n) for n in range(1, 5)], offers, sessions, NAMES)
        assert sorted(each.kind for each in shown) == ["amber", "blue", "green", "red"]

    def test_a_gap_says_the_newest_single_changes_that_would_help(self):
        session = SessionRow(id_(1), id_(100), state="unstaffable", unit="el5-safety")
        old, new = (
            Fact(n, id_(n), "instructor-dispatch", str(id_(100)), n, "session.unstaffable.v1", NOW, None, None,
                 {"session_id": str(id_(1)), "unlocks": [{"code": "unlock.quota_week",
                                                          "figures": {"college": "smtc", "most": most}}]})
            for n, most in ((1, 2), (2, 3))
        )  # fmt: skip
        card = OrderCard(id_(100), number="2027-0001")
        (gap,) = gaps_of([session], {id_(100): card}, [old, new], NAMES)
        assert gap.unlocks == ("Sanming sends 3 that week, one more than agreed",)
