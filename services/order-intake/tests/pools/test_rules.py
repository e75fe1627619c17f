"""Which small orders fit together, what one class saves, and what follows from each answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.order_intake import (
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderPoolDeclined,
    OrderPooled,
    OrderPoolLeft,
    OrderPoolWithdrawn,
)
from contracts.programme import load
from contracts.refusals import Conflict, Refused
from contracts.values import OrderLine, ServiceLine, Stage, Trainee, because
from order_intake.orders.rules import Order, Pool, Progress, Site, State, begun_jointly, evolve
from order_intake.pools import rules
from order_intake.pools.proposals import propose
from order_intake.pools.rules import Opening
from order_intake.pools.together import Small, Trade, against, alone, days_needed
from staffing.travel import Travel

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[4] / "programmes")
TODAY = date(2027, 3, 1)
TRADE = Trade(PROGRAMMES, Travel.of(PROGRAMMES), TODAY)
LIMIT = PROGRAMMES.programmes["send-teachers-home"].class_size_max.value
JOINT = UUID(int=9_000_000)
ANSWER_BY = datetime(2027, 3, 4, tzinfo=UTC)
NEAR = ("350428", "350428", "350428", "350428")
"""Works of one county."""


def a_line(number: int, heads: int = 10, **changes) -> OrderLine:
    values = {
        "line": 1,
        "service": ServiceLine.THEORY_TRAINING,
        "occupation": "6-31-01-03",
        "level": "L5",
        "trainees": tuple(Trainee(worker_id=UUID(int=number * 10_000 + at), crew="A") for at in range(heads)),
        "earliest": date(2027, 4, 1),
        "latest": date(2027, 12, 31),
        "release_cap_minutes": 100 * number,
    }
    return OrderLine.model_validate(values | changes)


def small(
    number: int, heads: int = 10, *, division: str = "350428", pattern: str = "day", **changes
) -> Small:
    """The order of enterprise `e<number>`."""
    state = changes.pop("state", State.SUBMITTED)
    enterprise = changes.pop("enterprise", f"e{number}")
    order = Order(
        id=UUID(int=number), number=f"2027-{number:04d}", enterprise_id=enterprise,
        programme="send-teachers-home", state=state, lines=(a_line(number, heads, **changes),),
        site=Site(f"企业{number}", division, pattern, date(2026, 1, 5), 1), union_id="smftu",
    )  # fmt: skip
    return Small(order, Progress())


class TestTogether:
    def test_why_an_order_stays_alone_is_said_of_the_other_that_comes_nearest(self):
        other_shifts, too_far = small(2, 10, pattern="4x3"), small(3, 10, division="350481")
        why = {
            one.order.id: reason.code
            for one, reason in propose([small(1), other_shifts, too_far], TRADE).alone
        }
        assert why == {
            UUID(int=1): "pool.too_far", UUID(int=2): "pool.other_shifts", UUID(int=3): "pool.too_far",
        }  # fmt: skip

    def test_orders_of_one_kind_are_proposed_with_what_one_class_saves(self):
        found = propose([small(1, 10), small(2, 8)], TRADE)
        (proposal,) = found.proposals
        assert found.alone == ()
        units = PROGRAMMES.units_of("6-31-01-03", "L5")
        hours, sessions = sum(u.class_hours for u in units), sum(u.sessions for u in units)
        assert (proposal.saved.classes, proposal.saved.sessions, proposal.saved.class_hours) == (
            1,
            sessions,
            hours,
        )
        fees = PROGRAMMES.rules.funding
        assert proposal.saved.lecture_fees == hours * fees.lecture_fee_yuan_per_class_hour.value
        assert proposal.saved.travel == proposal.drives_saved * fees.travel_yuan_per_onsite_session.value
        assert proposal.driving_saved >= proposal.drives_saved

    def test_the_class_is_held_where_its_people_travel_least(self):
        found = propose([small(1, 3), small(2, 30)], TRADE)
        (proposal,) = found.proposals
        assert proposal.host.enterprise == "e2"
        assert {j.enterprise_id: j.person_minutes > 0 for j in proposal.journeys} == {"e1": True, "e2": False}

    @pytest.mark.parametrize(
        ("other", "code"),
        [
            (small(2, 10, enterprise="e1"), "pool.enterprise_twice"),
            (small(2, 10, level="L4"), "pool.other_lines"),
            (small(2, 10, units=("el5-safety",)), "pool.other_lines"),
            (small(2, 10, pattern="4x3"), "pool.other_shifts"),
            (small(2, 10, division="350481"), "pool.too_far"),
            (small(2, LIMIT - 5), "pool.too_many"),
            (small(2, 10, earliest=date(2027, 12, 20)), "pool.window_apart"),
            (small(2, 10, latest=date(2027, 4, 2)), "pool.window_apart"),
            (small(2, 10, trainees=a_line(1).trainees), "pool.worker_twice"),
        ],
    )  # fmt: skip
    def test_what_stands_against_it_is_said(self, other, code):
        one = small(1)
        assert against([one, other], one, TRADE).code == code
        with pytest.raises(Conflict) as refused:
            rules.open_pool([one, other], one, Opening(JOINT, "2027-0009", "smftu", ANSWER_BY), TRADE)
        assert refused.value.code == code

    def test_a_line_without_classes_has_as_many_people_as_a_fact_can_name_at_most(self):
        def both(number):
            one = small(number)
            exam = a_line(number, 700, line=2, service=ServiceLine.SKILL_EVALUATION)
            return replace(one, order=replace(one.order, lines=(*one.order.lines, exam)))

        members = [both(number) for number in (1, 2, 3)]
        refused = against(members, members[0], TRADE)
        assert (refused.code, refused.figures) == ("pool.too_many", {"heads": 2100, "limit": 2000})
        assert against(members[:2], members[0], TRADE) is None

    def test_the_class_begins_after_the_notice_and_the_time_to_consent(self):
        programme = PROGRAMMES.programmes["send-teachers-home"]
        needed = days_needed(a_line(1), programme, PROGRAMMES)
        ahead = programme.notice_days.value + ceil(programme.pooling.consent_hours.value / 24)
        last = TODAY + timedelta(days=ahead + needed - 1)

        def until(latest):
            members = [small(number, earliest=TODAY, latest=latest) for number in (1, 2)]
            return against(members, members[0], TRADE)

        assert until(last) is None
        assert until(last - timedelta(days=1)).code == "pool.window_apart"

    def test_bands_without_a_common_one(self):
        one, other = small(1, bands=("am",)), small(2, bands=("eve",))
        assert against([one, other], one, TRADE).code == "pool.bands_apart"

    @pytest.mark.parametrize(
        ("one", "code"),
        [
            (small(1, LIMIT), "pool.not_small"),
            (small(1, state=State.STARTED), "pool.not_open"),
            (small(1, service=ServiceLine.SKILLS_COMPETITION), "pool.line_by_hand"),
            (small(1, service=ServiceLine.SKILL_EVALUATION), "pool.nothing_taught"),
        ],
    )
    def test_who_is_pooled_with_nobody_is_told_why(self, one, code):
        assert alone(one, TRADE).code == code
        assert [(each.order.id, reason.code) for each, reason in propose([one, small(2)], TRADE).alone] == [
            (one.order.id, code), (UUID(int=2), "pool.no_other"),
        ]  # fmt: skip

    def test_what_was_planned_or_asked_already_is_left_alone(self):
        planned = replace(small(1), progress=Progress(stages=frozenset({Stage.DELIVERY})))
        asked = small(2)
        asked = replace(asked, order=replace(asked.order, pool=Pool(JOINT)))
        assert [alone(each, TRADE).code for each in (planned, asked)] == [
            "pool.planned_already", "pool.asked_already",
        ]  # fmt: skip

    @given(
        st.lists(
            st.tuples(st.integers(1, 70), st.sampled_from(["L5", "L4"]), st.sampled_from(["day", "4x3"]),
                      st.sampled_from(["350428", "350481", "350404"])),
            max_size=8,
        )
    )  # fmt: skip
    @settings(max_examples=40, deadline=None)
    def test_every_order_stands_in_one_place_and_every_proposal_keeps_the_rules(self, told):
        orders = [
            small(at, heads, level=level, pattern=pattern, division=division)
            for at, (heads, level, pattern, division) in enumerate(told, start=1)
        ]
        found = propose(orders, TRADE)
        named = [one.order.id for p in found.proposals for one in p.members] + [
            o.order.id for o, _ in found.alone
        ]
        assert sorted(named) == sorted(each.order.id for each in orders)
        for proposal in found.proposals:
            assert against(proposal.members, proposal.host, TRADE) is None
            assert sum(one.heads for one in proposal.members) <= LIMIT
            assert proposal.saved.total > Decimal(0)
            assert proposal.joint.classes == 1


class Told:
    """Orders after the facts that rules have said."""

    def __init__(self, *members: Small) -> None:
        proposed, asked = rules.open_pool(
            members, members[0], Opening(JOINT, "2027-0009", "smftu", ANSWER_BY), TRADE
        )
        self.orders = {each.order.id: each.order for each in members}
        self.orders[JOINT] = evolve(begun_jointly(proposed), proposed)
        self.planned: set[UUID] = set()
        self.take(*asked)

    def take(self, *facts):
        for fact in facts:
            self.orders[fact.order_id] = evolve(self.orders[fact.order_id], fact)
        return facts

    @property
    def joint(self) -> Order:
        return self.orders[JOINT]

    @property
    def members(self):
        return [self.orders[each.order_id] for each in self.joint.members]

    def settle(self, *, over=False, today=TODAY):
        stages = frozenset({Stage.DELIVERY})
        told = [(m, Progress(stages=stages if m.id in self.planned else None)) for m in self.members]
        return self.take(*rules.settle(self.joint, told, over=over, today=today))

    def consent(self, number):
        return self.take(rules.consent(self.orders[UUID(int=number)]))

    def decline(self, number):
        order = self.orders[UUID(int=number)]
        return self.take(rules.decline(order, because("pool.production_peak")))


class TestTheLifeOfAJointOrder:
    def test_the_joint_line_has_everybody_in_one_class_within_every_wish(self):
        told = Told(small(1, 10, bands=("am", "pm")), small(2, 8, bands=("pm",), earliest=date(2027, 5, 1)))
        (line,) = told.joint.lines
        assert (len(line.trainees), line.cohort_sizes, line.bands) == (18, (18,), ("pm",))
        assert (line.earliest, line.release_cap_minutes) == (date(2027, 5, 1), 100)
        assert {each.enterprise_id for each in line.trainees} == {"e1", "e2"}
        assert (told.joint.state, told.joint.enterprise_id) == (State.POOLING, "e1")

    def test_it_is_accepted_when_all_have_consented_and_not_before(self):
        told = Told(small(1), small(2), small(3))
        told.consent(1)
        told.consent(2)
        assert told.settle() == ()
        told.consent(3)
        accepted, *pooled = told.settle()
        assert isinstance(accepted, OrderAccepted)
        assert [type(fact) for fact in pooled] == [OrderPooled] * 3
        assert {each.state for each in told.members} == {State.POOLED}

    def test_who_refuses_keeps_an_order_and_the_class_is_smaller(self):
        told = Told(small(1, 10), small(2, 8), small(3, 5))
        told.decline(3)
        told.consent(1)
        told.consent(2)
        accepted = told.settle()[0]
        assert len(accepted.lines[0].trainees) == 18
        assert accepted.lines[0].cohort_sizes == (18,)
        assert (told.orders[UUID(int=3)].state, told.orders[UUID(int=3)].pool) == (State.SUBMITTED, None)

    @pytest.mark.parametrize("refuses", [1, 2])
    def test_without_the_host_or_a_second_it_comes_to_nothing_at_once(self, refuses):
        told = Told(small(1), small(2))
        told.decline(refuses)
        facts = told.settle()
        assert isinstance(facts[0], OrderPoolWithdrawn)
        assert told.joint.state is State.DISSOLVED
        assert all(each.pool is None and each.state is State.SUBMITTED for each in told.members)

    def test_silence_is_no_consent(self):
        told = Told(small(1), small(2), small(3))
        told.consent(1)
        told.consent(2)
        facts = told.settle(over=True)
        assert [fact.reason.code for fact in facts if isinstance(fact, OrderPoolDeclined)] == ["pool.silent"]
        assert told.orders[UUID(int=3)].state is State.SUBMITTED

    def test_a_member_that_was_planned_alone_meanwhile_is_left_out(self):
        told = Told(small(1), small(2), small(3))
        for number in (1, 2, 3):
            told.consent(number)
        told.planned.add(UUID(int=2))
        facts = told.settle()
        assert [f.reason.code for f in facts if isinstance(f, OrderPoolDeclined)] == ["pool.planned_already"]
        assert {each.enterprise_id for each in facts[0].lines[0].trainees} == {"e1", "e3"}

    def test_when_its_days_have_gone_by_nothing_is_accepted(self):
        told = Told(small(1), small(2))
        told.consent(1)
        told.consent(2)
        assert told.settle(today=date(2028, 1, 1))[0].reason.code == "pool.too_late"

    def test_the_union_takes_it_back_before_it_is_accepted_only(self):
        told = Told(small(1), small(2))
        told.consent(1)
        told.take(*rules.withdraw(told.joint, told.members, because("pool.no_instructor")))
        assert [each.pool for each in told.members] == [None, None]
        with pytest.raises(Refused, match=r"pool\.not_open_any_more"):
            rules.withdraw(told.joint, told.members, because("pool.no_instructor"))

    def test_nobody_answers_twice_or_unasked(self):
        told = Told(small(1), small(2))
        told.consent(1)
        with pytest.raises(Conflict, match=r"pool\.consented_already"):
            told.consent(1)
        with pytest.raises(Refused, match=r"pool\.not_asked"):
            rules.consent(small(4).order)

    def test_a_consent_can_be_taken_back(self):
        told = Told(small(1), small(2), small(3))
        told.consent(2)
        told.decline(2)
        assert told.orders[UUID(int=2)].pool is None

    def pooled(self, *members):
        told = Told(*members)
        for each in members:
            told.consent(each.order.id.int)
        told.settle()
        return told

    def test_a_member_leaves_by_an_amendment_of_the_joint_order(self):
        told = self.pooled(small(1, 10), small(2, 8), small(3, 5))
        why = because("order.production_peak")
        facts = told.take(*rules.leave(told.joint, told.orders[UUID(int=3)], told.members, why, today=TODAY))
        assert [type(fact) for fact in facts] == [OrderAmended, OrderPoolLeft]
        assert {each.enterprise_id for each in told.joint.lines[0].trainees} == {"e1", "e2"}
        assert told.orders[UUID(int=3)].state is State.SUBMITTED

    def test_with_the_host_alone_left_the_joint_order_ends(self):
        told = self.pooled(small(1), small(2))
        why = because("order.production_peak")
        facts = told.take(*rules.leave(told.joint, told.orders[UUID(int=2)], told.members, why, today=TODAY))
        assert isinstance(facts[0], OrderCancelled)
        assert [each.state for each in told.members] == [State.SUBMITTED, State.SUBMITTED]

    def test_the_host_stays_and_nobody_leaves_what_has_begun(self):
        told = self.pooled(small(1), small(2), small(3))
        why = because("order.production_peak")
        with pytest.raises(Refused, match=r"pool\.host_stays"):
            rules.leave(told.joint, told.orders[UUID(int=1)], told.members, why, today=TODAY)
        begun = replace(told.joint, state=State.STARTED)
        with pytest.raises(Refused, match=r"pool\.begun"):
            rules.leave(begun, told.orders[UUID(int=2)], told.members, why, today=TODAY)

    def test_a_joint_order_that_has_begun_is_not_cancelled(self):
        told = self.pooled(small(1), small(2))
        rules.check_cancellable(told.joint)
        with pytest.raises(Refused, match=r"pool\.begun"):
            rules.check_cancellable(replace(told.joint, state=State.STARTED))
        rules.check_cancellable(small(1, state=State.STARTED).order)

    def test_who_was_taught_by_it_declines_no_more(self):
        told = self.pooled(small(1), small(2))
        told.take(*rules.fulfilled(told.joint, told.members, today=TODAY))
        with pytest.raises(Refused, match=r"pool\.not_pooled"):
            told.decline(2)

    def test_its_completion_fulfils_who_is_in_it(self):
        told = self.pooled(small(1), small(2), small(3))
        why = because("order.production_peak")
        told.take(*rules.leave(told.joint, told.orders[UUID(int=3)], told.members, why, today=TODAY))
        told.take(*rules.fulfilled(told.joint, told.members, today=TODAY + timedelta(days=90)))
        assert [each.state for each in told.members] == [State.FULFILLED, State.FULFILLED, State.SUBMITTED]

    ANSWERS = st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(["consent", "decline", "over"])), max_size=12
    )

    @given(ANSWERS)
    @settings(max_examples=60, deadline=None)
    def test_whatever_is_answered_nobody_is_in_without_consent_and_nobody_is_lost(self, answers):
        told = Told(*(small(at, 5 + at) for at in range(1, 5)))
        consented: set[int] = set()
        for number, what in answers:
            order = told.orders[UUID(int=number)]
            if told.joint.state is not State.POOLING:
                break
            if what == "over":
                told.settle(over=True)
            elif order.pool is not None and not (what == "consent" and order.pool.consented):
                told.consent(number) if what == "consent" else told.decline(number)
                consented = consented | {number} if what == "consent" else consented - {number}
                told.settle()
        pooled = {each.id.int for each in told.members if each.state is State.POOLED}
        assert pooled <= consented
        people = {t.enterprise_id for line in told.joint.lines for t in line.trainees}
        if told.joint.state is State.ACCEPTED:
            assert people == {f"e{number}" for number in pooled}
            assert len(pooled) >= rules.LEAST
            assert 1 in pooled
        else:
            assert not pooled
        if told.joint.state is not State.POOLING:
            assert all(m.pool is None for m in told.members if m.state is not State.POOLED)
