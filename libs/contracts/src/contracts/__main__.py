"""`python -m contracts publish`: write schemas and examples of new versions; `check`: are they current?"""

import json
import sys
from pathlib import Path
from typing import Any

from contracts.base import Fact, all_facts
from contracts.examples import EXAMPLES, PAST, example_of, least_of
from contracts.schemas import incompatibilities, schema_of

SCHEMAS = EXAMPLES.parent / "schemas"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def problems() -> list[str]:
    """What is wrong with the committed schemas and examples, a line each."""
    found = []
    for fact in all_facts():
        path = SCHEMAS / f"{fact.type}.json"
        if not path.exists():
            found.append(f"{fact.type}: has no schema; run `make schemas`")
        else:
            old = json.loads(path.read_text(encoding="utf-8"))
            broken = incompatibilities(old, schema_of(fact))
            found += [f"{fact.type}: {line}; make a new version with an upcast" for line in broken]
            if not broken and path.read_text(encoding="utf-8") != _text(schema_of(fact)):
                found.append(f"{fact.type}: its schema is stale; run `make schemas`")
        if not (EXAMPLES / f"{fact.type}.json").exists():
            found.append(f"{fact.type}: has no example; run `make schemas`")
        elif _least_now(fact) not in past_of(fact.type):
            found.append(f"{fact.type}: its least fact is not kept for the future; run `make schemas`")
    return found


def past_of(type_: str) -> list[dict[str, Any]]:
    """Facts of this type as they could be said at some time, the oldest first."""
    files = sorted(PAST.glob(f"{type_}.*.json"), key=lambda path: int(path.suffixes[-2][1:]))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def keep_past(type_: str, data: dict[str, Any]) -> None:
    """Keep a fact that may have been said: later code is tested with it."""
    kept = past_of(type_)
    if data not in kept:
        _write(PAST / f"{type_}.{len(kept) + 1}.json", data)


def _least_now(fact: type[Fact]) -> dict[str, Any]:
    example = json.loads((EXAMPLES / f"{fact.type}.json").read_text(encoding="utf-8"))
    return least_of(schema_of(fact), example)


def publish() -> list[str]:
    """Write what is missing or stale; a change that old readers could not survive is refused, not written."""
    refused = []
    for fact in all_facts():
        schema, path = schema_of(fact), SCHEMAS / f"{fact.type}.json"
        broken = incompatibilities(json.loads(path.read_text("utf-8")), schema) if path.exists() else []
        refused += [f"{fact.type}: {line}; make a new version with an upcast" for line in broken]
        if not broken:
            _write(path, schema)
        if not (EXAMPLES / f"{fact.type}.json").exists():
            _write(EXAMPLES / f"{fact.type}.json", example_of(fact))
        if not broken:
            keep_past(fact.type, _least_now(fact))
    return refused


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(_text(value), encoding="utf-8")


if __name__ == "__main__":
    lines = publish() if sys.argv[1:] == ["publish"] else problems()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.exit(1 if lines else 0)
