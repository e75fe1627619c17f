"""Places taken, reminders and calls that are decided come back from the facts: rows, holds and deadlines alike."""

from datetime import timedelta

from contracts.instructor_dispatch import AssignmentFact, InstructorUnavailable
from servicekit.db import Cause

TABLES = {
    "offer": "select * from offer order by assignment_id",
    "reservation": "select person_id, during, kind, state, assignment_id from reservation order by person_id, during",
    "due": "select kind, key, subject, due from due where kind <> 'duty.again' order by kind, key",
    "refused_pair": "select * from refused_pair order by duty_id, person_id",
}


async def rows(dispatch):
    async with dispatch.transactions.begin() as tx:
        found = {name: await tx.driver.fetch(query) for name, query in TABLES.items()}
    return {
        name: [{key: value for key, value in row.items() if key != "version"} for row in table]
        for name, table in found.items()
    }


async def folded_again(dispatch):
    """The tables of offers are lost, and what their facts say is all there is."""
    async with dispatch.transactions.begin() as tx:
        await tx.driver.execute("truncate offer, due, refused_pair, reservation")
    for envelope in await dispatch.envelopes():
        fact = envelope.fact()
        if not isinstance(fact, AssignmentFact | InstructorUnavailable):
            continue
        async with dispatch.transactions.begin() as tx:
            tx.as_of = envelope.time
            named = Cause(
                envelope.id,
                envelope.source,
                envelope.type,
                envelope.subject,
                envelope.sequence,
                envelope.time,
            )
            await dispatch.service.evolution.fold(tx, fact, named)


async def take(given, offer):
    url = f"/offers/{offer['assignment_id']}/take"
    assert (await given.office(offer["college_id"]).post(url)).status_code == 200


async def called(given, session, colleges, *answers):
    """A call to both colleges, with these answers."""
    url = f"/sessions/{session.session_id}/open-call"
    answer = await given.union.post(url, json={"college_ids": list(colleges)})
    assert answer.status_code == 201, answer.text
    offers = {each["college_id"]: each for each in await given.open_offers(session.session_id)}
    for college in answers:
        person = await given.person(college, level="L1")
        answer = await given.accept(offers[college], person_id=str(person))
        assert answer.status_code == 200, answer.text


async def test_what_was_taken_reminded_volunteered_and_decided_is_there_again(dispatch, given):
    colleges = {"smtc": 10, "smu": 30, "fjmvc": 20}
    for college, target in colleges.items():
        await given.college(college, target=target)
    first, second = (given.session(day=day, level="L1") for day in range(2))
    await given.confirmed(first)
    people = [await given.person() for _ in range(3)]
    taken = [given.session(day=2 + at, proposed=person) for at, person in enumerate(people)]
    for session in taken:
        await given.confirmed(session)
        await take(given, await given.offer(session))
    times = {
        "starts_at": taken[1].slot.starts_at.isoformat(),
        "ends_at": taken[1].slot.ends_at.isoformat(),
        "reason": "illness",
    }
    await called(given, first, colleges, "smtc", "smu")
    await dispatch.fire_deadlines(await dispatch.now() + timedelta(hours=37))
    await given.office("smtc").post(f"/instructors/{people[1]}/absences", json=times)
    await given.confirmed(second)
    while offers := await given.open_offers(second.session_id):
        await given.decline(offers[0])
    await called(given, second, colleges, "smtc", "smu")
    lived = await rows(dispatch)
    assert {each["state"] for each in lived["offer"]} >= {
        "taken",
        "volunteered",
        "firm",
        "released",
        "offered",
    }
    assert {each["kind"] for each in lived["due"]} >= {"offer.lapses", "call.decides"}

    assert "assignment.reminded.v1" in {each.type for each in await dispatch.envelopes()}
    await folded_again(dispatch)
    again = await rows(dispatch)
    for name, table in lived.items():
        assert again[name] == table, name
