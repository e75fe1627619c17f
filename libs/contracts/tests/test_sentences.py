"""What a refusal says to people: our codes as words, another rule as its sentence."""

import pytest

from contracts.sentences import LANGUAGES, all_words, sentences_of

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("code", "figures", "zh", "en"),
    [
        ("order.not_submitted", {"state": "accepted"}, "已接单", "accepted"),
        ("identity.role", {"needed": "union, college"}, "工会、院校", "union, college"),
        (
            "order.line_incomplete",
            {"line": 1, "missing": "level"},
            "第 1 行缺少 等级",
            "Line 1 lacks its level",
        ),
        ("order.not_submitted", {"state": "a new state"}, "a new state", "a new state"),
        (
            "person.cannot_come",
            {"rule": "load.day", "reasons": [{"code": "load.day", "figures": {"most": 2}}]},
            "当天已有 2 场",
            "Has 2 sessions that day",
        ),
        ("scheme.not_approved", {"state": "declined"}, "已退回", "given back"),
        ("offer.closed", {"state": "declined"}, "已婉拒", "declined"),
        ("others.barred", {"people": 3, "rule": "load.day"}, "load.day", "load.day"),
    ],
)
def test_a_figure_that_is_a_code_of_ours_is_told_in_words(code, figures, zh, en):
    said = sentences_of(code, figures)
    assert zh in said["zh"]
    assert en in said["en"]


def test_every_word_is_there_in_every_language_and_in_none_else():
    for figure, words in all_words().items():
        for code, said in words.items():
            assert set(said) == set(LANGUAGES), (figure, code)
            assert all(isinstance(word, str) for word in said.values()), (figure, code)
