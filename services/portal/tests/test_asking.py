"""What a page says when a service refuses, or does not answer."""

from zoneinfo import ZoneInfo

import httpx
import pytest

from portal.desks.asking import told
from portal.web.text import Text

EN, ZH = (Text(language, ZoneInfo("Asia/Shanghai")) for language in ("en", "zh"))


@pytest.mark.rules
class TestTold:
    def test_a_rule_that_is_known_is_told_in_its_own_words(self):
        answer = httpx.Response(404, json={"code": "order.unknown", "parameters": {}})
        assert told(answer, EN) == "There is no such order"

    def test_a_rule_of_a_newer_service_is_a_refusal_with_its_code_and_no_failure(self):
        answer = httpx.Response(
            409, json={"code": "order.too_new", "sentences": {"en": "Too new.", "zh": "太新。"}}
        )
        assert told(answer, EN) == "The service refused it by its rule order.too_new. Too new."
        assert "order.too_new" in told(answer, ZH)
        assert "太新。" in told(answer, ZH)
        bare = httpx.Response(409, json={"code": "order.too_new"})
        assert "order.too_new" in told(bare, EN)

    @pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"detail": "no"}'])
    def test_what_is_no_refusal_is_told_as_no_answer(self, body):
        assert told(httpx.Response(502, content=body), EN) == EN("plan.missing_away")
