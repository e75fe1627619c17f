"""The facts as they lie on Kafka, from the first to the last."""

from collections.abc import Sequence
from typing import Any

import orjson

from servicekit.from_beginning import read_to_end

RawFact = dict[str, Any]
"""A CloudEvent as it lies on the topic: attributes beside `data`."""


ATTRIBUTES = {"id", "source", "subject", "sequence", "type", "data"}


async def read_all(kafka: str, prefix: str = "") -> list[RawFact]:
    """Every fact of every topic; within a subject in its order. Repeats are still in it.

    A record that is no fact is left out: nobody said it, and every consumer has parked it.
    """
    read = (_read(record.value) for record in await read_to_end(kafka, prefix))
    return [fact for fact in read if fact is not None]


def _read(value: bytes | None) -> RawFact | None:
    try:
        fact = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return None
    return fact if isinstance(fact, dict) and fact.keys() >= ATTRIBUTES else None


def without_repeats(facts: Sequence[RawFact]) -> list[RawFact]:
    """Each fact once, at its first place."""
    first: dict[Any, RawFact] = {}
    for fact in facts:
        first.setdefault(fact.get("id"), fact)
    return list(first.values())
