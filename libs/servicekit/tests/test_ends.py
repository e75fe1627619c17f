"""How far the topics reach: asked by many at once, told within one answer's time, or not at all."""

import asyncio
import time
from types import SimpleNamespace

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from contracts.base import ORDERS
from servicekit import ends
from servicekit.ends import Ends
from servicekit.topics import create_topics


async def test_the_next_offset_is_told_also_after_the_connection_was_closed(servers, topic_prefix):
    kafka = servers.kafka
    await create_topics(kafka, topic_prefix)
    place = TopicPartition(f"{topic_prefix}{ORDERS}", 0)
    topics = Ends(SimpleNamespace(kafka=kafka))
    try:
        assert await topics.of([place]) == {place: 0}
        async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
            await producer.send_and_wait(place.topic, b"{}", partition=0)
        assert await topics.of([place]) == {place: 1}
        await topics.stop()
        assert await topics.of([place]) == {place: 1}
    finally:
        await topics.stop()


async def test_whoever_asks_a_silent_kafka_waits_for_one_answer_only(monkeypatch):
    monkeypatch.setattr(ends, "ANSWER_SECONDS", 1.0)

    async def silent(reader, _writer):
        await reader.read()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    topics = Ends(SimpleNamespace(kafka=f"127.0.0.1:{port}"))
    began = time.monotonic()
    asked = await asyncio.gather(
        *(topics.of([TopicPartition("order", 0)]) for _ in range(4)), return_exceptions=True
    )
    assert all(isinstance(answer, Exception) for answer in asked)
    assert time.monotonic() - began < 3
    asking = asyncio.create_task(topics.of([TopicPartition("order", 0)]))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.wait_for(topics.stop(), 5)
    server.close()
