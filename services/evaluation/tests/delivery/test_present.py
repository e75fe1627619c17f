"""How long somebody was there, what is credited of it, who was excused and who came from another cohort."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.refusals import Invalid, NotAllowed, Refused
from contracts.values import Guest, Way
from evaluation.delivery import acts, present, rules
from evaluation.delivery.acts import Taken
from evaluation.delivery.present import Standing
from evaluation.delivery.rules import End, Moment
from evaluation.delivery.session import SignOut, State, evolve

from .. import builders as a

pytestmark = pytest.mark.rules
LEAD = UUID(int=7)
COHORT = [a.a_worker(n) for n in range(4)]
STRANGER = a.a_worker(50)
LIMITS = a.the_programmes().rules.delivery
RULE = LIMITS.crediting(a.MONDAY)
BEGIN, END = a.a_slot().starts_at, a.a_slot().ends_at
DAY = timedelta(days=1)


def minutes(count):
    return timedelta(minutes=count)


def an_open_session(**given):
    return a.a_session(**({"state": State.OPEN, "opened_by": LEAD, "lead": LEAD} | given))


def leaving(worker, at, **given):
    return SignOut(given.pop("act_id", None) or uuid4(), worker, at, Way.ROLL_CALL, **given)


def close(session, signed, left=(), *, end=rules.NOTHING_TOLD, made_up=None):
    return rules.close(
        session,
        COHORT,
        signed,
        person=LEAD,
        at=END,
        limits=LIMITS,
        class_hour_minutes=45,
        left={each.worker_id: each for each in left},
        end=end,
        made_up=made_up or {},
    )


def leave(session, signed, act, left=(), *, at=END):
    return acts.sign_out(session, signed, {each.worker_id: each for each in left}, act, at=at, limits=LIMITS)


class TestMinutes:
    @pytest.mark.parametrize(
        ("came", "left", "there"),
        [
            (-10, None, 180),
            (0, 195, 180),
            (20, None, 160),
            (0, 155, 140),
            (20, 155, 120),
            (0, 5, 1),
            (0, 240, 180),
        ],
    )
    def test_late_and_early_minutes_are_taken_off(self, came, left, there):
        session = an_open_session()
        out = None if left is None else BEGIN + minutes(left)
        when = present.taught(session, None, RULE)
        assert present.minutes_of(session, when, BEGIN + minutes(came), out, 45) == there

    def test_seconds_count_and_a_begun_minute_does_not(self):
        session = an_open_session()
        when = present.taught(session, None, RULE)
        for seconds, there in ((1, 179), (60, 179), (61, 178)):
            came = BEGIN + timedelta(seconds=seconds)
            assert present.minutes_of(session, when, came, None, 45) == there

    @pytest.mark.parametrize(
        ("arrived", "departed", "there"), [(10, -10, 180), (11, None, 169), (None, -11, 169), (30, -30, 120)]
    )
    def test_nobody_is_taught_before_the_instructor_is_there_nor_after(self, arrived, departed, there):
        session = an_open_session(arrived_at=None if arrived is None else BEGIN + minutes(arrived))
        gone = None if departed is None else END + minutes(departed)
        when = present.taught(session, gone, RULE)
        assert present.minutes_of(session, when, BEGIN - minutes(5), None, 45) == there

    @pytest.mark.parametrize(
        ("there", "hours"), [(180, 4), (170, 4), (169, 3), (125, 3), (124, 2), (35, 1), (34, 0), (999, 4)]
    )
    def test_a_class_hour_counts_when_few_of_its_minutes_are_missing(self, there, hours):
        assert present.credited(there, 4, RULE, 45) == hours

    def test_the_figures_are_those_of_the_day(self):
        later = replace_rule(since=a.MONDAY + DAY, short_minutes=0)
        limits = LIMITS.model_copy(update={"credit": (*LIMITS.credit, later)})
        assert present.credited(170, 4, limits.crediting(a.MONDAY), 45) == 4
        assert present.credited(170, 4, limits.crediting(a.MONDAY + DAY), 45) == 3


def replace_rule(**given):
    return RULE.model_copy(update=given)


class TestSignOut:
    def test_who_signs_out_was_there_until_then_and_all_others_to_the_end(self):
        signed = {each: a.an_act(each) for each in COHORT[:3]}
        out = leaving(COHORT[0], END - minutes(60))
        closed = close(an_open_session(), signed, [out])
        told = {each.worker_id: (each.minutes, each.class_hours, each.left_at) for each in closed.attended}
        assert told == {
            COHORT[0]: (120, 2, out.at),
            COHORT[1]: (180, 4, None),
            COHORT[2]: (180, 4, None),
        }

    def test_the_whole_class_may_leave_at_once_but_for_who_left_before(self):
        signed = {each: a.an_act(each) for each in COHORT[:2]}
        left = [leaving(COHORT[0], END - minutes(60))]
        closed = close(an_open_session(), signed, left, end=End(class_left=Moment(END - minutes(15))))
        assert sorted(each.minutes for each in closed.attended) == [120, 165]

    def test_an_act_again_counts_once_and_a_second_changes_nothing(self):
        session, signed = an_open_session(), {COHORT[0]: a.an_act(COHORT[0])}
        act = leaving(COHORT[0], END - minutes(60))
        assert leave(session, signed, act).outcome is Taken.TAKEN
        assert leave(session, signed, act, [act]).outcome is Taken.ALREADY
        assert leave(session, signed, leaving(COHORT[0], END - minutes(5)), [act]).outcome is Taken.ALREADY

    @pytest.mark.parametrize(
        ("state", "worker", "after", "offset", "why"),
        [
            (State.CLOSED, 0, 60, 0, "sign_in.closed"),
            (State.PLANNED, 0, 60, 0, "sign_in.not_open"),
            (State.OPEN, 1, 60, 0, "sign_out.not_signed_in"),
            (State.OPEN, 0, -30, 0, "sign_out.before_sign_in"),
            (State.OPEN, 0, 60, 3 * 24 * 3600, "sign_in.clock_off"),
            (State.OPEN, 0, 195 + 3 * 24 * 60, 0, "sign_in.clock_ahead"),
        ],
    )
    def test_it_is_refused_by_its_rule(self, state, worker, after, offset, why):
        session = replace(an_open_session(), state=state)
        act = leaving(COHORT[worker], BEGIN + minutes(after), clock_offset=offset)
        answer = leave(session, {COHORT[0]: a.an_act(COHORT[0])}, act)
        assert (answer.outcome, answer.reason) == (Taken.REFUSED, why)

    def test_the_act_of_another_is_refused(self):
        signed = {each: a.an_act(each) for each in COHORT[:2]}
        first = leaving(COHORT[0], END - minutes(60))
        second = leaving(COHORT[1], END - minutes(60), act_id=first.act_id)
        assert leave(an_open_session(), signed, second, [first]).reason == "sign_in.act_of_another"


class TestArrival:
    def arrive(self, session, moment, *, person=LEAD, at=None):
        return rules.arrive(session, moment, person=person, at=at or moment.at, limits=LIMITS)

    def test_it_is_kept_once_and_may_come_with_the_opening(self):
        session = an_open_session()
        fact = self.arrive(session, Moment(BEGIN - minutes(20)))
        after = evolve(session, fact)
        assert after.arrived_at == BEGIN - minutes(20)
        assert self.arrive(after, Moment(BEGIN - minutes(20))) is None
        with pytest.raises(Refused, match=r"session\.arrived_already"):
            self.arrive(after, Moment(BEGIN))
        planned = a.a_session(lead=LEAD)
        opened = rules.open_session(
            planned, person=LEAD, today=a.MONDAY, at=BEGIN, limits=LIMITS, arrived=Moment(BEGIN)
        )
        assert evolve(planned, opened).arrived_at == BEGIN

    def test_a_wrong_clock_another_person_and_another_day_are_refused(self):
        session = an_open_session()
        for moment, at in (
            (Moment(BEGIN, clock_offset=3 * 24 * 3600), BEGIN),
            (Moment(BEGIN + 3 * DAY), BEGIN),
        ):
            with pytest.raises(Refused, match=r"session\.clock_off"):
                self.arrive(session, moment, at=at)
        with pytest.raises(Refused, match=r"session\.not_its_day"):
            self.arrive(session, Moment(BEGIN - DAY))
        with pytest.raises(NotAllowed, match=r"session\.another_lead"):
            self.arrive(session, Moment(BEGIN), person=uuid4())
        with pytest.raises(Refused, match=r"session\.not_open"):
            self.arrive(replace(session, state=State.CLOSED), Moment(BEGIN))
        with pytest.raises(Refused, match=r"session\.clock_off"):
            close(session, {}, end=End(departed=Moment(END + DAY)))


class TestExcuse:
    def excuse(self, session, worker=COHORT[0], code="excuse.illness", *, at=BEGIN - DAY):
        return rules.excuse(session, COHORT, worker, code, at=at, limits=LIMITS)

    def test_who_was_excused_and_stayed_away_is_excused_and_who_came_is_present(self):
        session = a.a_session()
        for worker in COHORT[:2]:
            session = evolve(session, self.excuse(session, worker))
        session = replace(session, state=State.OPEN, opened_by=LEAD)
        assert present.standing_of(session, COHORT[0], None, None, RULE) == [Standing.EXCUSED]
        closed = close(session, {COHORT[1]: a.an_act(COHORT[1])})
        assert ([each.worker_id for each in closed.excused], closed.absent) == ([COHORT[0]], 3)
        after = evolve(session, closed)
        told = [present.standing_of(after, each, None, None, RULE) for each in COHORT[:3]]
        assert told == [[Standing.EXCUSED], [Standing.PRESENT], [Standing.ABSENT]]

    def test_nobody_is_excused_once_it_has_begun_nor_twice_nor_for_nothing(self):
        session = a.a_session()
        with pytest.raises(Refused, match=r"attendance\.excuse_too_late"):
            self.excuse(session, at=BEGIN)
        with pytest.raises(Refused, match=r"session\.not_planned"):
            self.excuse(replace(session, state=State.CLOSED))
        with pytest.raises(Invalid, match=r"attendance\.another_cohort"):
            self.excuse(session, STRANGER)
        with pytest.raises(Invalid, match=r"attendance\.excuse_unknown"):
            self.excuse(session, code="excuse.fishing")
        with pytest.raises(Refused, match=r"attendance\.excused_already"):
            self.excuse(evolve(session, self.excuse(session)))


class TestGuests:
    def sign_in(self, act, others=(STRANGER,)):
        return acts.sign_in(an_open_session(), COHORT, {}, act, at=act.at, limits=LIMITS, others=others)

    def test_one_of_another_cohort_is_called_in_on_purpose_only(self):
        called = a.an_act(STRANGER, way=Way.ROLL_CALL, walk_in=True)
        assert self.sign_in(called).outcome is Taken.TAKEN
        for refused in (
            self.sign_in(replace(called, walk_in=False)),
            self.sign_in(replace(called, way=Way.INSTRUCTOR_SCAN)),
            self.sign_in(called, others=()),
        ):
            assert refused.reason == "sign_in.another_cohort"

    def test_they_are_no_part_of_who_is_absent_and_make_up_for_what_they_missed(self):
        missed = uuid4()
        signed = {each: a.an_act(each) for each in (COHORT[0], STRANGER, a.a_worker(51))}
        closed = close(an_open_session(), signed, made_up={STRANGER: missed})
        told = {each.worker_id: (each.guest, each.makes_up) for each in closed.attended}
        assert told == {
            COHORT[0]: (None, None),
            STRANGER: (Guest.MAKE_UP, missed),
            a.a_worker(51): (Guest.WALK_IN, None),
        }
        assert closed.absent == 3


class TestStanding:
    @pytest.mark.parametrize(
        ("came", "left", "told"),
        [
            (5, None, ["present"]),
            (6, None, ["late"]),
            (0, -5, ["present"]),
            (0, -6, ["left_early"]),
            (6, -6, ["late", "left_early"]),
        ],
    )
    def test_more_than_some_minutes_are_late_or_early(self, came, left, told):
        gone = None if left is None else END + minutes(left)
        signed = {COHORT[0]: a.an_act(COHORT[0], BEGIN + minutes(came))}
        open_ = an_open_session()
        assert present.standing_of(open_, COHORT[0], BEGIN + minutes(came), gone, RULE) == told
        out = [leaving(COHORT[0], gone)] if gone else []
        after = evolve(open_, close(open_, signed, out))
        assert present.standing_of(after, COHORT[0], None, None, RULE) == told
        assert present.standing_of(open_, COHORT[1], None, None, RULE) == ["awaited"]
