"""The checks at their limits: just inside nothing is said, just outside it is."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.sentences import all_sentences, sentences_of
from contracts.values import Way
from evaluation.findings.checks import (
    Crews,
    Examined,
    Kind,
    Meeting,
    Sign,
    Ways,
    fresh,
    look_at_batch,
    look_at_session,
    room_for,
)
from evaluation.findings.checks.seen import REASONS, found
from staffing.rulebook import Rulebook

from .. import builders as a

pytestmark = pytest.mark.rules
BOOK = Rulebook.of(a.the_programmes())
WAYS = Ways.of(a.the_programmes())
LIMITS = a.the_programmes().rules.finding(a.MONDAY)
HERE, FAR, LEAD = "350428", "350425", UUID(int=7)  # 162 minutes apart
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def a_meeting(band="am", *, signs=(), **given):
    told = {
        "session_id": uuid4(), "order_id": uuid4(), "cohort_id": uuid4(), "enterprise_id": "jinniu",
        "division": HERE, "slot": a.a_slot(a.MONDAY, band), "led_by": uuid4(), "most": 60,
    }  # fmt: skip
    return Meeting(**(told | given), signs=tuple(signs))


def a_sign(number, at=None, **given):
    return Sign(a.a_worker(number), **({"minutes": 180, "way": Way.SCAN, "at": at} | given))


def told(meeting, *others, crews=None, cohort=(), limits=LIMITS):
    seen = look_at_session(
        meeting, near=others, cohort=cohort, crews=crews or Crews(), limits=limits, ways=WAYS
    )
    return {each.kind for each in seen}


def signed(band, *numbers, ahead=0, **given):
    meeting = a_meeting(band, **given)
    at = meeting.slot.starts_at - ahead * MINUTE
    return replace(meeting, signs=tuple(a_sign(each, at - 9 * n * SECOND) for n, each in enumerate(numbers)))


def test_two_places_counts_the_time_from_one_session_to_the_sign_in_at_the_other():
    # the morning may be closed at 11:35; three quarters of 162 minutes are 121.5
    am, pm = signed("am", 1), signed("pm", 1, division=FAR, enterprise_id="demo07")
    assert told(pm, am) == set()
    at = am.slot.ends_at - 10 * MINUTE
    assert told(replace(pm, signs=(a_sign(1, at + 122 * MINUTE),)), am) == set()
    assert told(replace(pm, signs=(a_sign(1, at + 121 * MINUTE),)), am) == {Kind.TWO_PLACES}
    assert told(am, replace(pm, signs=(a_sign(1, at + 121 * MINUTE),))) == {Kind.TWO_PLACES}


def test_two_places_at_once_need_no_drive_and_an_unknown_place_has_none():
    one = signed("am", 1)
    assert told(one, signed("am", 1)) == {Kind.TWO_PLACES}
    assert told(one, signed("am", 2)) == set()
    online = signed("pm", 1, division=FAR, enterprise_id="demo07", onsite=False, ahead=60)
    assert told(online, one) == set()


def test_who_left_at_the_break_may_be_somewhere_else():
    am = replace(signed("am"), signs=(a_sign(1, None, minutes=45),))
    pm = signed("pm", 1, division=FAR, enterprise_id="demo07", ahead=60)
    assert told(pm, am) == set()
    assert told(pm, signed("am", 1)) == {Kind.TWO_PLACES}


def test_eight_class_hours_are_a_day_and_more_are_worth_a_look():
    am, pm = signed("am", 1), signed("pm", 1)
    assert told(pm, am) == set()
    eve = replace(signed("eve", 1), signs=(a_sign(1, a.a_slot(a.MONDAY, "eve").starts_at, minutes=135),))
    assert told(eve, am, pm) == {Kind.LONG_DAY}
    assert told(eve, pm) == set()


@pytest.mark.parametrize(
    ("way", "acts", "seconds"), [(Way.SCAN, 15, 5), (Way.INSTRUCTOR_SCAN, 6, 4), (Way.ROLL_CALL, 8, 4)]
)
def test_each_way_has_its_own_pace(way, acts, seconds):
    def at_a_pace(many):
        begun, step = a.a_slot().starts_at, timedelta(seconds=(seconds - 0.5) / (acts - 1))
        return a_meeting(signs=[a_sign(n, begun + n * step, way=way) for n in range(many)])

    assert told(at_a_pace(acts - 1)) == set()
    assert told(at_a_pace(acts)) == {Kind.BURST}


def test_three_share_a_phone_four_are_worth_a_look():
    def lent_to(many, way=Way.SCAN):
        begun = a.a_slot().starts_at
        return a_meeting(signs=[a_sign(n, begun + n * MINUTE, device="one", way=way) for n in range(many)])

    assert told(lent_to(3)) == set()
    assert told(lent_to(4)) == {Kind.ONE_PHONE}
    assert told(lent_to(4, Way.INSTRUCTOR_SCAN)) == set()
    unknown = a_meeting(signs=[a_sign(n, a.a_slot().starts_at + n * MINUTE) for n in range(9)])
    assert told(unknown) == set()


def crew_on(letter):
    return next(each for one in "ABCD" if (each := BOOK.crew("4x3", one)).letter(a.MONDAY) == letter)


def test_who_is_on_shift_is_worth_a_look_unless_the_scheme_released_the_crew():
    meeting, on_shift = signed("am", 1), crew_on("E")  # 08:00 to 16:00
    of = {a.a_worker(1): on_shift}
    assert told(meeting, crews=Crews(frozenset(), of)) == {Kind.OWN_SHIFT}
    assert told(meeting, crews=Crews(frozenset({on_shift.crew}), of)) == set()
    assert told(meeting, crews=Crews(frozenset(), {a.a_worker(1): crew_on("-")})) == set()
    assert told(meeting, crews=Crews()) == set()


@pytest.mark.parametrize(("minutes", "kinds"), [(30, set()), (31, {Kind.OWN_SHIFT})])
def test_the_last_half_hour_of_a_night_is_left_alone(minutes, kinds):
    off_at_eight = a.a_slot().starts_at - 30 * MINUTE
    meeting = a_meeting(signs=[a_sign(1, off_at_eight - minutes * MINUTE)])
    assert told(meeting, crews=Crews(frozenset(), {a.a_worker(1): crew_on("N")})) == kinds


def test_a_room_holds_as_many_as_it_holds():
    sourced = LIMITS.class_hours_a_day.model_copy(update={"value": 20})
    counted = LIMITS.model_copy(update={"people_at": {"jinniu": sourced}})
    assert (room_for("jinniu", 60, counted), room_for("bgzb", 60, counted)) == (20, 60)
    assert told(signed("am", *range(20), most=20)) == set()
    assert told(signed("am", *range(21), most=20)) == {Kind.LARGE_CLASS}


def weeks(*patterns):
    """A class's sessions week by week; each pattern has the seconds of everybody's sign-in."""
    cohort = uuid4()
    made = [
        a_meeting(cohort_id=cohort, slot=a.a_slot(a.MONDAY + timedelta(weeks=n)))
        for n in range(len(patterns))
    ]
    return [
        replace(each, signs=tuple(a_sign(n, each.slot.starts_at - s * SECOND) for n, s in enumerate(pattern)))
        for each, pattern in zip(made, patterns, strict=True)
    ]  # fmt: skip


def test_three_weeks_alike_are_worth_a_look_two_are_not():
    spread = [60 * n + 30 for n in range(10)]
    other = [60 * n + 30 for n in range(10, 20)]
    one, two, three = weeks(spread, [s + 9 for s in spread], spread)
    assert told(two, cohort=[one]) == set()
    assert told(three, cohort=[one, two]) == {Kind.SAME_MINUTES}
    one, two, three = weeks(spread, other, spread)
    assert told(three, cohort=[one, two]) == set()


def test_a_class_that_is_called_in_two_minutes_is_alike_every_time():
    called = [6 * n for n in range(20)]
    one, two, three = weeks(called, called, called)
    assert told(three, cohort=[one, two]) == set()


def test_one_person_leads_one_class_at_a_time():
    am, other = signed("am", led_by=LEAD), signed("am", led_by=LEAD, enterprise_id="bgzb")
    assert told(am, other) == {Kind.TWO_TOWNS}
    assert told(am, signed("pm", led_by=LEAD, division=FAR, enterprise_id="demo07")) == set()
    nobody = signed("am", led_by=None)
    assert told(nobody, signed("am", led_by=None)) == set()


def test_whom_an_assessor_has_taught_ever_and_anywhere():
    batch = Examined(uuid4(), uuid4(), frozenset({a.a_worker(1), a.a_worker(2)}), frozenset({LEAD, uuid4()}))
    taught = signed("am", 1, 9, led_by=LEAD)
    (seen,) = look_at_batch(batch, [taught, signed("am", 9, led_by=LEAD), signed("pm", 2)])
    assert (seen.kind, seen.people, seen.workers) == (Kind.ASSESSOR_TAUGHT, (LEAD,), (a.a_worker(1),))
    assert (seen.batch_id, seen.sessions) == (batch.batch_id, (taught.session_id,))


def test_every_kind_has_words_that_its_figures_fill():
    seen = [
        *look_at_session(
            signed("am", *range(70), led_by=LEAD), near=[signed("am", 1, led_by=LEAD)], cohort=(),
            crews=Crews(), limits=LIMITS, ways=WAYS,
        ),
    ]  # fmt: skip
    assert {each.kind for each in seen} == {Kind.TWO_PLACES, Kind.TWO_TOWNS, Kind.LARGE_CLASS}
    for each in seen:
        sentences = sentences_of(each.reason.code, dict(each.reason.figures))
        assert all("{" not in one for one in sentences.values())
    assert set(REASONS.values()) <= set(all_sentences())
    for code in (REASONS[kind] for kind in (Kind.TWO_PLACES, Kind.LONG_DAY, Kind.OWN_SHIFT, Kind.TWO_TOWNS)):
        one = sentences_of(code, {"heads": 1, "minutes": 1, "drive": 1, "most": 1, "day": "2026-05-06"})["en"]
        assert not re.search(r"\b1 (people|minutes)", one), "they read right of one, too"
    assert set(REASONS) == set(Kind)


def later(*seen):
    """Found again with more people: what is told of those who came to it."""
    first, second = seen
    (new,) = fresh([second], [first])
    return len(new.workers), dict(new.reason.figures)


def test_found_again_with_more_people_it_has_the_figures_of_those_who_came_to_it():
    order, pair = UUID(int=2), [UUID(int=3), UUID(int=4)]
    gaps = {a.a_worker(number): 20 + 10 * number for number in range(5)}
    four = {worker: gap for worker, gap in gaps.items() if worker != a.a_worker(4)}
    for kind, fact in (
        (Kind.TWO_PLACES, {"drive": 90}),
        (Kind.LONG_DAY, {"most": 480}),
        (Kind.OWN_SHIFT, {}),
    ):
        seen = [
            found(kind, order, sessions=pair, workers=of, each=of, heads=len(of), **fact)
            for of in (four, gaps | {a.a_worker(0): 500})
        ]
        assert seen[0].reason.figures["minutes"] == (20 if kind is Kind.TWO_PLACES else 50)
        assert later(*seen) == (1, {"heads": 1, "minutes": 60} | fact)


def test_found_again_an_assessor_has_the_sessions_of_those_who_came_to_it_and_one_phone_has_all():
    batch = Examined(uuid4(), uuid4(), frozenset(map(a.a_worker, range(5))), frozenset([LEAD]))
    both, last = signed("am", *range(4), led_by=LEAD), signed("pm", 4, led_by=LEAD)
    (first,), (second,) = look_at_batch(batch, [both]), look_at_batch(batch, [both, last])
    assert (second.reason.figures["heads"], second.reason.figures["times"]) == (5, 2)
    (new,) = fresh([second], [first])
    assert (new.workers, new.sessions) == ((a.a_worker(4),), (last.session_id,))
    assert new.reason.figures == {"heads": 1, "times": 1}
    shared = [
        found(
            Kind.ONE_PHONE,
            UUID(int=2),
            sessions=[UUID(int=3)],
            workers=map(a.a_worker, range(n)),
            heads=n,
            most=3,
        )
        for n in (4, 5)
    ]
    assert later(*shared) == (1, {"heads": 5, "most": 3})


WORKERS = st.lists(st.integers(0, 6).map(a.a_worker), min_size=1, max_size=6, unique=True)


@given(st.lists(WORKERS, min_size=1, max_size=6))
def test_nobody_is_told_twice_of_one_thing(groups):
    session, order = UUID(int=1), UUID(int=2)
    known = []
    for workers in groups:
        seen = found(Kind.TWO_PLACES, order, sessions=[session], workers=workers, heads=len(workers))
        new = fresh([seen, seen], known)
        assert {one for each in new for one in each.workers} == set(workers) - {
            one for each in known for one in each.workers
        }
        known += new
    assert len({each.finding_id for each in known}) == len(known)
