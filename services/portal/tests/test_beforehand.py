"""From when a session can be opened and closed is said before anybody presses."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from contracts.values import Slot
from portal.desks.instructor.beforehand import beforehand
from portal.web.text import Text

pytestmark = pytest.mark.rules
ENDS = datetime(2027, 3, 8, 12, 50, tzinfo=UTC)
LIMITS = SimpleNamespace(close_early_minutes=SimpleNamespace(value=10))


@pytest.mark.parametrize(
    ("language", "opens", "closes"),
    [
        ("zh", "3月8日 周一 00:00 起可以开课", "20:40 起可以下课"),
        ("en", "Can be opened from Mon 8 Mar 00:00", "Can be closed from 20:40"),
    ],
)
def test_the_day_opens_it_and_ten_minutes_before_its_end_it_can_be_closed(language, opens, closes):
    text = Text(language, ZoneInfo("Asia/Shanghai"))
    slot = Slot(day=date(2027, 3, 8), band="eve", starts_at=ENDS - timedelta(hours=2), ends_at=ENDS)
    midnight = datetime(2027, 3, 7, 16, tzinfo=UTC)
    moments = [
        midnight - timedelta(seconds=1), midnight, ENDS - timedelta(minutes=11), ENDS - timedelta(minutes=10),
    ]  # fmt: skip
    told = [beforehand(slot, moment, LIMITS, text) for moment in moments]
    assert {(each.opens, each.closes) for each in told} == {(opens, closes)}
    assert [each.early for each in told] == [True, False, False, False]
    assert [each.not_over for each in told] == [True, True, True, False]
