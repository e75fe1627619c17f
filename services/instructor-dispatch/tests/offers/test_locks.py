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
            await tx.driver.execute("truncate person, duty, offer, refused_pair, staffing, reservation, due")
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
            await tx.driver.execute("truncate person, duty, offer, refused_pair, staffing, reservation, due")
