"""The AsyncAPI document says what the contracts say, and is valid AsyncAPI 3."""

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema

from contracts.asyncapi import document
from contracts.base import TOPICS, all_facts
from contracts.order_intake import OrderAccepted

SENDERS = sorted({fact.source for fact in all_facts()})


@pytest.mark.parametrize("service", SENDERS)
def test_the_document_is_valid_and_names_every_fact_the_service_says(service):
    made = document(service, receives=[OrderAccepted])
    ApplicationSchema.model_validate(made)
    said = {fact.type for fact in all_facts() if fact.source == service}
    listed = {
        message["$ref"].rsplit("/", 1)[1]
        for name, operation in made["operations"].items()
        if name.startswith("send_")
        for message in operation["messages"]
    }
    assert listed == said
    assert {channel["address"] for channel in made["channels"].values()} <= set(TOPICS)


def test_every_reference_in_the_document_leads_somewhere():
    made = document("scheduling", receives=[OrderAccepted])

    def follow(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "$ref":
                    target = made
                    for step in value.removeprefix("#/").split("/"):
                        target = target[step]
                else:
                    follow(value)
        elif isinstance(node, list):
            for item in node:
                follow(item)

    follow(made)
