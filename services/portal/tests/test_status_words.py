"""Why a service stopped is said in the reader's language, whatever it wrote down."""

from zoneinfo import ZoneInfo

import pytest

from portal.desks.status.shown import stopped_words
from portal.web.text import Text

ZH, EN = (Text(language, ZoneInfo("Asia/Shanghai")) for language in ("zh", "en"))
BY_ITSELF = "20 subjects parked within a minute, nothing applied between"


@pytest.mark.rules
def test_a_consumer_that_stopped_by_itself_says_so_in_the_readers_words():
    said = stopped_words("排课系统", "scheduling", BY_ITSELF, ZH)
    assert "20 项卡住" in said
    assert "parked" not in said
    assert "20 orders were stuck" in stopped_words("scheduling", "scheduling", BY_ITSELF, EN)


@pytest.mark.rules
def test_what_a_person_wrote_stays_as_it_was_written():
    assert stopped_words("排课系统", "scheduling", "换机器", ZH).endswith("换机器")
