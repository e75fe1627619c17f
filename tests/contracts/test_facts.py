"""Every fact keeps the rules of the published language, and what is committed is what the code says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator

from contracts.__main__ import SCHEMAS, problems
from contracts.base import TOPICS, Envelope, Fact, all_facts
from contracts.examples import EXAMPLES
from contracts.schemas import schema_of

FACTS = list(all_facts())
MAY_6 = datetime(2026, 5, 6, 2, tzinfo=UTC)


def example(fact: type[Fact]) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{fact.type}.json").read_text(encoding="utf-8"))


def envelope(fact: type[Fact]) -> Envelope:
    return Envelope.around(
        fact.model_validate(example(fact)), id=UUID(int=7), sequence=3, time=MAY_6, actor="user-1",
        causationid=UUID(int=6), correlationid="key-1",
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
        free = [at for at, node in strings(schema_of(fact)) if is_free_text(node)]
        named = [at for at in free if at.rsplit("/", 1)[-1] not in ORGANISATION_FIELDS]
        assert named == [], "only organisation names are free text"
        id_number = "350428198001011234"
        for at, node in strings(schema_of(fact)):
            if at.rsplit("/", 1)[-1] not in {*ORGANISATION_FIELDS, *CODES_THAT_FIT_EIGHTEEN_DIGITS}:
                assert not takes(node, id_number), f"{at} would take an ID number"


ORGANISATION_FIELDS = {"name", "name_en", "enterprise_name", "issuer"}
CODES_THAT_FIT_EIGHTEEN_DIGITS = {"credit_code"}


def strings(schema: dict[str, Any], at: str = "", root: dict[str, Any] | None = None) -> Iterator[Any]:
    """Every place in the schema where a text may stand."""
    root = root or schema
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if schema.get("type") == "string":
        yield at, schema
    for name, part in schema.get("properties", {}).items():
        yield from strings(part, f"{at}/{name}", root)
    for key in ("anyOf", "oneOf", "prefixItems"):
        for part in schema.get(key, []):
            yield from strings(part, at, root)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from strings(schema[key], at, root)


def is_free_text(node: dict[str, Any]) -> bool:
    return not ({"pattern", "format", "enum", "const"} & set(node))


def takes(node: dict[str, Any], text: str) -> bool:
    if {"format", "enum", "const"} & set(node):
        return False
    return Draft202012Validator(node).is_valid(text)
