"""Surveys in words. Pure."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contracts.programme import load
from portal.desks.surveys.shown import ways_of_asking
from portal.web.names import Names
from portal.web.text import Text

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[3] / "programmes")


def test_a_round_is_offered_of_programmes_that_say_how_they_ask_and_by_their_own_ways():
    [(code, programme)] = PROGRAMMES.programmes.items()
    ways = dict(list(programme.survey_channels.items())[:1])
    others = {
        code: programme,
        "asks-nobody": programme.model_copy(update={"survey_channels": {}}),
        "asks-one-way": programme.model_copy(update={"survey_channels": ways}),
    }
    names = Names(Text("en", ZoneInfo("Asia/Shanghai")), replace(PROGRAMMES, programmes=others), {})
    found = {code: [way for way, _ in ways] for code, _, ways in ways_of_asking(names)}
    assert found == {code: list(programme.survey_channels), "asks-one-way": list(ways)}
