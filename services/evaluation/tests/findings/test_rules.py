"""A finding goes from open over answered to closed, by two people, and every fact folds to the same case."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contracts.refusals import NotAllowed, Refused
from evaluation.findings import rules
from evaluation.findings.checks import Kind
from evaluation.findings.checks.seen import found
from evaluation.findings.rules import State

pytestmark = pytest.mark.rules
NOW = datetime(2027, 3, 8, 4, tzinfo=UTC)
SEEN = found(Kind.LARGE_CLASS, UUID(int=1), sessions=[UUID(int=2)], heads=61, most=60)


def a_case(*, answered_by=None):
    case = rules.raised(rules.raise_(SEEN, NOW))
    if answered_by is None:
        return case
    return rules.evolve(case, rules.answer(case, "college", "finding.entry_wrong", NOW), answered_by)


def test_what_is_raised_is_what_was_found():
    case = a_case()
    assert (case.finding, case.found_at, case.state) == (SEEN, NOW, State.OPEN)
    assert case.finding.finding_id == SEEN.finding_id


def test_it_is_answered_once():
    case = a_case(answered_by="lin")
    assert (case.state, case.asked, case.answered_by) == (State.ANSWERED, "college", "lin")
    assert case.answer.code == "finding.entry_wrong"
    with pytest.raises(Refused, match=r"finding\.not_open"):
        rules.answer(case, "instructor", "finding.cannot_say", NOW)


def test_it_is_closed_by_somebody_else_and_never_unanswered():
    with pytest.raises(Refused, match=r"finding\.not_answered"):
        rules.close(a_case(), "finding.explained", user="wang", at=NOW)
    case = a_case(answered_by="lin")
    with pytest.raises(NotAllowed, match=r"finding\.same_person"):
        rules.close(case, "finding.explained", user="lin", at=NOW)
    closed = rules.evolve(case, rules.close(case, "finding.corrected", user="wang", at=NOW), "wang")
    assert (closed.state, closed.closed_by, closed.ended.code) == (State.CLOSED, "wang", "finding.corrected")
    with pytest.raises(Refused, match=r"finding\.not_answered"):
        rules.close(closed, "finding.explained", user="wang", at=NOW)
