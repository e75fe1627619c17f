"""JSON Schema of every fact, and which changes of one neither an old reader nor an old fact could survive."""

from typing import Any

from contracts.base import Fact

Schema = dict[str, Any]
_WORDS = {"title", "description", "examples", "$comment"}


def schema_of(fact: type[Fact]) -> Schema:
    """The JSON Schema (2020-12) of the fact's data, as committed under `libs/contracts/schemas/`."""
    schema = fact.model_json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = f"urn:songjiao:schema:{fact.type}"
    return schema


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Why an old reader could not read a new fact, or a new reader an old fact; empty when both can.

    Allowed: a new field with a default, and other words of description. Refused: a field gone, a new field
    that is required, an existing field of another type, pattern, range or set of values (wider ones too: an
    old reader would refuse what the new one allows).
    """
    return sorted(set(_differences(old, new, old, new, "")))


def _differences(old: Any, new: Any, old_root: Schema, new_root: Schema, at: str) -> list[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [] if old == new else [f"{at or '/'}: {old!r} became {new!r}"]
    found = _field_differences(old, new, at)
    for key in sorted(set(old) | set(new)):
        here = f"{at}/{key}"
        if key in _WORDS or key in {"required", "$defs", "$id", "$schema", "default"}:
            continue
        if key == "properties":
            for name in sorted(set(old[key]) & set(new.get(key, {}))):
                found += _differences(old[key][name], new[key][name], old_root, new_root, f"{at}/{name}")
        elif key not in new or key not in old:
            found.append(f"{here}: a rule of the field {'fell away' if key not in new else 'was added'}")
        elif isinstance(old[key], list) and isinstance(new[key], list):
            found += _list_differences(old[key], new[key], old_root, new_root, here)
        else:
            found += _differences(old[key], new[key], old_root, new_root, here)
    return found


def _field_differences(old: Schema, new: Schema, at: str) -> list[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    found = [f"{at}/{name}: the field is gone" for name in sorted(set(before) - set(after))]
    required_before, required_after = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(required_after - required_before):
        why = "an old fact may lack it" if name in before else "old facts lack it"
        found.append(f"{at}/{name}: is required now, {why}")
    found += [
        f"{at}/{name}: may be absent now, an old reader needs it"
        for name in sorted((required_before - required_after) & set(after))
    ]
    return found


def _list_differences(
    old: list[Any], new: list[Any], old_root: Schema, new_root: Schema, at: str
) -> list[str]:
    if len(old) != len(new):
        return [f"{at}: {len(old)} alternatives became {len(new)}"]
    pairs = enumerate(zip(old, new, strict=True))
    return [line for i, (a, b) in pairs for line in _differences(a, b, old_root, new_root, f"{at}[{i}]")]


def _resolved(schema: Any, root: Schema) -> Any:
    while isinstance(schema, dict) and "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema
