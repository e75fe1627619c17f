"""What Kafka knows of the consumers: a service is asked for its own partitions, those of a member that just left
belong to nobody for up to its session's time.
"""

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from servicekit.topics import PARTITIONS
from songjiao_cli.chaos.oracle.ledgers import TOPICS_OF
from songjiao_cli.chaos.oracle.world import CONSUMERS


async def untaken(kafka: str) -> int:
    """Facts on the topics that no member of a group has acknowledged. Raises what Kafka raises."""
    reader, admin = AIOKafkaConsumer(bootstrap_servers=kafka), AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        await reader.start()
        await admin.start()
        left = 0
        for service, group in CONSUMERS.items():
            places = [TopicPartition(topic, n) for topic in TOPICS_OF[service] for n in range(PARTITIONS)]
            ends = await reader.end_offsets(places)
            taken = await admin.list_consumer_group_offsets(group)
            left += sum(end - taken[place].offset if place in taken else end for place, end in ends.items())
        return left
    finally:
        await admin.close()
        await reader.stop()
