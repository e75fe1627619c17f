from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import because
from evaluation.delivery import rules
from evaluation.delivery.rules import Delivery, State, Taken

from .. import builders as a

pytestmark = pytest.mark.rules
LEAD = UUID(int=7)
COHORT = [a.a_worker(n) for n in range(4)]
WHY = because("attendance.paper_list")


def an_open_session(**given):
    return a.a_session(**({"state": State.OPEN, "opened_by": LEAD} | given))


def a_closed_session(present: int = 3):
    session = an_open_session()
    signed = {each: a.an_act(each) for each in COHORT[:present]}
    return rules.evolve(session, close(session, signed))


def close(session, signed):
    return rules.close(session, COHORT, signed, person=LEAD, at=session.slot.ends_at, class_hour_minutes=45)


class TestOpenSession:
    def test_the_firm_lead_opens_it_on_its_day(self):
        session = a.a_session()
        opened = rules.open_session(session, person=LEAD, today=a.MONDAY, at=session.slot.starts_at)
        assert rules.evolve(session, opened).state is State.OPEN
        assert opened.person_id == LEAD

    def test_nobody_else_opens_it(self):
        for person in (UUID(int=8), None):
            with pytest.raises(NotAllowed, match=r"session\.another_lead"):
                rules.open_session(a.a_session(), person=person, today=a.MONDAY, at=a.a_slot().starts_at)

    def test_a_session_without_firm_lead_is_not_opened(self):
        with pytest.raises(Refused, match=r"session\.no_lead"):
            rules.open_session(a.a_session(lead=None), person=None, today=a.MONDAY, at=a.a_slot().starts_at)

    def test_it_is_not_opened_the_evening_before(self):
        with pytest.raises(Refused, match=r"session\.not_yet"):
            rules.open_session(
                a.a_session(), person=LEAD, today=a.MONDAY - timedelta(days=1), at=a.a_slot().starts_at
            )

    @pytest.mark.parametrize("state", [state for state in State if state is not State.PLANNED])
    def test_it_is_opened_once(self, state):
        with pytest.raises(Refused, match=r"session\.not_planned"):
            rules.open_session(a.a_session(state=state), person=LEAD, today=a.MONDAY, at=a.a_slot().starts_at)


class TestSignIn:
    def test_a_worker_of_the_cohort_signs_in_once(self):
        session, act = an_open_session(), a.an_act(COHORT[0])
        assert rules.sign_in(session, COHORT, {}, act).outcome is Taken.TAKEN
        assert rules.sign_in(session, COHORT, {COHORT[0]: act}, act).outcome is Taken.ALREADY
        second = a.an_act(COHORT[0])
        assert rules.sign_in(session, COHORT, {COHORT[0]: act}, second).outcome is Taken.ALREADY

    def test_a_worker_of_another_cohort_is_refused(self):
        answer = rules.sign_in(an_open_session(), COHORT, {}, a.an_act(a.a_worker(99)))
        assert (answer.outcome, answer.reason) == (Taken.REFUSED, "sign_in.another_cohort")

    def test_after_closing_a_new_act_is_refused_and_a_known_one_is_already_there(self):
        session, act = a.a_session(state=State.CLOSED), a.an_act(COHORT[0])
        late = rules.sign_in(session, COHORT, {COHORT[0]: act}, a.an_act(COHORT[1]))
        assert (late.outcome, late.reason) == (Taken.REFUSED, "sign_in.closed")
        assert rules.sign_in(session, COHORT, {COHORT[0]: act}, act).outcome is Taken.ALREADY

    def test_an_act_from_after_the_session_is_refused(self):
        answer = rules.sign_in(an_open_session(), COHORT, {}, a.an_act(COHORT[0], a.a_slot().ends_at))
        assert (answer.outcome, answer.reason) == (Taken.REFUSED, "sign_in.after_end")

    def test_the_act_of_another_worker_is_refused(self):
        first = a.an_act(COHORT[0])
        answer = rules.sign_in(
            an_open_session(), COHORT, {COHORT[0]: first}, a.an_act(COHORT[1], act_id=first.act_id)
        )
        assert (answer.outcome, answer.reason) == (Taken.REFUSED, "sign_in.act_of_another")


