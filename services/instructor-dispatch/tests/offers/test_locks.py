"""What is held is held in one order: orders together, then the choosing, then colleges, then a person.

Every act runs in a transaction of its own at the same moment, by the path it takes in the service, without
the retry around it: a deadlock shows as the error it is.
"""

import asyncio
from uuid import UUID

import pytest

from contracts.refusals import Refused
from contracts.values import because
from instructor_dispatch.main import build
from instructor_dispatch.offers.commands import answers
from instructor_dispatch.settings import Settings
from instructor_dispatch.timers import timers
from servicekit.facts import hold_subject, hold_with
from servicekit.identity import Actor
from servicekit.testing import service_on
from servicekit.timers import Due

from ..conftest import PROGRAMMES

OFFICE = Actor("office", frozenset({"college"}), "smtc", "lock-0001")
ROUNDS = 6
EMPTY = "truncate person, duty, offer, refused_pair, staffing, reservation, due"


@pytest.fixture(scope="module")
async def on_database(database):
    """As elsewhere, with many real connections."""
    async with service_on(
        database, build, Settings, programmes=PROGRAMMES, database_connections=30
    ) as service:
        yield service


async def a_swap(given, senior_of, junior_of, day):
    """Two linked offers of two orders: the senior comes to the hard session, the junior takes the easy one."""
    senior = await given.person(senior_of, level="L2", most_sessions_day=1)
    await given.person(junior_of, level="L4", home="350424")
    easy = given.session(level="L4", band="am", proposed=senior, day=day)
    await given.confirmed(easy)
    await given.accept(await given.offer(easy))
    hard = given.session(level="L2", band="pm", day=day)
    await given.confirmed(hard)
    return easy, hard, await given.offer(easy), await given.offer(hard)


class Meeting:
    """Acts that meet at one moment."""

    def __init__(self, dispatch) -> None:
        self.dispatch = dispatch

    async def command(self, act, offer, *more) -> str:
        try:
            async with self.dispatch.transactions.begin() as tx:
                await act(tx, UUID(offer["assignment_id"]), *more, college_id=offer["college_id"], by=OFFICE)
        except Refused as refused:
            return refused.code
        return "done"

    async def reaction(self, *facts) -> str:
        (consumer,) = self.dispatch.service.consumers.values()
        records = [self.dispatch.envelope(fact) for fact in facts]
        arrived = [
            consumer.reactions.read("test", 0, at, each.subject.encode(), each.to_bytes())
            for at, each in enumerate(records)
        ]
        await consumer.taking.whole(arrived)
        return "done"

    async def deadline(self, offer) -> Due | None:
        async with self.dispatch.transactions.begin() as tx:
            row = await tx.driver.fetchrow(
                "select * from due where kind = 'offer.lapses' and key = $1", offer["assignment_id"]
            )
        return None if row is None else Due.of(row)

    async def lapse(self, offer) -> str:
        due = await self.deadline(offer)
        if due is not None:
            await self.dispatch.service.runner._fire(due)
        return "done"


async def test_a_lapse_that_comes_too_late_waits_for_no_other_order(dispatch, given):
    """It was answered meanwhile: the other half's order is held by somebody who may wait for ours."""
    await given.college("smtc")
    await given.college("smu")
    _, hard, takes_over, _ = await a_swap(given, "smtc", "smu", day=0)
    meeting = Meeting(dispatch)
    due = await meeting.deadline(takes_over)
    await meeting.command(answers.decline, takes_over, because("decline.other"))
    async with dispatch.transactions.begin() as other, asyncio.timeout(10):
        await hold_subject(other, hard.order_id)
        async with dispatch.transactions.begin() as tx:
            await hold_with(tx, [due.subject], timers.bound[due.kind])
            await answers.lapse(tx, UUID(due.key))


async def test_swaps_that_are_answered_moved_and_lapse_at_once_never_wait_for_each_other(dispatch, given):
    await given.college("smtc")
    await given.college("smu")
    meeting = Meeting(dispatch)
    for turn in range(ROUNDS):
        one = await a_swap(given, "smtc", "smu", day=turn % 4)
        other = await a_swap(given, "smu", "smtc", day=turn % 4)
        acts = []
        for easy, hard, takes_over, comes in (one, other):
            acts += [
                meeting.reaction(given.moved(easy, slot=given.session(day=4, band="am").slot)),
                meeting.command(answers.accept, comes, None),
                meeting.reaction(given.moved(hard, slot=given.session(day=4, band="pm").slot)),
                meeting.command(answers.decline, takes_over, because("decline.other")),
                meeting.lapse(takes_over),
                meeting.lapse(comes),
            ]
        outcomes = await asyncio.gather(*acts[turn % 6 :], *acts[: turn % 6])
        assert set(outcomes) <= {"done", "offer.closed"}
        async with dispatch.transactions.begin() as tx:
            await tx.driver.execute(EMPTY)
    async with dispatch.transactions.begin() as tx:
        assert await tx.driver.fetchval("select count(*) from parked") == 0


