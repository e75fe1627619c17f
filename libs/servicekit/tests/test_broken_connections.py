"""A connection to Kafka that was closed, under the loop that services run on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvloop
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from servicekit.broken_connections import tell_as_broken


async def written_when_closed(host, port):
    connection = await create_conn(host, port)
    lost = asyncio.get_running_loop().create_future()
    connection._writer.transport.abort()
    asyncio.get_running_loop().call_soon(lost.set_result, None)
    await lost
    with pytest.raises(KafkaConnectionError):
        await connection.send(MetadataRequest([]))
    assert not connection.connected(), "the next one who asks makes a new one"


def test_what_is_written_to_it_is_told_as_a_broken_connection(servers):
    tell_as_broken()
    host, _, port = servers.kafka.partition(":")
    with ThreadPoolExecutor(1) as other:
        other.submit(lambda: uvloop.run(written_when_closed(host, int(port)))).result(30)
