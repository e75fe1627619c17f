"""A sealed fact as an auditor reads it: from its bytes alone."""

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True)
class ReadFact:
    """What the bytes say of themselves."""

    source: str
    subject: str
    sequence: int
    type: str
    time: str
    actor: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return f"fact {self.sequence} ({self.type})"


def read_fact(body: str) -> ReadFact | None:
    """The fact in these bytes, or nothing when there is none."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(told, dict) or not isinstance(told.get("data"), dict):
        return None
    texts = [told.get(name) for name in ("source", "subject", "type", "time")]
    sequence = told.get("sequence")
    if not all(isinstance(text, str) for text in texts) or type(sequence) is not int or sequence < 1:
        return None
    source, subject, type_, time = map(str, texts)
    return ReadFact(source, subject, sequence, type_, time, str(told.get("actor") or ""), told["data"])
