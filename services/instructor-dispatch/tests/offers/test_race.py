"""Many at once: exactly one wins, nobody is in two places, quotas hold, and nothing waits for ever."""

import asyncio
import random
from uuid import UUID

import pytest

from contracts.instructor_dispatch import Away
from contracts.refusals import Refused
from contracts.values import because
from instructor_dispatch.main import build
from instructor_dispatch.offers.commands import absences, answers
from instructor_dispatch.settings import Settings
from servicekit.identity import Actor
from servicekit.testing import service_on

from ..builders import Given
from ..conftest import PROGRAMMES

OFFICE = Actor("office", frozenset({"college"}), "smtc", "race-0001")
CONNECTIONS = 40


@pytest.fixture(scope="module")
async def on_database(database):
    """As elsewhere, with many real connections."""
    async with service_on(
        database, build, Settings, programmes=PROGRAMMES, database_connections=CONNECTIONS
    ) as service:
        yield service


class Contest:
    """One instructor everybody wants at the same time: calls that are open, and offers to be substituted."""

    def __init__(self, dispatch, given: Given) -> None:
        self.dispatch, self.given = dispatch, given
        self.contested: UUID
        self.calls: list[UUID] = []
        self.substitutions: list[UUID] = []

    async def prepare(self, calls: int, substitutions: int) -> None:
        """Sessions at one time; the contested instructor comes to the list last, so that nobody was asked for him."""
        given = self.given
        await given.college()
        asked = [given.session() for _ in range(calls)]
        for session in asked:
            await given.confirmed(session)
            url = f"/sessions/{session.session_id}/open-call"
            answer = await given.union.post(url, json={"college_ids": ["smtc"]})
            self.calls += map(UUID, answer.json()["assignment_ids"])
        for _ in range(substitutions):
            session = given.session(proposed=await given.person())
            await given.confirmed(session)
            self.substitutions.append(UUID((await given.offer(session))["assignment_id"]))
        self.contested = await given.person()

    async def once(self, assignment: UUID) -> str:
        """One attempt, in a transaction of its own; its outcome."""
        try:
            async with self.dispatch.transactions.begin() as tx:
                act = answers.accept if assignment in self.calls else answers.substitute
                await act(tx, assignment, self.contested, college_id="smtc", by=OFFICE)
        except Refused as refused:
            return refused.code
        return "won"

    async def run(self, attempts: int, seed: int) -> list[str]:
        """So many attempts at once, in an order by the seed, over all connections."""
        chance = random.Random(seed)
        targets = chance.choices([*self.calls, *self.substitutions], k=attempts)
        gate = asyncio.Semaphore(CONNECTIONS)

        async def attempt(assignment: UUID) -> str:
            async with gate:
                return await self.once(assignment)

        return await asyncio.gather(*(attempt(each) for each in targets))

    async def check(self, outcomes: list[str]) -> None:
        """One winner; the table, the facts and the offers agree about it."""
        assert outcomes.count("won") == 1, outcomes
        assert set(outcomes) <= {
            "won",
            "person.cannot_come",
            "person.taken",
            "offer.closed",
            "offer.same_person",
        }
        assert await self.given.reserved(self.contested) == [("session", "firm")]
        said = [
            each
            for each in await self.dispatch.facts()
            if each.type in ("assignment.accepted.v1", "assignment.substituted.v1")
        ]
        assert [each.person_id for each in said] == [self.contested]


@pytest.mark.parametrize("seed", range(20))
async def test_one_of_many_who_want_the_same_instructor_wins(dispatch, given, seed):
    contest = Contest(dispatch, given)
    await contest.prepare(calls=3, substitutions=3)
    await contest.check(await contest.run(50, seed))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(20))
async def test_one_of_a_thousand_wins(dispatch, given, seed):
    contest = Contest(dispatch, given)
    await contest.prepare(calls=5, substitutions=15)
    await contest.check(await contest.run(1000, seed))