async def test_a_no_and_a_substitution_that_name_one_person_never_wait_for_each_other(dispatch, given):
    """The one frees the person and asks the whole college; the other holds the college and wants the person."""
    await given.college("smtc")
    meeting = Meeting(dispatch)
    for _ in range(ROUNDS):
        wanted, other = await given.person("smtc"), await given.person("smtc")
        first = given.session(day=0, proposed=wanted)
        second = given.session(day=2, proposed=other)
        await given.confirmed(first)
        await given.confirmed(second)
        no, instead = await given.offer(first), await given.offer(second)
        assert set(
            await asyncio.gather(
                meeting.command(answers.decline, no, because("decline.other")),
                meeting.command(answers.substitute, instead, wanted),
            )
        ) == {"done"}
        async with dispatch.transactions.begin() as tx:
            await tx.driver.execute(EMPTY)


async def standing(dispatch, duty):
    """Who is live for a session or batch: person and state."""
    async with dispatch.transactions.begin() as tx:
        rows = await tx.driver.fetch(
            "select person_id, state from offer where duty_id = $1 and state in ('offered', 'agreed', 'firm')",
            duty,
        )
    return [(str(row["person_id"]), row["state"]) for row in rows]


async def test_both_halves_of_a_swap_accepted_at_one_moment_are_both_firm(dispatch, given):
    """Whoever comes second sees the first: never both agreed and nobody firm, nor anybody released for nothing."""
    await given.college("smtc")
    await given.college("smu")
    meeting = Meeting(dispatch)
    for turn in range(ROUNDS):
        easy, hard, takes_over, comes = await a_swap(given, "smtc", "smu", day=turn % 4)
        both = [takes_over, comes] if turn % 2 else [comes, takes_over]
        outcomes = await asyncio.gather(*(meeting.command(answers.accept, each, None) for each in both))
        assert outcomes == ["done", "done"]
        assert await standing(dispatch, easy.session_id) == [(takes_over["person_id"], "firm")]
        assert await standing(dispatch, hard.session_id) == [(comes["person_id"], "firm")]
        async with dispatch.transactions.begin() as tx:
            await tx.driver.execute(EMPTY)


async def test_two_dispatches_that_need_one_person_for_their_swaps_come_one_after_the_other(dispatch, given):
    """Two seniors could each give an easy session up, and one junior could take over either: one swap, not two."""
    await given.college("smtc")
    await given.college("smu")
    meeting = Meeting(dispatch)
    for turn in range(ROUNDS):
        seniors = [await given.person("smtc", level="L2", most_sessions_day=1) for _ in range(2)]
        await given.person("smu", level="L4", home="350424", most_sessions_day=1)
        for senior in seniors:
            easy = given.session(level="L4", band="am", proposed=senior, day=turn % 4)
            await given.confirmed(easy)
            await given.accept(await given.offer(easy))
        hard = [given.session(level="L2", band="pm", day=turn % 4) for _ in range(2)]
        assert set(await asyncio.gather(*map(meeting.reaction, hard))) == {"done"}
        found = [await standing(dispatch, each.session_id) for each in hard]
        assert sorted(map(len, found)) == [0, 1]
        said = [await dispatch.facts(each.order_id) for each in hard]
        assert sorted(each[-1].type for each in said) == ["assignment.offered.v1", "session.unstaffable.v1"]
        async with dispatch.transactions.begin() as tx:
            held = await tx.driver.fetchval("select count(*) from reservation where state = 'held'")
            await tx.driver.execute(EMPTY)
        assert held == 1


async def test_answers_to_one_call_at_one_moment_have_one_winner(dispatch, given):
    """Three colleges answer a call at once, and once more, while its window ends."""
    targets = {"smtc": 10, "smu": 30, "fjmvc": 20}
    for college, target in targets.items():
        await given.college(college, target=target)
    meeting = Meeting(dispatch)
    for turn in range(ROUNDS):
        session = given.session(day=turn % 4)
        await given.confirmed(session)
        url = f"/sessions/{session.session_id}/open-call"
        await given.union.post(url, json={"college_ids": list(targets)})
        offers = {each["college_id"]: each for each in await given.open_offers(session.session_id)}
        people = {college: await given.person(college) for college in targets}
        acts = [
            meeting.command(answers.accept, offers[college], people[college])
            for college in ("smtc", "smu", "fjmvc", "smtc", "smu", "fjmvc")
        ]
        outcomes = await asyncio.gather(*acts[turn:], *acts[:turn])
        assert sorted(outcomes) == ["done"] * 3 + ["offer.closed"] * 3
        assert await standing(dispatch, session.session_id) == [(str(people["smu"]), "firm")]
        async with dispatch.transactions.begin() as tx:
            assert await tx.driver.fetchval("select count(*) from reservation") == 1
            assert await tx.driver.fetchval("select count(*) from due where kind = 'call.decides'") == 0
            await tx.driver.execute(EMPTY)
