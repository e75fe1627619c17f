from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import because
from evaluation.delivery import acts, corrections, rules
from evaluation.delivery.acts import Taken
from evaluation.delivery.session import AHEAD, Confirmed, Delivery, State, evolve

from .. import builders as a

pytestmark = pytest.mark.rules
LEAD = UUID(int=7)
COHORT = [a.a_worker(n) for n in range(4)]
WHY = because("attendance.paper_list")
STANDS = because("attendance.record_right")
AGAINST = because("session.attendance_wrong")
LIMITS = a.the_programmes().rules.delivery
MINUTE = timedelta(minutes=1)


def an_open_session(**given):
    return a.a_session(**({"state": State.OPEN, "opened_by": LEAD} | given))


def a_closed_session(present: int = 3):
    session = an_open_session()
    signed = {each: a.an_act(each) for each in COHORT[:present]}
    return evolve(session, close(session, signed))


def close(session, signed, *, person=LEAD, at=None, union=False):
    return rules.close(
        session,
        COHORT,
        signed,
        person=person,
        at=at or session.slot.ends_at,
        limits=LIMITS,
        class_hour_minutes=45,
        union=union,
    )


def open_session(session, *, person=LEAD, today=a.MONDAY, at=None):
    return rules.open_session(
        session, person=person, today=today, at=at or session.slot.starts_at, limits=LIMITS
    )


def sign_in(session, signed, act, *, at=None):
    """As it is sent a moment after it was made, unless told otherwise."""
    return acts.sign_in(session, COHORT, signed, act, at=at or act.at, limits=LIMITS)


def refusal(answer):
    return answer.outcome, answer.reason, answer.figures


class TestOpenSession:
    def test_the_firm_lead_opens_it_on_its_day(self):
        session = a.a_session()
        opened = open_session(session)
        assert evolve(session, opened).state is State.OPEN
        assert opened.person_id == LEAD

    def test_nobody_else_opens_it(self):
        for person in (UUID(int=8), None):
            with pytest.raises(NotAllowed, match=r"session\.another_lead"):
                open_session(a.a_session(), person=person)

    def test_a_session_without_firm_lead_is_not_opened(self):
        with pytest.raises(Refused, match=r"session\.no_lead"):
            open_session(a.a_session(lead=None), person=None)

    def test_it_is_not_opened_the_evening_before(self):
        with pytest.raises(Refused, match=r"session\.not_yet"):
            open_session(a.a_session(), today=a.MONDAY - timedelta(days=1))

    @pytest.mark.parametrize("state", [state for state in State if state not in AHEAD])
    def test_it_is_opened_once(self, state):
        with pytest.raises(Refused, match=r"session\.not_planned"):
            open_session(a.a_session(state=state))

    def test_a_phone_without_a_network_opens_it_afterwards_but_not_days_later(self):
        session = a.a_session()
        until = session.slot.ends_at + timedelta(hours=48)
        late = a.MONDAY + timedelta(days=2)
        assert open_session(session, today=late, at=until - MINUTE).opened_at == until - MINUTE
        with pytest.raises(Refused) as refused:
            open_session(session, today=late, at=until)
        assert refused.value.code == "session.too_late_to_open"
        assert refused.value.parameters == {"until": "2027-03-10T11:45+08:00"}

    def test_what_was_missed_is_not_opened_whatever_the_clock_says(self):
        with pytest.raises(Refused, match=r"session\.too_late_to_open"):
            open_session(a.a_session(state=State.MISSED))


class TestMissed:
    def test_a_session_that_nobody_opened_in_time_was_missed(self):
        session = a.a_session()
        until = session.slot.ends_at + timedelta(hours=48)
        assert rules.miss(session, at=until - MINUTE, limits=LIMITS) is None
        missed = rules.miss(session, at=until, limits=LIMITS)
        assert missed is not None
        assert (missed.slot, missed.opening_until, missed.person_id) == (session.slot, until, LEAD)
        assert evolve(session, missed).state is State.MISSED

    def test_that_nobody_was_to_lead_it_is_said_too(self):
        session = a.a_session(lead=None)
        missed = rules.miss(session, at=session.slot.ends_at + timedelta(days=9), limits=LIMITS)
        assert missed is not None
        assert missed.person_id is None

    @pytest.mark.parametrize("state", [state for state in State if state is not State.PLANNED])
    def test_what_was_opened_or_cancelled_is_not_missed_and_nothing_twice(self, state):
        session = a.a_session(state=state)
        late = session.slot.ends_at + timedelta(days=9)
        assert rules.miss(session, at=late, limits=LIMITS) is None


