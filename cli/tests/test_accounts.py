"""Whom the demonstration says one can log in as: somebody for whom something waits, and what it is."""

from datetime import UTC, datetime

import pytest

from songjiao_cli.accounts import NOTHING, Told, desks

pytestmark = pytest.mark.rules
NOW = datetime(2026, 6, 29, tzinfo=UTC)


def an_account(username, person=None):
    return {"username": username, "person_id": person}


def a_card(enterprise, waits_for):
    return {"enterprise_id": enterprise, "waits_for": waits_for}


def sent(person, day, role="lead"):
    return {"person_id": person, "role": role, "slot": {"starts_at": f"2026-07-{day:02}T08:30:00+08:00"}}


def test_of_those_sent_it_is_who_goes_next_and_of_enterprises_the_busiest():
    told = Told(
        accounts=[an_account(name) for name in ("jinniu", "bgzb", "smtc", "smu")]
        + [an_account("smu-7", "a"), an_account("fjwp-10", "b"), an_account("smtc-1", "c")],
        cards=[a_card("bgzb", "enterprise")] * 2 + [a_card("jinniu", "enterprise"), a_card("fjzc", "union")],
        offers=[{"college_id": "smu", "state": "offered"}, {"college_id": "smtc", "state": "agreed"}],
        firm=[
            sent("a", 20), sent("b", 3), sent("a", 2, "assessor"), {**sent("c", 1), "role": "assistant"},
            {**sent("c", 1), "slot": {"starts_at": "2026-06-01T08:30:00+08:00"}},
        ],
        now=NOW,
    )  # fmt: skip
    found = {one.username: one.waits for one in desks(told)}
    assert list(found) == ["smftu", "bgzb", "smu", "fjwp-10", "smu-7"]
    assert found["smftu"] == "1 个订单待办 orders wait: 1"
    assert found["bgzb"] == "2 个订单待办 orders wait: 2"
    assert found["smu"] == "1 个邀约待答 offers wait: 1"
    assert found["fjwp-10"].endswith("2026-07-03 08:30")


def test_where_nothing_waits_it_says_so_and_names_the_usual_ones():
    found = desks(
        Told(accounts=[an_account("smtc-1", "c")], firm=[sent("c", 1)], now=datetime(2027, 1, 1, tzinfo=UTC))
    )
    assert [(one.username, one.waits) for one in found] == [
        (name, NOTHING) for name in ("smftu", "jinniu", "smtc", "smtc-1")
    ]
    assert [one.username for one in desks(Told())] == ["smftu", "jinniu", "smtc"]


def test_of_a_batch_two_assessors_are_named_for_marks_are_seen_by_two():
    accounts = [an_account("smmst-9", "a"), an_account("smmst-7", "b"), an_account("smu-1", "c")]
    firm = [
        sent(one, 2, "assessor") | {"batch_id": batch} for one, batch in (("a", "x"), ("c", "y"), ("b", "x"))
    ]
    found = desks(Told(accounts=accounts, firm=firm, now=NOW))
    assert [one.username for one in found[-2:]] == ["smmst-9", "smmst-7"]


def test_a_session_that_the_page_does_not_show_yet_is_told_as_far_off():
    found = desks(Told(accounts=[an_account("smtc-1", "c")], firm=[sent("c", 25)], now=NOW))
    assert "in over two weeks" in found[-1].waits
