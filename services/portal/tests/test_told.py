"""A fact as a sentence of the story. Pure."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from story_of_an_order import AnOrder

from contracts.programme import load
from portal.boards.story import Told
from portal.desks.union.story import Context, sentence_of
from portal.web.names import Names
from portal.web.text import Text

pytestmark = pytest.mark.rules
PROGRAMMES = load(Path(__file__).parents[3] / "programmes")
ONE = AnOrder()


def said(fact, language="en"):
    names = Names(Text(language, ZoneInfo("Asia/Shanghai")), PROGRAMMES, {})
    data = fact.model_dump(mode="json")
    told = Told(1, UUID(int=1), fact.source, fact.subject, 1, fact.type, datetime.now(UTC), None, None, data)
    return sentence_of(told, Context(names, {}, {}, {}, {}, frozenset(), frozenset()))


def test_a_scheme_without_sessions_is_for_an_evaluation_alone():
    drafted = ONE.drafted(1, 0).model_copy(update={"class_hours": 0})
    assert said(drafted) == "Scheme v1 drafted: evaluation only, no sessions"
    assert said(drafted, "zh") == "起草方案 v1：只有评价，不上课"
    assert "evaluation only" in said(ONE.confirmed(1, sessions=0))


def test_a_scheme_for_a_competition_alone_is_not_told_as_an_evaluation():
    drafted = ONE.drafted(1, 0).model_copy(update={"stages": ()})
    assert "evaluation only" not in said(drafted)


def test_a_scheme_with_sessions_or_without_a_place_for_them_counts_them():
    assert "44 sessions" in said(ONE.drafted(3, 44))
    nothing_placed = ONE.drafted(1, 0).model_copy(update={"unplaced": 7})
    assert "7 without a place" in said(nothing_placed)