class TestSignIn:
    def test_a_worker_of_the_cohort_signs_in_once(self):
        session, act = an_open_session(), a.an_act(COHORT[0])
        assert sign_in(session, {}, act).outcome is Taken.TAKEN
        assert sign_in(session, {COHORT[0]: act}, act).outcome is Taken.ALREADY
        second = a.an_act(COHORT[0])
        assert sign_in(session, {COHORT[0]: act}, second).outcome is Taken.ALREADY

    def test_a_worker_of_another_cohort_is_refused(self):
        answer = sign_in(an_open_session(), {}, a.an_act(a.a_worker(99)))
        assert (answer.outcome, answer.reason) == (Taken.REFUSED, "sign_in.another_cohort")

    def test_after_closing_a_new_act_is_refused_and_a_known_one_is_already_there(self):
        session, act = a.a_session(state=State.CLOSED), a.an_act(COHORT[0])
        late = sign_in(session, {COHORT[0]: act}, a.an_act(COHORT[1]))
        assert (late.outcome, late.reason) == (Taken.REFUSED, "sign_in.closed")
        assert sign_in(session, {COHORT[0]: act}, act).outcome is Taken.ALREADY

    @pytest.mark.parametrize("state", sorted(AHEAD))
    def test_nobody_signs_in_to_what_was_never_opened(self, state):
        answer = sign_in(a.a_session(state=state), {}, a.an_act(COHORT[0]))
        assert (answer.outcome, answer.reason) == (Taken.REFUSED, "sign_in.not_open")

    def test_an_act_from_after_the_session_is_refused(self):
        answer = sign_in(an_open_session(), {}, a.an_act(COHORT[0], a.a_slot().ends_at))
        assert (answer.outcome, answer.reason) == (Taken.REFUSED, "sign_in.after_end")

    def test_an_act_from_long_before_the_session_is_refused_with_when_it_begins(self):
        session = an_open_session()
        opens_at = session.slot.starts_at - timedelta(minutes=60)
        assert sign_in(session, {}, a.an_act(COHORT[0], opens_at)).outcome is Taken.TAKEN
        assert refusal(sign_in(session, {}, a.an_act(COHORT[0], opens_at - MINUTE))) == (
            Taken.REFUSED,
            "sign_in.too_early",
            {"opens_at": "2027-03-08T07:30+08:00"},
        )

    def test_a_phone_may_be_ahead_by_minutes_but_not_by_more(self):
        session = an_open_session()
        act = a.an_act(COHORT[0], session.slot.starts_at + timedelta(minutes=30))
        assert sign_in(session, {}, act, at=act.at - timedelta(minutes=10)).outcome is Taken.TAKEN
        assert refusal(sign_in(session, {}, act, at=act.at - timedelta(minutes=12, seconds=30))) == (
            Taken.REFUSED,
            "sign_in.clock_ahead",
            {"minutes": 12},
        )

    def test_an_act_made_without_a_network_counts_however_late_it_is_sent(self):
        session = an_open_session()
        sent = session.slot.ends_at + timedelta(hours=40)
        assert sign_in(session, {}, a.an_act(COHORT[0]), at=sent).outcome is Taken.TAKEN

    def test_the_act_of_another_worker_is_refused(self):
        first = a.an_act(COHORT[0])
        answer = sign_in(an_open_session(), {COHORT[0]: first}, a.an_act(COHORT[1], act_id=first.act_id))
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
        assert minutes == {COHORT[0]: 154, COHORT[1]: 180}

    def test_it_is_closed_at_its_end_or_minutes_before(self):
        session = an_open_session()
        closes_from = session.slot.ends_at - timedelta(minutes=10)
        assert close(session, {}, at=closes_from).closed_at == closes_from
        for early in (session.slot.starts_at - MINUTE, session.slot.starts_at, closes_from - MINUTE):
            with pytest.raises(Refused) as refused:
                close(session, {}, at=early)
            assert refused.value.code == "session.not_over"
            assert refused.value.parameters == {"closes_from": "2027-03-08T11:35+08:00"}

    def test_it_is_closed_neither_twice_nor_by_another(self):
        with pytest.raises(Refused, match=r"session\.not_open"):
            close(a_closed_session(), {})
        with pytest.raises(NotAllowed, match=r"session\.another_lead"):
            close(an_open_session(), {}, person=uuid4())

    def test_who_opened_it_closes_it_though_the_assignment_went_to_another(self):
        session = replace(an_open_session(), lead=uuid4())
        assert close(session, {}).person_id == LEAD


