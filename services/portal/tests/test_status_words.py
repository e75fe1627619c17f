"""Why a service stopped is said in the reader's language, whatever it wrote down."""

from zoneinfo import ZoneInfo

import pytest

from portal.desks.status.shown import stopped_words
from portal.web.text import Text

ZH, EN = (Text(language, ZoneInfo("Asia/Shanghai")) for language in ("zh", "en"))
BY_ITSELF = "nothing_applied"


@pytest.mark.rules
def test_a_consumer_that_stopped_by_itself_says_so_in_the_readers_words():
    said = stopped_words("排课系统", "scheduling", BY_ITSELF, ZH)
    assert "没有一条处理成功" in said
    assert BY_ITSELF not in said
    assert "none was applied between" in stopped_words("scheduling", "scheduling", BY_ITSELF, EN)


@pytest.mark.rules
def test_what_a_person_wrote_stays_as_it_was_written():
    assert stopped_words("排课系统", "scheduling", "换机器", ZH).endswith("换机器")
