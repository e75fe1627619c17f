"""A change that an old reader or an old fact could not survive is refused."""

import copy

import pytest

from contracts.order_intake import OrderAccepted
from contracts.schemas import incompatibilities, schema_of


@pytest.fixture
def schema():
    return schema_of(OrderAccepted)


def changed(schema, change):
    new = copy.deepcopy(schema)
    change(new)
    return incompatibilities(schema, new)


class TestBadChangesAreRefused:
    def test_a_field_that_falls_away(self, schema):
        def drop(new):
            new["properties"].pop("accepted_on")
            new["required"].remove("accepted_on")

        assert changed(schema, drop) == ["/accepted_on: the field is gone"]

    def test_a_new_field_that_old_facts_lack(self, schema):
        def add(new):
            new["properties"]["priority"] = {"type": "integer"}
            new["required"].append("priority")

        assert changed(schema, add) == ["/priority: is required now, old facts lack it"]

    def test_another_type(self, schema):
        def retype(new):
            new["properties"]["accepted_on"] = {"type": "integer"}

        assert any("'string' became 'integer'" in line for line in changed(schema, retype))

    def test_a_wider_set_of_values_which_old_readers_would_refuse(self, schema):
        def widen(new):
            new["$defs"]["ServiceLine"]["enum"].append("mentoring")

        assert any("4 alternatives became 5" in line for line in changed(schema, widen))

    def test_a_narrower_pattern_which_old_facts_break(self, schema):
        def narrow(new):
            new["properties"]["number"]["pattern"] = r"^\d{4}-\d{4}$"

        assert changed(schema, narrow)

    def test_a_rule_deep_inside_a_line(self, schema):
        def bound(new):
            new["$defs"]["OrderLine"]["properties"]["line"]["maximum"] = 9

        assert changed(schema, bound) == ["/lines/items/line/maximum: 99 became 9"]


class TestGoodChangesPass:
    def test_an_optional_field_more(self, schema):
        def add(new):
            new["properties"]["remark_code"] = {"type": "string", "default": "none"}

        assert changed(schema, add) == []

    def test_other_words(self, schema):
        def reword(new):
            new["description"] = "The union takes the order on."

        assert changed(schema, reword) == []
