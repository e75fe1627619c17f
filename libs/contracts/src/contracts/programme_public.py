"""What is open to everybody without a login (`public` in `rules/rules.yaml`)."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from contracts.programme_dated import begun, check_each_once
from contracts.programme_tables import Entry, Source, Words

Positive = Annotated[int, Field(ge=1)]


class AskingRules(Entry):
    """From a day on: how many pages one address may ask for in a minute."""

    since: date
    checks: Positive
    """Of certificates."""
    schedules: Positive
    source: Source
    note: Words | None = None


class PublicRules(Entry):
    """How often the public pages may be asked for, by dates."""

    asking: Annotated[tuple[AskingRules, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> "PublicRules":
        check_each_once(self.asking)
        return self

    def on(self, day: date) -> AskingRules:
        """The figures of this day; before any began those that were first."""
        return begun(self.asking, day) or min(self.asking, key=lambda each: each.since)
