"""One example per fact version: what sender and reader test with. Committed ones are never rewritten."""

import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from contracts.base import Fact

EXAMPLES = Path(__file__).parents[2] / "examples"
"""Folder of the committed examples (in a checkout; an installed service does not need them)."""
PAST = EXAMPLES.parent / "past"
"""Every fact that an earlier example or schema of its type allowed, `<type>.<n>.json`: none is ever taken out."""

SAMPLES: Mapping[str, Any] = {
    "enterprise_id": "jinniu", "credit_code": "91350428MAXXX00156", "name": "福建金牛水泥集团有限公司",
    "name_en": "Fujian Jinniu Cement Group Co., Ltd.", "enterprise_name": "福建金牛水泥集团有限公司",
    "division": "350428", "industry": "cement", "shift_pattern": "4x3", "programme": "send-teachers-home",
    "channel": "visit", "number": "2026-0137", "occupation": "6-31-01-03", "level": "L4", "bands": ["pm"],
    "cohort_sizes": [48], "units": ["electrician-l4-safety"], "unit": "electrician-l4-safety", "crew": "A",
    "crews": ["A", "B"], "letter": "A", "band": "pm", "zone": "Asia/Shanghai", "union_id": "smftu",
    "college_id": "smtc", "kind": "skill_level", "home": "350404", "avoids": ["eve"], "reason_code": "x.y",
    "hash": "9f" * 32, "sha256": "9f" * 32,
    "code": "dispatch.own_exam", "figures": {"day": "2026-05-06", "sessions": 3},
    "receiver": "evaluation", "purpose": "certificates", "check": "7k2m9q", "issuer": "三明技师学院",
    "day": "2026-05-06", "starts_at": "2026-05-06T06:30:00Z", "ends_at": "2026-05-06T09:45:00Z",
    "problem": "no_long_off_job_training", "mark": "82.5", "pass_mark": "60", "cost": "4800.00",
    "subsidy_expected": "72000.00", "joint_number": "2026-0138", "rule": "slot.closed_day",
    "prefers_divisions": ["350404"], "prefers_units": ["electrician-l4-safety"], "calendar": "lessons",
    "check_code": "5f" * 16, "paper": "original", "what": "posting_over", "new_number": "S000035000000264000002",
}  # fmt: skip


def example_of(fact: type[Fact]) -> dict[str, Any]:
    """A whole, valid example of the fact's data, the same at every call."""
    data: dict[str, Any] = _model(fact)
    if "batch_id" in data and data.get("session_id"):
        data.pop("batch_id")  # an assignment is for one of the two
    if fact.type.startswith("certificate."):
        data["number"] = "S000035000000264000001"
    return fact.model_validate(data).model_dump(mode="json", exclude_none=True)


OF_ONE = ("session_id", "batch_id")
"""A fact is about one of the two where it may be about either; no schema says so, the models do."""


def least_of(schema: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Of a whole fact only what this schema of its type asks for: the least that a sender may have said."""
    least: dict[str, Any] = _least(schema, data, schema)
    return least


def _least(schema: Any, value: Any, root: dict[str, Any]) -> Any:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list):
        return [_least(schema.get("items", {}), one, root) for one in value]
    if isinstance(value, dict) and "properties" in schema:
        asked = {*schema.get("required", ()), *OF_ONE}
        told = [name for name in schema["properties"] if name in asked and name in value]
        return {name: _least(schema["properties"][name], value[name], root) for name in told}
    return value


def _model(model: type[BaseModel]) -> dict[str, Any]:
    return {name: _field(name, field) for name, field in model.model_fields.items()}


def _field(name: str, field: FieldInfo) -> Any:
    return _value(name, field.annotation)


def _value(name: str, annotation: Any) -> Any:  # noqa: PLR0911  one line per kind of value
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if name in SAMPLES and not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return SAMPLES[name]
    if origin is typing.Annotated:
        return _value(name, arguments[0])
    if origin in {types.UnionType, typing.Union}:
        return _value(name, next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        return [_value(name, arguments[0])]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation)).value
    if annotation is UUID:
        return str(UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + sum(map(ord, name))))
    plain: dict[Any, Any] = {
        bool: True,
        int: 1,
        Decimal: "1",
        date: "2026-05-06",
        AwareDatetime: "2026-05-06T02:00:00Z",
    }
    return plain.get(annotation, "code-1")
