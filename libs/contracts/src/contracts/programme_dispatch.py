"""Figures of dispatch that change with the years (`dispatch` in `rules/rules.yaml`): each begins on a day."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from contracts.programme_tables import Entry, Source, Whole, Words

Positive = Annotated[int, Field(ge=1)]


class Ratio(Entry):
    """From a day on, so many people to one; whoever leads is the first of them."""

    since: date
    value: Positive
    source: Source
    confidence: Words | None = None
    note: Words | None = None


class NearTheDate(Entry):
    """From a day on: who drives so long or longer is to be certain so many days before."""

    since: date
    drive_minutes: Whole
    days: Positive
    source: Source
    note: Words | None = None


class DispatchRules(Entry):
    """How many teach together, and how long before its day it is to be certain who comes. Each by dates."""

    people_per_instructor: tuple[Ratio, ...]
    unconfirmed: tuple[NearTheDate, ...]

    @model_validator(mode="after")
    def _each_once(self) -> "DispatchRules":
        ratios = [each.since for each in self.people_per_instructor]
        near = [(each.since, each.drive_minutes) for each in self.unconfirmed]
        if len(set(ratios)) < len(ratios) or len(set(near)) < len(near):
            raise ValueError("two figures begin on the same day")
        return self

    def instructors(self, people: int, day: date) -> int:
        """How many teach so many people together on this day; 1 before the first figure begins."""
        begun = [each for each in self.people_per_instructor if each.since <= day]
        if not begun:
            return 1
        return max(1, -(-people // max(begun, key=lambda each: each.since).value))

    def days_before(self, day: date, drive_minutes: int | None = None) -> int:
        """How many days before this one it is to be certain who comes, driving so long; none = the most of all.

        0 = nothing is asked for then.
        """
        begun = [each for each in self.unconfirmed if each.since <= day]
        newest = max((each.since for each in begun), default=None)
        return max(
            (
                each.days
                for each in begun
                if each.since == newest and (drive_minutes is None or each.drive_minutes <= drive_minutes)
            ),
            default=0,
        )
