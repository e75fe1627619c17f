"""Scheduling on a real database, with teachers who can be proposed, and schemes in the state a test begins with."""

from typing import Any

import pytest

from contracts.order_intake import OrderAccepted
from contracts.scheduling import SessionScheduled
from contracts.values import OrderLine
from scheduling.main import build
from scheduling.settings import Settings
from servicekit.clock import move_clock
from servicekit.testing import Client, ServiceUnderTest, service_on

from .builders import PROGRAMMES, START, an_agreement, an_instructor, an_order_accepted


@pytest.fixture(scope="module")
async def scheduling(database):
    async with service_on(database, build, Settings, programmes=PROGRAMMES) as service:
        async with service.transactions.begin() as tx:
            await move_clock(tx, START)
        await service.deliver(an_agreement(), *(an_instructor() for _ in range(20)))
        yield service


@pytest.fixture(autouse=True)
async def _anew(request):
    if "scheduling" in request.fixturenames:
        await request.getfixturevalue("scheduling").forget()


@pytest.fixture
def union(scheduling) -> Client:
    return scheduling.client("union", organisation="smftu")


@pytest.fixture
def clerk(scheduling) -> Client:
    return scheduling.client("enterprise", organisation="bgzb")


@pytest.fixture
def stranger(scheduling) -> Client:
    return scheduling.client("enterprise", organisation="jinniu")


@pytest.fixture
def given(scheduling) -> "Given":
    return Given(scheduling)


class Given:
    """Brings schemes into a state by the facts and routes that do so in life."""

    def __init__(self, scheduling: ServiceUnderTest) -> None:
        self.scheduling = scheduling
        self.union = scheduling.client("union", organisation="smftu")
        self.clerk = scheduling.client("enterprise", organisation="bgzb")

    async def an_order(self, *lines: OrderLine, **told: Any) -> OrderAccepted:
        """Accepted by the union, its draft not made yet."""
        accepted = an_order_accepted(*lines, **told)
        await self.scheduling.deliver(accepted)
        return accepted

    async def a_draft(self, *lines: OrderLine, **told: Any) -> OrderAccepted:
        """With its first draft."""
        accepted = await self.an_order(*lines, **told)
        await self.scheduling.work_off_jobs()
        return accepted

    async def scheme(self, order: OrderAccepted) -> dict[str, Any]:
        """As the union sees it."""
        answer = await self.union.get(f"/orders/{order.order_id}/scheme")
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    async def named(self, order: OrderAccepted) -> dict[str, Any]:
        """What is signed."""
        scheme = await self.scheme(order)
        return {"version": scheme["version"], "hash": scheme["hash"]}

    async def sign(self, order: OrderAccepted, *, confirm: bool = True) -> None:
        """Approved by the union, and confirmed by the enterprise."""
        named = await self.named(order)
        answer = await self.union.post(f"/orders/{order.order_id}/scheme/approve", json=named)
        assert answer.status_code == 204, answer.text
        if confirm:
            await self.sign_as_enterprise(order)

    async def sign_as_enterprise(self, order: OrderAccepted) -> None:
        """Confirmed, once the union has approved."""
        path, named = f"/orders/{order.order_id}/scheme/confirm", await self.named(order)
        answer = await self.clerk.post(path, json=named)
        assert answer.status_code == 204, answer.text

    async def in_force(self, *lines: OrderLine, **told: Any) -> tuple[OrderAccepted, list[SessionScheduled]]:
        """A confirmed scheme and its sessions, by time; what was said on the way is forgotten."""
        order = await self.a_draft(*lines, **told)
        await self.sign(order)
        scheduled = [
            f for f in await self.scheduling.facts(order.order_id) if isinstance(f, SessionScheduled)
        ]
        await self.scheduling.forget()
        return order, scheduled

    async def sessions(self, order: OrderAccepted) -> dict[str, dict[str, Any]]:
        """The timetable of the order, by session."""
        answer = await self.union.get("/sessions", params={"order_id": str(order.order_id)})
        assert answer.status_code == 200, answer.text
        return {row["session_id"]: row for row in answer.json()}
