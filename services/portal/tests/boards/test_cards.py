"""Whose turn it is: the fold of an order's facts into its card. Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from story_of_an_order import START, AnOrder

from contracts.base import Envelope
from contracts.evaluation import SessionDisputed
from contracts.order_intake import OrderLineClosed
from contracts.programme import load
from contracts.scheduling import SchemeDeclined, SchemeRevised, SessionUnplaced
from contracts.values import Clause, ClauseToSign, ServiceLine, Signer, because
from portal.boards.as_time_passes import answered_by, confirmed_by, left_open_on, next_on, turn_on
from portal.boards.cards import Desk, OrderCard, Stage
from portal.boards.progress import board
from portal.boards.schemes import versions_of
from portal.boards.sessions import board as timetable
from servicekit.reactions import cause_of
from servicekit.testing import cause

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[4] / "programmes")


def card_after(*facts, at: datetime = START) -> OrderCard:
    card = None
    for fact in facts:
        if fact.type in board.folds:
            card = board.folds[fact.type](card, fact, cause(subject=fact.subject, time=at))
    assert card is not None
    return card


def turn(card: OrderCard):
    return card.stage, card.waits_for, card.wait


ONE = AnOrder()
DISPATCH = (ONE.submitted(), ONE.accepted(), ONE.drafted(), ONE.approved(), ONE.confirmed(), ONE.scheduled())
TAUGHT = (*DISPATCH, ONE.offered(), ONE.offer_accepted(), ONE.opened(), ONE.closed(), ONE.session_confirmed())


def test_a_certificate_in_the_place_of_another_is_one_with_it():
    again = ONE.reissued("S000035000000264000777", on=date(2026, 7, 2))
    card = card_after(ONE.submitted(), ONE.accepted(), ONE.issued(), *again)
    assert (card.issued, card.revoked) == (1, 0)


class TestWhoseTurn:
    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ([ONE.submitted()], (Stage.ACCEPTED, Desk.UNION, "accept")),
            ([ONE.submitted(), ONE.returned()], (Stage.PLACED, Desk.ENTERPRISE, "mend")),
            (DISPATCH[:2], (Stage.SCHEME, Desk.SYSTEM, "draft")),
            (DISPATCH[:3], (Stage.SCHEME, Desk.UNION, "approve")),
            (DISPATCH[:4], (Stage.SCHEME, Desk.ENTERPRISE, "confirm")),
            (DISPATCH, (Stage.DISPATCH, Desk.SYSTEM, "offer")),
            ([*DISPATCH, ONE.offered()], (Stage.DISPATCH, Desk.COLLEGE, "answer")),
            ([*DISPATCH, ONE.offered(), ONE.offer_taken()], (Stage.DISPATCH, Desk.COLLEGE, "name")),
            ([*DISPATCH, ONE.offered(), ONE.scheduled(2), ONE.offered(2), ONE.offer_taken(2)],
             (Stage.DISPATCH, Desk.COLLEGE, "answer")),
            ([*DISPATCH, ONE.session_called(), ONE.offer_volunteered()], (Stage.DISPATCH, Desk.SYSTEM, "offer")),
            ([*DISPATCH, ONE.unstaffable()], (Stage.DISPATCH, Desk.SYSTEM, "replan")),
            (TAUGHT[:8], (Stage.TEACHING, Desk.RUNNING, "next")),
            (TAUGHT[:9], (Stage.TEACHING, Desk.RUNNING, "teaching")),
            ([*TAUGHT[:8], ONE.missed()], (Stage.DISPATCH, Desk.UNION, "missed")),
            ([*DISPATCH, ONE.unstaffable(), ONE.missed()], (Stage.DISPATCH, Desk.UNION, "missed")),
            ([*TAUGHT[:8], ONE.moved(), ONE.missed()], (Stage.DISPATCH, Desk.SYSTEM, "offer")),
            ([*TAUGHT, ONE.scheduled(2), ONE.session_cancelled(2), ONE.missed(2), ONE.delivered()],
             (Stage.EVALUATION, Desk.UNION, "plan_batch")),
            ([*TAUGHT[:8], ONE.missed(), ONE.moved()], (Stage.DISPATCH, Desk.SYSTEM, "offer")),
            ([*TAUGHT, ONE.scheduled(2), ONE.missed(2), ONE.session_cancelled(2), ONE.delivered()],
             (Stage.EVALUATION, Desk.UNION, "plan_batch")),
            (TAUGHT[:10], (Stage.TEACHING, Desk.ENTERPRISE, "confirm_sessions")),
            ([*TAUGHT, ONE.delivered()], (Stage.EVALUATION, Desk.UNION, "plan_batch")),
            ([*TAUGHT, ONE.delivered(), ONE.planned()], (Stage.EVALUATION, Desk.RUNNING, "assess")),
            ([*TAUGHT, ONE.delivered(), ONE.planned(), ONE.assessed()], (Stage.EVALUATION, Desk.UNION, "post")),
            (ONE.whole()[:-3], (Stage.EVALUATION, Desk.RUNNING, "posted")),
            (ONE.whole()[:-2], (Stage.CERTIFICATES, Desk.UNION, "issue")),
            (ONE.whole()[:-1], (Stage.CERTIFICATES, Desk.SYSTEM, "close")),
            (ONE.whole(), (Stage.CERTIFICATES, Desk.NOBODY, "fulfilled")),
            ([*ONE.whole(), ONE.planned(2)], (Stage.EVALUATION, Desk.RUNNING, "assess")),
            ([*DISPATCH, ONE.offered(), ONE.cancelled()], (Stage.DISPATCH, Desk.NOBODY, "cancelled")),
        ],
    )  # fmt: skip
    def test_follows_from_the_facts(self, facts, expected):
        assert turn(card_after(*facts)) == expected

    def test_every_line_that_asks_for_an_evaluation_gets_its_batch(self):
        """One batch at its end, and nothing planned for the other line: not the system's turn, but the union's."""
        accepted = ONE.accepted()
        lines = [
            accepted.lines[0].model_copy(update={"line": n, "service": ServiceLine.SKILL_EVALUATION})
            for n in (1, 2)
        ]
        facts = [
            each.model_copy(update={"lines": tuple(lines)}) if each.type == accepted.type else each
            for each in ONE.whole()[:-1]
        ]
        assert turn(card_after(*facts)) == (Stage.EVALUATION, Desk.UNION, "plan_batch")

    def test_a_version_with_the_hash_that_is_approved_waits_for_the_enterprise_still(self):
        told = ONE.drafted(2).model_dump() | {"hash": "9f" * 32}
        same, other = SchemeRevised(**told), SchemeRevised(**(told | {"hash": "ab" * 32}))
        assert turn(card_after(*DISPATCH[:4], same)) == (Stage.SCHEME, Desk.ENTERPRISE, "confirm")
        assert card_after(*DISPATCH[:4], same).figures["version"] == 2
        assert turn(card_after(*DISPATCH[:4], other)) == (Stage.SCHEME, Desk.UNION, "approve")
        assert turn(card_after(*DISPATCH[:3], same)) == (Stage.SCHEME, Desk.UNION, "approve")

        def versions(*facts):
            return versions_of([(fact, cause(subject=fact.subject, time=START)) for fact in facts])

        assert [one.state for one in versions(*DISPATCH[2:4], same)] == ["approved", "approved"]
        assert versions(*DISPATCH[2:4], same)[1].signed == "9f" * 32
        assert versions(*DISPATCH[2:4], other)[1].state == "drafted"

    def test_whose_turn_a_version_is_follows_from_who_is_asked_to_sign_it(self):
        def revised(*asked: Signer) -> SchemeRevised:
            clause = ClauseToSign(clause=Clause.TIMES, hash="ab" * 32, signers=asked)
            return SchemeRevised(**(ONE.drafted(2).model_dump() | {"clauses": (clause,), "hash": "ab" * 32}))

        for asked, waits in (
            ((Signer.UNION,), (Stage.SCHEME, Desk.UNION, "approve")),
            ((Signer.UNION, Signer.ENTERPRISE), (Stage.SCHEME, Desk.UNION, "approve")),
            ((Signer.ENTERPRISE,), (Stage.SCHEME, Desk.ENTERPRISE, "confirm")),
            ((), (Stage.SCHEME, Desk.UNION, "approve")),
        ):
            assert turn(card_after(*DISPATCH[:4], revised(*asked))) == waits

    def test_a_version_in_force_stays_so_with_other_pins_only(self):
        same = SchemeRevised(**(ONE.drafted(2).model_dump() | {"only_pins": True}))
        again = SchemeRevised(**ONE.drafted(2).model_dump())
        assert card_after(*DISPATCH, again).scheme.state == "revised"
        before, card = card_after(*DISPATCH), card_after(*DISPATCH, same)
        assert (turn(card), card.scheme.in_force) == (turn(before), True)
        assert (card.scheme.state, card.scheme.version) == ("confirmed", 2)
        told = [(fact, cause(subject=fact.subject, time=START)) for fact in (*DISPATCH, same)]
        assert [(one.version, one.state) for one in versions_of(told)] == [(1, "replaced"), (2, "in_force")]

    def test_an_answered_dispute_is_the_enterprises_turn_again(self):
        disputed = SessionDisputed(
            order_id=ONE.order_id, session_id=ONE.session(), reason=because("session.too_few")
        )
        assert turn(card_after(*TAUGHT[:10], disputed))[1:] == (Desk.UNION, "disputed")
        card = card_after(*TAUGHT[:10], disputed, ONE.corrected(0, 90))
        assert turn(card) == (Stage.TEACHING, Desk.ENTERPRISE, "confirm_sessions")
        anew = card.sessions[str(ONE.session())].closed + timedelta(hours=72)
        assert confirmed_by(card, START, dispute_hours=72).deadline == anew

    def test_a_declined_revision_beside_the_version_in_force_hides_nothing(self):
        declined = SchemeDeclined(order_id=ONE.order_id, version=2, reason=because("scheme.other"))
        facts = [*TAUGHT[:8], declined, ONE.missed()]
        assert turn(card_after(*facts)) == (Stage.DISPATCH, Desk.UNION, "missed")
        first = [*DISPATCH[:3], declined.model_copy(update={"version": 1})]
        assert turn(card_after(*first)) == (Stage.SCHEME, Desk.UNION, "redraft")

    def test_what_no_stage_ends_is_closed_by_the_union(self):
        confirmed = ONE.confirmed(sessions=0).model_copy(update={"stages": (), "by_hand": (1, 2)})
        facts = [*DISPATCH[:4], confirmed]
        assert turn(card_after(*facts)) == (Stage.TEACHING, Desk.UNION, "close_lines")
        closed = [
            OrderLineClosed(order_id=ONE.order_id, line=line, heads=3, closed_on=date(2026, 5, 6))
            for line in (1, 2)
        ]
        card = card_after(*facts, closed[0])
        assert (card.wait, card.figures) == ("close_lines", {"count": 1})
        assert turn(card_after(*facts, *closed)) == (Stage.TEACHING, Desk.SYSTEM, "close")

    def test_the_nearest_answer_is_the_deadline(self):
        early, late = START + timedelta(hours=3), START + timedelta(hours=9)
        card = card_after(*DISPATCH, ONE.scheduled(2), ONE.offered(1, by=late), ONE.offered(2, by=early))
        assert card.deadline == early
        assert card.figures == {"count": 2, "college": "smtc", "others": 0, "firm": 0}

    def test_for_a_place_taken_it_is_waited_until_somebody_is_to_be_named(self):
        until = ONE.start + timedelta(hours=40)
        card = card_after(*DISPATCH, ONE.offered(), ONE.offer_taken(by=until))
        assert card.deadline == until
        assert card.figures == {"count": 1, "college": "smtc", "others": 0, "firm": 0}
        assert card_after(*DISPATCH, ONE.offered(), ONE.offer_taken(), ONE.offer_accepted()).offers == {}

    def test_who_assists_makes_no_session_firm(self):
        card = card_after(*DISPATCH, ONE.offered(), ONE.assistant_accepted())
        assert (card.wait, card.figures["firm"]) == ("answer", 0)
        assert not card.sessions[str(ONE.session())].firm

    def test_a_session_without_a_place_is_the_unions_before_all_else(self):
        unplaced = SessionUnplaced(order_id=ONE.order_id, session_id=ONE.session(), tried=())
        assert turn(card_after(*DISPATCH, ONE.offered(), unplaced))[1:] == (Desk.UNION, "place")

    def test_an_open_call_for_an_unplaced_session_is_the_colleges_turn(self):
        stuck = [*DISPATCH, ONE.unstaffable(), ONE.unplaced()]
        assert turn(card_after(*stuck))[1:] == (Desk.UNION, "place")
        assert turn(card_after(*stuck, ONE.session_called()))[1:] == (Desk.COLLEGE, "answer")
        declined = (ONE.session_called(), ONE.offer_declined(), ONE.unstaffable())
        assert turn(card_after(*stuck, *declined))[1:] == (Desk.SYSTEM, "replan")
        assert turn(card_after(*stuck, *declined, ONE.unplaced()))[1:] == (Desk.UNION, "place")

    def test_an_open_call_for_a_batch_is_the_colleges_turn_until_all_have_answered(self):
        stuck = [*TAUGHT, ONE.delivered(), ONE.planned(), ONE.batch_unstaffable()]
        assert turn(card_after(*stuck)) == (Stage.EVALUATION, Desk.UNION, "batch_unstaffable")
        assert turn(card_after(*stuck, ONE.assessor_called())) == (
            Stage.EVALUATION,
            Desk.COLLEGE,
            "answer",
        )
        again = (ONE.assessor_called(), ONE.assessor_declined(), ONE.batch_unstaffable())
        assert turn(card_after(*stuck, *again))[1:] == (Desk.UNION, "batch_unstaffable")

    def test_a_moved_batch_is_stuck_no_longer(self):
        stuck = [*TAUGHT, ONE.delivered(), ONE.planned(), ONE.batch_unstaffable(), ONE.batch_moved()]
        card = card_after(*stuck)
        assert turn(card) == (Stage.EVALUATION, Desk.RUNNING, "assess")
        assert [change.code for change in card.changes] == ["moved"]
        assert turn(card_after(*stuck, ONE.assessor_offered()))[1:] == (Desk.COLLEGE, "answer")

    def test_a_cancelled_batch_is_to_be_planned_again_and_nobody_need_answer(self):
        ended = [*TAUGHT, ONE.delivered(), ONE.planned(), ONE.assessor_offered(), ONE.batch_cancelled()]
        card = card_after(*ended)
        assert turn(card) == (Stage.EVALUATION, Desk.UNION, "plan_batch")
        assert card.offers == {}
        again = card_after(*ended, ONE.planned(2))
        assert turn(again) == (Stage.EVALUATION, Desk.RUNNING, "assess")
        assert again.figures["candidates"] == 1

    def test_what_was_cancelled_stays_so_when_dispatch_finds_nobody_before_it_has_heard(self):
        batch = [*TAUGHT, ONE.delivered(), ONE.planned(), ONE.batch_cancelled(), ONE.batch_unstaffable()]
        assert turn(card_after(*batch)) == (Stage.EVALUATION, Desk.UNION, "plan_batch")
        session = card_after(*DISPATCH, ONE.session_cancelled(), ONE.unstaffable())
        assert [each.state for each in session.sessions.values()] == ["cancelled"]
        row = None
        for fact in (ONE.scheduled(), ONE.session_cancelled(), ONE.unstaffable()):
            row = timetable.folds[fact.type](row, fact, cause(subject=fact.subject, time=START))
        assert row.state == "cancelled"

    def test_after_an_upheld_objection_the_batch_is_marked_again(self):
        posted = [*ONE.whole()[:-3], ONE.objected()]
        assert turn(card_after(*posted))[1:] == (Desk.UNION, "objection")
        card = card_after(*posted, ONE.upheld())
        assert turn(card) == (Stage.EVALUATION, Desk.RUNNING, "assess")
        assert turn(card_after(*posted, ONE.upheld(), ONE.assessed()))[1:] == (Desk.UNION, "post")

    def test_after_the_posting_days_it_is_time_to_issue(self):
        card = card_after(*ONE.whole()[:-3])
        assert turn_on(card, date(2026, 6, 3)).wait == "posted"
        assert turn(turn_on(card, date(2026, 6, 4))) == (Stage.CERTIFICATES, Desk.UNION, "issue")

    def test_the_next_session_is_one_to_come_and_what_has_begun_unopened_is_counted(self):
        card = card_after(*TAUGHT[:8], ONE.scheduled(2), ONE.offered(2), ONE.offer_accepted(2))
        first, second = (ONE.slot(n).starts_at for n in (1, 2))
        assert next_on(card, first - timedelta(minutes=1)) == card
        begun, over = next_on(card, first), next_on(card, second)
        assert (turn(begun), begun.figures["count"]) == ((Stage.TEACHING, Desk.RUNNING, "late_next"), 1)
        assert begun.figures["starts"] == second.isoformat()
        assert (over.wait, over.figures["count"], "starts" in over.figures) == ("late", 2, False)
        assert next_on(card_after(*TAUGHT[:9]), second).wait == "teaching"

    def test_a_new_order_is_overdue_once_the_promised_day_is_over(self):
        zone = ZoneInfo("Asia/Shanghai")
        new = card_after(ONE.submitted())
        friday = replace(new, since=datetime(2026, 6, 5, 9, tzinfo=zone))
        promised = answered_by(friday, PROGRAMMES, working_days=3, zone=zone)
        assert promised.deadline == datetime(2026, 6, 11, tzinfo=zone)
        mended = replace(friday, wait="mend")
        assert answered_by(mended, PROGRAMMES, working_days=3, zone=zone) == mended

    def test_what_its_lead_left_open_for_days_is_the_unions_to_close(self):
        card = card_after(*TAUGHT[:9])
        late = ONE.slot().ends_at + timedelta(hours=48)
        assert left_open_on(card, late - timedelta(minutes=1), open_late_hours=48) == card
        assert turn(left_open_on(card, late, open_late_hours=48)) == (Stage.TEACHING, Desk.UNION, "left_open")
        assert left_open_on(card_after(*TAUGHT[:10]), late, open_late_hours=48).wait == "confirm_sessions"

    def test_an_enterprise_has_until_the_first_of_its_sessions_is_confirmed_by_silence(self):
        card = card_after(*TAUGHT[:10], ONE.offered(2), ONE.offer_accepted(2), ONE.opened(2), ONE.closed(2))
        first, second = (ONE.slot(n).ends_at + timedelta(hours=72) for n in (1, 2))
        waits = confirmed_by(card, first, dispute_hours=72)
        assert (turn(waits), waits.deadline) == (
            (Stage.TEACHING, Desk.ENTERPRISE, "confirm_sessions"),
            first,
        )
        silent = [
            *TAUGHT[:10],
            ONE.session_confirmed(lapsed=True),
            ONE.offered(2),
            ONE.offer_accepted(2),
            ONE.opened(2),
            ONE.closed(2),
        ]
        assert confirmed_by(card_after(*silent), first, dispute_hours=72).deadline == second
        answered = card_after(*silent, ONE.session_confirmed(2))
        assert confirmed_by(answered, second, dispute_hours=72) == answered

    def test_a_card_from_before_closing_times_were_kept_counts_from_when_the_turn_came(self):
        card = card_after(*TAUGHT[:10])
        key = str(ONE.session())
        old = replace(card, sessions={key: replace(card.sessions[key], closed=None)})
        assert confirmed_by(old, START, dispute_hours=72).deadline == START + timedelta(hours=72)

    def test_waiting_counts_from_when_the_turn_came(self):
        later = START + timedelta(hours=5)
        card = card_after(*DISPATCH)
        again = board.folds[ONE.scheduled(2).type](card, ONE.scheduled(2), cause(time=later))
        assert again.since == START
        offered = board.folds[ONE.offered().type](again, ONE.offered(), cause(time=later))
        assert offered.since == later


class TestCard:
    def test_every_fact_is_one_version(self):
        facts = ONE.whole()
        assert card_after(*facts).version == sum(fact.type in board.folds for fact in facts)

    def test_a_move_is_remembered_as_a_change(self):
        card = card_after(*TAUGHT[:8], ONE.moved())
        assert [change.code for change in card.changes] == ["moved"]
        assert card.changes[0].version == card.version
        assert turn(card)[1:] == (Desk.SYSTEM, "offer")

    def test_a_fact_about_an_order_never_seen_makes_a_card_of_it(self):
        assert card_after(ONE.closed()).sessions[str(ONE.session())].state == "closed"

    def test_the_fold_can_be_done_anew_from_envelopes(self, envelopes_of):
        envelopes = envelopes_of(ONE.whole())
        (again,) = board.folded((each.fact(), cause_of(each)) for each in envelopes).values()
        card = None
        for envelope in envelopes:
            if envelope.type in board.folds:
                card = board.folds[envelope.type](card, envelope.fact(), cause_of(envelope))
        assert again == card


@pytest.fixture
def envelopes_of():
    def made(facts):
        return [
            Envelope.around(fact, id=uuid4(), sequence=n, time=datetime(2026, 5, 6, tzinfo=UTC))
            for n, fact in enumerate(facts, start=1)
        ]

    return made
