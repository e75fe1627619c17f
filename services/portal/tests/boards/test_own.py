"""A college's or a person's part of an order: nothing of anybody else's in card, turn or story. Pure."""

from datetime import timedelta

import pytest
from story_of_an_order import START, AnOrder, id_of

from portal.boards.cards import Desk
from portal.boards.own import Own, is_theirs, own_part
from portal.boards.progress import board
from servicekit.testing import cause

pytestmark = pytest.mark.rules
ONE = AnOrder()
LATER = START + timedelta(hours=30)
CONFIRMED = (ONE.submitted(), ONE.accepted(), ONE.drafted(1, 3), ONE.approved(), ONE.confirmed(sessions=3))
OFFERED = (
    *CONFIRMED, *(ONE.scheduled(n) for n in (1, 2, 3)),
    ONE.offered(1, "smtc", LATER), ONE.offered(2, "smu"), ONE.offered(3, "smu"),
)  # fmt: skip


def own(*numbers: int) -> Own:
    return Own(
        offers=frozenset(str(ONE.assignment(n)) for n in numbers),
        sessions=frozenset(str(ONE.session(n)) for n in numbers),
    )


def part(facts, *numbers: int):
    card = None
    for fact in facts:
        if fact.type in board.folds:
            card = board.folds[fact.type](card, fact, cause(subject=fact.subject, time=START))
    assert card is not None
    return own_part(card, own(*numbers))


class TestOwnPart:
    def test_it_counts_their_own_offers_and_has_their_own_deadline(self):
        card = part(OFFERED, 1)
        assert (card.waits_for, card.wait, card.deadline) == (Desk.COLLEGE, "answer", LATER)
        assert card.figures == {"count": 1, "college": "smtc", "others": 0, "firm": 0}
        assert len(card.sessions) == len(card.offers) == 1
        assert card.scheme.sessions == 0

    def test_whoever_has_answered_waits_for_nobody_elses_answer(self):
        card = part((*OFFERED, ONE.offer_accepted(1)), 1)
        assert (card.waits_for, card.wait, card.deadline) == (Desk.RUNNING, "next", None)
        assert card.figures["sessions"] == 1

    def test_their_part_ends_when_their_sessions_are_confirmed(self):
        taught = (*OFFERED, ONE.offer_accepted(1), ONE.opened(1), ONE.closed(1))
        assert part(taught, 1).waits_for == Desk.ENTERPRISE
        card = part((*taught, ONE.session_confirmed(1)), 1)
        assert (card.waits_for, card.wait, card.figures) == (Desk.NOBODY, "own_done", {"held": 1, "count": 1})

    def test_whoever_declined_has_nothing_left(self):
        card = part((*OFFERED, ONE.offer_declined(1)))
        assert (card.waits_for, card.wait, card.figures) == (Desk.NOBODY, "own_none", {})

    def test_certificates_and_objections_are_not_theirs(self):
        card = part(ONE.whole(), 1)
        assert (card.issued, card.revoked, card.objections, card.batches) == (0, 0, 0, {})
        assert (card.waits_for, card.wait) == (Desk.NOBODY, "fulfilled")

    def test_only_their_own_sessions_turn_violet(self):
        moved = (*OFFERED, ONE.moved(2), ONE.moved(1))
        assert [change.session for change in part(moved, 1).changes] == [str(ONE.session(1))]


class TestStory:
    @pytest.mark.parametrize(
        ("name", "data", "about_them", "theirs"),
        [
            ("order.accepted", {}, False, True),
            ("scheme.confirmed", {}, False, False),
            ("session.scheduled", {"session_id": str(ONE.session(1))}, False, False),
            ("session.moved", {"session_id": str(ONE.session(1))}, False, True),
            ("session.moved", {"session_id": str(ONE.session(2))}, False, False),
            ("assignment.offered", {"session_id": str(ONE.session(1))}, False, False),
            ("assignment.offered", {"session_id": str(ONE.session(2))}, True, True),
            ("results.posted", {"batch_id": str(id_of("batch"))}, False, False),
            ("certificate.issued", {}, False, False),
            ("roster.disclosed", {}, False, False),
            ("roster.revealed", {}, False, False),
            ("order.sung", {}, False, False),
        ],
    )
    def test_a_fact_is_theirs_or_not(self, name, data, about_them, theirs):
        assert is_theirs(name, data, own(1), about_them=about_them) is theirs
