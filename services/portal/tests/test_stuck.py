"""A parked fact is seen where the order is, by those who see every order; a silent service keeps its last word."""

import asyncio
import json
from uuid import UUID

import httpx
import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import AnOrder, id_of

from portal.accounts import commands
from portal.live import Live, Signal
from portal.stuck import Watch

FACT = id_of("poison")
PARK = """
insert into parked (consumer, subject, sender, sequence, id, type, body, reason, error)
values ('portal', $1, 'scheduling', 3, $2, 'scheme.drafted.v1', '{', 'poison', 'ValueError: no such crew')"""


class Heard(Live):
    """What open pages are told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Signal] = []
        self.rang = asyncio.Event()

    def tell(self, told: Signal) -> None:
        self.told.append(told)
        self.rang.set()


class Neighbour:
    """Another service as it answers, or does not."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self.trying: list[dict[str, object]] = []
        self.away = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer token"
        if self.away:
            raise httpx.ConnectError("away")
        told = self.trying if request.url.path == "/trying" else self.rows
        return httpx.Response(200, content=json.dumps(told))

    def parks(self, subject: UUID | str) -> None:
        self.rows = [
            {
                "consumer": "evaluation", "subject": str(subject), "facts": 2, "reason": "poison",
                "since": "2026-05-06T09:00:00+08:00", "type": "session.scheduled.v1", "id": str(FACT),
                "error": "KeyError: 'L9'",
            }
        ]  # fmt: skip


@pytest.fixture
async def looking(portal):
    """A watch on the portal itself and on one neighbour."""
    neighbour, live = Neighbour(), Heard()
    watch = Watch(["evaluation"], lambda _: "http://evaluation", lambda: "token", live)
    state = portal.service.app.state
    before, state.stuck = state.stuck, watch
    async with httpx.AsyncClient(transport=httpx.MockTransport(neighbour.answer)) as client:

        async def look() -> list[Signal]:
            for name in ("portal", "evaluation"):
                await watch.look_at(portal.service, client, name)
                await watch.look_at_work_of(client, name)
            told, live.told = live.told, []
            return told

        yield watch, neighbour, look
    state.stuck = before


@pytest.fixture(scope="module")
async def order(portal):
    an_order = AnOrder("stuck", "2026-0051")
    await portal.deliver(an_order.submitted(), an_order.opened())
    return an_order


async def page_for(portal, role, organisation):
    async with portal.transactions.begin() as tx:
        await commands.make_account(
            tx, f"stuck-{role}", PASSWORD, roles={role}, organisation=organisation, name="x"
        )
    client = await log_in(portal, f"stuck-{role}")

    async def page(path):
        return (await client.get(path, headers={"accept-language": "en"})).text

    return page


@pytest.fixture(scope="module")
async def union_page(portal):
    return await page_for(portal, "union", "smftu")


@pytest.fixture(scope="module")
async def enterprise_page(portal):
    return await page_for(portal, "enterprise", "jinniu")


async def test_what_the_portal_itself_parked_is_told_once_and_shown(portal, looking, order):
    watch, _, look = looking
    assert await look() == []
    async with portal.transactions.begin() as tx:
        await tx.driver.execute(PARK, str(order.order_id), FACT)
    assert await look() == [Signal()]
    assert await look() == [], "told once"
    (one,) = watch.of(order.order_id)
    assert (one.service, one.replay) == ("portal", f"songjiao parked replay portal portal {order.order_id}")
    async with portal.transactions.begin() as tx:
        await tx.driver.execute("delete from parked")
    assert await look() == [Signal()]
    assert watch.of(order.order_id) == ()


async def test_who_hangs_holds_up_nobody_elses_word(portal, order):
    """Real servers: one takes the question and says nothing, the other answers."""
    neighbour = Neighbour()
    neighbour.parks(order.order_id)
    never = asyncio.Event()

    async def hangs(_reader, writer):
        await never.wait()
        writer.close()

    async def answers(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps(neighbour.rows).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    servers = [await asyncio.start_server(each, "127.0.0.1", 0) for each in (hangs, answers)]
    ports = dict(
        zip(("scheduling", "evaluation"), (each.sockets[0].getsockname()[1] for each in servers), strict=True)
    )
    heard = Heard()
    watch = Watch([*ports], lambda name: f"http://127.0.0.1:{ports[name]}", lambda: "token", heard)
    async with asyncio.timeout(3), watch.watching(portal.service):
        await heard.rang.wait()
    assert watch.of(order.order_id)
    never.set()
    for each in servers:
        each.close()


async def test_a_neighbours_parked_fact_marks_the_card_and_the_story_says_what_to_do(
    portal, looking, order, union_page, enterprise_page
):
    _, neighbour, look = looking
    neighbour.parks(order.order_id)
    await look()
    neighbour.away = True
    assert await look() == [], "its last word stands"
    assert ">Stuck<" in await union_page("/board")
    story = await union_page(f"/orders/{order.order_id}/story")
    assert f"songjiao parked show evaluation {FACT}" in story
    assert "KeyError: &#39;L9&#39;" in story
    for path in ("/board", f"/orders/{order.order_id}/story"):
        assert "Stuck" not in await enterprise_page(path), "nobody there can do anything about it"


async def test_what_belongs_to_no_order_is_said_above_the_board(looking, order, union_page):
    _, neighbour, look = looking
    neighbour.parks("jinniu")
    await look()
    assert "songjiao parked list" in await union_page("/board")
    neighbour.rows = []
    await look()
    assert "songjiao parked list" not in await union_page("/board")


async def test_work_that_is_tried_again_marks_the_card_with_its_attempt_until_it_is_done(
    looking, order, union_page, enterprise_page
):
    _, neighbour, look = looking
    job = {
        "kind": "scheme.draft", "key": str(order.order_id), "subject": str(order.order_id), "attempt": 2,
        "since": "2026-05-06T09:00:00+08:00", "again_at": None,
    }  # fmt: skip
    neighbour.trying = [job]
    assert await look() == [Signal()]
    assert await look() == [], "told once"
    neighbour.trying = [job | {"attempt": 3}]
    assert await look() == [Signal()]
    for path in ("/board", f"/orders/{order.order_id}/story"):
        assert "attempt 3" in await union_page(path)
        assert "attempt 3" not in await enterprise_page(path), "nobody there can do anything about it"
    neighbour.trying = []
    assert await look() == [Signal()]
    assert "attempt 3" not in await union_page("/board")
