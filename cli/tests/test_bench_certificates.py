"""What the bench of certificates says; what it measures is measured by the command itself."""

import re

import pytest

from songjiao_cli.bench import certificates_filled as filled
from songjiao_cli.bench.certificates import Found, rows
from songjiao_cli.bench.certificates_page import page

pytestmark = pytest.mark.rules


def found(**given):
    told = {
        "certificates": 7400,
        "rates": [(60.0, 80.0), (50.0, 90.0)],
        "numbers": 7400,
        "zip_seconds": [9.0],
    }
    return Found(**(told | given))


def test_it_holds_where_every_number_is_there_once_and_half_of_the_runs_reach_the_share():
    assert [row.ok for row in rows(found())] == [True, True, True, True]
    assert not rows(found(rates=[(40.0, 80.0)]))[0].ok
    assert not rows(found(numbers=7399))[1].ok
    assert not rows(found(kills=4, printed_again=1))[2].ok


def test_the_page_says_how_it_was_written():
    told = "\n".join(page(found(kills=4), {"day": "2027-01-01"}))
    assert "bench certificates --kill --proof docs/proof" in re.sub(r"\s+", " ", told)
    assert "| at least 0.6 | yes |" in told


def test_the_people_are_the_same_each_time_and_no_number_is_of_two_orders():
    first, again, second = (
        [filled._sheet(filled.random.Random(at), at * filled.MOST + n) for n in range(1, 40)]
        for at in (0, 0, 1)
    )
    assert first == again
    assert not {each.number for each in first} & {each.number for each in second}
