"""The AsyncAPI 3 document of the facts: what a service sends and receives, with the schemas of `schemas.py`.

FastStream describes its subscribers as raw bytes, because facts are parsed inside the batch; so the document
is made from the contracts themselves.
"""

from collections.abc import Iterable
from typing import Any

from contracts.base import TOPICS, Envelope, Fact, all_facts
from contracts.schemas import schema_of


def document(service: str, receives: Iterable[type[Fact]], *, version: str = "0.1.0") -> dict[str, Any]:
    """The document of one service: its own facts as *send*, those it reacts to as *receive*."""
    sends = [fact for fact in all_facts() if fact.source == service]
    known = sorted({*sends, *receives}, key=lambda fact: fact.type)
    operations: dict[str, Any] = {}
    for action, facts in (("send", sends), ("receive", list(receives))):
        for topic in TOPICS:
            messages = sorted(fact.type for fact in facts if fact.topic == topic)
            if messages:
                channel = _channel_id(topic)
                operations[f"{action}_{channel}"] = {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{channel}"},
                    "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
                }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"Songjiao {service}", "version": version},
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            _channel_id(topic): {
                "address": topic,
                "description": "Key: the subject of the fact. Nothing is ever removed.",
                "messages": {
                    fact.type: {"$ref": f"#/components/messages/{fact.type}"}
                    for fact in known
                    if fact.topic == topic
                },
            }
            for topic in TOPICS
            if any(fact.topic == topic for fact in known)
        },
        "operations": operations,
        "components": {"messages": {fact.type: _message(fact) for fact in known}},
    }


def _channel_id(topic: str) -> str:
    return topic.replace(".", "_")


def _message(fact: type[Fact]) -> dict[str, Any]:
    envelope = Envelope.model_json_schema(mode="serialization")
    envelope["properties"]["type"] = {"const": fact.type}
    envelope["properties"]["source"] = {"const": fact.source}
    envelope["properties"]["data"] = _inlined(schema_of(fact))
    return {
        "name": fact.type,
        "title": fact.__name__,
        "summary": (fact.__doc__ or "").strip().split("\n", 1)[0],
        "contentType": "application/cloudevents+json",
        "payload": envelope,
    }


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without `$defs`, so that it stands inside another one."""
    definitions = schema.get("$defs", {})

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                name = node["$ref"].rsplit("/", 1)[1]
                return walk({**definitions[name], **{k: v for k, v in node.items() if k != "$ref"}})
            return {key: walk(value) for key, value in node.items() if key not in {"$defs", "$id", "$schema"}}
        return [walk(item) for item in node] if isinstance(node, list) else node

    inlined: dict[str, Any] = walk(schema)
    return inlined
