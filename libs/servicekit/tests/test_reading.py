"""Partitions read as one row: up to their ends, or an error when Kafka gives no more."""

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError

from contracts.base import ORDERS
from servicekit import reading
from servicekit.reading import read_merged
from servicekit.topics import create_topics


async def test_whoever_reads_what_never_comes_is_told_after_a_while(servers, topic_prefix, monkeypatch):
    await create_topics(servers.kafka, topic_prefix)
    places = [TopicPartition(f"{topic_prefix}{ORDERS}", n) for n in range(2)]
    async with AIOKafkaProducer(bootstrap_servers=servers.kafka) as producer:
        for place in places:
            await producer.send_and_wait(place.topic, b"{}", partition=place.partition)
    there = dict.fromkeys(places, 1)
    assert len([read async for read in read_merged(servers.kafka, {}, there)]) == 2
    monkeypatch.setattr(reading, "STALLED_SECONDS", 1.0)
    with pytest.raises(KafkaConnectionError, match="no facts came"):
        [read async for read in read_merged(servers.kafka, {}, there | {places[0]: 2})]
