"""A session on the timetable, and what is heard of who comes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.refusals import Refused
from contracts.scheduling import SchemeWithdrawn, SessionCancelled, SessionMoved, SessionScheduled
from contracts.values import Mode, Needs, Slot, because
from scheduling.sessions import rules
from scheduling.sessions.rules import Standing, State, Timetabled

from ..builders import accepted_by, declined_by, lapsed, offered, released, taken

pytestmark = pytest.mark.rules
WHY = because("order.amended", revision=1)
EVENING = datetime(2026, 9, 7, 10, 30, tzinfo=UTC)


def a_slot(starts_at: datetime = EVENING) -> Slot:
    return Slot(day=date(2026, 9, 7), band="eve", starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))


def a_row(**given) -> Timetabled:
    told = SessionScheduled(
        order_id=uuid4(), session_id=uuid4(), cohort_id=uuid4(), line=1, occupation="6-31-01-03", level="L5",
        position=1, unit="el5-safety", mode=Mode.ONSITE, class_hours=3,
        needs=Needs(occupation="6-31-01-03", level="L3"), enterprise_id="bgzb", division="350481",
        slot=a_slot(), proposed=uuid4(),
    )  # fmt: skip
    row = rules.scheduled(told, version=1)
    return Timetabled(**(vars(row) | given))


def moved(row: Timetabled) -> SessionMoved:
    later = a_slot(EVENING + timedelta(days=1))
    return rules.moved(row, later, because=WHY, proposed=uuid4(), reasons=())


class TestOwnFacts:
    def test_each_move_counts_and_tells_where_it_was(self):
        row = a_row()
        first = moved(row)
        row = rules.evolve(row, first)
        second = moved(row)
        assert (first.revision, second.revision) == (2, 3)
        assert second.was == first.slot
        assert (row.person_id, row.standing) == (first.proposed, Standing.PROPOSED)

    def test_only_what_is_ahead_is_cancelled_and_only_once(self):
        row = a_row()
        gone = rules.cancel(row, WHY)
        assert isinstance(gone, SessionCancelled)
        row = rules.evolve(row, gone)
        assert (row.state, row.person_id, row.reasons) == (State.CANCELLED, None, (WHY,))
        assert rules.cancel(row, WHY) is None
        assert rules.cancel(rules.opened(a_row()), WHY) is None

    def test_one_is_cancelled_by_hand_unless_it_is_the_last_or_over(self):
        row, other = a_row(), a_row()
        assert rules.cancel_one(row, [row, other], WHY).session_id == row.told.session_id
        gone = rules.evolve(other, rules.cancel_one(other, [row, other], WHY))
        with pytest.raises(Refused, match=r"session\.last_of_order"):
            rules.cancel_one(row, [row, gone], WHY)
        for over in (gone, rules.opened(a_row())):
            with pytest.raises(Refused, match=r"session\.not_ahead"):
                rules.cancel_one(over, [over, row], WHY)

    def test_a_missed_session_is_moved_or_cancelled(self):
        row = rules.missed(a_row(), a_slot())
        assert (row.state, row.person_id) == (State.MISSED, None)
        assert rules.evolve(row, moved(row)).state is State.SCHEDULED
        assert rules.cancel(row, WHY) is not None
        assert not rules.may_be_replanned(row, now=EVENING)

    def test_it_was_missed_only_where_it_stood_then(self):
        row = a_row()
        for other in (rules.opened(row), rules.evolve(row, moved(row)), replace(row, state=State.CANCELLED)):
            assert rules.missed(other, row.told.slot) == other

    def test_an_unplaced_session_keeps_what_was_tried_until_it_moves(self):
        row = a_row()
        row = rules.evolve(row, rules.unplaced(row, [WHY]))
        assert (row.state, row.person_id, row.reasons) == (State.UNPLACED, None, (WHY,))
        row = rules.evolve(row, moved(row))
        assert (row.state, row.reasons) == (State.SCHEDULED, ())

    def test_a_fact_about_something_else_is_refused(self):
        withdrawn = SchemeWithdrawn(order_id=uuid4(), version=1, reason=WHY)
        with pytest.raises(TypeError):
            rules.evolve(a_row(), withdrawn)

    def test_nothing_is_planned_again_that_is_over_held_asked_for_or_firm(self):
        before = EVENING - timedelta(minutes=1)
        assert rules.may_be_replanned(a_row(), now=before)
        assert not rules.may_be_replanned(a_row(), now=EVENING)
        assert not rules.may_be_replanned(a_row(standing=Standing.FIRM), now=before)
        assert not rules.may_be_replanned(a_row(standing=Standing.OFFERED), now=before)
        assert not rules.may_be_replanned(rules.opened(a_row()), now=before)


class TestWhoComes:
    def test_offered_then_firm(self):
        row, somebody, offer = a_row(), uuid4(), uuid4()
        row = rules.learn(row, offered(row.told, somebody, offer))
        assert (row.person_id, row.standing) == (somebody, Standing.OFFERED)
        row = rules.learn(row, accepted_by(row.told, somebody, offer))
        assert row.standing is Standing.FIRM

    def test_an_open_call_changes_nobody(self):
        row = a_row()
        assert rules.learn(row, offered(row.told, None, uuid4())) == row

    def test_who_declined_is_not_proposed_again(self):
        row, somebody = a_row(), uuid4()
        row = rules.learn(row, offered(row.told, somebody, uuid4()))
        row = rules.learn(row, declined_by(row.told, somebody, uuid4()))
        assert (row.person_id, row.standing, row.declined) == (None, None, {somebody})

    def test_a_lapse_frees_without_a_no(self):
        row, somebody = a_row(), uuid4()
        row = rules.learn(row, offered(row.told, somebody, uuid4()))
        row = rules.learn(row, lapsed(row.told, somebody, uuid4()))
        assert (row.person_id, row.declined) == (None, frozenset())

    def test_a_place_taken_whose_person_cannot_come_is_nobodys(self):
        row, somebody, offer = a_row(), uuid4(), uuid4()
        row = rules.learn(row, offered(row.told, somebody, offer))
        assert rules.learn(row, taken(row.told, somebody, offer)) == row
        gone = rules.learn(row, taken(row.told, None, offer))
        assert (gone.person_id, gone.standing, gone.declined) == (None, None, frozenset())
        assert rules.learn(gone, accepted_by(row.told, somebody, offer)).standing is Standing.FIRM

    def test_a_release_of_somebody_else_changes_nothing(self):
        row = a_row()
        row = rules.learn(row, accepted_by(row.told, uuid4(), uuid4()))
        assert rules.learn(row, released(row.told, uuid4(), uuid4())) == row
        assert rules.learn(row, released(row.told, row.person_id, uuid4())).person_id is None

    def test_a_promise_given_back_is_a_no(self):
        row, somebody = a_row(), uuid4()
        row = rules.learn(row, accepted_by(row.told, somebody, uuid4()))
        back = released(row.told, somebody, uuid4()).model_copy(
            update={"reason": because("decline.timetable")}
        )
        row = rules.learn(row, back)
        assert (row.person_id, row.standing, row.declined) == (None, None, {somebody})

    def test_an_offer_to_another_does_not_unseat_who_is_firm(self):
        row = a_row()
        row = rules.learn(row, accepted_by(row.told, uuid4(), uuid4()))
        assert rules.learn(row, offered(row.told, uuid4(), uuid4())) == row

    def test_when_dispatch_finds_nobody_all_who_declined_are_remembered(self):
        row, somebody = a_row(), uuid4()
        row = rules.nobody_comes(row, [somebody])
        assert (row.person_id, row.declined) == (None, {somebody})