class TestConfirmAndDispute:
    def test_a_disputed_session_is_confirmed_after_all(self):
        session = a_closed_session()
        disputed = evolve(session, rules.dispute(session, AGAINST, LIMITS))
        assert disputed.state is State.DISPUTED
        assert rules.confirm(disputed).person_times == 3

    def test_an_open_session_is_neither_confirmed_nor_disputed(self):
        with pytest.raises(Refused, match=r"session\.not_closed"):
            rules.confirm(an_open_session())
        with pytest.raises(Refused, match=r"session\.not_closed"):
            rules.dispute(an_open_session(), AGAINST, LIMITS)

    def test_a_confirmed_session_is_not_disputed(self):
        session = a_closed_session()
        with pytest.raises(Refused, match=r"session\.not_closed"):
            rules.dispute(evolve(session, rules.confirm(session)), AGAINST, LIMITS)


class TestSilence:
    def test_it_confirms_when_the_enterprises_time_is_over_and_is_marked(self):
        session = a_closed_session()
        until = rules.answer_until(session, 72)
        assert until == session.closed_at + timedelta(hours=72)
        assert rules.lapse(session, at=until - MINUTE, dispute_hours=72) is None
        lapsed = rules.lapse(session, at=until, dispute_hours=72)
        assert (lapsed.person_times, lapsed.lapsed, lapsed.settled_by_union) == (3, True, False)
        after = evolve(session, lapsed)
        assert (after.state, after.confirmed) == (State.CONFIRMED, Confirmed.LAPSED)
        assert evolve(session, rules.confirm(session)).confirmed is Confirmed.ENTERPRISE

    def test_nothing_but_a_closed_session_is_confirmed_by_it(self):
        closed = a_closed_session()
        disputed = evolve(closed, rules.dispute(closed, AGAINST, LIMITS))
        for session in (disputed, an_open_session(), a.a_session(), a.a_session(state=State.CONFIRMED)):
            late = session.slot.ends_at + timedelta(days=30)
            assert rules.lapse(session, at=late, dispute_hours=72) is None

    def test_an_older_fact_in_which_the_union_confirmed_is_still_read(self):
        session = a_closed_session()
        by_union = rules.confirm(session).model_copy(update={"settled_by_union": True})
        assert evolve(session, by_union).confirmed is Confirmed.UNION


