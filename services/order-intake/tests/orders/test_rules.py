"""The life of an order, as pure rules."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from contracts.base import all_facts
from contracts.examples import example_of
from contracts.order_intake import OrderAmended, OrderFact, OrderFulfilled, OrderStarted
from contracts.refusals import Invalid, Refused
from contracts.values import ServiceLine, Stage, because
from order_intake.orders import rules
from order_intake.orders.lines import with_trainees_of
from order_intake.orders.rules import Progress, State

from ..builders import MAY_6, OFFERED, ORDER, SITE, a_line, an_order, known_by, some_trainees

pytestmark = pytest.mark.rules
WHY = because("roster.too_few", least=30)


def submitted():
    return rules.submit(an_order(), SITE, OFFERED, today=MAY_6)


class TestSubmit:
    def test_a_whole_draft_is_asked_for(self):
        fact = submitted()
        assert (fact.number, fact.enterprise_name, len(fact.lines[0].trainees)) == (
            "2026-0137",
            SITE.enterprise_name,
            8,
        )

    def test_a_returned_order_is_submitted_again_and_keeps_its_number(self):
        order = rules.evolve(an_order(State.SUBMITTED), rules.give_back(an_order(State.SUBMITTED), [WHY]))
        again = rules.submit(order, SITE, OFFERED, today=MAY_6)
        assert again.number == order.number
        assert rules.evolve(order, again).reasons == ()

    @pytest.mark.parametrize("state", [s for s in State if s not in rules.ON_THE_DESK])
    def test_what_was_asked_for_is_not_asked_for_twice(self, state):
        with pytest.raises(Refused, match=r"order\.not_draft"):
            rules.submit(an_order(state), SITE, OFFERED, today=MAY_6)

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"level": None}, "order.line_incomplete", "lines.0.level"),
            ({"earliest": None}, "order.line_incomplete", "lines.0.earliest"),
            ({"latest": date(2026, 5, 31)}, "order.dates_reversed", "lines.0.latest"),
            (
                {"earliest": date(2026, 1, 1), "latest": date(2026, 5, 5)},
                "order.dates_past",
                "lines.0.latest",
            ),
            ({"service": ServiceLine.NEW_APPRENTICESHIP}, "order.service_not_offered", "lines.0.service"),
            ({"occupation": "9-99-99-99"}, "order.occupation_unknown", "lines.0.occupation"),
            ({"level": "L1"}, "order.level_unknown", "lines.0.level"),
            ({"bands": ("night",)}, "order.band_unknown", "lines.0.bands"),
            ({"units": ("el5-magic",)}, "order.unit_unknown", "lines.0.units"),
            ({"trainees": ()}, "order.no_trainees", "lines.0.trainees"),
            ({"trainees": some_trainees(2001)}, "order.too_many_trainees", "lines.0.trainees"),
            ({"trainees": some_trainees(8, "EF")}, "order.crew_unknown", "lines.0.trainees"),
            ({"cohort_sizes": (5, 5)}, "order.cohort_sizes_differ", "lines.0.cohort_sizes"),
        ],
    )
    def test_what_cannot_be_meant_names_its_rule_and_field(self, changes, code, field):
        with pytest.raises(Invalid) as refused:
            rules.submit(an_order(State.DRAFT, a_line(**changes)), SITE, OFFERED, today=MAY_6)
        assert (refused.value.code, refused.value.field) == (code, field)

    def test_an_order_without_lines_asks_for_nothing(self):
        with pytest.raises(Invalid, match=r"order\.no_lines"):
            rules.submit(replace(an_order(), draft=()), SITE, OFFERED, today=MAY_6)

    def test_two_lines_never_share_a_number(self):
        with pytest.raises(Invalid, match=r"order\.line_twice"):
            rules.submit(an_order(State.DRAFT, a_line(), a_line()), SITE, OFFERED, today=MAY_6)

    def test_an_order_too_large_for_one_fact_is_refused(self):
        lines = tuple(a_line(2000, line=line) for line in range(1, 6))
        with pytest.raises(Invalid, match=r"order\.too_large"):
            rules.submit(an_order(State.DRAFT, *lines), SITE, OFFERED, today=MAY_6)


class TestAnswerOfTheUnion:
    @pytest.mark.parametrize("state", [s for s in State if s is not State.SUBMITTED])
    def test_only_an_order_that_waits_is_answered(self, state):
        for answer in (
            lambda order: rules.accept(order, union_id="smftu", today=MAY_6),
            lambda order: rules.give_back(order, [WHY]),
            lambda order: rules.reject(order, [WHY]),
        ):
            with pytest.raises(Refused, match=r"order\.not_submitted"):
                answer(an_order(state))

    def test_an_order_whose_days_have_gone_by_cannot_be_taken_any_more(self):
        with pytest.raises(Invalid, match=r"order\.dates_past"):
            rules.accept(an_order(State.SUBMITTED), union_id="smftu", today=date(2026, 9, 1))

    def test_the_lines_are_taken_as_submitted(self):
        order = an_order(State.SUBMITTED)
        accepted = rules.accept(order, union_id="smftu", today=MAY_6)
        assert accepted.lines == order.lines
        assert rules.evolve(order, accepted).union_id == "smftu"


class TestWithdraw:
    @pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED])
    def test_what_was_not_accepted_can_be_taken_back(self, state):
        order = an_order(state)
        assert rules.evolve(order, rules.withdraw(order)).state is State.WITHDRAWN

    @pytest.mark.parametrize("state", [s for s in State if s not in {State.SUBMITTED, State.RETURNED}])
    def test_nothing_else_can(self, state):
        with pytest.raises(Refused, match=r"order\.not_submitted"):
            rules.withdraw(an_order(state))


class TestAmend:
    def test_the_desk_becomes_what_is_agreed(self):
        order = replace(an_order(State.ACCEPTED), draft=(a_line(6),))
        amended = rules.amend(order, OFFERED, today=MAY_6)
        assert isinstance(amended, OrderAmended)
        assert (amended.revision, len(amended.lines[0].trainees)) == (1, 6)
        after = rules.evolve(order, amended)
        assert (after.state, after.revision, after.lines) == (State.ACCEPTED, 1, amended.lines)

    def test_an_amendment_that_changes_nothing_is_refused(self):
        with pytest.raises(Refused, match=r"order\.amends_nothing"):
            rules.amend(an_order(State.ACCEPTED), OFFERED, today=MAY_6)

    @pytest.mark.parametrize("state", [s for s in State if s not in rules.TAKEN])
    def test_only_a_taken_order_is_amended_or_cancelled(self, state):
        with pytest.raises(Refused, match=r"order\.not_accepted"):
            rules.amend(an_order(state), OFFERED, today=MAY_6)
        with pytest.raises(Refused, match=r"order\.not_accepted"):
            rules.cancel(an_order(state), WHY, today=MAY_6)

    def test_an_edit_of_lines_keeps_the_people_of_the_same_line(self):
        edited = with_trainees_of([a_line(0, level="L4"), a_line(0, line=2)], [a_line(8)])
        assert [len(line.trainees) for line in edited] == [8, 0]


class TestDesk:
    @pytest.mark.parametrize("state", list(State))
    def test_the_desk_is_open_while_the_order_can_change(self, state):
        if state in rules.ON_THE_DESK | rules.TAKEN:
            rules.check_editable(an_order(state))
        else:
            with pytest.raises(Refused, match=r"order\.not_editable"):
                rules.check_editable(an_order(state))


class TestProgress:
    def test_the_first_session_starts_the_order_and_no_later_one(self):
        order = an_order(State.ACCEPTED)
        started = rules.start(order, today=MAY_6)
        assert started == OrderStarted(order_id=ORDER, started_on=MAY_6)
        assert rules.start(rules.evolve(order, started), today=MAY_6) is None

    def test_a_cancelled_order_is_not_started_or_fulfilled_by_late_news(self):
        order = an_order(State.CANCELLED)
        done = Progress(frozenset({Stage.DELIVERY}), delivered=True)
        assert rules.start(order, today=MAY_6) is None
        assert rules.fulfil(order, done, today=MAY_6) is None

    def test_fulfilled_when_every_stage_of_the_scheme_is_done(self):
        training, evaluation = a_line(), a_line(line=2, service=ServiceLine.SKILL_EVALUATION)
        order = an_order(State.STARTED, training, evaluation)
        both = frozenset({Stage.DELIVERY, Stage.EVALUATION})
        for progress in (
            Progress(),
            Progress(both),
            Progress(both, delivered=True),
            Progress(both, evaluated=frozenset({2})),
        ):
            assert rules.fulfil(order, progress, today=MAY_6) is None
        done = Progress(both, delivered=True, evaluated=frozenset({2}))
        assert rules.fulfil(order, done, today=MAY_6) == OrderFulfilled(order_id=ORDER, fulfilled_on=MAY_6)

    def test_without_an_evaluation_delivery_alone_fulfils(self):
        progress = Progress(frozenset({Stage.DELIVERY}), delivered=True)
        assert rules.fulfil(an_order(State.STARTED), progress, today=MAY_6) is not None


class TestEvolve:
    def test_it_is_total_over_the_facts_of_an_order(self):
        for fact in all_facts():
            if issubclass(fact, OrderFact):
                rules.evolve(an_order(State.ACCEPTED), fact.model_validate(example_of(fact)))

    def test_the_state_rebuilt_from_facts_is_the_state(self):
        draft = an_order()
        story = [
            lambda o: rules.submit(o, SITE, OFFERED, today=MAY_6),
            lambda o: rules.give_back(o, [WHY]),
            lambda o: rules.submit(replace(o, draft=(a_line(7),)), SITE, OFFERED, today=MAY_6),
            lambda o: rules.accept(o, union_id="smftu", today=MAY_6),
            lambda o: rules.amend(replace(o, draft=(a_line(5),)), OFFERED, today=MAY_6),
            lambda o: rules.start(o, today=MAY_6),
            lambda o: rules.cancel(o, WHY, today=MAY_6),
        ]
        order, facts = draft, []
        for step in story:
            facts.append(step(order))
            order = rules.evolve(order, facts[-1])
            assert known_by(facts) == order
        assert order.state is State.CANCELLED
        assert order.id == UUID(str(ORDER))
