"""The facts as they lie on Kafka, from the first to the last."""

from collections.abc import Sequence
from typing import Any

import orjson

from servicekit.topics import read_to_end

RawFact = dict[str, Any]
"""A CloudEvent as it lies on the topic: attributes beside `data`."""


async def read_all(kafka: str, prefix: str = "") -> list[RawFact]:
    """Every fact of every topic; within a subject in its order. Repeats are still in it."""
    return [_read(record.value, record.key) for record in await read_to_end(kafka, prefix)]


def _read(value: bytes, key: bytes | None) -> RawFact:
    try:
        fact: RawFact = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {"type": "unreadable", "subject": (key or b"").decode(errors="replace"), "data": {}}
    return fact


def without_repeats(facts: Sequence[RawFact]) -> list[RawFact]:
    """Each fact once, at its first place."""
    return list({fact.get("id"): fact for fact in reversed(facts)}.values())[::-1]
