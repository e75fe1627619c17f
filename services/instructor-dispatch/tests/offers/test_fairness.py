"""Fairness over the year: hours, trips, evenings, weekends against the agreed shares, shown and part of the choice."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from contracts.values import Mode
from instructor_dispatch.offers.shares import KINDS, Burden, kinds_of, shares

from ..builders import ELECTRICIAN, SHAXIAN

MACHINIST = "6-18-01-07"
counts = st.integers(0, 60)
burdens = st.builds(Burden, counts, counts, counts, counts, counts)


@pytest.mark.rules
@cases(st.lists(st.tuples(burdens, st.integers(0, 30)), max_size=8))
def test_what_is_fair_adds_up_to_what_there_is(of):
    """To the rounding up of each; and nobody without an agreed share is compared or shared out."""
    keyed = dict(enumerate(of))
    found = shares(keyed)
    assert set(found) == {key for key, (_, weight) in keyed.items() if weight}
    for name in Burden.__slots__:
        total = sum(getattr(has, name) for has, weight in of if weight)
        fair = sum(getattr(each.fair, name) for each in found.values())
        assert total <= fair < total + max(1, len(found))
    assert not found or any(each.over(KINDS) < len(KINDS) for each in found.values())


@pytest.mark.rules
@cases(burdens, st.integers(1, 9), st.integers(2, 5))
def test_who_all_have_their_share_is_nobody_over(has, weight, people):
    found = shares(dict.fromkeys(range(people), (has, weight)))
    assert all(each.over(KINDS) == 0 for each in found.values())


@pytest.mark.rules
def test_what_a_session_is_a_burden_by(book):
    saturday = date(2026, 9, 5)
    assert kinds_of(book.slot(saturday, "eve"), onsite=True) == ("minutes", "trips", "evenings", "weekends")
    assert kinds_of(book.slot(saturday - timedelta(days=1), "am"), onsite=False) == ("minutes",)


async def seen(client, **asked):
    answer = await client.get("/fairness", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_year_shows_hours_trips_evenings_and_weekends_against_the_shares(dispatch, given):
    await given.college("smtc", target=30)
    await given.college("smu", target=10)
    much = await given.person(fair_load=10)
    little = await given.person("smu", fair_load=30)
    nobody = await given.person("smu", level="L5")
    order = uuid4()
    await given.confirmed(
        given.session(order, day=0, band="am", proposed=much),
        given.session(order, day=0, band="pm", proposed=much),
        given.session(order, day=1, band="eve", proposed=much, division=SHAXIAN, enterprise_id="other"),
        given.session(order, day=5, band="pm", proposed=much, mode=Mode.ONLINE),
        given.session(order, day=2, band="pm", proposed=little),
    )
    year = given.monday.year
    view = await seen(given.union, year=year)
    assert (view["year"], year in view["years"]) == (year, True)
    people = {each["person_id"]: each for each in view["people"]}
    has = {name: people[str(much)][name]["has"] for name in Burden.__slots__}
    assert has == {"sessions": 4, "minutes": 3 * 195 + 140, "trips": 2, "evenings": 1, "weekends": 1}
    figures = [people[str(much)]["sessions"][name] for name in ("has", "fair", "percent")]
    assert (people[str(much)]["agreed_percent"], figures) == (25, [4, 2, 200])
    assert people[str(little)]["sessions"] == {"has": 1, "fair": 4, "percent": 25}
    assert people[str(nobody)]["agreed_percent"] is None
    colleges = {each["college_id"]: each for each in view["colleges"]}
    assert (colleges["smtc"]["agreed_percent"], colleges["smtc"]["evenings"]["has"]) == (75, 1)
    mine = await seen(given.office("smu"), year=year)
    assert {each["person_id"] for each in mine["people"]} == {str(little), str(nobody)}
    assert [each["college_id"] for each in mine["colleges"]] == ["smu"]
    assert (
        mine["people"][0]["sessions"]["fair"] is not None or mine["people"][1]["sessions"]["fair"] is not None
    )
    empty = await seen(given.union, year=year - 1)
    assert {each["sessions"]["has"] for each in empty["people"]} == {0}


async def test_the_next_evening_goes_to_who_had_fewer_and_the_offer_says_the_figures(dispatch, given):
    """All else equal; the one with the smaller id would have it otherwise."""
    await given.college(target=1000)
    first, second = sorted([await given.person(fair_load=100), await given.person(fair_load=100)], key=str)
    order = uuid4()
    await given.confirmed(
        *(given.session(order, day=day, band="eve", proposed=first) for day in (0, 1)),
        given.session(order, day=4, band="am", proposed=first),
        *(given.session(order, day=day, band="pm", proposed=second) for day in (2, 3)),
    )
    evening = given.session(day=7, band="eve")
    await given.confirmed(evening)
    offer = await given.offer(evening)
    assert UUID(offer["person_id"]) == second
    (offered,) = await dispatch.facts(evening.order_id, type="assignment.offered.v1")
    (share,) = (each for each in offered.reasons if each.code == "dispatch.share")
    assert (share.figures["evenings"], share.figures["fair_evenings"]) == (0, 1)


async def test_what_was_weighed_is_shown_whoever_looks(dispatch, given):
    """Somebody of another occupation counts among everybody, and not where the occupation is asked for."""
    await given.college(target=1000)
    await given.college("smu")
    electrician = await given.person(fair_load=10)
    machinist = [{"occupation": MACHINIST, "level": "L2", "assessor": False}]
    await given.person("smu", fair_load=30, qualifications=machinist)
    first, second = given.session(day=0, proposed=electrician), given.session(day=1)
    await given.confirmed(first)
    await given.confirmed(second)
    (offered,) = await dispatch.facts(second.order_id, type="assignment.offered.v1")
    (weighed,) = (each for each in offered.reasons if each.code == "dispatch.share")
    assert (weighed.figures["hours"], weighed.figures["fair_hours"]) == (3, 3)
    year = given.monday.year
    for client in (given.union, given.office("smtc")):
        page = await seen(client, year=year, occupation=ELECTRICIAN)
        (shown,) = page["people"]
        assert (shown["agreed_percent"], shown["trips"]["has"], shown["trips"]["fair"]) == (100, 2, 2)
        assert (page["occupation"], page["occupations"]) == (ELECTRICIAN, [MACHINIST, ELECTRICIAN])
    among_everybody = (await seen(given.office("smtc"), year=year))["people"][0]
    assert (among_everybody["agreed_percent"], among_everybody["trips"]["fair"]) == (25, 1)
    answer = await given.union.get(f"/sessions/{second.session_id}/people")
    (can,) = (each for each in answer.json()["people"] if each["place"])
    (again,) = can["weight"]["share"]
    assert again["figures"]["fair_trips"] == 2
