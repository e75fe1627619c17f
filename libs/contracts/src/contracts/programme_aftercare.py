"""What a programme asks after a session (`satisfaction`), and months after an order's end (`followup`)."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from contracts.programme_tables import Entry, Source, Sourced, Wording, Words
from contracts.values import Code

Positive = Annotated[int, Field(ge=1)]
Month = Annotated[int, Field(ge=1, le=60)]


class SatisfactionRules(Entry):
    """Each question is answered from 1 to 5."""

    source: Source
    note: Words | None = None
    days: Sourced[Positive]
    """So many days after the session was closed an answer is taken."""
    least: Sourced[Positive]
    """Of fewer answers nothing is shown: it could be told whose they are."""
    questions: Annotated[Mapping[Code, Wording], Field(min_length=1)]


class Question(Wording):
    """With the answers to choose from."""

    answers: Annotated[Mapping[Code, Wording], Field(min_length=2)]


class FollowupRules(Entry):
    """Asked at each of these months after the order's end."""

    source: Source
    note: Words | None = None
    months: Sourced[tuple[Month, ...]]
    answer_days: Sourced[Positive]
    """So many days later an answer is overdue."""
    questions: Annotated[Mapping[Code, Question], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> "FollowupRules":
        if not self.months.value or list(self.months.value) != sorted(set(self.months.value)):
            raise ValueError("the months are not in order, or none")
        return self
