"""The life of a scheme, its hash, and what is left out of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

import pytest

from contracts.programme import Signatures
from contracts.refusals import Conflict, Refused
from contracts.scheduling import (
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeDrafted,
    SchemeEscalated,
    SchemeFact,
    SchemeReminded,
    SchemeRevised,
    SchemeWithdrawn,
    SessionCancelled,
)
from contracts.values import Mode, Needs, Signer, Stage, because
from scheduling.planner.world import CohortPlan, Cost, Draft, Placed, Session, Unplaced
from scheduling.schemes import content, rules
from scheduling.schemes.rules import Named, Scheme, State
from scheduling.schemes.signing import Terms

pytestmark = pytest.mark.rules
ORDER = UUID("0198d000-0000-7000-8000-000000000001")
TODAY = date(2026, 8, 31)
WHY = because("times.unsuitable")
TERMS = Terms(Signatures(), dict.fromkeys(Signer, datetime(2026, 9, 3, 16, tzinfo=UTC)))


def a_cohort(*, people: int = 3, seed: int = 1) -> CohortPlan:
    workers = frozenset(uuid5(ORDER, f"worker {n}") for n in range(people))
    return CohortPlan(
        uuid5(ORDER, f"cohort {seed}"), ORDER, "bgzb", 1, "A", {"A": people}, workers,
        date(2026, 9, 7), date(2026, 10, 30), 480,
    )  # fmt: skip


def a_session(cohort: CohortPlan, position: int, *, unit: str = "el5-safety") -> Session:
    return Session(
        session_id=uuid5(cohort.cohort_id, str(position)),
        cohort_id=cohort.cohort_id,
        position=position,
        unit=unit,
        mode=Mode.ONSITE,
        class_hours=3,
        needs=Needs(occupation="6-31-01-03", level="L3"),
        enterprise_id="bgzb",
        division="350481",
        bands=("am", "pm", "eve"),
    )


def a_draft(*, sessions: int = 3, seed: int = 1) -> Draft:
    cohort = a_cohort(seed=seed)
    placed = tuple(
        Placed(a_session(cohort, n), date(2026, 9, 7 + n), "eve", uuid4()) for n in range(1, sessions + 1)
    )
    cost = Cost(9, Decimal(4500), Decimal(360), Decimal(0), 0, (("lecture_fee", "approximate"),))
    return Draft((cohort,), placed, (), (Stage.DELIVERY,), cost)


def after(*facts: SchemeFact) -> Scheme:
    scheme = Scheme(ORDER)
    for fact in facts:
        scheme = rules.evolve(scheme, fact)
    return scheme


def drafted() -> Scheme:
    return after(new_version(Scheme(ORDER), a_draft()))


def new_version(scheme, draft):
    return rules.new_version(scheme, draft, TERMS)


def approve(scheme, *, first=None):
    asked = rules.to_sign(scheme, a_draft(), Signatures())
    return rules.approve(scheme, asked, TERMS, first=first, today=TODAY)


def approved() -> Scheme:
    return rules.evolve(drafted(), approve(drafted()))


def confirm(scheme: Scheme, *, first: date | None = None) -> SchemeConfirmed:
    asked = rules.to_sign(scheme, a_draft(), Signatures())
    return rules.confirm(scheme, a_draft().cohorts, asked, scheduled=3, first=first, today=TODAY)


def confirmed() -> Scheme:
    return rules.evolve(approved(), confirm(approved()))


class TestVersions:
    def test_the_first_is_drafted_and_all_later_ones_are_revisions(self):
        first = new_version(Scheme(ORDER), a_draft())
        second = new_version(after(first), a_draft(sessions=2))
        assert isinstance(first, SchemeDrafted)
        assert isinstance(second, SchemeRevised)
        assert (first.version, second.version) == (1, 2)
        assert (first.cohorts, first.sessions, first.class_hours, first.cost) == (1, 3, 9, Decimal(4860))

    def test_a_revision_takes_back_the_approval_of_what_it_changes(self):
        def revised(draft: Draft) -> Scheme:
            return rules.evolve(approved(), new_version(approved(), draft))

        assert revised(a_draft(sessions=2)).state is State.DRAFTED
        other_people = revised(a_draft())
        assert (other_people.state, other_people.version) == (State.APPROVED, 2)

    def test_what_was_declined_is_approved_anew_though_it_is_the_same(self):
        declined = rules.evolve(approved(), rules.decline(approved(), [WHY], version=1, by_enterprise=True))
        assert rules.evolve(declined, new_version(declined, a_draft())).state is State.DRAFTED

    def test_a_version_on_the_desk_leaves_the_one_in_force(self):
        scheme = rules.evolve(confirmed(), new_version(confirmed(), a_draft()))
        assert (scheme.state, scheme.version, scheme.in_force) == (State.DRAFTED, 2, 1)

    def test_an_order_that_cannot_be_planned_is_declined_as_the_version_that_was_tried(self):
        scheme = after(rules.cannot_be_planned(Scheme(ORDER), WHY))
        assert (scheme.state, scheme.version, scheme.hash) == (State.DECLINED, 1, None)


class TestSigning:
    def test_only_the_newest_version_with_its_hash_is_signed(self):
        scheme = drafted()
        assert scheme.hash
        rules.check_named(scheme, Named(1, scheme.hash), ())
        with pytest.raises(Conflict, match=r"scheme\.stale"):
            rules.check_named(scheme, Named(2, scheme.hash), ("times",))
        with pytest.raises(Conflict, match=r"scheme\.another_content"):
            rules.check_named(scheme, Named(1, "0" * 64), ())

    @pytest.mark.parametrize("scheme", [Scheme(ORDER), approved(), confirmed()])
    def test_only_a_draft_is_approved(self, scheme):
        with pytest.raises(Refused, match=r"scheme\.not_drafted"):
            approve(scheme)

    def test_a_draft_with_a_session_without_a_time_is_not_approved(self):
        with pytest.raises(Refused, match=r"scheme\.has_unplaced"):
            approve(replace(drafted(), unplaced=1))

    def test_a_draft_whose_first_day_has_come_is_not_approved(self):
        with pytest.raises(Refused, match=r"scheme\.days_past"):
            approve(drafted(), first=TODAY)

    @pytest.mark.parametrize("scheme", [Scheme(ORDER), drafted(), confirmed()])
    def test_only_what_the_union_approved_is_confirmed(self, scheme):
        with pytest.raises(Refused, match=r"scheme\.not_approved"):
            confirm(scheme)

    def test_a_scheme_whose_first_day_has_come_is_not_confirmed(self):
        with pytest.raises(Refused, match=r"scheme\.days_past"):
            confirm(approved(), first=TODAY)

    def test_the_confirmed_version_is_in_force(self):
        assert (confirmed().state, confirmed().in_force) == (State.CONFIRMED, 1)

    def test_either_side_declines_in_its_turn(self):
        assert rules.decline(drafted(), [WHY], version=1, by_enterprise=False).reason == WHY
        assert rules.decline(approved(), [WHY], version=1, by_enterprise=True).version == 1
        with pytest.raises(Refused, match=r"scheme\.not_approved"):
            rules.decline(drafted(), [WHY], version=1, by_enterprise=True)
        with pytest.raises(Refused, match=r"scheme\.not_drafted"):
            rules.decline(confirmed(), [WHY], version=1, by_enterprise=False)
        with pytest.raises(Conflict, match=r"scheme\.stale"):
            rules.decline(drafted(), [WHY], version=2, by_enterprise=False)


class TestWithdraw:
    def test_what_never_was_or_is_withdrawn_is_not_withdrawn(self):
        withdrawn = rules.withdraw(confirmed(), WHY)
        assert withdrawn == SchemeWithdrawn(order_id=ORDER, version=1, reason=WHY)
        scheme = rules.evolve(confirmed(), withdrawn)
        assert (scheme.state, scheme.in_force) == (State.WITHDRAWN, None)
        assert rules.withdraw(scheme, WHY) is None
        assert rules.withdraw(Scheme(ORDER), WHY) is None


class TestEvolve:
    def test_every_fact_of_a_scheme_makes_a_state(self):
        said = {
            SchemeDrafted, SchemeRevised, SchemeApproved, SchemeConfirmed, SchemeDeclined, SchemeWithdrawn,
            SchemeReminded, SchemeEscalated,
        }  # fmt: skip
        facts = [
            new_version(Scheme(ORDER), a_draft()),
            new_version(drafted(), a_draft()),
            approve(drafted()),
            confirm(approved()),
            rules.decline(drafted(), [WHY], version=1, by_enterprise=False),
            rules.withdraw(confirmed(), WHY),
            rules.remind(drafted(), "smftu"),
            rules.escalate(drafted(), "smftu"),
        ]
        assert {type(fact) for fact in facts} == said
        assert all(isinstance(rules.evolve(Scheme(ORDER), fact), Scheme) for fact in facts)
        with pytest.raises(TypeError):
            rules.evolve(Scheme(ORDER), SessionCancelled(order_id=ORDER, session_id=ORDER, reason=WHY))


class TestHash:
    def test_the_person_and_the_ids_are_outside(self):
        one = a_draft()
        others = (
            a_draft(),  # other people
            a_draft(seed=2),  # other ids
            replace(one, placed=tuple(reversed(one.placed))),
        )
        assert {content.fingerprint(other) for other in others} == {content.fingerprint(one)}

    def test_content_times_places_needs_and_cost_are_inside(self):
        one = a_draft()
        first, *rest = one.placed

        def with_first(**changed) -> Draft:
            placed = replace(first, session=replace(first.session, **changed))
            return replace(one, placed=(placed, *rest))

        others = {
            ("content",): with_first(unit="el5-basics"),
            ("times",): replace(one, placed=(replace(first, band="pm"), *rest)),
            ("places",): with_first(division="350428"),
            ("needs",): with_first(needs=Needs(occupation="6-31-01-03", level="L1")),
            ("cost",): replace(one, cost=replace(one.cost, travel=Decimal(480))),
        }
        hashes = {content.fingerprint(one)}
        for differs, other in others.items():
            assert content.differences(one, other) == differs
            hashes.add(content.fingerprint(other))
        assert len(hashes) == len(others) + 1

    def test_the_same_amount_is_the_same_however_it_is_written(self):
        one = a_draft()
        same = replace(one, cost=replace(one.cost, travel=Decimal("360.000"), lecture_fees=Decimal("4.5E+3")))
        assert content.fingerprint(one) == content.fingerprint(same)


class TestTailor:
    def test_a_session_gets_its_time_and_keeps_its_place_in_the_order(self):
        one = a_draft()
        first = replace(one.placed[0], band="pm")
        changed = content.with_placed(one, [first])
        assert [p.session.position for p in changed.placed] == [1, 2, 3]
        assert changed.placed[0].band == "pm"

    def test_a_session_of_somebody_else_does_not_come_in(self):
        one, stranger = a_draft(), a_draft(seed=2)
        assert content.with_placed(one, stranger.placed) == one

    def test_what_had_no_time_is_no_longer_without(self):
        one = a_draft()
        *rest, last = one.placed
        open_ = replace(one, placed=tuple(rest), unplaced=(Unplaced(last.session, (WHY,)),))
        assert content.with_placed(open_, [last]) == one


class TestTaughtAlready:
    def test_each_session_held_takes_one_of_its_unit_out(self):
        one = a_draft()
        held = [(a_cohort(people=4, seed=9), one.placed[0].session)]
        left = content.without_taught(one, held)
        assert [p.session.position for p in left.placed] == [2, 3]

    def test_not_when_somebody_of_the_cohort_was_not_there(self):
        one = a_draft()
        assert content.without_taught(one, [(a_cohort(people=2, seed=9), one.placed[0].session)]) == one


class TestAVersionOfAPlanForAllOrders:
    OVER = datetime(2026, 9, 5, tzinfo=UTC)
    LATER = Terms(Signatures(), dict.fromkeys(Signer, datetime(2026, 9, 9, 16, tzinfo=UTC)))

    def test_it_gives_the_whole_time_where_the_time_was_over(self):
        scheme = drafted()
        fact = rules.new_version(scheme, a_draft(sessions=2), self.LATER, adopted_at=self.OVER)
        assert (scheme.sign_by, fact.sign_by) == (
            TERMS.sign_by[Signer.UNION],
            self.LATER.sign_by[Signer.UNION],
        )

    def test_time_that_is_left_goes_on_and_by_hand_nobody_gets_more(self):
        scheme, early = drafted(), datetime(2026, 9, 1, tzinfo=UTC)
        for adopted_at in (early, None):
            fact = rules.new_version(scheme, a_draft(sessions=2), self.LATER, adopted_at=adopted_at)
            assert fact.sign_by == scheme.sign_by
