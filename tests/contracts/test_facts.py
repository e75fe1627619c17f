"""Every fact keeps the rules of the published language, and what is committed is what the code says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator
from pydantic import Field, ValidationError, create_model

from contracts.__main__ import SCHEMAS, problems
from contracts.base import MOST, TOPICS, Envelope, Fact, Value, all_facts
from contracts.examples import EXAMPLES
from contracts.schemas import schema_of
from contracts.values import Code

FACTS = list(all_facts())
MAY_6 = datetime(2026, 5, 6, 2, tzinfo=UTC)
ID_NUMBER = "350428198001011234"
ORGANISATION_FIELDS = {"name", "name_en", "enterprise_name", "issuer"}
CODES_THAT_FIT_EIGHTEEN_DIGITS = {"credit_code"}


def example(fact: type[Fact]) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{fact.type}.json").read_text(encoding="utf-8"))


def envelope(fact: type[Fact]) -> Envelope:
    return Envelope.around(
        fact.model_validate(example(fact)), id=UUID(int=7), sequence=3, time=MAY_6, actor="user-1",
        causationid=UUID(int=6), correlationid="key-0001",
    )  # fmt: skip


def test_what_is_committed_is_what_the_code_says():
    assert problems() == []


def test_no_schema_or_example_lies_about_without_its_fact():
    known = {f"{fact.type}.json" for fact in FACTS}
    assert {path.name for path in SCHEMAS.iterdir()} | {path.name for path in EXAMPLES.iterdir()} == known


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.type)
class TestEveryFact:
    def test_says_what_it_means(self, fact):
        assert fact.__doc__
        assert fact.__doc__.strip().endswith(".") or "." in fact.__doc__

    def test_has_a_past_tense_type_with_a_version_a_topic_and_a_subject(self, fact):
        aggregate, what, version = fact.type.split(".")
        assert aggregate.replace("_", "").isalpha()
        assert what.replace("_", "").isalpha()
        assert version[0] == "v"
        assert version[1:].isdigit()
        assert fact.topic in TOPICS
        assert fact.about in fact.model_fields

    def test_its_example_is_valid_for_the_committed_schema_and_read_back_whole(self, fact):
        schema = json.loads((SCHEMAS / f"{fact.type}.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(example(fact))
        read = fact.model_validate(example(fact))
        assert read.model_dump(mode="json", exclude_unset=True) == example(fact)

    def test_travels_as_a_cloudevent_that_others_can_read(self, fact):
        raw = envelope(fact).to_bytes()
        event = JSONFormat().read(CloudEvent, raw)
        assert event.get_type() == fact.type
        assert event.get_source() == fact.source
        assert event.get_subject() == envelope(fact).subject
        assert fact.model_validate(event.get_data()) == fact.model_validate(example(fact))

    def test_comes_out_of_its_envelope_as_it_went_in(self, fact):
        assert Envelope.from_bytes(envelope(fact).to_bytes()).fact() == fact.model_validate(example(fact))

    def test_an_old_reader_passes_over_fields_it_does_not_know(self, fact):
        assert fact.model_validate({**example(fact), "field_of_tomorrow": 1}) == fact.model_validate(
            example(fact)
        )

    def test_can_hold_no_name_of_a_person_and_no_id_number(self, fact):
        assert list(leaks(schema_of(fact))) == []


class TestTheEnvelope:
    def test_can_hold_no_name_of_a_person_and_no_id_number(self):
        schema = Envelope.model_json_schema(mode="serialization")
        del schema["properties"]["data"]  # the fact
        assert list(leaks(schema)) == []

    @pytest.mark.parametrize(
        "key", [ID_NUMBER, f"worker-{ID_NUMBER}", "王小明的订单", "k" * 129, "two words"]
    )
    def test_leaves_out_a_key_that_is_none(self, key):
        fact = FACTS[0].model_validate(example(FACTS[0]))
        said = Envelope.around(fact, id=UUID(int=7), sequence=1, time=MAY_6, correlationid=key)
        assert said.correlationid is None
        raw = envelope(FACTS[0]).to_bytes().replace(b'"key-0001"', json.dumps(key).encode())
        assert Envelope.from_bytes(raw).correlationid is None, "an old fact is read without it"

    @pytest.mark.parametrize(
        ("trace", "kept"),
        [
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", True),
            (ID_NUMBER, False),
            ("x" * 500, False),
        ],
    )
    def test_carries_a_trace_only_when_it_is_one(self, trace, kept):
        fact = FACTS[0].model_validate(example(FACTS[0]))
        said = Envelope.around(fact, id=UUID(int=7), sequence=1, time=MAY_6, traceparent=trace)
        assert said.traceparent == (trace if kept else None)

    @pytest.mark.parametrize("actor", [ID_NUMBER, "王小明", "k" * 65])
    def test_names_nobody_but_by_an_id(self, actor):
        fact = FACTS[0].model_validate(example(FACTS[0]))
        with pytest.raises(ValidationError, match="actor"):
            Envelope.around(fact, id=UUID(int=7), sequence=1, time=MAY_6, actor=actor)


class Person(Value):
    years: int


PLANTED: dict[str, Any] = {
    "any number": int,
    "a number with a lower bound only": Annotated[int, Field(ge=0)],
    "a number that goes too far": Annotated[int, Field(ge=0, le=10**11)],
    "a number that goes too low": Annotated[int, Field(le=5)],
    "a fraction": float,
    "a decimal": Decimal,
    "a text": str,
    "a text of a length": Annotated[str, Field(max_length=18)],
    "digits": Annotated[str, Field(pattern=r"^[0-9]+$")],
    "anything": Any,
    "a text or nothing": str | None,
    "several texts": tuple[str, ...],
    "numbers by code": dict[Code, int],
    "codes by text": dict[str, Code],
    "codes by number": dict[int, Code],
    "a part that holds one": tuple[Person, ...],
}


@pytest.mark.parametrize("kind", PLANTED.values(), ids=PLANTED)
def test_a_planted_field_is_found(kind):
    """The check can fail: whatever could hold a name or an ID number is named."""
    schema = create_model("Planted", __base__=Value, planted=(kind, ...)).model_json_schema(
        mode="serialization"
    )
    assert [leak for leak in leaks(schema) if leak.startswith("/planted")]


def leaks(schema: Any, at: str = "", root: dict[str, Any] | None = None) -> Iterator[str]:
    """Every place in the schema where a person's name or an ID number could stand, and why."""
    root = root or schema
    while isinstance(schema, dict) and "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if not isinstance(schema, dict) or not {"type", "anyOf", "oneOf", "enum", "const"} & set(schema):
        yield f"{at}: takes anything"
        return
    for part in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from leaks(part, at, root)
    if not {"enum", "const"} & set(schema):
        yield from _leaks_of_a_type(schema, at, root)