class TestCorrection:
    def propose(self, session, worker, minutes, *, delivered=False, waiting=(), why=WHY):
        asked = corrections.Asked(uuid4(), worker, minutes, uuid4(), why)
        return corrections.propose(
            session,
            COHORT,
            waiting,
            asked,
            delivered=delivered,
            at=session.slot.ends_at + timedelta(days=1),
            class_hour_minutes=45,
            limits=LIMITS,
        )

    def correct(self, session, worker, minutes):
        proposal = corrections.proposed(self.propose(session, worker, minutes), "one")
        at = session.slot.ends_at + timedelta(days=2)
        return corrections.confirm(session, proposal, user="other", delivered=False, at=at, class_hours=2)

    def test_an_absent_worker_was_there_after_all(self):
        session = a_closed_session(3)
        after = evolve(session, self.correct(session, COHORT[3], 180))
        assert (len(after.attended), after.absent) == (4, 0)
        assert after.closed_at == session.slot.ends_at + timedelta(
            days=2
        )  # others figures, the whole time anew

    def test_minutes_zero_takes_an_entry_back(self):
        session = a_closed_session(3)
        after = evolve(session, self.correct(session, COHORT[0], 0))
        assert (len(after.attended), after.absent) == (2, 2)

    def test_what_is_so_already_is_not_proposed(self):
        session = a_closed_session(3)
        for worker, minutes in ((COHORT[0], 180), (COHORT[3], 0)):
            with pytest.raises(Refused, match=r"attendance\.as_it_is"):
                self.propose(session, worker, minutes)

    def test_two_people_are_needed_and_both_are_told(self):
        session = a_closed_session(3)
        fact = self.propose(session, COHORT[0], 90)
        proposal = corrections.proposed(fact, "one")
        assert (fact.was, fact.minutes) == (180, 90)
        for decide in (
            lambda: corrections.confirm(
                session, proposal, user="one", delivered=False, at=fact.proposed_at, class_hours=2
            ),
            lambda: corrections.refuse(
                proposal, user="one", reason=STANDS, at=fact.proposed_at, limits=LIMITS
            ),
        ):
            with pytest.raises(NotAllowed, match=r"attendance\.same_person"):
                decide()
        corrected = corrections.confirm(
            session, proposal, user="other", delivered=False, at=fact.proposed_at, class_hours=2
        )
        assert (corrected.proposed_by, corrected.was, corrected.correction_id) == (
            "one",
            180,
            fact.correction_id,
        )
        decided = corrections.decided(proposal, corrected, "other")
        assert (decided.state, decided.decided_by, decided.was) == (
            corrections.Decision.CONFIRMED,
            "other",
            180,
        )
        with pytest.raises(Refused, match=r"attendance\.correction_decided"):
            corrections.refuse(decided, user="third", reason=STANDS, at=fact.proposed_at, limits=LIMITS)

    def test_it_answers_a_dispute_also_when_all_stands_as_reported(self):
        """Else only the enterprise could ever end the session, and its silence would stop the order."""
        closed = a_closed_session(3)
        disputed = evolve(closed, rules.dispute(closed, AGAINST, LIMITS))
        for minutes in (170, 180):
            answered = evolve(disputed, self.correct(disputed, COHORT[0], minutes))
            assert (answered.state, answered.closed_at) == (
                State.CLOSED, closed.slot.ends_at + timedelta(days=2),
            )  # fmt: skip
            assert rules.lapse(answered, at=closed.slot.ends_at + timedelta(days=4), dispute_hours=72) is None
            assert rules.lapse(answered, at=closed.slot.ends_at + timedelta(days=5), dispute_hours=72).lapsed

    def test_it_is_refused_for_strangers_too_many_minutes_and_after_the_delivery(self):
        session = a_closed_session(3)
        with pytest.raises(Invalid, match=r"attendance\.another_cohort"):
            self.propose(session, uuid4(), 10)
        with pytest.raises(Invalid, match=r"attendance\.too_long"):
            self.propose(session, COHORT[0], 181)
        with pytest.raises(Refused, match=r"delivery\.completed_already"):
            self.propose(session, COHORT[0], 10, delivered=True)
        with pytest.raises(Refused, match=r"attendance\.correction_waits"):
            self.propose(session, COHORT[0], 10, waiting={COHORT[0]})
        with pytest.raises(Refused, match=r"session\.not_closed"):
            self.propose(an_open_session(), COHORT[0], 10)

    def test_a_reason_is_one_of_the_rules_and_they_are_named(self):
        session, other = a_closed_session(3), because("attendance.as_i_say")
        fact = self.propose(session, COHORT[0], 90)
        proposal = corrections.proposed(fact, "one")
        for said, code, allowed in (
            (lambda: rules.dispute(session, other, LIMITS), "session.dispute_why_unknown", LIMITS.disputes),
            (
                lambda: self.propose(session, COHORT[0], 90, why=other),
                "attendance.correction_why_unknown",
                LIMITS.corrections,
            ),
            (
                lambda: corrections.refuse(
                    proposal, user="other", reason=WHY, at=fact.proposed_at, limits=LIMITS
                ),
                "attendance.refusal_why_unknown",
                LIMITS.corrections_refused,
            ),
        ):
            with pytest.raises(Invalid) as refused:
                said()
            assert refused.value.code == code
            assert refused.value.parameters["allowed"] == ", ".join(allowed.value)


class TestDelivery:
    def confirmed(self, present):
        session = a_closed_session(present)
        return evolve(session, rules.confirm(session))

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
