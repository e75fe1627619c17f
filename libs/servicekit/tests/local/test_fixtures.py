import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from servicekit.topics import create_topics


class TestServersOfARun:
    async def test_a_module_has_an_empty_database_of_its_own(self, database):
        connection = await asyncpg.connect(database)
        assert (
            await connection.fetchval(
                "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
            )
            == 0
        )
        assert await connection.fetchval("show server_version") == "18.1"
        await connection.close()

    async def test_topics_are_made_once_and_keep_everything(self, servers, topic_prefix):
        names = await create_topics(servers.kafka, topic_prefix, partitions=3)
        assert await create_topics(servers.kafka, topic_prefix, partitions=3) == names
        producer = AIOKafkaProducer(
            bootstrap_servers=servers.kafka, enable_idempotence=True, compression_type="lz4"
        )
        await producer.start()
        await producer.send_and_wait(names[0], b"fact", key=b"subject")
        await producer.stop()
        consumer = AIOKafkaConsumer(names[0], bootstrap_servers=servers.kafka, auto_offset_reset="earliest")
        await consumer.start()
        assert (await consumer.getone()).value == b"fact"
        await consumer.stop()
