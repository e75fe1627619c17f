"""A ticket: five minutes, three tries, one worker."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.programme import load
from contracts.programme_delivery import ScanRules
from evaluation.delivery import tickets
from evaluation.delivery.tickets import Ticket

from .. import builders as a

pytestmark = pytest.mark.rules
NOON = a.at(a.MONDAY, 12)
PROGRAMMES = Path(__file__).parents[4] / "programmes"
CHEN, LIN, TWIN = (a.a_worker(n) for n in (1, 2, 3))
PEOPLE = {CHEN: "1234", LIN: "567X", TWIN: "0001", a.a_worker(4): "0001"}
FRESH = Ticket(uuid4(), uuid4(), NOON)


LIMITS = ScanRules(
    since=date(2026, 1, 1), code_seconds=15, ticket_minutes=5, tries=3, most_wrong=30, source="invented"
)


def find(digits, ticket=FRESH, *, wrong=0, after=0, limits=LIMITS):
    moment = NOON + timedelta(seconds=after)
    return tickets.find(ticket, digits, PEOPLE, wrong=wrong, at=moment, limits=limits)


def test_other_figures_are_a_row_of_data():
    strict = LIMITS.model_copy(update={"tries": 1, "ticket_minutes": 1, "most_wrong": 2})
    assert find("9999", limits=strict).reason == "sign_in.tries_over"
    assert find("1234", limits=strict, after=60).reason == "sign_in.ticket_expired"
    assert find("1234", limits=strict, wrong=2).reason == "sign_in.tries_over"
    later = strict.model_copy(update={"since": date(2027, 6, 1)})
    rules = load(PROGRAMMES).rules.delivery.model_copy(update={"scan": (later, LIMITS)})
    days = (date(2025, 1, 1), date(2027, 5, 31), date(2027, 6, 1))
    assert [rules.scanning(day).tries for day in days] == [3, 3, 1]


@pytest.mark.parametrize(("digits", "worker"), [("1234", CHEN), ("567X", LIN), ("567x", LIN)])
def test_the_digits_name_one_worker(digits, worker):
    assert find(digits).worker_id == worker
    assert find(digits, after=299).worker_id == worker


@pytest.mark.parametrize("digits", ["", "123", "12345", "１２３４", "12 4", "X234", "abcd", "1234\n", "٠١٢٣"])
def test_what_are_no_four_characters_costs_no_try(digits):
    found = find(digits)
    assert (found.reason, found.ticket) == ("sign_in.four_characters", FRESH)


def test_three_wrong_tries_and_no_more():
    ticket, said = FRESH, []
    for _ in range(4):
        found = find("9999", ticket)
        ticket = found.ticket
        said.append((found.reason, found.figures.get("left")))
    assert said == [("sign_in.not_on_roster", 2), ("sign_in.not_on_roster", 1), ("sign_in.tries_over", 0),
                    ("sign_in.tries_over", None)]  # fmt: skip
    assert find("1234", ticket).reason == "sign_in.tries_over"


def test_five_minutes_and_no_more():
    assert find("1234", after=300).reason == "sign_in.ticket_expired"


def test_a_used_ticket_says_it_again_to_the_same_worker_and_nothing_to_another():
    used = replace(FRESH, worker_id=CHEN, at=NOON)
    assert find("1234", used, after=900).worker_id == CHEN
    assert find("567X", used).reason == "sign_in.ticket_used"


def test_two_with_the_same_ending_are_called_by_name():
    assert find("0001").reason == "sign_in.several_alike"


def test_who_scans_again_and_again_to_guess_is_stopped():
    assert find("1234", wrong=LIMITS.most_wrong).reason == "sign_in.tries_over"
