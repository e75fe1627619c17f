"""The read model anew: from what was taken and nothing else, while readers see the old one."""

from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from story_of_an_order import AnOrder, college, enterprise, instructor

from contracts.base import ORDERS
from portal.rebuild import rebuild
from portal.settings import Settings
from portal.verify import verify
from servicekit.topics import create_topics

ROWS = "select order_id, version, wait from order_card order by order_id"


@pytest.fixture
async def settings(portal, servers, topic_prefix, monkeypatch):
    """The portal's settings with the module's own database and topics."""
    await create_topics(servers.kafka, topic_prefix)
    monkeypatch.setenv("SONGJIAO_DATABASE_PORTAL", portal.service.database)
    return Settings(
        kafka=servers.kafka, topic_prefix=topic_prefix, programmes=portal.service.settings.programmes
    )


async def on_kafka(settings, envelopes):
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka) as producer:
        for each in envelopes:
            await producer.send_and_wait(
                settings.topic(ORDERS), each.to_bytes(), key=each.subject.encode(), partition=0
            )
        await producer.send_and_wait(settings.topic(ORDERS), b"{no envelope", key=b"x", partition=0)


async def rows(portal):
    async with portal.transactions.begin() as tx:
        return [dict(row) for row in await tx.driver.fetch(ROWS)]


async def test_whatever_was_done_to_the_rows_they_are_as_the_facts_say(portal, settings):
    order, later = AnOrder(), AnOrder("later", "2026-0077")
    facts = [enterprise(), college(), instructor(), *order.whole()]
    envelopes = [portal.envelope(fact) for fact in facts]
    await portal.deliver_raw([(each.subject.encode(), each.to_bytes()) for each in envelopes])
    await on_kafka(settings, [*envelopes, portal.envelope(later.submitted())])
    before = await rows(portal)
    assert before
    async with portal.transactions.begin() as tx:
        await tx.driver.execute("update order_card set wait = 'nonsense'")
        await tx.driver.execute("delete from story_fact")
        await tx.driver.execute("delete from session_row")
    assert await verify(settings) != []
    assert await rebuild(settings) == len(envelopes), "what was not taken yet is not folded"
    assert await rows(portal) == before
    found = await verify(settings)
    assert {UUID(line.split()[1].rstrip(":")) for line in found if line.startswith("order_card")} == {
        later.order_id
    }, "and is told as missing"
