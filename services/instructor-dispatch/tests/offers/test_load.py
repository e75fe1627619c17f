"""Load in view: the database's figures are those that the facts and the rules give when counted anew."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.instructor_dispatch import AssignmentFact
from contracts.values import Role
from instructor_dispatch.offers import rules
from instructor_dispatch.reservations import commands as reservations
from instructor_dispatch.reservations import rules as reservation_rules

from ..builders import ELECTRICIAN
from .test_replay import a_season


async def seen(client, first: date, last: date, **more):
    answer = await client.get("/load", params={"from": str(first), "to": str(last)} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def some_evenings(given):
    """Two places on one day, with the drive between them, and evenings."""
    order = uuid4()
    person = await given.person(fair_load=4, most_sessions_day=3)
    await given.confirmed(
        given.session(order, day=4, band="am", proposed=person),
        given.session(order, day=4, band="pm", proposed=person, division="350405", enterprise_id="other"),
        given.session(order, day=4, band="eve", proposed=person, division="350405", enterprise_id="other"),
        given.session(order, day=11, band="eve", proposed=person),
    )
    return person


async def recount(dispatch, given, first, last):
    """By person: sessions, firm, minutes, evenings; and by college what is held in all."""
    offers = {}
    for fact in await dispatch.facts():
        if isinstance(fact, AssignmentFact):
            offers[fact.assignment_id] = rules.evolve(offers.get(fact.assignment_id), fact)
    people, held = defaultdict(lambda: [0, 0, 0, 0]), defaultdict(int)
    for each in offers.values():
        if not each.live or each.role is not Role.LEAD or each.person_id is None:
            continue
        held[each.college_id] += 1
        if first <= each.slot.day <= last:
            minutes = (each.slot.ends_at - each.slot.starts_at).seconds // 60
            firm = each.state is rules.OfferState.FIRM
            more = (1, int(firm), minutes, int(each.slot.band == "eve"))
            people[str(each.person_id)] = [
                a + b for a, b in zip(people[str(each.person_id)], more, strict=True)
            ]
    return people, held


async def driven(dispatch, given, person, first, last):
    """By the rule, from what is fixed."""
    clock = given.book.clock
    midnight = [clock.instant(day.toordinal() * 1440) for day in (first, last + timedelta(days=1))]
    async with dispatch.transactions.begin() as tx:
        rows = (await reservations.in_time(tx, [UUID(person)], *midnight))[UUID(person)]
    drives = reservation_rules.drives(UUID(person), rows, given.book)
    return sum((each.ends_at - each.starts_at).seconds // 60 for each in drives)


@pytest.mark.parametrize("days", [(0, 6), (4, 4), (-60, 60)])
async def test_figures_are_those_of_a_recount(dispatch, given, days):
    await a_season(dispatch, given)
    evening = await some_evenings(given)
    first, last = (given.monday + timedelta(days=each) for each in days)
    view = await seen(given.union, first, last)
    people, held = await recount(dispatch, given, first, last)
    assert len(view["people"]) == 5
    for each in view["people"]:
        figures = [each[name] for name in ("sessions", "firm", "minutes", "evenings")]
        assert figures == people[each["person_id"]]
        assert each["minutes_driven"] == await driven(dispatch, given, each["person_id"], first, last)
    (one,) = (each for each in view["people"] if each["person_id"] == str(evening))
    assert one["minutes_driven"] > 0
    assert one["percent_of_fair_load"] == round(100 * one["sessions"] / 4)
    for college in view["colleges"]:
        assert (college["agreed"], college["target"]) == (500, 20)
        assert college["held"] == held[college["college_id"]]
        assert college["left"] == 500 - college["held"]
        own = [each for each in view["people"] if each["college_id"] == college["college_id"]]
        for name in ("sessions", "firm", "minutes", "minutes_driven", "evenings"):
            assert college[name] == sum(each[name] for each in own)


async def test_a_college_sees_itself_only(dispatch, given):
    await a_season(dispatch, given)
    view = await seen(given.office("smu"), given.monday, given.monday)
    assert [each["college_id"] for each in view["colleges"]] == ["smu"]
    assert {each["college_id"] for each in view["people"]} == {"smu"}
    assert (await given.service.client("instructor").get("/load")).status_code == 403


async def test_a_qualification_that_ends_names_the_promises_that_fall_with_it(dispatch, given):
    await given.college()
    person = await given.person(level="L1")
    easy, hard = given.session(level="L4", day=28), given.session(level="L2", day=29)
    before = given.session(level="L2", day=0)
    for each in (easy, hard, before):
        await given.confirmed(each)
        await given.accept(await given.offer(each))
    last_day = given.monday + timedelta(days=14)
    cards = [
        {"occupation": ELECTRICIAN, "level": "L1", "valid_until": str(last_day)},
        {"occupation": ELECTRICIAN, "level": "L4"},
    ]
    told = {"name": "林师傅", "home": "350404", "qualifications": cards}
    assert (await given.office("smtc").put(f"/instructors/{person}", json=told)).status_code == 204
    view = await seen(given.union, given.monday, given.monday, ends_within=60)
    firm = (await given.union.get("/offers", params={"state": "firm"})).json()
    falls = [each["assignment_id"] for each in firm if each["session_id"] == str(hard.session_id)]
    (ends,) = view["qualifications_end"]
    assert (ends["level"], ends["valid_until"], ends["firm_after"]) == ("L1", str(last_day), falls)
    soon = await seen(given.union, given.monday, given.monday, ends_within=1)
    assert soon["qualifications_end"] == []


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2027-05-02", "2027-05-01", "load.ends_before_it_begins"),
        ("2027-01-01", "2029-12-31", "load.too_long"),
        ("2027-02-30", "2027-03-01", "request.invalid"),
        ("9999-12-31", "9999-12-31", "request.invalid"),
    ],
)
async def test_days_that_cannot_be_meant_are_refused(given, first, last, code):
    answer = await given.union.get("/load", params={"from": first, "to": last})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