def _leaks_of_a_type(schema: dict[str, Any], at: str, root: dict[str, Any]) -> Iterator[str]:
    match schema.get("type"):
        case "string":
            yield from _leaks_of_a_text(schema, at)
        case "integer" | "number":
            if not {"minimum", "maximum"} <= set(schema):
                yield f"{at}: a number without bounds"
            elif any(takes(schema, number) for number in (int(ID_NUMBER), -int(ID_NUMBER), MOST + 1)):
                yield f"{at}: a number that would take an ID number"
        case "array":
            for part in schema.get("prefixItems") or [schema.get("items")]:
                yield from leaks(part, at, root)
        case "object":
            yield from _leaks_of_an_object(schema, at, root)


def _leaks_of_a_text(schema: dict[str, Any], at: str) -> Iterator[str]:
    field = at.rsplit("/", 1)[-1]
    if not {"pattern", "format"} & set(schema) and field not in ORGANISATION_FIELDS:
        yield f"{at}: free text; only organisation names are"
    for number in (ID_NUMBER, ID_NUMBER[:-1] + "X", ID_NUMBER[:6] + ID_NUMBER[8:-1]):
        if takes(schema, number) and field not in ORGANISATION_FIELDS | CODES_THAT_FIT_EIGHTEEN_DIGITS:
            yield f"{at}: would take the ID number {number}"


def _leaks_of_an_object(schema: dict[str, Any], at: str, root: dict[str, Any]) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield from leaks(part, f"{at}/{name}", root)
    for pattern, part in schema.get("patternProperties", {}).items():
        yield from _leaks_of_a_text({"type": "string", "pattern": pattern}, f"{at}/key")
        yield from leaks(part, f"{at}/value", root)
    if "properties" not in schema and "patternProperties" not in schema:
        yield f"{at}: any text may be a key"
    if isinstance(schema.get("additionalProperties"), dict):
        yield from leaks(schema["additionalProperties"], f"{at}/value", root)


def takes(node: dict[str, Any], value: str | int) -> bool:
    if "format" in node:
        return False
    return Draft202012Validator(node).is_valid(value)
