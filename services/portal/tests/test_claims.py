"""Until when a subsidy is claimed: told with the dated rule that says so, or that none is known."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contracts.programme import load
from portal.desks.claims import claim_of, claim_words
from portal.web.text import Text

pytestmark = pytest.mark.rules
RULES = load(Path(__file__).parents[3] / "programmes")
EN = Text("en", ZoneInfo("Asia/Shanghai"))
DAY = date(2027, 3, 1)


def test_the_rule_and_its_source_are_named():
    (rule,) = RULES.rules.subsidy.claim
    told = claim_words(RULES, EN, DAY)
    for word in (f"within {rule.months} months", f"from {rule.since}", "public fact"):
        assert word in told
    assert claim_of(DAY, "L4", RULES, EN) == "2028-03-01"
    assert claim_of(DAY, "L9", RULES, EN) == "", "no allowance is known for this level"


def test_where_the_rule_data_have_none_that_is_said():
    subsidy = RULES.rules.subsidy.model_copy(update={"claim": ()})
    without = replace(RULES, rules=RULES.rules.model_copy(update={"subsidy": subsidy}))
    told = {
        claim_words(without, EN, DAY),
        claim_of(DAY, "L4", without, EN),
        claim_words(RULES, EN, date(2025, 1, 1)),
    }
    assert told == {EN("claim.none")}