class TestClose:
    def test_who_signed_in_attended_and_the_rest_was_absent(self):
        session = an_open_session()
        closed = close(session, {each: a.an_act(each) for each in COHORT[:3]})
        assert {each.worker_id for each in closed.attended} == set(COHORT[:3])
        assert closed.absent == 1
        assert [each.minutes for each in closed.attended] == [180, 180, 180]

    def test_minutes_that_somebody_came_late_do_not_count(self):
        late = a.an_act(COHORT[0], a.a_slot().starts_at + timedelta(minutes=25, seconds=59))
        early = a.an_act(COHORT[1], a.a_slot().starts_at - timedelta(minutes=10))
        minutes = {
            each.worker_id: each.minutes
            for each in close(an_open_session(), {COHORT[0]: late, COHORT[1]: early}).attended
        }
        assert minutes == {COHORT[0]: 155, COHORT[1]: 180}

    def test_it_is_not_closed_before_it_began_nor_twice_nor_by_another(self):
        session = an_open_session()
        with pytest.raises(Refused, match=r"session\.not_begun"):
            rules.close(
                session,
                COHORT,
                {},
                person=LEAD,
                at=session.slot.starts_at - timedelta(minutes=1),
                class_hour_minutes=45,
            )
        with pytest.raises(Refused, match=r"session\.not_open"):
            close(a_closed_session(), {})
        with pytest.raises(NotAllowed, match=r"session\.another_lead"):
            rules.close(session, COHORT, {}, person=uuid4(), at=session.slot.ends_at, class_hour_minutes=45)

    def test_who_opened_it_closes_it_though_the_assignment_went_to_another(self):
        session = replace(an_open_session(), lead=uuid4())
        assert close(session, {}).person_id == LEAD


class TestConfirmAndDispute:
    def test_a_disputed_session_is_confirmed_after_all(self):
        session = a_closed_session()
        disputed = rules.evolve(session, rules.dispute(session, because("session.too_few")))
        assert disputed.state is State.DISPUTED
        assert rules.confirm(disputed).person_times == 3

    def test_an_open_session_is_neither_confirmed_nor_disputed(self):
        with pytest.raises(Refused, match=r"session\.not_closed"):
            rules.confirm(an_open_session())
        with pytest.raises(Refused, match=r"session\.not_closed"):
            rules.dispute(an_open_session(), WHY)

    def test_a_confirmed_session_is_not_disputed(self):
        session = a_closed_session()
        with pytest.raises(Refused, match=r"session\.not_closed"):
            rules.dispute(rules.evolve(session, rules.confirm(session)), WHY)


class TestCorrection:
    def correct(self, session, worker, minutes, *, delivered=False):
        return rules.correct(
            session,
            COHORT,
            delivered=delivered,
            worker_id=worker,
            minutes=minutes,
            act_id=uuid4(),
            reason=WHY,
            class_hour_minutes=45,
        )

    def test_an_absent_worker_was_there_after_all(self):
        session = a_closed_session(3)
        after = rules.evolve(session, self.correct(session, COHORT[3], 180))
        assert (len(after.attended), after.absent) == (4, 0)

    def test_minutes_zero_takes_an_entry_back(self):
        session = a_closed_session(3)
        after = rules.evolve(session, self.correct(session, COHORT[0], 0))
        assert (len(after.attended), after.absent) == (2, 2)

    def test_what_is_so_already_changes_nothing(self):
        session = a_closed_session(3)
        assert self.correct(session, COHORT[0], 180) is None
        assert self.correct(session, COHORT[3], 0) is None

    def test_it_is_refused_for_strangers_too_many_minutes_and_after_the_delivery(self):
        session = a_closed_session(3)
        with pytest.raises(Invalid, match=r"attendance\.another_cohort"):
            self.correct(session, uuid4(), 10)
        with pytest.raises(Invalid, match=r"attendance\.too_long"):
            self.correct(session, COHORT[0], 181)
        with pytest.raises(Refused, match=r"delivery\.completed_already"):
            self.correct(session, COHORT[0], 10, delivered=True)
        with pytest.raises(Refused, match=r"session\.not_closed"):
            self.correct(an_open_session(), COHORT[0], 10)


class TestDelivery:
    def confirmed(self, present):
        session = a_closed_session(present)
        return rules.evolve(session, rules.confirm(session))

    def test_heads_and_person_times_are_kept_apart(self):
        completed = rules.complete(
            Delivery(uuid4(), promised=2, arrived=2), [self.confirmed(3), self.confirmed(2)]
        )
        assert completed is not None
        assert (completed.sessions, completed.heads, completed.person_times) == (2, 3, 5)
        assert completed.class_hours == 8

    def test_cancelled_sessions_are_not_waited_for(self):
        sessions = [self.confirmed(3), a.a_session(state=State.CANCELLED)]
        completed = rules.complete(Delivery(uuid4(), promised=2, arrived=2), sessions)
        assert completed is not None
        assert completed.sessions == 1

    def test_it_is_not_complete_before_all_are_told_and_confirmed(self):
        delivery = Delivery(uuid4(), promised=2, arrived=1)
        assert rules.complete(delivery, [self.confirmed(3)]) is None
        assert rules.complete(replace(delivery, arrived=2), [self.confirmed(3), a_closed_session()]) is None
        assert rules.complete(Delivery(uuid4()), []) is None

    def test_it_is_completed_once(self):
        delivery = Delivery(uuid4(), promised=1, arrived=1, completed=True)
        assert rules.complete(delivery, [self.confirmed(3)]) is None
