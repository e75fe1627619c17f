"""Scans, the roll call and the signed sheet tell of the same people: whatever comes first, one attendance each."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import Way
from evaluation.delivery import acts as acts_rules
from evaluation.delivery import on_paper, paper_rules, present, rules
from evaluation.delivery.session import SignIn, State
from evaluation.delivery.sources import merged

from .. import builders as a

pytestmark = pytest.mark.rules
LEAD = UUID(int=7)
COHORT = [a.a_worker(n) for n in range(5)]
STRANGER = a.a_worker(99)
LIMITS = a.the_programmes().rules.delivery
SESSION = a.a_session(state=State.OPEN, opened_by=LEAD)
END = SESSION.slot.ends_at
SOURCES = ("scan", "roll_call", "paper")


def told(source: str, worker: UUID, minute: int, number: int) -> SignIn:
    at = SESSION.slot.starts_at + timedelta(minutes=minute)
    if source == "paper":
        act = on_paper.act_of(SESSION.session_id, worker)
        return SignIn(act, worker, at, Way.ROLL_CALL, on_paper=True)
    return SignIn(UUID(int=number + 1), worker, at, Way(source))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(SOURCES),
        st.sampled_from([*COHORT, STRANGER]),
        st.integers(-70, 200),
        st.integers(0, 6),
    ).map(lambda each: told(*each)),
    max_size=40,
)


def judge(so_far, act):
    rule = paper_rules if act.on_paper else acts_rules
    return rule.sign_in(SESSION, COHORT, so_far, act, at=END, limits=LIMITS)


def closed(signed):
    return rules.close(SESSION, COHORT, signed, person=LEAD, at=END, limits=LIMITS, class_hour_minutes=45)


@given(ACTS, st.data())
def test_however_three_sources_are_interleaved_everybody_is_counted_once(acts, data):
    signed = {}
    noted = []
    while acts:  # sent in as many requests as it pleases
        size = data.draw(st.integers(1, len(acts)))
        found = merged(signed, acts[:size], judge)
        signed |= {act.worker_id: act for act in found.taken}
        noted += found.again
        assert len(found.answers) == size
        acts = acts[size:]
    attended = closed(signed).attended
    assert max(Counter(each.worker_id for each in attended).values(), default=1) == 1
    assert {each.worker_id for each in attended} == set(signed)
    assert closed(signed).absent + len(attended) == len(COHORT)
    assert len({each.act_id for each in attended}) == len(attended)
    for act in noted:  # what is noted is of somebody who is here by another act
        assert signed[act.worker_id].act_id != act.act_id


@given(ACTS)
def test_the_first_that_counts_stays_and_the_others_are_noted(acts):
    found = merged({}, acts, judge)
    first = {}
    for act, answer in zip(acts, found.answers, strict=True):
        if answer.outcome is not acts_rules.Taken.REFUSED:
            first.setdefault(act.worker_id, act)
    assert {act.worker_id: act for act in found.taken} == first
    again = merged({act.worker_id: act for act in found.taken}, acts, judge)
    assert again.taken == ()


def test_in_the_fact_a_line_of_the_sheet_is_a_roll_call_that_was_on_paper():
    act = told("paper", COHORT[0], 20, 0)
    (entry,) = closed({COHORT[0]: act}).attended
    assert (entry.way, entry.on_paper, entry.minutes) == (Way.ROLL_CALL, True, 160)


def test_who_left_early_has_so_much_less():
    act = told("paper", COHORT[0], 10, 0)
    left = SignIn(
        act.act_id, act.worker_id, act.at, act.way, on_paper=True, left_at=END - timedelta(minutes=30)
    )
    assert (
        present.minutes_of(
            SESSION,
            present.taught(SESSION, None, LIMITS.crediting(SESSION.slot.day)),
            left.at,
            left.left_at,
            45,
        )
        == 180 - 10 - 30
    )