async def test_a_colleges_weekly_quota_holds_when_many_calls_are_answered_at_once(dispatch, given):
    await given.college(week=3)
    calls = []
    for at in range(8):
        session = given.session(day=at % 5, band=("am", "pm")[at % 2])
        await given.confirmed(session)
        url = f"/sessions/{session.session_id}/open-call"
        answer = await given.union.post(url, json={"college_ids": ["smtc"]})
        calls += map(UUID, answer.json()["assignment_ids"])
    people = [await given.person() for _ in calls]

    async def answer_call(assignment, person):
        try:
            async with dispatch.transactions.begin() as tx:
                await answers.accept(tx, assignment, person, college_id="smtc", by=OFFICE)
        except Refused as refused:
            return refused.parameters["rule"]
        return "won"

    outcomes = await asyncio.gather(*map(answer_call, calls, people))
    assert sorted(outcomes) == ["college.quota_week"] * 5 + ["won"] * 3


async def test_two_dispatches_at_once_do_not_ask_for_one_person_twice(dispatch, given):
    """Twelve sessions at one time are declined at the same moment; whoever is free is asked for one of them."""
    await given.college()
    first = [await given.person() for _ in range(12)]
    sessions = [given.session(proposed=each) for each in first]
    for session in sessions:
        await given.confirmed(session)
    for _ in range(6):
        await given.person()
    offers = [UUID((await given.offer(each))["assignment_id"]) for each in sessions]
    await dispatch.forget()

    async def say_no(assignment):
        async with dispatch.transactions.begin() as tx:
            await answers.decline(tx, assignment, because("decline.other"), college_id="smtc", by=OFFICE)

    await asyncio.gather(*map(say_no, offers))
    async with dispatch.transactions.begin() as tx:
        rows = await tx.driver.fetch("select person_id, state from offer where state = 'offered'")
        held = await tx.driver.fetchval("select count(*) from reservation where kind = 'session'")
    asked = [row["person_id"] for row in rows]
    assert len(asked) == len(set(asked)) == held == 12


async def test_illness_declines_and_answers_at_once_end_without_waiting_for_each_other(dispatch, given):
    """What is held is held in one order: no deadlock, whatever meets whatever."""
    await given.college("smtc")
    people = [await given.person() for _ in range(8)]
    sessions = [
        given.session(day=day, band=band, proposed=person)
        for person, (day, band) in zip(people, [(d, b) for d in range(4) for b in ("am", "pm")], strict=True)
    ]
    for session in sessions:
        await given.confirmed(session)
    offers = {each.session_id: UUID((await given.offer(each))["assignment_id"]) for each in sessions}

    async def attempt(act):
        try:
            async with dispatch.transactions.begin() as tx:
                await act(tx)
        except Refused as refused:
            return refused.code
        return "done"

    def ill(person, session):
        away = Away(starts_at=session.slot.starts_at, ends_at=session.slot.ends_at)
        return lambda tx: absences.register_absence(tx, person, away, college_id="smtc", by=OFFICE)

    def accept(session):
        return lambda tx: answers.accept(tx, offers[session.session_id], None, college_id="smtc", by=OFFICE)

    def decline(session):
        return lambda tx: answers.decline(
            tx, offers[session.session_id], because("decline.other"), college_id="smtc", by=OFFICE
        )

    acts = [
        *(ill(person, session) for person, session in zip(people, sessions, strict=True)),
        *map(accept, sessions),
        *map(decline, sessions),
    ]
    random.Random(7).shuffle(acts)
    outcomes = await asyncio.gather(*map(attempt, acts))
    assert set(outcomes) <= {"done", "offer.closed"}
    async with dispatch.transactions.begin() as tx:
        twice = await tx.driver.fetchval(
            "select count(*) from reservation a join reservation b on a.person_id = b.person_id"
            " and a.reservation_id < b.reservation_id and a.during && b.during"
        )
        loose = await tx.driver.fetchval(
            "select count(*) from offer o where o.state in ('offered', 'firm') and o.person_id is not null"
            " and not exists (select 1 from reservation r where r.assignment_id = o.assignment_id"
            " and r.person_id = o.person_id and (r.state = 'firm') = (o.state = 'firm'))"
        )
    assert (twice, loose) == (0, 0)
