"""Every door of every service, from the services' own OpenAPI documents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .house import SOMEBODY, House

UNSAFE = ("post", "put", "patch", "delete")
NUMBERS = {"line": "1", "other": "2", "version": "1", "months": "1"}
WORDS = {"consumer": "nobody", "subject": "nothing", "number": "S000035000000264000001",
         "naming": "name", "taking": "take", "saying": "decline",
         "programme": "send-teachers-home"}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """One method at one address of a service; `takes` is the content type of its body, if it has one."""

    service: str
    method: str
    path: str
    takes: str | None = None
    needs_key: bool = False

    def address(self, known: dict[str, str]) -> str:
        """The path with ids of things that exist, as far as the story has them."""
        ids = {**NUMBERS, **WORDS, **known, "order": known.get("order_id", SOMEBODY),
               "offer": known.get("assignment_id", SOMEBODY)}  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda at: ids.get(at[1], ids.get(f"{at[1]}_id", SOMEBODY)), self.path)

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"


def doors(house: House, *services: str) -> Iterator[Door]:
    """All documented doors of these services, or of all."""
    for name in services or tuple(house.services):
        document = house.services[name].service.app.openapi()
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                yield _door(name, method, path, operation)


def changing(house: House, *services: str) -> Iterator[Door]:
    """Those that may change something."""
    return (door for door in doors(house, *services) if door.method.lower() in UNSAFE)


def _door(service: str, method: str, path: str, operation: dict[str, Any]) -> Door:
    body = next(iter(operation.get("requestBody", {}).get("content", {})), None)
    asked = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    return Door(service, method.upper(), path, body, "idempotency-key" in asked)
