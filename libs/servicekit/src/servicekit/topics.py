"""The topics of the system on Kafka: made by a set-up step, never by a producer or consumer in passing."""

import logging

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from contracts.base import TOPICS

PARTITIONS = 12
_SETTINGS = {"cleanup.policy": "delete", "retention.ms": "-1"}
"""Nothing is compacted and nothing expires: a new reader begins at the first fact."""

_COPIES = 3
"""Brokers that hold each partition; fewer where there are fewer."""

_logger = logging.getLogger(__name__)


class TopicProblem(RuntimeError):  # noqa: N818  named as it is told
    """A topic is not as the system needs it, and must not be changed by itself."""


async def create_topics(kafka: str, prefix: str = "", partitions: int = PARTITIONS) -> tuple[str, ...]:
    """Make what is missing of the system's topics, each name with `prefix` before it, and return all names.

    Can be called again at any time. Raises `TopicProblem` when a topic has another number of partitions: to
    change it would break the order of facts per subject.
    """
    names = tuple(f"{prefix}{topic}" for topic in TOPICS)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        copies = min(_COPIES, len((await admin.describe_cluster())["brokers"]))
        wanted = [NewTopic(name, partitions, copies, topic_configs=dict(_SETTINGS)) for name in names]
        answer = await admin.create_topics(wanted)
        for name, code, *_ in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise TopicProblem(f"topic {name} cannot be made: {error.__name__} ({error.description})")
        for topic in await admin.describe_topics(list(names)):
            found = len(topic["partitions"])
            if found not in (partitions, 0):  # 0: just made, and not yet told by this broker
                raise TopicProblem(f"topic {topic['topic']} has {found} partitions, not {partitions}")
    finally:
        await admin.close()
    return names


async def drop_topics(kafka: str, prefix: str) -> None:
    """Remove the system's topics that begin with `prefix`, with all facts in them. For tests and resets."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        mine = [name for name in (f"{prefix}{topic}" for topic in TOPICS) if name in there]
        if mine:
            await admin.delete_topics(mine)
            _logger.info("topics removed: %s", ", ".join(mine))
    finally:
        await admin.close()
