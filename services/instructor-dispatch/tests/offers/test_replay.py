"""What the tables say of offers, people and colleges is what the facts say: evolve is total over own facts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.base import all_facts
from contracts.examples import example_of
from contracts.instructor_dispatch import (
    AssignmentFact,
    AssignmentLapsed,
    CollegeFact,
    OrderStaffed,
    PersonFact,
    QualificationFact,
)
from contracts.overrides import OverrideGranted, OverrideWithdrawn
from instructor_dispatch.colleges import commands as colleges
from instructor_dispatch.colleges import rules as college_rules
from instructor_dispatch.instructors import commands as instructors
from instructor_dispatch.instructors import rules as person_rules
from instructor_dispatch.offers import rules, store
from instructor_dispatch.offers.commands import reads, remembering
from instructor_dispatch.overrides import rules as override_rules
from servicekit.testing import cause


async def a_season(dispatch, given):
    """Some of everything that can happen to an offer."""
    await given.college("smtc")
    await given.college("smu")
    people = [await given.person(home=home) for home in ("350404", "350405", "350481")]
    await given.person("smu", level="L4", most_sessions_day=1)
    order = uuid4()
    sessions = [given.session(order, day=day, band=band) for day in range(3) for band in ("am", "pm")]
    await given.confirmed(*sessions)
    await given.accept(await given.offer(sessions[0]))
    await given.decline(await given.offer(sessions[1]))
    offer = await given.offer(sessions[2])
    await given.substitute(offer, next(each for each in people if str(each) != offer["person_id"]))
    await dispatch.deliver(given.moved(sessions[3], slot=given.session(day=9).slot))
    firm = await given.offer(sessions[4])
    await given.accept(firm)
    times = {
        "starts_at": sessions[4].slot.starts_at.isoformat(),
        "ends_at": sessions[4].slot.ends_at.isoformat(),
        "reason": "illness",
    }
    await given.office("smtc").post(f"/instructors/{firm['person_id']}/absences", json=times)
    hopeless = given.session(level="L1")
    await given.confirmed(hopeless)
    call = f"/sessions/{hopeless.session_id}/open-call"
    await given.union.post(call, json={"college_ids": ["smtc", "smu"]})
    await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=25))


async def test_offers_rebuilt_from_facts_are_the_offers_there_are(dispatch, given):
    await a_season(dispatch, given)
    rebuilt = {}
    for fact in await dispatch.facts():
        if isinstance(fact, AssignmentFact):
            rebuilt[fact.assignment_id] = rules.evolve(rebuilt.get(fact.assignment_id), fact)
    async with dispatch.transactions.begin() as tx:
        stored = {offer.assignment_id: offer for offer, _, _ in await reads.offers(tx)}
    assert len(rebuilt) > 8
    assert {each.state.value for each in rebuilt.values()} >= {
        "offered",
        "firm",
        "declined",
        "lapsed",
        "released",
    }
    assert rebuilt == stored


async def test_colleges_and_people_rebuilt_from_facts_are_those_there_are(dispatch, given):
    await a_season(dispatch, given)
    partners, people = {}, {}
    for fact in await dispatch.facts():
        if isinstance(fact, PersonFact):
            people[fact.person_id] = person_rules.evolve(people.get(fact.person_id), fact)
        elif fact.topic.endswith("supply") and not isinstance(fact, QualificationFact):
            partners[fact.subject] = college_rules.evolve(partners.get(fact.subject), fact)
    async with dispatch.transactions.begin() as tx:
        assert {each.college_id: each for each in await colleges.colleges(tx)} == partners
        assert {each.person_id: each for each in await instructors.people(tx, people)} == people


@pytest.mark.parametrize("moved", [False, True])
async def test_a_lapse_folded_after_the_move_that_overtook_it_bars_nobody(dispatch, given, moved):
    await given.college()
    person = await given.person()
    session = given.session(proposed=person)
    await given.confirmed(session)
    (offered,) = await dispatch.facts(session.order_id)
    told = {name: getattr(offered, name) for name in AssignmentLapsed.model_fields if hasattr(offered, name)}
    async with dispatch.transactions.begin() as tx:
        if moved:
            other = given.moved(session, slot=given.session(day=2).slot)
            await remembering.remember_moved(tx, other, cause())
        await dispatch.service.evolution.fold(tx, AssignmentLapsed(**told), cause())
        refusing = await store.pairs(tx, session.session_id)
    assert refusing.lapsed == (frozenset() if moved else {person})


@pytest.mark.rules
@pytest.mark.parametrize(
    "fact", [f for f in all_facts() if f.source == "instructor-dispatch"], ids=lambda f: f.type
)
def test_every_own_fact_is_folded_by_somebody(fact):
    example = fact.model_validate(example_of(fact))
    if isinstance(example, PersonFact):
        assert person_rules.evolve(None, example).person_id == example.person_id
    elif isinstance(example, AssignmentFact):
        offered = next(f for f in all_facts() if f.type == "assignment.offered.v1")
        first = rules.evolve(None, offered.model_validate(example_of(offered)))
        assert rules.evolve(first, example).assignment_id == first.assignment_id
    elif isinstance(example, QualificationFact):  # `tests/instructors/test_ending.py`
        assert example.held.valid_until is not None
    elif isinstance(example, OverrideGranted | OverrideWithdrawn):
        at = datetime(2027, 1, 1, tzinfo=UTC)
        granted = next(f for f in all_facts() if f.type == "override.granted.v1")
        first = override_rules.evolve(None, granted.model_validate(example_of(granted)), by="li", at=at)
        assert override_rules.evolve(first, example, by="li", at=at).override_id == first.override_id
    elif example.topic.endswith("supply"):
        joined = next(f for f in all_facts() if issubclass(f, CollegeFact) and f.type == "college.joined.v1")
        college = college_rules.evolve(None, joined.model_validate(example_of(joined)))
        assert college_rules.evolve(college, example).college_id == college.college_id
    else:  # counted from offers: `offers.commands.staffed`, `offers.commands.choosing`
        assert isinstance(example, OrderStaffed) or example.type.endswith(("unstaffable.v1", "unassisted.v1"))
